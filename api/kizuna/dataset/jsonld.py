"""JSON-LD 1.1 with a context of our own, made from the Model.

The context (https://www.w3.org/TR/json-ld11/#the-context) gives each class and each stated or
derived predicate of the Model a short term, with the type of its values. Documents are written
in the compacted form that it allows; quads in the order given make the same bytes.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeAlias

from kizuna import namespaces as ns
from kizuna.dataset.prefixes import prefixes, scheme_prefixes
from kizuna.dataset.releases import Dataset
from kizuna.errors import InvalidInput
from kizuna.model import Model, Property
from kizuna.terms import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Term, local_name

Json: TypeAlias = object

SAFE_INTEGER = 2**53 - 1


@dataclass(frozen=True)
class _Definition:
    """What a term stands for: a predicate, and how its values are written."""

    predicate: str
    links: bool = False
    datatype: str | None = None
    by_language: bool = False
    many: bool = False


class Context:
    """The context of a dataset: its terms, and how it shortens IRIs and values."""

    def __init__(self, dataset: Dataset) -> None:
        self._prefixes = prefixes(dataset) | scheme_prefixes(dataset)
        self._longest = sorted(self._prefixes.items(), key=lambda pair: (-len(pair[1]), pair[0]))
        self._classes = {iri: c.name for iri, c in dataset.model.classes.items()}
        self._terms = self._named(_definitions(dataset.model))
        self._by_predicate = {d.predicate: (name, d) for name, d in self._terms.items()}

    def document(self) -> Mapping[str, Json]:
        """The context as a JSON-LD document of its own."""
        classes = {name: self.short(iri) for iri, name in sorted(self._classes.items())}
        terms = {name: self._term(definition) for name, definition in sorted(self._terms.items())}
        return {"@context": {"@version": 1.1, **self._prefixes, **classes, **terms}}

    def text(self) -> str:
        """The document as it is published."""
        return json.dumps(self.document(), ensure_ascii=False, indent=2) + "\n"

    def short(self, iri: str) -> str:
        """The IRI with the longest prefix that fits (https://www.w3.org/TR/json-ld11/#compact-iris)."""
        for prefix, namespace in self._longest:
            rest = iri.removeprefix(namespace)
            if rest != iri and rest and not rest.startswith("//"):
                return f"{prefix}:{rest}"
        return iri

    def node(self, subject: Term, quads: Iterable[Quad]) -> dict[str, Json]:
        """The node object of a subject, of which these are the quads."""
        found: dict[str, Json] = {"@id": self._name(subject)}
        for predicate, group in groupby(quads, key=lambda quad: quad.predicate.value):
            objects = [quad.object for quad in group]
            if predicate == ns.RDF_TYPE:
                found["@type"] = [self._type(term) for term in objects]
            elif predicate in self._by_predicate:
                found |= self._under_term(*self._by_predicate[predicate], objects)
            else:
                found[self.short(predicate)] = [self._expanded(term) for term in objects]
        return found

    def _under_term(
        self, name: str, definition: _Definition, objects: Iterable[Term]
    ) -> dict[str, Json]:
        """The values under their term; those that it doesn't fit under the predicate's full IRI."""
        fitting: list[Term] = []
        others: list[Term] = []
        for term in objects:
            (fitting if _fits(definition, term) else others).append(term)
        found = {name: self._values(definition, fitting)} if fitting else {}
        if others:
            found[definition.predicate] = [self._expanded(term) for term in others]
        return found

    def _named(self, definitions: Iterable[_Definition]) -> dict[str, _Definition]:
        """Each definition under its local name, where that is free, else under its short IRI."""
        taken = {*self._prefixes, *self._classes.values()}
        terms: dict[str, _Definition] = {}
        for definition in definitions:
            name = local_name(definition.predicate)
            terms[self.short(definition.predicate) if name in taken else name] = definition
            taken.add(name)
        return terms

    def _term(self, definition: _Definition) -> Json:
        found: dict[str, Json] = {"@id": self.short(definition.predicate)}
        if definition.links:
            found["@type"] = "@id"
        elif definition.datatype:
            found["@type"] = self.short(definition.datatype)
        containers = {"@language": definition.by_language, "@set": definition.many}
        wanted = [name for name, used in containers.items() if used]
        if wanted:
            found["@container"] = wanted if len(wanted) > 1 else wanted[0]
        return found

    def _values(self, definition: _Definition, objects: list[Term]) -> Json:
        if definition.by_language:
            return _by_language(definition, objects)
        values = [self._name(o) if definition.links else _scalar(o) for o in objects]
        return values if definition.many or len(values) > 1 else values[0]

    def _expanded(self, term: Term) -> Json:
        if not isinstance(term, Literal):
            return {"@id": self._name(term)}
        if term.language:
            return {"@value": term.value, "@language": term.language}
        datatype = term.datatype.value
        if datatype == ns.XSD + "string":
            return {"@value": term.value}
        return {"@value": term.value, "@type": self.short(datatype)}

    def _type(self, term: Term) -> str:
        name = self._name(term)
        return self._classes.get(term.value, name) if isinstance(term, NamedNode) else name

    def _name(self, term: Term) -> str:
        if isinstance(term, NamedNode):
            return self.short(term.value)
        if isinstance(term, BlankNode):
            return str(term)
        raise InvalidInput(f"JSON-LD has no place for {term} here; choose another format")


def write(quads: Iterable[Quad], context: Context) -> Iterator[bytes]:
    """A JSON-LD document of the quads, in pieces: a line for each subject of each graph.

    The context stands in the document, so that it can be read without a network. Quads come
    sorted by graph, then subject, then predicate.
    """
    head = json.dumps(context.document()["@context"], ensure_ascii=False, indent=1)
    yield f'{{"@context": {head},\n"@graph": [\n'.encode()
    for number, (graph, group) in enumerate(groupby(quads, key=lambda quad: quad.graph_name)):
        yield b",\n" if number else b""
        if isinstance(graph, DefaultGraph):
            yield from _nodes(group, context)
        else:
            yield f'{{"@id": {json.dumps(context.short(graph.value))}, "@graph": [\n'.encode()
            yield from _nodes(group, context)
            yield b"\n]}"
    yield b"\n]}\n"


def _nodes(quads: Iterable[Quad], context: Context) -> Iterator[bytes]:
    for number, (subject, group) in enumerate(groupby(quads, key=lambda quad: quad.subject)):
        node = json.dumps(context.node(subject, group), ensure_ascii=False)
        yield f"{',' + chr(10) if number else ''}{node}".encode()


def _definitions(model: Model) -> list[_Definition]:
    """A definition for each predicate of the Model; where classes disagree on a type, without."""
    found: dict[str, _Definition] = {}
    for cls in sorted(model.classes.values(), key=lambda cls: cls.iri):
        for prop in cls.properties:
            if prop.predicate:
                new = _definition(prop.predicate, prop)
                found[prop.predicate] = _merged(found.get(prop.predicate, new), new)
    return [found[predicate] for predicate in sorted(found)]


def _definition(predicate: str, prop: Property) -> _Definition:
    text = prop.datatype == ns.RDF_LANG_STRING
    return _Definition(
        predicate,
        links=bool(prop.targets),
        datatype=None if text or prop.datatype == ns.XSD + "string" else prop.datatype,
        by_language=text,
        many=not prop.single,
    )


def _merged(one: _Definition, other: _Definition) -> _Definition:
    many = one.many or other.many
    if replace(one, many=many) == replace(other, many=many):
        return replace(one, many=many)
    return _Definition(one.predicate, many=many)


def _fits(definition: _Definition, term: Term) -> bool:
    """Whether the term's definition says all that is to be said of the value."""
    if not isinstance(term, Literal):
        return definition.links
    if definition.links:
        return False
    if definition.by_language:
        return bool(term.language)
    return not term.language and term.datatype.value == (definition.datatype or ns.XSD + "string")


def _by_language(definition: _Definition, objects: Iterable[Term]) -> Json:
    texts: dict[str, list[str]] = {}
    for term in objects:
        if isinstance(term, Literal):
            texts.setdefault(term.language or "@none", []).append(term.value)
    return {
        language: found if definition.many or len(found) > 1 else found[0]
        for language, found in sorted(texts.items())
    }


def _scalar(term: Term) -> Json:
    """A literal as a JSON number or truth value where that gives back the same literal."""
    assert isinstance(term, Literal)  # noqa: S101 (it fits its definition)
    text, datatype = term.value, term.datatype.value
    if datatype == ns.XSD + "boolean" and text in ("true", "false"):
        return text == "true"
    if datatype == ns.XSD + "integer" and text.lstrip("-").isdigit() and text == str(int(text)):
        return int(text) if abs(int(text)) <= SAFE_INTEGER else text
    return text
