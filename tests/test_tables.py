"""The tables through the door: the zip that the command writes, read back by other readers."""

import csv
import json
import re
import sys
from collections import Counter
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import networkx
import polars
import pyreadstat
import pytest
from starlette.testclient import TestClient

from kizuna import namespaces as ns
from kizuna.__main__ import main
from kizuna.app import create_app
from kizuna.dataset.releases import Dataset
from kizuna.dataset.times import precision
from kizuna.errors import EngineUnavailable, MalformedData
from kizuna.exporting import exports, save
from kizuna.resources import QUERIES
from kizuna.settings import Settings
from kizuna.tables.cells import time_cells
from kizuna.tables.frames import stata_names, write_stata
from kizuna.tables.table import Column, Kind, Missing, Table
from kizuna.tables.units import unit_tables

LIBRARY = Path(__file__).parent / "library"
ARGUMENTS = ["--ontology", str(LIBRARY / "ontology"), "--data", str(LIBRARY / "data.ttl")]
UNITS = ("agreement", "agreement_party", "dyad_year", "event", "tenure", "claim")
IJ = ns.TERMS


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packaged data's tables, unpacked."""
    folder = tmp_path_factory.mktemp("tables")
    assert main(["export", "tables", "--out", str(folder)]) == 0
    with ZipFile(folder / "kizuna-0-tables.zip") as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def metadata(room: Path) -> dict[str, Any]:
    """The description of each table by its address."""
    text = (room / "csv-metadata.json").read_text(encoding="utf-8")
    return {table["url"]: table for table in json.loads(text)["tables"]}


