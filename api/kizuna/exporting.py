"""What can be taken away whole: the dumps, and their checksums, by file name.

A file's name carries the release that it holds, so that it never means anything else.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from kizuna.dataset.dumps import FORMATS, Format, dump, gzipped, zstandard
from kizuna.dataset.releases import Dataset
from kizuna.errors import NotFound

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


def exports(dataset: Dataset) -> Mapping[str, Export]:
    """All exports of the dataset's release, by variant."""
    found = [each for form in FORMATS for each in _dumps(dataset, form)]
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


def _named(
    dataset: Dataset, variant: str, media_type: str, title: str, write: Callable[[BinaryIO], None]
) -> Export:
    name = f"kizuna-{dataset.release.number}{'-' if variant == 'tables.zip' else '.'}{variant}"
    return Export(name, variant, media_type, title, write)
