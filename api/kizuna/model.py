"""The Model: what the ontology and its shapes say of classes, fields and concepts.

It is the one description from which the GraphQL schema, the structural shapes and the tables are
made. It is read from node shapes with ``sh:targetClass`` and their property shapes
(https://www.w3.org/TR/shacl/#property-shapes); IRIs are plain strings.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SH, SKOS
from rdflib.term import Identifier, Node

from kizuna import namespaces as ns
from kizuna import terms
from kizuna.errors import InvalidInput
from kizuna.terms import local_name

Texts = Mapping[str, str]

RESERVED_FIELDS = frozenset({"id", "type", "and", "or", "not"})
# https://spec.graphql.org/draft/#Name
NAME = re.compile(r"(?!__)[A-Za-z_]\w*", re.ASCII)


@dataclass(frozen=True)
class Step:
    """One step of a path: along a predicate, or against it."""

    predicate: str
    inverse: bool = False


Path = tuple[Step, ...]


@dataclass(frozen=True)
class Property:
    """A field of a class: where it leads and how many values it may have.

    ``targets`` are the classes that a link may lead to (empty for a literal, whose ``datatype``
    is then given); ``maximum`` is None where there is no limit; ``owner`` is the class that
    declares it first; ``read_only`` marks what is derived and so never stated.
    """

    name: str
    path: Path
    labels: Texts
    descriptions: Texts
    order: float
    group: str | None
    datatype: str | None
    targets: tuple[str, ...]
    minimum: int
    maximum: int | None
    unique_language: bool
    read_only: bool
    bounded: bool
    owner: str
    shape: str

    @property
    def single(self) -> bool:
        """Whether there is at most one value to show (of a text: one in each language)."""
        return self.maximum == 1 or self.unique_language

    @property
    def required(self) -> bool:
        """Whether validation guarantees a value."""
        return self.minimum > 0 and not self.read_only

    @property
    def predicate(self) -> str | None:
        """The predicate of a path of one forward step, else None."""
        return self.path[0].predicate if len(self.path) == 1 and not self.path[0].inverse else None


@dataclass(frozen=True)
class Class:
    """A class that is served: its place in the hierarchy and its fields, own and inherited.

    ``ancestors`` (nearest first) are only classes of the Model, ``parents`` those of them with no
    other in between; ``leaves`` are the concrete classes at or below it.
    """

    iri: str
    name: str
    plural: str
    labels: Texts
    descriptions: Texts
    abstract: bool
    parents: tuple[str, ...]
    ancestors: tuple[str, ...]
    leaves: tuple[str, ...]
    properties: tuple[Property, ...]

    def field(self, name: str) -> Property:
        """The field of that name; raises KeyError where there is none."""
        return {p.name: p for p in self.properties}[name]


@dataclass(frozen=True)
class Concept:
    """A concept: its code is the last part of its IRI (in a closed scheme in upper snake case)."""

    iri: str
    code: str
    labels: Texts
    definitions: Texts


@dataclass(frozen=True)
class Scheme:
    """A concept scheme; a closed one takes no further concepts."""

    iri: str
    class_iri: str
    closed: bool
    concepts: tuple[Concept, ...]


@dataclass(frozen=True)
class Model:
    """Classes by IRI, schemes by the IRI of their concepts' class, and the ontology's header.

    ``id_bases`` are the beginnings that an identifier may leave out.
    """

    classes: Mapping[str, Class]
    schemes: Mapping[str, Scheme]
    id_bases: tuple[str, ...] = ()
    ontology: str | None = None
    titles: Texts = field(default_factory=dict)
    creators: tuple[Texts, ...] = ()
    version: str | None = None

    def named(self, name: str) -> Class:
        """The class of that name; raises KeyError where there is none."""
        return {c.name: c for c in self.classes.values()}[name]

    def is_a(self, class_iri: str, ancestor: str) -> bool:
        """Whether the class is, or is below, the other."""
        return class_iri == ancestor or ancestor in self.classes[class_iri].ancestors

    def leaves(self, targets: Iterable[str]) -> tuple[str, ...]:
        """The concrete classes at or below the targets, each once."""
        return tuple(dict.fromkeys(leaf for t in targets for leaf in self.classes[t].leaves))


def to_graph(quads: Iterable[terms.Quad]) -> Graph:
    """The quads' triples, whatever their graphs, as an rdflib graph."""
    graph = Graph()
    for quad in quads:
        graph.add((to_node(quad.subject), URIRef(quad.predicate.value), to_node(quad.object)))
    return graph


