"""The dataset release by release: what is known, with what is derived from it.

A Dataset is one release and never changes. Releases hand out the current one, which a reader keeps
until it has its answer, and earlier ones.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import Protocol

from kizuna.dataset.changes import Change, applied, between
from kizuna.dataset.chronicle import Hashes
from kizuna.dataset.derivation import Written, derive
from kizuna.dataset.entries import Entry
from kizuna.dataset.extents import Extents
from kizuna.dataset.files import Ontology, distinct, graph_of, n_quads, read_file, read_ontology
from kizuna.dataset.ledger import Ledger
from kizuna.dataset.provenance import provenance
from kizuna.dataset.rebuilding import Rebuilding
from kizuna.dataset.rederivation import Rederiver
from kizuna.dataset.store import EmbeddedStore, Store, copied
from kizuna.dataset.texts import Texts
from kizuna.errors import NotFound
from kizuna.model import Model, read_model
from kizuna.terms import Quad

SEEDS_RELEASE = 0
KEPT = 4


@dataclass(frozen=True)
class Release:
    """A state of the dataset: its number, and the SHA-256 of its sorted asserted N-Quads."""

    number: int
    hash: str


@dataclass(frozen=True)
class Dataset:
    """A release, ready to be read; ``ontology_hash`` names the ontology's files.

    ``overlaps`` are asserted quads that the store lacks, since their triple stands in another graph
    of it: files served unchecked may have such. ``written`` tells what sorts of triples each
    derivation query found, from which a next release can be derived; ``since`` what the store has
    and lacks next to that of an earlier release, whose number it gives. With ``remote`` the store
    is another engine's, to which only queries of our own are put.
    """

    model: Model
    store: Store
    release: Release
    ontology_hash: str
    overlaps: tuple[Quad, ...] = ()
    written: Written | None = None
    since: tuple[int, Change] | None = None
    remote: bool = False

    @cached_property
    def texts(self) -> Texts:
        """Its texts, to be searched."""
        return Texts(self.model, self.store)

    @cached_property
    def extents(self) -> Extents:
        """How much there is of what, for estimates."""
        return Extents(self.store)

    def prepare(self) -> None:
        """Makes what the first questions would wait for: the sizes of classes, the index of texts.

        Of another engine's store nothing is read before it is asked for.
        """
        if not self.remote:
            for of_class in self.model.classes:
                self.extents.size(of_class)
            self.texts.prepare()


@dataclass(frozen=True)
class Made:
    """A release with the entry of the ledger that made it; files served as they are have none.

    ``hash_of`` works out its hash when it is asked for.
    """

    number: int
    entry: Entry | None
    hash_of: Callable[[int], str] = field(compare=False, repr=False)

    @cached_property
    def release(self) -> Release:
        """The release itself."""
        return Release(self.number, self.hash_of(self.number))

    @property
    def told(self) -> Mapping[str, object]:
        """What else there is to say, as GraphQL and JSON name it; None is what nobody knows."""
        entry = self.entry
        return {
            "number": self.number,
            "at": entry and entry.at.isoformat(),
            "action": entry and entry.action.name,
            "contribution": entry and entry.contribution,
            "contributor": entry and entry.contributor,
            "decidedBy": entry and entry.decided_by,
            "message": entry and entry.message,
            "additions": entry and len(entry.change.added),
            "removals": entry and len(entry.change.removed),
        }


def read_data(files: Sequence[Path]) -> dict[str, list[Quad]]:
    """The quads of each data file by its path, its triples in the graph that bears its name.

    Raises MalformedData, with file and line, for a file that can't be read or parsed.
    """
    return {str(file): read_file(file, graph_of(file)) for file in files}


def load_dataset(
    ontology: Ontology, data: Mapping[str, Sequence[Quad]], *, overlapping: bool = False
) -> Dataset:
    """The dataset that the files' quads make under the ontology, what is derived included.

    A triple is left in one of its graphs; ``overlapping`` keeps what that leaves out.
    Raises InvalidInput for an ontology that can't be served.
    """
    model = read_model(ontology.quads, ontology.shapes)
    dataset = _made(ontology, model, SEEDS_RELEASE, chain.from_iterable(data.values()))
    if not overlapping:
        return dataset
    given = chain.from_iterable(data.values())
    left_out = (quad for quad in given if not _stands(dataset.store, quad))
    return replace(dataset, overlaps=tuple(dict.fromkeys(left_out)))


def _stands(store: Store, quad: Quad) -> bool:
    """Whether the store has the quad in the very graph."""
    found = store.find(quad.subject, quad.predicate.value, quad.object)
    return any(other.graph_name == quad.graph_name for other in found)


def _made(
    ontology: Ontology,
    model: Model,
    number: int,
    quads: Iterable[Quad],
    origins: Iterable[Quad] = (),
) -> Dataset:
    asserted = distinct(quads)
    release = Release(number, dataset_hash(asserted))
    store = EmbeddedStore(distinct([*ontology.quads, *asserted, *origins]))
    del asserted  # what is derived needs the room
    written = derive(store, model, ontology.derive)
    return Dataset(model, store, release, ontology.hash, written=written)


def seed_files(folder: Path) -> list[Path]:
    """The data files of a folder of seeds, in the order in which they load."""
    return sorted(folder.rglob("*.ttl"))


def dataset_hash(quads: Iterable[Quad]) -> str:
    """The SHA-256, in hex, of the quads as sorted N-Quads, each line ended by a line feed."""
    return hashlib.sha256("".join(sorted(n_quads(quads))).encode()).hexdigest()


class Releases(Protocol):
    """The releases that can be read."""

    @property
    def current(self) -> Dataset:
        """The newest release that is ready to be read."""

    def at(self, number: int) -> Dataset:
        """A release by its number; raises NotFound."""

    def at_time(self, moment: datetime) -> Dataset:
        """The release that was the newest at a moment; raises NotFound where there was none."""

    @property
    def numbers(self) -> range:
        """The numbers of all releases, in order."""

    def made(self, number: int) -> Made:
        """How a release came to be, which needn't be ready to be read; raises NotFound."""

    def entries(self, after: int, to: int) -> list[Entry]:
        """What made the releases that follow ``after``, up to ``to``, in order."""

    def number_at(self, moment: datetime) -> int:
        """The number of the newest release at a moment; raises NotFound where there was none."""

    def difference(self, old: int, new: int) -> Change:
        """What leads from one release to another, later or earlier; raises NotFound."""

    def follow(self) -> Dataset:
        """The newest release there is, made ready and current."""


