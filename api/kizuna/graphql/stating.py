"""Inputs of the Model's classes turned into statements, term by term, never by way of text."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from strawberry import UNSET

from kizuna import namespaces as ns
from kizuna.contributions.documents import Statements, Submission
from kizuna.dataset.releases import Dataset
from kizuna.errors import InvalidInput, NotFound
from kizuna.graphql.identifiers import Identifiers
from kizuna.model import Class, Model, Property
from kizuna.terms import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Term
from kizuna.validation.overlay import is_asserted

INPUT = "input"
REMOVED = "removed"
_TYPE = NamedNode(ns.RDF_TYPE)


@dataclass(frozen=True)
class Stated:
    """What an input states and what it takes back, each with the place in the input."""

    added: Mapping[Quad, str]
    removed: Mapping[Quad, str]

    @property
    def submission(self) -> Submission:
        """The statements, to be examined."""
        return Submission(
            Statements(tuple(self.added), INPUT), Statements(tuple(self.removed), REMOVED)
        )

    def placed(self, result: Mapping[str, Any]) -> dict[str, Any]:
        """A result of examining them, with the place in the input for its line."""
        quads = {INPUT: self.added, REMOVED: self.removed}.get(result["document"])
        if quads is None or result["line"] is None:
            return dict(result)
        return {**result, "document": list(quads.values())[result["line"] - 1], "line": None}


Statement = Callable[[Dataset, Any], Stated]


class Stating:
    """How inputs of each class of which something can be stated are read."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._identifiers = Identifiers(model)
        self.classes = tuple(c for c in model.classes.values() if self._stated(c))

    def new(self, found: Class) -> Statement:
        """Reads what is said of something new."""

        def read(dataset: Dataset, given: Any) -> Stated:
            reading = _Reading(self, self._identifiers)
            reading.thing(given, found, INPUT)
            return Stated(reading.quads, {})

        return read

    def corrected(self, found: Class) -> Statement:
        """Reads what is said anew of something that is there."""

        def read(dataset: Dataset, given: Any) -> Stated:
            reading = _Reading(self, self._identifiers)
            node = reading.named(given.id_, found, f"{INPUT}.id")
            _require(dataset, node, found)
            removed: dict[Quad, str] = {}
            for prop in self.fields(found):
                value = getattr(given, f"{prop.name}_", UNSET)
                if value is not UNSET and prop.predicate:
                    place = f"{INPUT}.{prop.name}"
                    there = filter(is_asserted, dataset.store.find(node, prop.predicate))
                    removed |= dict.fromkeys(there, place)
                    reading.values(node, prop, value, place)
            return Stated(reading.quads, removed)

        return read

    def fields(self, found: Class) -> list[Property]:
        """The fields that can be stated of a class.

        Those against the direction of a property are there where a thing belongs to this one alone.
        """
        return [p for p in found.properties if not p.read_only and (p.predicate or self._parts(p))]

    def implied(self, prop: Property) -> bool:
        """Whether the thing that a field names may be the one around it."""
        return any(
            other.path[0].predicate == prop.predicate and self._parts(other)
            for one in self.model.classes.values()
            for other in one.properties
        )

    def leaves(self, targets: Iterable[str]) -> dict[str, Class]:
        """The classes of new things that a field may lead to, by the names of their fields."""
        found = (self.model.classes[leaf] for leaf in self.model.leaves(targets))
        return {c.name[0].lower() + c.name[1:]: c for c in found if c in self.classes}

    def _parts(self, prop: Property) -> bool:
        """Whether a field leads, against a property, to things that have but one such."""
        if len(prop.path) != 1 or not prop.path[0].inverse or len(prop.targets) != 1:
            return False
        target = self.model.classes[prop.targets[0]]
        forward = [p for p in target.properties if p.predicate == prop.path[0].predicate]
        return not target.abstract and any(p.maximum == 1 and p.required for p in forward)

    def _stated(self, found: Class) -> bool:
        scheme = self.model.schemes.get(found.iri)
        if found.abstract:
            return any(self._stated(self.model.classes[leaf]) for leaf in found.leaves)
        stated = any(not p.read_only for p in found.properties)
        return stated and (scheme is None or not scheme.closed)


