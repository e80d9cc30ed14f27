"""A change validated with what it affects alone finds what validating everything finds."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from rdflib import BNode, Graph, URIRef
from rdflib.namespace import SH

from kizuna import namespaces as ns
from kizuna.dataset.changes import Change, applied, make_change
from kizuna.dataset.files import Ontology, read_file, read_ontology
from kizuna.dataset.store import EmbeddedStore, as_stored
from kizuna.model import Model, Step, read_model, to_graph
from kizuna.resources import ONTOLOGY
from kizuna.terms import NamedNode, Quad
from kizuna.validation import Report, validate
from kizuna.validation.affected import Validator
from kizuna.validation.causes import Finding
from kizuna.validation.names import Names
from kizuna.validation.places import Places
from kizuna.validation.reads import Unknown, paths, reads
from kizuna.validation.shapes import shape_results
from kizuna.validation.slices import sliced_results
from tests.mutations import Mutations

LIBRARY = Path(__file__).parent / "library"
GOOD = ONTOLOGY / "examples" / "good.ttl"
BLANK = "structure-no-blank-node"  # a change has none
BAD = sorted(f for f in (ONTOLOGY / "examples" / "bad").glob("*.ttl") if f.stem != BLANK)
QUICK = {"packaged": 16, "library": 16}
FULL = 200
MORE = "https://example.org/more/"


@dataclass(frozen=True)
class World:
    """Conforming data under an ontology, ready to be changed."""

    ontology: Ontology
    model: Model
    quads: Sequence[Quad]
    store: EmbeddedStore
    validator: Validator

    def some(self, change: Change) -> Report:
        return self.validator.validate(self.store, change, {})

    def all(self, change: Change) -> Report:
        return validate(
            {"": sorted(applied([change], self.quads), key=str)}, self.ontology, self.model
        )


def world(ontology: Ontology, file: Path) -> World:
    model = read_model(ontology.quads, ontology.shapes)
    return made(ontology, model, as_stored(read_file(file, ns.GRAPH_FACTS)))


def made(ontology: Ontology, model: Model, quads: Sequence[Quad]) -> World:
    store = EmbeddedStore([*ontology.quads, *quads])
    return World(ontology, model, quads, store, Validator(ontology, model))


@pytest.fixture(scope="module")
def packaged() -> World:
    """The good example, under the ontology without concepts that no example names."""
    whole = read_ontology(ONTOLOGY)
    named = {quad.object for file in [GOOD, *BAD] for quad in read_file(file)}
    vocabularies = NamedNode(ns.GRAPH_VOCABULARIES)
    kept = (q for q in whole.quads if q.graph_name != vocabularies or q.subject in named)
    return world(replace(whole, quads=tuple(kept)), GOOD)


@pytest.fixture(scope="module")
def library() -> World:
    return world(read_ontology(LIBRARY / "ontology"), LIBRARY / "data.ttl")


def told(report: Report) -> set[tuple[str | None, ...]]:
    return {(r.severity, r.focus, r.path, r.value, r.constraint) for r in report.results}


@pytest.mark.parametrize("name", ["packaged", "library"])
def test_mistakes_made_by_machine(name: str, request: pytest.FixtureRequest) -> None:
    """The data conforms without a warning, so that every result is of the change's making."""
    given: World = request.getfixturevalue(name)
    full = request.config.getoption("full")
    mutations = Mutations(given.quads, given.model, seed=6)
    refused = 0
    for number in range(FULL if full else QUICK[name]):
        kind, change = mutations.next()
        some, everything = given.some(change), given.all(change)
        assert told(some) == told(everything), (number, kind, change.patch())
        assert some.conforms == everything.conforms
        refused += not some.conforms
    assert refused > 0


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_bad_examples(packaged: World, file: Path) -> None:
    """Each as an addition to the good one, found fault with as in a file beside it."""
    (result,) = packaged.some(make_change(read_file(file, ns.GRAPH_FACTS))).results
    assert result.constraint.removesuffix("-constraint") == ns.SHAPES + file.stem
    assert result.messages["ja"]


def test_a_change_to_nothing_affects_nothing(packaged: World) -> None:
    assert packaged.some(Change()).results == ()


