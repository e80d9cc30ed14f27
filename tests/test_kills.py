"""Processes killed and racing: nothing acknowledged is lost, nothing is there by half."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kizuna.dataset.changes import make_change
from kizuna.dataset.entries import State
from kizuna.dataset.files import Ontology
from kizuna.dataset.ledger import Ledger, ledger_url
from kizuna.dataset.releases import LedgerReleases, read_data
from kizuna.terms import NamedNode
from tests.accepting import POINTS

ROOT = Path(__file__).parents[1]
DATA = ROOT / "tests" / "library" / "data.ttl"
MOMENTS = 3  # kills at random moments in a quick run, beside one at each point
FULL = 200
MANY = "100000"
PARTS = 5  # of a book


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger that holds the library as seeds."""
    with closing(Ledger.open(ledger_url(tmp_path))) as ledger:
        quads = (quad for quads in read_data([DATA]).values() for quad in quads)
        ledger.add_seeds("seeds", None, make_change(quads))
        yield ledger


@pytest.fixture
def releases(library_ontology: Ontology, ledger: Ledger) -> LedgerReleases:
    """The releases as a process that goes on living sees them."""
    return LedgerReleases(library_ontology, ledger)


def accepting(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.accepting", ledger_url(folder), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)  # noqa: S603


def killed(process: "subprocess.Popen[str]", moment: float | None) -> list[str]:
    """What a process acknowledged before it was killed, here or by itself."""
    assert process.stdout is not None
    acknowledged = []
    if moment is not None:
        acknowledged.append(process.stdout.readline())
        time.sleep(moment)
        process.kill()
    acknowledged += process.stdout.readlines()
    assert process.wait() == -signal.SIGKILL
    process.stdout.close()
    return [line for line in acknowledged if line.endswith("\n")]


def prove(ledger: Ledger, releases: LedgerReleases, before: int, acknowledged: list[str]) -> None:
    """The ledger holds what was acknowledged and at most one entry more, all of it whole."""
    assert ledger.verify() == (ledger.head() or 0) + 1
    made = [f"{entry.number} {entry.hash}\n" for entry in ledger.entries(after=before)]
    assert made[: len(acknowledged)] == acknowledged
    assert len(made) - len(acknowledged) <= 1
    accepted = ledger.contributions(State.ACCEPTED, most=int(MANY))
    standing = {NamedNode(str(c.change.added[0].subject.value)) for c in accepted}  # type: ignore[union-attr]
    followed = releases.follow()
    there = [q.subject for q in releases.asserted if "-book-" in str(q.subject)]
    assert {subject: there.count(subject) for subject in there} == dict.fromkeys(standing, PARTS)
    rebuilt = releases.rebuilt(followed.release.number)
    assert followed.release == rebuilt.release
    assert set(followed.store.quads()) == set(rebuilt.store.quads())


def test_killed_at_any_moment(
    tmp_path: Path, ledger: Ledger, releases: LedgerReleases, request: pytest.FixtureRequest
) -> None:
    """At each named point once, or in turn, and at moments that a seed gives."""
    chance = random.Random(20260114)  # noqa: S311 (no secret)
    kills = FULL if request.config.getoption("full") else len(POINTS) + MOMENTS
    for kill in range(kills):
        before = ledger.head() or 0
        doomed: tuple[str, ...] = (MANY,)
        moment = None
        if kill < (kills - MOMENTS if kills < FULL else kills // 2):
            doomed = (MANY, POINTS[kill % len(POINTS)], str(chance.randrange(4)))
        else:
            moment = chance.uniform(0, 0.4)
        acknowledged = killed(accepting(tmp_path, f"{kill}-book", *doomed), moment)
        prove(ledger, releases, before, acknowledged)


def test_processes_that_accept_at_one_moment_are_ordered(
    tmp_path: Path, ledger: Ledger, releases: LedgerReleases
) -> None:
    """Each entry is one process's, and both see the same releases."""
    racing = [accepting(tmp_path, f"{name}-book", "12") for name in ("left", "right")]
    acknowledged = [process.communicate()[0].splitlines(keepends=True) for process in racing]
    assert [process.returncode for process in racing] == [0, 0]
    assert [len(lines) for lines in acknowledged] == [12, 12]
    together = sorted((*acknowledged[0], *acknowledged[1]), key=lambda line: int(line.split()[0]))
    prove(ledger, releases, 0, together)
    assert ledger.head() == 24
