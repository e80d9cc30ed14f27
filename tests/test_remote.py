"""A dataset in another engine, over HTTP, held to the embedded store's answers."""

import json
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import assume, given, note, settings
from hypothesis import strategies as st
from rdflib import Dataset as Graphs
from starlette.testclient import TestClient

from kizuna import namespaces as ns
from kizuna.app import create_app
from kizuna.dataset import remote as remote_module
from kizuna.dataset.attaching import attached
from kizuna.dataset.dumps import dump
from kizuna.dataset.endpoint import Endpoint, EndpointLimits
from kizuna.dataset.files import Ontology, read_ontology
from kizuna.dataset.grouping import Grouping, Measure, ValueKey
from kizuna.dataset.releases import Dataset, Release
from kizuna.dataset.remote import RemoteStore
from kizuna.dataset.selection import Key, Selection
from kizuna.dataset.store import EmbeddedStore, Reader
from kizuna.errors import InvalidInput
from kizuna.graphql.schema import Api
from kizuna.model import Path as Along
from kizuna.model import Step
from kizuna.resources import ONTOLOGY, QUERIES
from kizuna.settings import Settings
from kizuna.terms import BlankNode, Literal, NamedNode, Term
from tests.conftest import LIBRARY
from tests.engines import engine, load, loaded
from tests.operations import Operation, World, operations
from tests.reference import Reference
from tests.small import quads
from tests.test_differential import EVIDENCE
from tests.test_endpoint import Answer, Engine, Handler

UNION = "--union-default-graph"
LIMITS = EndpointLimits(seconds=30, size=100_000_000)
SAVED = [*sorted(QUERIES.glob("front/*.graphql")), *sorted(QUERIES.glob("questions/*.graphql"))]
PAGES = (
    "/",
    "/questions",
    "/questions/gcap-companies?lang=ja",
    "/page/ns",
    "/page/graph",
    "/page/graph/facts",
    "/page/id/gcap?lang=it",
    "/page/id/fact-meloni-visit-japan",
    "/page/vocab/status",
    "/export",
    "/releases/0",
)
DATA = (
    "/schema.graphql",
    "/context.jsonld",
    "/reconcile",
    "/reconcile?queries=%7B%22a%22%3A%7B%22query%22%3A%22Giappone%22%7D%7D",
    "/sitemap.xml",
    "/id/gcap.ttl",
    "/export/kizuna-0.nq",
    "/export/kizuna-0.jsonld",
    "/export/kizuna-0-tables.zip",
    "/export/kizuna-0.gexf",
)
LONG = ("/export/kizuna-0-tables.zip", "/export/kizuna-0.jsonld", "/export/kizuna-0.gexf")
CONSTANT = re.compile(r'(?<!")\bfalse\b(?!")')
# As many examples as there is time for: other tests already hold the embedded store to a reference.
FEW = settings().max_examples // 8


@dataclass
class Pair:
    """The same release, embedded and in another engine."""

    embedded: Dataset
    remote: Dataset
    api: Api

    @property
    def readers(self) -> tuple[Reader, Reader]:
        return self.embedded.store.reader(), self.remote.store.reader()

    @cached_property
    def apis(self) -> tuple[Api, Api]:
        return self.api, self.api.over(self.remote)

    @cached_property
    def clients(self) -> tuple[TestClient, TestClient]:
        """Over HTTP."""
        apps = (
            create_app(Settings(), dataset, api)
            for dataset, api in zip((self.embedded, self.remote), self.apis, strict=True)
        )
        ours, theirs = map(TestClient, apps)
        return ours, theirs


def opened(address: str) -> RemoteStore:
    return RemoteStore(Endpoint(address, LIMITS))


def paired(dataset: Dataset, api: Api, ontology: Ontology, address: str) -> Pair:
    """Both with the embedded one's release, so that answers may agree to the last cursor."""
    remote = attached(ontology, opened(address))
    return Pair(dataset, replace(remote, release=dataset.release), api)