def test_what_is_left_short_by_a_removal_is_told_where_it_stands(packaged: World) -> None:
    on_fact = NamedNode(ns.ON_FACT)
    fact = NamedNode("https://w3id.org/italy-japan/id/fact-example-signed")
    claims = {q.subject for q in packaged.quads if q.predicate == on_fact and q.object == fact}
    gone = [quad for quad in packaged.quads if quad.subject in claims]
    report = packaged.some(make_change([], gone))
    assert ns.SHAPES + "Fact-claims" in {r.constraint for r in report.results}
    assert {r.file for r in report.results} == {ns.GRAPH_FACTS}


# Shapes of other kinds, added to the library's

KINDS = """
@prefix id: <https://example.org/library/id/> .
@prefix lib: <https://example.org/library/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix s: <https://example.org/more/> .
s:Node sh:targetNode id:kokoro ; sh:property s:Node-pages .
s:Node-pages sh:path lib:pages ; sh:minCount 1 .
lib:Branch a sh:NodeShape, owl:Class ; sh:property s:Branch-loans .
s:Branch-loans sh:path ( [ sh:inversePath lib:branch ] lib:item ) ; sh:minCount 1 .
s:Borrower a sh:NodeShape ; sh:targetObjectsOf lib:borrower ; sh:property s:Borrower-loans .
s:Borrower-loans sh:path [ sh:inversePath lib:borrower ] ; sh:node s:Dated .
s:Dated a sh:NodeShape ; sh:property [ sh:path lib:start ; sh:minCount 1 ] .
s:Whole a sh:PropertyShape ; sh:targetSubjectsOf lib:due ; sh:path lib:due ; sh:maxCount 1 .
s:Closed a owl:Class, sh:NodeShape ; sh:closed true .
s:Off a sh:NodeShape ; sh:targetClass lib:Loan ; sh:deactivated true ; sh:property s:Off-fee .
s:Off-fee sh:path lib:fee ; sh:minCount 9 .
"""


def test_every_kind_of_target_and_shape(library: World, request: pytest.FixtureRequest) -> None:
    more_shapes = parse(KINDS.encode(), format=RdfFormat.TURTLE)
    shapes = [*library.ontology.shapes, *more_shapes]
    given = made(replace(library.ontology, shapes=tuple(shapes)), library.model, library.quads)
    assert given.some(Change()).results == given.all(Change()).results == ()
    mutations = Mutations(given.quads, given.model, seed=2)
    found = set()
    for _ in range(FULL if request.config.getoption("full") else 12):
        kind, change = mutations.next()
        some, everything = given.some(change), given.all(change)
        assert told(some) == told(everything), (kind, change.patch())
        found |= {r.constraint for r in some.results}
    kokoro = NamedNode("https://example.org/library/id/kokoro")
    pages = [q for q in given.quads if q.subject == kokoro and q.predicate.value.endswith("pages")]
    loans = [q for q in given.quads if q.predicate.value.endswith(("#branch", "#start"))]
    for gone in (pages, loans):
        change = make_change([], gone)
        some = given.some(change)
        assert told(some) == told(given.all(change))
        found |= {r.constraint for r in some.results}
    more = {iri.removeprefix(MORE) for iri in found if iri.startswith(MORE)}
    assert {"Node-pages", "Branch-loans", "Borrower-loans"} <= more


# Much data, of which only so much is looked at in one go


