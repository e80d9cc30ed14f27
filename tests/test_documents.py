"""GraphQL documents that clients name: kept under their hash, or trusted and no others."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLError
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from kizuna.app import create_app, create_server
from kizuna.dataset.releases import Dataset, SingleRelease
from kizuna.errors import DocumentUnknown, InvalidInput
from kizuna.graphql.documents import KeptDocuments, digest, read_trusted
from kizuna.settings import Settings

ONTOLOGY = Path(__file__).parent / "library" / "ontology"
GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
DOCUMENT = "query Title($id: ID!) { book(id: $id) { title { value } } }"
HASH = hashlib.sha256(DOCUMENT.encode()).hexdigest()
PERSISTED = {"persistedQuery": {"version": 1, "sha256Hash": HASH}}
VARIABLES = {"id": "kokoro"}
ANSWER = {"book": {"title": {"value": "Kokoro"}}}


def asked(client: TestClient, method: str, members: dict[str, Any], accept: str = GRAPHQL) -> Any:
    headers = {"accept": accept}
    if method == "POST":
        return client.post("/graphql", json=members, headers=headers)
    parameters = {k: v if isinstance(v, str) else json.dumps(v) for k, v in members.items()}
    return client.get("/graphql", params=parameters, headers=headers)


def code(answer: Any) -> str:
    (error,) = answer.json()["errors"]
    assert "data" not in answer.json()
    return str(error["extensions"]["code"])


@pytest.fixture
def client(library: Dataset) -> TestClient:
    """A server that has kept nothing yet."""
    return TestClient(create_app(Settings(ontology=ONTOLOGY), library))


def trusting(library: Dataset, place: Path) -> TestClient:
    settings = Settings(ontology=ONTOLOGY, trusted_documents=place)
    return TestClient(create_app(settings, library))


# Automatic persisted queries


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_kept_by_its_hash(client: TestClient, method: str) -> None:
    named = {"extensions": PERSISTED, "variables": VARIABLES}
    unknown = asked(client, method, named)
    assert (unknown.status_code, code(unknown)) == (400, "PERSISTED_QUERY_NOT_FOUND")
    assert unknown.json()["errors"][0]["message"] == "PersistedQueryNotFound"
    assert asked(client, method, {"query": DOCUMENT, **named}).json()["data"] == ANSWER
    assert asked(client, method, named).json()["data"] == ANSWER
    for name in ("documentId", "id", "doc_id"):
        by_name = {name: f"sha256:{HASH}", "variables": VARIABLES}
        assert asked(client, method, by_name).json()["data"] == ANSWER


def test_a_miss_is_200_where_clients_want_it(client: TestClient) -> None:
    """https://graphql.github.io/graphql-over-http/draft/#sec-application-json"""
    unknown = asked(client, "GET", {"extensions": PERSISTED}, JSON)
    assert (unknown.status_code, code(unknown)) == (200, "PERSISTED_QUERY_NOT_FOUND")
    assert unknown.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("accept", [GRAPHQL, JSON])
def test_another_hash_is_refused(client: TestClient, accept: str) -> None:
    answer = asked(client, "POST", {"query": "{ __typename }", "extensions": PERSISTED}, accept)
    assert (answer.status_code, code(answer)) == (400, "BAD_USER_INPUT")
    assert HASH in answer.json()["errors"][0]["message"]
    missing = asked(client, "POST", {"extensions": PERSISTED, "variables": VARIABLES})
    assert code(missing) == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize(
    "members",
    [
        {"extensions": {"persistedQuery": {"version": 2, "sha256Hash": HASH}}},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": 1}}},
        {"extensions": {"persistedQuery": HASH}},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": HASH.upper()}}},
        {"documentId": "md5:0123"},
        {"documentId": 1},
        {"documentId": ""},
    ],
)
def test_what_names_no_document_is_400(client: TestClient, members: dict[str, Any]) -> None:
    answer = asked(client, "POST", members, JSON)
    assert answer.status_code == 400
    assert code(answer) in {"BAD_REQUEST", "BAD_USER_INPUT"}


