"""Selections answered from columns."""

from dataclasses import replace
from itertools import repeat
from typing import TypeAlias

import numpy as np

from kizuna import namespaces as ns
from kizuna.dataset.columns.conditions import Conditions
from kizuna.dataset.columns.groups import Groups
from kizuna.dataset.columns.held import Unheld
from kizuna.dataset.columns.links import TYPE, Links
from kizuna.dataset.columns.looking import FIRST_LOOK, MORE, Look
from kizuna.dataset.columns.orders import Order, Rows
from kizuna.dataset.columns.predicates import Predicates, Source
from kizuna.dataset.columns.relations import Ints
from kizuna.dataset.columns.values import ColumnValues
from kizuna.dataset.grouping import Group, Grouping
from kizuna.dataset.selection import AllOf, Among, Condition, Key, Linked, Selection, weight
from kizuna.recent import Recent
from kizuna.terms import NamedNode, Term

KEPT_ORDERS = 32
KEPT_COUNTS = 1024
KEPT_PLACES = 500_000  # found by looking through rows, and as many for each look
WEIGHT_OF_LOOK = 500
# With which look it is worth while to ask how many subjects fit at all.
LOOKING_UP = FIRST_LOOK * MORE**3
# The part of a class that is looked up sooner than looked through.
FEW = 8

# The class, in what order, the condition, and the places looked at.
_Looking: TypeAlias = tuple[str, tuple[Key, ...], Condition, range]


