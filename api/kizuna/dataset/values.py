"""Values along paths: many subjects' from columns, a few subjects' one by one."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from kizuna.dataset.columns.values import ColumnValues
from kizuna.dataset.seeking import Along, S, Shown, Sought, choosing, path_of
from kizuna.model import Path, Step
from kizuna.terms import Literal, NamedNode, Quad, Term, Triple, place

MOST_KNOWN = 200_000  # values kept at hand, of some hundred bytes each
MANY = 48  # subjects at once, from which on columns are quicker

# Finds quads by subject, predicate, object and graph, of which any may be None.
Matching: TypeAlias = Callable[..., Iterator[Quad]]


class Values:
    """The values of a store that doesn't change; may be asked by several threads.

    What is read one by one is kept at hand, until it is too much.
    """

    def __init__(
        self, matching: Matching, columns: ColumnValues, most_known: int = MOST_KNOWN
    ) -> None:
        self._matching = matching
        self._columns = columns
        self._most_known = most_known
        self.forget()

    def forget(self) -> None:
        """Holds nothing at hand any more."""
        self._known: dict[Sought, Along] = {}
        self._held = 0

    def found(self, together: Sequence[S], subjects: Sequence[Term]) -> Iterator[tuple[S, Along]]:
        """Each that is sought, of each of the subjects that has any, sorted."""
        size, held = len(subjects), dict[S, Along]()
        if size >= MANY:
            worth = [sought for sought in together if self._columns.worth(path_of(sought), size)]
            held = self._columns.found(worth, subjects)
        for sought in together:
            known = held.get(sought)
            yield sought, self._one_by_one(sought, subjects) if known is None else known

    def _one_by_one(self, sought: Sought, subjects: Sequence[Term]) -> Along:
        known, new = self._known.get(sought), 0
        if known is None:
            known, new = self._known.setdefault(sought, {}), _weight(sought)
        found: Along = {}
        choose, read = choosing(sought), self._reading(path_of(sought))
        for subject in subjects:
            values = known.get(subject)
            if values is None:
                values = known[subject] = choose(read(subject))
                new += 1 + len(values)
            if values:
                found[subject] = values
        self._held += new
        if self._held > self._most_known:
            self.forget()
        return found

    def _reading(self, path: Path) -> Callable[[Term], list[Term]]:
        """What reads the values of a subject along the path, sorted."""
        steps = [self._stepping(step) for step in path]
        if len(steps) == 1:
            return steps[0]

        def read(subject: Term) -> list[Term]:
            ends = {subject: None}
            for step in steps:
                ends = {end: None for start in ends for end in step(start)}
            return sorted(ends, key=place)

        return read

    def _stepping(self, step: Step) -> Callable[[Term], list[Term]]:
        """What reads the ends of one step, sorted."""
        predicate, matching = NamedNode(step.predicate), self._matching

        def backward(start: Term) -> list[Term]:
            ends: list[Term] = [quad.subject for quad in matching(None, predicate, start, None)]
            return ends if len(ends) < 2 else sorted(ends, key=place)

        def forward(start: Term) -> list[Term]:
            if start.__class__ is Literal or start.__class__ is Triple:
                return []
            ends = [quad.object for quad in matching(start, predicate, None, None)]
            return ends if len(ends) < 2 else sorted(ends, key=place)

        return backward if step.inverse else forward


def _weight(sought: Sought) -> int:
    """How much room it takes itself, as so many values do."""
    return 1 + len(sought.languages) if isinstance(sought, Shown) else 1
