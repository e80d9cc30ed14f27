"""Pages of links: read where they stand in an order of all links, or sorted for the occasion."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from kizuna import namespaces as ns
from kizuna.dataset.columns.conditions import Conditions
from kizuna.dataset.columns.held import Unheld
from kizuna.dataset.columns.looking import Look
from kizuna.dataset.columns.orders import Order, Rows
from kizuna.dataset.columns.predicates import Predicates
from kizuna.dataset.columns.relations import Ints, Mask, distinct_pairs
from kizuna.dataset.selection import AllOf, Among, Condition, Key, Linked, Selection
from kizuna.model import Path, Step
from kizuna.recent import Recent
from kizuna.terms import NamedNode, Term

TYPE = (Step(ns.RDF_TYPE),)
KEPT_ORDERS = 16
MOST_LINKS = 1_000_000  # that are put in an order, each end counted as often as it is met
# To test one parent's links takes so long that these many, or of each parent so many, are sooner
# tested together.
TOGETHER, TOGETHER_EACH = 1024, 32


@dataclass(frozen=True)
class Listed:
    """All links along a path: the rows of each parent in an order, by the parents' numbers."""

    order: Order
    rows: Rows

    def spans(self, parents: Ints) -> tuple[Ints, Ints]:
        """Where the rows of each of the parents begin and end."""
        found = self.rows.parents
        return np.searchsorted(found, parents), np.searchsorted(found, parents, side="right")


