"""The dataset at a release: what is known, with what is derived from it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kizuna.dataset.derivation import derive
from kizuna.dataset.files import Ontology, distinct, graph_of, read_file, read_ontology
from kizuna.dataset.store import EmbeddedStore, Store
from kizuna.model import Model, read_model
from kizuna.terms import Quad

SEEDS_RELEASE = 0


@dataclass(frozen=True)
class Release:
    """A state of the dataset: its number, and the SHA-256 of its sorted asserted N-Quads."""

    number: int
    hash: str


@dataclass(frozen=True)
class Dataset:
    """The current release, ready to be read; ``ontology_hash`` names the ontology's files.

    ``overlaps`` are asserted quads that the store lacks, since their triple stands in another graph
    of it: files served unchecked may have such.
    """

    model: Model
    store: Store
    release: Release
    ontology_hash: str
    overlaps: tuple[Quad, ...] = ()


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
    given = [quad for quads in data.values() for quad in quads]
    asserted = distinct(given)
    kept = distinct([*ontology.quads, *asserted])
    store = EmbeddedStore(kept)
    derive(store, model, ontology.derive)
    release = Release(SEEDS_RELEASE, dataset_hash(asserted))
    overlaps = tuple(set(given).difference(kept)) if overlapping else ()
    return Dataset(model, store, release, ontology.hash, overlaps)


def seed_files(folder: Path) -> list[Path]:
    """The data files of a folder of seeds, in the order in which they load."""
    return sorted(folder.rglob("*.ttl"))


def dataset_hash(quads: Iterable[Quad]) -> str:
    """The SHA-256, in hex, of the quads as sorted N-Quads, each line ended by a line feed."""
    lines = sorted(f"{quad} .\n" for quad in quads)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


__all__ = [
    "Dataset",
    "Release",
    "dataset_hash",
    "load_dataset",
    "read_data",
    "read_ontology",
    "seed_files",
]
