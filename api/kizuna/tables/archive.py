"""All tables and the networks in one zip: the same bytes for the same release and software."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from kizuna import __version__, resources
from kizuna.dataset.releases import Dataset
from kizuna.errors import NotFound
from kizuna.tables.classes import class_tables
from kizuna.tables.delimited import csv_text, metadata_text
from kizuna.tables.frames import write_parquet, write_stata
from kizuna.tables.network import gexf, graphml, network
from kizuna.tables.table import CLASSES, LINKS, UNITS, Missing, Table, in_english
from kizuna.tables.units import unit_tables

NO_TIME = (1980, 1, 1, 0, 0, 0)
ORDINARY_FILE = 0o100644 << 16
SECTIONS = {UNITS: "Units of study", CLASSES: "Classes", LINKS: "Links and lists"}

README = """\
# Kizuna {software}: tables of release {release}

The SHA-256 of what is asserted in this release is {hash}.

Each table is there three times: as CSV (UTF-8), as Parquet, and as a Stata file (.dta, Stata 14 and
later). `csv-metadata.json` describes all tables and columns in every language (CSV on the Web). The
folder `network` holds the same network as GEXF and as GraphML.

## Empty cells

| CSV, Stata | Parquet (`<column>_missing`) | meaning |
|---|---|---|
{reasons}

In Parquet the cell itself is null. In Stata, text cannot have extended missing values: there the
cell holds the same two characters as text. Codes are numbered anew for each release: rely on their
labels.

## Times

`…_edtf` is what is stated, in the Extended Date/Time Format; `…_earliest` and `…_latest` are the
first and the last day on which it can have been, `…_precision` is how fine it is. Do not take
`…_earliest` for the date: what is stated as a year has the first of January there.

## Tables
{tables}"""


def read_tables(dataset: Dataset, queries: Path) -> list[Table]:
    """The units that the folder's queries tell, the classes' tables, and those of links."""
    return [*unit_tables(dataset, queries), *class_tables(dataset)]


def write_archive(dataset: Dataset, queries: Path, out: BinaryIO) -> None:
    """Writes the zip of the dataset's tables."""
    tables = read_tables(dataset, queries)
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in _contents(dataset, tables):
            entry = ZipInfo(name, NO_TIME)
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, ORDINARY_FILE
            archive.writestr(entry, content)


def write_network(dataset: Dataset, queries: Path, suffix: str, out: BinaryIO) -> None:
    """Writes the network as GEXF or GraphML; raises NotFound where the queries tell none."""
    found = _networks(unit_tables(dataset, queries))
    if suffix not in found:
        raise NotFound(f"{queries} tells no network as {suffix}.")
    out.write(found[suffix])


def _contents(dataset: Dataset, tables: Sequence[Table]) -> Iterator[tuple[str, bytes | str]]:
    yield "README.md", _readme(dataset, tables)
    if resources.CODEBOOK.is_file():
        yield "codebook.md", resources.CODEBOOK.read_bytes()
    yield "csv-metadata.json", metadata_text(tables, _about(dataset))
    for suffix, content in _networks(tables).items():
        yield f"network/kizuna.{suffix}", content
    with tempfile.TemporaryDirectory(prefix="kizuna-") as folder:
        for table in tables:
            yield from _files(table, Path(folder))


def _files(table: Table, folder: Path) -> Iterator[tuple[str, bytes | str]]:
    name, file = f"{table.folder}/{table.name}", folder / "table"
    yield f"{name}.csv", csv_text(table)
    write_parquet(table, file)
    yield f"{name}.parquet", file.read_bytes()
    write_stata(table, file)
    yield f"{name}.dta", file.read_bytes()


def _networks(tables: Sequence[Table]) -> Mapping[str, bytes]:
    graph = network(tables)
    return {} if graph is None else {"gexf": gexf(graph), "graphml": graphml(graph)}


def _about(dataset: Dataset) -> Mapping[str, object]:
    title = in_english(dataset.model.titles) or "Kizuna"
    release = dataset.release
    return {
        "dc:title": title,
        "dc:identifier": f"release {release.number}, sha256:{release.hash}",
    }


def _readme(dataset: Dataset, tables: Sequence[Table]) -> str:
    reasons = [f"| `{reason.value}` | {reason.words} | {_meaning(reason)} |" for reason in Missing]
    return README.format(
        software=__version__,
        release=dataset.release.number,
        hash=dataset.release.hash,
        reasons="\n".join(reasons),
        tables="".join(_section(folder, tables) for folder in SECTIONS),
    )


def _section(folder: str, tables: Sequence[Table]) -> str:
    lines = [
        f"| `{folder}/{table.name}` | {len(table.rows)} | {_words(table)} |"
        for table in tables
        if table.folder == folder
    ]
    if not lines:
        return ""
    return "\n".join(
        [
            "",
            f"### {SECTIONS[folder]}",
            "",
            "| table | rows | what it is |",
            "|---|---|---|",
            *lines,
            "",
        ]
    )


def _words(table: Table) -> str:
    return f"{in_english(table.titles)}. {in_english(table.descriptions)}".replace("|", "/")


def _meaning(reason: Missing) -> str:
    return {
        Missing.NOT_STATED: "no source that was coded says it",
        Missing.NOT_APPLICABLE: "there can be no value here",
        Missing.NOT_CODED: "there may be one, but nobody has recorded it",
    }[reason]
