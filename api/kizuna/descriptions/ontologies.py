"""The ontology as a reader looks things up in it: its classes, properties and concept schemes."""

from collections.abc import Mapping
from dataclasses import dataclass

from kizuna import namespaces as ns
from kizuna.dataset.releases import Dataset
from kizuna.dataset.store import Found, Reader
from kizuna.descriptions.naming import Name, Naming
from kizuna.model import Path, Property, Step, Texts
from kizuna.terms import Literal, NamedNode, local_name
from kizuna.terms import Term as RdfTerm

_KINDS = (
    ns.OWL_CLASS,
    ns.OWL_OBJECT_PROPERTY,
    ns.OWL_DATATYPE_PROPERTY,
    ns.OWL_ANNOTATION_PROPERTY,
    ns.RDF_PROPERTY,
)
_TERMS = f"""
    SELECT DISTINCT ?term ?kind WHERE {{
      VALUES ?kind {{ {" ".join(f"<{kind}>" for kind in _KINDS)} }}
      ?term a ?kind .
    }}"""

_DEFINITIONS: tuple[Path, ...] = ((Step(ns.RDFS_COMMENT),), (Step(ns.SKOS_DEFINITION),))
_ABOVE: tuple[Path, ...] = ((Step(ns.RDFS_SUBCLASS_OF),), (Step(ns.RDFS_SUBPROPERTY_OF),))
_DOMAINS: tuple[Path, ...] = ((Step(ns.RDFS_DOMAIN),), (Step(ns.SCHEMA_DOMAIN_INCLUDES),))
_RANGES: tuple[Path, ...] = ((Step(ns.RDFS_RANGE),), (Step(ns.SCHEMA_RANGE_INCLUDES),))


@dataclass(frozen=True)
class FieldOfClass:
    """A field that a class declares, and the classes that it leads to."""

    stated: Property
    targets: tuple[Name, ...]


@dataclass(frozen=True)
class Term:
    """A class or a property, under the anchor that its IRI ends with.

    ``parents`` stand above it; a property has ``domains`` and ``ranges``, a class ``fields``.
    """

    name: Name
    anchor: str
    definition: Texts
    parents: tuple[Name, ...]
    domains: tuple[Name, ...]
    ranges: tuple[Name, ...]
    fields: tuple[FieldOfClass, ...]
    abstract: bool


@dataclass(frozen=True)
class Vocabulary:
    """The ontology's terms, each sort in order of their names, and the concept schemes."""

    classes: tuple[Term, ...]
    properties: tuple[Term, ...]
    schemes: tuple[Name, ...]


class Ontologies:
    """Reads the ontology of a dataset."""

    def __init__(self, dataset: Dataset, naming: Naming) -> None:
        self._model = dataset.model
        self._naming = naming

    def vocabulary(self, reader: Reader) -> Vocabulary:
        """The terms in the ontology's own namespace."""
        sorts = self._own(reader)
        nodes = [NamedNode(iri) for iri in sorted(sorts, key=_alphabetically)]
        found = reader.values(dict.fromkeys((*_DEFINITIONS, *_ABOVE, *_DOMAINS, *_RANGES), nodes))
        names = self._names(reader, nodes, found)
        terms = [self._term(node, found, names) for node in nodes]
        return Vocabulary(
            classes=tuple(t for t in terms if sorts[t.name.iri] == ns.OWL_CLASS),
            properties=tuple(t for t in terms if sorts[t.name.iri] != ns.OWL_CLASS),
            schemes=tuple(names[s.iri] for s in self._model.schemes.values()),
        )

    def _own(self, reader: Reader) -> Mapping[str, str]:
        """The terms in the ontology's namespace, each with what sort of term it is."""
        start = (self._model.ontology or "").rstrip("#/")
        return {
            term.value: kind.value
            for term, kind in reader.select(_TERMS).rows
            if isinstance(term, NamedNode) and isinstance(kind, NamedNode)
            if term.value.startswith((start + "#", start + "/"))
        }

    def _names(self, reader: Reader, nodes: list[NamedNode], found: Found) -> Mapping[str, Name]:
        terms: list[RdfTerm] = [*nodes]
        terms += [end for by in found.values() for ends in by.values() for end in ends]
        terms += [NamedNode(scheme.iri) for scheme in self._model.schemes.values()]
        fields = [p for found in self._model.classes.values() for p in found.properties]
        terms += [NamedNode(target) for field in fields for target in field.targets]
        return self._naming.names(reader, terms)

    def _term(self, node: NamedNode, found: Found, names: Mapping[str, Name]) -> Term:
        described = self._model.classes.get(node.value)
        own = [p for p in described.properties if p.owner == node.value] if described else []
        return Term(
            name=names[node.value],
            anchor=local_name(node.value),
            definition=_definition(node, found),
            parents=_linked(node, _ABOVE, found, names),
            domains=_linked(node, _DOMAINS, found, names),
            ranges=_linked(node, _RANGES, found, names),
            fields=tuple(FieldOfClass(p, tuple(names[t] for t in p.targets)) for p in own),
            abstract=bool(described and described.abstract),
        )


def _definition(node: NamedNode, found: Found) -> Texts:
    texts = [text for path in _DEFINITIONS for text in found[path].get(node, [])]
    return {text.language or "": text.value for text in texts if isinstance(text, Literal)}


def _linked(
    node: NamedNode, paths: tuple[Path, ...], found: Found, names: Mapping[str, Name]
) -> tuple[Name, ...]:
    ends = [end for path in paths for end in found[path].get(node, [])]
    return tuple(names[end.value] for end in ends if isinstance(end, NamedNode))


def _alphabetically(iri: str) -> tuple[str, str]:
    return local_name(iri).casefold(), iri
