"""The ledger: what it keeps, whom it refuses, and how it notices that it was tampered with."""

import hashlib
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kizuna.dataset.changes import Change, make_change
from kizuna.dataset.entries import Action, Contribution, State
from kizuna.dataset.ledger import FILE, Ledger, ledger_url
from kizuna.errors import (
    BrokenLedger,
    Conflict,
    EngineUnavailable,
    InvalidInput,
    KizunaError,
    NotFound,
)
from kizuna.terms import BlankNode, Literal, NamedNode, Quad
from tests.databases import new_database, postgresql

GRAPH = NamedNode("https://example.org/graph")


def quad(number: int, text: str = "日本 \x00\u2028\x85\n") -> Quad:
    subject = NamedNode(f"https://example.org/{number}")
    return Quad(subject, NamedNode("https://example.org/p"), Literal(text), GRAPH)


def adds(*numbers: int) -> Change:
    return make_change(quad(number) for number in numbers)


@pytest.fixture(scope="module")
def databases() -> Iterator[str]:
    with postgresql() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a ledger can be made that isn't there yet."""
    if request.param == "sqlite":
        return ledger_url(tmp_path / "data")
    template: str = request.getfixturevalue("databases")
    name = "ledger_" + hashlib.sha256(str(tmp_path).encode()).hexdigest()[:8]
    return new_database(template, name)


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    """A ledger with seeds."""
    with closing(Ledger.open(url)) as opened:
        opened.add_seeds("seeds", None, adds(0))
        yield opened


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Ledger]:
    """An SQLite ledger with seeds, an accepted contribution and one that was reverted."""
    with closing(Ledger.open(ledger_url(tmp_path))) as opened:
        opened.add_seeds("seeds", None, adds(0))
        for number in (1, 2):
            accept(opened, proposed(opened, adds(number)))
        opened.revert(2, "cora", "wrong", 2, adds(2).inverse)
        yield opened


@pytest.fixture
def timed(url: str) -> Iterator[Callable[[Iterable[datetime]], Ledger]]:
    """Makes the ledger with an entry at each of the moments that its clock shows."""
    with ExitStack() as stack:

        def timed(moments: Iterable[datetime]) -> Ledger:
            clock = iter(moments)
            ledger = stack.enter_context(closing(Ledger.open(url, now=lambda: next(clock))))
            for number in range(3):
                ledger.add_seeds("seeds", number - 1 if number else None, adds(number))
            return ledger

        yield timed


def proposed(ledger: Ledger, change: Change, contributor: str = "ada") -> Contribution:
    return ledger.propose(contributor, "because", ledger.head() or 0, change)


def accept(ledger: Ledger, contribution: Contribution) -> int:
    head = ledger.head()
    assert head is not None
    return ledger.accept(contribution.number, "cora", head, contribution.change).number


# Contributions


def test_contribution_is_kept_as_proposed(ledger: Ledger, url: str) -> None:
    before = datetime.now(UTC)
    change = make_change([quad(2), quad(1)], [quad(0)])
    contribution = proposed(ledger, change)
    with closing(Ledger.open(url, create=False)) as other:
        kept = other.contribution(contribution.number)
    assert kept == contribution
    assert kept.state is State.PROPOSED
    assert (kept.contributor, kept.message, kept.base) == ("ada", "because", 0)
    assert kept.change == Change((quad(1), quad(2)), (quad(0),))
    assert before <= kept.proposed_at <= datetime.now(UTC)
    assert ledger.head() == 0


def test_accepting_makes_an_entry(ledger: Ledger) -> None:
    contribution = proposed(ledger, adds(1))
    entry = ledger.accept(contribution.number, "cora", 0, contribution.change)
    assert ledger.entries(after=0) == [entry]
    assert (entry.number, entry.action, entry.contribution) == (1, Action.ACCEPTANCE, 1)
    assert (entry.contributor, entry.decided_by, entry.message) == ("ada", "cora", "because")
    assert entry.previous == ledger.entries()[0].hash
    kept = ledger.contribution(1)
    assert (kept.state, kept.entry, kept.decided_by) == (State.ACCEPTED, 1, "cora")
    assert kept.decided_at == entry.at
    assert ledger.verify() == 2


@pytest.mark.parametrize("decide", [Ledger.reject, Ledger.withdraw])
def test_what_is_not_accepted_changes_nothing(
    ledger: Ledger, decide: Callable[..., Contribution]
) -> None:
    contribution = proposed(ledger, adds(1))
    decided = decide(ledger, contribution.number, "cora", "no")
    assert decided.state in (State.REJECTED, State.WITHDRAWN)
    assert (decided.decided_by, decided.reason, decided.entry) == ("cora", "no", None)
    with pytest.raises(Conflict, match=f"contribution 1 is {decided.state}, not proposed"):
        accept(ledger, contribution)
    with pytest.raises(Conflict):
        ledger.reject(1, "cora", "again")
    assert (ledger.head(), ledger.verify()) == (0, 1)


