"""The hashes of a ledger's releases, for which none of them needs to be made ready."""

from hashlib import sha256
from threading import Lock

from kizuna.dataset.changes import Change, applied
from kizuna.dataset.files import n_quads
from kizuna.dataset.ledger import Ledger

BATCH = 20  # whoever asks for one is likely to ask for those before it


class Hashes:
    """The hashes of a ledger's releases, each worked out once, when it is asked for."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._known: dict[int, str] = {}
        self._lock = Lock()

    def of(self, number: int) -> str:
        """The hash of a release that there is."""
        with self._lock:
            if number not in self._known:
                self._work_out(max(0, number - BATCH + 1), number)
            return self._known[number]

    def _work_out(self, first: int, last: int) -> None:
        changes = [entry.change for entry in self._ledger.entries(to=last)]
        lines = sorted(n_quads(applied(changes[:first])))
        for number in range(first, last + 1):
            lines = _after(changes[number], lines)
            self._known[number] = sha256("".join(lines).encode()).hexdigest()


def _after(change: Change, lines: list[str]) -> list[str]:
    """The sorted lines of the next release; sorting what is nearly sorted takes little."""
    added = set(n_quads(change.added))
    replaced = added.union(n_quads(change.removed))
    return sorted([*(line for line in lines if line not in replaced), *sorted(added)])
