"""Operations compiled to what depends on the document alone, and kept for when they come again.

Fields are collected as the specification says (https://spec.graphql.org/draft/#CollectFields);
selections on an abstract type are compiled once for all the types that share them. What an
operation selects depends on the variables in ``@skip`` and ``@include``: it is compiled once for
each of their values. Other variables, and the languages, are bound for each request (``binding``).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, TypeAlias

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    Node,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    get_named_type,
    is_abstract_type,
    is_non_null_type,
    is_object_type,
    visit,
)
from graphql.execution.collect_fields import (
    FieldDetails,
    FragmentDetails,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues, get_argument_values

from kizuna.errors import LimitExceeded
from kizuna.graphql.bindings import Binding, Bindings
from kizuna.graphql.checking import KEPT_CHARACTERS
from kizuna.graphql.limits import MOST_LANGUAGES
from kizuna.graphql.plan import FieldPlan, ObjectPlan, Refused
from kizuna.recent import Recent

MOST_FIELDS = 10_000  # of all types that fields are selected of; a few microseconds each
LONGEST_LANGUAGE = 100  # characters; https://www.rfc-editor.org/rfc/rfc5646#section-4.4.1
TOO_MANY_LANGUAGES = (
    f"lang takes at most {MOST_LANGUAGES} languages, of {LONGEST_LANGUAGE} characters at most; "
    "give those alone that are read"
)
KEPT_VARIANTS = 8
KEPT_PLANS = 32


@dataclass(eq=False, frozen=True)
class Field:
    """A field as its document has it; ``definition`` is None for ``__typename`` and its like."""

    key: str
    nodes: list[FieldNode]
    definition: GraphQLField | None
    binding: Binding | None
    selection: "Selected | None"

    @property
    def name(self) -> str:
        """The field's name in the schema."""
        return self.nodes[0].name.value

    @cached_property
    def varies(self) -> bool:
        """Whether it, or anything below it, takes its arguments from variables."""
        own = any(_variables(argument) for argument in self.nodes[0].arguments or ())
        return own or (self.selection is not None and self.selection.varies)


@dataclass(eq=False, frozen=True)
class Selected:
    """A selection as its document has it: the fields by the name of the type."""

    typed: bool
    fields: dict[str, tuple[Field, ...]] = field(default_factory=dict)

    @cached_property
    def varies(self) -> bool:
        """Whether anything in it takes arguments from variables."""
        return any(found.varies for fields in self.fields.values() for found in fields)


_Constant: TypeAlias = Callable[[Selected, tuple[str, ...]], ObjectPlan]


class Plans:
    """Plans of a schema's operations, to be used by any thread."""

    def __init__(self, schema: GraphQLSchema, bindings: Bindings) -> None:
        self._schema = schema
        self._bindings = bindings
        self._known: Recent[tuple[str, str | None], Compiled] = Recent(KEPT_CHARACTERS)

    def plan(
        self,
        text: str,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: VariableValues,
        languages: tuple[str, ...],
    ) -> ObjectPlan:
        """The plan of an operation of the document, which is what the text says."""
        name = operation.name.value if operation.name else None
        compiled = self._known.get(
            (text, name),
            lambda: Compiled(self._schema, self._bindings, document, operation),
            len(text),
        )
        return compiled.plan(variables, languages)


class Compiled:
    """One operation: what it selects, and its plans where no variable has a part in them."""

    def __init__(
        self,
        schema: GraphQLSchema,
        bindings: Bindings,
        document: DocumentNode,
        operation: OperationDefinitionNode,
    ) -> None:
        self._schema = schema
        self._bindings = bindings
        self._operation = operation
        self._fragments = {
            found.name.value: FragmentDetails(found)
            for found in document.definitions
            if isinstance(found, FragmentDefinitionNode)
        }
        self._switches = _switches(document)
        self._variant = lru_cache(KEPT_VARIANTS)(self._compile)
        self._constant = lru_cache(KEPT_PLANS)(self._bound)

    def plan(self, variables: VariableValues, languages: tuple[str, ...]) -> ObjectPlan:
        """The operation's plan, with its variables, for readers of the languages."""
        given = variables.coerced
        values = tuple((name, given[name]) for name in self._switches if name in given)
        return _Binding(variables, self._constant).of(self._variant(values), languages)

    def _compile(self, switches: tuple[tuple[str, bool], ...]) -> Selected:
        variables = VariableValues(sources={}, coerced=dict(switches))
        compiler = _Compiler(
            self._schema, self._bindings, self._fragments, self._operation, variables
        )
        return compiler.compile()

    def _bound(self, selected: Selected, languages: tuple[str, ...]) -> ObjectPlan:
        nothing = VariableValues(sources={}, coerced={})
        return _Binding(nothing, self._constant).made(selected, languages)