def test_a_mutation_by_name_is_refused_by_get(client: TestClient) -> None:
    document = "mutation { __typename }"
    named = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest(document)}}}
    asked(client, "POST", {"query": document, **named})
    assert asked(client, "GET", named).status_code == 405


def test_the_longest_unused_go_first() -> None:
    documents = KeptDocuments(20)
    texts = [f"{{ a{number} }}".ljust(10) for number in range(3)]
    for text in texts[:2]:
        documents.text(text, digest(text))
    assert documents.text(None, f"sha256:{digest(texts[0])}") == texts[0]
    documents.text(texts[2], digest(texts[2]))
    assert documents.text(None, digest(texts[0])) == texts[0]
    with pytest.raises(DocumentUnknown):
        documents.text(None, digest(texts[1]))


def test_one_longer_than_all_is_run_but_not_kept() -> None:
    documents = KeptDocuments(20)
    assert documents.text("{ a }".ljust(21), digest("{ a }".ljust(21))) == "{ a }".ljust(21)
    with pytest.raises(DocumentUnknown):
        documents.text(None, digest("{ a }".ljust(21)))


# Trusted documents


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "title.graphql").write_text(DOCUMENT, encoding="utf-8")
    (tmp_path / "README.md").write_text("{ __typename }", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_only_trusted_documents_run(library: Dataset, folder: Path, method: str) -> None:
    client = trusting(library, folder)
    ways: list[dict[str, Any]] = [
        {"documentId": "title"},
        {"documentId": f"sha256:{HASH}"},
        {"extensions": PERSISTED},
        {"query": DOCUMENT},
        {"query": DOCUMENT, "documentId": "title"},
    ]
    for way in ways:
        assert asked(client, method, {**way, "variables": VARIABLES}).json()["data"] == ANSWER
    other = "query Title { __schema { types { name } } }"
    for way in (
        {"query": other},
        {"query": "{ __typename }"},
        {"documentId": "README"},
        {"query": other, "documentId": "title"},
        {"query": other, "extensions": {"persistedQuery": {"version": 1, "sha256Hash": HASH}}},
    ):
        refused = asked(client, method, way)
        assert (refused.status_code, code(refused)) == (403, "DOCUMENT_NOT_TRUSTED")


def test_no_page_for_writing_other_documents(library: Dataset, folder: Path) -> None:
    page = trusting(library, folder).get("/graphql", headers={"accept": "text/html"})
    assert "graphiql" not in page.text


RELAY = {"4d5f": DOCUMENT}
APOLLO = {
    "format": "apollo-persisted-query-manifest",
    "version": 1,
    "operations": [{"id": "4d5f", "name": "Title", "type": "query", "body": DOCUMENT}],
}


@pytest.mark.parametrize("manifest", [RELAY, APOLLO], ids=["relay", "apollo"])
def test_manifest(library: Dataset, tmp_path: Path, manifest: object) -> None:
    place = tmp_path / "documents.json"
    place.write_text(json.dumps(manifest), encoding="utf-8")
    client = trusting(library, place)
    answer = asked(client, "POST", {"doc_id": "4d5f", "variables": VARIABLES})
    assert answer.json()["data"] == ANSWER


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        "[]",
        '{"a": 1}',
        '{"format": "apollo-persisted-query-manifest"}',
        '{"format": "apollo-persisted-query-manifest", "operations": [{"id": "a"}]}',
        None,
    ],
)
def test_what_is_no_manifest_is_told(tmp_path: Path, content: str | None) -> None:
    place = tmp_path / "documents.json"
    if content is not None:
        place.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"documents\.json: .*trusted documents"):
        read_trusted(place, sound)


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no trusted documents"):
        read_trusted(tmp_path, sound)