def rows_of(room: Path, name: str) -> list[dict[str, str]]:
    with (room / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def named(room: Path, name: str, **wanted: str) -> dict[str, str]:
    """The one row that has these values."""
    (row,) = (r for r in rows_of(room, name) if wanted.items() <= r.items())
    return row


def count(dataset: Dataset, pattern: str) -> int:
    query = f"SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{ {pattern} }}"
    ((number,),) = dataset.store.reader().select(query).rows
    return int(getattr(number, "value", "0"))


# What there is


def test_a_table_for_each_class_with_a_row_for_each_member(
    metadata: dict[str, Any], room: Path, packaged: Dataset
) -> None:
    leaves = [c for c in packaged.model.classes.values() if not c.abstract]
    tables = [url for url in metadata if url.startswith("classes/")]
    assert len(tables) == len(leaves)
    for leaf in leaves:
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", leaf.name).lower()
        rows = rows_of(room, f"classes/{name}")
        assert len(rows) == count(packaged, f"?s a <{leaf.iri}>")
        assert all(row["iri"].startswith("https://") for row in rows)


def test_the_units_of_study(room: Path, packaged: Dataset) -> None:
    assert len(rows_of(room, "units/event")) == count(packaged, f"?s a <{IJ}Event>")
    assert len(rows_of(room, "units/claim")) == count(packaged, f"?s a <{IJ}Claim>")
    assert len(rows_of(room, "units/tenure")) == count(packaged, f"?s a <{IJ}Tenure>")
    assert len(rows_of(room, "units/agreement")) == count(packaged, f"?s a <{IJ}Agreement>")
    party = named(room, "units/agreement_party", agreement="acsa-italy-japan", party="japan")
    assert (party["iso_alpha2"], party["iso_alpha3"], party["gleditsch_ward"]) == (
        "JP",
        "JPN",
        "740",
    )
    dyads = rows_of(room, "units/dyad_year")
    assert all(row["country_a"] < row["country_b"] for row in dyads)
    pair = named(room, "units/dyad_year", iso_a="ITA", iso_b="JPN", year="2025")
    assert (pair["gw_a"], pair["gw_b"]) == ("325", "740")
    assert int(pair["events"]) >= 1
    assert pair["agreements"] == "1"


@pytest.mark.parametrize("name", UNITS)
def test_keys_tell_rows_apart(name: str, room: Path, metadata: dict[str, Any]) -> None:
    key = metadata[f"units/{name}.csv"]["tableSchema"]["primaryKey"]
    rows = [tuple(row[column] for column in key) for row in rows_of(room, f"units/{name}")]
    assert rows
    assert max(Counter(rows).values()) == 1


def test_every_table_is_described_in_every_language(metadata: dict[str, Any]) -> None:
    for url, table in metadata.items():
        assert {t["@language"] for t in table["dc:title"]} == {"en", "it", "ja"}, url
        for column in table["tableSchema"]["columns"]:
            assert set(column["titles"]) == {"und", "en", "it", "ja"}, (url, column["name"])
            assert column["titles"]["und"] == column["name"]
            if url.startswith("units/"):
                texts = {t["@language"]: t["@value"] for t in column["dc:description"]}
                assert set(texts) == {"en", "it", "ja"}, (url, column["name"])


def test_csv_fits_its_description(room: Path, metadata: dict[str, Any]) -> None:
    patterns = {
        "integer": r"-?\d+",
        "decimal": r"-?\d+(\.\d+)?",
        "boolean": "true|false",
        "date": r"\d{4}-\d\d-\d\d",
    }
    for url, table in metadata.items():
        columns = table["tableSchema"]["columns"]
        rows = rows_of(room, url.removesuffix(".csv"))
        for column in columns:
            datatype = column["datatype"]
            form = patterns.get(datatype) if isinstance(datatype, str) else datatype["format"]
            cells = [row[column["name"]] for row in rows]
            if form:
                wrong = [c for c in cells if c not in column["null"] and not re.fullmatch(form, c)]
                assert wrong == [], (url, column["name"])


def test_foreign_keys_lead_somewhere(room: Path, metadata: dict[str, Any]) -> None:
    followed = 0
    for url, table in metadata.items():
        for key in table["tableSchema"].get("foreignKeys", ()):
            there = rows_of(room, key["reference"]["resource"].removesuffix(".csv"))
            known = {row["id"] for row in there} | {reason.value for reason in Missing}
            used = {row[key["columnReference"]] for row in rows_of(room, url.removesuffix(".csv"))}
            assert used <= known, (url, key)
            followed += len(used)
    assert followed > 100


# What is missing, and times


def test_reasons_are_told_apart(room: Path) -> None:
    """Not stated by any source; not applicable; not coded."""
    agreements = rows_of(room, "units/agreement")
    agreement = next(row for row in agreements if row["status"] == "signed")
    assert agreement["in_force"] == ".b"
    acsa = named(room, "units/agreement", agreement="acsa-italy-japan")
    assert acsa["signed"] == ".a"
    eu = next(r for r in rows_of(room, "units/agreement_party") if r["party"] == "european-union")
    assert (eu["iso_alpha2"], eu["gleditsch_ward"]) == (".b", ".b")
    assert named(room, "classes/country", id="japan")["description_en"] == ".c"
    assert {row["broader"] for row in rows_of(room, "classes/basis")} == {".b"}


def test_times_come_with_bounds_and_precision(room: Path) -> None:
    spans = {row["edtf"]: row for row in rows_of(room, "classes/time_span")}
    year = next(row for row in rows_of(room, "units/claim") if row["stated_time_edtf"] == "2025")
    assert year["stated_time_earliest"] == "2025-01-01"
    assert year["stated_time_latest"] == "2025-12-31"
    assert year["stated_time_precision"] == "year"
    assert spans["XXXX-12-06"]["edtf_precision"] == "day"
    assert spans["XXXX-12-06"]["earliest"] == ".a"


@pytest.mark.parametrize(
    ("edtf", "expected"),
    [
        ("2025-12-06", "day"),
        ("XXXX-12-06", "day"),
        ("2025-12?", "month"),
        ("2025-22", "season"),
        ("2025~", "year"),
        ("203X", "decade"),
        ("20XX", "century"),
        ("2025-01-15/2025-03", "month"),
        ("2022/..", "year"),
        ("../2022-01-01", "day"),
    ],
)
def test_precision(edtf: str, expected: str) -> None:
    assert precision(edtf) == expected


def test_open_end_is_not_applicable_and_unknown_end_not_stated() -> None:
    assert time_cells("2022/..")[2] is Missing.NOT_APPLICABLE
    assert time_cells("2022/")[2] is Missing.NOT_STATED
    assert time_cells("../2022")[1] is Missing.NOT_APPLICABLE
    assert time_cells("2022/..")[1] == date(2022, 1, 1)


# Parquet and Stata


def test_parquet_holds_what_csv_holds(room: Path, metadata: dict[str, Any]) -> None:
    for url, table in metadata.items():
        name = url.removesuffix(".csv")
        frame = polars.read_parquet(room / f"{name}.parquet")
        rows = rows_of(room, name)
        assert frame.height == len(rows)
        for column in (c["name"] for c in table["tableSchema"]["columns"]):
            assert [as_csv(v, r) for v, r in with_reasons(frame, column)] == [
                row[column] for row in rows
            ], (url, column)


def with_reasons(frame: polars.DataFrame, name: str) -> list[tuple[Any, str | None]]:
    told = f"{name}_missing"
    reasons = frame[told].to_list() if told in frame.columns else [None] * frame.height
    return list(zip(frame[name].to_list(), reasons, strict=True))


def as_csv(value: Any, reason: str | None) -> str:
    if value is None:
        return next(r.value for r in Missing if r.words == reason)
    assert reason is None
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.0f}" if isinstance(value, float) else str(value)


