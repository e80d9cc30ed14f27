"""Contributions in GraphQL: as over HTTP, with errors by the one table."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kizuna.contributions.documents import MEDIA_TYPES
from kizuna.dataset.files import Ontology
from kizuna.errors import InvalidInput
from kizuna.graphql.mutations import ContributionFormat
from kizuna.graphql.schema import Api
from tests.reviewing import BAD, PREFIXES, Desk, book, desk
from tests.small import a_class, api_of

THING = "{ id label }"
WHOLE = f"""mutation ($input: ContributionInput!) {{ proposeContribution(input: $input) {{
  conforms added removed minted
  results {{
    severity focus {THING} path {{ path label }} value {{ value label }} message constraint
    document line suggestion {{ added removed }}
  }}
  lookalikes {{ new existing {THING} by text existingText score }}
  effects {{
    disputesOpened {{ id fact {THING} detail {THING} }}
    disputesClosed {{ id fact {THING} detail {THING} }}
    turns {{ subject {THING} property {THING} before {{ value label }} after {{ value label }} }}
    derived {{ subject {THING} property {THING} before {{ value label }} after {{ value label }} }}
    answers {{ name title before after }}
  }}
}} }}"""
PROPOSE = """mutation ($input: ContributionInput!) { proposeContribution(input: $input) {
  conforms contribution { id state contributor message base additions removals }
} }"""
DECIDED = "{ contribution { state reason release revertedIn decidedBy } release { number hash } }"


@pytest.fixture
def at(tmp_path: Path, library_ontology: Ontology) -> Iterator[Desk]:
    with desk(tmp_path, library_ontology) as at:
        yield at


def given(document: str, **more: Any) -> dict[str, Any]:
    return {"format": "TURTLE", "document": document, "message": "because", **more}


def codes(answer: Any) -> list[str]:
    return [error["extensions"]["code"] for error in answer["errors"]]


def test_a_proposal_is_kept(at: Desk) -> None:
    answer = at.mutate(PROPOSE, "ada", input=given(book("x")))
    assert answer["data"]["proposeContribution"] == {
        "conforms": True,
        "contribution": {
            "id": 1,
            "state": "PROPOSED",
            "contributor": "ada",
            "message": "because",
            "base": 0,
            "additions": 5,
            "removals": 0,
        },
    }


@pytest.mark.parametrize(
    "document",
    [BAD, book("Kokoro").replace("id:Kokoro", "id:other"), f"{PREFIXES}id:kokoro lib:pages 9 ."],
)
def test_the_answer_is_that_of_the_web(document: str, at: Desk) -> None:
    before = at.state()
    answer = at.mutate(WHOLE, "ada", input=given(document, dryRun=True))
    told = at.propose(document, dryRun="true").json()
    del told["id"], told["state"]
    assert answer["data"]["proposeContribution"] == told
    assert at.state() == before


def test_what_does_not_conform_is_not_kept(at: Desk) -> None:
    before = at.state()
    answer = at.mutate(PROPOSE, "ada", input=given(BAD))
    assert answer["data"]["proposeContribution"] == {"conforms": False, "contribution": None}
    assert at.state() == before


def test_a_correction_removes_and_adds(at: Desk) -> None:
    document, removals = (f"{PREFIXES}id:kokoro lib:pages {pages} ." for pages in (248, 256))
    answer = at.mutate(PROPOSE, "ada", input=given(document, removals=removals))
    contribution = answer["data"]["proposeContribution"]["contribution"]
    assert (contribution["additions"], contribution["removals"]) == (1, 1)


def test_accept_and_revert(at: Desk) -> None:
    before = at.books()
    at.proposed(book("x"))
    answer = at.mutate(f"mutation {{ acceptContribution(id: 1) {DECIDED} }}")
    decided = answer["data"]["acceptContribution"]
    assert decided["contribution"]["state"] == "ACCEPTED"
    assert decided["release"] == at.client.get("/readyz").json()["release"]
    assert at.books() == (before[0] + 1, 1)
    query = f'mutation {{ revertContribution(id: 1, reason: "no") {DECIDED} }}'
    decided = at.mutate(query)["data"]["revertContribution"]
    assert (decided["contribution"]["state"], decided["contribution"]["reason"]) == (
        "REVERTED",
        "no",
    )
    assert (decided["contribution"]["release"], decided["contribution"]["revertedIn"]) == (1, 2)
    assert at.books() == (before[0], 2)


def test_reject_and_withdraw(at: Desk) -> None:
    for name in ("x", "y"):
        at.proposed(book(name))
    query = f'mutation {{ rejectContribution(id: 1, reason: "no") {DECIDED} }}'
    decided = at.mutate(query)["data"]["rejectContribution"]
    assert (decided["contribution"]["state"], decided["release"]) == ("REJECTED", None)
    query = f"mutation {{ withdrawContribution(id: 2) {DECIDED} }}"
    decided = at.mutate(query, "ada")["data"]["withdrawContribution"]
    assert decided["contribution"]["state"] == "WITHDRAWN"


def test_refusals_change_nothing(at: Desk) -> None:
    at.proposed(book("x"))
    before = at.state()
    accept = f"mutation {{ acceptContribution(id: 1) {DECIDED} }}"
    assert codes(at.mutate(accept, None)) == ["NOT_AUTHENTICATED"]
    assert codes(at.mutate(accept, "ada")) == ["NOT_ALLOWED"]
    assert codes(at.mutate(accept.replace("1", "2"))) == ["NOT_FOUND"]
    assert codes(at.mutate(PROPOSE, "ada", input=given("id:x a ."))) == ["MALFORMED_DATA"]
    assert codes(at.mutate(PROPOSE, "ada", input=given(book("y"), message=""))) == [
        "BAD_USER_INPUT"
    ]
    assert codes(at.mutate(PROPOSE, "ada", input={"format": "HTML"})) == ["BAD_USER_INPUT"]
    assert codes(at.mutate("mutation { __typename nothing }")) == ["GRAPHQL_VALIDATION_FAILED"]
    query = f"mutation {{ acceptContribution(id: 1) {DECIDED} }}"
    answer = at.client.get("/graphql", params={"query": query}, headers=at.bearer("cora"))
    assert answer.status_code == 405
    assert at.state() == before


def test_one_that_fails_leaves_the_others(at: Desk) -> None:
    at.proposed(book("x"))
    fields = (f"{name}: acceptContribution(id: {n}) {DECIDED}" for name, n in (("a", 7), ("b", 1)))
    answer = at.mutate(f"mutation {{ {' '.join(fields)} }}")
    assert answer["data"]["a"] is None
    assert answer["data"]["b"]["contribution"]["state"] == "ACCEPTED"
    assert codes(answer) == ["NOT_FOUND"]


def test_a_conflict_brings_the_report(at: Desk) -> None:
    for title in ("Cœur", "Le cœur"):
        at.proposed(f'{PREFIXES}id:kokoro lib:title "{title}"@fr .')
    at.decide(1, "accept")
    before = at.state()
    answer = at.mutate(f"mutation {{ acceptContribution(id: 2) {DECIDED} }}")
    extensions = answer["errors"][0]["extensions"]
    assert extensions["code"] == "CONFLICT"
    assert [r["path"]["path"] for r in extensions["report"]["results"]] == ["lib:title"]
    assert at.state() == before


def test_formats_are_those_that_are_read() -> None:
    assert {each.value for each in ContributionFormat} == set(MEDIA_TYPES.values())


def test_without_a_ledger_there_are_no_mutations(library_api: Api, at: Desk) -> None:
    assert "Mutation" not in library_api.sdl
    answer = library_api.execute(f"mutation {{ acceptContribution(id: 1) {DECIDED} }}")
    assert not answer.executed
    assert "type Mutation" in at.client.get("/schema.graphql").text


def test_a_class_may_not_bear_a_name_that_they_need() -> None:
    dataset = api_of(a_class("Contribution"))._dataset
    with pytest.raises(InvalidInput, match=r"(?i)type Contribution is .*; rename a class"):
        Api(dataset, review=object())  # type: ignore[arg-type]  # never asked
