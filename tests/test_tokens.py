"""Tokens through the command: made, listed, ended; kept as hashes only."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kizuna.__main__ import main
from kizuna.dataset.ledger import FILE, Ledger, ledger_url
from kizuna.dataset.tokens import Scope, Tokens
from kizuna.errors import Conflict, InvalidInput, NotFound
from tests.databases import new_database, postgresql


@pytest.fixture
def tokens(tmp_path: Path) -> Iterator[Tokens]:
    with closing(Ledger.open(ledger_url(tmp_path))) as ledger:
        yield Tokens(ledger)


def run(capsys: pytest.CaptureFixture[str], folder: Path, *command: str) -> str:
    assert main(["token", *command, "--data-dir", str(folder)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_create_list_revoke(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Also where there is no ledger yet, if that is meant: before the first release."""
    folder = tmp_path / "misspelt"
    assert main(["token", "create", "ada", "--data-dir", str(folder)]) == 2
    assert "there is no ledger here" in capsys.readouterr().err
    assert not folder.exists()
    ada = run(capsys, tmp_path, "create", "ada", "--create-ledger")
    cora = run(capsys, tmp_path, "create", "Cora 日本", "--scope", "propose", "curate")
    assert (ada.count("\n"), ada == cora) == (1, False)
    listed = run(capsys, tmp_path, "list").splitlines()
    assert [line.split("  ")[1:] for line in listed] == [
        ["propose", "ada"],
        ["curate,propose", "Cora 日本"],
    ]
    assert "revoked" in run(capsys, tmp_path, "revoke", "ada")
    listed = run(capsys, tmp_path, "list").splitlines()
    assert "  ada  revoked 2" in listed[0]
    assert run(capsys, tmp_path, "create", "ada") != ada


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with postgresql() as template:
        yield new_database(template, "tokens")


def test_tokens_on_postgresql(database: str) -> None:
    """As on SQLite: created, held, listed, ended, and kept as hashes."""
    with closing(Ledger.open(database)) as ledger:
        tokens = Tokens(ledger)
        token = tokens.create("ada 日本", [Scope.PROPOSE, Scope.CURATE])
        with pytest.raises(Conflict):
            tokens.create("ada 日本", [Scope.PROPOSE])
    with closing(Ledger.open(database)) as again:
        tokens = Tokens(again)
        holder = tokens.holder(token)
        assert holder is not None
        assert (holder.name, holder.scopes) == (
            "ada 日本",
            frozenset({Scope.PROPOSE, Scope.CURATE}),
        )
        assert [one.name for one in tokens.all()] == ["ada 日本"]
        tokens.revoke("ada 日本")
        assert tokens.holder(token) is None
        with pytest.raises(NotFound):
            tokens.revoke("ada 日本")


def test_a_revoked_token_is_unknown(tokens: Tokens) -> None:
    first = tokens.create("ada", [Scope.PROPOSE])
    holder = tokens.holder(first)
    assert holder is not None
    assert (holder.name, holder.scopes) == ("ada", frozenset({Scope.PROPOSE}))
    tokens.revoke("ada")
    assert tokens.holder(first) is None
    second = tokens.create("ada", [Scope.CURATE])
    assert tokens.holder(first) is None
    assert tokens.holder(second) is not None


def test_only_the_hash_is_kept(tmp_path: Path, tokens: Tokens) -> None:
    token = tokens.create("ada", [Scope.PROPOSE])
    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        kept = "\n".join(connection.iterdump())
    assert token.removeprefix("kizuna_") not in kept
    assert hashlib.sha256(token.encode()).hexdigest() in kept
    assert len(token.removeprefix("kizuna_")) >= 43  # 256 bits in base64


@pytest.mark.parametrize("name", ["", " ada", "a\nb", "x" * 201, "anonymous", "a\x1b[0m"])
def test_names_that_can_not_be_borne(name: str, tokens: Tokens) -> None:
    with pytest.raises(InvalidInput):
        tokens.create(name, [Scope.PROPOSE])


def test_one_token_for_each(tokens: Tokens) -> None:
    tokens.create("ada", [Scope.PROPOSE])
    with pytest.raises(Conflict):
        tokens.create("ada", [Scope.CURATE])
    with pytest.raises(NotFound):
        tokens.revoke("bea")


def test_listing_needs_a_ledger(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["token", "list", "--data-dir", str(tmp_path / "none")]) == 2
    assert "there is no ledger here" in capsys.readouterr().err