def to_node(term: terms.Term) -> Identifier:
    """The term as rdflib has it; raises InvalidInput for a quoted triple, which it has not."""
    if isinstance(term, terms.NamedNode):
        return URIRef(term.value)
    if isinstance(term, terms.BlankNode):
        return BNode(term.value)
    if not isinstance(term, terms.Literal):
        raise InvalidInput("a quoted triple can't be used here; name it by an IRI instead")
    if term.language:
        return Literal(term.value, lang=term.language)
    datatype = term.datatype.value
    return Literal(term.value, datatype=None if datatype == ns.XSD + "string" else URIRef(datatype))


def read_model(ontology: Iterable[terms.Quad], shapes: Iterable[terms.Quad]) -> Model:
    """The Model that an ontology with its concepts, and its shapes, describe.

    Raises InvalidInput, naming the places, where names clash, a class can be neither an interface
    nor an object type, or a field differs between a class and its subclass.
    """
    graph = to_graph([*ontology, *shapes])
    classes = _classes(graph)
    _check_names(classes.values())
    _check_targets(classes)
    header = min(graph.subjects(RDF.type, OWL.Ontology), key=str, default=None)
    return Model(
        classes=classes,
        schemes=_schemes(graph, classes),
        id_bases=tuple(
            sorted(str(base) for base in graph.objects(header, URIRef(ns.VOID_URI_SPACE)))
        ),
        ontology=str(header) if header else None,
        titles=_texts(graph, header, DCTERMS.title, RDFS.label) if header else {},
        creators=_creators(graph, header),
        version=_string(graph, header, OWL.versionInfo) if header else None,
    )


def _creators(graph: Graph, header: Node | None) -> tuple[Texts, ...]:
    """What those are called, by language, who made the ontology."""
    made_by = sorted(graph.objects(header, DCTERMS.creator), key=str) if header else []
    return tuple(
        {"": str(one)} if isinstance(one, Literal) else _texts(graph, one, RDFS.label)
        for one in made_by
    )


def _classes(graph: Graph) -> dict[str, Class]:
    shapes = _node_shapes(graph)
    ancestors = {iri: _ancestors(graph, iri, shapes) for iri in shapes}
    _check_cycles(ancestors)
    classes: dict[str, Class] = {}
    for iri in sorted(shapes, key=lambda iri: (len(ancestors[iri]), iri)):
        own = _own_properties(graph, iri, shapes[iri])
        classes[iri] = _class(graph, iri, [classes[a] for a in ancestors[iri]], own)
    for found in classes.values():
        _check_leaf(found, classes)
    return {iri: replace(c, leaves=_leaves(c, classes)) for iri, c in classes.items()}


def _class(graph: Graph, iri: str, ancestors: Sequence[Class], own: Sequence[Property]) -> Class:
    node = URIRef(iri)
    name = local_name(iri)
    above = {a for ancestor in ancestors for a in ancestor.ancestors}
    return Class(
        iri=iri,
        name=name,
        plural=_string(graph, node, URIRef(ns.PLURAL_NAME)) or name[0].lower() + name[1:] + "s",
        labels=_texts(graph, node, RDFS.label, SKOS.prefLabel),
        descriptions=_texts(graph, node, SKOS.definition, RDFS.comment),
        abstract=_flag(graph, node, ns.DASH_ABSTRACT),
        parents=tuple(a.iri for a in ancestors if a.iri not in above),
        ancestors=tuple(a.iri for a in ancestors),
        leaves=(),
        properties=_with_inherited(name, ancestors, own),
    )


