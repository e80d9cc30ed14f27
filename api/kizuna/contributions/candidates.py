"""Changes tried out: a store as it would be, with what is derived then, without making a release.

A second store beside that of the release takes each change and gives it up again, so that trying a
small change costs little however large the release is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from kizuna.dataset.changes import Change
from kizuna.dataset.rederivation import Rederived, Rederiver
from kizuna.dataset.releases import Dataset, Release
from kizuna.dataset.store import EmbeddedStore, as_stored, copied


class Candidates:
    """Where changes are tried out, one after the other."""

    def __init__(self, rederiver: Rederiver) -> None:
        self._rederiver = rederiver
        self._trying = Lock()
        self._held: tuple[Release, EmbeddedStore] | None = None

    @contextmanager
    def tried(self, dataset: Dataset, change: Change) -> Iterator[tuple[EmbeddedStore, Rederived]]:
        """The store as the change would leave it, and what that does to what is derived."""
        with self._trying:
            store = self._beside(dataset)
            self._held = None  # given back when the store is as it was
            there = {q: q in store for q in as_stored([*change.removed, *change.added])}
            added = [quad for quad in as_stored(change.added) if not there[quad]]
            removed = [quad for quad in as_stored(change.removed) if there[quad]]
            store.remove(removed)
            store.add(added)
            made = Change(tuple(added), tuple(removed))
            derived = self._rederiver.follow(dataset.store, dataset.written, store, made)
            try:
                yield store, derived
            finally:
                store.remove([*added, *derived.added])
                store.add([*removed, *derived.removed])
                self._held = (dataset.release, store)

    def _beside(self, dataset: Dataset) -> EmbeddedStore:
        """A store as the dataset's is: the one at hand, brought up to date, else a new one."""
        if self._held:
            held, store = self._held
            if held == dataset.release:
                return store
            if dataset.since and dataset.since[0] == held.number:
                store.remove(dataset.since[1].removed)
                store.add(dataset.since[1].added)
                return store
        return copied(dataset.store)