def test_parquet_bears_its_description(room: Path) -> None:
    kept = polars.read_parquet_metadata(room / "units/event.parquet")["csvw"]
    columns = {c["name"]: c for c in json.loads(kept)["tableSchema"]["columns"]}
    assert columns["standing"]["titles"]["ja"] == "位置づけ"


def read_stata(file: Path) -> tuple[dict[str, list[Any]], Any]:
    """The cells of a Stata file by column, with its extended missing values, and its metadata."""
    frame: Any
    frame, meta = pyreadstat.read_dta(file, user_missing=True, output_format="dict")
    return {name: list(cells) for name, cells in frame.items()}, meta


@pytest.mark.parametrize("name", [*(f"units/{u}" for u in UNITS), "classes/country"])
def test_stata_holds_what_csv_holds(room: Path, name: str, metadata: dict[str, Any]) -> None:
    cells, meta = read_stata(room / f"{name}.dta")
    columns = metadata[f"{name}.csv"]["tableSchema"]["columns"]
    rows = rows_of(room, name)
    assert len(cells) == len(columns)
    for (stata, found), column in zip(cells.items(), columns, strict=True):
        labels = meta.variable_value_labels.get(stata, {})
        for cell, row in zip(found, rows, strict=True):
            assert_same(cell, row[column["name"]], labels, column)
    for column, label in zip(columns, meta.column_labels, strict=True):
        assert column["titles"]["en"].startswith(label.removesuffix("…"))


def assert_same(cell: Any, text: str, labels: dict[Any, str], column: dict[str, Any]) -> None:
    datatype = column["datatype"]
    if text in column["null"]:
        assert cell in (text, text.removeprefix("."))
        if datatype != "string":
            reason = next(r for r in Missing if r.value == text)
            assert labels[text.removeprefix(".")] == reason.words
    elif isinstance(datatype, dict):
        assert labels[cell]
    elif datatype == "boolean":
        assert labels[cell] == {"true": "yes", "false": "no"}[text]
    elif datatype == "date":
        assert cell == date.fromisoformat(text)
    else:
        assert str(cell) == text or float(cell) == float(text)


def test_stata_keeps_japanese_and_labels(room: Path) -> None:
    cells, meta = read_stata(room / "units/event.dta")
    texts = [row["event_ja"] for row in rows_of(room, "units/event")]
    assert cells["event_ja"] == texts
    assert any("日本" in text for text in texts)
    assert meta.file_label == "Events"
    assert "visit" in meta.variable_value_labels["kind"].values()
    assert meta.column_names_to_labels["kind"] == "kind"


def table_of(*columns: tuple[str, Kind, list[Any]]) -> Table:
    rows = list(zip(*(cells for _, _, cells in columns), strict=True))
    made = tuple(Column(name, kind, {}) for name, kind, _ in columns)
    return Table("units", "t", {"en": "x" * 100}, {}, made, rows)


def test_stata_limits(tmp_path: Path) -> None:
    long = "a_name_that_is_longer_than_stata_allows"
    table = table_of(
        (long, Kind.INTEGER, [3_000_000_000, Missing.NOT_CODED]),
        (f"{long}_2", Kind.TEXT, ["長" * 3000, ""]),
        ("only_missing", Kind.NUMBER, [Missing.NOT_STATED, Missing.NOT_APPLICABLE]),
        ("yes", Kind.BOOLEAN, [True, False]),
    )
    names = stata_names(table)
    assert max(map(len, names)) <= 32
    assert len(set(names)) == 4
    write_stata(table, tmp_path / "t.dta")
    cells, meta = read_stata(tmp_path / "t.dta")
    assert list(cells.values()) == [[3e9, "c"], ["長" * 3000, ""], ["a", "b"], [1, 0]]
    assert meta.file_label == "x" * 77 + "…"


