"""What is derived meets the shapes of derived properties, which data is validated without."""

from dataclasses import replace
from pathlib import Path

import pytest

from kizuna import namespaces as ns
from kizuna import resources
from kizuna.dataset.files import Ontology, read_file, read_ontology
from kizuna.dataset.releases import load_dataset, seed_files
from kizuna.terms import NamedNode, Quad
from kizuna.validation.names import Names
from kizuna.validation.places import Places
from kizuna.validation.results import Result
from kizuna.validation.shapes import shape_results

LIBRARY = Path(__file__).parent / "library"


@pytest.fixture(scope="module", params=["packaged", "library"])
def derived(request: pytest.FixtureRequest) -> tuple[Ontology, list[Quad]]:
    """An ontology, and all that the dataset under it knows."""
    if request.param == "library":
        ontology, files = read_ontology(LIBRARY / "ontology"), [LIBRARY / "data.ttl"]
    else:
        ontology = read_ontology(resources.ONTOLOGY, resources.QUERIES / "derive")
        files = seed_files(resources.SEEDS)
    dataset = load_dataset(ontology, {str(file): read_file(file) for file in files})
    return ontology, dataset.store.quads()


def violations(ontology: Ontology, quads: list[Quad]) -> list[Result]:
    """What the shapes say with those of derived properties counted in."""
    shapes = [q for q in ontology.shapes if q.predicate.value != ns.DASH_READ_ONLY]
    ontology = replace(ontology, shapes=tuple(shapes))
    names = Names([*quads, *ontology.shapes])
    places = Places({"derived": quads}, {}, ())
    found = shape_results(quads, ontology, names, places)
    return [f.result for f in found if f.result.severity == "Violation"]


def test_what_is_derived_meets_its_shapes(derived: tuple[Ontology, list[Quad]]) -> None:
    assert violations(*derived) == []


def test_a_wrong_derivation_would_be_found() -> None:
    ontology = read_ontology(LIBRARY / "ontology")
    data = read_file(LIBRARY / "data.ttl")
    read_by = NamedNode("https://example.org/library/ns#readBy")
    ids = "https://example.org/library/id/"
    wrong = Quad(NamedNode(ids + "soseki"), read_by, NamedNode(ids + "harbour"))
    assert {r.constraint for r in violations(ontology, [*data, *ontology.quads, wrong])} == {
        "https://example.org/library/shapes/Author-readers"
    }
