"""Each constraint of the ontology shown to catch its mistake, and no other to be disturbed.

``ontology/examples/good.ttl`` conforms without a warning. A file in ``ontology/examples/bad`` bears
the name of the constraint that it breaks: a shape of the ontology, or ``structure-`` and a rule of
how data is built. Together with the good one it gives exactly that one result.
"""

from dataclasses import replace
from pathlib import Path

import pytest
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

from kizuna import namespaces as ns
from kizuna.dataset.files import Ontology, read_file, read_ontology
from kizuna.model import Model, read_model, to_graph
from kizuna.resources import ONTOLOGY
from kizuna.terms import NamedNode
from kizuna.validation import Result, validate
from kizuna.validation.phrases import STRUCTURE

EXAMPLES = ONTOLOGY / "examples"
GOOD = EXAMPLES / "good.ttl"
BAD = sorted((EXAMPLES / "bad").iterdir())
LANGUAGES = {"en", "it", "ja"}


@pytest.fixture(scope="module")
def whole() -> Ontology:
    return read_ontology(ONTOLOGY)


@pytest.fixture(scope="module")
def model(whole: Ontology) -> Model:
    return read_model(whole.quads, whole.shapes)


@pytest.fixture(scope="module")
def ontology(whole: Ontology) -> Ontology:
    """The ontology without the concepts that no example names, which would only take time."""
    named = {quad.object for file in [GOOD, *BAD] for quad in read_file(file)}
    kept = (
        quad
        for quad in whole.quads
        if quad.graph_name != NamedNode(ns.GRAPH_VOCABULARIES) or quad.subject in named
    )
    return replace(whole, quads=tuple(kept))


def results(ontology: Ontology, model: Model, *files: Path) -> tuple[Result, ...]:
    return validate({file.name: read_file(file) for file in files}, ontology, model).results


def test_good_example_conforms_without_a_warning(ontology: Ontology, model: Model) -> None:
    assert results(ontology, model, GOOD) == ()


def test_good_example_has_an_instance_of_each_class_that_a_bad_one_breaks(model: Model) -> None:
    """So that the good one stands beside each bad one."""
    shown = {quad.object for quad in read_file(GOOD) if quad.predicate.value == ns.RDF_TYPE}
    broken = {file.stem.partition("-")[0] for file in BAD}
    wanted = [c for c in model.classes.values() if c.name in broken and not c.abstract]
    missing = [c.name for c in wanted if NamedNode(c.iri) not in shown]
    assert [name for name in missing if ns.TERMS + name not in model.schemes] == []


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_bad_example_breaks_its_constraint_alone(
    file: Path, ontology: Ontology, model: Model
) -> None:
    (result,) = results(ontology, model, GOOD, file)
    assert result.constraint.removesuffix("-constraint") == ns.SHAPES + file.stem
    assert set(result.messages) == LANGUAGES
    assert all(result.messages.values())
    assert len(set(result.messages.values())) == len(LANGUAGES)


def constraints(ontology: Ontology) -> set[str]:
    """The shapes with a message, save those of what is derived, and those that merely say from the
    other end of a link what is said at its beginning."""
    graph = to_graph(ontology.shapes)
    return {
        str(shape).removesuffix("-constraint")
        for shape in set(graph.subjects(SH.message))
        if (shape, URIRef(ns.DASH_READ_ONLY), Literal(True)) not in graph
        and not (isinstance(graph.value(shape, SH.path), BNode) and _only_tells_class(graph, shape))
    }


def _only_tells_class(graph: Graph, shape: Node) -> bool:
    told = set(graph.predicates(shape)) & {SH["class"], SH["or"], SH.minCount, SH.maxCount}
    return bool(told) and told <= {SH["class"], SH["or"]}


def test_every_constraint_has_a_bad_example(whole: Ontology) -> None:
    named = {ns.SHAPES + file.stem for file in BAD}
    assert constraints(whole) - named == set()
    assert {f"{ns.SHAPES}structure-{rule}" for rule in STRUCTURE} - named == set()
