"""Data checked against its ontology: how it is built, then what the ontology's shapes say."""

from types import MappingProxyType

from kizuna.dataset.files import Ontology
from kizuna.model import Model
from kizuna.validation.causes import mistakes
from kizuna.validation.closed import ClosedClasses
from kizuna.validation.names import Names
from kizuna.validation.places import Data, Lines, Places
from kizuna.validation.rendering import render
from kizuna.validation.results import Report, Result, collect
from kizuna.validation.shapes import shape_results
from kizuna.validation.slices import sliced_results
from kizuna.validation.structure import structure

AT_ONCE = 50_000  # as many quads are validated in one go
__all__ = ["Data", "Lines", "Report", "Result", "render", "validate"]


def validate(
    data: Data, ontology: Ontology, model: Model, lines: Lines = MappingProxyType({})
) -> Report:
    """What is wrong with the data, given by the label of the file or text in which it stands.

    All of it is validated together, with the ontology's terms and concepts and the bounds of its
    times in view. Results concern the data alone: the ontology and its concepts aren't the
    submitter's to mend, and have tests of their own. ``lines`` tells, by label, on which lines
    quads stand, where that is known. Raises InvalidInput for shapes that can't be used.
    """
    places = Places(data, lines, (quad.subject for quad in ontology.quads))
    stated = [quad for _, quad in places.quads]
    names = Names([*stated, *ontology.quads, *ontology.shapes])
    closed = ClosedClasses(model, ontology.shapes)
    built = list(structure(places.quads, model, closed, names))
    results = shape_results if len(stated) <= AT_ONCE else sliced_results
    found = list(results(stated, ontology, names, places))
    return collect(mistakes(built, found))
