"""What can be taken away whole: dumps, tables, networks, and their checksums, by file name.

A file's name carries the release that it holds, so that it never means anything else.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

from kizuna.dataset.dumps import FORMATS, Format, dump, gzipped, zstandard
from kizuna.dataset.releases import Dataset
from kizuna.errors import EngineUnavailable, NotFound

CHECKSUM = ".sha256"
BLOCK = 1 << 20


@dataclass(frozen=True)
class Export:
    """A file to take away: what it is called, what it is, and how it is written.

    ``variant`` is what follows the release in the name: ``ttl``, ``ttl.gz``, ``tables.zip``.
    """

    name: str
    variant: str
    media_type: str
    title: str
    write: Callable[[BinaryIO], None]


def exports(dataset: Dataset, queries: Path) -> Mapping[str, Export]:
    """All exports of the dataset's release, by variant; its units are in ``queries/tables``."""
    found = [each for form in FORMATS for each in _dumps(dataset, form)]
    found += _tables(dataset, queries / "tables")
    return {export.variant: export for export in found}


def save(export: Export, folder: Path) -> str:
    """Writes the export and its checksum to a folder, the file whole or not at all.

    Gives back the checksum as ``sha256sum --check`` reads it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f".{export.name}.partial"
    try:
        with partial.open("wb") as out:
            export.write(out)
        with partial.open("rb") as content:
            line = f"{hashlib.file_digest(content, 'sha256').hexdigest()}  {export.name}\n"
        (folder / (export.name + CHECKSUM)).write_text(line, encoding="utf-8")
        partial.replace(folder / export.name)
    finally:
        partial.unlink(missing_ok=True)
    return line


def chosen(found: Mapping[str, Export], variant: str) -> Export:
    """The export of that variant; raises NotFound that lists those that there are."""
    if variant not in found:
        raise NotFound(f"there is no export {variant!r}; there are {', '.join(found)}.")
    return found[variant]


def _dumps(dataset: Dataset, form: Format) -> list[Export]:
    def plain(out: BinaryIO) -> None:
        dump(dataset, form.suffix, out)

    def with_gzip(out: BinaryIO) -> None:
        with gzipped(out) as compressed:
            plain(compressed)

    def with_zstandard(out: BinaryIO) -> None:
        with zstandard(out) as compressed:
            plain(compressed)

    return [
        _named(dataset, form.suffix, form.media_type, form.name, plain),
        _named(dataset, f"{form.suffix}.gz", "application/gzip", f"{form.name}, gzip", with_gzip),
        _named(
            dataset,
            f"{form.suffix}.zst",
            "application/zstd",
            f"{form.name}, Zstandard",
            with_zstandard,
        ),
    ]


def _tables(dataset: Dataset, queries: Path) -> list[Export]:
    """The zip of tables, and the networks where the queries tell one."""

    def tables(out: BinaryIO) -> None:
        _archive().write_archive(dataset, queries, out)

    def network(suffix: str) -> Callable[[BinaryIO], None]:
        return lambda out: _archive().write_network(dataset, queries, suffix, out)

    title = "CSV, Parquet, Stata"
    found = [_named(dataset, "tables.zip", "application/zip", title, tables)]
    if (queries / "network-edges.rq").is_file():
        for suffix, title in (("gexf", "GEXF"), ("graphml", "GraphML")):
            found.append(_named(dataset, suffix, "application/xml", title, network(suffix)))
    return found


def _archive() -> ModuleType:
    """The tables' writer, whose libraries are an extra of the package."""
    try:
        return import_module("kizuna.tables.archive")
    except ModuleNotFoundError as error:
        raise EngineUnavailable(
            f"tables need the library {error.name}; install kizuna[tables] to have them."
        ) from error


def _named(
    dataset: Dataset, variant: str, media_type: str, title: str, write: Callable[[BinaryIO], None]
) -> Export:
    return Export(file_name(dataset.release.number, variant), variant, media_type, title, write)


def file_name(release: int, variant: str) -> str:
    """What a variant of a release's data is called."""
    return f"kizuna-{release}{'-' if variant == 'tables.zip' else '.'}{variant}"
