"""What the values of ``filter`` and ``orderBy`` ask of the store."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from kizuna import namespaces as ns
from kizuna.dataset.selection import (
    AllOf,
    Among,
    AnyOf,
    Below,
    Compare,
    Condition,
    Key,
    Linked,
    Not,
    Operator,
    matching,
)
from kizuna.errors import LimitExceeded
from kizuna.graphql.identifiers import Identifiers
from kizuna.graphql.scalars import scalar_of
from kizuna.model import Class, Model, Path, Property, Step
from kizuna.terms import Literal, NamedNode

OPERATORS = {
    "eq": Operator.EQUAL,
    "in": Operator.EQUAL,
    "ne": Operator.NOT_EQUAL,
    "lt": Operator.LESS,
    "lte": Operator.AT_MOST,
    "gt": Operator.GREATER,
    "gte": Operator.AT_LEAST,
    "contains": Operator.CONTAINS,
    "startsWith": Operator.STARTS_WITH,
    "endsWith": Operator.ENDS_WITH,
}
LONGEST_MATCH = 100
# What goes with other tests on the same field and is no test itself.
MODIFIERS = frozenset({"lang", "certainty"})
EARLIEST: Path = (Step(ns.EARLIEST),)
LATEST: Path = (Step(ns.LATEST),)
TYPE: Path = (Step(ns.RDF_TYPE),)


class Translator:
    """Turns the coerced values of ``filter`` and ``orderBy`` into conditions and keys."""

    def __init__(self, model: Model, identifiers: Identifiers) -> None:
        self.model = model
        self.identifiers = identifiers

    def condition(self, item: Class | None, given: Mapping[str, Any] | None) -> Condition | None:
        """What a filter on the class asks; None where it asks nothing.

        Raises InvalidInput for an identifier that can't be one.
        """
        parts = [
            self._part(item, name, value)
            for name, value in (given or {}).items()
            if value is not None
        ]
        return AllOf(tuple(parts)) if parts else None

    def keys(
        self, item: Class, given: Sequence[Mapping[str, Any]] | None, languages: tuple[str, ...]
    ) -> tuple[Key, ...]:
        """The order keys that ``orderBy`` asks for; texts are compared as shown to the reader."""
        return tuple(
            key
            for entry in given or ()
            for key in self._keys(item, _plain(entry["field"]), entry, languages)
        )

    def _part(self, item: Class | None, name: str, value: Any) -> Condition:
        if name == "and":
            return AllOf(tuple(self._each(item, value)))
        if name == "or":
            return AnyOf(tuple(self._each(item, value)))
        if name == "not":
            return Not(self.condition(item, value) or AllOf(()))
        if name == "id":
            return self._identity(item, value)
        if name == "type" or item is None:
            return self._type(value)
        return self._on_property(item.field(name), value)

    def _each(self, item: Class | None, values: Iterable[Mapping[str, Any]]) -> Iterator[Condition]:
        return (self.condition(item, value) or AllOf(()) for value in values)

    def _identity(self, item: Class | None, value: Mapping[str, Any]) -> Condition:
        parts: list[Condition] = []
        for name, operand in value.items():
            if operand is not None:
                among = self._among(item, operand)
                parts.append(Not(among) if name == "ne" else among)
        return AllOf(tuple(parts))

    def _among(self, item: Class | None, given: Any) -> Among:
        """One of the subjects that an identifier or code, or a list of them, names."""
        return Among(tuple(self.identifiers.resolve(_plain(o), item) for o in _listed(given)))

    def _type(self, value: Mapping[str, Any]) -> Condition:
        parts: list[Condition] = []
        for name, operand in value.items():
            if operand is not None:
                among = Among(tuple(NamedNode(_plain(o)) for o in _listed(operand)))
                of_type = Linked(TYPE, among)
                parts.append(Not(of_type) if name == "ne" else of_type)
        return AllOf(tuple(parts))

    def _on_property(self, prop: Property, value: Mapping[str, Any]) -> Condition:
        tests = {n: o for n, o in value.items() if o is not None and n not in MODIFIERS}
        return AllOf(tuple(self._test(prop, n, o, value) for n, o in tests.items()))

    def _test(
        self, prop: Property, name: str, operand: Any, beside: Mapping[str, Any]
    ) -> Condition:
        if name == "exists":
            there = _exists_in(prop, beside.get("lang"))
            return there if operand else Not(there)
        if prop.targets:
            return self._on_link(prop, name, operand, beside)
        if name == "between":
            ends = {"gte": operand["from"], "lte": operand["to"]}
            return AllOf(tuple(_compare(prop, OPERATORS[n], [o]) for n, o in ends.items()))
        if name == "matches":
            pattern = (Literal(matching(_short(operand))),)
            return Compare(prop.path, Operator.MATCHES, pattern, True, beside.get("lang"))
        return _compare(prop, OPERATORS[name], _listed(operand), beside.get("lang"))

    def _on_link(
        self, prop: Property, name: str, operand: Any, beside: Mapping[str, Any]
    ) -> Condition:
        target = self.model.classes[prop.targets[0]] if len(prop.targets) == 1 else None
        match name:
            case "some":
                return Linked(prop.path, self.condition(target, operand))
            case "none":
                return Not(Linked(prop.path, self.condition(target, operand)))
            case "every":
                inner = self.condition(target, operand) or AllOf(())
                return Not(Linked(prop.path, Not(inner)))
            case "all":
                each = (Linked(prop.path, self._among(target, one)) for one in operand)
                return AllOf(tuple(each))
            case "any" | "eq" | "in":
                return Linked(prop.path, self._among(target, operand))
            case "ne":
                return Linked(prop.path, Not(self._among(target, operand)))
            case "broader":
                return Linked(prop.path, Below(self.identifiers.resolve(operand, target)))
        possible = _plain(beside.get("certainty")) == "possible"
        return Linked(prop.path, _on_time(name, operand, possible))

    def _keys(
        self, item: Class, name: str, entry: Mapping[str, Any], languages: tuple[str, ...]
    ) -> list[Key]:
        descending = _plain(entry.get("direction")) == "descending"
        nulls_first = _plain(entry.get("nulls")) == "first"
        return [
            Key(path, descending, languages if text else () if plain else None, nulls_first)
            for path, text, plain in self._ordered(item, name)
        ]

    def _ordered(self, item: Class, name: str) -> list[tuple[Path, bool, bool]]:
        """The paths that an order field stands for; whether as shown text, else as plain text."""
        if name == "id":
            return [((), False, False)]
        own, _, inner = name.partition(".")
        prop = item.field(own)
        if inner:
            below = self._ordered(self.model.classes[prop.targets[0]], inner)
            return [((*prop.path, *path), text, plain) for path, text, plain in below]
        if prop.targets == (ns.TIME_SPAN,):
            return [((*prop.path, *bound), False, False) for bound in (EARLIEST, LATEST)]
        if prop.targets:
            return [((*prop.path, Step(ns.SKOS_PREF_LABEL)), True, False)]
        if prop.datatype == ns.RDF_LANG_STRING:
            return [(prop.path, True, False)]
        # What has no order of its own, a Boolean too, is compared as text.
        return [(prop.path, False, not scalar_of(prop.datatype).ordered)]


def _on_time(name: str, operand: Any, possible: bool) -> Condition:
    """A condition on a time span: what holds for all, or for some, of what it leaves open."""
    match name:
        case "before":
            return _bound(EARLIEST if possible else LATEST, Operator.LESS, operand, possible)
        case "after":
            return _bound(LATEST if possible else EARLIEST, Operator.GREATER, operand, possible)
    first, last = (operand, operand) if name == "on" else (operand["from"], operand["to"])
    start, end = (LATEST, EARLIEST) if possible else (EARLIEST, LATEST)
    return AllOf(
        (
            _bound(start, Operator.AT_LEAST, first, possible),
            _bound(end, Operator.AT_MOST, last, possible),
        )
    )


def _bound(path: Path, operator: Operator, day: date, possible: bool) -> Condition:
    """A bound compares so; one that is missing possibly does, and never certainly."""
    literal = Literal(day.isoformat(), datatype=NamedNode(ns.XSD + "date"))
    compared = Compare(path, operator, (literal,))
    return AnyOf((compared, Not(Linked(path)))) if possible else compared


def _exists_in(prop: Property, language: str | None) -> Condition:
    """There is a value, in the language where one is asked for: every text starts with nothing."""
    if language is None:
        return Linked(prop.path)
    return _compare(prop, Operator.STARTS_WITH, [""], language)


def _short(text: str) -> str:
    """The text; raises LimitExceeded for one longer than is worth looking for."""
    if len(text) > LONGEST_MATCH:
        raise LimitExceeded(
            f"matches is {len(text)} characters long, the longest is {LONGEST_MATCH}; "
            "look for a part of it, or use contains"
        )
    return text


def _compare(
    prop: Property, operator: Operator, operands: Iterable[Any], language: str | None = None
) -> Condition:
    datatype = scalar_of(prop.datatype).datatype
    if datatype is None:
        texts = tuple(Literal(str(operand)) for operand in operands)
        return Compare(prop.path, operator, texts, text=True, language=language)
    typed = tuple(Literal(_lexical(o), datatype=NamedNode(datatype)) for o in operands)
    return Compare(prop.path, operator, typed)


def _lexical(operand: object) -> str:
    if isinstance(operand, bool):
        return str(operand).lower()
    if isinstance(operand, Decimal):
        return format(operand, "f")
    return operand.isoformat() if isinstance(operand, date) else str(operand)


def _listed(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [given]


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value
