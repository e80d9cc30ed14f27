"""Broken variants of the library's data, each with the fault that it must get."""

# ruff: noqa: RUF001 - Japanese punctuation is full-width

import shutil
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from kizuna import namespaces as ns
from kizuna.dataset.files import Ontology, read_lines, read_ontology
from kizuna.errors import InvalidInput
from kizuna.model import Model, read_model
from kizuna.terms import NamedNode, Quad
from kizuna.validation import Report, Result, validate

LIBRARY = Path(__file__).parent / "library"
ID = "https://example.org/library/id/"
SHAPE = "https://example.org/library/shapes/"
STRUCTURE = ns.SHAPES + "structure-"
Check = Callable[..., Report]


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return read_ontology(LIBRARY / "ontology")


@pytest.fixture(scope="module")
def model(ontology: Ontology) -> Model:
    return read_model(ontology.quads, ontology.shapes)


@pytest.fixture
def check(ontology: Ontology, model: Model, tmp_path: Path) -> Check:
    """Validates the library's data with some text replaced, and some added at the end."""

    def check(*changes: tuple[str, str], added: str = "") -> Report:
        text = (LIBRARY / "data.ttl").read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        file = tmp_path / "data.ttl"
        file.write_text(text + added, encoding="utf-8")
        lines = read_lines(file)
        return validate({"data.ttl": list(lines)}, ontology, model, {"data.ttl": lines})

    return check


def only(report: Report) -> Result:
    assert len(report.results) == 1, [r.messages["en"] for r in report.results]
    return report.results[0]


def test_sound_data_conforms(check: Check) -> None:
    report = check()
    assert report.results == ()
    assert report.conforms


def test_misspelt_property_is_told_with_the_near_one(check: Check) -> None:
    result = only(check(("lib:pages 256", "lib:page 256")))
    assert result.messages == {
        "en": "unknown property lib:page; did you mean lib:pages?",
        "it": "proprietà sconosciuta lib:page; si intendeva lib:pages?",
        "ja": "未知のプロパティ lib:page。lib:pages のことですか",
    }
    assert (result.severity, result.focus, result.path) == ("Violation", ID + "kokoro", "lib:page")
    assert result.focus_labels == {
        "en": "Kokoro",
        "it": "Il cuore delle cose",
        "ja": "こころ",
    }
    assert result.value == '"256"^^xsd:integer'
    assert result.constraint == STRUCTURE + "known-property"
    assert (result.file, result.line) == ("data.ttl", 43)


def test_a_property_like_none_gets_no_suggestion(check: Check) -> None:
    result = only(check(added='id:kokoro <https://elsewhere.example/colour> "red" .'))
    assert result.messages["en"] == "unknown property https://elsewhere.example/colour"
    assert result.path == "<https://elsewhere.example/colour>"


def test_property_of_another_class_is_told_with_its_class(check: Check) -> None:
    result = only(check(added='id:north-press lib:isbn "9780000000019" .'))
    assert result.constraint == STRUCTURE + "own-property"
    assert result.messages["en"] == "lib:isbn is not a property of lib:Publisher, but of lib:Book"


@pytest.mark.parametrize(
    ("old", "new", "rule", "message"),
    [
        ("id:dante a lib:Author ;", "id:dante", "typed", "it has no type"),
        ("id:dante a lib:Author", "id:dante a lib:Autor", "known-class", "did you mean lib:Author"),
        ("id:dante a lib:Author", "id:dante a lib:Agent", "leaf-class", "lib:Agent is abstract"),
        ("id:dante a lib:Author", "id:dante a lib:Author, lib:Agent", "one-type", "2 types"),
    ],
)
def test_wrong_type_is_one_fault_whatever_links_to_it(
    check: Check, old: str, new: str, rule: str, message: str
) -> None:
    """The Divine Comedy's author and a recording's performer is no longer one: said once."""
    result = only(check((old, new)))
    assert result.constraint == STRUCTURE + rule
    assert result.focus == ID + "dante"
    assert message in result.messages["en"]
    assert {"en", "it", "ja"} <= set(result.messages)


def test_properties_of_an_untyped_thing_are_still_looked_at(check: Check) -> None:
    report = check(("id:dante a lib:Author ;", "id:dante lib:bron 1265 ;"))
    assert {r.constraint for r in report.results} == {
        STRUCTURE + "typed",
        STRUCTURE + "known-property",
    }


def test_blank_node_is_told_where_it_is_linked(check: Check) -> None:
    nested = 'id:botchan lib:givenBy [ a lib:Person ; skos:prefLabel "X"@en ; lib:homepage [] ] .'
    result = only(check(added=nested))
    assert result.constraint == STRUCTURE + "no-blank-node"
    assert (result.focus, result.path, result.value) == (ID + "botchan", "lib:givenBy", "_:1")