def test_reverting_is_a_further_entry(ledger: Ledger) -> None:
    accept(ledger, proposed(ledger, adds(1)))
    entry = ledger.revert(1, "cora", "wrong", 1, adds(1).inverse)
    assert (entry.number, entry.action, entry.message) == (2, Action.REVERSAL, "wrong")
    assert entry.change == Change((), (quad(1),))
    kept = ledger.contribution(1)
    assert (kept.state, kept.entry, kept.reason) == (State.REVERTED, 1, "wrong")
    assert ledger.verify() == 3
    with pytest.raises(Conflict, match="contribution 1 is reverted, not accepted"):
        ledger.revert(1, "cora", "again", 2, Change())


def test_only_against_the_newest_release(ledger: Ledger) -> None:
    first, second = proposed(ledger, adds(1)), proposed(ledger, adds(2))
    ledger.accept(first.number, "cora", 0, first.change)
    with pytest.raises(Conflict, match=r"release 1 is the newest; .* against release 0"):
        ledger.accept(second.number, "cora", 0, second.change)
    with pytest.raises(Conflict, match="release 1 is the newest"):
        ledger.add_seeds("seeds", None, adds(3))
    assert ledger.contribution(second.number).state is State.PROPOSED
    assert ledger.head() == 1


def test_lists_contributions_in_order_by_state(ledger: Ledger) -> None:
    for number in (1, 2, 3):
        proposed(ledger, adds(number))
    ledger.reject(2, "cora", "no")
    assert [c.number for c in ledger.contributions()] == [1, 2, 3]
    assert [c.number for c in ledger.contributions(State.PROPOSED)] == [1, 3]
    assert [c.number for c in ledger.contributions(State.PROPOSED, after=1)] == [3]
    assert [c.number for c in ledger.contributions(most=2)] == [1, 2]


@pytest.mark.parametrize(
    "act",
    [
        lambda ledger: ledger.contribution(7),
        lambda ledger: ledger.reject(7, "cora", "no"),
        lambda ledger: ledger.accept(7, "cora", 0, Change()),
    ],
)
def test_unknown_contribution(ledger: Ledger, act: Callable[[Ledger], object]) -> None:
    with pytest.raises(NotFound, match="there is no contribution 7"):
        act(ledger)


def test_blank_nodes_are_refused() -> None:
    node = Quad(BlankNode(), NamedNode("https://example.org/p"), Literal("x"), GRAPH)
    with pytest.raises(InvalidInput, match="blank node"):
        make_change([node])


# Time


def test_times_never_run_backwards(timed: Callable[[Iterable[datetime]], Ledger]) -> None:
    ledger = timed(datetime(2026, 1, day, tzinfo=UTC) for day in (3, 1, 2))
    assert [entry.at.day for entry in ledger.entries()] == [3, 3, 3]
    assert ledger.verify() == 3


def test_finds_the_entry_at_a_moment(timed: Callable[[Iterable[datetime]], Ledger]) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    ledger = timed(start + timedelta(hours=n) for n in range(3))
    assert ledger.entry_at(start - timedelta(microseconds=1)) is None
    assert ledger.entry_at(start) == 0
    assert ledger.entry_at(start + timedelta(minutes=119)) == 1
    assert ledger.entry_at(start + timedelta(days=1)) == 2


# Several at once


def test_acceptances_at_one_moment_are_ordered(ledger: Ledger, url: str) -> None:
    """Each of eight threads tries until its own are accepted; every entry follows another."""
    barrier = threading.Barrier(8)

    def work(number: int) -> int:
        mine = Ledger.open(url)
        conflicts = 0
        barrier.wait()
        for step in range(5):
            contribution = proposed(mine, adds(1 + number * 5 + step))
            while True:
                try:
                    accept(mine, contribution)
                    break
                except Conflict:
                    conflicts += 1
        mine.close()
        return conflicts

    with ThreadPoolExecutor(8) as pool:
        conflicts = sum(pool.map(work, range(8)))
    assert conflicts > 0
    assert ledger.verify() == 41
    added = sorted(int(q.subject.value[20:]) for e in ledger.entries() for q in e.change.added)  # type: ignore[union-attr]
    assert added == list(range(41))


def test_processes_that_start_at_one_moment_make_one_ledger(url: str) -> None:
    script = (
        "import sys; from kizuna.dataset.ledger import Ledger; "
        "print(Ledger.open(sys.argv[1]).head())"
    )
    command = [sys.executable, "-c", script, url]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(6)]  # noqa: S603
    assert [process.communicate()[0] for process in started] == ["None\n"] * 6


# The chain


def test_hash_can_be_made_by_anyone(file: Ledger) -> None:
    """As docs/ledger.md describes it."""
    entry = file.entries()[3]
    content = [
        "kizuna-ledger-1",
        3,
        entry.at.isoformat(timespec="microseconds"),
        "reversal",
        2,
        None,
        "cora",
        "wrong",
        "",
        f"{quad(2)} .\n",
        entry.previous,
    ]
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == entry.hash


