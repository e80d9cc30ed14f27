"""A table for each class of the Model, and one for each of its fields that may have many values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kizuna import namespaces as ns
from kizuna.dataset.releases import Dataset
from kizuna.model import Class, Property
from kizuna.tables.cells import Cells, snake, stated_times
from kizuna.tables.table import CLASSES, LINKS, Cell, Column, Kind, Missing, Table
from kizuna.terms import Literal, NamedNode, Term

ID = Column(
    "id",
    Kind.TEXT,
    {"en": "identifier", "it": "identificatore", "ja": "識別子"},
    {
        "en": "What other tables call it by.",
        "it": "Come lo chiamano le altre tabelle.",
        "ja": "他の表からの参照に用いる。",
    },
)
IRI = Column(
    "iri",
    Kind.TEXT,
    {"en": "IRI", "it": "IRI", "ja": "IRI"},
    {
        "en": "Its identifier on the web.",
        "it": "Il suo identificatore sul web.",
        "ja": "ウェブ上の識別子。",
    },
)
VALUE = {"en": "value", "it": "valore", "ja": "値"}
LANGUAGE = Column(
    "language", Kind.TEXT, {"en": "language of the text", "it": "lingua del testo", "ja": "言語"}
)
LINK_TITLES = {"en": "{} – {}: each value", "it": "{} – {}: ogni valore", "ja": "{}・{} 値ごと"}

# Why a stated value lacks: nobody looked it up, or a concept has none; else no source says.
REASONS = {
    ns.GRAPH_REFERENCE: Missing.NOT_CODED,
    ns.GRAPH_VOCABULARIES: Missing.NOT_APPLICABLE,
    ns.GRAPH_ONTOLOGY: Missing.NOT_APPLICABLE,
}


@dataclass(frozen=True)
class _Members:
    """The members of a class in order, each with the graph that states what it is."""

    of: Class
    terms: tuple[NamedNode, ...]
    graphs: tuple[str, ...]

    def absent(self, prop: Property) -> list[Missing]:
        """Why a member has no value in a field."""
        if prop.read_only:
            return [Missing.NOT_STATED] * len(self.terms)
        return [REASONS.get(graph, Missing.NOT_STATED) for graph in self.graphs]


def class_tables(dataset: Dataset) -> list[Table]:
    """The tables of the concrete classes, then those of links, each by name."""
    cells = Cells(dataset)
    leaves = [c for c in dataset.model.classes.values() if not c.abstract]
    members = [_members(dataset, leaf) for leaf in sorted(leaves, key=lambda c: c.name)]
    tables = [_class_table(cells, each) for each in members]
    return tables + sorted(_link_tables(cells, members), key=lambda table: table.name)


def _members(dataset: Dataset, leaf: Class) -> _Members:
    query = f"SELECT ?member ?graph {{ GRAPH ?graph {{ ?member a {NamedNode(leaf.iri)} }} }}"
    rows = sorted(
        (member.value, graph.value)
        for member, graph in dataset.store.reader().select(query).rows
        if isinstance(member, NamedNode) and isinstance(graph, NamedNode)
    )
    terms = tuple(NamedNode(iri) for iri, _ in rows)
    return _Members(leaf, terms, tuple(graph for _, graph in rows))


def _class_table(cells: Cells, members: _Members) -> Table:
    of = members.of
    made: list[tuple[Column, list[Cell]]] = [
        (ID, [cells.identifier(term) for term in members.terms]),
        (IRI, [term.value for term in members.terms]),
    ]
    for prop in of.properties:
        if prop.single:
            made += _field(cells, members, prop)
    columns = tuple(column for column, _ in made)
    rows = list(zip(*(values for _, values in made), strict=True))
    return Table(CLASSES, snake(of.name), of.labels, of.descriptions, columns, rows, ("id",))


def _field(cells: Cells, members: _Members, prop: Property) -> list[tuple[Column, list[Cell]]]:
    """The columns of a field that has at most one value."""
    values = cells.values(prop.path, members.terms)
    found = [values.get(term, []) for term in members.terms]
    absent, column = members.absent(prop), column_of(cells, snake(prop.name), prop)
    if prop.datatype == ns.RDF_LANG_STRING:
        return cells.texts(column, found, absent)
    if prop.targets and cells.is_time(prop.targets):
        return cells.times(column, found, absent)
    made: list[Cell] = [
        cells.cell(terms[0]) if terms else reason
        for terms, reason in zip(found, absent, strict=True)
    ]
    if prop.datatype != ns.EDTF:
        return [(column, made)]
    return [(column, made), *stated_times(column, made, bounded=prop.predicate != ns.TIME_EDTF)]


def column_of(cells: Cells, name: str, prop: Property) -> Column:
    """The column for a field's values."""
    if prop.targets and cells.is_concept(prop.targets):
        kind, codes = Kind.CODE, cells.codes(prop.targets)
    else:
        kind, codes = cells.kind(prop.datatype), {}
    reference = cells.reference(prop.targets) if prop.targets else None
    return Column(name, kind, prop.labels, prop.descriptions, codes, reference)


def _link_tables(cells: Cells, members: Sequence[_Members]) -> Iterator[Table]:
    """A table for each field with many values, where it is first declared."""
    fields = {
        (prop.owner, prop.name): prop
        for each in members
        for prop in each.of.properties
        if not prop.single and prop.predicate
    }
    for (owner, _), prop in fields.items():
        below = [each for each in members if cells.model.is_a(each.of.iri, owner)]
        yield _link_table(cells, cells.model.classes[owner], prop, below)


def _link_table(cells: Cells, owner: Class, prop: Property, members: Sequence[_Members]) -> Table:
    subjects = [term for each in members for term in each.terms]
    values = cells.values(prop.path, subjects)
    text = prop.datatype == ns.RDF_LANG_STRING
    rows = sorted(
        (cells.identifier(subject), cells.cell(value), *([_language(value)] if text else []))
        for subject, found in values.items()
        for value in found
    )
    first = Column(f"{snake(owner.name)}_id", Kind.TEXT, owner.labels, owner.descriptions)
    second = column_of(cells, "value", prop)
    return Table(
        LINKS,
        f"{snake(owner.name)}_{snake(prop.name)}",
        _titles(owner, prop),
        prop.descriptions,
        (first, second, *([LANGUAGE] if text else [])),
        rows,
        (first.name, "value", *(["language"] if text else [])),
    )


def _titles(owner: Class, prop: Property) -> dict[str, str]:
    return {
        language: LINK_TITLES.get(language, LINK_TITLES["en"]).format(owner.labels[language], label)
        for language, label in prop.labels.items()
        if language in owner.labels
    }


def _language(value: Term) -> str:
    return (value.language or "") if isinstance(value, Literal) else ""
