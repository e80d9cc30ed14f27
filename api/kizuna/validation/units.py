"""The shapes of an ontology in units that are validated by themselves.

A node shape is split into its property shapes and the rest, each a unit with the targets of the
whole (https://www.w3.org/TR/shacl/#targets): so a change concerns few constraints of few nodes.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SH
from rdflib.term import Node

from kizuna import namespaces as ns
from kizuna.model import Step, to_graph, to_node
from kizuna.terms import NamedNode, Quad, Term
from kizuna.validation.engine import to_term
from kizuna.validation.overlay import Overlay, end
from kizuna.validation.reads import TYPE, Reads, back, reads

TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
CLASSES = (RDFS.Class, OWL.Class)
PREFIXES = (SH.declare, SH.prefix, SH.namespace)
UNCHECKED = frozenset(
    {*TARGETS, SH.property, SH.name, SH.description, SH.order, SH.group, SH.message, SH.severity}
)
REFERENCES = frozenset({SH.node, SH["not"], SH.qualifiedValueShape, RDF.first})


@dataclass(frozen=True)
class Unit:
    """A shape, the host that has the targets, and where it looks; None is anywhere.

    ``own`` leaves out the property shapes, which are units of their own.
    """

    shape: Node
    host: Node
    reads: Reads | None
    own: bool


@dataclass(frozen=True)
class _Target:
    """What a shape is for: nodes, ends of steps, instances of classes."""

    nodes: frozenset[Term]
    links: tuple[Step, ...]
    classes: frozenset[Term]


class Units:
    """The shapes of an ontology, ready to be validated in parts."""

    def __init__(self, shapes: Iterable[Quad], terms: Collection[Quad]) -> None:
        self.classes = [quad for quad in terms if quad.predicate.value == ns.RDFS_SUBCLASS_OF]
        stated = to_graph(shapes)
        self.rules = to_graph(terms)
        self._below = _below(self.rules)
        self.rules += stated
        self._stated = stated
        self.all = tuple(_units(stated))
        self._targets = {unit.host: self._target(unit.host) for unit in self.all}

    def is_target(self, unit: Unit, node: Term, view: Overlay) -> bool:
        """Whether the node is one that the unit is for."""
        target = self._targets[unit.host]
        if node in target.nodes or any(view.links(node, step) for step in target.links):
            return True
        wanted = target.classes
        return bool(wanted) and not wanted.isdisjoint(view.ends(node, (TYPE,)))

    def targets(self, host: Node, view: Overlay) -> set[Term]:
        """All the nodes in view that the units of the host are for."""
        target = self._targets[host]
        found: set[Term] = set(target.nodes)
        found |= {q.subject for cls in target.classes for q in view.stating(ns.RDF_TYPE, cls)}
        for step in back(target.links):
            found |= {end(quad, step) for quad in view.along(step.predicate)}
        return found

    def marks(self, unit: Unit) -> Reads:
        """The paths that make a node a target of the unit."""
        target = self._targets[unit.host]
        found = {(TYPE,)} if target.classes else set()
        return frozenset(found | {(step,) for step in target.links})

    def _target(self, host: Node) -> "_Target":
        stated = self._stated
        links = [Step(str(p)) for p in stated.objects(host, SH.targetSubjectsOf)]
        links += [Step(str(p), inverse=True) for p in stated.objects(host, SH.targetObjectsOf)]
        classes = {c for top in self._classes(host) for c in self._below.get(top, {top})}
        nodes = frozenset(to_term(node) for node in stated.objects(host, SH.targetNode))
        return _Target(nodes, tuple(links), frozenset(classes))

    def chosen(self, targets: Mapping[Unit, Iterable[Term]], whole: Iterable[Unit]) -> Graph:
        """The shapes of these units alone: for the given nodes, or for their own targets."""
        graph = Graph()
        for predicate in PREFIXES:
            for triple in self.rules.triples((None, predicate, None)):
                graph.add(triple)
        for unit, nodes in targets.items():
            self._describe(graph, unit)
            for node in nodes:
                graph.add((unit.shape, SH.targetNode, to_node(node)))
        for unit in whole:
            self._describe(graph, unit)
            for predicate in TARGETS:
                for value in self._stated.objects(unit.host, predicate):
                    graph.add((unit.shape, predicate, value))
            if (unit.host, RDF.type, None) in self._stated:
                for above in self._implicit(unit.host):
                    graph.add((unit.shape, SH.targetClass, URIRef(above.value)))
        return graph

    def _describe(self, graph: Graph, unit: Unit) -> None:
        """Add all that the unit says, without targets."""
        left: list[Node] = [unit.shape]
        seen: set[Node] = set()
        while left:
            node = left.pop()
            if node in seen:
                continue
            seen.add(node)
            for predicate, value in self._stated.predicate_objects(node):
                skipped = unit.own and node == unit.shape and predicate == SH.property
                implicit = predicate == RDF.type and value in CLASSES
                if predicate not in TARGETS and not skipped and not implicit:
                    graph.add((node, predicate, value))
                    left.append(value)

    def _classes(self, host: Node) -> Iterator[Term]:
        yield from (NamedNode(str(c)) for c in self._stated.objects(host, SH.targetClass))
        yield from self._implicit(host)

    def _implicit(self, host: Node) -> Iterator[NamedNode]:
        """https://www.w3.org/TR/shacl/#implicit-targetClass"""
        if any((host, RDF.type, kind) in self._stated for kind in CLASSES):
            yield NamedNode(str(host))


def _units(shapes: Graph) -> Iterator[Unit]:
    hosts = {host for target in TARGETS for host in shapes.subjects(target, None)}
    hosts |= {
        shape
        for shape in shapes.subjects(RDF.type, SH.NodeShape)
        if any((shape, RDF.type, kind) in shapes for kind in CLASSES)
    }
    for host in sorted(hosts, key=str):
        if not _off(shapes, host):
            yield from _split(shapes, host)


def _split(shapes: Graph, host: Node) -> Iterator[Unit]:
    named = any((None, reference, host) in shapes for reference in REFERENCES)
    if named or (host, SH.path, None) in shapes:
        yield Unit(host, host, reads(shapes, host), own=False)
        return
    if any(str(p).startswith(ns.SH) and p not in UNCHECKED for p in shapes.predicates(host)):
        yield Unit(host, host, reads(shapes, host, own=True), own=True)
    for prop in sorted(shapes.objects(host, SH.property), key=str):
        if not _off(shapes, prop):
            yield Unit(prop, host, reads(shapes, prop), own=False)


def _off(shapes: Graph, shape: Node) -> bool:
    """Whether the shape is of something derived, or switched off."""
    marks = (URIRef(ns.DASH_READ_ONLY), SH.deactivated)
    return any((shape, mark, Literal(True)) in shapes for mark in marks)


def _below(terms: Graph) -> Mapping[Term, frozenset[Term]]:
    """For each class itself and what is below it."""
    tops = set(terms.objects(None, RDFS.subClassOf))
    return {
        NamedNode(str(top)): frozenset(
            NamedNode(str(c))
            for c in terms.transitive_subjects(RDFS.subClassOf, top)
            if isinstance(c, URIRef)
        )
        for top in tops
        if isinstance(top, URIRef)
    }