def _check_cycles(ancestors: Mapping[str, Sequence[str]]) -> None:
    for iri, above in ancestors.items():
        for other in above:
            if iri in ancestors[other]:
                raise InvalidInput(
                    f"{iri} and {other} are each a subclass of the other; "
                    "remove one rdfs:subClassOf"
                )


def _check_leaf(found: Class, classes: Mapping[str, Class]) -> None:
    below = sorted(c.name for c in classes.values() if found.iri in c.ancestors)
    if below and not found.abstract:
        raise InvalidInput(
            f"class {found.name} has subclasses ({', '.join(below)}); "
            "make it abstract with dash:abstract true, and give it a leaf of its own"
        )


def _node_shapes(graph: Graph) -> dict[str, list[Node]]:
    shapes: dict[str, list[Node]] = defaultdict(list)
    for shape, target in graph.subject_objects(SH.targetClass):
        if (target, RDF.type, OWL.Class) in graph:
            shapes[str(target)].append(shape)
    return shapes


def _ancestors(graph: Graph, iri: str, known: Iterable[str]) -> tuple[str, ...]:
    above = list(graph.transitive_objects(URIRef(iri), RDFS.subClassOf))[1:]
    depth = {str(a): len(list(graph.transitive_objects(a, RDFS.subClassOf))) for a in above}
    return tuple(sorted(set(known) & set(depth) - {iri}, key=lambda a: (-depth[a], a)))


def _leaves(this: Class, classes: Mapping[str, Class]) -> tuple[str, ...]:
    below = (c for c in classes.values() if c.iri == this.iri or this.iri in c.ancestors)
    return tuple(sorted((c.iri for c in below if not c.abstract), key=local_name))


def _own_properties(graph: Graph, iri: str, shapes: Sequence[Node]) -> list[Property]:
    """The fields that the class's node shapes describe; shapes that share a path are merged."""
    by_path: dict[Path, list[Node]] = defaultdict(list)
    for shape in {p for s in shapes for p in graph.objects(s, SH.property)}:
        path = _path(graph, graph.value(shape, SH.path))
        if path and not _flag(graph, shape, SH.deactivated) and _is_violation(graph, shape):
            by_path[path].append(shape)
    merged = (_property(graph, iri, path, found) for path, found in by_path.items())
    return [found for found in merged if found]


def _is_violation(graph: Graph, shape: Node) -> bool:
    return graph.value(shape, SH.severity) in (None, SH.Violation)


def _property(graph: Graph, owner: str, path: Path, shapes: list[Node]) -> Property | None:
    """The field that the shapes describe together, None where none gives it a name and a range."""
    shapes.sort(key=lambda shape: (_order(graph, shape), str(shape)))
    name = _field_name(graph, path, shapes)
    datatypes = {d for shape in shapes for d in _datatypes(graph, shape)}
    targets = [t for shape in shapes for t in _targets(graph, shape)]
    if not name or not (datatypes or targets):
        return None
    maxima = [int(n) for s in shapes if (n := _number(graph, s, SH.maxCount)) is not None]
    minima = [int(n) for s in shapes if (n := _number(graph, s, SH.minCount)) is not None]
    return Property(
        name=name,
        path=path,
        labels=next(filter(None, (_texts(graph, s, SH.name) for s in shapes)), {}),
        descriptions=next(filter(None, (_texts(graph, s, SH.description) for s in shapes)), {}),
        order=_order(graph, shapes[0]),
        group=next((str(g) for s in shapes for g in graph.objects(s, SH.group)), None),
        datatype=None if targets else _datatype(datatypes),
        targets=tuple(dict.fromkeys(sorted(targets))),
        minimum=max(minima, default=0),
        maximum=min(maxima, default=None),
        unique_language=any(_flag(graph, s, SH.uniqueLang) for s in shapes),
        read_only=any(_flag(graph, s, ns.DASH_READ_ONLY) for s in shapes),
        bounded=any(_flag(graph, s, ns.BOUNDED) for s in shapes),
        owner=owner,
        shape=str(shapes[0]),
    )


