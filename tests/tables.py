"""Answers as tables, so that a GraphQL answer and a SPARQL answer can be compared.

A GraphQL answer is read as a tree whose leaves are columns, named by their response keys (aliases):
going down a list multiplies rows, as a join does; an empty list or a null leaves its columns empty.
A table is a set of rows, each a mapping from column to text.
"""

import csv
import itertools
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kizuna.dataset.store import Solutions
from kizuna.terms import Term, Triple

Row = Mapping[str, str]
Table = frozenset[tuple[tuple[str, str], ...]]


def table(rows: Iterable[Row]) -> Table:
    """The rows as a set; an empty cell counts like an absent one."""
    return frozenset(tuple(sorted((k, v) for k, v in row.items() if v)) for row in rows)


def from_csv(file: Path) -> Table:
    """The table in a CSV file with a header."""
    with file.open(encoding="utf-8", newline="") as lines:
        return table(csv.DictReader(lines))


def from_sparql(solutions: Solutions) -> Table:
    """The table that a SELECT query found: IRIs and lexical forms."""
    return table(
        {name: _text(term) for name, term in zip(solutions.columns, row, strict=True)}
        for row in solutions.rows
    )


def from_graphql(data: Mapping[str, Any]) -> Table:
    """The table that an operation's data make."""
    return table(_rows("", data))


def _rows(key: str, value: Any) -> Iterator[dict[str, str]]:
    if isinstance(value, dict):
        branches = [list(_rows(name, inner)) for name, inner in value.items()]
        for combination in itertools.product(*branches):
            yield {k: v for row in combination for k, v in row.items()}
    elif isinstance(value, list):
        yield from (row for item in value for row in _rows(key, item))
        if not value:
            yield {}
    else:
        yield {key: _shown(value)}


def _shown(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _text(term: Term | None) -> str:
    if term is None:
        return ""
    return str(term) if isinstance(term, Triple) else term.value