TAMPERING = {
    "UPDATE entries SET added = '' WHERE number = 1": "entry 1 has been altered",
    "UPDATE entries SET contributor = 'eve' WHERE number = 2": "entry 2 has been altered",
    "UPDATE entries SET at = '2020' WHERE number = 2": "entry 2 has been altered",
    "UPDATE entries SET previous = '' WHERE number = 2": "entry 2 doesn't follow",
    "DELETE FROM entries WHERE number = 1": "entry 1 is missing",
    "DELETE FROM entries WHERE number = 0": "entry 0 is missing",
    "DELETE FROM entries WHERE number = 3": "entry 2 contradicts contribution 2",
    "DELETE FROM entries WHERE number >= 2": "entry 2 contradicts contribution 2",
    "UPDATE contributions SET contributor = 'eve' WHERE number = 1": "entry 1 contradicts",
    "UPDATE contributions SET message = 'x' WHERE number = 1": "entry 1 contradicts",
    "UPDATE contributions SET entry = NULL WHERE number = 1": "entry 1 contradicts",
    "UPDATE contributions SET state = 'proposed' WHERE number = 1": "entry 1 contradicts",
    "UPDATE contributions SET state = 'accepted' WHERE number = 2": "entry 2 contradicts",
}


@pytest.mark.parametrize("tampering", TAMPERING)
def test_first_broken_entry_is_named(tampering: str, file: Ledger, tmp_path: Path) -> None:
    assert file.verify() == 4
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute(tampering)
    connection.close()
    with pytest.raises(BrokenLedger, match=TAMPERING[tampering]):
        file.verify()


# Durability


def test_sqlite_syncs_each_commit(file: Ledger) -> None:
    """https://www.sqlite.org/pragma.html#pragma_synchronous: with WAL, FULL syncs each commit."""
    for connect in (file.reading, file.writing):
        with connect() as connection:
            found = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            ]
        assert found == ["wal", 2, 1]


def test_acceptance_is_synced_before_it_is_acknowledged(tmp_path: Path) -> None:
    """Seen from outside: a sync of the log between the last write to it and the acknowledgement."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed")
    script = (
        "import os, sys; from kizuna.dataset.ledger import Ledger; "
        "from kizuna.dataset.changes import Change; ledger = Ledger.open(sys.argv[1]); "
        "ledger.add_seeds('s', None, Change()); c = ledger.propose('a', 'm', 0, Change()); "
        "os.write(1, b'accepting'); ledger.accept(c.number, 'b', 0, Change()); "
        "os.write(1, b'acknowledged'); os._exit(0)"
    )
    log = tmp_path / "strace"
    trace = [strace, "-f", "-y", "-o", str(log), "-e", "trace=write,pwrite64,fsync,fdatasync"]
    command = [*trace, sys.executable, "-c", script, ledger_url(tmp_path)]
    traced = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if "ptrace" in traced.stderr:
        pytest.skip("strace may not trace here")
    assert traced.returncode == 0, traced.stderr
    calls = log.read_text(encoding="utf-8").partition('"accepting"')[2].partition('"acknowledged"')
    assert calls[1]
    assert re.search(r"pwrite64\([^\n]*ledger\.sqlite-wal", calls[0])
    after = re.split(r"pwrite64\([^\n]*ledger\.sqlite-wal[^\n]*\n", calls[0])[-1]
    assert re.search(r"f(data)?sync\(\d+<[^>]*ledger\.sqlite-wal>\)", after)


# What can't be used


def test_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"ledger\.sqlite: there is no ledger here"):
        Ledger.open(ledger_url(tmp_path), create=False)
    (tmp_path / FILE).touch()
    with pytest.raises(NotFound, match=r"ledger\.sqlite: there is no ledger here"):
        Ledger.open(ledger_url(tmp_path), create=False)


@pytest.mark.parametrize(
    ("unusable", "error", "message"),
    [
        ("ledger.sqlite", InvalidInput, "URL can't be used"),
        ("nosuch://host/name", InvalidInput, "SQLite file or in PostgreSQL"),
        ("mysql://host/name", InvalidInput, "SQLite file or in PostgreSQL"),
        ("sqlite://", InvalidInput, "SQLite file or in PostgreSQL"),
        ("postgresql+nosuch://host/name", InvalidInput, "no driver"),
        ("postgresql://me:secret@127.0.0.1:1/name", EngineUnavailable, r"me:\*\*\*@.*refused"),
    ],
)
def test_unusable_url(unusable: str, error: type[KizunaError], message: str) -> None:
    with pytest.raises(error, match=message):
        Ledger.open(unusable)


def test_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("no database at all" * 100, encoding="utf-8")
    with pytest.raises(EngineUnavailable, match="file is not a database"):
        Ledger.open(ledger_url(tmp_path))
