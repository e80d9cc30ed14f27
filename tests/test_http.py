"""The server through its door: GraphQL over HTTP, pages, health, headers, errors."""

import gzip
import json
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from threading import Barrier, current_thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from kizuna import errors
from kizuna.app import create_app
from kizuna.contributions.callers import Credentials
from kizuna.dataset.files import read_ontology
from kizuna.dataset.releases import Dataset, load_dataset, read_data, seed_files
from kizuna.graphql.documents import KeptDocuments
from kizuna.graphql.schema import NOBODY
from kizuna.graphql.view import GraphQLView
from kizuna.http.operations import OperationReader
from kizuna.http.pages import GRAPHIQL
from kizuna.kinds import KINDS, MASKED
from kizuna.resources import ONTOLOGY, QUERIES, SEEDS
from kizuna.settings import Settings

LIBRARY = Path(__file__).parent / "library"
GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
LIMIT = 10_000


@pytest.fixture(scope="module")
def settings() -> Settings:
    return Settings(ontology=LIBRARY / "ontology", max_body_bytes=LIMIT)


@pytest.fixture(scope="module")
def library() -> Dataset:
    return load_dataset(read_ontology(LIBRARY / "ontology"), read_data([LIBRARY / "data.ttl"]))


@pytest.fixture(scope="module")
def client(settings: Settings, library: Dataset) -> TestClient:
    return TestClient(create_app(settings, library))


@pytest.fixture(scope="module")
def packaged() -> TestClient:
    dataset = load_dataset(
        read_ontology(ONTOLOGY, QUERIES / "derive"), read_data(seed_files(SEEDS))
    )
    return TestClient(create_app(Settings(), dataset))


def post(client: TestClient, body: object, accept: str = GRAPHQL) -> Any:
    return client.post("/graphql", json=body, headers={"accept": accept})


# GraphQL over HTTP. The four-character names are those of graphql-http's server audit.


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        pytest.param(GRAPHQL, GRAPHQL, id="22EB"),
        pytest.param(JSON, JSON, id="4655"),
        pytest.param("*/*", JSON, id="47DE"),
        pytest.param("", JSON, id="80D8"),
        pytest.param("application/*", JSON, id="range"),
        pytest.param(f"{GRAPHQL}, {JSON};q=0.9", GRAPHQL, id="quality"),
        pytest.param(f"{JSON};q=0.2, {GRAPHQL};q=0.1", JSON, id="quality-other"),
        pytest.param(f"{GRAPHQL}, {JSON}", GRAPHQL, id="first-named"),
        pytest.param(f"{JSON};q=0, */*", GRAPHQL, id="all-but-one"),
        pytest.param(f"{GRAPHQL}; charset=utf-8", GRAPHQL, id="parameter"),
    ],
)
def test_media_type(client: TestClient, accept: str, given: str) -> None:
    answer = post(client, {"query": "{ __typename }"}, accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == f"{given}; charset=utf-8"
    assert answer.json()["data"] == {"__typename": "Query"}
    assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize("accept", ["text/plain", f"{JSON};q=0", f"{JSON};q=none", "text/html"])
def test_unknown_media_type_is_406(client: TestClient, accept: str) -> None:
    answer = post(client, {"query": "{ __typename }"}, accept)
    assert answer.status_code == 406
    assert answer.headers["content-type"] == "application/problem+json"
    assert GRAPHQL in answer.json()["detail"]


BROKEN = [
    pytest.param(b"", id="A5BF"),
    pytest.param(b"{", id="BCF8"),
    pytest.param(b"null", id="null"),
    pytest.param(b"[]", id="batch"),
    pytest.param(b'"{ __typename }"', id="string"),
    pytest.param(b'{"query": "\xff"}', id="not-utf-8"),
    pytest.param(b"[" * 9_000, id="deep"),
    pytest.param(b'{"notquery": "{ __typename }"}', id="423L"),
    *(
        pytest.param(json.dumps({"query": "{ __typename }"} | {name: value}).encode(), id=name_id)
        for name, prefix in (
            ("query", "LKJ"),
            ("operationName", "6C0"),
            ("variables", "4760-"),
            ("extensions", "58B"),
        )
        for number, value in enumerate(({"obj": "ect"}, "text", 0, False, ["array"]))
        if not (name in ("variables", "extensions") and number == 0)
        if not (name in ("query", "operationName") and number == 1)
        for name_id in [f"{prefix}{number}"]
    ),
]


@pytest.mark.parametrize("accept", [JSON, GRAPHQL])
@pytest.mark.parametrize("body", BROKEN)
def test_no_graphql_request_is_400(client: TestClient, body: bytes, accept: str) -> None:
    headers = {"content-type": JSON, "accept": accept}
    answer = client.post("/graphql", content=body, headers=headers)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith(accept)
    (error,) = answer.json()["errors"]
    assert error["extensions"] == {"code": "BAD_REQUEST"}
    assert "data" not in answer.json()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"query": "{"}, id="556A"),
        pytest.param({"query": "{ nothingOfTheSort }"}, id="74FF"),
        pytest.param({"query": "query ($id: ID!) { node(id: $id) { id } }"}, id="86EE"),
        pytest.param({"query": "{ __typename }", "operationName": "Other"}, id="no-such-operation"),
        pytest.param({"query": ""}, id="empty"),
    ],
)
def test_refused_operation_is_400_or_200(client: TestClient, body: object) -> None:
    """By the media type; 572B, FDE2 and 7B9B are the same for ``application/json``."""
    strict, lenient = post(client, body, GRAPHQL), post(client, body, JSON)
    assert (strict.status_code, lenient.status_code) == (400, 200)
    assert "data" not in strict.json()
    assert strict.json()["errors"] == lenient.json()["errors"]
    assert all(error["extensions"]["code"] for error in strict.json()["errors"])


