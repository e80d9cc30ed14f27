"""Filter and order inputs made from the Model, and what they ask of the store."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Any

from kizuna import namespaces as ns
from kizuna.dataset.selection import (
    AllOf,
    Among,
    AnyOf,
    Compare,
    Condition,
    Key,
    Linked,
    Not,
    Operator,
)
from kizuna.graphql.identifiers import Identifiers
from kizuna.graphql.making import Argument, Field, TypeModule
from kizuna.graphql.scalars import scalar_of
from kizuna.model import Class, Model, Property, Step
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
}
ABOUT = {
    "eq": "Equal to this.",
    "ne": "There is a value, and it isn't this.",
    "in": "Equal to one of these.",
    "lt": "Below this.",
    "lte": "Below this, or equal to it.",
    "gt": "Above this.",
    "gte": "Above this, or equal to it.",
    "contains": "Contains this, letter by letter.",
    "startsWith": "Starts with this, letter by letter.",
    "exists": "Whether there is a value.",
    "some": "At least one linked item fulfils this.",
}
EQUALITY = ("eq", "ne", "in")
ORDERED = ("lt", "lte", "gt", "gte")
TEXTUAL = ("contains", "startsWith")
ORDERED_SCALARS = ("Int", "Float", "Decimal", "Date", "DateTime")


class Inputs:
    """Makes the filter and order inputs of a schema."""

    def __init__(self, model: Model, made: TypeModule) -> None:
        self.model = model
        self.made = made

    def make(self) -> None:
        """Makes the inputs of all classes."""
        self._value_filters()
        direction = {"ASC": "ascending", "DESC": "descending"}
        about = {"ASC": "Smallest first.", "DESC": "Largest first."}
        self.made.enum(
            "OrderDirection", direction, about, "A direction; what has no value is last."
        )
        for found in self.model.classes.values():
            self._codes(found)
            self._filter(found)
            self._link_filter(found)
            self._order(found)

    def arguments(self, item: Class | None) -> list[Argument]:
        """``filter`` and ``orderBy`` of a connection of the class; of a union only a filter."""
        if item is None:
            return [Argument("filter", "NodeFilter")]
        return [
            Argument("filter", f"{item.name}Filter"),
            Argument("orderBy", f"[{item.name}Order!]"),
        ]

    def _value_filters(self) -> None:
        ids = _fields("ID", EQUALITY)
        self.made.input("IDFilter", ids, "A condition on an identifier, whole or its last part.")
        strings = [*_fields("String", (*EQUALITY, *TEXTUAL)), _exists()]
        self.made.input("StringFilter", strings, "A condition on a string.")
        lang = Field("lang", "String", "Only texts in this language; else in any.")
        self.made.input("TextFilter", [*strings, lang], "A condition on a text in any language.")
        booleans = [*_fields("Boolean", ("eq",)), _exists()]
        self.made.input("BooleanFilter", booleans, "A condition on a Boolean.")
        for name in ORDERED_SCALARS:
            fields = [*_fields(name, (*EQUALITY, *ORDERED)), _exists()]
            self.made.input(f"{name}Filter", fields, f"A condition on a value of type {name}.")
        node = [Field("id", "IDFilter", "Its identifier."), *_junctions("NodeFilter")]
        self.made.input("NodeFilter", node, "Conditions that any item can fulfil.")
        link = [Field("some", "NodeFilter", ABOUT["some"]), _exists()]
        self.made.input("NodeLinkFilter", link, "A condition on a link to items of several types.")

    def _codes(self, found: Class) -> None:
        scheme = self.model.schemes.get(found.iri)
        if scheme and scheme.closed:
            codes = {concept.code: concept.iri for concept in scheme.concepts}
            about = {c.code: d for c in scheme.concepts if (d := c.definitions.get("en"))}
            self.made.enum(f"{found.name}Code", codes, about, f"The codes of {found.name}.")

    def _filter(self, found: Class) -> None:
        name = f"{found.name}Filter"
        fields = [Field("id", "IDFilter", None)]
        fields += [Field(p.name, self._filter_of(p), None) for p in found.properties]
        about = f"Conditions on {found.name}; all must hold, of `or` at least one, `not` must not."
        self.made.input(name, [*fields, *_junctions(name)], about)

    def _filter_of(self, prop: Property) -> str:
        if len(prop.targets) > 1:
            return "NodeLinkFilter"
        if prop.targets:
            return f"{self.model.classes[prop.targets[0]].name}LinkFilter"
        if prop.datatype == ns.RDF_LANG_STRING:
            return "TextFilter"
        return f"{scalar_of(prop.datatype).name}Filter"

    def _link_filter(self, found: Class) -> None:
        fields = [Field("some", f"{found.name}Filter", ABOUT["some"]), _exists()]
        if scheme := self.model.schemes.get(found.iri):
            fields = [*_fields(f"{found.name}Code" if scheme.closed else "ID", EQUALITY), *fields]
        about = f"A condition on a link to {found.name}."
        self.made.input(f"{found.name}LinkFilter", fields, about)

    def _order(self, found: Class) -> None:
        names = {"ID": "id"} | {
            _upper_snake(p.name): p.name for p in found.properties if self._can_order(p)
        }
        self.made.enum(
            f"{found.name}OrderField", names, {}, f"What {found.name} can be ordered by."
        )
        fields = [
            Field("field", f"{found.name}OrderField!", None),
            Field("direction", "OrderDirection", "ASC where nothing is said."),
        ]
        self.made.input(
            f"{found.name}Order",
            fields,
            f"An order of {found.name} items; the IRI decides between equals.",
        )

    def _can_order(self, prop: Property) -> bool:
        if not prop.single:
            return False
        if not prop.targets:
            return True
        return prop.targets == (ns.TIME_SPAN,) or prop.targets[0] in self.model.schemes


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
            for key in self._keys(item, _plain(entry["field"]), _descending(entry), languages)
        )

    def _part(self, item: Class | None, name: str, value: Any) -> Condition:
        if name == "and":
            return AllOf(tuple(self._each(item, value)))
        if name == "or":
            return AnyOf(tuple(self._each(item, value)))
        if name == "not":
            return Not(self.condition(item, value) or AllOf(()))
        if name == "id" or item is None:
            return self._identity(item, value)
        return self._on_property(item.field(name), value)

    def _each(self, item: Class | None, values: Iterable[Mapping[str, Any]]) -> Iterator[Condition]:
        return (self.condition(item, value) or AllOf(()) for value in values)

    def _identity(self, item: Class | None, value: Mapping[str, Any]) -> Condition:
        parts: list[Condition] = []
        for name, operand in value.items():
            if operand is None:
                continue
            operands = operand if isinstance(operand, list) else [operand]
            among = Among(tuple(self.identifiers.resolve(o, item) for o in operands))
            parts.append(Not(among) if name == "ne" else among)
        return AllOf(tuple(parts))

    def _on_property(self, prop: Property, value: Mapping[str, Any]) -> Condition:
        language = value.get("lang")
        parts = [
            self._test(prop, name, operand, language)
            for name, operand in value.items()
            if operand is not None and name != "lang"
        ]
        return AllOf(tuple(parts))

    def _test(self, prop: Property, name: str, operand: Any, language: str | None) -> Condition:
        if name == "exists":
            there = _exists_in(prop, language)
            return there if operand else Not(there)
        target = self._target(prop)
        if name == "some":
            return Linked(prop.path, self.condition(target, operand))
        operands = operand if isinstance(operand, list) else [operand]
        if target:
            concepts = Among(tuple(self.identifiers.resolve(_plain(o), target) for o in operands))
            return Linked(prop.path, Not(concepts) if name == "ne" else concepts)
        return _compare(prop, OPERATORS[name], operands, language)

    def _target(self, prop: Property) -> Class | None:
        return self.model.classes[prop.targets[0]] if len(prop.targets) == 1 else None

    def _keys(
        self, item: Class, name: str, descending: bool, languages: tuple[str, ...]
    ) -> list[Key]:
        if name == "id":
            return [Key((), descending)]
        prop = item.field(name)
        if prop.targets == (ns.TIME_SPAN,):
            bounds = (ns.EARLIEST, ns.LATEST)
            return [Key((*prop.path, Step(bound)), descending) for bound in bounds]
        if prop.targets:
            return [Key((*prop.path, Step(ns.SKOS_PREF_LABEL)), descending, languages)]
        if prop.datatype == ns.RDF_LANG_STRING:
            return [Key(prop.path, descending, languages)]
        # What has no order of its own, a Boolean too, is compared as text.
        return [Key(prop.path, descending, None if scalar_of(prop.datatype).ordered else ())]


def _exists_in(prop: Property, language: str | None) -> Condition:
    """There is a value, in the language where one is asked for: every text starts with nothing."""
    if language is None:
        return Linked(prop.path)
    return _compare(prop, Operator.STARTS_WITH, [""], language)


def _compare(
    prop: Property, operator: Operator, operands: Iterable[Any], language: str | None
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
    return operand.isoformat() if isinstance(operand, date) else str(operand)


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _descending(entry: Mapping[str, Any]) -> bool:
    return bool(_plain(entry.get("direction")) == "descending")


def _fields(type_: str, names: Iterable[str]) -> list[Field]:
    return [Field(n, f"[{type_}!]" if n == "in" else type_, ABOUT[n]) for n in names]


def _exists() -> Field:
    return Field("exists", "Boolean", ABOUT["exists"])


def _junctions(name: str) -> list[Field]:
    return [
        Field("and", f"[{name}!]", None),
        Field("or", f"[{name}!]", None),
        Field("not", name, None),
    ]


def _upper_snake(name: str) -> str:
    return "".join(f"_{c}" if c.isupper() else c for c in name).upper().lstrip("_")
