"""What the ontology's own shapes say of data.

Validation follows https://www.w3.org/TR/shacl/#validation; its results are told in the words of
the shapes' ``sh:message``, in every language that they speak, with labels for IRIs.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.extras.shacl import parse_shacl_path
from rdflib.namespace import SH
from rdflib.paths import InvPath, Path, SequencePath
from rdflib.term import Node

from kizuna import namespaces as ns
from kizuna import terms
from kizuna.dataset.files import Ontology
from kizuna.dataset.times import readable_bounds
from kizuna.model import Texts, to_graph
from kizuna.terms import Quad, local_name
from kizuna.validation import phrases
from kizuna.validation.causes import Finding, Link
from kizuna.validation.engine import Data, quiet, run, to_term
from kizuna.validation.names import Names, text
from kizuna.validation.places import Place, Places
from kizuna.validation.results import SEVERITIES, Result

_IRI = re.compile(r"<([^<>]*)>")
_PLACEHOLDER = re.compile(r"\{[$?](this|path|value)\}")


def shape_results(
    stated: Sequence[Quad], ontology: Ontology, names: Names, places: Places
) -> Iterator[Finding]:
    """What is wrong, by the shapes, with the nodes that have a place.

    The shapes look at what is stated, the ontology, its vocabularies, and the bounds of times.
    Shapes of derived properties are left out, since what is derived isn't there yet. Raises
    InvalidInput for shapes that can't be used.
    """
    with quiet():
        data = Data([*stated, *ontology.quads, *readable_bounds(stated)])
        # The ontology declares the prefixes of the shapes' queries.
        rules = to_graph([*ontology.shapes, *ontology.quads])
    yield from findings(data, rules, rules, names, places)


def findings(
    data: Data, rules: Graph, chosen: Graph, names: Names, places: Places
) -> Iterator[Finding]:
    """What the chosen ones of the rules find wrong with the nodes that have a place."""
    with quiet():
        report = run(data, chosen)
    reader = _Reader(report, rules, data, names, places)
    for node in report.objects(None, SH.result):
        focus = to_term(next(report.objects(node, SH.focusNode)))
        if places.node(focus) and not isinstance(focus, terms.BlankNode):
            yield reader.finding(node)


class _Reader:
    """Reads results off a report, and what they say off the shapes."""

    def __init__(
        self, report: Graph, shapes: Graph, data: Graph, names: Names, places: Places
    ) -> None:
        self.report = report
        self.shapes = shapes
        self.data = data
        self.names = names
        self.places = places

    def finding(self, node: Node) -> Finding:
        path = self._path(node)
        links = self._along(node, path) if isinstance(path, SequencePath | InvPath) else ()
        return Finding(self._result(node, path), frozenset(links))

    def _result(self, node: Node, path: URIRef | Path | None) -> Result:
        focus, value = to_term(self._of(node, SH.focusNode)), self._value(node)
        shape = self._of(node, SH.sourceShape)
        written = self._written(path)
        place = self._place(focus, path, value)
        path_labels = self._path_labels(shape, path)
        severity = local_name(str(self._of(node, SH.resultSeverity)))
        fillers = {"this": self._spoken(focus), "value": self._spoken(value)}
        fillers["path"] = lambda language: text(path_labels, language) or written
        return Result(
            severity=next((s for s in SEVERITIES if s == severity), "Violation"),
            focus=self.names.full(focus),
            focus_labels=self.names.labels(focus),
            path=written,
            path_labels=path_labels,
            value=self.names.full(value) if value else None,
            value_labels=self.names.labels(value) if value else {},
            messages=_filled(self._messages(node, shape), fillers),
            constraint=self._constraint(node, shape),
            file=place.file,
            line=place.line,
        )

    def _of(self, node: Node, predicate: URIRef) -> Node:
        return next(self.report.objects(node, predicate))

    def _value(self, node: Node) -> terms.Term | None:
        """The value at fault; none for a node shape, whose value is the focus node over again."""
        found = self.report.value(node, SH.value)
        own = found == self.report.value(node, SH.focusNode)
        return None if found is None or own else to_term(found)

    def _path(self, node: Node) -> URIRef | Path | None:
        path = self.report.value(node, SH.resultPath)
        if isinstance(path, BNode):
            path = self.shapes.value(self._of(node, SH.sourceShape), SH.path)
        return None if path is None else parse_shacl_path(self.shapes, path)

    def _written(self, path: URIRef | Path | None) -> str:
        return _IRI.sub(lambda iri: self.names.path(iri[1]), path.n3()) if path else ""

    def _path_labels(self, shape: Node, path: URIRef | Path | None) -> Texts:
        """What the shape calls its path, else what the property is called."""
        own = self._texts(shape, SH.name) if (shape, SH.path, None) in self.shapes else {}
        return own or (self.names.labels(to_term(path)) if isinstance(path, URIRef) else {})

    def _along(self, node: Node, path: SequencePath | InvPath) -> Iterator[Link]:
        """The links that the path runs along from the focus node, and those that it misses."""
        ends = {self._of(node, SH.focusNode)}
        for step in path.args if isinstance(path, SequencePath) else [path]:
            inverse = isinstance(step, InvPath)
            predicate = step.arg if isinstance(step, InvPath) else step
            if not isinstance(predicate, URIRef):
                return
            written = self._written(predicate)
            pairs = [(near, far) for near in ends for far in self._far(near, predicate, inverse)]
            for near, far in pairs:
                subject, value = (far, near) if inverse else (near, far)
                yield self.names.full(to_term(subject)), written, self.names.full(to_term(value))
            if not inverse:
                yield from ((self.names.full(to_term(near)), written, None) for near in ends)
            ends = {far for _, far in pairs}

    def _far(self, near: Node, predicate: URIRef, inverse: bool) -> Iterator[Node]:
        if inverse:
            return self.data.subjects(predicate, near)
        return self.data.objects(near, predicate)

    def _place(
        self, focus: terms.Term, path: URIRef | Path | None, value: terms.Term | None
    ) -> Place:
        """Where the triple at fault stands, else its focus node."""
        found = None
        if isinstance(path, URIRef) and value and isinstance(focus, terms.NamedNode):
            found = self.places.triple(terms.Triple(focus, terms.NamedNode(path), value))
        return found or self.places.node(focus) or Place("")

    def _messages(self, node: Node, shape: Node) -> Texts:
        """The templates of the constraint, else of its shape, else of our own."""
        source = self.report.value(node, SH.sourceConstraint)
        stated = self._texts(source, SH.message) if source is not None else {}
        if stated := stated or self._texts(shape, SH.message):
            return stated
        component = local_name(str(self._of(node, SH.sourceConstraintComponent)))
        name = component.removesuffix("ConstraintComponent")
        parameter = URIRef(f"{ns.SH}{name[:1].lower()}{name[1:]}")
        values = (to_term(v) for v in self.shapes.objects(shape, parameter))
        shown = sorted(self.names.compact(self.names.full(v)) for v in values)
        return phrases.fill(phrases.UNMET, name=" ".join([self.names.compact(parameter), *shown]))

    def _constraint(self, node: Node, shape: Node) -> str:
        """The nearest to the constraint that has an IRI, at worst the kind of constraint."""
        source = self.report.value(node, SH.sourceConstraint)
        around = [source, shape, *sorted(self.shapes.subjects(SH.property, shape), key=str)]
        named = (near for near in around if isinstance(near, URIRef))
        return str(next(named, self._of(node, SH.sourceConstraintComponent)))

    def _texts(self, node: Node, predicate: URIRef) -> dict[str, str]:
        found = sorted(t for t in self.shapes.objects(node, predicate) if isinstance(t, Literal))
        return {t.language or "": str(t) for t in found}

    def _spoken(self, term: terms.Term | None) -> Callable[[str], str]:
        return lambda language: self.names.spoken(term, language) if term else ""


def _filled(templates: Texts, fillers: Mapping[str, Callable[[str], str]]) -> dict[str, str]:
    """The templates by language, their placeholders filled in that language.

    https://www.w3.org/TR/shacl/#sparql-constraints-messages
    """

    def filled(template: str, language: str) -> str:
        return _PLACEHOLDER.sub(lambda found: fillers[found[1]](language), template)

    return {language: filled(templates[language], language) for language in sorted(templates)}