def test_field_error_is_200(client: TestClient) -> None:
    answer = post(client, {"query": '{ book(id: "no-such-book") { id } }'})
    assert answer.status_code == 200
    assert answer.json()["data"] == {"book": None}
    assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"


@pytest.mark.parametrize("accept", [JSON, GRAPHQL])
def test_members_may_be_null(client: TestClient, accept: str) -> None:
    names = ("operationName", "variables", "extensions")
    answer = post(client, {"query": "{ __typename }"} | dict.fromkeys(names), accept)
    assert (answer.status_code, answer.json()["data"]) == (200, {"__typename": "Query"})


def test_variables_and_operation_name(client: TestClient) -> None:
    document = "query A { __typename } query B($id: ID!) { book(id: $id) { id } }"
    request = {"query": document, "operationName": "B", "variables": {"id": "kokoro"}}
    book = {"id": "https://example.org/library/id/kokoro"}
    assert post(client, request).json()["data"] == {"book": book}
    parameters = {"query": document, "operationName": "B", "variables": '{"id": "kokoro"}'}
    assert client.get("/graphql", params=parameters).json()["data"] == {"book": book}


@pytest.mark.parametrize(
    "content_type",
    [None, "text/plain", "application/x-www-form-urlencoded", f"{JSON}; charset=utf-16"],
)
def test_other_content_type_is_415(client: TestClient, content_type: str | None) -> None:
    headers = {"content-type": content_type} if content_type else {}
    body = b'{"query": "{ __typename }"}'
    answer = client.post("/graphql", content=body, headers=headers)
    assert answer.status_code == 415
    assert JSON in answer.json()["errors"][0]["message"]


