"""Valid data spoilt by machine: one mistake at a time, the same ones for the same seed."""

from collections.abc import Callable, Sequence
from random import Random

from kizuna import namespaces as ns
from kizuna.dataset.changes import Change, make_change
from kizuna.model import Model
from kizuna.terms import INTEGERS, Literal, NamedNode, Quad, Term

TYPE = NamedNode(ns.RDF_TYPE)
DATES = ("1990-01-01", "2030-06", "2025-13", "2024/..", "../2020", "soon")


class Mutations:
    """Mistakes that somebody could make in the quads."""

    def __init__(self, quads: Sequence[Quad], model: Model, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 (no secret)
        self.quads = sorted(quads, key=str)
        self.classes = sorted(model.classes)
        self.nodes = sorted({q.subject for q in self.quads}, key=str)

    def next(self) -> tuple[str, Change]:
        """The kind of the next mistake, and the change that makes it."""
        kinds: list[Callable[[], Change]] = [
            *(self.drop, self.drop_subject, self.retype, self.misspell, self.misspell_value),
            *(self.out_of_range, self.wrong_class, self.second_value, self.redate, self.detype),
            *(self.say_of_another, self.rename),
        ]
        kind = self.random.choice(kinds)
        return kind.__name__, kind()

    def drop(self) -> Change:
        """A triple is left out."""
        return make_change([], [self._any()])

    def drop_subject(self) -> Change:
        """All that is said of a thing is left out."""
        gone = self.random.choice(self.nodes)
        return make_change([], [q for q in self.quads if q.subject == gone])

    def retype(self) -> Change:
        """A thing is of another class."""
        quad = self._any(lambda q: q.predicate == TYPE)
        return self._instead(quad, value=NamedNode(self.random.choice(self.classes)))

    def misspell(self) -> Change:
        """A letter is missing in a property."""
        quad = self._any()
        return self._instead(quad, predicate=NamedNode(self._slip(quad.predicate.value)))

    def misspell_value(self) -> Change:
        """A letter is missing in an IRI."""
        quad = self._any(lambda q: isinstance(q.object, NamedNode))
        return self._instead(quad, value=NamedNode(self._slip(quad.object.value)))  # type: ignore[union-attr]

    def out_of_range(self) -> Change:
        """A number is far too large or too small."""
        quad = self._any(_is_number)
        number = str(self.random.choice([-1, 0, 10**9]))
        return self._instead(quad, value=Literal(number, datatype=quad.object.datatype))  # type: ignore[union-attr]

    def wrong_class(self) -> Change:
        """A link leads to something else."""
        quad = self._any(lambda q: isinstance(q.object, NamedNode) and q.predicate != TYPE)
        return self._instead(quad, value=self.random.choice(self.nodes))

    def second_value(self) -> Change:
        """A thing has a further value, such as another has."""
        quad = self._any(lambda q: q.predicate != TYPE)
        others = [q.object for q in self.quads if q.predicate == quad.predicate]
        value = self.random.choice(others)
        return make_change([Quad(quad.subject, quad.predicate, value, quad.graph_name)])

    def redate(self) -> Change:
        """A time is another, or none."""
        quad = self._any(
            lambda q: isinstance(q.object, Literal) and q.object.datatype.value == ns.EDTF
        )
        date = Literal(self.random.choice(DATES), datatype=NamedNode(ns.EDTF))
        return self._instead(quad, value=date)

    def detype(self) -> Change:
        """A literal is of another datatype."""
        quad = self._any(lambda q: isinstance(q.object, Literal))
        return self._instead(quad, value=Literal(quad.object.value + "x"))  # type: ignore[union-attr]

    def say_of_another(self) -> Change:
        """What is said of one thing is said of another."""
        quad = self._any()
        other = self.random.choice(self.nodes)
        return make_change([Quad(other, quad.predicate, quad.object, quad.graph_name)], [quad])

    def rename(self) -> Change:
        """A thing has another IRI, which what links to it doesn't know."""
        old = self.random.choice(self.nodes)
        gone = [q for q in self.quads if q.subject == old]
        new = NamedNode(f"{old.value}-renamed")  # type: ignore[union-attr]
        return make_change([Quad(new, q.predicate, q.object, q.graph_name) for q in gone], gone)

    def _any(self, fits: Callable[[Quad], bool] = bool) -> Quad:
        return self.random.choice([quad for quad in self.quads if fits(quad)])

    def _instead(
        self, quad: Quad, predicate: NamedNode | None = None, value: Term | None = None
    ) -> Change:
        new = Quad(quad.subject, predicate or quad.predicate, value or quad.object, quad.graph_name)
        return make_change([new], [quad] if new != quad else [])

    def _slip(self, iri: str) -> str:
        return iri[:-2] + iri[-1]


def _is_number(quad: Quad) -> bool:
    return isinstance(quad.object, Literal) and quad.object.datatype.value in INTEGERS
