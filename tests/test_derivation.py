"""Derivation: what is added, because of what, and what is left as it is."""

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from kizuna.dataset.derivation import derivation_iri, derive
from kizuna.dataset.files import read_ontology
from kizuna.dataset.releases import load_dataset, read_data
from kizuna.dataset.store import EmbeddedStore
from kizuna.errors import InvalidInput, MalformedData
from kizuna.model import Model, to_graph
from kizuna.namespaces import BECAUSE, DERIVATION, GRAPH_DERIVATION, GRAPH_DERIVED, RDF_TYPE, TERMS
from kizuna.terms import NamedNode, Quad, Triple

LIBRARY = Path(__file__).parent / "library"
SEAS = "https://example.org/seas/"
SEAS_DATA = f"""
    PREFIX : <{SEAS}>
    PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

    :Ship rdfs:subClassOf :Vessel . :Vessel rdfs:subClassOf :Thing, [ a :Restriction ] .
    :vespucci a :Ship . :raft a :Vessel .

    :call-1 :ship :vespucci ; :port :genoa . :call-2 :ship :vespucci ; :port :genoa .
    :call-3 :ship :vespucci ; :port :kobe . :call-4 :ship :raft ; :port :kobe .
    :raft :visited :kobe .
    :genoa :near :savona . :savona :near :imperia .
"""
VISITED = f"""
    PREFIX : <{SEAS}>
    SELECT ?subject (:visited AS ?predicate) ?object ?because WHERE {{
      ?because :ship ?subject ; :port ?object
    }}"""
MODEL = Model(classes={}, schemes={}, id_bases=(SEAS,))


def seas(more: str = "") -> EmbeddedStore:
    triples = parse(SEAS_DATA + more, format=RdfFormat.TURTLE)
    graph = NamedNode("https://example.org/stated")
    return EmbeddedStore(Quad(t.subject, t.predicate, t.object, graph) for t in triples)


def derived(*queries: str, more: str = "") -> EmbeddedStore:
    store = seas(more)
    derive(store, MODEL, [(f"{number}.rq", query) for number, query in enumerate(queries)])
    return store


def triples(store: EmbeddedStore, predicate: str) -> list[tuple[str, str]]:
    """Subject and object, without the namespace, of the predicate's derived triples."""
    return sorted(
        (short(quad.subject), short(quad.object))
        for quad in store.quads()
        if quad.graph_name == NamedNode(GRAPH_DERIVED) and quad.predicate == NamedNode(predicate)
    )


def because(store: EmbeddedStore, subject: str, predicate: str, obj: str) -> list[str]:
    """The facts behind a triple, by its Derivation's properties, one column a Derivation."""
    query = f"""
        PREFIX : <{SEAS}> PREFIX kizuna: <{TERMS}>
        SELECT ?derivation ?because WHERE {{
          ?derivation a kizuna:Derivation ; kizuna:derivedSubject :{subject} ;
            kizuna:derivedPredicate :{predicate} ; kizuna:derivedObject :{obj} ;
            kizuna:because ?because
        }} ORDER BY ?because"""
    rows = store.reader().select(query).rows
    assert len({derivation for derivation, _ in rows}) <= 1
    return [short(fact) for _, fact in rows]


def short(term: object) -> str:
    return term.value.removeprefix(SEAS) if isinstance(term, NamedNode) else str(term)


def derivations(store: EmbeddedStore) -> set[Quad]:
    return {q for q in store.quads() if q.graph_name == NamedNode(GRAPH_DERIVATION)}


def test_superclass_types_are_derived_and_blank_superclasses_are_not() -> None:
    assert triples(derived(), RDF_TYPE) == [
        ("raft", "Thing"),
        ("vespucci", "Thing"),
        ("vespucci", "Vessel"),
    ]


def test_superclass_types_follow_from_derived_types_too() -> None:
    query = f"""
        PREFIX : <{SEAS}>
        SELECT ?subject ?predicate ?object ?because WHERE {{
          ?because :ship :raft
          BIND(:tug AS ?subject) BIND(rdf:type AS ?predicate) BIND(:Ship AS ?object)
        }}"""
    store = derived("PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>" + query)
    assert [kind for ship, kind in triples(store, RDF_TYPE) if ship == "tug"] == [
        "Ship",
        "Thing",
        "Vessel",
    ]


