"""Submitted tables: a row a thing, a column a field, for any ontology."""

import csv
import io

import pytest

from kizuna.contributions.documents import Document, Limits, Submission
from kizuna.contributions.drafts import draft
from kizuna.contributions.tables import parse_table
from kizuna.dataset.files import read_ontology
from kizuna.dataset.releases import Dataset
from kizuna.errors import LimitExceeded, MalformedData
from kizuna.model import Model, read_model
from kizuna.resources import ONTOLOGY
from kizuna.tables.classes import class_tables
from kizuna.tables.table import Cell, Missing, Table
from kizuna.terms import NamedNode

SHORT = {
    "https://w3id.org/italy-japan/": "",
    "http://www.w3.org/2004/02/skos/core#": "skos:",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type": "a",
    "http://www.w3.org/2001/XMLSchema#": "xsd:",
}


@pytest.fixture(scope="module")
def model() -> Model:
    ontology = read_ontology(ONTOLOGY)
    return read_model(ontology.quads, ontology.shapes)


def nobody(iri: str) -> bool:
    return False


def said(model: Model, text: str, name: str = "table.csv") -> list[str]:
    found = parse_table(Document(text.encode(), "text/csv", name), Limits(), model, nobody)
    lines = []
    for quad, line in found.quads.items():
        told = f"{line} {quad.subject} {quad.predicate} {quad.object}"
        for long, short in SHORT.items():
            told = told.replace(long, short)
        lines.append(told)
    return lines


def test_a_class_by_the_name_of_the_file(model: Model) -> None:
    text = "id,label_en,label_ja,iso_alpha2,gleditsch_ward\nitaly,Italy,イタリア,IT,325\n"
    assert said(model, text, "folder/country.csv") == [
        "2 <id/italy> <a> <ns#Country>",
        '2 <id/italy> <skos:prefLabel> "Italy"@en',
        '2 <id/italy> <skos:prefLabel> "イタリア"@ja',
        '2 <id/italy> <ns#isoAlpha2> "IT"',
        '2 <id/italy> <ns#gleditschWard> "325"^^<xsd:integer>',
    ]


def test_classes_by_a_column(model: Model) -> None:
    text = "type,label_en,iso_alpha2\nCountry,Italy,IT\nperson,Ann,\ngovernment_body,Senate,\n"
    assert [line for line in said(model, text) if "<a>" in line] == [
        "2 _:row2 <a> <ns#Country>",
        "3 _:row3 <a> <ns#Person>",
        "4 _:row4 <a> <ns#GovernmentBody>",
    ]


def test_links_lead_to_identifiers_codes_and_iris(model: Model) -> None:
    text = (
        "type,fact,passages,modality,basis,speakers\n"
        "claim,fact-a,p-1 | p-2,not-the-case,RECORDED,https://elsewhere.example/x\n"
    )
    assert said(model, text)[1:] == [
        "2 _:row2 <ns#onFact> <id/fact-a>",
        "2 _:row2 <ns#supportedBy> <id/p-1>",
        "2 _:row2 <ns#supportedBy> <id/p-2>",
        "2 _:row2 <ns#modality> <vocab/modality/not-the-case>",
        "2 _:row2 <ns#basis> <vocab/basis/recorded>",
        "2 _:row2 <ns#speaker> <https://elsewhere.example/x>",
    ]


def test_a_word_that_may_be_a_code_or_a_thing(model: Model) -> None:
    document = Document(b"scope\ntrade\n", "text/csv", "assertion.csv")
    scopes = [
        str(quad.object)
        for known in (nobody, {"https://w3id.org/italy-japan/id/trade"}.__contains__)
        for quad in list(parse_table(document, Limits(), model, known).quads)[1:]
    ]
    assert scopes == [
        "<https://w3id.org/italy-japan/vocab/theme/trade>",
        "<https://w3id.org/italy-japan/id/trade>",
    ]


def test_what_is_missing_and_what_is_derived_states_nothing(model: Model) -> None:
    text = "id,iri,label_en,label_it,disputed\n\nann,x:y,Ann,.a,true\n,,,,\n"
    assert said(model, text, "person.csv") == [
        "3 <id/ann> <a> <ns#Person>",
        '3 <id/ann> <skos:prefLabel> "Ann"@en',
    ]


