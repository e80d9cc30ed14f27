"""What differs between two releases, by GraphQL."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

import pytest

from kizuna import namespaces as ns
from kizuna.dataset.changes import make_change
from kizuna.dataset.files import Ontology, read_ontology
from kizuna.dataset.ledger import Ledger, ledger_url
from kizuna.dataset.releases import Dataset, LedgerReleases, read_data, seed_files
from kizuna.graphql.limits import Limits
from kizuna.graphql.schema import Api
from kizuna.resources import ONTOLOGY, QUERIES, SEEDS
from kizuna.terms import NamedNode, Quad
from tests.reviewing import PREFIXES, Desk, book, desk

LIBRARY = "https://example.org/library/"
ID = "https://w3id.org/italy-japan/id/"
FACT = f"{ID}fact-competitiveness-alliance-launched"
CLAIM = f"{ID}claim-test-denial"
THING = "id change type label releases { number contributor message } fields"
FIELDS = "{ field property derived before { value language } after { value language } }"
NODES = f"{{ totalCount nodes {{ {THING} {FIELDS} }} }}"
BOOKS = "(types: [Book])"


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory, library_ontology: Ontology) -> Iterator[Desk]:
    """A book more, a title more, and the book gone again."""
    with desk(tmp_path_factory.mktemp("grown"), library_ontology) as desk_:
        for document in (book("first"), f'{PREFIXES}id:kokoro lib:title "Cœur"@fr .'):
            assert desk_.decide(desk_.proposed(document), "accept").status_code == 200
        assert desk_.decide(1, "revert", reason="a mistake").status_code == 200
        yield desk_


def changes(desk: Desk, arguments: str, selection: str) -> Any:
    query = f"{{ changes({arguments}) {selection} }}"
    answer = desk.client.post("/graphql", json={"query": query}).json()
    assert "errors" not in answer, answer["errors"]
    return answer["data"]["changes"]


def things(desk: Desk, arguments: str, more: str = "") -> Any:
    return changes(desk, arguments, f"{{ things{more} {NODES} }}")["things"]["nodes"]


def fields(thing: Any) -> dict[str, tuple[list[str], list[str]]]:
    return {
        each["field"]: ([v["value"] for v in each["before"]], [v["value"] for v in each["after"]])
        for each in thing["fields"]
        if not each["derived"]
    }


def test_what_was_added(grown: Desk) -> None:
    asked = f"{{ from {{ number }} to {{ number }} things{BOOKS} {NODES} }}"
    found = changes(grown, "from: 0, to: 1", asked)
    assert (found["from"]["number"], found["to"]["number"]) == (0, 1)
    assert found["things"]["totalCount"] == 1
    (thing,) = found["things"]["nodes"]
    assert (thing["id"], thing["change"]) == (f"{LIBRARY}id/first", "ADDED")
    assert (thing["type"], thing["label"]) == ("Book", "first")
    assert thing["releases"] == [{"number": 1, "contributor": "ada", "message": "because"}]
    assert fields(thing)["title"] == ([], ["first"])
    assert fields(thing)["authors"] == ([], [f"{LIBRARY}id/soseki"])


def test_what_was_changed(grown: Desk) -> None:
    (thing,) = things(grown, "from: 1, to: 2", BOOKS)
    assert (thing["id"], thing["change"]) == (f"{LIBRARY}id/kokoro", "CHANGED")
    assert fields(thing) == {"title": ([], ["Cœur"])}
    (title,) = (each for each in thing["fields"] if each["field"] == "title")
    assert title["property"] == f"{LIBRARY}ns#title"
    assert title["after"] == [{"value": "Cœur", "language": "fr"}]


def test_what_was_removed(grown: Desk) -> None:
    (thing,) = things(grown, "from: 2, to: 3", BOOKS)
    assert (thing["change"], thing["label"]) == ("REMOVED", "first")
    assert fields(thing)["title"] == (["first"], [])
    assert [each["number"] for each in thing["releases"]] == [3]


def test_what_came_and_went_makes_no_difference(grown: Desk) -> None:
    found = things(grown, "from: 0, to: 3")
    assert [thing["id"] for thing in found] == [f"{LIBRARY}id/kokoro"]
    assert things(grown, "from: 2, to: 2") == []


def test_backwards(grown: Desk) -> None:
    (thing,) = things(grown, "from: 1, to: 0", BOOKS)
    assert thing["change"] == "REMOVED"
    assert fields(thing)["title"] == (["first"], [])
    assert [each["number"] for each in thing["releases"]] == [1]


def test_pages(grown: Desk) -> None:
    """As Relay has them: each thing once, in order, whatever the size of the pages."""
    selection = (
        "{ totalCount nodes { id } edges { cursor node { id __typename } } "
        "pageInfo { startCursor endCursor hasNextPage hasPreviousPage } __typename }"
    )

    def page(arguments: str) -> Any:
        return changes(grown, "from: 2, to: 0", f"{{ things({arguments}) {selection} }}")["things"]

    whole = page("first: 1000")
    seen: list[Any] = []
    after = ""
    while True:
        found = page(f"first: 1{after}")
        (edge,) = found["edges"]
        info = found["pageInfo"]
        assert info["hasPreviousPage"] == bool(seen)
        assert info["startCursor"] == info["endCursor"] == edge["cursor"]
        assert [edge["node"]["id"]] == [node["id"] for node in found["nodes"]]
        seen += found["nodes"]
        if not info["hasNextPage"]:
            break
        after = f', after: "{info["endCursor"]}"'
    assert seen == whole["nodes"]
    assert len(seen) == whole["totalCount"] >= 2
    assert whole["edges"][0]["node"]["__typename"] == "ThingChange"
    assert whole["__typename"] == "ThingChangeConnection"
    assert page("first: 0")["pageInfo"]["endCursor"] is None


@pytest.mark.parametrize(
    ("arguments", "listed", "code"),
    [
        ("from: 0, to: 9", "things", "NOT_FOUND"),
        ("from: -1, to: 0", "things", "NOT_FOUND"),
        ("from: 0, to: 1", 'things(after: "x")', "BAD_USER_INPUT"),
        ("from: 0, to: 1", "things(first: 1001)", "LIMIT_EXCEEDED"),
        ("from: 0, to: 1", "disputesClosed(first: -1)", "BAD_USER_INPUT"),
    ],
)
def test_changes_that_can_not_be_told(grown: Desk, arguments: str, listed: str, code: str) -> None:
    query = f"{{ changes({arguments}) {{ {listed} {{ totalCount }} }} }}"
    answer = grown.client.post("/graphql", json={"query": query}).json()
    (error,) = answer["errors"]
    path = ["changes", *([] if code == "NOT_FOUND" else [listed.partition("(")[0]])]
    assert (error["extensions"]["code"], error["path"]) == (code, path)
    assert answer["data"] is None


def test_what_a_change_looked_like_before_can_be_asked(grown: Desk) -> None:
    selection = '{ from { query { books(filter: {id: {eq: "first"}}) { totalCount } } } }'
    found = changes(grown, "from: 1, to: 3", selection)
    assert found["from"]["query"]["books"]["totalCount"] == 1


# As JSON


def told(desk: Desk, **asked: Any) -> Any:
    answer = desk.client.get("/changes", params={name.strip("_"): v for name, v in asked.items()})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_json_tells_what_graphql_tells(grown: Desk) -> None:
    ends = "number hash at action contribution contributor decidedBy message additions removals"
    asked = (
        f"{{ from {{ {ends} }} to {{ {ends} }} things {NODES} disputesOpened {{ totalCount }} }}"
    )
    found = changes(grown, "from: 0, to: 2", asked)
    answer = told(grown, from_=0, to=2)
    for name in ("from", "to"):
        assert {key: answer[name][key] for key in ends.split()} == found[name]
    assert answer["things"]["totalCount"] == found["things"]["totalCount"]
    for thing in answer["things"]["nodes"]:
        shown = ("number", "contributor", "message")
        thing["releases"] = [{key: one[key] for key in shown} for one in thing["releases"]]
    assert answer["things"]["nodes"] == found["things"]["nodes"]
    assert answer["disputesOpened"] == answer["disputesClosed"] == {"totalCount": 0, "nodes": []}
    assert answer["next"] is None


def test_json_comes_in_pages_and_by_type(grown: Desk) -> None:
    whole = told(grown, from_=2, to=0, lang="it")["things"]
    seen: list[Any] = []
    page = told(grown, from_=2, to=0, first=1, lang="it")
    while page["next"]:
        assert len(page["things"]["nodes"]) == 1
        assert "first=1&lang=it" in page["next"]
        seen += page["things"]["nodes"]
        page = grown.client.get(page["next"]).json()
    assert seen + page["things"]["nodes"] == whole["nodes"]
    (book,) = told(grown, from_=1, to=2, type="Book")["things"]["nodes"]
    assert book["type"] == "Book"
    assert told(grown, from_=1, to=2, type=["Author", "Branch"])["things"]["nodes"] == []


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ("from=0&to=9", 404, "NOT_FOUND"),
        ("from=0", 400, "BAD_USER_INPUT"),
        ("from=0&to=-1", 400, "BAD_USER_INPUT"),
        ("from=0&to=1&after=x", 400, "BAD_USER_INPUT"),
        ("from=0&to=1&first=1001", 400, "LIMIT_EXCEEDED"),
        ("from=0&to=1&type=Boook", 400, "BAD_USER_INPUT"),
    ],
)
def test_json_that_can_not_be_told(grown: Desk, asked: str, status: int, code: str) -> None:
    answer = grown.client.get(f"/changes?{asked}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


# Disputes


def denial(dataset: Dataset) -> Sequence[Quad]:
    """A claim that the fact is not so, on a passage that there is."""
    graph = NamedNode(f"{ns.GRAPHS}data")
    passage = next(dataset.store.find(None, ns.SUPPORTED_BY)).object
    said = {
        ns.RDF_TYPE: NamedNode(ns.CLAIM),
        ns.ON_FACT: NamedNode(FACT),
        ns.SUPPORTED_BY: passage,
        ns.TERMS + "modality": NamedNode(
            "https://w3id.org/italy-japan/vocab/modality/not-the-case"
        ),
        ns.TERMS + "basis": NamedNode("https://w3id.org/italy-japan/vocab/basis/recorded"),
    }
    return [Quad(NamedNode(CLAIM), NamedNode(p), o, graph) for p, o in said.items()]


@pytest.fixture(scope="module")
def disputed(tmp_path_factory: pytest.TempPathFactory, packaged: Dataset) -> Iterator[Api]:
    """The packaged data; then the denial of a fact; then something that has no part in it."""
    with closing(Ledger.open(ledger_url(tmp_path_factory.mktemp("disputed")))) as ledger:
        data = read_data(seed_files(SEEDS)).values()
        ledger.add_seeds("seeds", None, make_change(quad for quads in data for quad in quads))
        label = next(packaged.store.find(NamedNode(f"{ID}gcap"), ns.SKOS_PREF_LABEL))
        for number, change in enumerate((make_change(denial(packaged)), make_change([], [label]))):
            ledger.propose("ada", f"why {number}", number, change)
            ledger.accept(number + 1, "cora", number, change)
        releases = LedgerReleases(read_ontology(ONTOLOGY, QUERIES / "derive"), ledger)
        yield Api(releases.current, Limits(), None, releases)


DISPUTES = "{ totalCount nodes { id fact label detail releases { message } } }"


def test_disputes_opened_and_closed(disputed: Api) -> None:
    """With what is behind them, and not what isn't."""
    both = f"disputesOpened {DISPUTES} disputesClosed {DISPUTES}"
    query = (
        f"{{ on: changes(from: 0, to: 2) {{ {both} }} back: changes(from: 2, to: 0) {{ {both} }} }}"
    )
    answer = disputed.execute(query).payload
    forth, back = answer["data"]["on"], answer["data"]["back"]
    (dispute,) = forth["disputesOpened"]["nodes"]
    assert dispute["fact"] == FACT
    assert dispute["detail"].endswith("/occurrence")
    assert dispute["label"]
    assert [each["message"] for each in dispute["releases"]] == ["why 0"]
    assert forth["disputesClosed"] == back["disputesOpened"] == {"totalCount": 0, "nodes": []}
    assert back["disputesClosed"] == {"totalCount": 1, "nodes": [dispute]}


def test_what_follows_is_told_with_what_is_behind_it(disputed: Api) -> None:
    query = f"{{ changes(from: 0, to: 2) {{ things(first: 1000) {NODES} }} }}"
    answer = disputed.execute(query, languages=["it"]).payload
    things = {thing["id"]: thing for thing in answer["data"]["changes"]["things"]["nodes"]}
    assert things[CLAIM]["change"] == "ADDED"
    assert things[CLAIM]["type"] == "Claim"
    fact = {each["field"]: each for each in things[FACT]["fields"]}
    assert fact["disputed"]["derived"]
    assert [v["value"] for v in fact["disputed"]["after"]] == ["true"]
    assert [each["number"] for each in things[FACT]["releases"]] == [1]
    assert [each["number"] for each in things[f"{ID}gcap"]["releases"]] == [2]
    untold = [thing["id"] for thing in things.values() if not thing["releases"]]
    assert untold == []
