"""The data as a change would leave it, read without making it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kizuna import namespaces as ns
from kizuna.dataset.changes import Change
from kizuna.dataset.store import Store, as_stored
from kizuna.model import Path, Step
from kizuna.terms import NamedNode, Quad, Term
from kizuna.validation.structure import RESERVED_GRAPHS

TERMS_GRAPHS = frozenset({ns.GRAPH_ONTOLOGY, ns.GRAPH_VOCABULARIES})
WRITTEN_GRAPHS = RESERVED_GRAPHS - TERMS_GRAPHS


@dataclass(frozen=True)
class Repeated(Step):
    """A step taken any number of times, or not at all."""


class Overlay:
    """What is asserted of a release and what its ontology says, with a change in view.

    What the code itself wrote, such as derived triples, is out of view.
    """

    def __init__(self, store: Store, change: Change) -> None:
        self.change = change
        self._store = store
        self._removed = frozenset(quad.triple for quad in as_stored(change.removed))
        self._near: dict[tuple[Term, str], list[Quad]] = defaultdict(list)
        self._far: dict[tuple[Term, str], list[Quad]] = defaultdict(list)
        self._of: dict[Term, list[Quad]] = defaultdict(list)
        for quad in change.added:
            self._near[quad.subject, quad.predicate.value].append(quad)
            self._far[quad.object, quad.predicate.value].append(quad)
            self._of[quad.subject].append(quad)

    @property
    def changed(self) -> tuple[Quad, ...]:
        """The quads added and removed."""
        return (*self.change.added, *self.change.removed)

    def links(self, node: Term, step: Step, *, gone: bool = False) -> list[Quad]:
        """The quads that lead a step on from the node; with ``gone`` the removed ones too."""
        near = (None, step.predicate, node) if step.inverse else (node, step.predicate, None)
        more = (self._far if step.inverse else self._near).get((node, step.predicate), ())
        return [*self._standing(self._store.find(*near), gone=gone), *more]

    def reach(self, near: set[Term], step: Step, *, gone: bool = False) -> set[Quad]:
        """The quads by which a step leads on from the nodes; all of them, where it is repeated."""
        found: set[Quad] = set()
        left = set(near)
        while left:
            quads = {quad for node in left for quad in self.links(node, step, gone=gone)} - found
            found |= quads
            left = {end(quad, step) for quad in quads} if isinstance(step, Repeated) else set()
        return found

    def ends(self, node: Term, path: Path, *, gone: bool = False) -> set[Term]:
        """The nodes at the end of a path."""
        ends = {node}
        for step in path:
            stay = ends if isinstance(step, Repeated) else set()
            ends = stay | {end(quad, step) for quad in self.reach(ends, step, gone=gone)}
        return ends

    def described(self, subject: Term) -> list[Quad]:
        """All that is said of the subject."""
        return [*self._standing(self._store.find(subject)), *self._of.get(subject, ())]

    def stating(self, predicate: str, value: Term) -> list[Quad]:
        """The quads that give this value of the property."""
        return self.links(value, Step(predicate, inverse=True))

    def along(self, predicate: str) -> Iterator[Quad]:
        """All quads of the property."""
        yield from self._standing(self._store.find(None, predicate))
        yield from (quad for quad in self.change.added if quad.predicate.value == predicate)

    def quads(self) -> Iterator[Quad]:
        """All quads in view."""
        yield from self._standing(self._store.find())
        yield from self.change.added

    def _standing(self, quads: Iterable[Quad], *, gone: bool = False) -> Iterator[Quad]:
        for quad in quads:
            if not is_written(quad) and (
                gone or quad.triple not in self._removed or not is_data(quad)
            ):
                yield quad


def end(quad: Quad, step: Step) -> Term:
    """Where the step leads along the quad."""
    return quad.subject if step.inverse else quad.object


def is_data(quad: Quad) -> bool:
    """Whether the quad is data, not of the ontology or its vocabularies."""
    return _graph(quad) not in TERMS_GRAPHS


def is_written(quad: Quad) -> bool:
    """Whether the code itself wrote the quad, such as what is derived."""
    return _graph(quad) in WRITTEN_GRAPHS


def is_asserted(quad: Quad) -> bool:
    """Whether the quad is data that somebody asserted."""
    return _graph(quad) not in RESERVED_GRAPHS


def _graph(quad: Quad) -> str:
    return quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