def test_bounds_of_times_are_derived() -> None:
    store = derived(more=f':span <{TERMS}edtf> "2022/.." .')
    day = '"2022-01-01"^^<http://www.w3.org/2001/XMLSchema#date>'
    assert triples(store, TERMS + "earliest") == [("span", day)]
    assert triples(store, TERMS + "latest") == []


def test_a_time_that_cannot_be_read_names_its_subject() -> None:
    with pytest.raises(InvalidInput, match="seas/span>: '2022-13' is no time"):
        derived(more=f':span <{TERMS}edtf> "2022-13" .')


def test_a_bound_that_stands_already_is_not_added_again() -> None:
    more = f':span <{TERMS}edtf> "2022" ; <{TERMS}openEnd> false .'
    assert triples(derived(more=more), TERMS + "openEnd") == []


def test_two_facts_stand_behind_one_derivation() -> None:
    store = derived(VISITED)
    assert triples(store, SEAS + "visited") == [("vespucci", "genoa"), ("vespucci", "kobe")]
    assert because(store, "vespucci", "visited", "genoa") == ["call-1", "call-2"]
    assert because(store, "vespucci", "visited", "kobe") == ["call-3"]


def test_what_is_stated_already_is_not_derived() -> None:
    store = derived(VISITED)
    assert ("raft", "kobe") not in triples(store, SEAS + "visited")
    assert because(store, "raft", "visited", "kobe") == []


def test_what_no_fact_stands_behind_has_no_derivation() -> None:
    query = f"""
        PREFIX : <{SEAS}>
        SELECT DISTINCT ?subject (:afloat AS ?predicate) (true AS ?object) ?because
        WHERE {{ ?call :ship ?subject }}"""
    store = derived(query)
    assert [ship for ship, _ in triples(store, SEAS + "afloat")] == ["raft", "vespucci"]
    assert derivations(store) == set()


def test_a_later_query_builds_on_an_earlier_one() -> None:
    known = f"""
        PREFIX : <{SEAS}>
        SELECT (?port AS ?subject) (:knows AS ?predicate) (?ship AS ?object) ?because WHERE {{
          ?ship :visited ?port . ?because :ship ?ship ; :port ?port
        }}"""
    assert len(triples(derived(VISITED, known), SEAS + "knows")) == 3
    assert triples(derived(known, VISITED), SEAS + "knows") == [("kobe", "raft")]


def test_a_query_runs_until_it_finds_nothing_new() -> None:
    reach = f"""
        PREFIX : <{SEAS}>
        SELECT ?subject (:reach AS ?predicate) ?object ?because
        WHERE {{ {{ ?subject :near ?object }} UNION {{ ?subject :reach/:near ?object }} }}"""
    assert triples(derived(reach), SEAS + "reach") == [
        ("genoa", "imperia"),
        ("genoa", "savona"),
        ("savona", "imperia"),
    ]


def test_a_query_that_never_comes_to_rest_is_refused() -> None:
    count = f"""
        PREFIX : <{SEAS}>
        SELECT ?subject (:count AS ?predicate) ?object ?because WHERE {{
          VALUES ?subject {{ :raft }}
          OPTIONAL {{ ?subject :count ?last }}
          BIND(COALESCE(?last, 0) + 1 AS ?object)
        }}"""
    with pytest.raises(MalformedData, match=r"^0\.rq: still finds new triples after 100 rounds"):
        derived(count)


def test_two_queries_share_a_derivation() -> None:
    again = f"""
        PREFIX : <{SEAS}>
        SELECT ?subject ?predicate ?object ?because WHERE {{
          VALUES (?subject ?predicate ?object ?because) {{ (:vespucci :visited :kobe :log) }}
        }}"""
    store = derived(VISITED, again)
    assert because(store, "vespucci", "visited", "kobe") == ["call-3", "log"]
    assert len(triples(store, SEAS + "visited")) == 2


def test_the_same_input_derives_the_same_quads() -> None:
    first, second = derived(VISITED), seas()
    derive(second, MODEL, [("0.rq", VISITED)])
    assert without_blanks(first) == without_blanks(second)
    derive(second, MODEL, [("0.rq", VISITED)])
    assert without_blanks(first) == without_blanks(second)


def without_blanks(store: EmbeddedStore) -> set[str]:
    return {line for line in map(str, store.quads()) if "_:" not in line}


