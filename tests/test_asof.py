"""Past releases by GraphQL: an operation as of one, and several of them in one answer."""

from collections.abc import Iterator
from typing import Any

import pytest

from kizuna.dataset.files import Ontology
from tests.reviewing import Desk, book, desk

TWO = (
    "{ now: books { totalCount } "
    "old: release(number: 0) { number query { books { totalCount } } } "
    "new: release(number: 2) { number query { books(first: 99) { nodes { id } } } } }"
)
BOOKS = "{ books { totalCount } }"


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory, library_ontology: Ontology) -> Iterator[Desk]:
    """A server with two releases after the seeds: each has a book more."""
    folder = tmp_path_factory.mktemp("grown")
    with desk(folder, library_ontology, max_releases=3) as desk_:
        for name in ("first", "second"):
            number = desk_.proposed(book(name))
            assert desk_.decide(number, "accept").status_code == 200
        yield desk_


def asked(desk: Desk, query: str, **variables: Any) -> Any:
    return desk.client.post("/graphql", json={"query": query, "variables": variables}).json()


def count(answer: Any) -> int:
    return int(answer["data"]["books"]["totalCount"])


def release(answer: Any) -> int:
    return int(answer["extensions"]["kizuna"]["release"]["number"])


def refused(answer: Any) -> tuple[str, str]:
    (error,) = answer["errors"]
    return error["extensions"]["code"], error["message"]


def test_as_of_a_number(grown: Desk) -> None:
    """All of the operation is answered by the release, which the answer names."""
    answers = [asked(grown, f"query @asOf(release: {n}) {BOOKS}") for n in (0, 1, 2)]
    assert [release(answer) for answer in answers] == [0, 1, 2]
    assert [count(answer) - count(answers[0]) for answer in answers] == [0, 1, 2]
    assert release(asked(grown, BOOKS)) == 2


def test_as_of_by_variables(grown: Desk) -> None:
    query = f"query Q($n: Int, $at: DateTime) @asOf(release: $n, at: $at) {BOOKS}"
    assert release(asked(grown, query, n=1)) == 1
    assert release(asked(grown, query, at="2999-01-01T00:00:00Z")) == 2
    at = asked(grown, "{ release(number: 1) { at } }")["data"]["release"]["at"]
    assert release(asked(grown, query, at=at)) == 1
    assert release(asked(grown, query, at=at.removesuffix("+00:00"))) == 1


@pytest.mark.parametrize(
    ("directive", "code", "message"),
    [
        ("@asOf", "BAD_USER_INPUT", "by one of the two"),
        ('@asOf(release: 1, at: "2026-01-01T00:00:00Z")', "BAD_USER_INPUT", "by one of the two"),
        ("@asOf(release: 3)", "NOT_FOUND", "there is no release 3; the newest is 2."),
        ("@asOf(release: -1)", "NOT_FOUND", "there is no release -1"),
        ('@asOf(at: "1999-01-01T00:00:00Z")', "NOT_FOUND", "there was no release yet at 1999"),
        ('@asOf(at: "lately")', "GRAPHQL_VALIDATION_FAILED", "lately"),
    ],
)
def test_as_of_what_is_not_there(grown: Desk, directive: str, code: str, message: str) -> None:
    answer = asked(grown, f"query {directive} {BOOKS}")
    found, told = refused(answer)
    assert found == code
    assert message in told
    assert "data" not in answer


def test_as_of_is_for_queries_alone(grown: Desk) -> None:
    answer = asked(
        grown, "mutation @asOf(release: 1) { withdrawContribution(id: 1) { contribution { id } } }"
    )
    assert refused(answer)[0] == "GRAPHQL_VALIDATION_FAILED"


def test_two_states_in_one_answer(grown: Desk) -> None:
    answer = asked(grown, TWO)
    data = answer["data"]
    assert data["old"]["number"] == 0
    assert data["old"]["query"]["books"]["totalCount"] == data["now"]["totalCount"] - 2
    assert len(data["new"]["query"]["books"]["nodes"]) == data["now"]["totalCount"]
    assert release(answer) == 2


def test_what_is_asked_of_each_release_is_counted(grown: Desk) -> None:
    def queries(query: str) -> int:
        return int(asked(grown, query)["extensions"]["kizuna"]["storeQueries"])

    view = "release(number: 0) { query { books { totalCount } } }"
    assert queries(f"{{ {view} }}") == queries(BOOKS)
    assert queries(f"{{ a: {view} b: {view} books {{ totalCount }} }}") == 3 * queries(BOOKS)


def test_how_a_release_came_to_be(grown: Desk) -> None:
    told = "number hash action contribution contributor decidedBy message additions removals"
    answer = asked(
        grown, f"{{ a: release(number: 2) {{ {told} }} b: release(number: 0) {{ {told} }} }}"
    )
    taken, seeds = answer["data"]["a"], answer["data"]["b"]
    assert taken["hash"] == grown.client.get("/readyz").json()["release"]["hash"]
    assert (
        seeds["hash"]
        == asked(grown, f"query @asOf(release: 0) {BOOKS}")["extensions"]["kizuna"]["release"][
            "hash"
        ]
    )
    assert (taken["action"], taken["contribution"], taken["contributor"]) == (
        "ACCEPTANCE",
        2,
        "ada",
    )
    assert (taken["decidedBy"], taken["message"]) == ("cora", "because")
    assert (taken["additions"], taken["removals"]) == (5, 0)
    assert (seeds["action"], seeds["contribution"], seeds["message"]) == ("SEEDS", None, "seeds")


