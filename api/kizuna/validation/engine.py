"""pySHACL, set up to be quick and quiet and never to open an address.

Neither advanced features nor inference nor ``owl:imports`` are asked of it.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import pyshacl
from rdflib import BNode, Graph, Literal, URIRef, Variable
from rdflib.namespace import SH, XSD
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Processor
from rdflib.query import Result as QueryResult
from rdflib.term import Identifier, Node

from kizuna import namespaces as ns
from kizuna import terms
from kizuna.dataset.files import distinct
from kizuna.dataset.store import EmbeddedStore
from kizuna.errors import InvalidInput
from kizuna.model import to_graph, to_node
from kizuna.terms import Quad

SAID = frozenset({SH.name, SH.description, SH.message, SH.order, SH.group})
LOGGERS = ("rdflib.term", "pyshacl-validate")


class Data(Graph):
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
        bound = {name: to_term(node) for name, node in (initBindings or {}).items()}
        solutions = self._reader.select(str(query_object), bound)
        found = QueryResult("SELECT")
        found.vars = [Variable(name) for name in solutions.columns]
        found.bindings = [
            {name: to_node(term) for name, term in zip(found.vars, row, strict=True) if term}
            for row in solutions.rows
        ]
        return found


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the engine from logging what is reported anyway: a datatype's shape tells of each
    ill-formed literal, and an error is raised for each shape that can't be used."""

    def refuse(record: logging.LogRecord) -> bool:
        return False

    loggers = [logging.getLogger(name) for name in LOGGERS]
    for logger in loggers:
        logger.addFilter(refuse)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(refuse)


def run(data: Data, shapes: Graph) -> Graph:
    """The report of what the shapes, save those of derived properties, find in the data.

    Raises InvalidInput for shapes that can't be used.
    """
    try:
        _, report, reason = pyshacl.validate(data, shacl_graph=_constraints(shapes), inplace=True)
    except Exception as error:  # a faulty query makes rdflib raise no narrower one
        raise InvalidInput(f"the shapes can't be used: {_line(error)}") from error
    if not isinstance(report, Graph):
        raise InvalidInput(f"the shapes can't be used: {_line(reason)}")
    return report


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


def _line(reason: object) -> str:
    return " ".join(str(reason).split())


def to_term(node: Node) -> terms.Term:
    """The rdflib node as a term."""
    if isinstance(node, URIRef):
        return terms.NamedNode(node)
    if isinstance(node, BNode):
        return terms.BlankNode(node)
    if not isinstance(node, Literal):
        raise TypeError(node)
    if node.language:
        return terms.Literal(node, language=node.language)
    return terms.Literal(node, datatype=terms.NamedNode(node.datatype or XSD.string))
