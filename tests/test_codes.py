"""Every code that docs/graphql.md lists is told over HTTP, and none besides."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from kizuna.app import create_app
from kizuna.dataset.releases import Dataset
from kizuna.graphql.limits import Limits
from kizuna.graphql.schema import Answer, Api
from kizuna.kinds import MASKED
from kizuna.settings import Settings
from tests.conftest import LIBRARY

DOCS = Path(__file__).parents[1] / "docs" / "graphql.md"
SETTINGS = Settings(ontology=LIBRARY / "ontology", max_body_bytes=2_000)
BOOKS = "{ books { nodes { id } } }"


class Broken(Api):
    """An Api with a fault of ours."""

    def execute(self, *args: Any, **kwargs: Any) -> Answer:
        raise RuntimeError("a secret of the house")


def client(dataset: Dataset, settings: Settings = SETTINGS, api: Api | None = None) -> TestClient:
    return TestClient(create_app(settings, dataset, api), raise_server_exceptions=False)


def asked(at: TestClient, query: str, **members: object) -> Any:
    return at.post("/graphql", json={"query": query, **members})


def persisted(at: TestClient) -> Any:
    name = {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}
    return at.post("/graphql", json={"extensions": name})


def untrusted(library: Dataset, folder: Path) -> Any:
    (folder / "a.graphql").write_text("{ books { totalCount } }")
    settings = Settings(ontology=LIBRARY / "ontology", trusted_documents=folder)
    return asked(client(library, settings), BOOKS)


PROVOKED: dict[str, Callable[[Dataset, Path], Any]] = {
    "GRAPHQL_PARSE_FAILED": lambda d, _: asked(client(d), "{ books"),
    "GRAPHQL_VALIDATION_FAILED": lambda d, _: asked(client(d), "{ nope }"),
    "BAD_USER_INPUT": lambda d, _: asked(client(d), "{ books(first: -1) { totalCount } }"),
    "NOT_FOUND": lambda d, _: asked(client(d), '{ book(id: "nope") { id } }'),
    "BAD_REQUEST": lambda d, _: client(d).post("/graphql", json=[{"query": BOOKS}]),
    "METHOD_NOT_ALLOWED": lambda d, _: client(d).get("/graphql?query=mutation{nope}"),
    "UNSUPPORTED_MEDIA_TYPE": lambda d, _: client(d).post("/graphql", content=b"{}"),
    "PERSISTED_QUERY_NOT_FOUND": lambda d, _: persisted(client(d)),
    "DOCUMENT_NOT_TRUSTED": untrusted,
    "LIMIT_EXCEEDED": lambda d, _: asked(client(d), BOOKS + " " * 2_000),
    "TIMEOUT": lambda d, _: asked(client(d, api=Api(d, Limits(seconds=0))), BOOKS),
    "INTERNAL_SERVER_ERROR": lambda d, _: asked(client(d, api=Broken(d)), BOOKS),
}


def documented() -> set[str]:
    table = DOCS.read_text().partition("## Errors")[2].partition("\n## ")[0]
    rows = [line.partition("|")[2].partition("|")[0] for line in table.splitlines()]
    return {code for row in rows for code in re.findall(r"`([A-Z_]+)`", row)}


def test_the_codes_are_documented() -> None:
    assert documented() == set(PROVOKED)


@pytest.mark.parametrize("code", PROVOKED)
def test_code(library: Dataset, tmp_path: Path, code: str) -> None:
    errors = PROVOKED[code](library, tmp_path).json()["errors"]
    assert [error["extensions"]["code"] for error in errors] == [code]
    assert all(error["message"] for error in errors)


def test_faults_of_ours_are_masked(library: Dataset, tmp_path: Path) -> None:
    (error,) = PROVOKED["INTERNAL_SERVER_ERROR"](library, tmp_path).json()["errors"]
    assert error["message"] == MASKED