@pytest.fixture(scope="module")
def library_folder(library: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return loaded(library, tmp_path_factory.mktemp("library"))


@pytest.fixture(scope="module", params=[(), (UNION,)], ids=["merged", "union"])
def library_pair(
    request: pytest.FixtureRequest,
    library: Dataset,
    library_api: Api,
    library_ontology: Ontology,
    library_folder: Path,
) -> Iterator[Pair]:
    """In an engine whose default graph is empty, and in one where it is the union."""
    with engine(library_folder, *request.param) as address:
        yield paired(library, library_api, library_ontology, address)


@pytest.fixture(scope="module")
def packaged_pair(
    packaged: Dataset, packaged_api: Api, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pair]:
    folder = loaded(packaged, tmp_path_factory.mktemp("packaged"))
    with engine(folder, UNION) as address:
        yield paired(packaged, packaged_api, read_ontology(ONTOLOGY, QUERIES / "derive"), address)


@pytest.fixture(scope="module")
def library_world(library_pair: Pair) -> tuple[World, Api]:
    return worlds(library_pair)


@pytest.fixture(scope="module")
def packaged_world(packaged_pair: Pair) -> tuple[World, Api]:
    return worlds(packaged_pair)


def worlds(pair: Pair) -> tuple[World, Api]:
    ours, theirs = pair.apis
    return World(ours, Reference(pair.embedded, ours)), theirs


@settings(max_examples=FEW)
@given(data=st.data())
def test_library(library_world: tuple[World, Api], data: st.DataObject) -> None:
    compare(library_world, data.draw(operations(library_world[0])))


@settings(max_examples=FEW)
@given(data=st.data())
def test_packaged(packaged_world: tuple[World, Api], data: st.DataObject) -> None:
    compare(packaged_world, data.draw(operations(packaged_world[0])))


def compare(world: tuple[World, Api], operation: Operation) -> None:
    note(operation.query)
    note(str(operation.variables))
    ours, theirs = (
        answered(api, operation.query, operation.variables, operation.languages)
        for api in (world[0].api, world[1])
    )
    assert theirs == ours


def answered(api: Api, query: str, variables: Any = None, languages: Sequence[str] = ()) -> str:
    """The answer as text, save how much was read for it, which what is at hand decides."""
    payload = api.execute(query, variables, languages=languages).payload
    told = payload.get("extensions", {"kizuna": {}})["kizuna"]
    for read in ("storeQueries", "rowsRead"):
        told.pop(read, None)
    return json.dumps(payload, ensure_ascii=False, indent=1)


def by_rdflib(graphs: Graphs) -> Answer:
    """Another implementation of SPARQL as an endpoint; it skips a filter that is ``false``."""

    def answer(handler: Handler) -> None:
        _, form = handler.server.asked[-1]
        query = CONSTANT.sub("(1 = 0)", parse_qs(form)["query"][0])
        found = graphs.query(query)
        content = found.serialize(format="json")
        assert content
        handler.say(200, "application/sparql-results+json", content)

    return answer


@pytest.fixture(scope="module")
def foreign_world(
    library: Dataset, library_api: Api, library_ontology: Ontology, library_folder: Path
) -> Iterator[tuple[World, Api]]:
    graphs = Graphs(default_union=True)
    text = (library_folder.parent / "dump.nq").read_text(encoding="utf-8")
    graphs.parse(data=text, format="nquads")
    with Engine() as server:
        server.answer = by_rdflib(graphs)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield worlds(paired(library, library_api, library_ontology, server.address))
        server.shutdown()


@pytest.mark.filterwarnings("ignore:Dataset.:DeprecationWarning")  # rdflib's, of itself
@settings(max_examples=FEW)
@given(data=st.data())
def test_another_make_of_engine(foreign_world: tuple[World, Api], data: st.DataObject) -> None:
    """What is sent is SPARQL 1.1, not Oxigraph's: rdflib gives the same answers.

    It writes UTC its own way; and it fails where a sum meets what is no number, which leaves the
    sum unbound (https://www.w3.org/TR/sparql11-query/#aggregateAlgebra), so it groups nothing.
    """
    operation = data.draw(operations(foreign_world[0]))
    assume("groupBy" not in operation.query)
    query, variables, languages = operation.query, operation.variables, operation.languages
    note(query)
    note(str(variables))
    ours, theirs = (
        answered(api, query, variables, languages)
        for api in (foreign_world[0].api, foreign_world[1])
    )
    assert theirs.replace("+00:00", "Z") == ours


@pytest.mark.parametrize("file", SAVED, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_saved_operations(packaged_pair: Pair, file: Path) -> None:
    ours, theirs = (answered(api, file.read_text()) for api in packaged_pair.apis)
    assert theirs == ours
    assert '"errors"' not in ours


@pytest.mark.parametrize(
    "query",
    [
        EVIDENCE,
        """{ path(from: "italy", to: "japan", maxLength: 2, first: 5) {
          length steps { from { id } fact { id label { value } } to { id } }
        } }""",
        """{ facts { groupBy(keys: [STANDING], orderBy: [{ field: COUNT, direction: DESC }]) {
          keys { standing { code } } count } } }""",
        """query @asOf(release: 0) { facts { totalCount } releases { totalCount } }""",
        """query @asOf(release: 1) { facts { totalCount } }""",
        """{ release(number: 0) { query { agreements { totalCount } } } }""",
    ],
    ids=["evidence", "path", "groups", "as of", "no such release", "release"],
)
def test_what_needs_more_than_selections(packaged_pair: Pair, query: str) -> None:
    ours, theirs = (answered(api, query) for api in packaged_pair.apis)
    assert theirs == ours


def test_what_is_explained_can_be_asked_of_the_engine(packaged_pair: Pair) -> None:
    query = """{ facts(first: 3, filter: { label: { contains: "Japan" } },
      orderBy: [{ field: LABEL }]) { totalCount nodes { id label { value } } } }"""
    api, reader = packaged_pair.apis[1], packaged_pair.remote.store.reader()
    answer = api.execute(query, extensions={"kizuna": {"explain": True}}).payload
    steps = answer["extensions"]["kizuna"]["explain"]["steps"]
    assert len(steps) == answer["extensions"]["kizuna"]["storeQueries"] == 3
    for step in steps:
        assert len(reader.select(step["sparql"]).rows) == step["rows"] > 0


@pytest.mark.parametrize("text", ["Japan", "giappone", "日本", "stealth fighter"])
def test_search(packaged_pair: Pair, text: str) -> None:
    query = (
        "query ($t: String!) { search(text: $t, first: 50) { field text { value } node { id } } }"
    )
    ours, theirs = (answered(api, query, {"t": text}) for api in packaged_pair.apis)
    assert theirs == ours
    assert "https://" in ours


def walked(api: Api, order: str, last: bool) -> list[str]:
    """The IRIs of all facts, page by page."""
    size, place = ("last", "before") if last else ("first", "after")
    query = f"""query ($c: String) {{ facts({size}: 23, {place}: $c, orderBy: {order}) {{
      nodes {{ id }} pageInfo {{ startCursor endCursor hasNextPage hasPreviousPage }} }} }}"""
    found, cursor, more = [], None, True
    while more:
        page = api.execute(query, {"c": cursor}).payload["data"]["facts"]
        info = page["pageInfo"]
        found += [node["id"] for node in page["nodes"][:: -1 if last else 1]]
        cursor = info["startCursor" if last else "endCursor"]
        more = info["hasPreviousPage" if last else "hasNextPage"]
    return found


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize(
    "order",
    [
        "{ field: LABEL }",
        "[{ field: SUPPORT, direction: DESC }, { field: TIME, direction: DESC, nulls: FIRST }]",
    ],
)
def test_pages(packaged_pair: Pair, order: str, last: bool) -> None:
    ours, theirs = (walked(api, order, last) for api in packaged_pair.apis)
    assert theirs == ours
    assert len(ours) == len(set(ours)) > 100


@pytest.mark.parametrize("path", PAGES)
def test_pages_of_things(packaged_pair: Pair, path: str) -> None:
    """They are the same, save for what leads to SPARQL, which isn't offered."""
    ours, theirs = (
        client.get(path, headers={"accept": "text/html"}) for client in packaged_pair.clients
    )
    assert (theirs.status_code, "/sparql?" in theirs.text) == (200, False)
    assert _without_sparql(theirs.text) == _without_sparql(ours.text)


def _without_sparql(html: str) -> list[str]:
    return [line for line in html.splitlines() if "/sparql?" not in line]


@pytest.mark.parametrize("path", DATA)
def test_data(packaged_pair: Pair, path: str, pytestconfig: pytest.Config) -> None:
    if path in LONG and not pytestconfig.getoption("full"):
        pytest.skip("takes long; --full runs it")
    ours, theirs = (client.get(path) for client in packaged_pair.clients)
    assert (ours.status_code, theirs.status_code) == (200, 200)
    if path == "/sitemap.xml":
        assert b"/sparql<" not in theirs.content
        assert theirs.content.count(b"<loc>") == ours.content.count(b"<loc>") - 1
    else:
        assert theirs.content == ours.content


@pytest.mark.parametrize("suffix", ["csv", "tsv", "json", "xml"])
def test_saved_questions_as_data(packaged_pair: Pair, suffix: str) -> None:
    path = f"/questions/partners-in-the-indo-pacific.{suffix}"
    with packaged_pair.clients[0] as ours, packaged_pair.clients[1] as theirs:
        expected, found = ours.get(path), theirs.get(path)
    assert found.headers["content-type"] == expected.headers["content-type"]
    assert sorted(found.text) == sorted(expected.text)
    if suffix in ("csv", "tsv"):
        assert sorted(found.text.split()) == sorted(expected.text.split())
        assert found.text.count("\n") > 2


def test_sparql_is_not_offered(packaged_pair: Pair) -> None:
    client = packaged_pair.clients[1]
    for response in (
        client.get("/sparql", params={"query": "SELECT * { ?s ?p ?o }"}),
        client.post("/sparql", data={"query": "SELECT * { ?s ?p ?o }"}),
        client.get("/sparql"),
        client.get("/releases/0/sparql", params={"query": "SELECT * { ?s ?p ?o }"}),
    ):
        assert (response.status_code, response.json()["code"]) == (501, "NOT_OFFERED")
        assert "/graphql" in response.json()["detail"]
    assert not [p for p in client.get("/openapi.json").json()["paths"] if p.endswith("/sparql")]
    for path in ("/.well-known/void", "/catalog"):
        told = client.get(path, headers={"accept": "application/n-triples"}).text
        assert "/sparql>" not in told
        assert "/graphql" in told or path != "/catalog"


def test_the_release_is_the_one_of_the_catalogue(
    tmp_path: Path, library: Dataset, library_api: Api, library_ontology: Ontology
) -> None:
    """Loaded beside the dump, the catalogue of the server that made it says which release it is."""
    store = loaded(library, tmp_path)
    numbered = replace(library, release=Release(7, library.release.hash))
    catalogue = TestClient(
        create_app(Settings(ontology=LIBRARY / "ontology"), numbered, library_api.over(numbered))
    ).get("/catalog", headers={"accept": "application/n-triples"})
    file = tmp_path / "catalogue.nt"
    file.write_bytes(catalogue.content)
    load(store, file, "--graph", "https://example.org/catalogue")
    with engine(store) as address:
        assert attached(library_ontology, opened(address)).release == numbered.release


def test_without_a_catalogue_the_hash_follows_the_counts(
    library: Dataset, library_ontology: Ontology, library_folder: Path, tmp_path: Path
) -> None:
    label = next(library.store.find(predicate=ns.SKOS_PREF_LABEL))
    lesser = replace(library, store=EmbeddedStore({*library.store.quads()} - {label}))
    found = []
    for folder in (library_folder, library_folder, loaded(lesser, tmp_path)):
        with engine(folder) as address:
            found.append(attached(library_ontology, opened(address)).release)
    assert found[0] == found[1] != found[2]
    assert [release.number for release in found] == [0, 0, 0]


def test_a_store_without_the_ontology_is_refused(
    library: Dataset, library_ontology: Ontology, library_folder: Path
) -> None:
    packaged = read_ontology(ONTOLOGY, QUERIES / "derive")
    with engine(library_folder) as address:
        with pytest.raises(InvalidInput, match=r"doesn't hold the ontology <.*export"):
            attached(packaged, opened(address))
        old = [q for q in library_ontology.quads if q.predicate.value != ns.OWL_VERSION_INFO]
        header = next(q for q in library_ontology.quads if q not in old)
        new = type(header)(header.subject, header.predicate, Literal("99"), header.graph_name)
        other = replace(library_ontology, quads=(*old, new))
        with pytest.raises(InvalidInput, match=r"in version 1\.2\.0, this server in version 99"):
            attached(other, opened(address))


def test_a_dump_without_graphs_is_read_too(
    library: Dataset, library_api: Api, library_ontology: Ontology, tmp_path: Path
) -> None:
    with engine(loaded(library, tmp_path, "nt")) as address:
        pair = paired(library, library_api, library_ontology, address)
        query = "{ books(orderBy: { field: TITLE }) { totalCount nodes { id } } }"
        ours, theirs = (answered(api, query) for api in pair.apis)
        assert theirs == ours
        assert dumped(pair.remote, "nt") == dumped(pair.embedded, "nt")


# The reader itself

LABEL: Along = (Step(ns.SKOS_PREF_LABEL),)
TYPE: Along = (Step(ns.RDF_TYPE),)
MEMBERS: Along = (Step(ns.RDF_TYPE, inverse=True),)


def everything(reader: Reader) -> list[Term]:
    """Every subject, and values that are no subjects."""
    rows = reader.select("SELECT DISTINCT ?s WHERE { ?s ?p ?o } ORDER BY ?s").rows
    return [term for (term,) in rows if term is not None]


def test_values(library_pair: Pair) -> None:
    ours, theirs = library_pair.readers
    subjects = everything(ours)
    requests: dict[Along, list[Term]] = {
        LABEL: subjects,
        TYPE: [*subjects, *subjects],
        (*TYPE, *LABEL): subjects,
        MEMBERS: subjects,
        (Step(ns.SKOS_BROADER),): [],
        (Step("https://example.org/none"),): [Literal("a literal"), BlankNode("b")],
    }
    assert theirs.values(requests) == ours.values(requests)
    assert theirs.queries == 1
    assert theirs.rows > len(subjects)


def test_nothing_is_asked_for_nothing(library_pair: Pair) -> None:
    reader = library_pair.remote.store.reader()
    assert reader.values({}) == {}
    assert reader.values({LABEL: []}) == {LABEL: {}}
    assert reader.rows == 0


def test_many_subjects_and_parents_are_asked_for_in_parts(
    library_pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes is the same in whatever parts, and counts as one query."""
    subjects = everything(library_pair.embedded.store.reader())
    parents = tuple(term for term in subjects if isinstance(term, NamedNode))
    selection = Selection(parents=parents, path=TYPE, order=(Key(LABEL, languages=("en",)),))
    grouping = Grouping(selection, (ValueKey(TYPE),), (Measure(LABEL, text=True),))
    asked = []
    for size in (1000, 7):
        monkeypatch.setattr(remote_module, "NAMED", size)
        reader = library_pair.remote.store.reader()
        found = (
            reader.values({LABEL: subjects, TYPE: subjects}),
            reader.subjects(selection),
            sorted(map(str, reader.groups(grouping))),
        )
        assert reader.queries == 3
        asked.append(found)
    assert asked[0] == asked[1]
    embedded = library_pair.embedded.store.reader()
    assert asked[0][0] == embedded.values({LABEL: subjects, TYPE: subjects})
    assert sorted(map(str, asked[0][1])) == sorted(map(str, embedded.subjects(selection)))
    assert asked[0][2] == sorted(map(str, embedded.groups(grouping)))


def dumped(dataset: Dataset, suffix: str = "nq") -> bytes:
    """All quads, sorted, those without IRIs told apart by what is said of them."""
    out = BytesIO()
    dump(dataset, suffix, out)
    return out.getvalue()


def test_quads_and_find(library_pair: Pair) -> None:
    ours, theirs = library_pair.embedded.store, library_pair.remote.store
    assert dumped(library_pair.remote) == dumped(library_pair.embedded)
    quad = next(ours.find(predicate=ns.SKOS_PREF_LABEL))
    for pattern in (
        (quad.subject, None, None),
        (None, ns.SKOS_PREF_LABEL, None),
        (None, None, quad.object),
        (quad.subject, ns.SKOS_PREF_LABEL, quad.object),
        (quad.object, None, None),
        (NamedNode("https://example.org/none"), None, None),
    ):
        assert set(theirs.find(*pattern)) == set(ours.find(*pattern))


def test_small_terms(tmp_path: Path) -> None:
    """Every kind of literal comes back as the embedded store has it."""
    given = quads(
        'id:a :p "x", "x"@en, "x"@en-GB, 1, 1.5, 1.0e6, true, "2024-01-01"^^xsd:date, '
        '"q\\"\\\\\\n\\t\\u0001é日本", "2024?"^^<http://id.loc.gov/datatypes/edtf/EDTF>, id:b .'
    )
    embedded = EmbeddedStore(given)
    file = tmp_path / "small.nq"
    file.write_text("".join(f"{quad} .\n" for quad in embedded.quads()), encoding="utf-8")
    load(tmp_path / "store", file)
    path: Along = (Step("https://example.org/small#p"),)
    subject = NamedNode("https://example.org/small/id/a")
    with engine(tmp_path / "store") as address:
        found = opened(address).reader().values({path: [subject]})
    assert found == embedded.reader().values({path: [subject]})
    assert len(found[path][subject]) == len(given)
