"""Permalinks of results: the same answer from the same release, and the truth where it differs."""

import hashlib
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from starlette.testclient import TestClient

from kizuna.app import create_app, create_server
from kizuna.dataset.ledger import Ledger
from kizuna.dataset.releases import Dataset, LedgerReleases
from kizuna.http.permalinking import packed
from kizuna.settings import Settings
from tests.conftest import LIBRARY
from tests.test_following import BOOKS, accept, books, ledger, releases

__all__ = ["ledger", "releases"]

SETTINGS = Settings(ontology=LIBRARY / "ontology")
TITLE = "query A($id: ID!) { book(id: $id) { title { value } } }  query B { __typename }"
ASKED = {"query": TITLE, "operationName": "A", "variables": {"id": "kokoro"}}
WANTED = {"extensions": {"kizuna": {"permalink": True}}}


@pytest.fixture(scope="module")
def client(library: Dataset) -> TestClient:
    return TestClient(create_app(SETTINGS, library))


def posted(client: TestClient, asked: dict[str, Any], **headers: str) -> Any:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/graphql", json=asked, headers=given).json()


def linked(client: TestClient, asked: dict[str, Any], **headers: str) -> dict[str, Any]:
    answer = posted(client, {**asked, **WANTED}, **headers)
    told: dict[str, Any] = answer["extensions"]["kizuna"]["permalink"]
    return told


def test_it_is_made_on_request_only(client: TestClient) -> None:
    assert "permalink" not in posted(client, ASKED)["extensions"]["kizuna"]


def test_it_answers_the_same(client: TestClient) -> None:
    answer = posted(client, {**ASKED, **WANTED})
    told = answer["extensions"]["kizuna"]["permalink"]
    assert told["href"].startswith(f"/q/0/{told['operation']}?")
    again = client.get(told["href"])
    assert again.status_code == 200
    assert again.json()["data"] == answer["data"]
    assert again.json()["extensions"]["kizuna"]["permalink"] == {**told, "unchanged": True}


def test_it_is_the_same_each_time(client: TestClient) -> None:
    other = {**ASKED, "variables": {"id": "botchan"}}
    assert linked(client, ASKED) == linked(client, ASKED)
    assert linked(client, ASKED)["href"] != linked(client, other)["href"]


def test_it_keeps_the_languages_of_the_first_reader(client: TestClient) -> None:
    told = linked(client, ASKED, accept_language="ja")
    again = client.get(told["href"], headers={"accept-language": "it"}).json()
    assert again["data"]["book"]["title"]["value"] == "こころ"


def test_another_result_is_told(client: TestClient) -> None:
    href = re.sub("r=.*", "r=0000000000000000", linked(client, ASKED)["href"])
    assert client.get(href).json()["extensions"]["kizuna"]["permalink"]["unchanged"] is False


def test_it_may_be_kept(client: TestClient) -> None:
    href = linked(client, ASKED)["href"]
    tag = client.get(href).headers["etag"]
    assert client.get(href, headers={"if-none-match": tag}).status_code == 304


def test_a_browser_sees_the_operation_and_its_answer(client: TestClient) -> None:
    page = client.get(linked(client, ASKED)["href"], headers={"accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    assert "graphiql" not in page.text
    assert "query A($id: ID!)" in page.text
    assert "Kokoro" in page.text


def test_an_operation_that_was_not_executed_has_none(client: TestClient) -> None:
    assert "extensions" not in posted(client, {"query": "{ nothing }", **WANTED})


def test_an_operation_that_is_only_explained_has_none(client: TestClient) -> None:
    extensions = {"kizuna": {"permalink": True, "explain": "ONLY"}}
    told = posted(client, {**ASKED, "extensions": extensions})["extensions"]["kizuna"]
    assert "explain" in told
    assert "permalink" not in told


def test_one_that_would_be_too_long_is_not_given(client: TestClient) -> None:
    ids = [f"book-{n * n}-{n**5}" for n in range(2000)]
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    told = linked(client, {"query": query, "variables": {"ids": ids}})
    assert told["href"] is None
    assert "8000" in told["message"]


@pytest.mark.parametrize(
    ("pattern", "by", "status", "said"),
    [
        ("/q/0/", "/q/7/", 404, "release 7"),
        (r"/[0-9a-f]{64}", "/" + "0" * 64, 400, "isn't whole"),
        (r"o=[^&]*", "o=", 400, "isn't whole"),
        (r"o=[^&]*", "o=eJxLTEoGAAJNASc", 400, "isn't whole"),
        (r"o=[^&]*", "o=%C3%A9", 400, "isn't whole"),
    ],
)
def test_a_broken_address(
    client: TestClient, pattern: str, by: str, status: int, said: str
) -> None:
    href = re.sub(pattern, by, linked(client, ASKED)["href"])
    answer = client.get(href, headers={"accept": "application/graphql-response+json"})
    assert answer.status_code == status
    assert said in answer.text


def made_up(client: TestClient, asked: dict[str, Any]) -> Any:
    """The answer at the address of whatever JSON, its hash right."""
    text = orjson.dumps(asked)
    address = f"/q/0/{hashlib.sha256(text).hexdigest()}?o={packed(text)}"
    return client.get(address, headers={"accept": "application/graphql-response+json"})


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"query": "mutation { x }", "languages": []}, 405),
        ({"query": "{ __typename }", "languages": "en"}, 400),
        ({"query": "{ __typename }"}, 400),
        ({"languages": []}, 400),
        ({"query": "{ __typename }" + " " * 2_000_000, "languages": []}, 414),
        ({"query": "{ nothing }", "languages": []}, 400),
    ],
)
def test_an_address_that_nobody_gave_out(
    client: TestClient, asked: dict[str, Any], status: int
) -> None:
    assert made_up(client, asked).status_code == status


def test_a_past_release_still_answers(ledger: Ledger, releases: LedgerReleases) -> None:
    with TestClient(create_server(SETTINGS, releases)) as client:
        told = linked(client, {"query": BOOKS})
        before, _ = books(client)
        accept(ledger, releases, 1)
        releases.follow()
        assert books(client) == (before + 1, 1)
        then = client.get(told["href"]).json()
    assert then["extensions"]["kizuna"]["release"]["number"] == 0
    assert then["data"]["books"]["totalCount"] == before
    assert then["extensions"]["kizuna"]["permalink"]["unchanged"]


def test_trusted_documents_only(library: Dataset, tmp_path: Path) -> None:
    (tmp_path / "title.graphql").write_text(TITLE, encoding="utf-8")
    settings = replace(SETTINGS, trusted_documents=tmp_path)
    client = TestClient(create_app(settings, library))
    asked = {**ASKED, "query": None, "documentId": "title"}
    assert client.get(linked(client, asked)["href"]).json()["data"]
    assert made_up(client, {"query": "{ __typename }", "languages": []}).status_code == 403
