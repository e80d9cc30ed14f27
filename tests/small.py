"""Small ontologies, each written out in the test that needs it."""

from pyoxigraph import RdfFormat, parse

from kizuna.dataset.derivation import derive
from kizuna.dataset.releases import Dataset, Release
from kizuna.dataset.store import EmbeddedStore
from kizuna.graphql.schema import Api
from kizuna.model import Model, read_model
from kizuna.terms import NamedNode, Quad

NS = "https://example.org/small#"
SHAPE = "https://example.org/small/shapes#"
PREFIXES = f"""
BASE <https://example.org/small>
PREFIX : <{NS}>
PREFIX s: <{SHAPE}>
PREFIX v: <https://example.org/small/vocab/>
PREFIX id: <https://example.org/small/id/>
PREFIX ij: <https://w3id.org/italy-japan/ns#>
PREFIX dash: <http://datashapes.org/dash#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""


def quads(turtle: str) -> list[Quad]:
    """The quads of a piece of Turtle."""
    graph = NamedNode("https://example.org/small/graph")
    triples = parse((PREFIXES + turtle).encode(), format=RdfFormat.TURTLE)
    return [Quad(t.subject, t.predicate, t.object, graph) for t in triples]


def a_class(name: str, about: str = "", *shapes: str) -> str:
    """A class with its node shape; each property shape is what follows ``a sh:PropertyShape ;``.

    A property shape is named after the class, the first word being the rest of its name.
    """
    lines = [f":{name} a owl:Class {about}.", f"s:{name} sh:targetClass :{name} ."]
    for shape in shapes:
        field, _, rest = shape.partition(" ")
        lines.append(f"s:{name} sh:property s:{name}-{field} . s:{name}-{field} {rest} .")
    return "\n".join(lines) + "\n"


def model_of(turtle: str) -> Model:
    """The Model that classes and shapes in one piece of Turtle make."""
    return read_model(quads(turtle), [])


def api_of(ontology: str, data: str = "") -> Api:
    """GraphQL over a small ontology and its data, whose subjects are ``id:…``."""
    terms = quads(ontology + '<> a owl:Ontology ; void:uriSpace "https://example.org/small/id/" .')
    model = read_model(terms, [])
    store = EmbeddedStore([*terms, *quads(data)])
    derive(store, model, [])
    return Api(Dataset(model, store, Release(0, ""), ""))
