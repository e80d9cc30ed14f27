"""Along which paths shapes look, so that a change elsewhere can be left out of account.

A shape's constraints are those of https://www.w3.org/TR/shacl/#core-components. What a SPARQL
constraint reads can't be told from it: it declares the paths with ``ij:reads``, each a SHACL path
(https://www.w3.org/TR/shacl/#property-paths) from the focus node.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rdflib import Graph, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from kizuna import namespaces as ns
from kizuna.model import Path, Step
from kizuna.validation.overlay import Repeated

Reads = frozenset[Path]

TYPE = Step(ns.RDF_TYPE)
BOUNDS = frozenset({ns.EARLIEST, ns.LATEST, ns.OPEN_START, ns.OPEN_END})
NESTED = (SH.node, SH.property, SH["not"], SH.qualifiedValueShape)
LISTS = (SH["and"], SH["or"], SH.xone)
REPEATS = (SH.zeroOrMorePath, SH.oneOrMorePath, SH.zeroOrOnePath)
PAIRS = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)
# These look at the values alone, or say something to people.
LOCAL = frozenset(
    SH[name]
    for name in (
        *("path", "datatype", "nodeKind", "minCount", "maxCount", "minLength", "maxLength"),
        *("minExclusive", "minInclusive", "maxExclusive", "maxInclusive", "pattern", "flags"),
        *("languageIn", "uniqueLang", "hasValue", "in", "qualifiedMinCount", "qualifiedMaxCount"),
        *("severity", "message", "name", "description", "order", "group", "defaultValue"),
        *("deactivated", "targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf"),
    )
)


class Unknown(Exception):
    """It can't be told where a shape looks."""


def reads(shapes: Graph, shape: Node, *, own: bool = False) -> Reads | None:
    """The paths from the focus node along which the shape looks; None where it may look anywhere.

    With ``own`` what its property shapes say is left out.
    """
    try:
        return frozenset(_reads(shapes, shape, (), own=own))
    except Unknown:
        return None


def paths(shapes: Graph, node: Node) -> tuple[Path, ...]:
    """A SHACL path as sequences of steps; raises Unknown for one that repeats more than a step.

    A computed bound of a time is read off the time that it is computed from.
    """
    if isinstance(node, URIRef):
        return ((Step(ns.TIME_EDTF if str(node) in BOUNDS else str(node)),),)
    if (inverse := shapes.value(node, SH.inversePath)) is not None:
        return tuple(back(path) for path in paths(shapes, inverse))
    if (choice := shapes.value(node, SH.alternativePath)) is not None:
        return tuple(path for part in Collection(shapes, choice) for path in paths(shapes, part))
    if (again := next((n for p in REPEATS for n in shapes.objects(node, p)), None)) is not None:
        return (_repeated(paths(shapes, again)),)
    if (node, RDF.first, None) not in shapes:
        raise Unknown
    found: tuple[Path, ...] = ((),)
    for part in Collection(shapes, node):
        found = tuple(before + after for before in found for after in paths(shapes, part))
    return found


def _repeated(steps: tuple[Path, ...]) -> Path:
    if len(steps) != 1 or len(steps[0]) != 1:
        raise Unknown
    return (Repeated(steps[0][0].predicate, steps[0][0].inverse),)


def back(path: Path) -> Path:
    """The path from its end to its beginning."""
    return tuple(replace(step, inverse=not step.inverse) for step in reversed(path))


def _reads(
    shapes: Graph, shape: Node, above: tuple[Node, ...], *, own: bool = False
) -> Iterator[Path]:
    if shape in above:
        raise Unknown
    path = shapes.value(shape, SH.path)
    starts = ((),) if path is None else paths(shapes, path)
    yield from (start for start in starts if start)
    for predicate, value in shapes.predicate_objects(shape):
        if own and predicate == SH.property:
            continue
        for further in _constraint(shapes, predicate, value, (*above, shape)):
            from_focus = predicate in PAIRS or predicate == SH.sparql
            yield from [further] if from_focus else [start + further for start in starts]


def _constraint(
    shapes: Graph, predicate: Node, value: Node, above: tuple[Node, ...]
) -> Iterable[Path]:
    """The paths of one constraint: from the value, or for pairs and SPARQL from the focus node."""
    if predicate in NESTED:
        return _reads(shapes, value, above)
    if predicate in LISTS:
        return [p for member in Collection(shapes, value) for p in _reads(shapes, member, above)]
    if predicate == SH["class"]:
        return [(TYPE,)]
    if predicate in PAIRS:
        return [(Step(str(value)),)]
    if predicate == SH.sparql:
        return _declared(shapes, value)
    if str(predicate).startswith(ns.SH) and predicate not in LOCAL:
        raise Unknown
    return ()


def _declared(shapes: Graph, constraint: Node) -> Iterator[Path]:
    declared = list(shapes.objects(constraint, URIRef(ns.READS)))
    if not declared:
        raise Unknown
    for node in declared:
        yield from paths(shapes, node)
