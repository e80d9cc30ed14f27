"""Subjects in order: their keys' values, and the rows that those make.

The order is that of the SPARQL form (``kizuna.dataset.patterns``): each key's value, what has none
placed as the key says, then the IRI. A subject has a row for each combination of its keys' values.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from kizuna import namespaces as ns
from kizuna.dataset.columns.held import Unheld
from kizuna.dataset.columns.nodes import Nodes, Ranking
from kizuna.dataset.columns.predicates import Ends, Predicates
from kizuna.dataset.columns.relations import ABSENT, Ints, Mask, joined
from kizuna.dataset.columns.tables import Ranks, Table
from kizuna.dataset.seeking import preference
from kizuna.dataset.selection import After, Key
from kizuna.terms import Literal, NamedNode, Term

FIRST, LAST = -(2**40), 2**40
_TRUE, _FALSE = (
    Literal(text, datatype=NamedNode(ns.XSD + "boolean")) for text in ("true", "false")
)


class Column(Protocol):
    """The values of an order key, as numbers."""

    def pairs(self, ids: Ints) -> tuple[Ints, Ints]:
        """Each value of the ids, once, and before it the place among them that it is from."""

    def places(self, values: Ints) -> Ints:
        """Where values stand among all; equals stand in one place."""

    def place(self, literal: Literal) -> int:
        """Where a literal stands, among all values or between."""

    def term(self, value: int) -> Term:
        """The term that a value stands for."""


@dataclass(frozen=True)
class OwnColumn:
    """The subject's own IRI."""

    nodes: Nodes
    ranking: Ranking

    def pairs(self, ids: Ints) -> tuple[Ints, Ints]:
        return np.arange(len(ids), dtype=np.int32), ids

    def places(self, values: Ints) -> Ints:
        return self.ranking.places(values)

    def place(self, literal: Literal) -> int:
        return self.ranking.place(literal.value)

    def term(self, value: int) -> Term:
        return Literal(self.nodes.texts[value])


class _LiteralColumn:
    """What columns along a path have in common."""

    def __init__(self, predicates: Predicates, key: Key) -> None:
        self._predicates = predicates
        self._path = key.path
        self._table: Table = predicates[key.path[-1].predicate].table

    def _ends(self, ids: Ints) -> Ends:
        found = self._predicates.ends(self._path, ids)
        if len(found.nodes):
            raise Unheld  # nodes stand in no order among literals
        return found


class ValueColumn(_LiteralColumn):
    """The literals along a path, in the order of their values."""

    @property
    def in_order(self) -> bool:
        """Whether the literals' numbers are in the order of their values."""
        return len(self._table.segments) == 1

    def pairs(self, ids: Ints) -> tuple[Ints, Ints]:
        found = self._ends(ids)
        return found.literal_owners, found.literals

    def places(self, values: Ints) -> Ints:
        return self._table.ranks.places[values]

    def place(self, literal: Literal) -> int:
        return self._table.ranks.place(literal)

    def term(self, value: int) -> Term:
        return self._table.literal(value)


class TextColumn(_LiteralColumn):
    """The text along a path that is shown to readers of some languages, in code point order."""

    def __init__(self, predicates: Predicates, key: Key) -> None:
        super().__init__(predicates, key)
        self._preferences = preferences(self._table, key.languages or ())

    def pairs(self, ids: Ints) -> tuple[Ints, Ints]:
        found = self._ends(ids)
        owners, values = found.literal_owners, found.literals
        if len(self._table.segments) == 1:
            return owners, values
        mask = shown(self._table, self._preferences, found, len(ids))
        return self._distinct(owners[mask], values[mask])

    def places(self, values: Ints) -> Ints:
        return self._ranks.places[values]

    def place(self, literal: Literal) -> int:
        return self._ranks.place(literal)

    def term(self, value: int) -> Term:
        return Literal(self._table.text(value))

    @property
    def _ranks(self) -> Ranks:
        return self._table.text_ranks

    def _distinct(self, owners: Ints, values: Ints) -> tuple[Ints, Ints]:
        """The pairs, the same text of an owner once."""
        if not len(owners):
            return owners, values
        order = np.lexsort((self.places(values), owners))
        owners, values = owners[order], values[order]
        same = (np.diff(owners) == 0) & (np.diff(self.places(values)) == 0)
        fresh = np.append(True, ~same)
        return owners[fresh], values[fresh]


def preferences(table: Table, languages: Sequence[str]) -> Ints:
    """For each segment how much its language is wanted, the least number the most."""
    ranks = [preference(segment.sort.language, languages) for segment in table.segments]
    order = {found: place for place, found in enumerate(sorted(set(ranks)))}
    return np.array([order[found] for found in ranks], dtype=np.int32)


def shown(table: Table, preferences: Ints, ends: Ends, owners: int) -> Mask:
    """Which of the literals are in the language that is wanted most of those their owner has."""
    found = preferences[table.segment_numbers(ends.literals)]
    best = np.full(owners, len(preferences), dtype=np.int32)
    np.minimum.at(best, ends.literal_owners, found)
    return np.equal(found, best[ends.literal_owners])


