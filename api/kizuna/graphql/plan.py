"""A GraphQL operation compiled to a plan: for each selection the fields to fill, by type.

Fields are collected as the specification says (https://spec.graphql.org/draft/#CollectFields);
selections on an abstract type are compiled once for all the types that share them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
    is_abstract_type,
    is_non_null_type,
    is_object_type,
)
from graphql.execution.collect_fields import (
    FieldDetails,
    FragmentDetails,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues, get_argument_values

from kizuna.graphql.bindings import Binding, Bindings

Asked: TypeAlias = tuple[int, tuple[str, ...]]


@dataclass(frozen=True)
class Refused:
    """A field whose arguments can't be coerced: it is not read, and answered with the error."""

    error: GraphQLError


@dataclass(eq=False)
class FieldPlan:
    """A field to fill: under which key, from what, with which arguments and selection.

    ``binding`` is None for ``__typename``, and for introspection at the root.
    """

    key: str
    name: str
    nodes: list[FieldNode]
    binding: Binding | Refused | None
    required: bool
    arguments: Mapping[str, Any]
    languages: tuple[str, ...]
    selection: "ObjectPlan | None"

    @property
    def asked(self) -> "Asked":
        """What is the same where a field, selected of several types, asks the same of each."""
        return id(self.nodes[0]), self.languages


@dataclass(eq=False)
class ObjectPlan:
    """What is selected of an object: the fields by the name of the type it turns out to be.

    ``typed`` says that its type is that of a subject in the store.
    """

    typed: bool
    fields: dict[str, tuple[FieldPlan, ...]] = field(default_factory=dict)

    @property
    def only(self) -> tuple[FieldPlan, ...]:
        """The fields of a selection on an object type."""
        (fields,) = self.fields.values()
        return fields


class Compiler:
    """Compiles one operation with its variables."""

    def __init__(
        self,
        schema: GraphQLSchema,
        bindings: Bindings,
        fragments: Iterable[FragmentDefinitionNode],
        operation: OperationDefinitionNode,
        variables: VariableValues,
    ) -> None:
        self._schema = schema
        self._bindings = bindings
        self._fragments = {f.name.value: FragmentDetails(f) for f in fragments}
        self._operation = operation
        self._variables = variables
        self._compiled: dict[tuple[object, ...], ObjectPlan] = {}

    def compile(self, languages: tuple[str, ...]) -> ObjectPlan:
        """The operation's plan for readers of the languages."""
        root = self._schema.query_type
        if root is None:
            raise TypeError("the schema has no query type")
        collected = collect_fields(
            self._schema, self._fragments, self._variables, root, self._operation
        )
        fields = self._fields(root, collected.grouped_field_set, languages)
        return ObjectPlan(typed=False, fields={root.name: fields})

    def _fields(
        self,
        parent: GraphQLObjectType,
        grouped: Mapping[str, Sequence[FieldDetails]],
        languages: tuple[str, ...],
    ) -> tuple[FieldPlan, ...]:
        return tuple(
            self._field(parent, key, list(details), languages) for key, details in grouped.items()
        )

    def _field(
        self,
        parent: GraphQLObjectType,
        key: str,
        details: list[FieldDetails],
        languages: tuple[str, ...],
    ) -> FieldPlan:
        nodes = [detail.node for detail in details]
        name = nodes[0].name.value
        if name.startswith("__"):
            return FieldPlan(key, name, nodes, None, False, {}, languages, None)
        definition = parent.fields[name]
        binding: Binding | Refused = self._bindings[parent.name, name]
        try:
            arguments = get_argument_values(definition, nodes[0], self._variables)
        except GraphQLError as error:
            binding, arguments = Refused(error), {}
        languages = tuple(arguments.get("lang") or ()) + languages
        return FieldPlan(
            key=key,
            name=name,
            nodes=nodes,
            binding=binding,
            required=is_non_null_type(definition.type),
            arguments=arguments,
            languages=tuple(dict.fromkeys(languages)),
            selection=self._selection(definition.type, details, languages),
        )

    def _selection(
        self, type_: GraphQLOutputType, details: list[FieldDetails], languages: tuple[str, ...]
    ) -> ObjectPlan | None:
        named = get_named_type(type_)
        if is_object_type(named):
            possible = [named]
        elif is_abstract_type(named):
            possible = list(self._schema.get_possible_types(named))
        else:
            return None
        known = (named.name, languages, *(id(detail.node) for detail in details))
        plan = self._compiled.get(known)
        if plan is None:
            typed = all((found.name, "id") in self._bindings for found in possible)
            plan = self._compiled[known] = ObjectPlan(typed)
            for found in possible:
                collected = collect_subfields(
                    self._schema, self._fragments, self._variables, self._operation, found, details
                )
                plan.fields[found.name] = self._fields(
                    found, collected.grouped_field_set, languages
                )
        return plan