def test_blank_node_that_nothing_links_to_is_told_once(check: Check) -> None:
    result = only(check(added='[] a lib:Person ; skos:prefLabel "X"@en .'))
    assert result.constraint == STRUCTURE + "no-blank-node"
    assert result.focus == "_:1"


def test_derived_property_is_never_stated(check: Check) -> None:
    result = only(check(added="id:kokoro lib:onLoan true ."))
    assert result.constraint == STRUCTURE + "not-derived"
    assert result.path == "lib:onLoan"


def test_time_that_cannot_be_read(check: Check) -> None:
    result = only(check(('"1972-05"^^edtf:EDTF', '"1972-13"^^edtf:EDTF')))
    assert result.constraint == STRUCTURE + "readable-time"
    assert result.value == '"1972-13"^^edtf:EDTF'


@pytest.mark.parametrize(
    "graph", [ns.GRAPH_ONTOLOGY, ns.GRAPH_VOCABULARIES, ns.GRAPH_DERIVED, ns.GRAPH_DERIVATION]
)
def test_graphs_of_the_code_are_refused(ontology: Ontology, model: Model, graph: str) -> None:
    quads = list(read_lines(LIBRARY / "data.ttl"))
    placed = Quad(quads[0].subject, quads[0].predicate, quads[0].object, NamedNode(graph))
    result = only(validate({"data.trig": [placed, *quads[1:]]}, ontology, model))
    assert result.constraint == STRUCTURE + "own-graph"
    assert graph in result.messages["ja"]
    assert result.line is None


def test_missing_value_is_told_in_the_shapes_own_words(check: Check) -> None:
    result = only(check(("lib:returned true ; lib:fee 2.00", "lib:fee 2.00")))
    assert result.messages == {"en": "A loan says whether the item is back."}
    assert (result.focus, result.path, result.value) == (ID + "loan-6", "lib:returned", None)
    assert result.path_labels == {"en": "returned"}
    assert result.constraint == SHAPE + "Loan-returned"
    assert (result.file, result.line) == ("data.ttl", 86)


def test_wrong_datatype(check: Check) -> None:
    result = only(check(("lib:pages 160", 'lib:pages "160"')))
    assert result.value == '"160"'
    assert result.constraint == SHAPE + "Printed-pages"


def test_text_is_told_with_its_language(check: Check) -> None:
    result = only(check(('lib:isbn "9780000000019"', 'lib:isbn "9780000000019"@en')))
    assert result.value == '"9780000000019"@en'


