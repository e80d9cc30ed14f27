"""A process that accepts contributions, one after the other, and may be killed while it does.

``python -m tests.accepting URL NAME COUNT [POINT STEP]``: on stdout it acknowledges each entry with
number and hash. At the named point of that step it kills itself.
"""

import os
import signal
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from sqlalchemy import event

from kizuna.dataset.changes import effective, make_change
from kizuna.dataset.entries import Entry
from kizuna.dataset.files import Ontology, read_ontology
from kizuna.dataset.ledger import Ledger
from kizuna.dataset.releases import LedgerReleases, _State
from kizuna.errors import Conflict
from kizuna.terms import Literal, NamedNode, Quad

POINTS = ("begun", "committing", "committed", "read", "made", "swapping", "swapped")
ONTOLOGY = Path(__file__).parent / "library" / "ontology"
ID = "https://example.org/library/id/"
LIBRARY = "https://example.org/library/ns#"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
GRAPH = NamedNode("https://w3id.org/italy-japan/graph/data")


class Doom:
    """Kills this process when it passes the point in the step."""

    def __init__(self, point: str | None, step: int) -> None:
        self._point = point
        self._step = step
        self.step = -1

    def passes(self, point: str, *_: object) -> None:
        if point == self._point and self.step >= self._step:
            os.kill(os.getpid(), signal.SIGKILL)


class DoomedReleases(LedgerReleases):
    """Releases that pass the points between the ledger's commit and the swap of the store."""

    def __init__(self, ontology: Ontology, ledger: Ledger, doom: Doom) -> None:
        self._doom = doom
        super().__init__(ontology, ledger)

    def _next(self, state: _State | None, entries: Sequence[Entry]) -> _State:
        self._doom.passes("read")
        made = super()._next(state, entries)
        self._doom.passes("made")
        return made

    def _swap(self, state: _State) -> None:
        self._doom.passes("swapping")
        super()._swap(state)
        self._doom.passes("swapped")


def book(name: str, step: int) -> list[Quad]:
    """What is said of a book that no one else brings."""
    subject = NamedNode(f"{ID}{name}-{step}")
    said: dict[str, NamedNode | Literal] = {
        "author": NamedNode(f"{ID}soseki"),
        "title": Literal(f"{name} {step}", language="en"),
        "heldAt": NamedNode(f"{ID}hill"),
        "genre": NamedNode("https://example.org/library/vocab/genre/novel"),
    }
    quads = [Quad(subject, NamedNode(LIBRARY + key), value, GRAPH) for key, value in said.items()]
    return [Quad(subject, TYPE, NamedNode(LIBRARY + "Book"), GRAPH), *quads]


def accept(ledger: Ledger, releases: LedgerReleases, name: str, step: int) -> Entry:
    """The entry of a new contribution; tried again where another process was first."""
    contribution = ledger.propose(name, f"book {step}", 0, make_change(book(name, step)))
    while True:
        number = releases.follow().release.number
        change = effective(contribution.change, releases.asserted)
        try:
            return ledger.accept(contribution.number, "curator", number, change)
        except Conflict:
            continue


def revert(ledger: Ledger, releases: LedgerReleases, entry: Entry) -> Entry:
    """The entry that undoes another; tried again where another process was first."""
    assert entry.contribution is not None
    while True:
        number = releases.follow().release.number
        change = effective(entry.change.inverse, releases.asserted)
        try:
            return ledger.revert(entry.contribution, "curator", "undone", number, change)
        except Conflict:
            continue


def main(url: str, name: str, count: str, point: str | None = None, step: str = "0") -> None:
    doom = Doom(point, int(step))
    ledger = Ledger.open(url)
    event.listen(ledger._engine, "begin", partial(doom.passes, "begun"))
    event.listen(ledger._engine, "commit", partial(doom.passes, "committing"))
    releases = DoomedReleases(read_ontology(ONTOLOGY), ledger, doom)
    entry = None
    for doom.step in range(int(count)):
        if entry is not None and doom.step % 3 == 2:
            entry = revert(ledger, releases, entry)
        else:
            entry = accept(ledger, releases, name, doom.step)
        doom.passes("committed")
        os.write(1, f"{entry.number} {entry.hash}\n".encode())
        releases.follow()
    ledger.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
