"""What of an answer may be kept, when it is asked for again, and how it is compressed."""

import gzip
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import brotli
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from kizuna.app import create_app
from kizuna.dataset.releases import Dataset, Release
from kizuna.graphql.schema import Api
from kizuna.http.compression import compression
from kizuna.settings import Settings

SETTINGS = Settings(ontology=Path(__file__).parent / "library" / "ontology")
GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
TITLE = 'query A { book(id: "kokoro") { title { value } } } query B { __typename }'
ASKED = {"query": TITLE, "operationName": "A"}


class Counting(Api):
    """The API, which counts what it executes."""

    executed = 0

    def execute(self, *args: Any, **kwargs: Any) -> Any:
        self.executed += 1
        return super().execute(*args, **kwargs)


@pytest.fixture(scope="module")
def api(library: Dataset) -> Counting:
    return Counting(library)


@pytest.fixture(scope="module")
def client(library: Dataset, api: Counting) -> TestClient:
    return TestClient(create_app(SETTINGS, library, api))


def got(client: TestClient, parameters: dict[str, str] | None = None, **headers: str) -> Any:
    given = {"accept": JSON, "accept-encoding": ""}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get("/graphql", params=parameters or ASKED, headers=given)


def test_what_still_holds_is_not_executed(client: TestClient, api: Counting) -> None:
    first = got(client)
    assert first.headers["cache-control"] == "public, no-cache"
    before = api.executed
    for held in (first.headers["etag"], first.headers["etag"][2:], f'"x", {first.headers["etag"]}'):
        again = got(client, if_none_match=held)
        assert (again.status_code, again.content, api.executed) == (304, b"", before)
        for name in ("etag", "cache-control"):
            assert again.headers[name] == first.headers[name]
        assert set(again.headers["vary"].split(", ")) >= {
            *("Accept", "Accept-Encoding", "Accept-Language", "Authorization")
        }
    assert got(client, if_none_match='"x"').status_code == 200
    assert api.executed == before + 1


@pytest.mark.parametrize(
    ("parameters", "headers"),
    [
        ({"query": TITLE, "operationName": "B"}, {}),
        ({"query": TITLE + " ", "operationName": "A"}, {}),
        (ASKED | {"variables": '{"a": 1}'}, {}),
        (ASKED | {"extensions": '{"a": 1}'}, {}),
        (ASKED, {"accept": GRAPHQL}),
        (ASKED, {"accept_encoding": "gzip"}),
        (ASKED, {"accept_encoding": "gzip;q=0, br"}),
        (ASKED, {"accept_language": "ja"}),
        (ASKED | {"lang": "ja"}, {}),
        (ASKED, {"authorization": "Bearer x"}),
    ],
)
def test_another_request_has_another_tag(
    client: TestClient, parameters: dict[str, str], headers: dict[str, str]
) -> None:
    assert got(client, parameters, **headers).headers["etag"] != got(client).headers["etag"]


def test_the_same_request_has_the_same_tag(client: TestClient) -> None:
    for headers in ({"user_agent": "x"}, {"accept_encoding": "br;q=0, gzip;q=0"}):
        assert got(client, ASKED, **headers).headers["etag"] == got(client).headers["etag"]


def test_another_release_has_another_tag(client: TestClient, library: Dataset) -> None:
    later = replace(library, release=Release(library.release.number + 1, library.release.hash))
    other = TestClient(create_app(SETTINGS, later))
    assert got(other).headers["etag"] != got(client).headers["etag"]


def test_what_comes_with_credentials_is_kept_by_its_reader_alone(client: TestClient) -> None:
    answer = got(client, authorization="Bearer x")
    assert answer.headers["cache-control"] == "private, no-cache"
    assert "Authorization" in answer.headers["vary"]


@pytest.mark.parametrize(
    "parameters",
    [
        {"query": "{"},
        {"query": "{ nothing }"},
        {"query": '{ book(id: "nothing") { id } }'},
        {"query": "mutation { __typename }"},
        {"variables": "{}"},
    ],
)
@pytest.mark.parametrize("accept", [JSON, GRAPHQL])
def test_errors_are_not_kept(client: TestClient, parameters: dict[str, str], accept: str) -> None:
    answer = got(client, parameters, accept=accept, if_none_match='"x"')
    assert answer.json()["errors"]
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


def test_a_post_says_nothing_of_keeping(client: TestClient) -> None:
    headers = {"if-none-match": "*"}
    answer = client.post("/graphql", json={"query": "{ __typename }"}, headers=headers)
    assert answer.status_code == 200
    assert not {"etag", "cache-control"} & set(answer.headers)


# Compression

LONG = {"query": "{ __schema { types { name } } }"}


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("br", "br"),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0, gzip", "gzip"),
        ("*", "br"),
        ("*;q=0.1, br;q=0", "gzip"),
        ("identity", ""),
        ("br;q=0, gzip;q=0.0", ""),
        ("zebra", ""),
    ],
)
@pytest.mark.parametrize("accept", [JSON, GRAPHQL])
def test_compressed_as_wanted(client: TestClient, wanted: str, given: str, accept: str) -> None:
    unpacked = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[given]
    headers = {"accept": accept, "accept-encoding": wanted}
    with client.stream("GET", "/graphql", params=LONG, headers=headers) as answer:
        assert answer.headers.get("content-encoding", "") == given
        assert "Accept-Encoding" in answer.headers["vary"]
        assert unpacked(b"".join(answer.iter_raw())).startswith(b'{"data":')


@pytest.mark.parametrize("address", ["/schema.graphql", "/data/ns.ttl", "/static/style.css", "/"])
def test_texts_are_compressed(client: TestClient, address: str) -> None:
    assert (
        client.get(address, headers={"accept-encoding": "br"}).headers["content-encoding"] == "br"
    )


def test_what_is_short_is_not_compressed(client: TestClient) -> None:
    assert "content-encoding" not in got(client, accept_encoding="br").headers


def test_events_go_out_one_by_one() -> None:
    def events() -> Iterator[str]:
        yield "data: 1\n\n"
        yield "data: 2\n\n"

    async def stream(request: Request) -> Response:
        return StreamingResponse(events(), media_type="text/event-stream")

    app = Starlette(routes=[Route("/", stream)], middleware=[compression()])
    with TestClient(app).stream("GET", "/", headers={"accept-encoding": "br"}) as answer:
        unpacked = brotli.Decompressor()
        parts = [unpacked.process(part) for part in answer.iter_raw()]
    assert parts[:2] == [b"data: 1\n\n", b"data: 2\n\n"]
