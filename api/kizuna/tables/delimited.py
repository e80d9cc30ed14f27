"""CSV, with its metadata for the web: https://www.w3.org/TR/tabular-metadata/.

An empty cell is written as its reason: ``.a`` not stated, ``.b`` not applicable, ``.c`` not coded.
"""

import csv
import json
from collections.abc import Container, Iterable, Mapping, Sequence
from io import StringIO
from typing import TypeAlias

from kizuna.model import Texts
from kizuna.tables.table import CLASSES, Cell, Column, Kind, Missing, Table

Json: TypeAlias = object

NULLS = [reason.value for reason in Missing]


def csv_text(table: Table) -> str:
    """The table as RFC 4180 has it, with a header."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(column.name for column in table.columns)
    writer.writerows(map(written, row) for row in table.rows)
    return out.getvalue()


def written(cell: Cell) -> str:
    """A cell as CSV has it."""
    if isinstance(cell, Missing):
        return cell.value
    return str(cell).lower() if isinstance(cell, bool) else str(cell)


def metadata_text(tables: Iterable[Table], about: Mapping[str, Json]) -> str:
    """The metadata of a group of tables."""
    tables = list(tables)
    there = {table.name for table in tables if table.folder == CLASSES}
    group = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        **about,
        "dialect": {"lineTerminators": "\r\n"},
        "tables": [described(table, there) for table in tables],
    }
    return json.dumps(group, ensure_ascii=False, indent=1) + "\n"


def described(table: Table, there: Container[str | None] = ()) -> Mapping[str, Json]:
    """What there is to know of a table; ``there`` are the classes' tables that it may refer to."""
    schema: dict[str, Json] = {"columns": [_column(column) for column in table.columns]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    references = [_reference(c) for c in table.columns if c.reference in there]
    if references:
        schema["foreignKeys"] = references
    return {
        "url": f"{table.folder}/{table.name}.csv",
        "dc:title": _texts(table.titles),
        "dc:description": _texts(table.descriptions),
        "tableSchema": schema,
    }


def _column(column: Column) -> Mapping[str, Json]:
    found: dict[str, Json] = {
        "name": column.name,
        "titles": {"und": column.name, **column.titles},
        "datatype": _datatype(column),
        "null": NULLS,
    }
    if column.descriptions:
        found["dc:description"] = _texts(column.descriptions)
    return found


def _datatype(column: Column) -> Json:
    if column.kind is not Kind.CODE:
        return column.kind.value
    return {"base": "string", "format": "|".join(column.codes)} if column.codes else "string"


def _reference(column: Column) -> Mapping[str, Json]:
    return {
        "columnReference": column.name,
        "reference": {"resource": f"{CLASSES}/{column.reference}.csv", "columnReference": "id"},
    }


def _texts(texts: Texts) -> Sequence[Mapping[str, str]]:
    return [{"@value": text, "@language": tag or "und"} for tag, text in texts.items()]
