"""A server that takes contributions to the library, with somebody who proposes and two curators."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from kizuna.app import create_server
from kizuna.dataset.changes import make_change
from kizuna.dataset.files import Ontology
from kizuna.dataset.ledger import FILE, Ledger, ledger_url
from kizuna.dataset.releases import LedgerReleases, read_data
from kizuna.dataset.tokens import Scope, Tokens
from kizuna.settings import Settings

LIBRARY = Path(__file__).parent / "library"
PREFIXES = """
@prefix genre: <https://example.org/library/vocab/genre/> .
@prefix id: <https://example.org/library/id/> .
@prefix lib: <https://example.org/library/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
BAD = f'{PREFIXES}[] a lib:Book ; lib:title "Without author, genre or branch"@en .'
TURTLE = "text/turtle"


def book(name: str, author: str = "soseki", more: str = "") -> str:
    """A book in Turtle, as it should be."""
    return (
        f'{PREFIXES}id:{name} a lib:Book ; lib:title "{name}"@en ; lib:author id:{author} ; '
        f"lib:genre genre:novel ; lib:heldAt id:hill . {more}"
    )


@dataclass
class Desk:
    """A client of the server, and the ledger behind it."""

    client: TestClient
    releases: LedgerReleases
    tokens: Mapping[str, str]
    folder: Path

    def propose(self, document: str, who: str | None = "ada", **given: Any) -> Any:
        """The answer to a proposal in Turtle."""
        headers = {"content-type": TURTLE, **self.bearer(who), **given.pop("headers", {})}
        params = {"message": "because", **given}
        return self.client.post(
            "/contributions", content=document.encode(), params=params, headers=headers
        )

    def proposed(self, document: str, who: str = "ada") -> int:
        """The number of a proposal that was kept."""
        answer = self.propose(document, who)
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])

    def decide(self, number: int, action: str, who: str | None = "cora", reason: str = "") -> Any:
        """The answer to a decision."""
        body: dict[str, Any] = {"json": {"reason": reason}} if reason else {}
        address = f"/contributions/{number}/{action}"
        return self.client.post(address, headers=self.bearer(who), **body)

    def mutate(self, query: str, who: str | None = "cora", **variables: Any) -> Any:
        """The answer to a mutation."""
        body = {"query": query, "variables": variables}
        return self.client.post("/graphql", json=body, headers=self.bearer(who)).json()

    def bearer(self, who: str | None) -> dict[str, str]:
        """The header that says who it is."""
        return {"authorization": f"Bearer {self.tokens[who]}"} if who else {}

    def books(self) -> tuple[int, int]:
        """How many books there are, and in which release."""
        answer = self.client.post("/graphql", json={"query": "{ books { totalCount } }"}).json()
        release = answer["extensions"]["kizuna"]["release"]["number"]
        return answer["data"]["books"]["totalCount"], release

    def state(self) -> object:
        """Everything that a refusal must leave as it was."""
        with closing(sqlite3.connect(self.folder / FILE)) as connection:
            return "\n".join(connection.iterdump()), self.client.get("/readyz").json()


TOKENS = {
    "ada": [Scope.PROPOSE],
    "bea": [Scope.PROPOSE],
    "cora": [Scope.PROPOSE, Scope.CURATE],
    "dora": [Scope.CURATE],
}


@contextmanager
def desk(
    folder: Path,
    ontology: Ontology,
    files: tuple[Path, Path] = (LIBRARY / "ontology", LIBRARY / "data.ttl"),
    **settings: Any,
) -> Iterator[Desk]:
    """A server over a ledger of its own; the files are those of the ontology and its data."""
    place, data = files
    chosen = replace(Settings(ontology=place, data_dir=folder), **settings)
    with closing(Ledger.open(ledger_url(folder))) as ledger:
        quads = (quad for quads in read_data([data]).values() for quad in quads)
        ledger.add_seeds("seeds", None, make_change(quads))
        tokens = {name: Tokens(ledger).create(name, scopes) for name, scopes in TOKENS.items()}
        releases = LedgerReleases(ontology, ledger)
        with TestClient(create_server(chosen, releases), follow_redirects=False) as client:
            yield Desk(client, releases, tokens, folder)