def test_ill_formed_literal_is_a_fault_and_nothing_is_logged(
    check: Check, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    result = only(check(('"1998-04-01"^^xsd:date', '"1998-14-01"^^xsd:date')))
    assert result.value == '"1998-14-01"^^xsd:date'
    assert caplog.records == []
    assert capfd.readouterr().err == ""


def test_wrong_class_behind_a_link_is_told_there_alone(check: Check) -> None:
    """Shapes of Branch and Person look at the same link the other way round, and from afar."""
    loan = "id:loan-3 a lib:Loan ; lib:item "
    result = only(check((loan + "id:botchan", loan + "id:hill")))
    assert result.constraint == SHAPE + "Loan-item"
    assert result.value == ID + "hill"
    assert result.value_labels["it"] == "Sede della collina"


def test_warning_leaves_data_conforming(check: Check) -> None:
    report = check(("lib:fee 3.75", "lib:fee 37.5"))
    assert only(report).severity == "Warning"
    assert report.conforms


def test_a_value_that_is_wrong_anyway_gets_no_warning_besides(check: Check) -> None:
    result = only(check(("lib:fee 3.75", 'lib:fee "3.75"')))
    assert result.constraint == SHAPE + "Loan-fee"


def test_placeholders_of_messages_are_filled(check: Check) -> None:
    result = only(check(('lib:due "2025-08-14"', 'lib:due "2025-07-13"')))
    loan = ID + "loan-6"
    assert result.messages == {
        "en": f"{loan} is due before it starts.",
        "it": f"{loan} scade prima di cominciare.",
        "ja": f"{loan}は開始前に期限が来ます。",
    }


def test_several_faults_come_in_one_order(check: Check) -> None:
    changes = [("lib:pages 256", "lib:page 256"), ("lib:fee 1.25", "lib:fee -1")]
    first, second = check(*changes), check(*changes)
    assert first == second
    assert [r.focus for r in first.results] == [ID + "kokoro", ID + "loan-3"]


# Under shapes of the test's own, added to the library's

PREFIXES = """
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix id: <https://example.org/library/id/> .
@prefix kizuna: <https://w3id.org/italy-japan/ns#> .
@prefix lib: <https://example.org/library/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shape: <https://example.org/library/shapes/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
Under = Callable[..., Report]


@pytest.fixture
def under(tmp_path: Path) -> Under:
    """Validates the library's data, and some added, under its ontology and some shapes besides."""

    def under(shapes: str, added: str = "", terms: str = "") -> Report:
        folder = tmp_path / "ontology"
        shutil.copytree(LIBRARY / "ontology", folder, dirs_exist_ok=True)
        (folder / "shapes" / "more.ttl").write_text(PREFIXES + shapes, encoding="utf-8")
        (folder / "more.ttl").write_text(PREFIXES + terms, encoding="utf-8")
        ontology = read_ontology(folder)
        file = tmp_path / "data.ttl"
        data = (LIBRARY / "data.ttl").read_text(encoding="utf-8")
        file.write_text(PREFIXES + data + added, encoding="utf-8")
        model = read_model(ontology.quads, ontology.shapes)
        return validate({"data.ttl": list(read_lines(file))}, ontology, model)

    return under


SPARQL_SHAPE = (
    """
shape:NoSelfPraise a sh:NodeShape ; sh:targetClass lib:Loan ; sh:sparql shape:NoSelfPraise-rule .
shape:NoSelfPraise-rule a sh:SPARQLConstraint ; sh:prefixes <https://example.org/library/ns> ;
    sh:select """
    + '''"""SELECT $this (lib:item AS ?path) ?value
        WHERE { $this lib:item ?value . ?value lib:title "Botchan"@en }""" ;
    sh:message "{?path}: not {?value}"@en, "{$path}: non {$value}"@it,
        "{?path}：{?value}は不可"@ja .
'''
)


def test_sparql_constraint_speaks_three_languages_with_labels(under: Under) -> None:
    result = only(under(SPARQL_SHAPE))
    assert result.messages == {
        "en": "item: not Botchan",
        "it": "item: non Il signorino",
        "ja": "item：坊っちゃんは不可",
    }
    assert result.constraint == SHAPE + "NoSelfPraise-rule"
    assert (result.focus, result.path) == (ID + "loan-3", "lib:item")
    assert result.value == ID + "botchan"


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("[ sh:inversePath lib:givenBy ]", "^lib:givenBy"),
        ("( [ sh:inversePath lib:borrower ] lib:fee )", "^lib:borrower/lib:fee"),
        ("[ sh:zeroOrMorePath <https://elsewhere.example/x> ]", "<https://elsewhere.example/x>*"),
    ],
)
def test_paths_are_written_as_in_sparql(under: Under, path: str, written: str) -> None:
    report = under(
        f"shape:P sh:targetNode id:reader-4 ; sh:property [ sh:path {path} ; sh:minCount 2 ] ."
    )
    result = only(report)
    assert result.path == written
    assert result.constraint == SHAPE + "P"


def test_constraint_without_message_is_named(under: Under) -> None:
    report = under(
        "shape:P sh:targetNode id:kokoro ; sh:property shape:P-pages . "
        "shape:P-pages sh:path lib:pages ; sh:maxInclusive 9 ."
    )
    assert only(report).messages == {
        "en": 'not met: sh:maxInclusive "9"^^xsd:integer',
        "it": 'non rispettato: sh:maxInclusive "9"^^xsd:integer',
        "ja": '満たされていない制約：sh:maxInclusive "9"^^xsd:integer',
    }
    assert only(report).path_labels == {"en": "pages"}


def test_one_shape_reached_twice_finds_a_fault_once(under: Under) -> None:
    report = under(
        "shape:A sh:targetNode id:kokoro ; sh:property shape:P . "
        "shape:B sh:targetClass lib:Book ; sh:targetNode id:kokoro ; sh:property shape:P . "
        "shape:P sh:path lib:pages ; sh:minInclusive 200 ; sh:maxInclusive 250 ; "
        'sh:message "Not {?value} pages."@en .'
    )
    assert [(r.focus, r.messages["en"]) for r in report.results] == [
        (ID + "botchan", "Not 160 pages."),
        (ID + "comedy", "Not 798 pages."),
        (ID + "genji", "Not 1216 pages."),
        (ID + "kokoro", "Not 256 pages."),
    ]


def test_severities(under: Under) -> None:
    report = under(
        "shape:S sh:targetNode id:kokoro ; sh:property shape:i, shape:w . "
        "shape:i sh:path lib:pages ; sh:severity sh:Info ; sh:maxInclusive 9 . "
        "shape:w sh:path lib:pages ; sh:severity sh:Warning ; sh:maxInclusive 9 . "
    )
    assert [r.severity for r in report.results] == ["Warning", "Info"]
    assert report.conforms


