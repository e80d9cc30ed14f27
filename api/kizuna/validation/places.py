"""Where in the submitted files things stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kizuna import namespaces as ns
from kizuna.terms import Quad, Term, Triple

Data = Mapping[str, Sequence[Quad]]
Lines = Mapping[str, Mapping[Quad, int]]


@dataclass(frozen=True)
class Place:
    """A file or text, by its label, and a line of it where that is known."""

    file: str
    line: int | None = None


class Places:
    """The places of the quads in some data, and of the nodes that they describe or link to."""

    def __init__(self, data: Data, lines: Lines, described_elsewhere: Iterable[Term]) -> None:
        self.quads = [
            (Place(file, lines.get(file, {}).get(quad)), quad)
            for file, quads in data.items()
            for quad in quads
        ]
        self._triples: dict[Triple, Place] = {}
        for place, quad in self.quads:
            self._triples.setdefault(quad.triple, place)
        self._nodes = self._of_nodes(frozenset(described_elsewhere))

    def node(self, node: Term) -> Place | None:
        """Where the node's type is stated, else where it first occurs; None for what isn't in the
        data, or is only linked to there and described elsewhere."""
        return self._nodes.get(node)

    def triple(self, triple: Triple) -> Place | None:
        """Where the triple is stated."""
        return self._triples.get(triple)

    def _of_nodes(self, elsewhere: frozenset[Term]) -> dict[Term, Place]:
        types = [(place, q.subject) for place, q in self.quads if q.predicate.value == ns.RDF_TYPE]
        subjects = [(place, q.subject) for place, q in self.quads]
        objects = [(place, q.object) for place, q in self.quads if q.object not in elsewhere]
        places: dict[Term, Place] = {}
        for place, node in [*types, *subjects, *objects]:
            places.setdefault(node, place)
        return places