def test_slices_find_what_is_found_in_one_go(
    packaged: World, library: World, request: pytest.FixtureRequest
) -> None:
    closed = [*library.ontology.shapes, *parse(KINDS.encode(), format=RdfFormat.TURTLE)]
    anywhere = replace(library, ontology=replace(library.ontology, shapes=tuple(closed)))
    for given, quick in ((packaged, 1), (library, 4), (anywhere, 4)):
        mutations = Mutations(given.quads, given.model, seed=3)
        found = 0
        for _ in range(FULL // 10 if request.config.getoption("full") else quick):
            changes = [mutations.next()[1] for _ in range(5)]
            quads = sorted(applied(changes, given.quads), key=str)
            results = in_one_go(given, quads)
            assert results == in_slices(given, quads)
            found += len(results)
        assert found > 0


Told = set[tuple[object, ...]]


def in_one_go(given: World, quads: Sequence[Quad]) -> Told:
    return shown(shape_results(quads, given.ontology, *seen(given, quads)))


def in_slices(given: World, quads: Sequence[Quad]) -> Told:
    return shown(sliced_results(quads, given.ontology, *seen(given, quads), size=7))


def seen(given: World, quads: Sequence[Quad]) -> tuple[Names, Places]:
    names = Names([*quads, *given.ontology.quads, *given.ontology.shapes])
    return names, Places({"": quads}, {}, (quad.subject for quad in given.ontology.quads))


def shown(findings: Iterable[Finding]) -> Told:
    results = [(finding.result, finding.along) for finding in findings]
    return {
        (r.focus, r.path, r.value, r.constraint, r.messages["en"], along) for r, along in results
    }


# What the shapes declare


@pytest.fixture(scope="module")
def shapes(packaged: World) -> Graph:
    return to_graph(packaged.ontology.shapes)


def test_it_is_known_of_every_shape_where_it_looks(packaged: World) -> None:
    assert [unit.shape for unit in packaged.validator.units.all if unit.reads is None] == []


def test_a_constraint_that_declares_nothing_is_validated_whole(library: World) -> None:
    whole = [str(u.shape) for u in library.validator.units.all if u.reads is None]
    assert whole == ["https://example.org/library/shapes/Book-noTranslationOfItself"]


def test_sparql_constraints_declare_every_property_that_they_read(shapes: Graph) -> None:
    """Save those of which the query only tells the value, in angle brackets."""
    constraints = list(shapes.subjects(SH.select))
    assert len(constraints) >= 6
    for constraint in constraints:
        query = str(shapes.value(constraint, SH.select))
        read = {ns.TERMS + name for name in re.findall(r"\bij:([a-z]\w*)", query)}
        declared = {
            step.predicate
            for node in shapes.objects(constraint, URIRef(ns.READS))
            for path in paths(shapes, node)
            for step in path
        }
        bounds = {ns.EARLIEST, ns.LATEST}
        read = {ns.TIME_EDTF if iri in bounds else iri for iri in read}
        assert declared == read, constraint


P, Q = "https://elsewhere.example/p", "https://elsewhere.example/q"
HEAD = (
    f"@prefix sh: <{ns.SH}> . @prefix rdf: <{ns.RDF_TYPE.removesuffix('type')}> . @prefix : <x:> . "
)
ALONG = (Step(P),)
TYPE = Step(ns.RDF_TYPE)


@pytest.mark.parametrize(
    ("turtle", "expected"),
    [
        (f"sh:path <{P}> ; sh:minCount 1", {ALONG}),
        (f"sh:path <{P}> ; sh:class :C", {ALONG, (Step(P), TYPE)}),
        (f"sh:path <{P}> ; sh:or ( [ sh:class :C ] [ sh:datatype :D ] )", {ALONG, (Step(P), TYPE)}),
        (f"sh:path <{P}> ; sh:lessThan <{Q}>", {ALONG, (Step(Q),)}),
        (f"sh:path ( <{P}> [ sh:inversePath <{Q}> ] )", {(Step(P), Step(Q, inverse=True))}),
        (f"sh:path [ sh:alternativePath ( <{P}> <{Q}> ) ]", {ALONG, (Step(Q),)}),
        (
            f"sh:path [ sh:inversePath ( <{P}> <{Q}> ) ]",
            {(Step(Q, inverse=True), Step(P, inverse=True))},
        ),
        (f"sh:path <{P}> ; sh:node [ sh:property [ sh:path <{Q}> ] ]", {ALONG, (Step(P), Step(Q))}),
        (f"sh:not [ sh:path <{P}> ]", {ALONG}),
        ("sh:pattern 'x'", set()),
        ("sh:closed true", None),
        ("sh:sparql [ sh:select 'SELECT' ]", None),
        (f"sh:path [ sh:oneOrMorePath ( <{P}> <{Q}> ) ]", None),
        (f"sh:path <{P}> ; sh:node :s", None),
    ],
)
def test_where_a_shape_looks(turtle: str, expected: set[tuple[Step, ...]] | None) -> None:
    graph = Graph().parse(data=f"{HEAD} :s {turtle} .", format="turtle")
    found = reads(graph, URIRef("x:s"))
    assert found == expected


def test_a_path_that_is_none() -> None:
    with pytest.raises(Unknown):
        paths(Graph(), BNode())
