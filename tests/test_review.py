"""Contributions through the door: proposing, deciding, and what each refusal leaves as it was."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from kizuna.contributions.callers import Credentials
from kizuna.contributions.examination import NOT_THERE
from kizuna.contributions.rate import WINDOW, Rate
from kizuna.dataset.files import Ontology
from kizuna.errors import RateExceeded
from tests.reviewing import BAD, PREFIXES, TURTLE, Desk, book, desk

JSON = {"content-type": "application/json"}
BROWSER = {"accept": "text/html"}
IRI = "https://example.org/library/id/"


@pytest.fixture
def at(tmp_path: Path, library_ontology: Ontology) -> Iterator[Desk]:
    with desk(tmp_path, library_ontology) as at:
        yield at


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory, library_ontology: Ontology) -> Iterator[Desk]:
    """A desk with one proposal that waits, for what changes nothing."""
    folder = tmp_path_factory.mktemp("waiting")
    with desk(folder, library_ontology, max_proposals=1000) as at:
        at.proposed(book("waiting"))
        yield at


def problem(answer: Any) -> tuple[int, str]:
    """The status and code of a problem document."""
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    return answer.status_code, body["code"]


# Proposing


def test_a_good_proposal_is_kept_and_waits(at: Desk) -> None:
    before = at.books()
    answer = at.propose(book("sanshiro"))
    body = answer.json()
    assert (answer.status_code, body["conforms"], body["results"]) == (201, True, [])
    assert (body["id"], body["state"], len(body["added"]), body["removed"]) == (
        1,
        "proposed",
        5,
        [],
    )
    assert answer.headers["location"] == "http://testserver/contributions/1"
    assert at.books() == before
    found = at.client.get(answer.headers["location"]).json()
    assert (found["contributor"], found["message"], found["base"]) == ("ada", "because", 0)
    assert found["added"] == body["added"]
    assert found["examination"]["conforms"]
    assert found["examination"]["effects"] is not None


def test_a_dry_run_answers_whole_and_keeps_nothing(at: Desk) -> None:
    before = at.state()
    answer = at.propose(book("sanshiro"), dryRun="true", message="")
    assert (answer.status_code, answer.json()["id"]) == (200, None)
    assert at.state() == before
    body = answer.json()
    kept = at.propose(book("sanshiro")).json()
    assert {**body, "id": 1, "state": "proposed"} == kept
    assert at.propose(BAD, dryRun="true").status_code == 200
    assert not at.propose(BAD, dryRun="true").json()["conforms"]


def test_what_does_not_conform_is_answered_with_the_report(at: Desk) -> None:
    before = at.state()
    answer = at.propose(BAD)
    assert problem(answer) == (422, "SHAPE_VIOLATION")
    body = answer.json()
    assert not body["conforms"]
    assert {result["path"]["path"] for result in body["results"]} == {
        "lib:author",
        "lib:genre",
        "lib:heldAt",
    }
    assert at.state() == before


def test_the_report_is_in_the_language_asked_for(waiting: Desk) -> None:
    def messages(language: str) -> list[str]:
        headers = {"accept-language": language}
        document = book("x", more='id:kokoro lib:title "Kokoro again"@en .')
        body = waiting.propose(document, dryRun="true", headers=headers).json()
        return [result["message"] for result in body["results"]]

    assert messages("it") == ["Un articolo ha un titolo, al più uno per lingua."]
    assert messages("ja") == ["資料には題名が必要で、各言語につき一つまでです。"]


def test_a_correction_removes_and_adds(at: Desk) -> None:
    content = {
        "format": TURTLE,
        "message": "The pages were counted wrongly.",
        "document": f"{PREFIXES}id:kokoro lib:pages 248 .",
        "removals": f"{PREFIXES}id:kokoro lib:pages 256 .",
    }
    answer = at.client.post("/contributions", json=content, headers=at.bearer("ada"))
    assert answer.status_code == 201, answer.text
    assert (len(answer.json()["added"]), len(answer.json()["removed"])) == (1, 1)
    assert at.decide(1, "accept").status_code == 200
    query = '{ book(id: "kokoro") { pages } }'
    answer = at.client.post("/graphql", json={"query": query})
    assert answer.json()["data"] == {"book": {"pages": 248}}


@pytest.mark.parametrize(
    ("media_type", "document"),
    [
        ("application/trig", book("x")),
        (
            "application/ld+json",
            '{"@id": "https://example.org/library/id/kokoro", '
            '"https://example.org/library/ns#shelfmark": "AB 1"}',
        ),
        (
            "application/n-triples",
            f'<{IRI}kokoro> <https://example.org/library/ns#shelfmark> "AB 1" .',
        ),
        (
            "application/n-quads",
            f'<{IRI}kokoro> <https://example.org/library/ns#shelfmark> "AB 1" .',
        ),
        (
            "application/rdf+xml",
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
            'xmlns:lib="https://example.org/library/ns#">'
            f'<rdf:Description rdf:about="{IRI}kokoro"><lib:shelfmark>AB 1</lib:shelfmark>'
            "</rdf:Description></rdf:RDF>",
        ),
        ("text/csv", "type,id,shelfmarks\nbook,kokoro,AB 1\n"),
    ],
)
def test_each_format_is_read(media_type: str, document: str, waiting: Desk) -> None:
    headers = {"content-type": f"{media_type}; charset=UTF-8"}
    answer = waiting.propose(document, headers=headers, dryRun="true")
    assert answer.status_code == 200, answer.text
    assert answer.json()["conforms"], answer.text
    assert answer.json()["added"]


REFUSED: dict[str, tuple[Callable[[Desk], Any], tuple[int, str]]] = {
    "no token": (lambda at: at.propose(book("x"), None), (401, "NOT_AUTHENTICATED")),
    "unknown token": (
        lambda at: at.propose(book("x"), None, headers={"authorization": "Bearer kizuna_x"}),
        (401, "NOT_AUTHENTICATED"),
    ),
    "another scheme": (
        lambda at: at.propose(book("x"), None, headers={"authorization": "Basic YTpi"}),
        (401, "NOT_AUTHENTICATED"),
    ),
    "who may only curate": (lambda at: at.propose(book("x"), "dora"), (403, "NOT_ALLOWED")),
    "no message": (lambda at: at.propose(book("x"), message=" "), (400, "BAD_USER_INPUT")),
    "a long message": (
        lambda at: at.propose(book("x"), message="x" * 2001),
        (400, "BAD_USER_INPUT"),
    ),
    "a message with a control character": (
        lambda at: at.propose(book("x"), message="a\x00b"),
        (400, "BAD_USER_INPUT"),
    ),
    "malformed": (lambda at: at.propose("id:x a ."), (400, "MALFORMED_DATA")),
    "nothing": (lambda at: at.propose(PREFIXES), (400, "BAD_USER_INPUT")),
    "known already": (
        lambda at: at.propose(f"{PREFIXES}id:kokoro lib:pages 256 ."),
        (400, "BAD_USER_INPUT"),
    ),
    "another type": (
        lambda at: at.propose("x", headers={"content-type": "text/plain"}),
        (415, "UNSUPPORTED_MEDIA_TYPE"),
    ),
    "another charset": (
        lambda at: at.propose("x", headers={"content-type": "text/turtle; charset=latin1"}),
        (415, "UNSUPPORTED_MEDIA_TYPE"),
    ),
    "neither true nor false": (
        lambda at: at.propose(book("x"), dryRun="1"),
        (400, "BAD_USER_INPUT"),
    ),
    "too long": (lambda at: at.propose("#" * 1_000_001), (413, "REQUEST_ENTITY_TOO_LARGE")),
    "no JSON": (lambda at: at.propose("{", headers=JSON), (400, "BAD_USER_INPUT")),
    "no object": (lambda at: at.propose("[]", headers=JSON), (400, "BAD_USER_INPUT")),
    "no text": (lambda at: at.propose('{"document": 1}', headers=JSON), (400, "BAD_USER_INPUT")),
    "an unknown member": (
        lambda at: at.propose('{"a": ""}', headers=JSON),
        (400, "BAD_USER_INPUT"),
    ),
    "an unknown format": (
        lambda at: at.propose('{"format": "text/html"}', headers=JSON),
        (400, "BAD_USER_INPUT"),
    ),
    "accepting without a token": (
        lambda at: at.decide(1, "accept", None),
        (401, "NOT_AUTHENTICATED"),
    ),
    "accepting without the scope": (lambda at: at.decide(1, "accept", "bea"), (403, "NOT_ALLOWED")),
    "accepting what isn't there": (lambda at: at.decide(2, "accept"), (404, "NOT_FOUND")),
    "accepting what has no number": (
        lambda at: at.client.post("/contributions/one/accept", headers=at.bearer("cora")),
        (404, "NOT_FOUND"),
    ),
    "rejecting without a reason": (lambda at: at.decide(1, "reject"), (400, "BAD_USER_INPUT")),
    "rejecting without the scope": (
        lambda at: at.decide(1, "reject", "ada", "no"),
        (403, "NOT_ALLOWED"),
    ),
    "reverting what waits": (lambda at: at.decide(1, "revert", "cora", "no"), (409, "CONFLICT")),
    "withdrawing for another": (lambda at: at.decide(1, "withdraw", "bea"), (403, "NOT_ALLOWED")),
    "withdrawing without a token": (
        lambda at: at.decide(1, "withdraw", None),
        (401, "NOT_AUTHENTICATED"),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_change_nothing(name: str, waiting: Desk) -> None:
    before = waiting.state()
    ask, wanted = REFUSED[name]
    answer = ask(waiting)
    assert problem(answer) == wanted
    assert (answer.headers.get("www-authenticate") == "Bearer") == (wanted[0] == 401)
    assert waiting.state() == before


def test_a_token_is_never_told(at: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    answers = [at.propose(book("x")), at.decide(1, "accept", "bea"), at.propose("", "dora")]
    headers = {"authorization": f"Bearer  {at.tokens['ada']}x"}
    answers.append(at.propose(book("x"), None, headers=headers))
    told = "".join([*(answer.text for answer in answers), caplog.text])
    told += repr(Credentials(f"Bearer {at.tokens['ada']}")) + str(at.state())
    assert [name for name, token in at.tokens.items() if token in told] == []


def test_anonymous_proposals_are_a_setting(tmp_path: Path, library_ontology: Ontology) -> None:
    with desk(tmp_path, library_ontology, anonymous_proposals=True) as at:
        assert at.propose(book("x"), None).status_code == 201
        assert at.client.get("/contributions/1").json()["contributor"] == "anonymous"
        assert problem(at.decide(1, "withdraw", None)) == (401, "NOT_AUTHENTICATED")
        headers = {"authorization": "Bearer wrong"}
        assert at.propose(book("y"), None, headers=headers).status_code == 401
        assert at.decide(1, "accept").status_code == 200


def test_rate_limit_is_each_contributors_own(tmp_path: Path, library_ontology: Ontology) -> None:
    with desk(tmp_path, library_ontology, max_proposals=2) as at:
        assert at.propose(BAD).status_code == 422
        assert at.propose(book("x"), dryRun="true").status_code == 200
        before = at.state()
        answer = at.propose(book("x"))
        assert problem(answer) == (429, "RATE_EXCEEDED")
        assert 0 < int(answer.headers["retry-after"]) <= WINDOW
        assert at.state() == before
        assert at.propose(book("x"), "bea").status_code == 201


def test_rate_counts_within_any_minute() -> None:
    now = [0.0]
    rate = Rate(2, lambda: now[0])
    for now[0] in (0.0, 30.0):
        rate.take("ada")
    now[0] = 59.5
    with pytest.raises(RateExceeded) as error:
        rate.take("ada")
    assert error.value.seconds == 1
    rate.take("bea")
    now[0] = 60.0
    rate.take("ada")
    with pytest.raises(RateExceeded) as error:
        rate.take("ada")
    assert error.value.seconds == 30


def test_names_are_not_minted_twice(at: Desk) -> None:
    """Two that wait may bring things of one name: each gets an IRI of its own."""
    author = f'{PREFIXES}[] a lib:Author ; skos:prefLabel "Mori Ōgai"@en .'
    first, second = at.propose(author).json(), at.propose(author, "bea").json()
    assert first["minted"] == [f"{IRI}mori-ogai"]
    assert len(second["minted"]) == 1
    assert second["minted"] != first["minted"]


def test_names_are_not_minted_twice_at_once(tmp_path: Path, library_ontology: Ontology) -> None:
    author = f'{PREFIXES}[] a lib:Author ; skos:prefLabel "Mori Ōgai"@en .'
    with desk(tmp_path, library_ontology) as at, ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: at.propose(author).json(), range(8)))
    assert len({iri for answer in answers for iri in answer["minted"]}) == 8


# Deciding


def test_accepting_makes_a_release_that_is_seen_everywhere(at: Desk) -> None:
    before, _ = at.books()
    at.proposed(book("sanshiro"))
    answer = at.decide(1, "accept")
    assert answer.status_code == 200
    body = answer.json()
    assert body["contribution"]["state"] == "accepted"
    assert (body["contribution"]["decidedBy"], body["contribution"]["release"]) == ("cora", 1)
    assert at.client.get("/readyz").json()["release"] == body["release"]
    assert at.books() == (before + 1, 1)
    assert at.client.get("/page/id/sanshiro", headers=BROWSER).status_code == 200
    assert at.client.get("/contributions/1").json()["examination"] is None
    assert at.releases.ledger.verify() == 2


def test_nobody_accepts_their_own_unless_it_is_set(
    tmp_path: Path, library_ontology: Ontology
) -> None:
    with desk(tmp_path / "a", library_ontology) as at:
        at.proposed(book("x"), "cora")
        before = at.state()
        assert problem(at.decide(1, "accept", "cora")) == (403, "NOT_ALLOWED")
        assert at.state() == before
        assert at.decide(1, "accept", "dora").status_code == 200
    with desk(tmp_path / "b", library_ontology, own_acceptance=True) as at:
        at.proposed(book("x"), "cora")
        assert at.decide(1, "accept", "cora").status_code == 200


def test_what_the_ground_has_shifted_under_is_a_conflict(at: Desk) -> None:
    for title in ("Cœur", "Le cœur"):
        at.proposed(f'{PREFIXES}id:kokoro lib:title "{title}"@fr .')
    assert at.decide(1, "accept").status_code == 200
    before = at.state()
    answer = at.decide(2, "accept")
    assert problem(answer) == (409, "CONFLICT")
    body = answer.json()
    assert not body["conforms"]
    assert [result["path"]["path"] for result in body["results"]] == ["lib:title"]
    assert at.state() == before
    shown = at.client.get("/contributions/2").json()
    assert not shown["examination"]["conforms"]
    assert at.decide(2, "reject", reason="There is one already.").status_code == 200


def test_what_another_has_brought_is_a_conflict(at: Desk) -> None:
    for who in ("ada", "bea"):
        at.proposed(f'{PREFIXES}id:kokoro lib:shelfmark "AB 1" .', who)
    assert at.decide(1, "accept").status_code == 200
    assert problem(at.decide(2, "accept")) == (409, "CONFLICT")
    assert at.books()[1] == 1


def test_of_two_corrections_of_one_value_the_later_is_a_conflict(at: Desk) -> None:
    """Nor is half of it taken in, where the shapes alone would let both new values stand."""
    sent = {"format": TURTLE, "message": "Another name."}
    first, *others = (f'{PREFIXES}id:kokoro lib:otherTitle "{name}"@en .' for name in "ABC")
    at.proposed(first)
    assert at.decide(1, "accept").status_code == 200
    for document in others:
        content = sent | {"document": document, "removals": first}
        answer = at.client.post("/contributions", json=content, headers=at.bearer("ada"))
        assert answer.status_code == 201, answer.text
    assert at.decide(2, "accept").status_code == 200
    before = at.state()
    answer = at.decide(3, "accept")
    assert problem(answer) == (409, "CONFLICT")
    (result,) = answer.json()["results"]
    assert result["constraint"] == NOT_THERE
    assert result["document"].startswith("https://w3id.org/italy-japan/graph/")
    assert at.state() == before
    assert not at.client.get("/contributions/3").json()["examination"]["conforms"]
    page = at.client.get("/contributions/3", headers=BROWSER).text
    assert "there is nothing to remove" in page


def test_what_was_corrected_since_is_not_half_reverted(at: Desk) -> None:
    first, second, third = (f'{PREFIXES}id:kokoro lib:otherTitle "{x}"@en .' for x in "ABC")
    steps = ({"document": first}, {"document": second, "removals": first})
    for number, step in enumerate((*steps, {"document": third, "removals": second}), 1):
        content = {"format": TURTLE, "message": "Another name.", **step}
        answer = at.client.post("/contributions", json=content, headers=at.bearer("ada"))
        assert answer.status_code == 201, answer.text
        assert at.decide(number, "accept").status_code == 200
    before = at.state()
    answer = at.decide(2, "revert", reason="Not so.")
    assert problem(answer) == (409, "CONFLICT")
    assert "What came since builds on it" in answer.json()["detail"]
    assert [result["constraint"] for result in answer.json()["results"]] == [NOT_THERE]
    assert at.state() == before
    assert at.decide(3, "revert", reason="Not so.").status_code == 200
    assert at.decide(2, "revert", reason="Not so.").status_code == 200


def test_a_misspelt_parameter_is_no_proposal(at: Desk) -> None:
    before = at.state()
    answer = at.propose(book("sanshiro"), dryrun="true")
    assert problem(answer) == (400, "BAD_USER_INPUT")
    assert answer.json()["detail"].startswith("'dryrun' means nothing here; known: dryRun,")
    answer = at.propose('{"@context": {}, "@id": "x:a"}', headers=JSON)
    assert answer.json()["detail"].endswith("send it as application/ld+json.")
    assert at.state() == before


def test_reject_and_withdraw(at: Desk) -> None:
    before = at.books()
    for name in ("x", "y"):
        at.proposed(book(name))
    body = at.decide(1, "reject", reason="Not ours.").json()
    assert (body["contribution"]["state"], body["contribution"]["reason"]) == (
        "rejected",
        "Not ours.",
    )
    assert body["release"] is None
    assert at.decide(2, "withdraw", "ada").json()["contribution"]["state"] == "withdrawn"
    for number, action in ((1, "accept"), (2, "accept"), (1, "revert")):
        assert problem(at.decide(number, action, reason="Why?")) == (409, "CONFLICT")
    assert at.books() == before


def test_reverting_is_a_further_release(at: Desk) -> None:
    before = at.client.get("/readyz").json()["release"]["hash"]
    at.proposed(book("sanshiro"))
    at.decide(1, "accept")
    answer = at.decide(1, "revert", "dora", "A mistake.")
    assert answer.status_code == 200
    release = answer.json()["release"]
    assert (release["number"], release["hash"]) == (2, before)
    assert answer.json()["contribution"]["revertedIn"] == 2
    found = at.client.get("/contributions/1").json()
    assert (found["state"], found["release"], found["revertedIn"]) == ("reverted", 1, 2)
    for address in ("/contributions/1", "/contributions?state=reverted"):
        page = at.client.get(address, headers=BROWSER).text
        for release in (1, 2):
            assert f'<a href="/releases/{release}?lang=en">{release}</a>' in page
        assert "Undone by release" in page
    assert problem(at.decide(1, "revert", "dora", "Again.")) == (409, "CONFLICT")
    assert at.client.get("/page/id/sanshiro", headers=BROWSER).status_code == 404


def test_what_others_need_is_not_reverted(at: Desk) -> None:
    author = 'id:ogai a lib:Author ; skos:prefLabel "Mori Ōgai"@en .'
    at.proposed(book("geese", "ogai", author))
    at.decide(1, "accept")
    at.proposed(book("vita", "ogai"))
    at.decide(2, "accept")
    before = at.state()
    answer = at.decide(1, "revert", reason="No author.")
    assert problem(answer) == (409, "CONFLICT")
    assert not answer.json()["conforms"]
    assert at.state() == before


def test_of_two_curators_at_once_one_decides(at: Desk) -> None:
    at.proposed(book("x"))
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda who: at.decide(1, "accept", who), ("cora", "dora")))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert at.books()[1] == 1


def test_two_acceptances_at_once_are_ordered(at: Desk) -> None:
    before, _ = at.books()
    for name in ("x", "y", "z"):
        at.proposed(book(name))
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda number: at.decide(number, "accept"), (1, 2, 3)))
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert {answer.json()["contribution"]["release"] for answer in answers} == {1, 2, 3}
    assert at.books() == (before + 3, 3)
    assert at.releases.rebuilt(3).release == at.releases.current.release


# Reading


def test_the_queue(at: Desk) -> None:
    for name in ("x", "y", "z"):
        at.proposed(book(name))
    at.decide(2, "accept")

    def numbers(**params: str) -> list[int]:
        body = at.client.get("/contributions", params=params).json()
        assert body["next"] is None
        return [one["id"] for one in body["contributions"]]

    assert numbers() == [1, 2, 3]
    assert numbers(state="proposed") == [1, 3]
    assert numbers(state="accepted") == [2]
    assert numbers(after="2") == [3]
    assert problem(at.client.get("/contributions?state=new")) == (400, "BAD_USER_INPUT")
    assert problem(at.client.get("/contributions?after=x")) == (400, "BAD_USER_INPUT")
    assert problem(at.client.get("/contributions/4")) == (404, "NOT_FOUND")
    assert problem(at.client.get("/contributions/%D9%A1")) == (404, "NOT_FOUND")


def test_a_long_queue_goes_on(at: Desk) -> None:
    ledger, change = at.releases.ledger, at.releases.ledger.entries()[0].change
    for number in range(101):
        ledger.propose("ada", f"no. {number}", 0, change)
    first = at.client.get("/contributions?state=proposed").json()
    assert len(first["contributions"]) == 100
    rest = at.client.get(first["next"]).json()
    assert ([one["id"] for one in rest["contributions"]], rest["next"]) == ([101], None)
    page = at.client.get("/contributions?state=proposed", headers=BROWSER).text
    assert f'href="{first["next"].replace("&", "&amp;")}&amp;lang=en"' in page


@pytest.mark.parametrize("language", ["en", "it", "ja"])
def test_pages_show_without_a_script(language: str, at: Desk) -> None:
    at.proposed(book("Kokoro2", more='id:kokoro lib:shelfmark "<b>" .').replace('"<b>"', '"AB 1"'))
    ledger = at.releases.ledger
    message = "<script>alert(1)</script>"
    ledger.propose("<i>eve</i>", message, 0, ledger.contribution(1).change)
    for path in ("/contributions", "/contributions/1", "/contributions/2"):
        answer = at.client.get(path, params={"lang": language}, headers=BROWSER)
        assert answer.status_code == 200
        assert answer.headers["content-language"] == language
        assert "<script" not in answer.text
        assert "<i>eve" not in answer.text
        assert "<form" not in answer.text
    page = at.client.get("/contributions/1", params={"lang": language}, headers=BROWSER).text
    assert f'href="/page/id/soseki?lang={language}"' in page
    at.decide(1, "accept")
    page = at.client.get("/contributions/1", params={"lang": language}, headers=BROWSER).text
    assert "cora" in page


def test_a_page_shows_what_would_follow(at: Desk) -> None:
    at.proposed(
        book(
            "second",
            more="id:loan-9 a lib:Loan ; lib:item id:kokoro ; lib:borrower id:reader-3 ; "
            'lib:branch id:hill ; lib:start "2025-09-01"^^xsd:date ; '
            "lib:returned false .",
        ).replace('"second"@en', '"Kokoro"@en')
    )
    body = at.client.get("/contributions/1").json()["examination"]
    assert body["effects"]["derived"]
    assert body["lookalikes"]
    page = at.client.get("/contributions/1", headers=BROWSER).text
    for heading in ("Values that follow otherwise", "Like something that is there already"):
        assert heading in page


def test_the_page_of_a_conflict_tells_it(at: Desk) -> None:
    for title in ("Cœur", "Le cœur"):
        at.proposed(f'{PREFIXES}id:kokoro lib:title "{title}"@fr .')
    at.decide(1, "accept")
    page = at.client.get("/contributions/2", headers=BROWSER).text
    assert "It doesn’t conform to the shapes, as the data is now." in page
    assert "An item has a title, at most one in each language." in page


def test_contributions_are_in_the_navigation(at: Desk) -> None:
    assert (
        'href="/contributions?state=proposed&amp;lang=en"'
        in at.client.get("/", headers=BROWSER).text
    )