def _require(dataset: Dataset, node: NamedNode, found: Class) -> None:
    """Raises NotFound, or InvalidInput for what is of another class."""
    types = {quad.object for quad in dataset.store.find(node, ns.RDF_TYPE)}
    if not types:
        raise NotFound(f"{INPUT}.id: there is nothing with the id {node.value}.")
    if NamedNode(found.iri) not in types:
        raise InvalidInput(
            f"{INPUT}.id: {node.value} is no {found.name}; correct it as what it is."
        )


@dataclass
class _Reading:
    stating: Stating
    identifiers: Identifiers
    quads: dict[Quad, str] = field(default_factory=dict)

    def thing(self, given: Any, found: Class, place: str) -> BlankNode:
        """States what is said of a new thing."""
        if found.abstract:
            name, leaf, chosen = _chosen(given, self.stating.leaves([found.iri]))
            return self.thing(chosen, leaf, f"{place}.{name}")
        node = BlankNode()
        self._say(node, _TYPE, NamedNode(found.iri), place)
        if scheme := self.stating.model.schemes.get(found.iri):
            self._say(node, NamedNode(ns.SKOS_IN_SCHEME), NamedNode(scheme.iri), place)
        for prop in self.stating.fields(found):
            value = getattr(given, f"{prop.name}_")
            self.values(node, prop, None if value is UNSET else value, f"{place}.{prop.name}")
        return node

    def values(self, node: Term, prop: Property, given: Any, place: str) -> None:
        """States the values of a field."""
        many = isinstance(given, list)
        for number, value in enumerate(given if many else [] if given is None else [given]):
            at = f"{place}[{number}]" if many else place
            if prop.predicate:
                self._say(node, NamedNode(prop.predicate), self._term(value, prop, at), at)
            else:
                (target,) = self.stating.leaves(prop.targets).values()
                part = self.thing(value, target, at)
                self._say(part, NamedNode(prop.path[0].predicate), node, at)

    def named(self, given: str, found: Class | None, place: str) -> NamedNode:
        """What an id names."""
        try:
            return self.identifiers.resolve(given, found)
        except InvalidInput as error:
            raise InvalidInput(f"{place}: {error}") from error

    def _term(self, value: Any, prop: Property, place: str) -> Term:
        if prop.datatype == ns.RDF_LANG_STRING:
            return _text(value, place)
        if not prop.targets:
            return _literal(value, prop.datatype)
        if isinstance(value, Enum):
            return NamedNode(value.value)
        if isinstance(value, str):
            return self.named(value, self.stating.model.classes[prop.targets[0]], place)
        if value.id_ not in (UNSET, None):
            return self.named(value.id_, None, f"{place}.id")
        name, leaf, chosen = _chosen(value, self.stating.leaves(prop.targets))
        return self.thing(chosen, leaf, f"{place}.{name}")

    def _say(self, subject: Term, predicate: NamedNode, value: Term, place: str) -> None:
        if not isinstance(subject, Literal):
            self.quads.setdefault(Quad(subject, predicate, value, DefaultGraph()), place)


def _chosen(given: Any, leaves: Mapping[str, Class]) -> tuple[str, Class, Any]:
    """The one that is given of several."""
    return next(
        (name, leaf, value)
        for name, leaf in leaves.items()
        if (value := getattr(given, f"{name}_")) not in (UNSET, None)
    )


def _text(given: Any, place: str) -> Literal:
    try:
        return Literal(given.value_, language=given.language_)
    except ValueError as error:
        raise InvalidInput(f"{place}.language: {given.language_!r} is no language tag.") from error


def _literal(value: Any, datatype: str | None) -> Literal:
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, Decimal):
        text = format(value, "f")
    else:
        text = value.isoformat() if isinstance(value, date) else str(value)
    return Literal(text, datatype=NamedNode(datatype or ns.XSD + "string"))
