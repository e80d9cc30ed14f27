"""How much there is of what in a dataset, counted once for each release."""

from collections.abc import Mapping
from dataclasses import dataclass

from kizuna.dataset.releases import Dataset
from kizuna.terms import Literal, NamedNode, Term

TRIPLES = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
SUBJECTS = "SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s ?p ?o }"
OBJECTS = "SELECT (COUNT(DISTINCT ?o) AS ?n) WHERE { ?s ?p ?o }"
GRAPHS = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
CLASSES = "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?c } GROUP BY ?c"
PROPERTIES = """
    SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)
    WHERE { ?s ?p ?o } GROUP BY ?p"""


@dataclass(frozen=True)
class Usage:
    """How a property is used: in how many triples, with how many subjects and objects."""

    triples: int
    subjects: int
    objects: int


@dataclass(frozen=True)
class Statistics:
    """What VoID tells of a dataset (https://www.w3.org/TR/void/#statistics).

    ``entities`` are the subjects with an identifier in the ontology's own space; ``graphs`` tells
    the triples of each graph, ``classes`` the members of each class.
    """

    triples: int
    entities: int
    subjects: int
    objects: int
    graphs: Mapping[str, int]
    classes: Mapping[str, int]
    properties: Mapping[str, Usage]


def statistics(dataset: Dataset) -> Statistics:
    """The statistics of a dataset, over the union of its graphs."""
    select = dataset.store.reader().select
    properties = {
        _iri(name): Usage(_number(n), _number(subjects), _number(objects))
        for name, n, subjects, objects in select(PROPERTIES).rows
    }
    return Statistics(
        triples=_number(select(TRIPLES).rows[0][0]),
        entities=sum(
            _number(select(_entities(base)).rows[0][0]) for base in dataset.model.id_bases
        ),
        subjects=_number(select(SUBJECTS).rows[0][0]),
        objects=_number(select(OBJECTS).rows[0][0]),
        graphs=dict(sorted((_iri(g), _number(n)) for g, n in select(GRAPHS).rows)),
        classes=dict(sorted((_iri(c), _number(n)) for c, n in select(CLASSES).rows)),
        properties=dict(sorted(properties.items())),
    )


def _entities(base: str) -> str:
    return (
        "SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?c "
        f"FILTER(STRSTARTS(STR(?s), {Literal(base)})) }}"
    )


def _iri(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)


def _number(term: Term | None) -> int:
    return int(term.value) if isinstance(term, Literal) else 0
