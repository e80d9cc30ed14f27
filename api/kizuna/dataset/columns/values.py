"""Values along paths, read from columns for many subjects at once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

import numpy as np

from kizuna.dataset.columns.held import Unheld
from kizuna.dataset.columns.orders import preferences, shown
from kizuna.dataset.columns.predicates import Ends, Predicates
from kizuna.dataset.columns.relations import NONE, Ints
from kizuna.dataset.seeking import Along, OneOf, S, Shown, Sought, path_of
from kizuna.model import Path
from kizuna.terms import Term, place

# A predicate is made a column when so many subjects, taken so many times, have been asked for as
# it has pairs: making it has then cost about as much as was spent without.
WORTH = 2


class ColumnValues:
    """The values that columns hold; may be asked by several threads."""

    def __init__(self, predicates: Predicates) -> None:
        self._predicates = predicates
        self._asked: Counter[str] = Counter()
        self._refused: dict[str, int] = {}

    def worth(self, path: Path, subjects: int) -> bool:
        """Whether it is worth while to read from columns, which may have to be made, for so many.

        Where it isn't, they are counted as read in another way.
        """
        return all(self._is_worth(step.predicate, subjects) for step in path)

    def _is_worth(self, predicate: str, subjects: int) -> bool:
        if self._predicates.has(predicate):
            return True
        self._asked[predicate] += subjects
        asked = self._asked[predicate]
        if asked < 2 * self._refused.get(predicate, 0):
            return False
        if self._predicates.source.exceeds(predicate, asked * WORTH):
            self._refused[predicate] = asked
            return False
        return True

    def found(self, together: Iterable[S], subjects: Sequence[Term]) -> dict[S, Along]:
        """What is sought of each subject that has any, sorted, as far as columns hold it."""
        held = [sought for sought in together if self._holds(path_of(sought))]
        found: dict[S, Along] = {}
        try:
            numbers = self._predicates.nodes.numbers(subjects)  # when all is read, and not before
        except Unheld:
            return found
        for sought in held:
            with suppress(Unheld):
                found[sought] = self._along(sought, numbers, subjects)
        return found

    def _holds(self, path: Path) -> bool:
        try:
            self._predicates.read(path)
        except Unheld:
            return False
        return True

    def _along(self, sought: Sought, numbers: Ints, subjects: Sequence[Term]) -> Along:
        whole = self._predicates.ends(path_of(sought), numbers)
        ends = self._chosen(sought, whole, len(subjects))
        if len(ends.nodes) and len(ends.literals):
            raise Unheld
        reached = ends.literals if len(ends.literals) else ends.nodes
        owners = ends.literal_owners if len(ends.literals) else ends.owners
        counts = np.bincount(owners, minlength=len(subjects))
        found = dict(_parted(subjects, self._terms(ends, reached), counts))
        if len(found) < len(reached) and not self._in_order(ends):
            for terms in found.values():
                terms.sort(key=place)
        return found

    def _chosen(self, sought: Sought, ends: Ends, subjects: int) -> Ends:
        """Of all ends those that are sought."""
        match sought:
            case OneOf(_, terms):
                mask = np.isin(ends.nodes, self._predicates.nodes.known(terms))
                return Ends(ends.owners[mask], ends.nodes[mask], NONE, NONE, ends.table)
            case Shown(_, languages):
                mask = shown(ends.table, preferences(ends.table, languages), ends, subjects)
                owners, literals = ends.literal_owners[mask], ends.literals[mask]
                return Ends(NONE, NONE, owners, literals, ends.table)
        return ends

    def _terms(self, ends: Ends, numbers: Ints) -> list[Term]:
        """The terms of the numbers, each made once."""
        distinct, places = np.unique(numbers, return_inverse=True)
        terms: Sequence[Term]
        if len(ends.literals):
            terms = ends.table.literals(distinct)
        else:
            terms = self._predicates.nodes.terms(distinct)
        return [terms[place] for place in places.tolist()]

    def _in_order(self, ends: Ends) -> bool:
        """Whether the numbers of the ends are in the order of their terms."""
        if len(ends.literals):
            return ends.table.lexical
        return not len(ends.nodes) or int(ends.nodes.max()) < self._predicates.nodes.ordered


def _parted(
    subjects: Iterable[Term], terms: list[Term], counts: Ints
) -> Iterator[tuple[Term, list[Term]]]:
    """Each subject that has any of the terms, which come in the order of the subjects."""
    start = 0
    for subject, count in zip(subjects, counts.tolist(), strict=True):
        if count:
            yield subject, terms[start : start + count]
            start += count