def column(predicates: Predicates, key: Key, ranking: Ranking) -> Column:
    """The column of an order key."""
    if not key.path:
        return OwnColumn(predicates.nodes, ranking)
    return (ValueColumn if key.languages is None else TextColumn)(predicates, key)


@dataclass(frozen=True)
class Rows:
    """Rows in order: the number of what each is from, the subject, and a value for each key."""

    parents: Ints
    subjects: Ints
    values: tuple[Ints, ...]

    def __len__(self) -> int:
        return len(self.subjects)

    def chosen(self, which: Ints | Mask) -> "Rows":
        """Those rows, in the order given."""
        values = tuple(column[which] for column in self.values)
        return Rows(self.parents[which], self.subjects[which], values)


class Order:
    """An order by keys, of nodes that have their numbers when it is made."""

    def __init__(self, predicates: Predicates, keys: Sequence[Key]) -> None:
        self._predicates = predicates
        self._keys = keys
        self._ranking = predicates.ranking()
        self._columns = [column(predicates, key, self._ranking) for key in keys]

    def rows(self, parents: Ints, subjects: Ints) -> Rows:
        """The rows of subjects, in order by parent."""
        which: Ints = np.arange(len(subjects), dtype=np.int32)
        values: list[Ints] = []
        for found in self._columns:
            own, spans = joined(*found.pairs(subjects), len(subjects), which)
            which = which[spans]
            values = [*(column[spans] for column in values), own]
        made = Rows(parents[which], subjects[which], tuple(values))
        places = [self._places(n, column) for n, column in enumerate(made.values)]
        iris = self._ranking.places(made.subjects)
        return made.chosen(np.lexsort((iris, *reversed(places), made.parents)))

    def backward(self, rows: Rows) -> Rows:
        """The rows the other way round within each parent."""
        return rows.chosen(np.lexsort((-np.arange(len(rows)), rows.parents)))

    def past(self, rows: Rows, after: After, *, backward: bool) -> Mask:
        """Which rows are beyond the place, in that direction."""
        places = self._ranking.places(rows.subjects)
        beyond = _beyond(places, self._ranking.place(after.subject), backward)
        for number in reversed(range(len(self._keys))):
            places = self._places(number, rows.values[number])
            place = self._place(number, after)
            beyond = _beyond(places, place, backward) | ((places == place) & beyond)
        return beyond

    def begin(self, rows: Rows, after: After, among: range) -> tuple[int, int]:
        """Where among rows of one parent a place is: where what comes before it ends, and it."""
        nodes = self._predicates.nodes
        columns = range(len(self._keys))
        wanted = (*(self._place(n, after) for n in columns), after.subject)

        def key(row: int) -> tuple[int | str, ...]:
            one = np.array([row])
            places = (int(self._places(n, rows.values[n][one])[0]) for n in columns)
            return (*places, nodes.texts[int(rows.subjects[row])])

        low = bisect_left(range(among.stop), wanted, lo=among.start, key=key)
        high = low
        while high < among.stop and key(high) == wanted:
            high += 1
        return low, high

    def span(self, rows: Rows, literals: Ints) -> tuple[int, int]:
        """The part of the rows of one parent in which the first key's value is of the literals.

        They are given as edges of ranges of their numbers.
        """
        found = self._columns[0]
        if not len(literals):
            return 0, 0
        if not isinstance(found, ValueColumn) or not found.in_order:
            return 0, len(rows)
        ends = sorted(self._places(0, literals[[0, -1]] - np.array([0, 1])).tolist())

        def key(row: int) -> int:
            return int(self._places(0, rows.values[0][[row]])[0])

        low = bisect_left(range(len(rows)), ends[0], key=key)
        return low, bisect_right(range(len(rows)), ends[1], lo=low, key=key)

    def told(
        self, rows: Rows, parents: Iterable[Term | None], past: Iterable[bool], *, keyed: bool
    ) -> list[tuple[Term | None, ...]]:
        """The rows as terms: parent, subject, the keys' values if ``keyed``, whether past.

        Raises Unheld for blank nodes, which have no IRI to be ordered by.
        """
        nodes = self._predicates.nodes
        if nodes.is_blank(rows.subjects):
            raise Unheld
        keys = map(_terms, self._columns, rows.values) if keyed else ()
        beyond = (_TRUE if one else _FALSE for one in past)
        return list(zip(parents, nodes.terms(rows.subjects), *keys, beyond, strict=True))

    def _places(self, number: int, values: Ints) -> Ints:
        """By what values of a key are sorted."""
        key = self._keys[number]
        there = values != ABSENT
        places = np.full(len(values), FIRST if key.nulls_first else LAST, dtype=np.int64)
        found = self._columns[number].places(values[there]).astype(np.int64)
        places[there] = -found if key.descending else found
        return places

    def _place(self, number: int, after: After) -> int:
        key, value = self._keys[number], after.values[number]
        if value is None:
            return FIRST if key.nulls_first else LAST
        place = self._columns[number].place(value)
        return -place if key.descending else place


def _terms(column: Column, values: Ints) -> list[Term | None]:
    return [None if value == ABSENT else column.term(value) for value in values.tolist()]


def _beyond(places: Ints, place: int, backward: bool) -> Mask:
    return places < place if backward else places > place