class Columns:
    """The columns of a store that doesn't change, made as they are asked for.

    May be asked by several threads. Raises Unheld for what only the engine can answer.
    """

    def __init__(self, source: Source) -> None:
        self._predicates = Predicates(source)
        self._conditions = Conditions(self._predicates)
        self._links = Links(self._predicates, self._conditions)
        self._groups = Groups(self._predicates)
        self.values = ColumnValues(self._predicates)
        self._members: dict[str, Ints] = {}
        self._orders: Recent[tuple[str, tuple[Key, ...]], tuple[Order, Rows]] = Recent(KEPT_ORDERS)
        self._counts: Recent[tuple[str, Condition], int] = Recent(KEPT_COUNTS)
        self._looks: Recent[_Looking, Look] = Recent(KEPT_PLACES)

    def subjects(self, selection: Selection) -> list[tuple[Term | None, ...]]:
        """The rows of a selection: parent, subject, a value for each key, whether past."""
        self._read(selection)
        if selection.parents:
            return self._links.rows(selection)
        return self._class_rows(selection)

    def count(self, selection: Selection) -> int:
        """How many subjects a selection has, whatever its place and limit."""
        self._read(selection)
        condition = selection.condition
        if selection.parents:
            return len(np.unique(self._links.pairs(selection)[1]))
        of_class = _class_of(selection)
        if condition is None:
            return len(self._class_members(of_class))
        key = of_class, condition
        return self._counts.get(key, lambda: self._count(*key), weight(condition))

    def groups(self, grouping: Grouping) -> list[Group]:
        """The groups of a selection's subjects, whatever its order, place and limit."""
        selection = replace(grouping.selection, order=())
        self._read(selection)
        self._groups.read(grouping.keys, grouping.measures)
        if selection.parents:
            above, subjects = self._links.pairs(selection)
            known, places = np.unique(above, return_inverse=True)
            parents: list[Term | None] = [self._predicates.nodes.term(n) for n in known.tolist()]
        else:
            subjects = self._found(_class_of(selection), selection.condition or AllOf(()))
            places, parents = np.zeros_like(subjects), [None]
        pairs = (places, subjects)
        return self._groups.groups(parents, pairs, grouping.keys, grouping.measures, grouping.limit)

    def _read(self, selection: Selection) -> None:
        """Reads all predicates that are needed: only then is it known which nodes there are."""
        for path in (selection.path, *(key.path for key in selection.order)):
            self._predicates.read(path)
        if selection.condition is not None:
            self._conditions.read(selection.condition)

    # Classes

    def _class_rows(self, selection: Selection) -> list[tuple[Term | None, ...]]:
        of_class = _class_of(selection)
        order, rows = self._ordered(of_class, selection.order)
        span = self._span(selection, order, rows)
        wanted = len(rows) if selection.limit is None else selection.limit
        places = span[::-1] if selection.backward else span
        found = self._fulfilling(selection, of_class, rows.subjects, places, wanted)
        if found is None:
            return self._looked_up(selection, of_class, order, wanted)
        return _told(order, rows.chosen(found), selection)

    def _span(self, selection: Selection, order: Order, rows: Rows) -> range:
        """Outside of which no row is past the place and fulfils the condition."""
        low, high = 0, len(rows)
        if selection.after is not None:
            before, through = order.begin(rows, selection.after, range(high))
            low, high = (0, before) if selection.backward else (through, high)
        if selection.order and selection.condition is not None:
            path = selection.order[0].path
            needed = self._conditions.needed(selection.condition, path)
            if needed is not None and len(rows) == len(self._class_members(_class_of(selection))):
                first, last = order.span(rows, needed)
                low, high = max(low, first), min(high, last)
        return range(low, high)

    def _fulfilling(
        self, selection: Selection, of_class: str, subjects: Ints, places: range, wanted: int
    ) -> Ints | None:
        """The first of the rows in these places that fulfil the condition.

        None where few do, so that they had better be looked up.
        """
        condition = selection.condition
        if condition is None:
            return np.array(places[:wanted], dtype=np.int32)
        key = of_class, selection.order, condition, places
        known = self._looks.find(key) or Look.none(places)
        look = known
        while not look.enough(wanted):
            if look.size == LOOKING_UP and self._few(condition, len(subjects)) is not None:
                return None
            look = look.further(lambda looked: self._conditions.hold(condition, subjects[looked]))
        if look is not known:
            self._looks.keep(key, look, WEIGHT_OF_LOOK * weight(condition) + len(look.found))
        return look.found[:wanted]

    def _few(self, condition: Condition, members: int) -> Ints | None:
        return self._conditions.candidates(condition, members // FEW)

    def _looked_up(
        self, selection: Selection, of_class: str, order: Order, wanted: int
    ) -> list[tuple[Term | None, ...]]:
        subjects = self._found(of_class, selection.condition or AllOf(()))
        rows = order.rows(np.zeros_like(subjects), subjects)
        if selection.backward:
            rows = order.backward(rows)
        if selection.after is not None:
            rows = rows.chosen(order.past(rows, selection.after, backward=selection.backward))
        return _told(order, rows.chosen(np.arange(min(wanted, len(rows)))), selection)

    def _found(self, of_class: str, condition: Condition) -> Ints:
        """The members of a class that fulfil the condition."""
        members = self._class_members(of_class)
        candidates = self._few(condition, len(members))
        if candidates is None:
            return members[self._conditions.hold(condition, members)]
        whole = AllOf((Linked(TYPE, Among((NamedNode(of_class),))), condition))
        return candidates[self._conditions.hold(whole, candidates)]

    def _count(self, of_class: str, condition: Condition) -> int:
        return len(self._found(of_class, condition))

    def _class_members(self, of_class: str) -> Ints:
        """The members of a class in the order of their IRIs."""
        found = self._members.get(of_class)
        if found is None:
            predicates = self._predicates
            known = predicates.nodes.known([NamedNode(of_class)])
            _, members = predicates[ns.RDF_TYPE].nodes.inverse.along(known)
            found = members[np.argsort(predicates.ranking().ranks[members])]
            self._members[of_class] = found
        return found

    def _ordered(self, of_class: str, keys: tuple[Key, ...]) -> tuple[Order, Rows]:
        """All rows of a class in an order, made once."""
        key = of_class, keys
        return self._predicates.once(self._orders, key, lambda: self._sorted(of_class, keys))

    def _sorted(self, of_class: str, keys: tuple[Key, ...]) -> tuple[Order, Rows]:
        members = self._class_members(of_class)
        order = Order(self._predicates, keys)
        if not keys:
            return order, Rows(np.broadcast_to(np.int32(0), len(members)), members, ())
        return order, order.rows(np.zeros_like(members), members)


def _class_of(selection: Selection) -> str:
    """The class whose members are asked for."""
    if selection.of_class is None:
        raise Unheld
    return selection.of_class


def _told(order: Order, rows: Rows, selection: Selection) -> list[tuple[Term | None, ...]]:
    """The rows, which have no parent and are all past the place."""
    size = len(rows)
    return order.told(rows, repeat(None, size), repeat(True, size), keyed=selection.keyed)
