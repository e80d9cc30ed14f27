"""The units that a study works with, each told by a query in a file of its own.

A file is a SPARQL SELECT (https://www.w3.org/TR/sparql11-query/) with notes in its comments:

    # title@en: Agreements                        what the table is called, in each language
    # text@en: One row for each agreement.        what a row is
    # key: agreement                              the columns that tell rows apart
    # status: code Status, not stated             a column: its kind, and why it may be empty
    # status@en: status | The latest established. what the column is called, and what it means

Kinds are ``text``, ``integer``, ``number``, ``boolean``, ``date``, ``thing`` (an entity, fact or
claim; gives its label in each language too), ``time`` (gives its EDTF, bounds and precision too)
and ``code`` with the class of the concepts. A variable ``?status_missing`` may give a row another
reason for being empty: "not stated", "not applicable" or "not coded".
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kizuna import namespaces as ns
from kizuna.dataset.releases import Dataset
from kizuna.dataset.store import Solutions
from kizuna.errors import MalformedData
from kizuna.model import Step, Texts
from kizuna.tables.cells import Cells, snake
from kizuna.tables.table import UNITS, Cell, Column, Kind, Missing, Table
from kizuna.terms import Literal, Term

TEXT = re.compile(r"#\s*(?P<name>\w+)@(?P<language>[\w-]+):\s*(?P<text>.+)")
SPECIFICATION = re.compile(r"#\s*(?P<name>\w+):\s*(?P<text>.+)")
REASONS = {reason.words: reason for reason in Missing}
KINDS = {kind.name.lower(): kind for kind in Kind} | {"thing": Kind.TEXT, "time": Kind.TEXT}
LABEL = (Step(ns.SKOS_PREF_LABEL),)
PLACE = "_missing"


@dataclass(frozen=True)
class _Notes:
    """A file's notes: texts by name and language, specifications by name."""

    texts: Mapping[str, Texts]
    specifications: Mapping[str, str]

    def texts_of(self, name: str, part: int) -> Texts:
        """The labels (0) or the descriptions (1) of a column."""
        parts = {k: v.split(" | ", 1) for k, v in self.texts.get(name, {}).items()}
        return {language: p[part].strip() for language, p in parts.items() if len(p) > part}


@dataclass(frozen=True)
class _Specified:
    """A column as its file specifies it."""

    column: Column
    form: str
    reason: Missing


def unit_tables(dataset: Dataset, folder: Path) -> list[Table]:
    """The tables that the queries of a folder tell, by the files' names.

    Raises MalformedData, which begins with the file's name, for a file that can't be used.
    """
    cells = Cells(dataset)
    return [_table(dataset, cells, file) for file in sorted(folder.glob("*.rq"))]


def _table(dataset: Dataset, cells: Cells, file: Path) -> Table:
    text = file.read_text(encoding="utf-8")
    try:
        notes = _notes(text)
        found = dataset.store.reader().select(text)
        made = [
            each
            for name in found.columns
            if not name.endswith(PLACE)
            for each in _columns(cells, _specified(cells, notes, name), found)
        ]
    except MalformedData as error:
        raise MalformedData(f"{file.name}: {error}") from error
    columns = tuple(column for column, _ in made)
    rows = sorted(set(zip(*(values for _, values in made), strict=True)), key=_order)
    key = tuple(notes.specifications.get("key", "").split())
    titles, about = notes.texts.get("title", {}), notes.texts.get("text", {})
    return Table(UNITS, snake(file.stem), titles, about, columns, rows, key)


def _notes(text: str) -> _Notes:
    texts: dict[str, dict[str, str]] = {}
    specifications: dict[str, str] = {}
    for line in text.splitlines():
        if found := TEXT.fullmatch(line):
            texts.setdefault(found["name"], {})[found["language"]] = found["text"].strip()
        elif found := SPECIFICATION.fullmatch(line):
            specifications[found["name"]] = found["text"].strip()
    return _Notes(texts, specifications)


def _specified(cells: Cells, notes: _Notes, name: str) -> _Specified:
    form, _, reason = (part.strip() for part in notes.specifications.get(name, "").partition(","))
    word, _, class_name = form.partition(" ")
    if word not in KINDS or (reason and reason not in REASONS):
        raise MalformedData(
            f"?{name} needs a line such as '# {name}: integer, not stated'; kinds are "
            f"{', '.join(KINDS)}, reasons {', '.join(REASONS)}"
        )
    targets = [c.iri for c in cells.model.classes.values() if class_name and c.name == class_name]
    if word == "code" and not cells.is_concept(targets):
        raise MalformedData(f"?{name}: {class_name or 'nothing'} is no class of concepts")
    column = Column(
        name,
        KINDS[word],
        notes.texts_of(name, 0),
        notes.texts_of(name, 1),
        cells.codes(targets) if targets else {},
        cells.reference(targets) if targets else None,
    )
    return _Specified(column, word, REASONS.get(reason, Missing.NOT_STATED))


def _columns(
    cells: Cells, specified: _Specified, found: Solutions
) -> list[tuple[Column, list[Cell]]]:
    """The column of a variable, with those that come with its kind."""
    place = found.columns.index(specified.column.name)
    terms = [[row[place]] if row[place] is not None else [] for row in found.rows]
    values = [[term for term in each if term is not None] for each in terms]
    absent = _reasons(specified, found)
    if specified.form == "time":
        return cells.times(specified.column, values, absent)
    column = (
        specified.column,
        [cells.cell(v[0]) if v else reason for v, reason in zip(values, absent, strict=True)],
    )
    if specified.form != "thing":
        return [column]
    labels = cells.values(LABEL, [term for each in values for term in each])
    named = [labels.get(each[0], []) if each else [] for each in values]
    return [column, *cells.texts(specified.column, named, absent)]


def _reasons(specified: _Specified, found: Solutions) -> list[Missing]:
    name = specified.column.name + PLACE
    if name not in found.columns:
        return [specified.reason] * len(found.rows)
    place = found.columns.index(name)
    return [_reason(row[place], specified.reason) for row in found.rows]


def _reason(term: Term | None, otherwise: Missing) -> Missing:
    return REASONS.get(term.value, otherwise) if isinstance(term, Literal) else otherwise


def _order(row: Sequence[Cell]) -> tuple[tuple[str, str], ...]:
    return tuple((type(cell).__name__, str(cell)) for cell in row)
