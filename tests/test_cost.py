"""What an operation is estimated to cost before it runs, and what is refused for it."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from kizuna.app import create_app
from kizuna.dataset.extents import Extents
from kizuna.dataset.releases import Dataset
from kizuna.graphql.limits import Limits
from kizuna.graphql.schema import Api
from kizuna.model import Step
from kizuna.resources import QUERIES
from kizuna.settings import Settings
from tests.conftest import LIBRARY

SAVED = sorted([*(QUERIES / "questions").glob("*.graphql"), *(QUERIES / "front").glob("*.graphql")])
NS = "https://example.org/library/ns#"
ONLY = {"kizuna": {"explain": "ONLY"}}


def cost(api: Api, query: str, **variables: object) -> int:
    payload = api.execute(query, variables, extensions=ONLY).payload
    assert "errors" not in payload, payload["errors"]
    found: int = payload["extensions"]["kizuna"]["cost"]
    return found


@pytest.mark.parametrize("saved", SAVED, ids=lambda file: file.stem)
def test_what_we_ask_ourselves_is_far_from_the_limit(packaged_api: Api, saved: Path) -> None:
    assert cost(packaged_api, saved.read_text()) < Limits().cost / 10


def test_a_large_page_of_many_fields_is_allowed(packaged_api: Api) -> None:
    query = """{ facts(first: 1000) { nodes {
      id __typename label { value language } standing { code } support disputed established
      description { value } place { __typename }
    } } }"""
    assert cost(packaged_api, query) < Limits().cost / 5


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ("books(first: 1) { nodes { id } }", "books(first: 3) { nodes { id } }"),
        ("books { nodes { id } }", "books { nodes { id pages } }"),
        ("books { nodes { id } }", "books { edges { cursor node { id } } }"),
        ("books { nodes { title { value } } }", "books { nodes { otherTitles { value } } }"),
        ('nodes(ids: ["a"]) { id }', 'nodes(ids: ["a", "b"]) { id }'),
        ("books { totalCount }", "books { groupBy(keys: [GENRE, AUTHORS]) { count } }"),
        (
            "genres { groupBy(keys: BROADER) { count } }",
            "genres { groupBy(keys: ITEMS) { count } }",
        ),
        (
            "items { groupBy(keys: [LOANS, HELD_AT]) { count } }",
            "items { groupBy(keys: [LOANS, HELD_AT]) { count digitalCopy { min } } }",
        ),
        (
            "items { groupBy(keys: TITLE) { count } }",
            'items { groupBy(keys: TITLE, lang: ["it", "ja", "fr", "de"]) { count } }',
        ),
        ("books { totalCount }", 'search(text: "a") { field }'),
        ('search(text: "a", first: 2) { field }', 'search(text: "a") { field }'),
        ("books { totalCount }", "__schema { queryType { name } }"),
        ('book(id: "kokoro") { id }', 'book(id: "kokoro") { id heldAt { nodes { id } } }'),
        (
            'author(id: "soseki") { works { nodes { id } } }',
            'author(id: "soseki") { works { nodes { id heldAt { nodes { id } } } } }',
        ),
    ],
)
def test_what_costs_more(library_api: Api, less: str, more: str) -> None:
    cheaper, dearer = (cost(library_api, f"{{ a: {query} }}") for query in (less, more))
    assert cheaper > 0
    # The weight of looking through a list shows where there is more to look through.
    assert cheaper < dearer or ("totalCount" in more and cheaper == dearer)


def test_pages_count_with_what_there_is(library_api: Api) -> None:
    query = "query ($n: Int) { books(first: $n) { nodes { id pages } } }"
    assert cost(library_api, query, n=500) == cost(library_api, query, n=1000)


def test_lists_within_lists_multiply(packaged_api: Api) -> None:
    inner, costs = "id", []
    for _ in range(3):
        inner = (
            f"facts(first: 1000) {{ nodes {{ involves(first: 1000) {{ nodes {{ {inner} }} }} }} }}"
        )
        costs.append(cost(packaged_api, f"{{ countries(first: 1000) {{ nodes {{ {inner} }} }} }}"))
        inner = f"... on Country {{ {inner} }}"
    assert costs[0] * 20 < costs[1]
    assert costs[1] * 20 < costs[2]


def test_every_answer_tells_its_cost(library_api: Api) -> None:
    payload = library_api.execute("{ books { nodes { id } } }").payload
    assert payload["extensions"]["kizuna"]["cost"] == cost(
        library_api, "{ books { nodes { id } } }"
    )


def test_estimating_is_no_query_of_the_operation(library: Dataset) -> None:
    payload = Api(library).execute("{ books { nodes { id } } }", extensions=ONLY).payload
    assert payload["extensions"]["kizuna"]["storeQueries"] == 0


def test_what_costs_too_much_is_refused(library: Dataset) -> None:
    api = Api(library, Limits(cost=20))
    answer = api.execute("{ books { nodes { id title { value } pages } } }")
    (error,) = answer.payload["errors"]
    assert not answer.executed
    assert error["extensions"]["code"] == "LIMIT_EXCEEDED"
    estimate = cost(api, "{ books { nodes { id title { value } pages } } }")
    assert error["message"] == (
        f"the operation's estimated cost is {estimate}, allowed: 20 (max_cost); "
        "ask for smaller pages, for fewer lists within lists, or in several operations"
    )
    assert "errors" not in api.execute("{ books(first: 2) { nodes { id } } }").payload


def test_over_http(library: Dataset) -> None:
    settings = Settings(ontology=LIBRARY / "ontology", max_cost=20)
    body: dict[str, Any] = {"query": "{ books { nodes { id title { value } pages } } }"}
    headers = {"accept": "application/graphql-response+json"}
    with TestClient(create_app(settings, library)) as client:
        refused = client.post("/graphql", json=body, headers=headers)
        assert refused.status_code == 400
        assert refused.json()["errors"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"
        told = client.post("/graphql", json=body | {"extensions": ONLY}, headers=headers)
        assert told.status_code == 200
        assert told.json()["extensions"]["kizuna"]["cost"] > 20


def test_reach_is_that_of_rich_members(library: Dataset) -> None:
    extents = Extents(library.store)
    assert extents.size(NS + "Book") == len(
        library.store.reader().select(f"SELECT ?b WHERE {{ ?b a <{NS}Book> }}").rows
    )
    assert extents.reach(NS + "Book", (Step(NS + "pages"),)) == 1
    by_author = extents.reach(NS + "Author", (Step(NS + "author", inverse=True),))
    assert 1 < by_author < extents.size(NS + "Book")
    assert extents.reach(NS + "Book", (Step(NS + "nothing"),)) == 0