def test_errors_in_a_release_have_their_paths(grown: Desk) -> None:
    """A null where none may stand stops at the nearest field that may be null."""
    query = (
        '{ a: release(number: 0) { query { book(id: "first") { id } books(first: -1) '
        '{ totalCount } } } b: release(number: 1) { query { book(id: "first") { id } } } '
        "c: release(number: 7) { number } }"
    )
    answer = asked(grown, query)
    assert answer["data"]["a"] is None
    assert answer["data"]["b"]["query"]["book"]["id"].endswith("/first")
    assert answer["data"]["c"] is None
    assert [(e["path"], e["extensions"]["code"]) for e in answer["errors"]] == [
        (["a", "query", "book"], "NOT_FOUND"),
        (["a", "query", "books"], "BAD_USER_INPUT"),
        (["c"], "NOT_FOUND"),
    ]


def test_introspection_in_a_release(grown: Desk) -> None:
    query = (
        "{ release(number: 0) { __typename query { __typename __schema { queryType { name } } } } }"
    )
    assert asked(grown, query)["data"] == {
        "release": {
            "__typename": "Release",
            "query": {"__typename": "Query", "__schema": {"queryType": {"name": "Query"}}},
        }
    }


def test_no_more_releases_than_allowed(grown: Desk) -> None:
    """However they are nested, and also where they are the same."""
    nested = f"release(number: 0) {{ query {{ release(number: 1) {{ query {BOOKS} }} }} }}"
    assert "errors" not in asked(grown, f"{{ {nested} a: release(number: 1) {{ query {BOOKS} }} }}")
    answer = asked(grown, f"{{ a: {nested} b: {nested} }}")
    assert refused(answer)[0] == "LIMIT_EXCEEDED"
    assert "max_releases" in refused(answer)[1]
    assert answer["data"]["a"]["query"]["release"]["query"]["books"]["totalCount"]
    assert answer["data"]["b"]["query"]["release"] is None


def test_the_list_of_releases(grown: Desk) -> None:
    paging = "pageInfo { endCursor hasNextPage hasPreviousPage }"
    page = f"{{ totalCount nodes {{ number }} edges {{ cursor node {{ hash }} }} {paging} }}"
    first = asked(grown, f"{{ releases(first: 2) {page} }}")["data"]["releases"]
    assert [each["number"] for each in first["nodes"]] == [2, 1]
    assert first["totalCount"] == 3
    assert (first["pageInfo"]["hasNextPage"], first["pageInfo"]["hasPreviousPage"]) == (True, False)
    after = first["pageInfo"]["endCursor"]
    assert after == first["edges"][-1]["cursor"]
    rest = asked(grown, f'{{ releases(after: "{after}") {page} }}')["data"]["releases"]
    assert [each["number"] for each in rest["nodes"]] == [0]
    assert (rest["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasPreviousPage"]) == (False, True)
    hashes = [each["node"]["hash"] for each in (*first["edges"], *rest["edges"])]
    assert len(set(hashes)) == 3


def test_the_list_ends_at_the_release_that_is_asked(grown: Desk) -> None:
    listed = "{ releases { nodes { number } } }"
    past = asked(grown, f"query @asOf(release: 1) {listed}")["data"]
    view = asked(grown, f"{{ release(number: 1) {{ query {listed} }} }}")["data"]["release"]
    for found in (past, view["query"]):
        assert [each["number"] for each in found["releases"]["nodes"]] == [1, 0]


def test_a_list_may_look_into_each_release(grown: Desk) -> None:
    answer = asked(grown, "{ releases { nodes { query { books { totalCount } } } } }")
    counts = [n["query"]["books"]["totalCount"] for n in answer["data"]["releases"]["nodes"]]
    assert [counts[0] - each for each in counts] == [0, 1, 2]


@pytest.mark.parametrize(
    "arguments", ['after: "1"', 'after: "release-9"', "first: -1", "first: 101"]
)
def test_pages_that_can_not_be_asked(grown: Desk, arguments: str) -> None:
    answer = asked(grown, f"{{ releases({arguments}) {{ totalCount }} }}")
    assert refused(answer)[0] in ("BAD_USER_INPUT", "LIMIT_EXCEEDED")


def test_cursors_of_a_past_release_belong_to_it(grown: Desk) -> None:
    page = "{ books(first: 2) { nodes { id } pageInfo { endCursor } } }"
    old = asked(grown, f"query @asOf(release: 0) {page}")["data"]["books"]
    more = page.replace("first: 2", f'first: 2, after: "{old["pageInfo"]["endCursor"]}"')
    assert "errors" not in asked(grown, f"query @asOf(release: 0) {more}")
    assert "belongs to another" in refused(asked(grown, more))[1]


def test_search_in_a_past_release(grown: Desk) -> None:
    query = '{ search(text: "second") { node { id } } }'
    found = [
        len(asked(grown, f"query {as_of} {query}")["data"]["search"])
        for as_of in ("", "@asOf(release: 1)")
    ]
    assert found[0] == found[1] + 1