class Links:
    """The links of a store that doesn't change; may be asked by several threads."""

    def __init__(
        self, predicates: Predicates, conditions: Conditions, most: int = MOST_LINKS
    ) -> None:
        self._predicates = predicates
        self._conditions = conditions
        self._most = most
        self._kept: Recent[tuple[Path, tuple[Key, ...]], Listed | None] = Recent(KEPT_ORDERS)

    def rows(self, selection: Selection) -> list[tuple[Term | None, ...]]:
        """The rows of a selection with parents: parent, subject, its keys' values, whether past."""
        listed = None if selection.limit is None else self._listed(selection)
        if listed is None or selection.of_class is not None:
            return self._sorted(selection)
        parents = self._predicates.nodes.numbered(selection.parents)
        starts, stops = listed.spans(np.array([*parents], dtype=np.int32))
        if selection.condition is not None and _are_few(starts, stops):
            return self._sorted(selection)
        terms: list[Term] = []
        places: list[int] = []
        past: list[bool] = []
        spans = map(range, starts.tolist(), stops.tolist())
        for parent, span in zip(parents.values(), spans, strict=True):
            for place, is_past in self._page(selection, listed, span):
                terms.append(parent)
                places.append(place)
                past.append(is_past)
        rows = listed.rows.chosen(np.array(places, dtype=np.int32))
        return listed.order.told(rows, terms, past, keyed=selection.keyed)

    def pairs(self, selection: Selection) -> tuple[Ints, Ints]:
        """The selection's pairs of parent and subject."""
        parents = self._predicates.nodes.known(selection.parents)
        ends = self._predicates.ends(selection.path, parents)
        if len(ends.literals):
            raise Unheld
        owners, subjects = parents[ends.owners], ends.nodes
        parts = [] if selection.condition is None else [selection.condition]
        if selection.of_class is not None:
            parts.append(Linked(TYPE, Among((NamedNode(selection.of_class),))))
        if not parts:
            return owners, subjects
        distinct, places = np.unique(subjects, return_inverse=True)
        mask = self._conditions.hold(AllOf(tuple(parts)), distinct)[places]
        return owners[mask], subjects[mask]

    # In an order of all

    def _listed(self, selection: Selection) -> Listed | None:
        """All links along the path in the order, made once; None where they had better not be."""
        key = selection.path, selection.order
        return self._predicates.once(self._kept, key, lambda: self._made(*key))

    def _made(self, path: Path, keys: tuple[Key, ...]) -> Listed | None:
        pairs = self._all(path)
        if pairs is None:
            return None
        order = Order(self._predicates, keys)
        return Listed(order, order.rows(*pairs))

    def _all(self, path: Path) -> tuple[Ints, Ints] | None:
        """All pairs of a parent and what the path leads to; None where they are too many."""
        if any(
            not step.inverse and len(self._predicates[step.predicate].literals) for step in path
        ):
            return None
        first = self._predicates.relation(path[0])
        if len(first) > self._most:
            return None
        owners, ends = first.pairs()
        for step in path[1:]:
            relation = self._predicates.relation(step)
            if relation.reach(ends) > self._most:
                return None
            places, ends = relation.along(ends)
            owners = owners[places]
        return distinct_pairs(owners, ends)

    def _page(
        self, selection: Selection, listed: Listed, rows: range
    ) -> Iterator[tuple[int, bool]]:
        """The rows of one parent's page, and whether each is past the place."""
        wanted, condition = selection.limit or 0, selection.condition
        behind, past = _around(selection, listed, rows)
        for row in self._fulfilling(condition, listed.rows.subjects, behind, 1):
            yield row, False
        for row in self._fulfilling(condition, listed.rows.subjects, past, wanted):
            yield row, True

    def _fulfilling(
        self, condition: Condition | None, subjects: Ints, places: range, wanted: int
    ) -> Iterable[int]:
        """The first of the places whose subjects fulfil the condition."""
        if condition is None:
            return places[:wanted]
        look = Look.none(places)
        while not look.enough(wanted):
            look = look.further(lambda some: self._conditions.hold(condition, subjects[some]))
        return map(int, look.found[:wanted])

    # For the occasion

    def _sorted(self, selection: Selection) -> list[tuple[Term | None, ...]]:
        parents, subjects = self.pairs(selection)
        nodes, order = self._predicates.nodes, Order(self._predicates, selection.order)
        ranks = self._predicates.ranking().ranks
        rows = order.rows(ranks[parents], subjects)
        if selection.backward:
            rows = order.backward(rows)
        past: Mask = np.ones(len(rows), dtype=np.bool_)
        if selection.after is not None:
            past = order.past(rows, selection.after, backward=selection.backward)
        if selection.limit is not None:
            kept = _cut(rows.parents, past, selection.limit)
            rows, past = rows.chosen(kept), past[kept]
        numbers = dict(zip(ranks[parents].tolist(), parents.tolist(), strict=True))
        found = np.array([numbers[rank] for rank in rows.parents.tolist()], dtype=np.int32)
        return order.told(rows, nodes.terms(found), past.tolist(), keyed=selection.keyed)


def _are_few(starts: Ints, stops: Ints) -> bool:
    """Whether the links of all parents are so few that they had better be tested together."""
    return int((stops - starts).sum()) <= max(TOGETHER, TOGETHER_EACH * len(starts))


def _around(selection: Selection, listed: Listed, rows: range) -> tuple[range, range]:
    """A parent's rows on this side of the place and past it, each with the nearest first."""
    first, last = rows.start, rows.stop
    if selection.after is None:
        return range(0), rows[::-1] if selection.backward else rows
    before, through = listed.order.begin(listed.rows, selection.after, rows)
    if selection.backward:
        return range(before, last), range(first, before)[::-1]
    return range(first, through)[::-1], range(through, last)


def _cut(parents: Ints, past: Mask, limit: int) -> Mask:
    """Of each parent's rows so many past the place, and the one before these.

    Those that aren't past come first.
    """
    starts = np.flatnonzero(np.diff(parents, prepend=-1))
    which = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(parents))))
    behind = np.bincount(which, weights=~past, minlength=len(starts)).astype(np.int64)
    turns = np.arange(len(parents)) - (starts + behind)[which]
    return (turns >= -1) & (turns < limit)
