"""Terms as cells: identifiers, codes, values, texts by language, and times with their bounds."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from kizuna import namespaces as ns
from kizuna.dataset.releases import Dataset
from kizuna.dataset.times import bounds, precision
from kizuna.model import Model, Path, Step, Texts
from kizuna.tables.table import Cell, Column, Kind, Missing
from kizuna.terms import Literal, NamedNode, Term, local_name, python_value

KINDS = {
    ns.XSD + "integer": Kind.INTEGER,
    ns.XSD + "decimal": Kind.NUMBER,
    ns.XSD + "boolean": Kind.BOOLEAN,
    ns.XSD + "date": Kind.DATE,
}
EDTF: Path = (Step(ns.TIME_EDTF),)
TIME_PARTS = {
    "edtf": Kind.TEXT,
    "earliest": Kind.DATE,
    "latest": Kind.DATE,
    "precision": Kind.TEXT,
}
PART_TITLES: Mapping[str, Texts] = {
    "edtf": {"en": "as EDTF", "it": "in EDTF", "ja": "EDTF表記"},
    "earliest": {"en": "first day possible", "it": "primo giorno possibile", "ja": "最も早い日"},
    "latest": {"en": "last day possible", "it": "ultimo giorno possibile", "ja": "最も遅い日"},
    "precision": {"en": "precision", "it": "precisione", "ja": "精度"},
}


def snake(name: str) -> str:
    """``gleditschWard`` as ``gleditsch_ward``, ``agreement-party`` as ``agreement_party``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).replace("-", "_").lower()


class Cells:
    """Makes cells of the terms of a dataset."""

    def __init__(self, dataset: Dataset) -> None:
        self.model: Model = dataset.model
        self._reader = dataset.store.reader()
        schemes = dataset.model.schemes.values()
        self._concepts = {c.iri for scheme in schemes for c in scheme.concepts}
        labels = [c.labels for c in self.model.classes.values()]
        self.languages = tuple(sorted({tag for texts in labels for tag in texts if tag})) or ("en",)

    def values(self, path: Path, subjects: Iterable[Term]) -> Mapping[Term, list[Term]]:
        """The values of each subject that has any along the path."""
        return self._reader.values({path: list(subjects)})[path]

    def identifier(self, term: Term) -> str:
        """The short form of an IRI: without the base of entities; of a concept its last part."""
        iri = term.value if isinstance(term, NamedNode) else str(term)
        for base in self.model.id_bases:
            if iri.startswith(base):
                return iri.removeprefix(base)
        return local_name(iri) if iri in self._concepts else iri

    def cell(self, term: Term) -> Cell:
        """The value of a term: a literal's by its datatype, an IRI in its short form."""
        if not isinstance(term, Literal):
            return self.identifier(term)
        value = python_value(term)
        if isinstance(value, float):
            return Decimal(repr(value))
        if term.datatype.value == ns.XSD + "date" and isinstance(value, str):
            return date.fromisoformat(value[:10])
        return value

    def kind(self, datatype: str | None) -> Kind:
        """The kind of a literal's column."""
        return KINDS.get(datatype or "", Kind.TEXT)

    def codes(self, targets: Sequence[str]) -> dict[str, Texts]:
        """The codes of the concepts that a link may lead to, with their labels, in order."""
        leaves = self.model.leaves(targets)
        concepts = [concept for leaf in leaves for concept in self.model.schemes[leaf].concepts]
        return {local_name(c.iri): c.labels for c in sorted(concepts, key=lambda c: c.iri)}

    def is_concept(self, targets: Sequence[str]) -> bool:
        """Whether all targets are classes of concepts."""
        leaves = self.model.leaves(targets)
        return bool(leaves) and all(leaf in self.model.schemes for leaf in leaves)

    def is_time(self, targets: Sequence[str]) -> bool:
        """Whether all targets are classes of times."""
        leaves = self.model.leaves(targets)
        return bool(leaves) and all(self._has_edtf(leaf) for leaf in leaves)

    def _has_edtf(self, leaf: str) -> bool:
        return any(p.predicate == ns.TIME_EDTF for p in self.model.classes[leaf].properties)

    def reference(self, targets: Sequence[str]) -> str | None:
        """The table of the one class that a link may lead to, None where there are several."""
        leaves = self.model.leaves(targets)
        return snake(self.model.classes[leaves[0]].name) if len(leaves) == 1 else None

    def texts(
        self, column: Column, found: Sequence[Sequence[Term]], absent: Sequence[Missing]
    ) -> list[tuple[Column, list[Cell]]]:
        """A column for each language; a text lacking in one language alone is not coded there."""
        literals = [[t for t in terms if isinstance(t, Literal)] for terms in found]
        tags = {t.language or "" for terms in literals for t in terms} - {""}
        made = []
        for tag in dict.fromkeys((*self.languages, *sorted(tags))):
            cells: list[Cell] = []
            for terms, reason in zip(literals, absent, strict=True):
                text = next((t.value for t in terms if t.language == tag), None)
                cells.append(text if text is not None else Missing.NOT_CODED if terms else reason)
            titles = {language: f"{title} ({tag})" for language, title in column.titles.items()}
            name = f"{column.name}_{snake(tag)}"
            made.append((Column(name, Kind.TEXT, titles, column.descriptions), cells))
        return made

    def times(
        self, column: Column, found: Sequence[Sequence[Term]], absent: Sequence[Missing]
    ) -> list[tuple[Column, list[Cell]]]:
        """For a link to a time: its identifier, its EDTF, its first and last day, its precision."""
        spans = self.values(EDTF, [term for terms in found for term in terms[:1]])
        columns = (column, *(_part(column, part, kind) for part, kind in TIME_PARTS.items()))
        rows: list[tuple[Cell, ...]] = []
        for terms, reason in zip(found, absent, strict=True):
            edtf = spans.get(terms[0]) if terms else None
            if edtf and isinstance(edtf[0], Literal):
                rows.append((self.identifier(terms[0]), *time_cells(edtf[0].value)))
            else:
                rows.append((reason,) * len(columns))
        return [(each, [row[place] for row in rows]) for place, each in enumerate(columns)]


def time_cells(edtf: str) -> tuple[Cell, Cell, Cell, Cell]:
    """The EDTF, the first and the last day, and the precision of a time.

    A bound that an open end leaves out is not applicable, one that is unknown is not stated.
    """
    ends = bounds(edtf)
    first = ends.earliest or _no_bound(ends.open_start)
    last = ends.latest or _no_bound(ends.open_end)
    return edtf, first, last, precision(edtf)


def stated_times(
    column: Column, edtf: Sequence[Cell], bounded: bool
) -> list[tuple[Column, list[Cell]]]:
    """What follows from a column of EDTF: first day and last day, unless not asked, precision."""
    parts = list(TIME_PARTS.items())[1:] if bounded else [("precision", Kind.TEXT)]
    rows = [time_cells(c) if isinstance(c, str) else (c,) * len(TIME_PARTS) for c in edtf]
    return [
        (_part(column, part, kind), [row[number - len(parts)] for row in rows])
        for number, (part, kind) in enumerate(parts)
    ]


def _no_bound(is_open: bool) -> Missing:
    return Missing.NOT_APPLICABLE if is_open else Missing.NOT_STATED


def _part(column: Column, part: str, kind: Kind) -> Column:
    titles = {
        language: f"{title}: {PART_TITLES[part].get(language, part)}"
        for language, title in column.titles.items()
    }
    return Column(f"{column.name}_{part}", kind, titles, column.descriptions)