def test_empty_table(tmp_path: Path) -> None:
    table = table_of(*((kind.name, kind, []) for kind in Kind))
    write_stata(table, tmp_path / "t.dta")
    cells, _ = read_stata(tmp_path / "t.dta")
    assert cells == {kind.name: [] for kind in Kind}


# Networks


@pytest.mark.parametrize("suffix", ["gexf", "graphml"])
def test_network_reads_back(room: Path, suffix: str) -> None:
    file = room / "network" / f"kizuna.{suffix}"
    graph: Any = (
        networkx.read_gexf(file)
        if suffix == "gexf"
        else networkx.read_graphml(file, force_multigraph=True)
    )
    assert set(graph) == {row["node"] for row in rows_of(room, "units/network_nodes")}
    assert graph.number_of_edges() == len(rows_of(room, "units/network_edges"))
    assert graph.nodes["japan"]["node_ja"] == "日本"
    assert graph.nodes["japan"]["gleditsch_ward"] == 740
    groups = {data["group"] for _, data in graph.nodes(data=True)}
    assert groups == {"Actor", "Office", "Agreement", "Initiative", "Event"}
    assert "lastmodified" not in file.read_text(encoding="utf-8")


def test_networks_stand_alone_too(room: Path, tmp_path: Path) -> None:
    assert main(["export", "--format", "gexf", "graphml", "--out", str(tmp_path)]) == 0
    for suffix in ("gexf", "graphml"):
        alone = (tmp_path / f"kizuna-0.{suffix}").read_bytes()
        assert alone == (room / "network" / f"kizuna.{suffix}").read_bytes()


# The zip


def test_same_zip_again(room: Path, packaged: Dataset, tmp_path: Path) -> None:
    line = save(exports(packaged, QUERIES)["tables.zip"], tmp_path)
    assert line == (room / "kizuna-0-tables.zip.sha256").read_text(encoding="utf-8")


def test_readme_names_every_table(room: Path, metadata: dict[str, Any]) -> None:
    text = (room / "README.md").read_text(encoding="utf-8")
    assert [url for url in metadata if f"`{url.removesuffix('.csv')}`" not in text] == []


def test_another_ontology(tmp_path: Path) -> None:
    assert main(["export", "tables", *ARGUMENTS, "--out", str(tmp_path)]) == 0
    with ZipFile(tmp_path / "kizuna-0-tables.zip") as archive:
        names = archive.namelist()
        text = archive.read("classes/book.csv").decode()
        assert polars.read_parquet(BytesIO(archive.read("classes/book.parquet"))).height > 0
    assert not [name for name in names if name.startswith(("units/", "network/"))]
    book = next(row for row in csv.DictReader(StringIO(text)) if row["id"] == "botchan")
    assert book["title_ja"] == "坊っちゃん"
    assert (book["issued"], book["issued_earliest"]) == ("1972-05", "1972-05-01")
    assert book["issued_precision"] == "month"


def test_over_http(packaged: Dataset) -> None:
    answer = TestClient(create_app(Settings(), packaged)).get("/export/kizuna-0-tables.zip")
    assert answer.headers["content-type"] == "application/zip"
    assert "units/event.dta" in ZipFile(BytesIO(answer.content)).namelist()


def test_without_the_libraries(
    packaged: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("kizuna.tables")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(EngineUnavailable, match=r"polars.*kizuna\[tables\]"):
        save(exports(packaged, QUERIES)["tables.zip"], tmp_path)
    assert list(tmp_path.iterdir()) == []


# Queries that can't be used


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELECT ?a WHERE { ?a ?b ?c }", r"\?a needs a line"),
        ("# a: colour\nSELECT ?a WHERE { ?a ?b ?c }", r"\?a needs a line"),
        ("# a: text, unknown\nSELECT ?a WHERE { ?a ?b ?c }", r"\?a needs a line"),
        ("# a: code Book\nSELECT ?a WHERE { ?a ?b ?c }", "Book is no class of concepts"),
        ("# a: code\nSELECT ?a WHERE { ?a ?b ?c }", "nothing is no class of concepts"),
        ("# a: text\nSELECT ?a WHERE {", "SPARQL"),
    ],
)
def test_query_that_can_not_be_used(text: str, said: str, library: Dataset, tmp_path: Path) -> None:
    (tmp_path / "broken.rq").write_text(text, encoding="utf-8")
    with pytest.raises(MalformedData, match=rf"^broken\.rq: .*{said}"):
        unit_tables(library, tmp_path)
