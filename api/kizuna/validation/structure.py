"""What must hold of data under any ontology.

Every subject is of exactly one concrete class, has only properties of that class, states nothing
that is derived, uses no blank nodes and keeps to its own graphs; and every EDTF literal can be
read. A thing whose type is missing or misspelt is no target of any shape, so nothing else would
notice it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches

from kizuna import namespaces as ns
from kizuna.dataset.times import bounds
from kizuna.errors import InvalidInput
from kizuna.model import Model
from kizuna.terms import BlankNode, Literal, NamedNode, Quad, Term, local_name
from kizuna.validation import phrases
from kizuna.validation.closed import ClosedClasses
from kizuna.validation.names import Names
from kizuna.validation.places import Place
from kizuna.validation.results import Result

RESERVED_GRAPHS = frozenset(
    {
        ns.GRAPH_ONTOLOGY,
        ns.GRAPH_VOCABULARIES,
        ns.GRAPH_DERIVED,
        ns.GRAPH_DERIVATION,
        ns.GRAPH_LEDGER,
    }
)
TYPE_FAULTS = frozenset(
    f"{ns.SHAPES}structure-{rule}" for rule in ("typed", "one-type", "known-class", "leaf-class")
)
Stated = tuple[Place, Quad]


def structure(
    stated: Sequence[Stated], model: Model, closed: ClosedClasses, names: Names
) -> Iterator[Result]:
    """The faults in how data is built, whose quads and their places are given."""
    rules = _Rules(model, closed, names)
    yield from rules.blank_nodes(stated)
    subjects: dict[Term, list[Stated]] = defaultdict(list)
    for place, quad in stated:
        yield from rules.graph(place, quad)
        yield from rules.time(place, quad)
        if isinstance(quad.subject, NamedNode):
            subjects[quad.subject].append((place, quad))
    for described in subjects.values():
        yield from rules.types(described)
        yield from rules.properties(described)


class _Rules:
    def __init__(self, model: Model, closed: ClosedClasses, names: Names) -> None:
        self.classes = model.classes
        self.names = names
        self.closed = closed

    def blank_nodes(self, stated: Sequence[Stated]) -> Iterator[Result]:
        """Each blank node once: where something with an IRI links to it, else by itself."""
        linked = {quad.object for _, quad in stated if isinstance(quad.object, BlankNode)}
        alone: set[Term] = set()
        for place, quad in stated:
            if not isinstance(quad.subject, BlankNode):
                if isinstance(quad.object, BlankNode):
                    yield self._at_value("no-blank-node", place, quad)
            elif quad.subject not in linked | alone:
                alone.add(quad.subject)
                yield self._at_node("no-blank-node", place, quad)

    def graph(self, place: Place, quad: Quad) -> Iterator[Result]:
        if isinstance(quad.graph_name, NamedNode) and quad.graph_name.value in RESERVED_GRAPHS:
            yield self._at_node("own-graph", place, quad, name=quad.graph_name.value)

    def time(self, place: Place, quad: Quad) -> Iterator[Result]:
        term = quad.object
        if isinstance(term, Literal) and term.datatype.value == ns.EDTF:
            try:
                bounds(term.value)
            except InvalidInput:
                yield self._at_value("readable-time", place, quad, value=term.value)

    def types(self, described: Sequence[Stated]) -> Iterator[Result]:
        """Exactly one type, which is a concrete class of the Model."""
        types = {quad.object: (place, quad) for place, quad in described if _is_type(quad)}
        if not types:
            yield self._at_node("typed", *described[0])
        elif len(types) > 1:
            listed = self._list(sorted(self.names.full(term) for term in types))
            first = next(iter(types.values()))
            yield self._at_node("one-type", *first, count=len(types), types=listed)
        else:
            yield from self._type(*next(iter(types.values())))

    def _type(self, place: Place, quad: Quad) -> Iterator[Result]:
        iri = self.names.full(quad.object)
        name = self.names.compact(iri)
        known = self.classes.get(iri)
        if known is None:
            concrete = [c.iri for c in self.classes.values() if not c.abstract]
            near = self._near(iri, concrete)
            yield self._at_value("known-class", place, quad, near, name=name)
        elif known.abstract:
            leaves = self._list(known.leaves)
            yield self._at_value("leaf-class", place, quad, name=name, leaves=leaves)

    def properties(self, described: Sequence[Stated]) -> Iterator[Result]:
        """Only properties of the subject's class, or of any where it has no proper class."""
        leaf = self._leaf(described)
        stated, derived = self.closed.stated(leaf), self.closed.derived(leaf)
        for place, quad in described:
            predicate = quad.predicate.value
            name = self.names.compact(predicate)
            if predicate in stated or _is_type(quad):
                continue
            if predicate in derived:
                yield self._at_value("not-derived", place, quad, name=name)
            elif leaf and (owners := self.closed.owners(predicate)):
                shown = {"type": self.names.compact(leaf), "owners": self._list(owners)}
                near = self._field(predicate, leaf)
                yield self._at_value("own-property", place, quad, near, name=name, **shown)
            else:
                near = self._near(predicate, stated) or self._field(predicate, leaf)
                yield self._at_value("known-property", place, quad, near, name=name)

    def _leaf(self, described: Sequence[Stated]) -> str | None:
        types = {self.names.full(quad.object) for _, quad in described if _is_type(quad)}
        known = self.classes.get(types.pop()) if len(types) == 1 else None
        return known.iri if known and not known.abstract else None

    def _field(self, predicate: str, leaf: str | None) -> str | None:
        """The property whose field is called as this one is, which a front end may have read."""
        properties = self.classes[leaf].properties if leaf else ()
        stated = {p.name: p.predicate for p in properties if p.predicate and not p.read_only}
        found = stated.get(local_name(predicate))
        return self.names.compact(found) if found and found != predicate else None

    def _near(self, iri: str, candidates: Iterable[str]) -> str | None:
        by_name = {local_name(candidate): candidate for candidate in sorted(candidates)}
        found = get_close_matches(local_name(iri), by_name, n=1, cutoff=0.7)
        return self.names.compact(by_name[found[0]]) if found else None

    def _list(self, iris: Iterable[str]) -> str:
        return ", ".join(self.names.compact(iri) for iri in iris)

    def _at_node(self, rule: str, place: Place, quad: Quad, **values: object) -> Result:
        return Result(
            severity="Violation",
            focus=self.names.full(quad.subject),
            focus_labels=self.names.labels(quad.subject),
            path="",
            path_labels={},
            value=None,
            value_labels={},
            messages=phrases.fill(phrases.STRUCTURE[rule], **values),
            constraint=f"{ns.SHAPES}structure-{rule}",
            file=place.file,
            line=place.line,
        )

    def _at_value(
        self, rule: str, place: Place, quad: Quad, near: str | None = None, **values: object
    ) -> Result:
        messages = phrases.fill(phrases.STRUCTURE[rule], **values)
        return Result(
            severity="Violation",
            focus=self.names.full(quad.subject),
            focus_labels=self.names.labels(quad.subject),
            path=self.names.path(quad.predicate.value),
            path_labels=self.names.labels(quad.predicate),
            value=self.names.full(quad.object),
            value_labels=self.names.labels(quad.object),
            messages=phrases.suggest(messages, near) if near else messages,
            constraint=f"{ns.SHAPES}structure-{rule}",
            file=place.file,
            line=place.line,
        )


def _is_type(quad: Quad) -> bool:
    return quad.predicate.value == ns.RDF_TYPE