def test_a_compressed_body_is_415(client: TestClient) -> None:
    headers = {"content-type": JSON, "content-encoding": "gzip"}
    answer = client.post("/graphql", content=b"\x1f\x8b", headers=headers)
    assert answer.status_code == 415
    assert "without Content-Encoding: gzip" in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    "content_type", [JSON, f"{JSON}; charset=UTF-8", f'{JSON};charset="utf-8"']
)
def test_utf_8(client: TestClient, content_type: str) -> None:
    body = '{"query": "{ __type(name: \\"絆\\") { name } }"}'.encode()
    answer = client.post("/graphql", content=body, headers={"content-type": content_type})
    assert answer.json()["data"] == {"__type": None}


def test_get(client: TestClient) -> None:
    answer = client.get("/graphql", params={"query": "{ __typename }"})
    assert (answer.status_code, answer.json()["data"]) == (200, {"__typename": "Query"})


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"variables": "{}"},
        {"query": "{ __typename }", "variables": "{"},
        {"query": "{ __typename }", "variables": "[]"},
        {"query": "{ __typename }", "extensions": "1"},
    ],
)
def test_get_without_a_graphql_request_is_400(
    client: TestClient, parameters: dict[str, str]
) -> None:
    assert client.get("/graphql", params=parameters).status_code == 400


@pytest.mark.parametrize("query_string", ["query=%FF", "query={a}&query={a}"])
def test_get_of_what_cannot_be_read_is_400(client: TestClient, query_string: str) -> None:
    answer = client.get(f"/graphql?{query_string}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"].startswith("The query string ")


def test_a_list_of_operations_is_refused_in_words(client: TestClient) -> None:
    answer = post(client, [{"query": "{ __typename }"}, {"query": "{ __typename }"}])
    assert answer.status_code == 400
    assert "one operation" in answer.json()["errors"][0]["message"]


def test_a_document_nested_too_deeply_is_beyond_a_limit(client: TestClient) -> None:
    answer = post(client, {"query": "{a" * 2000 + "}" * 2000})
    assert (answer.status_code, len(answer.json()["errors"])) == (400, 1)
    assert answer.json()["errors"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"


def test_get_of_a_malformed_query_is_refused_like_a_post(client: TestClient) -> None:
    got = client.get("/graphql", params={"query": "{"}, headers={"accept": GRAPHQL})
    assert (got.status_code, got.json()) == (400, post(client, {"query": "{"}).json())


def test_get_carries_queries_only(client: TestClient) -> None:
    document = "mutation M { __typename } query Q { __typename }"
    refused = client.get("/graphql", params={"query": document, "operationName": "M"})
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
    assert "by POST" in refused.json()["errors"][0]["message"]
    chosen = client.get("/graphql", params={"query": document, "operationName": "Q"})
    assert chosen.status_code == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_method_is_405(client: TestClient, method: str) -> None:
    answer = client.request(method, "/graphql")
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["allow"].split(", "))
    assert answer.json()["code"] == "METHOD_NOT_ALLOWED"


def test_body_limit(client: TestClient) -> None:
    def of_length(length: int) -> bytes:
        return b'{"query": "{ __typename }"}'.ljust(length)

    headers = {"content-type": JSON}
    within = client.post("/graphql", content=of_length(LIMIT), headers=headers)
    beyond = client.post("/graphql", content=of_length(LIMIT + 1), headers=headers)
    chunked = client.post(
        "/graphql", content=(of_length(1000) for _ in range(100)), headers=headers
    )
    assert (within.status_code, beyond.status_code, chunked.status_code) == (200, 413, 413)
    assert "max_body_bytes" in beyond.json()["errors"][0]["message"]


def test_query_string_limit(client: TestClient) -> None:
    answer = client.get("/graphql", params={"query": "{ __typename }".ljust(LIMIT)})
    assert answer.status_code == 414


