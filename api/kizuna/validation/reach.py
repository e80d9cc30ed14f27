"""What shapes see from the nodes that they are for."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set

from kizuna.model import Path
from kizuna.terms import Quad, Term
from kizuna.validation.overlay import Overlay, Repeated, end
from kizuna.validation.reads import TYPE
from kizuna.validation.units import Unit, Units

Concerned = Mapping[Unit, Set[Term]]


def reached(view: Overlay, units: Units, concerned: Concerned) -> Iterator[Quad]:
    """All the quads that the units see from their nodes; some come more than once."""
    walked: dict[Path, set[Term]] = defaultdict(set)
    for unit, nodes in concerned.items():
        for path in {*(unit.reads or ()), *units.marks(unit), (TYPE,)}:
            walked[path] |= nodes
    for path, nodes in walked.items():
        yield from _along(view, path, nodes)


def _along(view: Overlay, path: Path, nodes: Iterable[Term]) -> Iterator[Quad]:
    """The quads along the path from the nodes."""
    ends = set(nodes)
    for step in path:
        quads = view.reach(ends, step)
        yield from quads
        ends = {end(quad, step) for quad in quads} | (ends if isinstance(step, Repeated) else set())