class _Binding:
    """Makes plans of what was compiled, with the values of variables."""

    def __init__(self, variables: VariableValues, constant: _Constant) -> None:
        self._variables = variables
        self._constant = constant
        self._known: dict[tuple[Selected, tuple[str, ...]], ObjectPlan] = {}

    def of(self, selected: Selected, languages: tuple[str, ...]) -> ObjectPlan:
        """The selection's plan; the same one wherever the same is selected."""
        if not selected.varies:
            return self._constant(selected, languages)
        key = (selected, languages)
        if key not in self._known:
            self._known[key] = self.made(selected, languages)
        return self._known[key]

    def made(self, selected: Selected, languages: tuple[str, ...]) -> ObjectPlan:
        """The selection's plan, made anew."""
        fields = {
            name: tuple(self._field(found, languages) for found in fields)
            for name, fields in selected.fields.items()
        }
        return ObjectPlan(selected.typed, fields, constant=not selected.varies)

    def _field(self, found: Field, languages: tuple[str, ...]) -> FieldPlan:
        binding, arguments = self._asked(found)
        wanted = tuple(dict.fromkeys((*(arguments.get("lang") or ()), *languages)))
        return FieldPlan(
            key=found.key,
            name=found.name,
            nodes=found.nodes,
            binding=binding,
            required=found.definition is not None and is_non_null_type(found.definition.type),
            arguments=arguments,
            languages=wanted,
            selection=self.of(found.selection, wanted) if found.selection else None,
        )

    def _asked(self, found: Field) -> tuple[Binding | Refused | None, Mapping[str, Any]]:
        if found.definition is None:
            return None, {}
        try:
            given = get_argument_values(found.definition, found.nodes[0], self._variables)
            _check(given.get("lang") or ())
        except GraphQLError as error:
            return Refused(error), {}
        return found.binding, given


def _check(languages: Sequence[str]) -> None:
    """Raises GraphQLError for more languages than anybody reads: much is kept for each order."""
    if len(languages) > MOST_LANGUAGES or any(len(tag) > LONGEST_LANGUAGE for tag in languages):
        raise GraphQLError(TOO_MANY_LANGUAGES, extensions={"code": "LIMIT_EXCEEDED"})


class _Compiler:
    """Compiles one operation with the values of the variables that decide what it selects."""

    def __init__(
        self,
        schema: GraphQLSchema,
        bindings: Bindings,
        fragments: dict[str, FragmentDetails],
        operation: OperationDefinitionNode,
        variables: VariableValues,
    ) -> None:
        self._schema = schema
        self._bindings = bindings
        self._fragments = fragments
        self._operation = operation
        self._variables = variables
        self._known: dict[tuple[object, ...], Selected] = {}
        self._fields_made = 0

    def compile(self) -> Selected:
        """What the operation selects; raises LimitExceeded where that is too much to plan."""
        root = self._schema.get_root_type(self._operation.operation)
        if root is None:
            raise TypeError(f"the schema has no {self._operation.operation.value} type")
        collected = collect_fields(
            self._schema, self._fragments, self._variables, root, self._operation
        )
        return Selected(False, {root.name: self._fields(root, collected.grouped_field_set)})

    def _fields(
        self, parent: GraphQLObjectType, grouped: Mapping[str, Sequence[FieldDetails]]
    ) -> tuple[Field, ...]:
        return tuple(self._field(parent, key, list(found)) for key, found in grouped.items())

    def _field(self, parent: GraphQLObjectType, key: str, details: list[FieldDetails]) -> Field:
        self._fields_made += 1
        if self._fields_made > MOST_FIELDS:
            raise LimitExceeded(
                f"the operation selects more than {MOST_FIELDS} fields, each counted for every "
                "type that it is selected of; ask for less at a time, or of fewer types"
            )
        nodes = [detail.node for detail in details]
        name = nodes[0].name.value
        if name.startswith("__"):
            return Field(key, nodes, None, None, None)
        definition = parent.fields[name]
        selection = self._selection(definition.type, details)
        return Field(key, nodes, definition, self._bindings[parent.name, name], selection)

    def _selection(self, type_: GraphQLOutputType, details: list[FieldDetails]) -> Selected | None:
        named = get_named_type(type_)
        if is_object_type(named):
            possible = [named]
        elif is_abstract_type(named):
            possible = list(self._schema.get_possible_types(named))
        else:
            return None
        known = (named.name, *(id(detail.node) for detail in details))
        selected = self._known.get(known)
        if selected is None:
            typed = all((found.name, "id") in self._bindings for found in possible)
            selected = self._known[known] = Selected(typed)
            for found in possible:
                collected = collect_subfields(
                    self._schema, self._fragments, self._variables, self._operation, found, details
                )
                selected.fields[found.name] = self._fields(found, collected.grouped_field_set)
        return selected


class _Switches(Visitor):
    """Finds the variables in the directives that decide what is selected."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        if node.name.value in ("skip", "include"):
            self.names |= _variables(node)


class _Variables(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_variable(self, node: VariableNode, *_: object) -> None:
        self.names.add(node.name.value)


def _switches(document: DocumentNode) -> tuple[str, ...]:
    visitor = _Switches()
    visit(document, visitor)
    return tuple(sorted(visitor.names))


def _variables(node: Node) -> set[str]:
    """The names of the variables that stand in a part of a document."""
    visitor = _Variables()
    visit(node, visitor)
    return visitor.names
