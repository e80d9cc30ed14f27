"""Records: what an answer tells that isn't a subject of the store with fields of its own.

A record has parts by name: a plain value, subjects that it leads to, or further records. Fields of
its selection that are links lead from its own subject.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias, TypeVar, Union

from kizuna.dataset.releases import Made
from kizuna.graphql import bindings as b
from kizuna.graphql.plan import FieldPlan, ObjectPlan
from kizuna.model import Path
from kizuna.terms import Term

T = TypeVar("T")


@dataclass(frozen=True)
class Ends:
    """The subjects that a part leads to; of a single one at most one."""

    subjects: tuple[Term, ...]
    single: bool = False


@dataclass(frozen=True)
class Releases:
    """The releases that a part leads to; of a single one just one."""

    made: tuple[Made, ...]
    single: bool = False


Value: TypeAlias = Union[str, int, bool, Ends, Releases, "Record", "tuple[Record, ...]", None]
Listing: TypeAlias = "Callable[[Mapping[str, Any]], Record]"


def only(subject: Term) -> Ends:
    """The one subject that a part leads to."""
    return Ends((subject,), single=True)


@dataclass(frozen=True)
class Record:
    """One record; ``lists`` give the page of further ones that arguments ask for."""

    parts: Mapping[str, Value]
    subject: Term | None = None
    lists: Mapping[str, Listing] = field(default_factory=dict)


@dataclass(frozen=True)
class Window(Generic[T]):
    """Some of a list, from a place on."""

    items: Sequence[T]
    start: int
    total: int

    @property
    def has_next(self) -> bool:
        """Whether more follows."""
        return self.start + len(self.items) < self.total

    def connection(self, cursors: Sequence[str], records: tuple[Record, ...]) -> Record:
        """The page of a connection that it makes, with a cursor and a record for each item."""
        edges = [Record({"cursor": c, "node": r}) for c, r in zip(cursors, records, strict=True)]
        info: dict[str, Value] = {
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
            "hasNextPage": self.has_next,
            "hasPreviousPage": self.start > 0,
        }
        return Record(
            {
                "nodes": records,
                "edges": tuple(edges),
                "pageInfo": Record(info),
                "totalCount": self.total,
            }
        )


def reading(*paths: Path) -> ObjectPlan:
    """A selection that reads the paths and shows nothing."""
    links = (FieldPlan("", "", [], b.Link(p, single=False), False, {}, (), None) for p in paths)
    return ObjectPlan(typed=False, fields={"": tuple(links)})


def leading(
    selection: ObjectPlan, records: Iterable[Record]
) -> Iterator[tuple[ObjectPlan, list[Term]]]:
    """What is selected of the subjects that records lead to, with these subjects."""
    for record in records:
        if record.subject is not None:
            yield selection, [record.subject]
        for part in selection.only:
            if isinstance(part.binding, b.RecordPart) and part.selection:
                yield from _leading(part.selection, record.parts[part.binding.name])


def _leading(selection: ObjectPlan, value: Value) -> Iterator[tuple[ObjectPlan, list[Term]]]:
    if isinstance(value, Ends):
        yield selection, list(value.subjects)
    elif isinstance(value, tuple):
        yield from leading(selection, value)
