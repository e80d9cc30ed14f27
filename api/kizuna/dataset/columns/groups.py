"""Groups of subjects, counted and their values aggregated, from columns.

The answers are those of the SPARQL form (``kizuna.dataset.group_patterns``).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from itertools import pairwise

import numpy as np

from kizuna.dataset.columns.held import Unheld
from kizuna.dataset.columns.literals import DAYS, LEXICAL, MOMENTS, Kind, value_of
from kizuna.dataset.columns.orders import TextColumn
from kizuna.dataset.columns.predicates import Predicates
from kizuna.dataset.columns.relations import ABSENT, Ints, distinct_pairs, joined
from kizuna.dataset.columns.tables import Ranks, Table
from kizuna.dataset.grouping import (
    NO_VALUES,
    Aggregate,
    Group,
    GroupKey,
    Measure,
    PeriodKey,
    ShownKey,
    Unit,
    ValueKey,
)
from kizuna.dataset.selection import Key
from kizuna.model import Path
from kizuna.namespaces import XSD
from kizuna.terms import Literal, NamedNode, Term

DAY = re.compile(r"(-?[0-9]{1,18})-(0[1-9]|1[0-2])(?:[^0-9].*)?")
INTEGER, DECIMAL = NamedNode(XSD + "integer"), NamedNode(XSD + "decimal")
# Values of any of these are in one order that the engine has too.
ORDERED_TOGETHER: Sequence[frozenset[Kind]] = (
    frozenset({Kind.EXACT}),
    LEXICAL,
    *(frozenset({kind}) for kind in DAYS | MOMENTS),
)
LARGEST = 2**63
EXACT = Context(prec=60)


@dataclass(frozen=True)
class Coded:
    """Values as numbers: each, once, with the place of the subject it is from, and its term."""

    owners: Ints
    codes: Ints
    terms: Sequence[Term]


class Groups:
    """Puts subjects into groups."""

    def __init__(self, predicates: Predicates) -> None:
        self._predicates = predicates

    def read(self, keys: Sequence[GroupKey], measures: Sequence[Measure]) -> None:
        """Reads all that the keys and measures are about."""
        for key in keys:
            bounds = key.bounds if isinstance(key, PeriodKey) else None
            for path in (key.path, *(bounds or ())):
                self._predicates.read(path)
        for measure in measures:
            self._predicates.read(measure.path)

    def groups(
        self,
        parents: Sequence[Term | None],
        pairs: tuple[Ints, Ints],
        keys: Sequence[GroupKey],
        measures: Sequence[Measure],
        limit: int | None,
    ) -> list[Group]:
        """The groups of pairs of a parent, by its place among the parents, and a subject."""
        above, subjects = pairs
        coded = [self._coded(key, subjects) for key in keys]
        which: Ints = np.arange(len(subjects), dtype=np.int32)
        columns: list[Ints] = []
        for values in coded:
            own, spans = joined(values.owners, values.codes, len(subjects), which)
            which, columns = which[spans], [*(column[spans] for column in columns), own]
        columns = [above[which], *columns]
        numbers, firsts = _numbered(columns)
        firsts = firsts[:limit]
        counts = np.bincount(numbers, minlength=len(firsts)).tolist()
        measured = [self._measured(m, subjects, which, numbers) for m in measures]
        return [
            Group(
                parents[int(columns[0][row])],
                tuple(
                    None if column[row] == ABSENT else values.terms[int(column[row])]
                    for column, values in zip(columns[1:], coded, strict=True)
                ),
                counts[number],
                tuple(found.get(number, NO_VALUES) for found in measured),
            )
            for number, row in enumerate(firsts.tolist())
        ]

    # Keys

    def _coded(self, key: GroupKey, subjects: Ints) -> Coded:
        match key:
            case ValueKey(path, among):
                return self._values(path, among, subjects)
            case ShownKey(path, languages):
                return self._shown(Key(path, languages=languages), subjects)
            case PeriodKey(path, unit, bounds) if bounds is not None:
                return self._spans(path, unit, bounds, subjects)
            case PeriodKey(path, unit):
                return _coded_periods(*self._periods(path, unit, subjects))

    def _values(self, path: Path, among: Sequence[NamedNode], subjects: Ints) -> Coded:
        found = self._predicates.ends(path, subjects)
        owners, nodes = found.owners, found.nodes
        if among:
            chosen = np.isin(nodes, self._predicates.nodes.known(among))
            owners, nodes = owners[chosen], nodes[chosen]
        distinct, codes = np.unique(nodes, return_inverse=True)
        terms: list[Term] = [self._predicates.nodes.term(n) for n in distinct.tolist()]
        if among:
            return Coded(owners, codes, terms)
        literals, literal_codes = np.unique(found.literals, return_inverse=True)
        return Coded(
            np.concatenate([owners, found.literal_owners]),
            np.concatenate([codes, literal_codes + len(distinct)]),
            [*terms, *(found.table.literal(n) for n in literals.tolist())],
        )

    def _shown(self, key: Key, subjects: Ints) -> Coded:
        column = TextColumn(self._predicates, key)
        owners, values = column.pairs(subjects)
        _, firsts, codes = np.unique(column.places(values), return_index=True, return_inverse=True)
        return Coded(owners, codes, [column.term(n) for n in values[firsts].tolist()])

    def _periods(self, path: Path, unit: Unit, subjects: Ints) -> tuple[Ints, list[Literal]]:
        """The places of subjects, and for each a period into which a day of it falls."""
        found = self._predicates.ends(path, subjects)
        if len(found.nodes):
            raise Unheld
        days, places = np.unique(found.literals, return_inverse=True)
        periods = [_period(found.table.text(n), unit) for n in days.tolist()]
        return found.literal_owners, [periods[place] for place in places.tolist()]

    def _spans(self, path: Path, unit: Unit, bounds: tuple[Path, Path], subjects: Ints) -> Coded:
        found = self._predicates.ends(path, subjects)
        spans, places = np.unique(found.nodes, return_inverse=True)
        first, last = (
            set(zip(owners.tolist(), periods, strict=True))
            for owners, periods in (self._periods(bound, unit, spans) for bound in bounds)
        )
        within: dict[int, list[Literal]] = {}
        for span, period in first & last:
            within.setdefault(span, []).append(period)
        pairs = [
            (owner, period)
            for owner, place in zip(found.owners.tolist(), places.tolist(), strict=True)
            for period in within.get(place, ())
        ]
        owners = np.array([owner for owner, _ in pairs], dtype=np.int32)
        return _coded_periods(owners, [period for _, period in pairs])

    # Measures

    def _measured(
        self, measure: Measure, subjects: Ints, which: Ints, numbers: Ints
    ) -> dict[int, Aggregate]:
        """The measure in each group that it has values in: ``which`` is of the group's number."""
        found = self._predicates.ends(measure.path, subjects)
        if len(found.nodes):
            raise Unheld
        table, owners, values = found.table, found.literal_owners, found.literals
        ranks = table.text_ranks if measure.text else _ranked(table)
        if measure.text:
            values = ranks.order[np.searchsorted(ranks.places[ranks.order], ranks.places[values])]
            owners, values = distinct_pairs(owners, values)
        own, spans = joined(owners, values, len(subjects), which)
        there = own != ABSENT
        groups, own = numbers[spans][there], own[there]
        order = np.lexsort((ranks.places[own], groups))
        return _aggregates(groups[order], own[order], table, text=measure.text)