def test_deep_variables_are_no_fault_of_ours(client: TestClient) -> None:
    deep = b'{"not": ' * 800 + b"{}" + b"}" * 800
    document = b'"query ($f: BookFilter) { books(filter: $f) { totalCount } }"'
    body = b'{"query": ' + document + b', "variables": {"f": ' + deep + b"}}"
    answer = client.post("/graphql", content=body, headers={"content-type": JSON})
    assert answer.status_code < 500
    assert answer.json()["errors"]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("it", "it"),
        ("ja, it;q=0.5", "ja"),
        ("it;q=0.5, ja;q=0.8", "ja"),
        ("it-CH, en;q=0.5", "it"),
        ("fr, *;q=0.1", "en"),
        ("it;q=0, ja;q=0.1", "ja"),
        ("it;q=x", "en"),
        (", ".join(f"x-{n}" for n in range(5000)) + ", it", "en"),
    ],
)
def test_languages(client: TestClient, header: str, language: str) -> None:
    query = {"query": '{ book(id: "kokoro") { title { language } } }'}
    answer = client.post("/graphql", json=query, headers={"accept-language": header})
    assert answer.json()["data"]["book"]["title"]["language"] == language
    assert "Accept-Language" in answer.headers["vary"]


# What the view does with an Api that fails


@dataclass
class Given:
    """An Api that answers as told."""

    outcome: Exception | Mapping[str, object]
    executed: bool = True
    payload: Mapping[str, object] = field(default_factory=dict)

    def execute(
        self,
        query: str,
        variables: Mapping[str, object] | None = None,
        operation_name: str | None = None,
        languages: Sequence[str] = (),
        credentials: Credentials = NOBODY,
        extensions: Mapping[str, object] | None = None,
        *,
        written: bool = False,
    ) -> "Given":
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return Given(self.outcome, payload=self.outcome)

    def is_quick(self, query: str, *_: object) -> bool:
        return False


def no_page(request: Request, query: str, variables: str, answer: bytes | None) -> Response:
    return PlainTextResponse("page")


def answer_of(outcome: Exception | Mapping[str, object]) -> Any:
    reader = OperationReader(KeptDocuments(LIMIT), LIMIT, LIMIT)
    view = GraphQLView(Given(outcome), no_page, reader, ())
    app = Starlette(routes=[Route("/graphql", view.respond, methods=["GET", "POST"])])
    return post(TestClient(app), {"query": "{ a }"})


def test_a_fault_of_ours_is_masked_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    answer = answer_of(ZeroDivisionError("secret"))
    error = {"message": MASKED, "extensions": {"code": "INTERNAL_SERVER_ERROR"}}
    assert (answer.status_code, answer.json()) == (500, {"errors": [error]})
    assert "secret" in caplog.text


class Threads(Given):
    """An Api that answers with the name of the thread; what isn't quick waits for what is."""

    quick_ones = Barrier(2)

    def is_quick(self, query: str, *_: object) -> bool:
        return query == "{ quick }"

    def execute(self, query: str, *_: object, **__: object) -> Given:
        self.quick_ones.wait(10)
        return Given({}, payload={"data": current_thread().name})


def test_what_is_quick_waits_for_nothing_that_is_not() -> None:
    """Both are executed at once, though what is quick has a thread of its own."""
    view = GraphQLView(Threads({}), no_page, OperationReader(KeptDocuments(1), LIMIT, LIMIT), ())
    app = Starlette(routes=[Route("/graphql", view.respond, methods=["POST"])])
    with TestClient(app) as client, ThreadPoolExecutor(2) as pool:
        queries = [{"query": "{ quick }"}, {"query": "{ slow }"}]
        quick, slow = pool.map(lambda query: post(client, query).json()["data"], queries)
    assert quick.startswith("quick")
    assert slow.startswith("others")


def test_domain_errors_follow_the_table(caplog: pytest.LogCaptureFixture) -> None:
    for cls, kind in KINDS.items():
        answer = answer_of(cls("what and how"))
        error = {"message": "what and how", "extensions": {"code": kind.code}}
        assert (answer.status_code, answer.json()) == (kind.status, {"errors": [error]})
    assert caplog.text == ""


