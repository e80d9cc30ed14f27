"""Explaining: the plan, and for each step SPARQL that finds as much when it is run as it stands."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from kizuna.app import create_app
from kizuna.dataset.releases import Dataset
from kizuna.graphql.schema import Api
from kizuna.resources import QUERIES
from kizuna.settings import Settings
from tests.conftest import LIBRARY

EXPLAIN = {"kizuna": {"explain": True}}
ONLY = {"kizuna": {"explain": "ONLY"}}
QUESTIONS = sorted((QUERIES / "questions").glob("*.graphql"))
BOOKS = """query ($n: Int) {
  books(first: $n, filter: {pages: {gt: 100}}, orderBy: {field: TITLE}) {
    totalCount
    nodes { id title { value } heldAt { nodes { id } }
      authors(last: 1) { nodes { name { value } } } }
  }
  first: book(id: "kokoro") { ...B }
} fragment B on Item { __typename id ... on Book { isbn } }"""


def explained(api: Api, query: str, extensions: Any = EXPLAIN, **variables: object) -> Any:
    payload = api.execute(query, variables, extensions=extensions).payload
    assert "errors" not in payload, payload["errors"]
    return payload["extensions"]["kizuna"]


def test_nothing_is_told_unasked(library_api: Api) -> None:
    asked: list[Any] = [None, {}, {"kizuna": {}}, {"kizuna": {"explain": False}}, {"other": 1}]
    for extensions in asked:
        assert "explain" not in explained(library_api, BOOKS, extensions)


def test_steps_are_those_that_were_counted(library_api: Api) -> None:
    report = explained(library_api, BOOKS)
    steps = report["explain"]["steps"]
    assert len(steps) == report["storeQueries"]
    assert [step["what"] for step in steps][:2] == ["subjects", "count"]
    assert sum(step["rows"] for step in steps) == report["rowsRead"]
    assert 0 <= sum(step["milliseconds"] for step in steps) <= report["explain"]["milliseconds"]


@pytest.mark.parametrize(
    "query",
    [
        BOOKS,
        "{ branches { nodes { id opened } } }",
        "{ books { groupBy(keys: [GENRE]) { count pages { min } issued { max } } } }",
    ],
)
def test_steps_can_be_run_as_they_stand(library: Dataset, library_api: Api, query: str) -> None:
    steps = explained(library_api, query)["explain"]["steps"]
    assert steps
    for step in steps:
        assert len(library.store.reader().select(step["sparql"]).rows) == step["rows"]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda file: file.stem)
def test_steps_of_the_questions(packaged: Dataset, packaged_api: Api, question: Any) -> None:
    for step in explained(packaged_api, question.read_text())["explain"]["steps"]:
        found = packaged.store.reader().select(step["sparql"])
        assert len(found.rows) == step["rows"], step["sparql"]


def test_the_plan_tells_how_fields_are_filled(library_api: Api) -> None:
    root, *below = explained(library_api, BOOKS)["explain"]["plan"]
    books, first = root["types"]["Query"]
    assert (books["key"], books["filled"], books["class"]) == (
        "books",
        "Connection",
        "https://example.org/library/ns#Book",
    )
    assert books["arguments"].startswith("first: $n, filter: {")
    assert (first["key"], first["field"], first["filled"]) == ("first", "book", "One")
    by_number = {selection["selection"]: selection["types"] for selection in below}
    of_book = {field["key"]: field for field in by_number[first["selection"]]["Book"]}
    assert of_book["isbn"] == {
        "key": "isbn",
        "field": "isbn",
        "filled": "Scalar",
        "path": "<https://example.org/library/ns#isbn>",
    }
    assert of_book["__typename"]["filled"] == "Schema"


def test_a_selection_is_told_once(library_api: Api) -> None:
    query = "{ items { nodes { id } } a: items { nodes { id } } }"
    plan = explained(library_api, query)["explain"]["plan"]
    assert [selection["selection"] for selection in plan] == list(range(len(plan)))
    assert len(plan) == 5


def test_explaining_without_running(library_api: Api) -> None:
    answer = library_api.execute(BOOKS, extensions=ONLY)
    assert answer.executed
    assert answer.payload["data"] is None
    report = answer.payload["extensions"]["kizuna"]
    assert (report["storeQueries"], report["rowsRead"]) == (0, 0)
    assert set(report["explain"]) == {"plan"}


def test_what_was_read_is_told_where_it_fails(library_api: Api) -> None:
    payload = library_api.execute('{ book(id: "nope") { id } }', extensions=EXPLAIN).payload
    assert payload["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert payload["extensions"]["kizuna"]["explain"]["steps"]


@pytest.mark.parametrize(
    "ours",
    [True, [1], {"explain": "MAYBE"}, {"explain": 1}, {"explian": True}, {"permalink": "yes"}],
)
def test_what_cannot_be_explained(library_api: Api, ours: object) -> None:
    answer = library_api.execute("{ books { totalCount } }", extensions={"kizuna": ours})
    (error,) = answer.payload["errors"]
    assert not answer.executed
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert '{"explain": "ONLY"}' in error["message"]


def test_over_http(library: Dataset) -> None:
    with TestClient(create_app(Settings(ontology=LIBRARY / "ontology"), library)) as client:
        body: dict[str, Any] = {
            "query": "{ books(first: 3) { nodes { id pages } } }",
            "extensions": EXPLAIN,
        }
        posted = client.post("/graphql", json=body).json()["extensions"]["kizuna"]["explain"]
        params = {"query": body["query"], "extensions": json.dumps(EXPLAIN)}
        got = client.get("/graphql", params=params).json()["extensions"]["kizuna"]["explain"]
        assert [step["sparql"] for step in got["steps"]] == [s["sparql"] for s in posted["steps"]]
        for step in posted["steps"]:
            found = client.post("/sparql", data={"query": step["sparql"]}).json()
            assert len(found["results"]["bindings"]) == step["rows"]