def test_a_text_of_several_lines_and_a_byte_order_mark(model: Model) -> None:
    text = '\ufefflabel_en,description_en\r\nAnn,"one, ""two""\nthree"\r\nBea,x\r\n'
    assert said(model, text, "person.csv")[2:4] == [
        '3 _:row3 <http://purl.org/dc/terms/description> "one, \\"two\\"\\nthree"@en',
        "4 _:row4 <a> <ns#Person>",
    ]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("table.csv", "label_en\nAnn\n", "table.csv:2: no class 'table'; give a column type"),
        ("table.csv", "type\nFact\n", "table.csv:2: no class 'Fact'"),
        ("claim.csv", "modalit\nx\n", "claim.csv:2: Claim has no column 'modalit'; it has basis"),
        ("table.csv", "type,fact\nperson,a\n", "table.csv:2: Person has no column 'fact'"),
        ("claim.csv", "note\nx\n", "claim.csv:2: 'note' is a text; add its language"),
        ("claim.csv", "basis_en\nx\n", "claim.csv:2: 'basis_en' has no language; leave it out"),
        ("claim.csv", "basis,basis\nx,y\n", "claim.csv:1: the header must name each column once"),
        ("claim.csv", "basis;note_en\nx;y\n", "claim.csv:1: the columns are parted by ';'"),
        ("claim.csv", "basis\tnote_en\nx\ty\n", "claim.csv:1: the columns are parted by"),
        ("claim.csv", "", "claim.csv:1: the header must name each column once"),
        ("claim.csv", "basis\na,b\n", "claim.csv:2: more cells than columns"),
        ("claim.csv", "fact\na<b\n", "claim.csv:2: 'a<b' is no identifier"),
        ("claim.csv", "fact\nhttp://[\n", "claim.csv:2: 'http://[' is no identifier"),
        ("country.csv", "gleditsch_ward\n1e9\n", 'country.csv:2: "1e9" is no xsd:integer'),
        ("claim.csv", "fact\n../a\n", "claim.csv:2: <https://w3id.org/italy-japan/id/../a> has a"),
        ("claim.csv", "note_en\n\x07\n", "claim.csv:2: a text holds a control character"),
        ("claim.csv", b"note_en\n\xe9\n", "claim.csv: not in UTF-8; save it as CSV UTF-8"),
        ("claim.csv", f"note_en\n{'x' * 200_000}\n", "claim.csv: field larger than field limit"),
    ],
)
def test_what_cannot_be_read(model: Model, name: str, text: str | bytes, message: str) -> None:
    content = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(MalformedData) as caught:
        parse_table(Document(content, "text/csv", name), Limits(), model, nobody)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(("column", "near"), [("bassis", "basis"), ("notte_en", "note")])
def test_a_misspelt_column_is_told_with_the_near_one(model: Model, column: str, near: str) -> None:
    table = Document(f"{column}\nx\n".encode(), "text/csv", "claim.csv")
    with pytest.raises(MalformedData, match=rf"Did you mean {near}\?$"):
        parse_table(table, Limits(), model, nobody)


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (Limits(size=10), "longer than 10 bytes"),
        (Limits(triples=3), r"person.csv:3: more than 3 triples"),
        (Limits(literal=2), r"person.csv:2: a text is longer than 2"),
    ],
)
def test_what_is_too_much(model: Model, limits: Limits, message: str) -> None:
    content = b"label_en\nAnn\nBea\n"
    with pytest.raises(LimitExceeded, match=message):
        parse_table(Document(content, "text/csv", "person.csv"), limits, model, nobody)


def written(cell: Cell) -> str:
    if isinstance(cell, Missing):
        return cell.value
    return str(cell).lower() if isinstance(cell, bool) else str(cell)


def as_csv(table: Table) -> str:
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(column.name for column in table.columns)
    rows.writerows([written(cell) for cell in row] for row in table.rows)
    return file.getvalue()


def test_the_exported_tables_come_back(packaged: Dataset) -> None:
    """What a class's table says of its things stands in the data already."""
    count = 0

    def known(iri: str) -> bool:
        return next(packaged.store.find(NamedNode(iri)), None) is not None

    for table in class_tables(packaged):
        if "id" not in [column.name for column in table.columns] or table.name == "time_span":
            continue
        document = Document(as_csv(table).encode(), "text/csv", f"{table.name}.csv")
        limits = Limits(size=10**7, triples=10**6)
        found = parse_table(document, limits, packaged.model, known).quads
        for quad in found:
            assert isinstance(quad.subject, NamedNode)
            there = packaged.store.find(quad.subject, quad.predicate.value, quad.object)
            assert next(there, None) is not None, (table.name, quad)
            count += 1
    assert count > 1_000


def test_an_edited_table_beside_the_old_one_replaces(packaged: Dataset) -> None:
    text = "id,label_en,iso_alpha2\nitaly,Italy,IT\n"
    old, new = (
        Document(each.encode(), "text/csv", "country.csv")
        for each in (text, text.replace("IT", "ZZ"))
    )
    sent = Submission(added=new, removed=old)
    change = draft(sent, packaged.store, packaged.model, (), Limits()).change
    changed = [str(quad.object) for quad in (*change.removed, *change.added)]
    assert changed == ['"IT"', '"ZZ"']
