"""What the SPARQL endpoint says of itself: https://www.w3.org/TR/sparql11-service-description/"""

from collections.abc import Mapping
from dataclasses import dataclass

from kizuna import namespaces as ns
from kizuna.dataset.formats import SOLUTIONS, TRIPLES, written
from kizuna.terms import Literal, NamedNode, Term, Triple

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
FORMATS = "http://www.w3.org/ns/formats/"
PREFIXES = {"sd": SD, "void": VOID, "formats": FORMATS, "xsd": ns.XSD}

# https://www.w3.org/ns/formats/
NAMES = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "ttl": "Turtle",
    "nt": "N-Triples",
    "rdf": "RDF_XML",
    "jsonld": "JSON-LD",
    "trig": "TriG",
    "nq": "N-Quads",
}


def description(endpoint: str, graphs: Mapping[str, int], triples: int, media_type: str) -> bytes:
    """The description of the service at ``endpoint``, in one of the formats of triples.

    ``graphs`` tells how many triples each named graph holds; ``triples`` how many their union does.
    """
    service, dataset, union = (f"{endpoint}#{part}" for part in ("service", "dataset", "union"))
    named = [_Named(endpoint, number, graph) for number, graph in enumerate(sorted(graphs), 1)]
    told = [
        *_typed(service, SD + "Service"),
        _link(service, SD + "endpoint", endpoint),
        _link(service, SD + "supportedLanguage", SD + "SPARQL11Query"),
        _link(service, SD + "feature", SD + "UnionDefaultGraph"),
        *(_link(service, SD + "resultFormat", FORMATS + NAMES[s]) for s in (*SOLUTIONS, *TRIPLES)),
        _link(service, SD + "defaultDataset", dataset),
        *_typed(dataset, SD + "Dataset"),
        _link(dataset, SD + "defaultGraph", union),
        *(_link(dataset, SD + "namedGraph", graph.entry) for graph in named),
        *_graph(union, triples),
    ]
    for graph in named:
        told += [*graph.told(), *_graph(graph.content, graphs[graph.name])]
    return written(told, media_type, PREFIXES)


@dataclass(frozen=True)
class _Named:
    """A graph of the dataset under its name, as the description's own resources."""

    endpoint: str
    number: int
    name: str

    @property
    def entry(self) -> str:
        return f"{self.endpoint}#graph-{self.number}"

    @property
    def content(self) -> str:
        return f"{self.endpoint}#content-{self.number}"

    def told(self) -> list[Triple]:
        return [
            *_typed(self.entry, SD + "NamedGraph"),
            _link(self.entry, SD + "name", self.name),
            _link(self.entry, SD + "graph", self.content),
        ]


def _typed(subject: str, type_iri: str) -> list[Triple]:
    return [_link(subject, ns.RDF_TYPE, type_iri)]


def _graph(graph: str, triples: int) -> list[Triple]:
    return [*_typed(graph, SD + "Graph"), _triple(graph, VOID + "triples", Literal(triples))]


def _link(subject: str, predicate: str, target: str) -> Triple:
    return _triple(subject, predicate, NamedNode(target))


def _triple(subject: str, predicate: str, value: Term) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), value)
