"""What an ontology reviewer looks for: a row of a query in queries/checks is a fault."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, RdfFormat, Store
from pyshacl import validate
from pyshacl.errors import ReportableRuntimeError
from rdflib import Graph

from kizuna.namespaces import SH, TERMS
from kizuna.resources import ONTOLOGY, QUERIES

SOUND = Path(__file__).parent / "checks" / "sound.ttl"
CHECKS = {file.stem: file.read_text() for file in sorted((QUERIES / "checks").glob("*.rq"))}

FAULTS = {
    "term-label": ["DELETE DATA { ij:Modality rdfs:label 'modalità'@it }"],
    "term-definition": ["DELETE WHERE { ij:closed skos:definition ?text }"],
    "term-defined-by": ["DELETE WHERE { ij:Modality rdfs:isDefinedBy ?ontology }"],
    "property-domain": ["DELETE WHERE { ij:certainty rdfs:domain ?class }"],
    "property-range": ["DELETE WHERE { ij:certainty rdfs:range ?class }"],
    "property-kind": ["INSERT DATA { shape:Modality-certainty sh:class ij:Modality }"],
    "header": [
        "DELETE WHERE { ?ontology a owl:Ontology }",
        "INSERT DATA { <https://example.org/other> a owl:Ontology }",
        "DELETE WHERE { ?ontology dcterms:license ?licence }",
        "DELETE WHERE { ?ontology dcterms:creator ?creator }",
        "DELETE WHERE { ?ontology dcterms:title ?title }",
        "DELETE WHERE { ?ontology vann:preferredNamespacePrefix ?prefix }",
        "INSERT { ?o owl:versionIRI ?o } WHERE { ?o a owl:Ontology }",
        "INSERT { ?o vann:preferredNamespaceUri 'urn:x' } WHERE { ?o a owl:Ontology }",
    ],
    "concept-label": [
        "DELETE DATA { modality:likely skos:prefLabel '有力'@ja }",
        "DELETE WHERE { vocab:modality skos:prefLabel ?text }",
    ],
    "concept-definition": ["DELETE WHERE { modality:likely skos:definition ?text }"],
    "concept-scheme": [
        "DELETE WHERE { modality:likely skos:inScheme ?scheme }",
        "DELETE WHERE { modality:likely skos:topConceptOf ?scheme }",
        "INSERT DATA { modality:likely skos:inScheme vocab:basis }",
    ],
    "concept-class": [
        "INSERT DATA { modality:likely a skos:Concept }",
        "DELETE WHERE { modality:likely a ij:Modality }",
    ],
    "concept-duplicate-label": ["INSERT DATA { modality:likely skos:prefLabel 'Planned'@en }"],
    "concept-broader": [
        "INSERT DATA { modality:likely skos:broader modality:planned }",
        "INSERT DATA { modality:likely skos:broader vocab:basis }",
    ],
    "scheme": [
        "DELETE WHERE { vocab:modality ij:closed ?closed }",
        "INSERT DATA { vocab:modality ij:conceptClass skos:Concept }",
    ],
    "scheme-of-class": ["DELETE WHERE { vocab:modality ij:conceptClass ?class }"],
    "modality-scale": [
        "DELETE WHERE { modality:likely ij:polarity ?polarity }",
        "INSERT DATA { modality:likely ij:certainty 5 }",
    ],
    "hijacked-term": [
        "INSERT DATA { skos:prefLabel rdfs:domain ij:Modality }",
        "INSERT DATA { ij:Concept owl:equivalentClass skos:Concept }",
        "INSERT DATA { dcterms:title a owl:FunctionalProperty }",
    ],
    "dangling-term": [
        "INSERT DATA { modality:likely skos:related modality:probable }",
        "INSERT DATA { modality:likely ij:certanty 3 }",
        "INSERT DATA { ij:Modalty skos:closeMatch skos:Concept }",
        "INSERT DATA { shape:Modality sh:property shape:Modality-polarity }",
    ],
    "class-disjoint": [
        "DELETE WHERE { ij:Basis owl:disjointWith ?class }",
        "INSERT DATA { ij:Other a owl:Class }",
    ],
    "class-cycle": [
        "INSERT DATA { ij:Concept rdfs:subClassOf ij:Modality }",
        "INSERT DATA { ij:certainty rdfs:subPropertyOf ij:certainty }",
    ],
    "shape-iri": [
        "INSERT DATA { shape:Modality sh:property [ sh:path ij:polarity ] }",
        "INSERT DATA { ij:Group a sh:PropertyGroup }",
    ],
    "shape-target": [
        "DELETE WHERE { shape:Modality sh:property shape:Modality-certainty-top }",
        "DELETE WHERE { shape:Modality sh:targetClass ?class }",
    ],
    "shape-text": [
        "DELETE DATA { shape:Modality-certainty sh:name 'certezza'@it }",
        "DELETE WHERE { shape:Modality-certainty sh:description ?text }",
        "DELETE WHERE { shape:Modality-certainty sh:order ?order }",
        "DELETE WHERE { shape:Modality sh:property shape:Modality-certainty }",
    ],
    "shape-message": [
        "DELETE WHERE { shape:Modality-certainty-top sh:message ?text }",
        "DELETE WHERE { shape:Modality-constraint sh:message ?text }",
    ],
    "group-label": [
        "DELETE WHERE { shape:about rdfs:label ?text }",
        "DELETE WHERE { shape:about sh:order ?order }",
    ],
}


def loaded(files: list[Path]) -> Store:
    store = Store()
    for file in files:
        store.load(path=file, format=RdfFormat.TURTLE)
    return store


def ontology_files(folder: Path = ONTOLOGY) -> list[Path]:
    apart = {ONTOLOGY / "examples", ONTOLOGY / "imports"}
    return [f for f in sorted(folder.rglob("*.ttl")) if apart.isdisjoint(f.parents)]


def solutions(store: Store, query: str) -> QuerySolutions:
    found = store.query(query)
    assert isinstance(found, QuerySolutions)
    return found


def rows(store: Store, query: str) -> list[str]:
    return [" ".join(str(value) for value in row) for row in solutions(store, query)]


def prefixes() -> str:
    declared = re.findall(r"@prefix (\w+: <[^>]+>) \.", SOUND.read_text())
    return "".join(f"PREFIX {prefix}\n" for prefix in declared)


@pytest.fixture(scope="module")
def ontology() -> Store:
    return loaded(ontology_files())


def test_checks_are_all_collected() -> None:
    assert len(CHECKS) >= 25


@pytest.mark.parametrize("check", CHECKS)
def test_ontology_has_no_fault(ontology: Store, check: str) -> None:
    assert rows(ontology, CHECKS[check]) == []


@pytest.mark.parametrize("check", CHECKS)
def test_sound_sample_has_no_fault(check: str) -> None:
    assert rows(loaded([SOUND]), CHECKS[check]) == []


@pytest.mark.parametrize(
    ("check", "update"),
    [(check, update) for check, updates in FAULTS.items() for update in updates],
)
def test_check_finds_fault(check: str, update: str) -> None:
    store = loaded([SOUND])
    store.update(prefixes() + update)
    assert rows(store, CHECKS[check]) != []


def test_every_check_is_shown_to_fail() -> None:
    assert set(FAULTS) == set(CHECKS)


@pytest.mark.parametrize("query", CHECKS.values(), ids=CHECKS.keys())
def test_check_says_what_is_wrong_and_how_to_mend_it(query: str) -> None:
    assert re.match(r"# Fault: .+\n# Mend:  .+\n", query)


def queries(ontology: Store) -> Iterator[tuple[str, str]]:
    for file in sorted(QUERIES.rglob("*.rq")):
        yield file.name, file.read_text()
    for constraint, text in solutions(ontology, f"SELECT ?s ?text {{ ?s <{SH}select> ?text }}"):
        yield str(constraint), text.value


def test_queries_name_only_terms_that_are_defined(ontology: Store) -> None:
    defined = {term.value for (term,) in solutions(ontology, "SELECT ?term { ?term a ?class }")}
    unknown = {
        f"{name}: ij:{term}"
        for name, text in queries(ontology)
        for term in re.findall(r"\bij:(\w+)", text)
        if TERMS + term not in defined
    }
    assert unknown == set()


def shapes_graph() -> Graph:
    graph = Graph()
    for file in ontology_files(ONTOLOGY / "shapes"):
        graph.parse(file)
    return graph


def test_shapes_conform_to_shacl_of_shacl() -> None:
    """https://www.w3.org/TR/shacl/#shacl-shacl"""
    shapes = shapes_graph()
    assert len(shapes) > 0
    conforms, _, report = validate(Graph(), shacl_graph=shapes, meta_shacl=True)
    assert conforms, report


def test_shacl_of_shacl_finds_a_faulty_shape() -> None:
    faulty = Graph().parse(
        format="turtle",
        data="""
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        <urn:shape> a sh:PropertyShape ; sh:path <urn:path> ; sh:minCount "one" .
        """,
    )
    with pytest.raises(ReportableRuntimeError, match="minCount"):
        validate(Graph(), shacl_graph=faulty, meta_shacl=True)
