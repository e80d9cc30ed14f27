"""The W3C's SPARQL tests over HTTP: in each form of request, in each format of answer.

They run with ``--rdf-tests DIR``, a checkout of https://github.com/w3c/rdf-tests. What the engine
itself doesn't pass is listed with the reason; everything else must pass through the door as well.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pyoxigraph as ox
import pytest
from rdflib import RDF, Graph, Namespace, URIRef

from kizuna.dataset.formats import SOLUTIONS, TRIPLES
from kizuna.dataset.query import read_query
from tests.serving import serving
from tests.w3c import (
    NOTHING,
    ROOT,
    Answer,
    Case,
    Request,
    Suite,
    graph_of,
    same,
    solutions,
    table_of,
    without_terms,
)

MANIFESTS = (
    "sparql10/manifest.ttl",
    "sparql11/manifest-sparql11-query.ttl",
    "sparql11/manifest-sparql11-results.ttl",
)
PROTOCOL = "sparql11/protocol/manifest.ttl"
COUNTS = {"evaluation": 518, "positive": 212, "negative": 90, "protocol": 34}
ANSWERS = 1992
MOST = 10_000
LIBRARY = Path(__file__).parent / "library" / "ontology"
NOT_IN_THE_SUITE = "http://kasei.us/2009/09/sparql/data/data0.rdf"

VALUES = "keeps a number, a date or a truth value by its value, not as it was written"
SCOPE = "binds the variable of GRAPH before what stands inside is evaluated"
NO_MATCH = "GRAPH with a variable gives no row for a graph in which nothing matches"
ABSENT = "a path of length nought does not reach a term that is not in the data"
Parameters = list[tuple[str, str | int | float | bool | None]]
FAILING: dict[str, str] = {
    "sparql10/open-world/open-eq-01": VALUES,
    "sparql10/open-world/date-2": "compares dates with and without a time zone",
    "sparql10/open-world/date-3": VALUES,
    "sparql10/graph/graph-variable-scope": SCOPE,
    "sparql10/graph/graph-optional": SCOPE,
    "sparql10/expr-builtin/dawg-str-1": VALUES,
    "sparql10/expr-builtin/dawg-str-2": VALUES,
    "sparql10/expr-builtin/sameTerm-simple": VALUES,
    "sparql10/expr-builtin/sameTerm-eq": VALUES,
    "sparql10/expr-builtin/sameTerm-not-eq": VALUES,
    "sparql10/expr-builtin/case-insensitive-booleans": "reads true and false in lower case only",
    "sparql10/expr-equals/eq-graph-1": VALUES,
    "sparql10/expr-equals/eq-graph-2": VALUES,
    "sparql10/distinct/distinct-1": VALUES,
    "sparql10/distinct/distinct-9": VALUES,
    "sparql11/aggregates/agg-groupconcat-04": "GROUP_CONCAT keeps the language of its texts",
    "sparql11/aggregates/agg-groupconcat-06": "GROUP_CONCAT keeps the language of its texts",
    "sparql11/aggregates/agg-empty-group-count-graph": NO_MATCH,
    "sparql11/bindings/graph": NO_MATCH,
    "sparql11/functions/bnode01": "BNODE of a text is the same node in each row",
    "sparql11/negation/graph-minus": SCOPE,
    "sparql11/property-path/zero_or_more_set_start": ABSENT,
    "sparql11/property-path/zero_or_more_set_end": ABSENT,
    "sparql11/property-path/zero_or_one_set_start": ABSENT,
    "sparql11/property-path/zero_or_one_set_end": ABSENT,
    "sparql11/csv-tsv-res/tsv03": VALUES,
}

MISREAD = {
    "sparql10/syntax-sparql3/syn-bad-26": "reads ?x<?a&&?b>?y as comparisons, not as an IRI",
}

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
SERVICE_TERMS = {
    SD[name]
    for name in (
        *("Service", "Dataset", "Graph", "NamedGraph", "SPARQL11Query", "UnionDefaultGraph"),
        *("endpoint", "supportedLanguage", "feature", "resultFormat", "defaultDataset"),
        *("defaultGraph", "namedGraph", "name", "graph"),
    )
}


@pytest.fixture(scope="module")
def suite(request: pytest.FixtureRequest) -> Suite:
    folder = request.config.getoption("--rdf-tests")
    if folder is None:
        pytest.skip("needs --rdf-tests DIR, a checkout of https://github.com/w3c/rdf-tests")
    return Suite(Path(folder) / "sparql")


@pytest.fixture(scope="module")
def cases(suite: Suite) -> list[Case]:
    return [case for manifest in MANIFESTS for case in suite.cases(manifest)]


@pytest.fixture(scope="module")
def client(
    suite: Suite, cases: list[Case], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx2.Client]:
    """A client of a server over the data of all tests, each file a graph of its own."""
    triple = (ox.NamedNode(NOTHING),) * 3
    quads = [
        *suite.quads(cases),
        *suite.protocol_quads(PROTOCOL),
        *(ox.Quad(*triple, ox.NamedNode(graph)) for graph in (NOTHING, NOT_IN_THE_SUITE)),
    ]
    file = tmp_path_factory.mktemp("w3c") / "data.nq"
    ox.serialize(quads, file, ox.RdfFormat.N_QUADS)
    arguments = ("--no-check", "--ontology", str(LIBRARY), "--data", str(file))
    with serving(*arguments) as (address, _, _), httpx2.Client(base_url=address) as found:
        yield found


# A query by itself, and what the engine makes of it without a server


def text_of(suite: Suite, case: Case) -> str:
    return f"BASE <{ROOT}{case.query}>\n{suite.text(case.query)}"


def by_engine(suite: Suite, case: Case) -> Any:
    """The engine's own results; raises SyntaxError where it can't parse."""
    store = ox.Store()
    for quad in suite.quads([case]):
        if quad.graph_name in {ox.NamedNode(ROOT + path) for path in case.data}:
            store.add(ox.Quad(quad.subject, quad.predicate, quad.object))
        if quad.graph_name in {ox.NamedNode(ROOT + path) for path in (*case.named, *case.own)}:
            store.add(quad)
    return store.query(text_of(suite, case))


def engine_passes(suite: Suite, case: Case) -> bool:
    try:
        results = by_engine(suite, case)
        if isinstance(results, ox.QueryTriples):
            triples = results.serialize(format=ox.RdfFormat.N_TRIPLES) or b""
            return fits(suite, case, graph_of(triples, ox.RdfFormat.N_TRIPLES))
        content = results.serialize(format=ox.QueryResultsFormat.JSON)
        return fits(suite, case, solutions(content, ox.QueryResultsFormat.JSON))
    except (SyntaxError, RuntimeError):
        return False


def fits(suite: Suite, case: Case, answer: Answer, *, lossy: bool = False) -> bool:
    """Whether the answer is the one expected; a lossy one is what CSV keeps of an answer."""
    if case.kind == "CSVResultFormatTest":
        given = answer if lossy else without_terms(answer)
        return same(given, table_of(suite.text(case.result)))
    expected = suite.expected(case)
    ordered = case.query.startswith("sparql10/sort/")
    told = without_terms(expected) if lossy else expected
    return same(answer, told, ordered=ordered, lax=case.lax)


# A query through the door


def get(client: httpx2.Client, parameters: Parameters, accept: str) -> httpx2.Response:
    return client.get("/sparql", params=parameters, headers={"accept": accept})


def form(client: httpx2.Client, parameters: Parameters, accept: str) -> httpx2.Response:
    content = httpx2.QueryParams(parameters)
    headers = {"accept": accept, "content-type": "application/x-www-form-urlencoded"}
    return client.post("/sparql", content=str(content), headers=headers)


def direct(client: httpx2.Client, parameters: Parameters, accept: str) -> httpx2.Response:
    (_, text), *graphs = parameters
    headers = {"accept": accept, "content-type": "application/sparql-query"}
    return client.post("/sparql", params=graphs, content=str(text).encode(), headers=headers)


Ask = Callable[[httpx2.Client, Parameters, str], httpx2.Response]
ASKING: dict[str, Ask] = {"get": get, "form": form, "direct": direct}


def parameters_of(suite: Suite, case: Case) -> Parameters:
    """The query, and its dataset: an empty one unless the test or the query names its own."""
    text = text_of(suite, case)
    default: Parameters = [
        ("default-graph-uri", ROOT + path) for path in case.data if not suite.empty(path)
    ]
    named: Parameters = [("named-graph-uri", ROOT + path) for path in case.named]
    chosen = [*default, *named] or [("named-graph-uri", NOTHING)]
    return [("query", text), *([] if case.own else chosen)]


def read(response: httpx2.Response, media_type: str) -> Answer:
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].partition(";")[0] == media_type
    if media_type == SOLUTIONS["csv"]:
        return table_of(response.text)
    results_format = ox.QueryResultsFormat.from_media_type(media_type)
    if results_format:
        return solutions(response.content, results_format)
    rdf_format = ox.RdfFormat.from_media_type(media_type)
    assert rdf_format
    return graph_of(response.content, rdf_format)


def evaluations(cases: list[Case]) -> list[Case]:
    return [c for c in cases if c.kind in ("QueryEvaluationTest", "CSVResultFormatTest")]


def test_counts(suite: Suite, cases: list[Case]) -> None:
    kinds = [case.kind for case in cases]
    found = {
        "evaluation": len(evaluations(cases)),
        "positive": sum(kind.startswith("Positive") for kind in kinds),
        "negative": sum(kind.startswith("Negative") for kind in kinds),
        "protocol": len(list(suite.requests(PROTOCOL))),
    }
    assert found == COUNTS
    assert sum(COUNTS.values()) == len(cases) + COUNTS["protocol"]


def test_what_the_engine_does_not_pass(suite: Suite, cases: list[Case]) -> None:
    failing = {case.name for case in evaluations(cases) if not engine_passes(suite, case)}
    assert failing == set(FAILING)


@pytest.mark.parametrize("asking", ASKING)
def test_evaluation(client: httpx2.Client, suite: Suite, cases: list[Case], asking: str) -> None:
    wrong, count = [], 0
    for case in evaluations(cases):
        if case.name in FAILING:
            continue
        parameters = parameters_of(suite, case)
        triples = read_query(str(parameters[0][1]), ROOT, MOST).gives_triples
        for media_type in (TRIPLES if triples else SOLUTIONS).values():
            count += 1
            answer = read(ASKING[asking](client, parameters, media_type), media_type)
            lossy = media_type == SOLUTIONS["csv"]
            if not fits(suite, case, answer, lossy=lossy):
                wrong.append((case.name, media_type))
    assert wrong == []
    assert count == ANSWERS


# Syntax


def parses(suite: Suite, case: Case) -> bool:
    try:
        by_engine(suite, case)
    except SyntaxError:
        return False
    except RuntimeError:  # a function that it doesn't know
        return True
    return True


def test_what_the_parser_does_not_pass(suite: Suite, cases: list[Case]) -> None:
    syntax = [case for case in cases if "SyntaxTest" in case.kind]
    wrong = {c.name for c in syntax if parses(suite, c) != c.kind.startswith("Positive")}
    assert wrong == set(MISREAD)


@pytest.mark.parametrize("asking", ASKING)
def test_syntax(client: httpx2.Client, suite: Suite, cases: list[Case], asking: str) -> None:
    """A query that parses is answered, or refused for another reason than its syntax."""
    wrong = []
    for case in cases:
        if "SyntaxTest" in case.kind and case.name not in MISREAD:
            response = ASKING[asking](client, parameters_of(suite, case), "*/*")
            refused = response.status_code == 400 and response.json()["code"] == "MALFORMED_DATA"
            if refused != case.kind.startswith("Negative"):
                wrong.append((case.name, response.text))
    assert wrong == []


# The protocol and the service description


def test_protocol(client: httpx2.Client, suite: Suite) -> None:
    """What the tests of updates need is refused: this endpoint only reads."""
    wrong = []
    for name, requests in suite.requests(PROTOCOL):
        if name.startswith("update_"):
            assert send(client, requests[0]).status_code == 403
        elif not all(answers(send(client, request), request) for request in requests):
            wrong.append(name)
    assert wrong == []


def send(client: httpx2.Client, request: Request) -> httpx2.Response:
    return client.request(
        request.method, request.target, headers=dict(request.headers), content=request.body
    )


def answers(response: httpx2.Response, request: Request) -> bool:
    if not request.succeeds:
        return 400 <= response.status_code < 500
    media_type = response.headers["content-type"].partition(";")[0]
    formats = TRIPLES if request.form == "RDF" else SOLUTIONS
    right = response.status_code == 200 and media_type in formats.values()
    return right and (request.truth is None or response.json()["boolean"] == request.truth)


def test_service_description(client: httpx2.Client) -> None:
    """The three tests of sparql11/service-description, which are prose."""
    response = client.get("/sparql", headers={"accept": "text/turtle"})
    graph = Graph().parse(data=response.text, format="turtle")
    endpoint = URIRef(str(client.base_url.join("/sparql")))
    (service,) = graph.subjects(SD.endpoint, endpoint)
    assert (service, RDF.type, SD.Service) in graph
    terms = {t for triple in graph for t in triple if str(t).startswith(str(SD))}
    assert terms <= SERVICE_TERMS
