"""A reader that tells what it read: each step as SPARQL that can be run as it stands."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import TypeVar

from kizuna.dataset.budget import Budget
from kizuna.dataset.group_patterns import groups_query
from kizuna.dataset.grouping import NO_VALUES, Group, Grouping
from kizuna.dataset.patterns import count_query, rows_query, values_query
from kizuna.dataset.seeking import Along, S, Sought
from kizuna.dataset.selection import Selection
from kizuna.dataset.store import Reader, Row, Solutions
from kizuna.terms import NamedNode, Term

T = TypeVar("T")


@dataclass(frozen=True)
class Step:
    """One read: of what, the SPARQL that asks the same, the rows that came, how long it took.

    The store may have answered from what it keeps at hand; the SPARQL finds as many rows.
    """

    what: str
    sparql: str
    rows: int
    milliseconds: float


class ExplainingReader:
    """Reads by another reader, whose counts and budget it takes over, and keeps the steps."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.steps: list[Step] = []
        self.queries = reader.queries
        self.rows = reader.rows
        self.budget: Budget = reader.budget

    def select(self, query: str) -> Solutions:
        """The solutions of a SPARQL SELECT query."""
        return self._told(
            "solutions",
            lambda: self._reader.select(query),
            lambda: query,
            lambda found: len(found.rows),
        )

    def subjects(self, selection: Selection) -> list[Row]:
        """The selection's rows, in order."""
        return self._told(
            "subjects",
            lambda: self._reader.subjects(selection),
            lambda: rows_query(selection),
            len,
        )

    def count(self, selection: Selection) -> int:
        """How many subjects the selection has."""
        return self._told(
            "count",
            lambda: self._reader.count(selection),
            lambda: count_query(selection),
            lambda _: 1,
        )

    def groups(self, grouping: Grouping) -> list[Group]:
        """The grouping's groups, in no order."""
        return self._told(
            "groups",
            lambda: self._reader.groups(grouping),
            lambda: groups_query(grouping),
            lambda found: sum(map(_group_rows, found)),
        )

    def values(self, requests: Mapping[S, Iterable[Term]]) -> dict[S, Along]:
        """What is sought of each subject of which there is any, sorted."""
        asked = {sought: list(subjects) for sought, subjects in requests.items()}
        return self._told(
            "values",
            lambda: self._reader.values(asked),
            lambda: values_query(_named(asked)),
            lambda found: sum(len(ends) for along in found.values() for ends in along.values()),
        )

    def _told(
        self,
        what: str,
        read: Callable[[], T],
        sparql: Callable[[], str],
        rows: Callable[[T], int],
    ) -> T:
        self._reader.budget = self.budget
        since = perf_counter()
        try:
            found = read()
        finally:
            milliseconds = (perf_counter() - since) * 1000
            self.queries, self.rows = self._reader.queries, self._reader.rows
        self.steps.append(Step(what, sparql(), rows(found), round(milliseconds, 3)))
        return found


def _group_rows(group: Group) -> int:
    """How many solutions tell of the group: one of its subjects, one of each measure's values."""
    return 1 + sum(measure != NO_VALUES for measure in group.measures)


def _named(
    requests: Mapping[S, Iterable[Term]],
) -> Iterator[tuple[Sought, list[NamedNode]]]:
    """The subjects that SPARQL can name."""
    for sought, subjects in requests.items():
        yield sought, [subject for subject in subjects if isinstance(subject, NamedNode)]