def _field_name(graph: Graph, path: Path, shapes: Sequence[Node]) -> str | None:
    stated = next((str(n) for s in shapes for n in graph.objects(s, URIRef(ns.FIELD_NAME))), None)
    if stated or len(path) > 1 or path[0].inverse:
        return stated
    predicate = path[0].predicate
    return _string(graph, URIRef(predicate), URIRef(ns.FIELD_NAME)) or local_name(predicate)


def _datatypes(graph: Graph, shape: Node) -> Iterator[str]:
    for place in _alternatives(graph, shape):
        yield from (str(d) for d in graph.objects(place, SH.datatype))
        if (place, SH.nodeKind, SH.IRI) in graph and (place, SH["class"], None) not in graph:
            yield ns.XSD + "anyURI"


def _datatype(datatypes: set[str]) -> str:
    return next(iter(datatypes)) if len(datatypes) == 1 else ns.XSD + "string"


def _targets(graph: Graph, shape: Node) -> Iterator[str]:
    for place in _alternatives(graph, shape):
        yield from (str(c) for c in graph.objects(place, SH["class"]))


def _alternatives(graph: Graph, shape: Node) -> list[Node]:
    """The shape itself and the members of its ``sh:or``."""
    members = [m for head in graph.objects(shape, SH["or"]) for m in Collection(graph, head)]
    return [shape, *members]


def _path(graph: Graph, node: Node | None) -> Path | None:
    """The path as steps, None where it is more than a sequence of predicates and their inverses."""
    if isinstance(node, URIRef):
        return (Step(str(node)),)
    if node is None:
        return None
    inverse = graph.value(node, SH.inversePath)
    if isinstance(inverse, URIRef):
        return (Step(str(inverse), inverse=True),)
    if (node, RDF.first, None) not in graph:
        return None
    parts = [_path(graph, part) for part in Collection(graph, node)]
    return tuple(step for part in parts if part for step in part) if all(parts) else None


def _with_inherited(
    name: str, ancestors: Sequence[Class], own: Sequence[Property]
) -> tuple[Property, ...]:
    """Own and inherited fields in order; each keeps the type of its first declaration."""
    fields: dict[Path, Property] = {}
    for found in [p for a in reversed(ancestors) for p in a.properties] + list(own):
        first = fields.setdefault(found.path, found)
        if not _agrees(found, first, own):
            raise InvalidInput(
                f"field {first.name} of {local_name(first.owner)} ({first.shape}) differs in "
                f"{local_name(found.owner)} ({found.shape}); give both the same name, range, "
                "sh:maxCount and sh:minCount, and the same marks"
            )
    _check_fields(name, fields.values())
    return tuple(sorted(fields.values(), key=lambda p: (p.order, len(p.path), p.name)))


def _agrees(found: Property, first: Property, own: Sequence[Property]) -> bool:
    """Whether a field fits its first declaration: own ones may narrow a link, or be required."""
    if found not in own and found.targets != first.targets:
        return False
    return found.minimum >= first.minimum and _form(found) == _form(first)


def _form(prop: Property) -> tuple[object, ...]:
    return prop.name, prop.single, prop.datatype, prop.bounded, prop.read_only


def _check_fields(name: str, fields: Iterable[Property]) -> None:
    seen: dict[str, Property] = {}
    for found in fields:
        other = seen.setdefault(found.name, found)
        if other is not found:
            raise InvalidInput(
                f"{name} has two fields {found.name}: {other.shape} and {found.shape}; "
                "give one of them another ij:fieldName"
            )
        if found.name in RESERVED_FIELDS or not NAME.fullmatch(found.name):
            raise InvalidInput(
                f"{name}: {found.name!r} can't name a field; set ij:fieldName on {found.shape}"
            )