class SingleRelease:
    """A dataset without a past: files served as they are."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset

    @property
    def current(self) -> Dataset:
        """The dataset."""
        return self._dataset

    def at(self, number: int) -> Dataset:
        """The dataset, by its own number only; raises NotFound."""
        if number != self._dataset.release.number:
            raise NotFound(_no_release(number, self._dataset.release.number))
        return self._dataset

    def at_time(self, moment: datetime) -> Dataset:
        """Raises NotFound."""
        return self.at(self.number_at(moment))

    @property
    def numbers(self) -> range:
        """The dataset's own number."""
        number = self._dataset.release.number
        return range(number, number + 1)

    def made(self, number: int) -> Made:
        """The dataset's release, which no entry made; raises NotFound for any other."""
        release = self.at(number).release
        return Made(release.number, None, lambda _: release.hash)

    def entries(self, after: int, to: int) -> list[Entry]:
        """None."""
        return []

    def number_at(self, moment: datetime) -> int:
        """Raises NotFound: nothing tells when files were true."""
        raise NotFound("without a ledger, releases have no times; ask by number.")

    def difference(self, old: int, new: int) -> Change:
        """No change; raises NotFound for any other release."""
        for number in (old, new):
            self.at(number)
        return Change()

    def follow(self) -> Dataset:
        """The dataset."""
        return self._dataset


@dataclass(frozen=True)
class _State:
    """A release with what the next one is made from."""

    dataset: Dataset
    asserted: frozenset[Quad]
    provenance: tuple[Quad, ...]


