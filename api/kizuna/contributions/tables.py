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
from difflib import get_close_matches
from pathlib import PurePath
from typing import Protocol

from kizuna import namespaces as ns
from kizuna.contributions.documents import Document, Limits, check_size
from kizuna.contributions.minting import Taken
from kizuna.contributions.parsing import Parsed
from kizuna.contributions.refusals import Refused, check
from kizuna.errors import LimitExceeded, MalformedData
from kizuna.model import Class, Concept, Model, Property
from kizuna.tables.cells import TIME_PARTS, snake
from kizuna.terms import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Term, local_name

MISSING = frozenset({"", ".a", ".b", ".c"})
SEPARATOR = " | "
NEAR = 0.8
ID, TYPE, IRI = "id", "type", "iri"
OTHER_SEPARATORS = re.compile(r"[;\t]")
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
UNSAFE = re.compile(r"[\x00-\x20<>\"{}|^`\\]")


class Rows(Protocol):
    """Rows as the reader of CSV gives them."""

    line_num: int

    def __next__(self) -> list[str]: ...

    def __iter__(self) -> Iterator[list[str]]: ...


def parse_table(document: Document, limits: Limits, model: Model, known: Taken) -> Parsed:
    """What the table says; things without an identifier are blank nodes.

    ``known`` tells of an IRI whether there is anything of that name.

    Raises MalformedData that names the line or column, LimitExceeded for one that is too large.
    """
    check_size(document, limits)
    try:
        rows = csv.reader(io.StringIO(document.content.decode("utf-8-sig"), newline=""))
        return Parsed(document.name, dict(_Table(document.name, limits, model, known).quads(rows)))
    except UnicodeDecodeError as error:
        raise MalformedData(f"{document.name}: not in UTF-8; save it as CSV UTF-8.") from error
    except csv.Error as error:
        raise MalformedData(f"{document.name}: {error}") from error


class _Table:
    def __init__(self, name: str, limits: Limits, model: Model, known: Taken) -> None:
        self._name = name
        self._limits = limits
        self._model = model
        self._known = known
        self._classes = {snake(c.name): c for c in model.classes.values() if not c.abstract}

    def quads(self, rows: Rows) -> Iterator[tuple[Quad, int]]:
        header = [cell.strip() for cell in next(rows, [])]
        if len(set(header)) != len(header) or not any(header):
            raise self._fault(1, "the header must name each column once.")
        if len(header) == 1 and (mark := OTHER_SEPARATORS.search(header[0])):
            raise self._fault(1, f"the columns are parted by {mark[0]!r}; save it with commas.")
        count = 0
        for row in rows:
            line = rows.line_num
            if len(row) > len(header):
                raise self._fault(line, "more cells than columns.")
            cells = {name: cell.strip() for name, cell in zip(header, row, strict=False)}
            stated = {name: cell for name, cell in cells.items() if cell not in MISSING}
            for quad in self._row(stated, line) if stated else ():
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

    def _row(self, stated: Mapping[str, str], line: int) -> Iterator[Quad]:
        cls = self._class(stated.get(TYPE), line)
        subject: NamedNode | BlankNode = BlankNode(f"row{line}")
        if ID in stated:
            subject = self._iri(stated[ID], line, (cls.iri,))
        yield _quad(subject, ns.RDF_TYPE, NamedNode(cls.iri))
        for name, cell in stated.items():
            prop, language = self._column(cls, name, line)
            if prop is not None:
                for value in cell.split(SEPARATOR):
                    term = self._value(cls, prop, language, value.strip(), line)
                    yield _quad(subject, prop.predicate or "", term)

    def _class(self, named: str | None, line: int) -> Class:
        name = named or PurePath(self._name).stem
        found = self._classes.get(snake(name))
        if found is None:
            known = ", ".join(sorted(self._classes))
            reason = f"no class {name!r}; give a column type, or the file the name of one: {known}."
            raise self._fault(line, reason)
        return found

    def _column(self, cls: Class, name: str, line: int) -> tuple[Property | None, str]:
        """What a column states, and the language of a text; None where it states nothing."""
        fields = {snake(p.name): p for p in cls.properties}
        prop, language = fields.get(name), ""
        if prop is None:
            stem, _, language = name.rpartition("_")
            prop = fields.get(stem)
            if name in (ID, TYPE, IRI) or (prop and language in TIME_PARTS):
                return None, ""
        if prop is None:
            known = sorted(field for field, p in fields.items() if _stated(p))
            near = [n for one in (name, stem) for n in get_close_matches(one, known, 1, NEAR)]
            meant = f" Did you mean {near[0]}?" if near else ""
            reason = f"{cls.name} has no column {name!r}; it has {', '.join(known)}.{meant}"
            raise self._fault(line, reason)
        if not _stated(prop):
            return None, ""
        text = prop.datatype == ns.RDF_LANG_STRING
        if text and not language:
            raise self._fault(line, f"{name!r} is a text; add its language, such as {name}_en.")
        if language and not text:
            raise self._fault(line, f"{name!r} has no language; leave it out.")
        return prop, language

    def _fault(self, line: int, reason: str) -> MalformedData:
        return MalformedData(f"{self._name}:{line}: {reason}")

    def _value(self, cls: Class, prop: Property, language: str, cell: str, line: int) -> Term:
        if prop.targets:
            own = [cls.iri] if any(self._model.is_a(cls.iri, t) for t in prop.targets) else []
            return self._iri(cell, line, (*own, *prop.targets))
        if language:
            return Literal(cell, language=language)
        if prop.datatype == ns.XSD + "boolean":
            cell = cell.lower()
        return Literal(cell, datatype=NamedNode(prop.datatype or ns.XSD + "string"))

    def _iri(self, cell: str, line: int, targets: tuple[str, ...]) -> NamedNode:
        """The IRI of an identifier or, where the targets are concepts, of a code.

        Where a link leads to concepts and other things alike, what is there already goes first;
        of concepts with one code, that of the first target.
        """
        leaves = self._model.leaves(targets)
        schemes = [s for leaf in leaves if (s := self._model.schemes.get(leaf))]
        named = self._named(cell, line, "" if len(leaves) > len(schemes) else schemes[0].iri + "/")
        if len(leaves) > len(schemes) and self._known(named.value):
            return named
        coded = (c for scheme in schemes for c in scheme.concepts if _is_code(cell, c))
        return next((NamedNode(concept.iri) for concept in coded), named)

    def _named(self, cell: str, line: int, base: str) -> NamedNode:
        base = base or next(iter(self._model.id_bases), "")
        iri = cell if SCHEME.match(cell) else base + cell
        try:
            if not UNSAFE.search(iri) and SCHEME.match(iri):
                return NamedNode(iri)
        except ValueError:  # not an IRI after all
            pass
        raise self._fault(line, f"{cell!r} is no identifier.")


def _is_code(cell: str, concept: Concept) -> bool:
    return cell.lower() in (concept.code.lower(), local_name(concept.iri))


def _quad(subject: NamedNode | BlankNode, predicate: str, value: Term) -> Quad:
    return Quad(subject, NamedNode(predicate), value, DefaultGraph())


def _stated(prop: Property) -> bool:
    return prop.predicate is not None and not prop.read_only