def test_every_domain_error_is_in_the_table() -> None:
    tree = {errors.KizunaError}
    while grown := {sub for cls in tree for sub in cls.__subclasses__()} - tree:
        tree |= grown
    assert tree - {errors.KizunaError} == set(KINDS)


def test_unbounded_recursion_is_refused() -> None:
    assert answer_of(RecursionError()).status_code == 400


# Health, headers, errors


def test_health(client: TestClient, library: Dataset) -> None:
    assert client.get("/healthz").json()["status"] == "alive"
    ready = client.get("/readyz").json()
    assert ready["release"] == {"number": library.release.number, "hash": library.release.hash}
    assert ready["ontology"]["hash"] == library.ontology_hash
    assert (ready["status"], ready["ontology"]["version"]) == ("ready", "1.2.0")


def test_schema(client: TestClient) -> None:
    answer = client.get("/schema.graphql")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "type Book " in answer.text


@pytest.mark.parametrize("path", ["/nothing", "/static/nothing.css", "/static/../app.py"])
def test_nothing_there_is_a_problem(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 404


def test_errors_outside_graphql_are_problems(settings: Settings, library: Dataset) -> None:
    def failing(error: Exception) -> Route:
        def fail(request: Request) -> Response:
            raise error

        return Route(f"/{type(error).__name__}", fail)

    app = create_app(settings, library)
    app.router.routes += [failing(errors.Conflict("what and how")), failing(KeyError("secret"))]
    client = TestClient(app, raise_server_exceptions=False)
    told, masked = client.get("/Conflict"), client.get("/KeyError")
    assert (told.status_code, told.json()["code"]) == (409, "CONFLICT")
    assert (told.json()["title"], told.json()["detail"]) == ("Conflict", "what and how")
    assert (masked.status_code, masked.json()["detail"]) == (500, MASKED)
    assert masked.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/", "/graphql", "/healthz", "/nothing", "/static/style.css"])
def test_every_answer_is_guarded(client: TestClient, path: str) -> None:
    answer = client.get(path)
    policy = directives(answer)
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_page_of_graphiql_may_do_what_it_needs_and_others_no_more(client: TestClient) -> None:
    """Both where GraphiQL was built into the package and where it was not."""
    page = browse(client, "/graphql")
    loaded = Links(page.text).loaded
    built = GRAPHIQL.is_file()
    assert ("/static/graphiql/main.js" in loaded, "/static/query.js" in loaded) == (
        built,
        not built,
    )
    own, general = (directives(answer) for answer in (page, browse(client, "/")))
    assert own["script-src"] == own["connect-src"] == "'self'"
    assert own["default-src"] == "'none'"
    assert ("unsafe-inline" in own["style-src"], "worker-src" in own) == (built, built)
    assert "unsafe" not in page.headers["content-security-policy"].replace(own["style-src"], "")
    assert general == directives(client.get("/healthz"))


def directives(answer: Any) -> dict[str, str]:
    policy = answer.headers["content-security-policy"]
    return dict(part.split(" ", 1) for part in policy.split("; "))


def test_cors(client: TestClient) -> None:
    origin = {"origin": "https://example.org"}
    wanted = {"access-control-request-method": "POST"}
    wanted |= {"access-control-request-headers": "content-type"}
    preflight = client.options("/graphql", headers=origin | wanted)
    assert preflight.status_code == 200
    for answer in (preflight, client.get("/readyz", headers=origin)):
        assert answer.headers["access-control-allow-origin"] == "*"


def test_cors_of_chosen_origins(library: Dataset) -> None:
    settings = Settings(ontology=LIBRARY / "ontology", cors_origins=("https://example.org",))
    client = TestClient(create_app(settings, library))
    for origin, allowed in (("https://example.org", True), ("https://example.com", False)):
        headers = client.get("/readyz", headers={"origin": origin}).headers
        assert (headers.get("access-control-allow-origin") == origin) is allowed


def test_gzip(client: TestClient) -> None:
    with client.stream("GET", "/schema.graphql", headers={"accept-encoding": "gzip"}) as answer:
        assert answer.headers["content-encoding"] == "gzip"
        assert b"type Book " in gzip.decompress(b"".join(answer.iter_raw()))


# Pages


class Links(HTMLParser):
    """The addresses that a page names, what it loads apart; its ids and what points at them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.languages: list[str] = []
        self.ids: list[str] = []
        self.pointers: set[str] = set()
        self.tags: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        if "href" in given:
            (self.links if tag == "a" else self.loaded).append(given["href"])
        if "src" in given:
            self.loaded.append(given["src"])
        self.languages += [given["lang"]] if "lang" in given else []
        self.ids += [given["id"]] if "id" in given else []
        self.pointers |= {given[n] for n in ("for", "aria-labelledby") if n in given}


def browse(client: TestClient, address: str, language: str = "en") -> Any:
    return client.get(address, headers={"accept": BROWSER, "accept-language": language})


@pytest.mark.parametrize("address", ["/", "/graphql", "/graphql?query={__typename}"])
@pytest.mark.parametrize("language", ["en", "it", "ja"])
def test_page(client: TestClient, address: str, language: str) -> None:
    answer = browse(client, address, language)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-language"] == language
    page = Links(answer.text)
    assert page.languages[0] == language
    assert page.tags.count("h1") == 1
    assert len(page.ids) == len(set(page.ids))
    assert page.pointers <= set(page.ids)
    inline = r"<script(?![^>]* (src=|type=.application/ld))|<style|\son\w+=|\sstyle="
    assert not re.search(inline, answer.text)
    for address in page.loaded:
        assert client.get(address).status_code == 200
        assert address.startswith("/static/")


def test_every_link_of_the_front_page_leads_somewhere(client: TestClient) -> None:
    page = Links(browse(client, "/").text)
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    for link in set(page.links):
        assert link.startswith(("/", "?", "#"))
        answer = browse(client, link)
        assert answer.status_code == 200
        assert "errors" not in answer.text, link


def test_language_by_parameter(client: TestClient) -> None:
    page = browse(client, "/graphql?lang=ja&query={__typename}", "it")
    assert page.headers["content-language"] == "ja"
    switches = [link for link in Links(page.text).links if link.startswith("?")]
    asked = [parse_qs(urlsplit(link).query) for link in switches]
    assert [a["lang"] for a in asked] == [["en"], ["it"], ["ja"]]
    assert {a["query"][0] for a in asked} == {"{__typename}"}


def test_another_ontology_gets_a_page_of_its_own(client: TestClient) -> None:
    page = browse(client, "/", "it").text
    assert "A library&#39;s ontology" in page
    assert re.search(r">libro</a> <span>\d+</span>", page)
    assert "絆" not in page


def test_query_page_answers_without_a_script(client: TestClient) -> None:
    page = browse(client, "/graphql?query={__typename}").text
    assert "&#34;__typename&#34;: &#34;Query&#34;" in page


def test_query_page_escapes_what_it_is_given(client: TestClient) -> None:
    hostile = '</textarea><script src="//evil.example/x.js"></script>'
    parameters = {"query": hostile, "variables": f'{{"a": "{hostile}"'}
    answer = client.get("/graphql", params=parameters, headers={"accept": BROWSER})
    assert answer.status_code == 200
    assert "evil.example" in answer.text
    assert Links(answer.text).loaded == Links(browse(client, "/graphql").text).loaded


def test_front_page_answers_its_questions(packaged: TestClient) -> None:
    for language in ("en", "it", "ja"):
        page = browse(packaged, "/", language).text
        assert 'class="fault"' not in page
        assert page.count("<article") == 3


def test_front_page_links(packaged: TestClient) -> None:
    for link in set(Links(browse(packaged, "/").text).links):
        answer = browse(packaged, link)
        assert (answer.status_code, "&#34;errors&#34;" in answer.text) == (200, False), link