class LedgerReleases:
    """The releases of a ledger, each in a store of this process's own.

    Readers that hold a release go on reading it while the next is made.
    """

    def __init__(self, ontology: Ontology, ledger: Ledger, kept: int = KEPT) -> None:
        """Makes the newest release ready; raises NotFound for a ledger without entries."""
        self.ontology = ontology
        self._model = read_model(ontology.quads, ontology.shapes)
        self._rederiver = Rederiver(self._model, ontology.derive)
        self.ledger = ledger
        self._following = Lock()
        self._past = Rebuilding(self.rebuilt, kept)
        self._hashes = Hashes(ledger)
        self._state = self._next(None, ledger.entries())

    @property
    def current(self) -> Dataset:
        """The newest release that is ready to be read."""
        return self._state.dataset

    @property
    def asserted(self) -> frozenset[Quad]:
        """The asserted quads of the current release."""
        return self._state.asserted

    def follow(self) -> Dataset:
        """The newest release of the ledger, made ready and current."""
        with self._following:
            entries = self.ledger.entries(after=self.current.release.number)
            if entries:
                self._swap(self._next(self._state, entries))
            return self.current

    def at(self, number: int) -> Dataset:
        """A release by its number, a past one rebuilt where it isn't kept.

        Raises NotFound, and EngineUnavailable where too many are being rebuilt just now.
        """
        current = self._up_to(number)
        return current if number == current.release.number else self._past.get(number)

    def at_time(self, moment: datetime) -> Dataset:
        """The release that was the newest at a moment; raises as ``at`` does."""
        return self.at(self.number_at(moment))

    @property
    def numbers(self) -> range:
        """The numbers of all releases that are ready or can be made so, in order."""
        return range(self.current.release.number + 1)

    def made(self, number: int) -> Made:
        """How a release came to be, which needn't be ready to be read; raises NotFound."""
        self._up_to(number)
        (entry,) = self.entries(number - 1, number)
        return Made(number, entry, self._hash_of)

    def entries(self, after: int, to: int) -> list[Entry]:
        """What made the releases that follow ``after``, up to ``to``, in order."""
        return self.ledger.entries(after, to)

    def _hash_of(self, number: int) -> str:
        current = self.current.release
        return current.hash if number == current.number else self._hashes.of(number)

    def number_at(self, moment: datetime) -> int:
        """The number of the newest release at a moment; raises NotFound where there was none."""
        number = self.ledger.entry_at(moment)
        if number is None:
            raise NotFound(f"there was no release yet at {moment.isoformat()}.")
        return number

    def _up_to(self, number: int) -> Dataset:
        """The newest release, which the number doesn't follow; raises NotFound where it does."""
        current = self.current if number <= self.current.release.number else self.follow()
        if not 0 <= number <= current.release.number:
            raise NotFound(_no_release(number, current.release.number))
        return current

    def difference(self, old: int, new: int) -> Change:
        """What leads from one release to another, later or earlier; raises NotFound."""
        return difference(self.ledger, old, new)

    def rebuilt(self, number: int) -> Dataset:
        """A release made anew from the ledger alone."""
        return self._next(None, self.ledger.entries(to=number)).dataset

    def _next(self, state: _State | None, entries: Sequence[Entry]) -> _State:
        """The state that the entries lead to, whole, from the given one or from nothing."""
        if not entries:
            raise NotFound("the ledger holds no release yet.")
        asserted = applied((entry.change for entry in entries), state.asserted if state else ())
        origins = provenance(self._model, entries)
        told = tuple(dict.fromkeys([*(state.provenance if state else ()), *origins]))
        number = entries[-1].number
        if state is None:
            quads = sorted(asserted, key=str)
            dataset = _made(self.ontology, self._model, number, quads, told)
        else:
            change = between({*state.asserted, *state.provenance}, {*asserted, *told})
            dataset = self._after(state.dataset, number, change, asserted)
        return _State(dataset, asserted, told)

    def _after(
        self, before: Dataset, number: int, change: Change, asserted: frozenset[Quad]
    ) -> Dataset:
        """The dataset that a change makes of another, derived for what it affects."""
        store = copied(before.store)
        store.remove(change.removed)
        store.add(change.added)
        derived = self._rederiver.follow(before.store, before.written, store, change)
        step = Change((*change.added, *derived.added), (*change.removed, *derived.removed))
        return replace(
            before,
            store=store,
            release=Release(number, dataset_hash(asserted)),
            written=derived.written,
            since=(before.release.number, step),
        )

    def _swap(self, state: _State) -> None:
        self._state = state


def difference(ledger: Ledger, old: int, new: int) -> Change:
    """What leads from one release of a ledger to another; raises NotFound."""
    entries = ledger.entries(to=max(old, new))
    newest = entries[-1].number if entries else -1
    for number in (old, new):
        if not 0 <= number <= newest:
            raise NotFound(_no_release(number, newest))
    changes = [entry.change for entry in entries]
    first = min(old, new) + 1
    before = applied(changes[:first])
    change = between(before, applied(changes[first:], before))
    return change if old <= new else change.inverse


def _no_release(number: int, newest: int) -> str:
    return f"there is no release {number}; the newest is {newest}."


__all__ = [
    "Dataset",
    "LedgerReleases",
    "Made",
    "Release",
    "Releases",
    "SingleRelease",
    "dataset_hash",
    "difference",
    "load_dataset",
    "read_data",
    "read_ontology",
    "seed_files",
]
