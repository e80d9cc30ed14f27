"""The plan of a GraphQL operation: for each selection the fields to fill, by type."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from graphql import FieldNode, GraphQLError

from kizuna.graphql.bindings import Binding

Asked: TypeAlias = tuple[tuple[int, ...], tuple[str, ...]]


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

    @cached_property
    def asked(self) -> "Asked":
        """What is the same where a field, selected of several types, asks the same of each.

        A fragment may be alone in one place, and have more beside it in another.
        """
        return tuple(map(id, self.nodes)), self.languages


@dataclass(eq=False)
class ObjectPlan:
    """What is selected of an object: the fields by the name of the type it turns out to be.

    ``typed`` says that its type is that of a subject in the store, ``constant`` that this very plan
    comes again with the operation, whatever its variables.
    """

    typed: bool
    fields: dict[str, tuple[FieldPlan, ...]] = field(default_factory=dict)
    constant: bool = False

    @property
    def only(self) -> tuple[FieldPlan, ...]:
        """The fields of a selection on an object type."""
        (fields,) = self.fields.values()
        return fields
