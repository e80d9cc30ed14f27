"""What derived values rest on: of each value its Derivation, which leads to facts and claims."""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Any

from kizuna import namespaces as ns
from kizuna.dataset.derivation import derivation_iri
from kizuna.graphql import bindings as b
from kizuna.graphql.citing import Along
from kizuna.graphql.records import Ends, Record, Value
from kizuna.model import Class, Model, Path, Property, Step
from kizuna.terms import Literal, NamedNode, Term, Triple

FACTS: Path = (Step(ns.BECAUSE),)
CLAIMS: Path = (*FACTS, Step(ns.ON_FACT, inverse=True))
PASSAGES: Path = (*CLAIMS, Step(ns.SUPPORTED_BY))
DOCUMENTS: Path = (*PASSAGES, Step(ns.IN_SOURCE))


def derived(model: Model, item: Class) -> list[Property]:
    """The class's derived fields of one step, save those to facts: a fact speaks for itself."""
    facts = set(model.leaves([ns.FACT]))
    return [
        prop
        for prop in item.properties
        if prop.read_only
        and len(prop.path) == 1
        and not (prop.targets and facts.issuperset(model.leaves(prop.targets)))
    ]


def asked(binding: b.Provenance, arguments: Mapping[str, Any]) -> list[Property]:
    """The fields that are asked for, in the order asked, else all; what isn't there is left out."""
    names = arguments.get("fields")
    if names is None:
        return list(binding.fields.values())
    plain = dict.fromkeys(n.value if isinstance(n, Enum) else n for n in names)
    return [binding.fields[name] for name in plain if name in binding.fields]


def records(
    model: Model, fields: Sequence[Property], subject: Term, along: Along
) -> Iterator[Record]:
    """A record for each value of the fields; its subject is the value's Derivation."""
    for prop in fields:
        for value in along(prop.path, subject):
            parts: dict[str, Value] = {
                "field": prop.name,
                "node": Ends(() if isinstance(value, Literal) else (value,), single=True),
                "literal": value.value if isinstance(value, Literal) else None,
            }
            yield Record(parts, _derivation(model, prop, subject, value))


def _derivation(model: Model, prop: Property, subject: Term, value: Term) -> NamedNode | None:
    """The Derivation of the triple from subject to value, or of an inverse path the other way."""
    (step,) = prop.path
    start, end = (value, subject) if step.inverse else (subject, value)
    if not isinstance(start, NamedNode):
        return None
    return NamedNode(derivation_iri(model, Triple(start, NamedNode(step.predicate), end)))
