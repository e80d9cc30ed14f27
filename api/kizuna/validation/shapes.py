"""What the ontology's own shapes say of data.

Validation follows https://www.w3.org/TR/shacl/#validation; its results are told in the words of
the shapes' ``sh:message``, in every language that they speak, with labels for IRIs.
"""

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

import pyshacl
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.extras.shacl import parse_shacl_path
from rdflib.namespace import SH, XSD
from rdflib.paths import InvPath, Path, SequencePath
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Processor
from rdflib.query import Result as QueryResult
from rdflib.term import Identifier, Node, Variable

from kizuna import namespaces as ns
from kizuna import terms
from kizuna.dataset.files import distinct
from kizuna.dataset.store import EmbeddedStore
from kizuna.errors import InvalidInput
from kizuna.model import Texts, to_graph, to_node
from kizuna.terms import Quad, local_name
from kizuna.validation import phrases
from kizuna.validation.causes import Finding, Link
from kizuna.validation.names import Names, text
from kizuna.validation.places import Place, Places
from kizuna.validation.results import SEVERITIES, Result

SAID = frozenset({SH.name, SH.description, SH.message, SH.order, SH.group})
_IRI = re.compile(r"<([^<>]*)>")
_PLACEHOLDER = re.compile(r"\{[$?](this|path|value)\}")


def shape_results(
    known: Iterable[Quad], shapes: Iterable[Quad], names: Names, places: Places
) -> Iterator[Finding]:
    """What is wrong, by the shapes, with the nodes that have a place.

    ``known`` is all that the shapes may look at: data, ontology, vocabularies. Shapes of derived
    properties are left out, since what is derived isn't there yet. Raises InvalidInput for shapes
    that can't be used.
    """
    with _quiet_about_literals():
        data, rules = _Data(known), to_graph(shapes)
        report = _validate(data, _constraints(rules))
    reader = _Reader(report, rules, data, names, places)
    for node in report.objects(None, SH.result):
        focus = _term(next(report.objects(node, SH.focusNode)))
        if places.node(focus) and not isinstance(focus, terms.BlankNode):
            yield reader.finding(node)


class _Data(Graph):
    """A graph whose SPARQL the embedded store answers: rdflib is far slower at joins, and would
    parse the same query for each focus node."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        triples = distinct(quads)
        graph = to_graph(triples)
        super().__init__(store=graph.store, identifier=graph.identifier)
        self._reader = EmbeddedStore(triples).reader()

    def query(
        self,
        query_object: str | Query,
        processor: str | Processor = "",
        result: str | type[QueryResult] = "",
        initNs: Mapping[str, object] | None = None,  # noqa: N803 - as rdflib names it
        initBindings: Mapping[str, Identifier] | None = None,  # noqa: N803
        use_store_provided: bool = True,
        **options: object,
    ) -> QueryResult:
        bound = {name: _term(node) for name, node in (initBindings or {}).items()}
        solutions = self._reader.select(str(query_object), bound)
        found = QueryResult("SELECT")
        found.vars = [Variable(name) for name in solutions.columns]
        found.bindings = [
            {name: to_node(term) for name, term in zip(found.vars, row, strict=True) if term}
            for row in solutions.rows
        ]
        return found


@contextmanager
def _quiet_about_literals() -> Iterator[None]:
    """Keep rdflib from logging each ill-formed literal: the datatype's shape reports it."""

    def refuse(record: logging.LogRecord) -> bool:
        return False

    logger = logging.getLogger("rdflib.term")
    logger.addFilter(refuse)
    try:
        yield
    finally:
        logger.removeFilter(refuse)


def _constraints(shapes: Graph) -> Graph:
    """The shapes without what they say to people, which pySHACL would go through again for each
    focus node, and with those of derived properties switched off."""
    constraints = Graph()
    for triple in shapes:
        if triple[1] not in SAID:
            constraints.add(triple)
    for derived in shapes.subjects(URIRef(ns.DASH_READ_ONLY), Literal(True)):
        constraints.set((derived, SH.deactivated, Literal(True)))
    return constraints


def _validate(data: Graph, shapes: Graph) -> Graph:
    try:
        _, report, reason = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
    except Exception as error:  # a faulty query makes rdflib raise no narrower one
        raise InvalidInput(f"the shapes can't be used: {_line(error)}") from error
    if not isinstance(report, Graph):
        raise InvalidInput(f"the shapes can't be used: {_line(reason)}")
    return report


def _line(reason: object) -> str:
    return " ".join(str(reason).split())


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
        focus, value = _term(self._of(node, SH.focusNode)), self._value(node)
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
        return None if found is None or own else _term(found)

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
        return own or (self.names.labels(_term(path)) if isinstance(path, URIRef) else {})

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
                yield self.names.full(_term(subject)), written, self.names.full(_term(value))
            if not inverse:
                yield from ((self.names.full(_term(near)), written, None) for near in ends)
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
        values = (_term(v) for v in self.shapes.objects(shape, parameter))
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


def _term(node: Node) -> terms.Term:
    if isinstance(node, URIRef):
        return terms.NamedNode(node)
    if isinstance(node, BNode):
        return terms.BlankNode(node)
    if not isinstance(node, Literal):
        raise TypeError(node)
    if node.language:
        return terms.Literal(node, language=node.language)
    return terms.Literal(node, datatype=terms.NamedNode(node.datatype or XSD.string))
