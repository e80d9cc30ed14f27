"""A change of the dataset: the quads that it adds and those that it removes.

Its text is sorted N-Quads (https://www.w3.org/TR/n-quads/) without blank nodes, so that a change
is told by one text alone, and one text by one hash.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass

from kizuna.dataset.files import n_quads, read_n_quads
from kizuna.errors import InvalidInput
from kizuna.terms import BlankNode, Quad, Triple


@dataclass(frozen=True)
class Change:
    """Quads added and removed, each once, sorted as N-Quads."""

    added: tuple[Quad, ...] = ()
    removed: tuple[Quad, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether it changes nothing."""
        return not self.added and not self.removed

    @property
    def inverse(self) -> "Change":
        """What undoes it."""
        return Change(self.removed, self.added)

    def patch(self) -> str:
        """The change as N-Quads, each line behind ``-`` or ``+``, what is removed first."""
        removed = (f"- {line}" for line in n_quads(self.removed))
        return "".join([*removed, *(f"+ {line}" for line in n_quads(self.added))])


def make_change(added: Iterable[Quad] = (), removed: Iterable[Quad] = ()) -> Change:
    """The change that adds and removes these quads; raises InvalidInput for a blank node."""
    return Change(_sorted(added), _sorted(removed))


def applied(changes: Iterable[Change], quads: Iterable[Quad] = ()) -> frozenset[Quad]:
    """The quads after the changes, one after the other."""
    found = set(quads)
    for change in changes:
        found.difference_update(change.removed)
        found.update(change.added)
    return frozenset(found)


def between(before: Set[Quad], after: Set[Quad]) -> Change:
    """The change that leads from the one set of quads to the other."""
    return make_change(after - before, before - after)


def effective(change: Change, quads: Set[Quad]) -> Change:
    """What of the change makes a difference to the quads.

    An added quad counts only where its triple stands in no graph afterwards, since a triple stands
    in exactly one; a removed one only where it is there and isn't added again.
    """
    added, removed = set(change.added), set(change.removed)
    leaving = (removed & quads) - added
    wanted = {quad.triple for quad in added}
    standing = {quad.triple for quad in quads if quad.triple in wanted and quad not in leaving}
    entering: dict[Triple, Quad] = {}
    for quad in change.added:
        if quad.triple not in standing:
            entering.setdefault(quad.triple, quad)
    return make_change(entering.values(), leaving)


def write_change(change: Change) -> tuple[str, str]:
    """The texts of what is added and what is removed."""
    return "".join(n_quads(change.added)), "".join(n_quads(change.removed))


def read_change(added: str, removed: str) -> Change:
    """The change that ``write_change`` wrote; raises MalformedData for other texts."""
    return Change(read_n_quads(added), read_n_quads(removed))


def _sorted(quads: Iterable[Quad]) -> tuple[Quad, ...]:
    found = set(quads)
    for quad in found:
        if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
            raise InvalidInput(f"{quad} has a blank node; give it an IRI.")
    return tuple(sorted(found, key=str))
