"""Which subjects fulfil a condition: told of given ones, or found from what is asked for.

The answers are those of the condition's SPARQL form (``kizuna.dataset.patterns``).
"""

from collections.abc import Iterable, Iterator

import numpy as np

from kizuna import namespaces as ns
from kizuna.dataset.columns.held import Unheld
from kizuna.dataset.columns.predicates import Predicates
from kizuna.dataset.columns.relations import Ints, Mask
from kizuna.dataset.columns.tables import Range, Table
from kizuna.dataset.selection import (
    AllOf,
    Among,
    AnyOf,
    Below,
    Compare,
    Condition,
    Linked,
    Not,
    Operator,
    weight,
)
from kizuna.model import Path, Step
from kizuna.namespaces import XSD
from kizuna.recent import Recent
from kizuna.terms import Literal, NamedNode

BELOW = (Step(ns.SKOS_BROADER, inverse=True),)
FUNCTIONS = frozenset(
    {Operator.CONTAINS, Operator.STARTS_WITH, Operator.ENDS_WITH, Operator.MATCHES}
)
KEPT = 64


class Conditions:
    """Conditions on the subjects of a store."""

    def __init__(self, predicates: Predicates) -> None:
        self._predicates = predicates
        self._matched: Recent[Compare, Ints] = Recent(KEPT)
        self._below: Recent[NamedNode, Ints] = Recent(KEPT)

    def read(self, condition: Condition) -> None:
        """Reads all that the condition is about."""
        match condition:
            case AllOf(parts) | AnyOf(parts):
                for part in parts:
                    self.read(part)
            case Not(part):
                self.read(part)
            case Below():
                self._predicates.read(BELOW)
            case Linked(path, inner):
                self._predicates.read(path)
                self.read(inner or AllOf(()))
            case Compare(path):
                self._predicates.read(path)

    def hold(self, condition: Condition, ids: Ints) -> Mask:
        """Of which of the subjects the condition holds."""
        match condition:
            case AllOf(parts):
                return self._all(parts, ids)
            case AnyOf(parts):
                return ~self._all([Not(part) for part in parts], ids)
            case Not(part):
                return ~self.hold(part, ids)
            case Among(subjects):
                return np.isin(ids, self._predicates.nodes.known(subjects))
            case Below(concept):
                return np.isin(ids, self._below_of(concept))
            case Linked():
                return self._linked(condition, ids)
            case Compare():
                return self._compared(condition, ids)

    def candidates(self, condition: Condition, most: int) -> Ints | None:
        """Subjects among which are all that fulfil the condition, each once.

        None where it can't be told from what is asked for, or they were more than ``most``.
        """
        match condition:
            case AllOf(parts):
                found = (self.candidates(part, most) for part in parts)
                return min((f for f in found if f is not None), key=len, default=None)
            case AnyOf(parts):
                return self._any_candidates(parts, most)
            case Among(subjects):
                return self._predicates.nodes.known(subjects)
            case Below(concept):
                return self._below_of(concept)
            case Linked(path, inner) if inner is not None and not _holds_of_literals(inner):
                ends = self.candidates(inner, most)
                if ends is None:
                    return None
                return self._predicates.starts(path, ends[self.hold(inner, ends)], most)
            case Compare():
                return self._compared_candidates(condition, most)
        return None

    def needed(self, condition: Condition, path: Path) -> Ints | None:
        """Of which literals along the path there must be one, as edges; None where nothing tells.

        The path leads to no nodes.
        """
        match condition:
            case Compare(own) if own and own == path and not own[-1].inverse:
                return self._fitting(condition, self._predicates[own[-1].predicate].table)
            case AllOf(parts):
                found = (self.needed(part, path) for part in parts)
                return next((edges for edges in found if edges is not None), None)
        return None

    def _all(self, parts: Iterable[Condition], ids: Ints) -> Mask:
        mask = np.ones(len(ids), dtype=np.bool_)
        for part in parts:
            mask[mask] = self.hold(part, ids[mask])
        return mask

    def _any_candidates(self, parts: Iterable[Condition], most: int) -> Ints | None:
        found = [np.empty(0, dtype=np.int32)]
        for part in parts:
            candidates = self.candidates(part, most)
            if candidates is None:
                return None
            found.append(candidates)
        together = np.unique(np.concatenate(found))
        return together if len(together) <= most else None

    def _linked(self, linked: Linked, ids: Ints) -> Mask:
        ends = self._predicates.ends(linked.path, ids)
        mask = np.zeros(len(ids), dtype=np.bool_)
        if linked.condition is None:
            mask[ends.owners] = True
            mask[ends.literal_owners] = True
            return mask
        nodes, places = np.unique(ends.nodes, return_inverse=True)
        mask[ends.owners[self.hold(linked.condition, nodes)[places]]] = True
        if len(ends.literals) and _holds_of_literals(linked.condition):
            mask[ends.literal_owners] = True
        return mask

    def _compared(self, compare: Compare, ids: Ints) -> Mask:
        ends = self._predicates.ends(compare.path, ids)
        mask = np.zeros(len(ids), dtype=np.bool_)
        if len(ends.nodes) and self._fits_nodes(compare):
            mask[ends.owners] = True
        fitting = self._fitting(compare, ends.table)
        inside = np.searchsorted(fitting, ends.literals, side="right") % 2 == 1
        mask[ends.literal_owners[inside]] = True
        return mask

    def _compared_candidates(self, compare: Compare, most: int) -> Ints | None:
        *before, last = compare.path
        if last.inverse:
            return None
        predicate = self._predicates[last.predicate]
        if len(predicate.nodes) and self._fits_nodes(compare):
            return None
        edges = self._fitting(compare, predicate.table)
        starts, stops = edges[::2], edges[1::2]
        inverse = predicate.literals.inverse
        # Every literal of the table is some subject's: its number is its place in the inverse.
        low, high = inverse.offsets[starts], inverse.offsets[stops]
        if int((high - low).sum()) > most:
            return None
        parts = [inverse.ends[a:b] for a, b in zip(low.tolist(), high.tolist(), strict=True)]
        found = np.unique(np.concatenate([np.empty(0, dtype=np.int32), *parts]))
        return self._predicates.starts(tuple(before), found, most)

    def _fits_nodes(self, compare: Compare) -> bool:
        """Whether a node compares so: it is known to differ from every literal, and no more."""
        if compare.text:
            raise Unheld  # by the text of its IRI
        return compare.operator is Operator.NOT_EQUAL and bool(compare.operands)

    def _fitting(self, compare: Compare, table: Table) -> Ints:
        """The literals that compare so, as the edges of ranges of their numbers."""
        return self._matched.get(
            compare, lambda: edges(self._ranges(compare, table)), weight(compare)
        )

    def _ranges(self, compare: Compare, table: Table) -> Iterator[Range]:
        for operand in compare.operands:
            if not isinstance(operand, Literal):
                raise Unheld
            if compare.operator is Operator.MATCHES and compare.text:
                predicate = compare.path[-1].predicate
                found = self._predicates.source.matches(predicate, operand.value)
                yield from table.numbered(found, compare.language)
            elif compare.text:
                if operand.datatype.value != XSD + "string":
                    raise Unheld
                yield from table.comparing_text(compare.operator, operand.value, compare.language)
            elif compare.operator in FUNCTIONS:
                raise Unheld
            else:
                yield from table.comparing(compare.operator, operand, compare.language)

    def _below_of(self, concept: NamedNode) -> Ints:
        """The concept and all below it; nothing where it is no node yet."""
        known = self._predicates.nodes.known([concept])
        return self._below.get(concept, lambda: self._closure(known)) if len(known) else known

    def _closure(self, concepts: Ints) -> Ints:
        found = fresh = concepts
        while len(fresh):
            narrower = self._predicates.ends(BELOW, fresh).nodes
            fresh = np.setdiff1d(narrower, found)
            found = np.union1d(found, fresh)
        return found


def edges(ranges: Iterable[Range]) -> Ints:
    """The ranges, none empty and none touching another, as starts and stops in turn."""
    given = sorted(r for r in ranges if r[0] < r[1])
    if not given:
        return np.empty(0, dtype=np.int32)
    starts, stops = np.array(given, dtype=np.int32).T
    stops = np.maximum.accumulate(stops)
    apart = starts[1:] > stops[:-1]
    starts, stops = starts[np.append(True, apart)], stops[np.append(apart, True)]
    return np.stack([starts, stops], axis=1).ravel()


def _holds_of_literals(condition: Condition) -> bool:
    """Whether a condition holds of a literal, which is no subject of anything."""
    match condition:
        case AllOf(parts):
            return all(_holds_of_literals(part) for part in parts)
        case AnyOf(parts):
            return any(_holds_of_literals(part) for part in parts)
        case Not(part):
            return not _holds_of_literals(part)
        case Linked(path) | Compare(path) if path[0].inverse:
            raise Unheld
    return False
