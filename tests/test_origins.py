"""Who brought what, who let it in, when and why: asked in GraphQL by types made from the shapes."""

from pathlib import Path
from typing import Any

from kizuna.dataset.files import read_ontology
from kizuna.namespaces import TERMS
from kizuna.resources import ONTOLOGY, QUERIES
from tests.reviewing import Desk, desk

ID = "https://w3id.org/italy-japan/id/"
ADDED = f'<{ID}example-bay> <http://www.w3.org/2004/02/skos/core#altLabel> "The bay"@en .'
ASKED = """{
  ledgerEntries(orderBy: { field: NUMBER }) { nodes {
    number message decidedBy { name } release { number revisionOf { number } }
    contribution { number contributor { name } revertedBy { number } } reverted { number }
  } }
  contributors(orderBy: { field: NAME }) { nodes {
    name contributions { totalCount } decisions { totalCount }
  } }
}"""


def asked(at: Desk, query: str) -> Any:
    return at.client.post("/graphql", json={"query": query}).json()["data"]


def test_the_ledger_s_provenance_is_asked_by_type(tmp_path: Path) -> None:
    ontology = read_ontology(ONTOLOGY, QUERIES / "derive")
    with desk(tmp_path, ontology, (ONTOLOGY, ONTOLOGY / "examples" / "good.ttl")) as at:
        at.decide(at.proposed(ADDED), "accept")
        at.decide(1, "revert", reason="it has no such name")
        found = asked(at, ASKED)
        seeds, taken, undone = found["ledgerEntries"]["nodes"]
        assert (seeds["number"], seeds["decidedBy"], seeds["contribution"]) == (0, None, None)
        assert seeds["release"] == {"number": 0, "revisionOf": None}
        assert taken == {
            "number": 1,
            "message": "because",
            "decidedBy": {"name": "cora"},
            "release": {"number": 1, "revisionOf": {"number": 0}},
            "contribution": {
                "number": 1,
                "contributor": {"name": "ada"},
                "revertedBy": {"number": 2},
            },
            "reverted": None,
        }
        assert (undone["message"], undone["reverted"]) == ("it has no such name", {"number": 1})
        assert found["contributors"]["nodes"] == [
            {"name": "ada", "contributions": {"totalCount": 1}, "decisions": {"totalCount": 0}},
            {"name": "cora", "contributions": {"totalCount": 0}, "decisions": {"totalCount": 2}},
        ]
        before = at.state()
        for cls in ("LedgerEntry", "DatasetRelease", "AcceptedContribution", "Contributor"):
            answer = at.propose(f"<{ID}made-up> a <{TERMS}{cls}> .")
            assert answer.status_code == 422
        assert at.state() == before
