"""Parquet and Stata files of a table.

In Parquet (https://parquet.apache.org/docs/file-format/) an empty cell is null, and a column that
has any is followed by ``<name>_missing`` with the reason in words; the CSVW description of the
table stands in the file's metadata under ``csvw``. In Stata (format 118, for Stata 14 and later)
the reasons are the extended missing values ``.a``, ``.b`` and ``.c``, of text the same as text;
codes are numbers with value labels, truth values 0 and 1.
"""

import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import polars
import pyreadstat

from kizuna.tables.delimited import described
from kizuna.tables.table import Cell, Column, Kind, Missing, Table, in_english

Value: TypeAlias = str | int | float | bool | date | None
StataValue: TypeAlias = str | int | float

PARQUET_TYPES: Mapping[Kind, Any] = {
    Kind.TEXT: polars.String,
    Kind.INTEGER: polars.Int64,
    Kind.NUMBER: polars.Float64,
    Kind.BOOLEAN: polars.Boolean,
    Kind.DATE: polars.Date,
    Kind.CODE: polars.String,
}
STATA_VERSION = 14
STATA_EPOCH = date(1960, 1, 1)
STATA_LABEL = 80
STATA_NAME = 29  # 32 are allowed, but value labels are named by variable and number
STATA_LARGEST = 2_147_483_620
STATA_TAGS = {reason: reason.value.removeprefix(".") for reason in Missing}
STATA_TIMESTAMP = re.compile(rb"(<timestamp>\x11)[^<]{17}")
NO_TIME = rb"\g<1>01 Jan 1980 00:00"


def write_parquet(table: Table, file: Path) -> None:
    """Writes the table as Parquet."""
    series = []
    for column in table.columns:
        cells = table.column(column.name)
        series.append(_typed(column, cells))
        if any(isinstance(cell, Missing) for cell in cells):
            reasons = [cell.words if isinstance(cell, Missing) else None for cell in cells]
            series.append(polars.Series(f"{column.name}_missing", reasons, polars.String))
    metadata = {"csvw": json.dumps(described(table), ensure_ascii=False)}
    polars.DataFrame(series).write_parquet(file, metadata=metadata)


def write_stata(table: Table, file: Path) -> None:
    """Writes the table as a Stata file that bears no time, so that it is always the same."""
    columns = dict(zip(stata_names(table), table.columns, strict=True))
    cells = {name: table.column(column.name) for name, column in columns.items()}
    tags = {name: _tags(cells[name]) for name, c in columns.items() if c.kind is not Kind.TEXT}
    labels = {name: _value_labels(columns[name], tags[name]) for name in tags}
    pyreadstat.write_dta(
        polars.DataFrame([_stata_series(name, c, cells[name]) for name, c in columns.items()]),
        str(file),
        file_label=_label(in_english(table.titles)),
        column_labels=[_label(in_english(c.titles) or c.name) for c in table.columns],
        version=STATA_VERSION,
        variable_value_labels={name: found for name, found in labels.items() if found},
        missing_user_values={name: list(found) for name, found in tags.items() if found},
        variable_format={name: "%td" for name, c in columns.items() if c.kind is Kind.DATE},
    )
    file.write_bytes(STATA_TIMESTAMP.sub(NO_TIME, file.read_bytes(), count=1))


def stata_names(table: Table) -> list[str]:
    """The columns' names in Stata: short enough, and no two the same."""
    names: list[str] = []
    for column in table.columns:
        name, number = column.name[:STATA_NAME], 2
        while name in names:
            name = f"{column.name[: STATA_NAME - len(str(number)) - 1]}_{number}"
            number += 1
        names.append(name)
    return names


def _typed(column: Column, cells: list[Cell]) -> polars.Series:
    values = [_value(cell) for cell in cells]
    return polars.Series(column.name, values, PARQUET_TYPES[column.kind])


def _value(cell: Cell) -> Value:
    if isinstance(cell, Missing):
        return None
    return float(cell) if isinstance(cell, Decimal) else cell


def _stata_series(name: str, column: Column, cells: list[Cell]) -> polars.Series:
    if column.kind is Kind.TEXT:
        texts = [cell.value if isinstance(cell, Missing) else str(cell) for cell in cells]
        return polars.Series(name, texts, polars.String)
    numbers = {code: number for number, code in enumerate(column.codes, start=1)}
    values = [_stata_value(cell, numbers) for cell in cells]
    if any(isinstance(value, int) and abs(value) > STATA_LARGEST for value in values):
        values = [float(value) if isinstance(value, int) else value for value in values]
    if any(isinstance(value, str) for value in values):
        return polars.Series(name, values, polars.Object)
    return polars.Series(name, values, polars.Float64 if _has_fraction(values) else polars.Int32)


def _has_fraction(values: list[StataValue]) -> bool:
    return any(isinstance(value, float) for value in values)


def _stata_value(cell: Cell, numbers: Mapping[str, int]) -> StataValue:
    if isinstance(cell, Missing):
        return STATA_TAGS[cell]
    if isinstance(cell, date):
        return (cell - STATA_EPOCH).days
    if isinstance(cell, Decimal):
        return float(cell)
    return numbers[cell] if isinstance(cell, str) else int(cell)


def _tags(cells: list[Cell]) -> dict[str, str]:
    """The extended missing values that occur, each with its reason."""
    found = set(cells) & set(Missing)
    return {tag: reason.words for reason, tag in STATA_TAGS.items() if reason in found}


def _value_labels(column: Column, tags: Mapping[str, str]) -> dict[Any, str]:
    labels: dict[Any, str] = dict(tags)
    if column.kind is Kind.BOOLEAN:
        labels |= {0: "no", 1: "yes"}
    for number, (code, texts) in enumerate(column.codes.items(), start=1):
        labels[number] = in_english(texts) or code
    return labels


def _label(text: str) -> str:
    """The text, cut where it is longer than the library's limit, which counts bytes."""
    encoded = text.encode()
    if len(encoded) <= STATA_LABEL:
        return text
    return encoded[: STATA_LABEL - len("…".encode())].decode(errors="ignore") + "…"
