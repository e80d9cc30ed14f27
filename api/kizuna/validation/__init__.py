"""Data checked against its ontology: how it is built, then what the ontology's shapes say."""

from collections.abc import Iterable, Iterator

from kizuna import namespaces as ns
from kizuna.dataset.files import Ontology
from kizuna.dataset.times import computed
from kizuna.errors import InvalidInput
from kizuna.model import Model
from kizuna.terms import NamedNode, Quad, Term
from kizuna.validation.causes import mistakes
from kizuna.validation.names import Names
from kizuna.validation.rendering import render
from kizuna.validation.results import Report, Result, collect
from kizuna.validation.shapes import shape_results
from kizuna.validation.structure import Data, structure

__all__ = ["Data", "Report", "Result", "render", "validate"]


def validate(data: Data, ontology: Ontology, model: Model) -> Report:
    """What is wrong with the data, given by the label of the file or text in which it stands.

    All of it is validated together, with the ontology's terms and concepts and the bounds of its
    times in view. Results concern the data alone: the ontology and its concepts aren't the
    submitter's to mend, and have tests of their own. Raises InvalidInput for shapes that can't be
    used.
    """
    stated = [quad for quads in data.values() for quad in quads]
    names = Names([*stated, *ontology.quads, *ontology.shapes])
    known = [*stated, *ontology.quads, *_bounds(stated)]
    rules = [*ontology.shapes, *ontology.quads]  # these declare the prefixes of the shapes' queries
    built = list(structure(data, model, names))
    found = list(shape_results(known, rules, names, _places(data, ontology)))
    return collect(mistakes(built, found))


def _places(data: Data, ontology: Ontology) -> dict[Term, str]:
    """The file in which each node of the data is described: where its type is stated, if it is.

    What the data only links to is placed where the first link stands.
    """
    stated = [(file, quad) for file, quads in data.items() for quad in quads]
    described = {quad.subject for quad in ontology.quads}
    places: dict[Term, str] = {}
    for file, quad in stated:
        if quad.predicate.value == ns.RDF_TYPE:
            places.setdefault(quad.subject, file)
    for file, quad in stated:
        places.setdefault(quad.subject, file)
    for file, quad in stated:
        if quad.object not in described:
            places.setdefault(quad.object, file)
    return places


def _bounds(quads: Iterable[Quad]) -> Iterator[Quad]:
    """The computed bounds of the times that can be read; the others are faults of structure."""
    for quad in quads:
        try:
            yield from computed([quad], NamedNode(ns.GRAPH_DERIVED))
        except InvalidInput:
            continue