def test_ontology_and_its_concepts_are_not_reported(under: Under) -> None:
    """The shape finds fault with every topic; only the one that the data adds is reported."""
    shape = (
        "shape:Defined sh:targetClass lib:Topic ; sh:property [ sh:path skos:definition ; "
        'sh:minCount 5 ; sh:message "Define it."@en ] .'
    )
    topic = (
        "@prefix vocab: <https://example.org/library/vocab/> . id:rain a lib:Topic ; "
        'skos:prefLabel "rain"@en ; skos:inScheme vocab:topic .'
    )
    result = only(under(shape, topic))
    assert result.focus_labels == {"en": "rain"}


def test_a_property_that_shapes_speak_of_is_known(under: Under) -> None:
    """It has no range, so it is no field; a mere warning speaks of it."""
    colour = "shape:Item sh:property [ sh:path lib:colour ; sh:severity sh:Info ; sh:maxCount 9 ] ."
    assert under(colour, 'id:kokoro lib:colour "red" . ').conforms
    by_other = under(colour, 'id:hill lib:colour "red" . ')
    assert only(by_other).messages["en"].endswith("not a property of lib:Branch, but of lib:Item")


def test_a_thing_described_nowhere_is_told_where_it_is_linked(under: Under) -> None:
    report = under(
        "shape:G sh:targetObjectsOf lib:givenBy ; sh:property shape:G-label . "
        "shape:G-label sh:path skos:prefLabel ; sh:minCount 1 .",
        "id:boheme lib:givenBy id:nobody .",
    )
    by_constraint = {r.constraint: r for r in report.results}
    assert by_constraint[SHAPE + "G-label"].focus == ID + "nobody"
    assert by_constraint[SHAPE + "Item-givenBy"].value == ID + "nobody"


def test_shapes_see_the_computed_bounds_of_times(under: Under) -> None:
    terms = """
        kizuna:edtf a owl:DatatypeProperty .
        lib:Time a owl:Class ; kizuna:pluralName "times" ; rdfs:label "time"@en .
    """
    shapes = """
        shape:Time a sh:NodeShape ; sh:targetClass lib:Time ;
            sh:property shape:Edtf, shape:Past .
        shape:Edtf sh:path kizuna:edtf ; sh:datatype edtf:EDTF ; sh:maxCount 1 .
        shape:Past sh:path kizuna:latest ; sh:maxInclusive "2020-01-01"^^xsd:date ;
            sh:message "Not past."@en .
    """
    data = """
        id:t1 a lib:Time ; kizuna:edtf "2019"^^edtf:EDTF .
        id:t2 a lib:Time ; kizuna:edtf "2021"^^edtf:EDTF .
        id:t3 a lib:Time ; kizuna:edtf "soon"^^edtf:EDTF .
    """
    late, unreadable = under(shapes, data, terms).results
    assert (late.focus, late.value) == (ID + "t2", '"2021-12-31"^^xsd:date')
    assert unreadable.constraint == STRUCTURE + "readable-time"


@pytest.mark.parametrize(
    "constraint",
    [
        'sh:property [ sh:path lib:pages ; sh:pattern "((" ]',
        'sh:property [ sh:path lib:pages ; sh:minCount "x" ]',
        'sh:sparql [ sh:select "SELEC $this" ]',
        'sh:sparql [ sh:select "SELECT $this { ?s no:p $this }" ]',
        'sh:sparql [ sh:select "SELECT $this { MINUS { ?s ?p 1 } }" ]',
        'sh:sparql [ sh:select "SELECT $this { SERVICE <http://127.0.0.1:1/> { ?s ?p 1 } }" ]',
    ],
)
def test_shapes_that_cannot_be_used_are_told_of_in_one_line(
    under: Under, constraint: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InvalidInput, match=r"^the shapes can't be used: [^\n]+$"):
        under(f"shape:X sh:targetNode id:kokoro ; {constraint} .")
    assert capfd.readouterr().err == ""


@pytest.fixture
def watched() -> Iterator[tuple[str, list[str]]]:
    """An address on this machine, and what was asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def test_imports_are_never_fetched(under: Under, watched: tuple[str, list[str]]) -> None:
    address, asked = watched
    imports = f"<https://example.org/library/ns> owl:imports <{address}/ns> ."
    shapes = f"<https://example.org/library/shapes> owl:imports <{address}/shapes> ."
    assert under(shapes, terms=imports).conforms
    assert asked == []