def test_an_iri_of_a_derivation_comes_from_its_triple() -> None:
    one = NamedNode(SEAS + "one")
    triple, other = Triple(one, one, one), Triple(one, one, NamedNode(SEAS + "two"))
    assert derivation_iri(MODEL, triple) == SEAS + "derivation-39b844bb9f9706fc"
    assert derivation_iri(MODEL, other) != derivation_iri(MODEL, triple)
    elsewhere = derivation_iri(Model(classes={}, schemes={}), triple)
    assert elsewhere == GRAPH_DERIVATION + "/derivation-39b844bb9f9706fc"


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("SELECT ?subject WHERE {", "SPARQL: error at"),
        ("ASK { ?s ?p ?o }", "only SELECT queries"),
        (
            "SELECT * WHERE { ?subject ?predicate ?object }",
            "must SELECT ?subject ?predicate ?object ?because",
        ),
        (
            "SELECT ?subject ?predicate ?object { ?subject ?predicate ?object }",
            "must SELECT ?subject ?predicate ?object ?because",
        ),
        (
            "SELECT ?object ?predicate ?subject ?because { ?subject ?predicate ?object }",
            "must SELECT ?subject ?predicate ?object ?because",
        ),
        (
            "SELECT ?subject ?predicate ?object ?because (1 AS ?n) { ?subject ?predicate ?object }",
            "must SELECT ?subject ?predicate ?object ?because",
        ),
        (
            "SELECT ?subject ?predicate ?object ?because { ?subject ?predicate ?x }",
            "only ?because may be unbound",
        ),
        (
            'SELECT ("ship" AS ?subject) ?predicate ?object ?because { ?s ?predicate ?object }',
            '"ship"',
        ),
        (
            "SELECT ?subject ?predicate (BNODE() AS ?object) ?because { ?subject ?predicate ?o }",
            "?object an IRI or a literal",
        ),
        (
            "SELECT ?subject ?predicate ?object (1 AS ?because) { ?subject ?predicate ?object }",
            "?because must be IRIs",
        ),
    ],
)
def test_a_query_that_cannot_be_used_is_named(query: str, why: str) -> None:
    with pytest.raises(MalformedData) as caught:
        derived(VISITED, query)
    assert str(caught.value).startswith("1.rq: ")
    assert why in str(caught.value)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?subject ?predicate ?object ?because WHERE { VALUES ?object { :b } "
        "BIND(:a AS ?subject) BIND(:near AS ?predicate) }",
        "select distinct ?subject\n  (:near as ?predicate) ?object\n ?because\nwhere\n"
        "{ VALUES (?subject ?object) { (:a :b) } }",
        "# SELECT ?everything\n  SELECT (:a AS ?subject) (IF((1 > 0), :near, (1)) AS ?predicate) "
        "?object ?because { VALUES ?object { :b } }",
    ],
)
def test_a_head_may_be_written_as_sparql_allows(query: str) -> None:
    store = derived(f"PREFIX : <{SEAS}>\n{query}")
    assert triples(store, SEAS + "near") == [("a", "b")]


@pytest.fixture(scope="module")
def library() -> EmbeddedStore:
    dataset = load_dataset(read_ontology(LIBRARY / "ontology"), read_data([LIBRARY / "data.ttl"]))
    assert isinstance(dataset.store, EmbeddedStore)
    return dataset.store


def test_a_library_derives_its_readers_because_of_their_loans(library: EmbeddedStore) -> None:
    facts = {
        (quad.subject, quad.object)
        for quad in library.quads()
        if quad.predicate == NamedNode(BECAUSE)
    }
    assert len({derivation for derivation, _ in facts}) == 7
    assert len(facts) == 8


def test_a_triple_stands_in_one_graph(library: EmbeddedStore) -> None:
    quads = library.quads()
    assert len(to_graph(quads)) == len(quads)


def test_another_engine_derives_the_same(library: EmbeddedStore) -> None:
    whole = to_graph(library.quads())
    queries = dict(read_ontology(LIBRARY / "ontology").derive).values()
    rows = [row for query in queries for row in whole.query(query)]
    in_derived = [q for q in library.quads() if q.graph_name == NamedNode(GRAPH_DERIVED)]
    untyped = to_graph(q for q in in_derived if q.predicate != NamedNode(RDF_TYPE))
    assert {row[:3] for row in rows if isinstance(row, tuple)} == set(untyped)


def test_derivations_are_typed(library: EmbeddedStore) -> None:
    typed = {quad for quad in derivations(library) if quad.object == NamedNode(DERIVATION)}
    assert len(typed) == 7