def _ranked(table: Table) -> Ranks:
    """The order of a table whose values all compare as the engine has it."""
    kinds = {segment.sort.kind for segment in table.segments}
    if not any(kinds <= together for together in ORDERED_TOGETHER):
        raise Unheld
    return table.ranks


def _aggregates(groups: Ints, values: Ints, table: Table, *, text: bool) -> dict[int, Aggregate]:
    """What comes of values in order within their groups."""

    def term(place: int) -> Literal:
        number = int(values[place])
        return Literal(table.text(number)) if text else table.literal(number)

    edges = [*np.flatnonzero(np.diff(groups, prepend=-1)).tolist(), len(groups)]
    return {
        int(groups[start]): Aggregate(
            stop - start,
            term(start),
            term(stop - 1),
            None if text else _total(table, values[start:stop]),
        )
        for start, stop in pairwise(edges)
    }


def _total(table: Table, values: Ints) -> Literal | None:
    """The sum of values; None where they are no numbers."""
    distinct, counts = np.unique(values, return_counts=True)
    found = [value_of(table.literal(number)) for number in distinct.tolist()]
    if any(value.kind is not Kind.EXACT for value in found):
        return None
    total = Decimal(0)
    for value, count in zip(found, counts.tolist(), strict=True):
        total = EXACT.fma(Decimal(value.key), count, total)
    if abs(total) >= LARGEST:
        raise Unheld  # how far the engine adds up
    exact = all(value.sort.datatype == XSD + "integer" for value in found)
    if exact:
        return Literal(str(int(total)), datatype=INTEGER)
    return Literal(format(total.normalize(EXACT), "f"), datatype=DECIMAL)


def _numbered(columns: Sequence[Ints]) -> tuple[Ints, Ints]:
    """For each row the number of its group, and a row of each group."""
    numbers: Ints = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        distinct, codes = np.unique(column, return_inverse=True)
        _, numbers = np.unique(numbers * len(distinct) + codes, return_inverse=True)
    _, firsts = np.unique(numbers, return_index=True)
    return numbers, firsts


def _coded_periods(owners: Ints, periods: Sequence[Literal]) -> Coded:
    terms = {period: number for number, period in enumerate(dict.fromkeys(periods))}
    codes = np.array([terms[period] for period in periods], dtype=np.int32)
    return Coded(*distinct_pairs(owners, codes), list(terms))


def _period(day: str, unit: Unit) -> Literal:
    """A day cut down."""
    found = DAY.fullmatch(day)
    if not found:
        raise Unheld
    year, month = found.groups()
    match unit:
        case Unit.YEAR:
            return Literal(str(int(year)), datatype=INTEGER)
        case Unit.QUARTER:
            return Literal(f"{year}-Q{(int(month) + 2) // 3}")
        case Unit.MONTH:
            return Literal(f"{year}-{month}")
