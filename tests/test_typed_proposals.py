"""Proposals by inputs made from the shapes, for front ends that don't speak RDF."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kizuna.dataset.files import Ontology, read_ontology
from kizuna.model import Model, read_model
from kizuna.resources import ONTOLOGY, QUERIES
from tests.reviewing import Desk, book, desk

DOCS = Path(__file__).parents[1] / "docs" / "contributing-data.md"
GOOD = ONTOLOGY / "examples" / "good.ttl"
ANSWER = """{ conforms added removed minted results { severity path { path } document line message }
  contribution { id additions removals } }"""
SHA = "0" * 64


@pytest.fixture
def at(tmp_path: Path, library_ontology: Ontology) -> Iterator[Desk]:
    with desk(tmp_path, library_ontology) as at:
        yield at


@pytest.fixture
def facts(tmp_path: Path) -> Iterator[Desk]:
    ontology = read_ontology(ONTOLOGY, QUERIES / "derive")
    with desk(tmp_path, ontology, (ONTOLOGY, GOOD)) as at:
        yield at


def proposal(at: Desk, name: str, given: Any, who: str | None = "ada", **more: Any) -> Any:
    """The answer to a mutation with this input."""
    kind = f"{name[7:]}{'Input' if name.startswith('propose') else 'Correction'}!"
    query = (
        f"mutation ($input: {kind}, $message: String!, $dryRun: Boolean!) "
        f"{{ {name}(input: $input, message: $message, dryRun: $dryRun) {ANSWER} }}"
    )
    variables = {"message": "because", "dryRun": False, **more, "input": given}
    return at.mutate(query, who, **variables)


def told(at: Desk, name: str, given: Any, **more: Any) -> Any:
    answer = proposal(at, name, given, **more)
    assert "errors" not in answer, answer["errors"]
    return answer["data"][name]


def message(answer: Any) -> str:
    (error,) = answer["errors"]
    return f"{error['extensions']['code']} {error['message']}"


BOOK = {
    "title": [{"value": "Sanshirō", "language": "en"}, {"value": "三四郎", "language": "ja"}],
    "authors": [{"id": "soseki"}],
    "heldAt": [{"id": "hill"}],
    "genre": "NOVEL",
    "topics": ["school"],
    "pages": 230,
    "publisher": {"publisher": {"name": [{"value": "East Press", "language": "en"}]}},
}


def test_a_book_with_its_publisher_is_proposed_accepted_and_found(at: Desk) -> None:
    before = at.state()
    dry = told(at, "proposeBook", BOOK, dryRun=True)
    assert dry["conforms"]
    assert at.state() == before
    kept = told(at, "proposeBook", BOOK)
    assert (kept["minted"], kept["added"]) == (dry["minted"], dry["added"])
    assert kept["contribution"] == {"id": 1, "additions": 11, "removals": 0}
    assert at.decide(1, "accept").status_code == 200
    query = """{ books(filter: { title: { contains: "Sansh" } }) { nodes {
      id title { value } genre { code } topics { id } pages
      authors { nodes { id } } publisher { name { value } } } } }"""
    (found,) = at.client.post("/graphql", json={"query": query}).json()["data"]["books"]["nodes"]
    assert found["id"] in kept["minted"]
    assert (found["genre"]["code"], found["pages"]) == ("NOVEL", 230)
    assert found["publisher"] == {"name": {"value": "East Press"}}
    assert found["topics"][0]["id"].endswith("/topic/school")
    assert found["authors"]["nodes"][0]["id"].endswith("/soseki")


def test_values_of_every_kind(at: Desk) -> None:
    given = {
        "item": {"id": "kokoro"},
        "borrower": {"person": {"name": [{"value": "Fifth reader", "language": "en"}]}},
        "branch": {"id": "hill"},
        "start": "2026-01-10",
        "returned": False,
        "dueAt": "2026-02-10T10:00:00+00:00",
        "fee": "1.50",
    }
    answer = told(at, "proposeLoan", given)
    assert answer["conforms"], answer["results"]
    said = "\n".join(answer["added"])
    for value in ('"2026-01-10"', '"false"', '"1.5"', '"2026-02-10T10:00:00', "/kokoro>"):
        assert value in said


def test_an_abstract_class_is_proposed_as_one_of_its_leaves(at: Desk) -> None:
    assert told(at, "proposeItem", {"book": BOOK})["conforms"]
    assert "exactly one" in message(proposal(at, "proposeItem", {})).lower()


def test_a_fault_is_told_by_its_place_in_the_input(at: Desk) -> None:
    before = at.state()
    loan = {"borrower": {"id": "harbour"}, "branch": {"id": "hill"}, "returned": True}
    given = {**BOOK, "loans": [{**loan, "start": "2026-01-01"}]}
    answer = told(at, "proposeBook", given)
    assert not answer["conforms"]
    places = {(one["document"], one["line"]) for one in answer["results"]}
    assert ("input.loans[0].borrower", None) in places
    assert at.state() == before


def test_a_correction_replaces_and_takes_back(at: Desk) -> None:
    given = {"id": "kokoro", "pages": 248, "publisher": None, "topics": ["society", "school"]}
    answer = told(at, "correctBook", given)
    assert answer["conforms"]
    assert sorted(line.split("> ", 2)[1].rpartition("#")[2] for line in answer["removed"]) == [
        "pages",
        "publisher",
    ]
    assert sorted(line.split("> ", 2)[1].rpartition("#")[2] for line in answer["added"]) == [
        "pages",
        "topic",
    ]
    at.decide(1, "accept")
    query = '{ book(id: "kokoro") { pages publisher { id } } }'
    found = at.client.post("/graphql", json={"query": query}).json()["data"]["book"]
    assert found == {"pages": 248, "publisher": None}


def test_what_cannot_be_read_changes_nothing(at: Desk) -> None:
    before = at.state()
    assert message(proposal(at, "correctBook", {"id": "nothing", "pages": 1})).startswith(
        "NOT_FOUND input.id"
    )
    assert "input.id" in message(proposal(at, "correctBook", {"id": "soseki", "pages": 1}))
    assert "input.authors[0].id" in message(
        proposal(at, "proposeBook", {**BOOK, "authors": [{"id": "a b:c d"}]})
    )
    dots = {**BOOK, "authors": [{"id": "https://example.org/library/id/../soseki"}]}
    assert "has a segment of dots" in message(proposal(at, "proposeBook", dots))
    control = {**BOOK, "title": [{"value": "\u0007", "language": "en"}]}
    assert "a text holds a control character" in message(proposal(at, "proposeBook", control))
    wrong = {**BOOK, "title": [{"value": "x", "language": "no tag!"}]}
    assert "input.title[0].language" in message(proposal(at, "proposeBook", wrong))
    assert message(proposal(at, "proposeBook", BOOK, who=None)).startswith("NOT_AUTHENTICATED")
    short = {key: value for key, value in BOOK.items() if key != "genre"}
    assert message(proposal(at, "proposeBook", short)).startswith("BAD_USER_INPUT")
    assert at.state() == before


def test_a_fact_with_its_claims_and_their_passages(facts: Desk) -> None:
    passage = {
        "document": {"id": "source-example"},
        "start": 10,
        "end": 60,
        "sha256": SHA,
        "paraphrase": [{"value": "They met.", "language": tag} for tag in ("en", "it", "ja")],
    }
    claim = {
        "modality": "HAPPENED",
        "basis": "RECORDED",
        "statedTime": {"timeSpan": {"edtf": "2024-05", "basis": "STATED"}},
        "passages": [{"passage": passage}],
    }
    involvement = {"actor": {"id": "example-ann"}, "role": "AGENT"}
    event = {
        "label": [{"value": f"Ann calls Bea {tag}", "language": tag} for tag in ("en", "it", "ja")],
        "kind": "CALL",
        "involvements": [{"involvement": involvement}],
        "claims": [claim],
    }
    wrong = {**passage, "end": 5}
    bad = {**event, "claims": [{**claim, "passages": [{"passage": wrong}]}]}
    before = facts.state()
    results = told(facts, "proposeFact", {"event": bad})["results"]
    start = "input.event.claims[0].passages[0].passage"
    assert any(one["document"].startswith(start) for one in results), results
    assert facts.state() == before
    answer = told(facts, "proposeFact", {"event": event})
    assert answer["conforms"], answer["results"]
    fact = next(iri for iri in answer["minted"] if "fact-" in iri)
    assert facts.decide(1, "accept").status_code == 200
    query = """query ($id: ID!) { fact(id: $id) { label { value } time { edtf }
      claims { nodes { modality { code } passages { start } } } } }"""
    found = facts.client.post("/graphql", json={"query": query, "variables": {"id": fact}}).json()
    assert found["data"]["fact"]["time"] == {"edtf": "2024-05"}
    assert found["data"]["fact"]["claims"]["nodes"] == [
        {"modality": {"code": "HAPPENED"}, "passages": [{"start": 10}]}
    ]


def test_the_example_of_the_docs_conforms(facts: Desk) -> None:
    text = DOCS.read_text(encoding="utf-8")
    (query,) = (q for q in re.findall(r"```graphql\n(.*?)```", text, re.DOTALL) if "Event" in q)
    answer = facts.mutate(query, "ada")["data"]["proposeEvent"]
    assert (answer["conforms"], answer["results"]) == (True, [])


def test_a_correction_takes_along_the_parts_that_it_replaces(facts: Desk) -> None:
    """Given by itself, a part stays as it is."""
    removed = '{ involvement(id: "involvement-example-ann") { id } }'
    again = {"id": "fact-example-visit", "involvements": [{"id": "involvement-example-ann"}]}
    assert message(proposal(facts, "correctEvent", again)).startswith("BAD_USER_INPUT All of it")
    new = {"actor": {"id": "example-bea"}, "role": "AGENT"}
    answer = told(facts, "correctEvent", {**again, "involvements": [{"involvement": new}]})
    assert answer["conforms"], answer["results"]
    gone = [line for line in answer["removed"] if "/involvement-example-ann>" in line]
    assert len(gone) == 6  # the link to it, and what is said of it
    assert facts.decide(1, "accept").status_code == 200
    found = facts.client.post("/graphql", json={"query": removed}).json()
    assert found["data"]["involvement"] is None
    assert facts.decide(1, "revert", reason="Ann it was").status_code == 200
    found = facts.client.post("/graphql", json={"query": removed}).json()
    assert found["data"]["involvement"]["id"].endswith("/involvement-example-ann")


def test_only_what_is_stated_can_be_proposed(facts: Desk, packaged_model: Model) -> None:
    query = "{ __schema { mutationType { fields { name } } } }"
    fields = facts.client.post("/graphql", json={"query": query}).json()["data"]["__schema"]
    names = {field["name"] for field in fields["mutationType"]["fields"]}
    assert {"proposeFact", "proposeSourceDocument", "correctStance", "proposeTheme"} <= names
    assert not {"proposeModality", "proposeDispute", "correctFact"} & names
    query = '{ __type(name: "EventCorrection") { inputFields { name } } }'
    fields = facts.client.post("/graphql", json={"query": query}).json()["data"]["__type"]
    derived = {p.name for p in packaged_model.named("Event").properties if p.read_only}
    assert not derived & {field["name"] for field in fields["inputFields"]}


@pytest.fixture(scope="module")
def packaged_model() -> Model:
    ontology = read_ontology(ONTOLOGY)
    return read_model(ontology.quads, ontology.shapes)


@pytest.mark.parametrize("setting", [{"max_proposal_triples": 4}, {"max_proposal_text": 5}])
def test_a_proposal_may_only_be_so_large(
    setting: dict[str, Any], tmp_path: Path, library_ontology: Ontology
) -> None:
    with desk(tmp_path, library_ontology, **setting) as at:
        before = at.state()
        assert message(proposal(at, "proposeBook", BOOK)).startswith("LIMIT_EXCEEDED")
        assert at.propose(book("Sanshiro")).json()["code"] == "LIMIT_EXCEEDED"
        assert at.state() == before