def _check_names(classes: Iterable[Class]) -> None:
    seen: dict[str, str] = {}
    for found in classes:
        for name in (found.name, found.name[0].lower() + found.name[1:], found.plural):
            if not NAME.fullmatch(name):
                raise InvalidInput(
                    f"{found.iri}: {name!r} can't be a name in the schema, which takes letters and "
                    "digits without accents, and _; rename the class or set ij:pluralName"
                )
            other = seen.setdefault(name, found.iri)
            if other != found.iri:
                raise InvalidInput(
                    f"{other} and {found.iri} both need the name {name!r}; "
                    "rename one or set ij:pluralName"
                )


def _check_targets(classes: Mapping[str, Class]) -> None:
    for found in classes.values():
        for prop in found.properties:
            for target in set(prop.targets) - set(classes):
                raise InvalidInput(
                    f"{prop.shape} leads to {target}, which is no class with a node shape; "
                    "add one with sh:targetClass, or correct sh:class"
                )
            if len(prop.targets) > 1 and not any(classes[t].leaves for t in prop.targets):
                raise InvalidInput(
                    f"{prop.shape} leads to abstract classes only; give one of them a leaf"
                )


def _schemes(graph: Graph, classes: Mapping[str, Class]) -> dict[str, Scheme]:
    schemes: dict[str, Scheme] = {}
    for scheme, target in sorted(graph.subject_objects(URIRef(ns.CONCEPT_CLASS))):
        if str(target) in classes:
            found = _scheme(graph, scheme, str(target))
            other = schemes.setdefault(str(target), found)
            if other is not found:
                raise InvalidInput(
                    f"{other.iri} and {found.iri} have the same ij:conceptClass; give each its own"
                )
    return schemes


def _scheme(graph: Graph, scheme: Node, class_iri: str) -> Scheme:
    closed = _flag(graph, scheme, ns.CLOSED)
    members = sorted(graph.subjects(SKOS.inScheme, scheme), key=str)
    concepts = tuple(_concept(graph, member, closed) for member in members)
    if closed:
        _check_codes(str(scheme), concepts)
    return Scheme(str(scheme), class_iri, closed, concepts)


def _check_codes(scheme: str, concepts: Sequence[Concept]) -> None:
    """The codes of a closed scheme are the values of an enum, which can't be empty."""
    if not concepts:
        raise InvalidInput(f"{scheme} is closed and has no concept; add one with skos:inScheme")
    seen: dict[str, str] = {}
    for concept in concepts:
        other = seen.setdefault(concept.code, concept.iri)
        if other != concept.iri or not NAME.fullmatch(concept.code):
            raise InvalidInput(
                f"{other} and {concept.iri} both need the code {concept.code}; rename one"
                if other != concept.iri
                else f"{concept.iri}: {concept.code!r} can't be a code; begin with a letter"
            )


def _concept(graph: Graph, node: Node, closed: bool) -> Concept:
    code = local_name(str(node))
    return Concept(
        iri=str(node),
        code=re.sub(r"\W+", "_", code).upper() if closed else code,
        labels=_texts(graph, node, SKOS.prefLabel, RDFS.label),
        definitions=_texts(graph, node, SKOS.definition),
    )


def _texts(graph: Graph, node: Node, *predicates: URIRef) -> dict[str, str]:
    """The first predicate's texts by language, a later one's where that has none."""
    texts: dict[str, str] = {}
    for predicate in predicates:
        for text in sorted(graph.objects(node, predicate), key=str):
            if isinstance(text, Literal):
                texts.setdefault(text.language or "", str(text))
    return dict(sorted(texts.items()))


def _string(graph: Graph, node: Node, predicate: Node) -> str | None:
    value = graph.value(node, predicate)
    return None if value is None else str(value)


def _flag(graph: Graph, node: Node, predicate: str) -> bool:
    return _string(graph, node, URIRef(predicate)) == "true"


def _order(graph: Graph, shape: Node) -> float:
    order = _number(graph, shape, SH.order)
    return math.inf if order is None else order


def _number(graph: Graph, shape: Node, predicate: Node) -> float | None:
    value = _string(graph, shape, predicate)
    try:
        return None if value is None else float(value)
    except ValueError as error:
        raise InvalidInput(f"{shape}: {value!r} is no number; correct {predicate}") from error
