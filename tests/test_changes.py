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
THINGS = "things { id change type label releases { number contributor message } fields"
FIELDS = "{ field property derived before { value language } after { value language } }"
CHANGES = f"{{ from {{ number }} to {{ number }} totalCount {THINGS} {FIELDS} }} }}"


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory, library_ontology: Ontology) -> Iterator[Desk]:
    """A book more, a title more, and the book gone again."""
    with desk(tmp_path_factory.mktemp("grown"), library_ontology) as desk_:
        for document in (book("first"), f'{PREFIXES}id:kokoro lib:title "Cœur"@fr .'):
            assert desk_.decide(desk_.proposed(document), "accept").status_code == 200
        assert desk_.decide(1, "revert", reason="a mistake").status_code == 200
        yield desk_


def changes(desk: Desk, arguments: str, selection: str = CHANGES) -> Any:
    query = f"{{ changes({arguments}) {selection} }}"
    answer = desk.client.post("/graphql", json={"query": query}).json()
    assert "errors" not in answer, answer["errors"]
    return answer["data"]["changes"]


def fields(thing: Any) -> dict[str, tuple[list[str], list[str]]]:
    return {
        each["field"]: ([v["value"] for v in each["before"]], [v["value"] for v in each["after"]])
        for each in thing["fields"]
        if not each["derived"]
    }


def test_what_was_added(grown: Desk) -> None:
    found = changes(grown, "from: 0, to: 1, types: [Book]")
    assert (found["from"]["number"], found["to"]["number"], found["totalCount"]) == (0, 1, 1)
    (thing,) = found["things"]
    assert (thing["id"], thing["change"]) == (f"{LIBRARY}id/first", "ADDED")
    assert (thing["type"], thing["label"]) == ("Book", "first")
    assert thing["releases"] == [{"number": 1, "contributor": "ada", "message": "because"}]
    assert fields(thing)["title"] == ([], ["first"])
    assert fields(thing)["authors"] == ([], [f"{LIBRARY}id/soseki"])


def test_what_was_changed(grown: Desk) -> None:
    (thing,) = changes(grown, "from: 1, to: 2, types: [Book]")["things"]
    assert (thing["id"], thing["change"]) == (f"{LIBRARY}id/kokoro", "CHANGED")
    assert fields(thing) == {"title": ([], ["Cœur"])}
    (title,) = (each for each in thing["fields"] if each["field"] == "title")
    assert title["property"] == f"{LIBRARY}ns#title"
    assert title["after"] == [{"value": "Cœur", "language": "fr"}]


def test_what_was_removed(grown: Desk) -> None:
    (thing,) = changes(grown, "from: 2, to: 3, types: [Book]")["things"]
    assert (thing["change"], thing["label"]) == ("REMOVED", "first")
    assert fields(thing)["title"] == (["first"], [])
    assert [each["number"] for each in thing["releases"]] == [3]


def test_what_came_and_went_makes_no_difference(grown: Desk) -> None:
    found = changes(grown, "from: 0, to: 3")
    assert [thing["id"] for thing in found["things"]] == [f"{LIBRARY}id/kokoro"]
    assert changes(grown, "from: 2, to: 2")["things"] == []


def test_backwards(grown: Desk) -> None:
    (thing,) = changes(grown, "from: 1, to: 0, types: [Book]")["things"]
    assert thing["change"] == "REMOVED"
    assert fields(thing)["title"] == (["first"], [])
    assert [each["number"] for each in thing["releases"]] == [1]


def test_pages(grown: Desk) -> None:
    selection = "{ totalCount endCursor hasNextPage things { id } }"
    whole = changes(grown, "from: 2, to: 0", selection)
    seen, after = [], ""
    while True:
        page = changes(grown, f"from: 2, to: 0, first: 1{after}", selection)
        seen += [thing["id"] for thing in page["things"]]
        if not page["hasNextPage"]:
            break
        after = f', after: "{page["endCursor"]}"'
    assert seen == [thing["id"] for thing in whole["things"]]
    assert len(seen) == whole["totalCount"] >= 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("from: 0, to: 9", "NOT_FOUND"),
        ("from: -1, to: 0", "NOT_FOUND"),
        ('from: 0, to: 1, after: "x"', "BAD_USER_INPUT"),
        ("from: 0, to: 1, first: 1001", "LIMIT_EXCEEDED"),
    ],
)
def test_changes_that_can_not_be_told(grown: Desk, arguments: str, code: str) -> None:
    query = f"{{ changes({arguments}) {{ totalCount }} }}"
    (error,) = grown.client.post("/graphql", json={"query": query}).json()["errors"]
    assert (error["extensions"]["code"], error["path"]) == (code, ["changes"])


def test_what_a_change_looked_like_before_can_be_asked(grown: Desk) -> None:
    selection = '{ from { query { books(filter: {id: {eq: "first"}}) { totalCount } } } }'
    found = changes(grown, "from: 1, to: 3", selection)
    assert found["from"]["query"]["books"]["totalCount"] == 1


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


DISPUTES = "{ id fact label detail releases { message } }"


def test_disputes_opened_and_closed(disputed: Api) -> None:
    """With what is behind them, and not what isn't."""
    both = f"disputesOpened {DISPUTES} disputesClosed {DISPUTES}"
    query = (
        f"{{ on: changes(from: 0, to: 2) {{ {both} }} back: changes(from: 2, to: 0) {{ {both} }} }}"
    )
    answer = disputed.execute(query).payload
    forth, back = answer["data"]["on"], answer["data"]["back"]
    (dispute,) = forth["disputesOpened"]
    assert dispute["fact"] == FACT
    assert dispute["detail"].endswith("/occurrence")
    assert dispute["label"]
    assert [each["message"] for each in dispute["releases"]] == ["why 0"]
    assert forth["disputesClosed"] == back["disputesOpened"] == []
    assert back["disputesClosed"] == [dispute]


def test_what_follows_is_told_with_what_is_behind_it(disputed: Api) -> None:
    query = f"{{ changes(from: 0, to: 2, first: 1000) {{ {THINGS} {FIELDS} }} }} }}"
    answer = disputed.execute(query, languages=["it"]).payload
    things = {thing["id"]: thing for thing in answer["data"]["changes"]["things"]}
    assert things[CLAIM]["change"] == "ADDED"
    assert things[CLAIM]["type"] == "Claim"
    fact = {each["field"]: each for each in things[FACT]["fields"]}
    assert fact["disputed"]["derived"]
    assert [v["value"] for v in fact["disputed"]["after"]] == ["true"]
    assert [each["number"] for each in things[FACT]["releases"]] == [1]
    assert [each["number"] for each in things[f"{ID}gcap"]["releases"]] == [2]
    untold = [thing["id"] for thing in things.values() if not thing["releases"]]
    assert untold == []