def sound(_: str) -> list[GraphQLError]:
    return []


def test_a_server_does_not_start_with_documents_that_it_cannot_run(
    library: Dataset, folder: Path
) -> None:
    for name, text in (
        ("misspelt", "query Title($id: ID!) {\n  book(id: $id) { tittle { value } }\n}"),
        ("torn", "query { books {"),
        ("changing", "mutation { proposeBook(input: {}) { conforms } }"),
        ("deep", "{ books " * 50 + " }" * 50),
        ("empty", ""),
    ):
        (folder / f"{name}.graphql").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput) as refusal:
        trusting(library, folder)
    first, *lines = str(refusal.value).splitlines()
    assert first.startswith(f"{folder}: ")
    assert [line.split(",")[0].strip() for line in lines] == [
        "changing",
        "deep",
        "empty",
        "misspelt",
        "torn",
    ]
    assert "misspelt, line 2: Cannot query field 'tittle'" in str(refusal.value)
    assert "Did you mean 'title'" in str(refusal.value)
    assert "depth: 50" in lines[1]


def test_of_very_many_faults_the_first_are_told(tmp_path: Path) -> None:
    place = tmp_path / "documents.json"
    place.write_text(json.dumps({f"n{number:02}": "{ x }" for number in range(15)}))
    with pytest.raises(InvalidInput, match=r"n09, line 1: no\n  and 5 more$"):
        read_trusted(place, lambda text: [GraphQLError("no")])


WAYS: list[dict[str, Any]] = [
    {"documentId": "title"},
    {"id": f"sha256:{HASH}"},
    {"extensions": PERSISTED},
    {"query": DOCUMENT},
]


@pytest.fixture(scope="module")
def streaming(library: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    place = tmp_path_factory.mktemp("trusted")
    (place / "title.graphql").write_text(DOCUMENT, encoding="utf-8")
    settings = Settings(ontology=ONTOLOGY, trusted_documents=place)
    with TestClient(create_server(settings, SingleRelease(library))) as client:
        yield client


@pytest.mark.parametrize("way", WAYS)
def test_streams_take_documents_by_name(streaming: TestClient, way: dict[str, Any]) -> None:
    members = {**way, "variables": VARIABLES, "operationName": "Title"}
    events = streaming.post("/graphql", json=members, headers={"accept": "text/event-stream"})
    assert json.loads(events.text.split("data: ")[1].splitlines()[0])["data"] == ANSWER
    with connected(streaming) as socket:
        socket.send_json({"id": "1", "type": "subscribe", "payload": members})
        assert socket.receive_json()["payload"]["data"] == ANSWER
        assert socket.receive_json() == {"id": "1", "type": "complete"}


@contextmanager
def connected(client: TestClient) -> Iterator[WebSocketTestSession]:
    with client.websocket_connect("/graphql", ["graphql-transport-ws"]) as socket:
        socket.send_json({"type": "connection_init"})
        socket.receive_json()
        yield socket


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"query": "{ __typename }"}, "DOCUMENT_NOT_TRUSTED"),
        ({"documentId": "other"}, "DOCUMENT_NOT_TRUSTED"),
        ({"documentId": 1}, "BAD_REQUEST"),
        ({"query": 1}, "BAD_REQUEST"),
        ({}, "BAD_REQUEST"),
    ],
)
def test_web_sockets_run_trusted_documents_only(
    streaming: TestClient, payload: object, code: str
) -> None:
    with connected(streaming) as socket:
        socket.send_json({"id": "1", "type": "subscribe", "payload": payload})
        answer = socket.receive_json()
        assert answer["type"] == "error"
        assert answer["payload"][0]["extensions"]["code"] == code


def test_what_is_no_payload_closes_the_web_socket(streaming: TestClient) -> None:
    with connected(streaming) as socket:
        socket.send_json({"id": "1", "type": "subscribe", "payload": "{ books { totalCount } }"})
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
        assert closed.value.code == 4400
