"""A table read into quads: a row a thing, a column a field, by the names of the Model.

The text is CSV (https://www.rfc-editor.org/rfc/rfc4180) with a header, as in the tables that are
exported. Columns:

- ``type``: the class, such as ``person``; where all rows are of one class the file may bear its
  name instead, ``person.csv``;
- ``id``: the identifier, short or whole; without one, an IRI is minted;
- a field: ``gleditsch_ward``; of a text with its language, ``label_ja``. A link takes an identifier
  or the code of a concept. Several values are parted by `` | ``;
- what is derived or computed, such as ``iri``, ``parties`` or ``issued_earliest``, is passed over.

An empty cell, and one that tells why a value lacks (``.a``, ``.b``, ``.c``), states nothing.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Protocol

from kizuna import namespaces as ns
from kizuna.contributions.documents import Document, Limits, check_size
from kizuna.contributions.parsing import Parsed
from kizuna.contributions.refusals import Refused, check
from kizuna.errors import LimitExceeded, MalformedData
from kizuna.model import Class, Model, Property
from kizuna.tables.cells import TIME_PARTS, snake
from kizuna.terms import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Term, local_name

MISSING = frozenset({"", ".a", ".b", ".c"})
SEPARATOR = " | "
ID, TYPE, IRI = "id", "type", "iri"
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
UNSAFE = re.compile(r"[\x00-\x20<>\"{}|^`\\]")


class Rows(Protocol):
    """Rows as the reader of CSV gives them."""

    line_num: int

    def __next__(self) -> list[str]: ...

    def __iter__(self) -> Iterator[list[str]]: ...


def parse_table(document: Document, limits: Limits, model: Model) -> Parsed:
    """What the table says; things without an identifier are blank nodes.

    Raises MalformedData that names the line or column, LimitExceeded for one that is too large.
    """
    check_size(document, limits)
    try:
        rows = csv.reader(io.StringIO(document.content.decode("utf-8-sig"), newline=""))
        return Parsed(document.name, dict(_Table(document.name, limits, model).quads(rows)))
    except UnicodeDecodeError as error:
        raise MalformedData(f"{document.name}: not in UTF-8; save it as CSV UTF-8.") from error
    except csv.Error as error:
        raise MalformedData(f"{document.name}: {error}") from error


class _Table:
    def __init__(self, name: str, limits: Limits, model: Model) -> None:
        self._name = name
        self._limits = limits
        self._model = model
        self._classes = {snake(c.name): c for c in model.classes.values() if not c.abstract}

    def quads(self, rows: Rows) -> Iterator[tuple[Quad, int]]:
        header = [cell.strip() for cell in next(rows, [])]
        if len(set(header)) != len(header) or not any(header):
            raise MalformedData(f"{self._name}:1: the header must name each column once.")
        count = 0
        for row in rows:
            line = rows.line_num
            if len(row) > len(header):
                raise MalformedData(f"{self._name}:{line}: more cells than columns.")
            cells = {name: cell.strip() for name, cell in zip(header, row, strict=False)}
            stated = {name: cell for name, cell in cells.items() if cell not in MISSING}
            for quad in self._row(stated, header, line) if stated else ():
                count += 1
                self._check(count, quad, line)
                yield quad, line

    def _check(self, count: int, quad: Quad, line: int) -> None:
        try:
            check(quad, self._limits.literal)
            if count > self._limits.triples:
                reason = f"more than {self._limits.triples:,} triples; submit fewer."
                raise Refused(reason, over=True)
        except Refused as error:
            message = f"{self._name}:{line}: {error}"
            raise (LimitExceeded if error.over else MalformedData)(message) from error

    def _row(self, stated: Mapping[str, str], header: list[str], line: int) -> Iterator[Quad]:
        cls = self._class(stated.get(TYPE), line)
        columns = self._columns(cls, header)
        subject: NamedNode | BlankNode = BlankNode(f"row{line}")
        if ID in stated:
            subject = self._iri(stated[ID], line, ())
        yield _quad(subject, ns.RDF_TYPE, NamedNode(cls.iri))
        for name, cell in stated.items():
            if name in columns:
                prop, language = columns[name]
                for value in cell.split(SEPARATOR):
                    term = self._value(prop, language, value.strip(), line)
                    yield _quad(subject, prop.predicate or "", term)

    def _class(self, named: str | None, line: int) -> Class:
        name = named or PurePath(self._name).stem
        found = self._classes.get(snake(name))
        if found is None:
            raise MalformedData(
                f"{self._name}:{line}: no class {name!r}; give a column type, or the file the name "
                f"of one: {', '.join(sorted(self._classes))}."
            )
        return found

    def _columns(self, cls: Class, header: list[str]) -> dict[str, tuple[Property, str]]:
        """The columns that state something of the class, with the language of a text."""
        fields = {snake(p.name): p for p in cls.properties}
        found: dict[str, tuple[Property, str]] = {}
        for name in header:
            prop, language = fields.get(name), ""
            stem, _, tag = name.rpartition("_")
            if prop is None and stem in fields and tag not in TIME_PARTS:
                prop, language = fields[stem], tag
            if prop is None and not self._passed_over(name, stem, tag, fields):
                known = ", ".join(sorted(n for n, p in fields.items() if _stated(p)))
                raise MalformedData(
                    f"{self._name}:1: {cls.name} has no column {name!r}; it has {known}."
                )
            if prop is not None and _stated(prop):
                found[name] = (self._with_language(prop, language, name), language)
        return found

    def _passed_over(self, name: str, stem: str, tag: str, fields: Mapping[str, Property]) -> bool:
        """Whether a column states nothing, or something of another class of the table."""
        if name in ("", ID, TYPE, IRI) or (tag in TIME_PARTS and stem in fields):
            return True
        others = {snake(p.name) for c in self._model.classes.values() for p in c.properties}
        return name in others or stem in others

    def _with_language(self, prop: Property, language: str, name: str) -> Property:
        text = prop.datatype == ns.RDF_LANG_STRING
        if text and not language:
            raise MalformedData(
                f"{self._name}:1: {name!r} is a text; add its language, such as {name}_en."
            )
        if language and not text:
            raise MalformedData(f"{self._name}:1: {name!r} has no language; leave it out.")
        return prop

    def _value(self, prop: Property, language: str, cell: str, line: int) -> Term:
        if prop.targets:
            return self._iri(cell, line, prop.targets)
        if language:
            return Literal(cell, language=language)
        if prop.datatype == ns.XSD + "boolean":
            cell = cell.lower()
        return Literal(cell, datatype=NamedNode(prop.datatype or ns.XSD + "string"))

    def _iri(self, cell: str, line: int, targets: tuple[str, ...]) -> NamedNode:
        """The IRI of an identifier or, where the targets are concepts, of a code."""
        for leaf in self._model.leaves(targets):
            scheme = self._model.schemes.get(leaf)
            for concept in scheme.concepts if scheme else ():
                if cell.lower() in (concept.code.lower(), local_name(concept.iri)):
                    return NamedNode(concept.iri)
        base = self._model.id_bases[0] if self._model.id_bases else ""
        iri = cell if SCHEME.match(cell) else base + cell
        if UNSAFE.search(iri) or not SCHEME.match(iri):
            raise MalformedData(f"{self._name}:{line}: {cell!r} is no identifier.")
        try:
            return NamedNode(iri)
        except ValueError as error:
            raise MalformedData(f"{self._name}:{line}: {cell!r} is no identifier.") from error


def _quad(subject: NamedNode | BlankNode, predicate: str, value: Term) -> Quad:
    return Quad(subject, NamedNode(predicate), value, DefaultGraph())


def _stated(prop: Property) -> bool:
    return prop.predicate is not None and not prop.read_only
