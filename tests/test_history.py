"""The commands on ledger and releases, and serving from a ledger, through the door."""

import json
import re
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from kizuna.__main__ import main
from kizuna.dataset.changes import make_change
from kizuna.dataset.ledger import FILE, Ledger, ledger_url
from kizuna.terms import Literal, NamedNode, Quad
from tests.accepting import GRAPH, ID, LIBRARY, book
from tests.serving import serving
from tests.test_cli import DATA, ONTOLOGY, ask, told

TITLE = Quad(
    NamedNode(f"{ID}kokoro"), NamedNode(f"{LIBRARY}title"), Literal("Cœur", language="fr"), GRAPH
)
COUNT = "{ books { totalCount } }"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A ledger with seeds, a contribution and its reversal."""
    folder = tmp_path / "kept"
    with closing(Ledger.open(ledger_url(folder))) as ledger:
        ledger.add_seeds("the seeds", None, make_change(book("seed", 0)))
        ledger.propose("ada", "a title\nin French", 0, make_change([TITLE]))
        ledger.accept(1, "cora", 0, make_change([TITLE]))
        ledger.revert(1, "cora", "not its title", 1, make_change([], [TITLE]))
    return folder


def data_dir(folder: Path) -> list[str]:
    return ["--data-dir", str(folder)]


def test_releases(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["releases", *data_dir(folder)]) == 0
    out = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", "NOW", capsys.readouterr().out)
    assert out.splitlines() == [
        "0  NOW  seeds  +5 -0  the seeds",
        "1  NOW  acceptance  +1 -0  ada, cora: a title in French",
        "2  NOW  reversal  +0 -1  cora: not its title",
    ]


@pytest.mark.parametrize(
    ("old", "new", "sign"), [("0", "1", "+"), ("1", "2", "-"), ("2", "1", "+")]
)
def test_diff(
    old: str, new: str, sign: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", old, new, *data_dir(folder)]) == 0
    counts = "1 added, 0 removed" if sign == "+" else "0 added, 1 removed"
    assert capsys.readouterr().out == f"# release {old} to {new}: {counts}\n{sign} {TITLE} .\n"


def test_diff_without_such_a_release(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "0", "3", *data_dir(folder)]) == 2
    assert told(capsys) == "kizuna: there is no release 3; the newest is 2.\n"


def test_ledger_verify(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledger", "verify", "--ledger", ledger_url(folder)]) == 0
    with closing(Ledger.open(ledger_url(folder))) as ledger:
        newest = ledger.entries()[-1].hash
    out = capsys.readouterr().out
    assert out == f"The chain holds: 3 entries; the newest has the hash {newest}.\n"


def test_ledger_verify_names_the_broken_entry(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(folder / FILE)) as connection, connection:
        connection.execute("UPDATE entries SET message = 'another' WHERE number = 1")
    assert main(["ledger", "verify", *data_dir(folder)]) == 1
    assert told(capsys) == "kizuna: entry 1 has been altered.\n"


def test_ledger_rebuild(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledger", "rebuild", *data_dir(folder), *ONTOLOGY]) == 0
    out = capsys.readouterr().out
    assert re.fullmatch(
        r"Release 2 has the hash [0-9a-f]{64}: 5 quads, \d+ with ontology and what is derived\.\n",
        out,
    )


@pytest.mark.parametrize("command", ["releases", "diff 0 1", "ledger verify", "ledger rebuild"])
def test_there_is_no_ledger(
    command: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("KIZUNA_DATA_DIR", raising=False)
    assert main(command.split()) == 2
    assert "--data-dir" in told(capsys)
    assert main([*command.split(), *data_dir(tmp_path)]) == 2
    assert "there is no ledger here" in told(capsys)
    assert list(tmp_path.iterdir()) == []


# Serving


def test_serves_what_was_accepted_after_a_restart(tmp_path: Path) -> None:
    """Also what another process accepts while it serves."""
    options = [*ONTOLOGY, "--data", DATA, *data_dir(tmp_path)]
    with serving(*options) as (address, _, process):
        before = ask(address, COUNT)
        with closing(Ledger.open(ledger_url(tmp_path))) as ledger:
            change = make_change(book("new", 1))
            ledger.propose("ada", "a book", 0, change)
            ledger.accept(1, "cora", 0, change)
        after, ends = before, time.monotonic() + 20
        while after == before and time.monotonic() < ends:
            time.sleep(0.05)
            after = ask(address, COUNT)
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=20) == ("", "")
    assert [int(re.sub(r"\D", "", json.dumps(found))) for found in (before, after)] == [7, 8]
    with serving(*options) as (address, _, _):
        assert ask(address, COUNT) == after


def test_seeds_that_conflict_leave_the_old_release(tmp_path: Path) -> None:
    """The new seeds lack an author whose book was accepted: start-up says so in one line."""
    options = [*ONTOLOGY, *data_dir(tmp_path)]
    with serving(*options, "--data", DATA) as (address, _, _):
        before = ask(address, COUNT)
    text = Path(DATA).read_text(encoding="utf-8")
    assert isinstance(before, dict)
    with closing(Ledger.open(ledger_url(tmp_path))) as ledger:
        change = make_change(book("new", 1))
        ledger.propose("ada", "a book", 0, change)
        ledger.accept(1, "cora", 0, change)
    newer = tmp_path / "data.ttl"
    newer.write_text(re.sub(r"id:hill a lib:Branch.*?\.\n", "", text, flags=re.DOTALL), "utf-8")
    with serving(*options, "--no-check", "--data", str(newer)) as (address, _, process):
        assert ask(address, COUNT) == {"books": {"totalCount": before["books"]["totalCount"] + 1}}
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert err == (
        "kizuna: the new seeds don't conform together with what has been accepted; "
        "release 1 stays as it is.\n"
    )


def test_new_seeds_are_a_release(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    newer = tmp_path / "data.ttl"
    text = Path(DATA).read_text(encoding="utf-8")
    newer.write_text(text.replace('"Kokoro"@en', '"The Heart"@en'), encoding="utf-8")
    for file in (DATA, DATA, str(newer)):
        with serving(*ONTOLOGY, *data_dir(tmp_path / "kept"), "--data", file) as (address, _, _):
            assert ask(address, COUNT)
    assert main(["diff", "0", "1", *data_dir(tmp_path / "kept")]) == 0
    assert re.findall(r'^[+-] .*?"(.*)"@en', capsys.readouterr().out, re.MULTILINE) == [
        "Kokoro",
        "The Heart",
    ]
    assert main(["diff", "0", "2", *data_dir(tmp_path / "kept")]) == 2
