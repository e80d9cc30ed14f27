"""What all that puts answers together has in common."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from kizuna.graphql import bindings as b
from kizuna.graphql.plan import FieldPlan, ObjectPlan
from kizuna.terms import Literal, Term

Answer: TypeAlias = dict[str, Any]
# Where in the answer a value stands: its key, or its number in a list, below another place.
Place: TypeAlias = "tuple[Place, str | int] | None"


@dataclass(frozen=True)
class Filling:
    """How an assembly fills fields.

    ``guarded`` gives a value, or null where it fails and may be null; ``subject`` what is selected
    of a subject, ``link`` of what a link leads to, one or many; ``failed`` the error to raise where
    the data are at fault, ``located`` that for another error; ``spend`` takes note of so many
    values told.
    """

    guarded: Callable[[FieldPlan, Place, Callable[[], object]], object]
    subject: Callable[[FieldPlan, Term, Place], object]
    link: Callable[[FieldPlan, Sequence[Term], bool, Place], object]
    failed: Callable[[str, FieldPlan, Place], Exception]
    located: Callable[[Exception, FieldPlan, Place], Exception]
    spend: Callable[[int], None]


def selection_of(plan: FieldPlan) -> ObjectPlan:
    """What is selected of a field's value."""
    if plan.selection is None:
        raise TypeError(f"{plan.name} needs a selection")
    return plan.selection


def only(plan: FieldPlan) -> tuple[str, tuple[FieldPlan, ...]]:
    """The type and the fields of a selection on an object type."""
    ((name, fields),) = selection_of(plan).fields.items()
    return name, fields


def paging(part: FieldPlan, ends: Sequence[str], has_next: bool, has_previous: bool) -> Answer:
    """Where a page stands, of whose items the first and the last have these cursors."""
    values = {
        "startCursor": ends[0] if ends else None,
        "endCursor": ends[-1] if ends else None,
        "hasNextPage": has_next,
        "hasPreviousPage": has_previous,
    }
    name, fields = only(part)
    return {
        f.key: values[f.binding.name] if isinstance(f.binding, b.PageInfoPart) else name
        for f in fields
    }


def text_answer(selection: ObjectPlan, text: Literal) -> Answer:
    """What is selected of a text."""
    values = {"value": text.value, "language": text.language or ""}
    return {
        found.key: values[found.binding.name] if isinstance(found.binding, b.TextPart) else "Text"
        for found in next(iter(selection.fields.values()))
    }


def path_of(place: Place) -> list[str | int]:
    """The place as an error tells it."""
    path: list[str | int] = []
    while place is not None:
        place, key = place
        path.append(key)
    return path[::-1]
