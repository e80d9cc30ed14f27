"""Operations made up from a schema and its data, for hypothesis to vary and to shrink."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_enum_type,
    is_list_type,
    is_non_null_type,
)
from hypothesis import strategies as st
from rdflib import Literal, URIRef

from kizuna.graphql import bindings as b
from kizuna.graphql.groupable import Groupable
from kizuna.graphql.grouping import MOST_MANY
from kizuna.graphql.scalars import scalar_of
from kizuna.graphql.schema import Api
from kizuna.model import Class, Property
from kizuna.terms import local_name
from tests.reference import Reference

T = TypeVar("T")
Draw = Callable[[st.SearchStrategy[Any]], Any]

LANGUAGES = ("en", "it", "ja", "fr", "IT", "ja-JP", "")
UNKNOWN = ("nobody", "https://example.org/nowhere", "kokoro#1")
DAYS = ("2022-01-01", "2024-12-31", "2025-06-01", "2026-01-14", "2026-01-16", "1957-05-05")
AMOUNTS: Mapping[str, Sequence[Any]] = {
    "IntFilter": [0, 1, 2, 3, 5, 200],
    "DecimalFilter": ["0", "0.5", "1", "1.50", "300", "150000000000"],
    "DateFilter": DAYS,
    "DateTimeFilter": ["2025-09-01T18:00:00Z", "2026-01-01T00:00:00Z"],
    "StringFilter": ["", "0", "2", "http", "EN", "zz"],
}
DEPTH = 4
SMALL = 5_000
# Types of objects that are part of what a field leads to.
WITHIN = ("Connection", "Edge", "GroupKeys", "Aggregates")


class Name(str):
    """An enum's value: in a document it stands without quotation marks."""

    __slots__ = ()


@dataclass(frozen=True)
class Operation:
    """An operation; a cursor among the variables is for the reference the IRI of its subject.

    Below the root the IRI of the item whose list it is of follows after a space.
    """

    query: str
    variables: Mapping[str, Any]
    reference_variables: Mapping[str, Any]
    languages: tuple[str, ...]


class World:
    """What operations are made from."""

    def __init__(self, api: Api, reference: Reference) -> None:
        self.api = api
        self.reference = reference
        self._pools: dict[str, list[Any]] = {}

    def ids(self, item: Class | None) -> list[str]:
        """Identifiers, most of them of subjects of the class."""
        model = self.reference.model
        classes = [item] if item else [c for c in model.classes.values() if not c.ancestors]
        found = [str(node) for c in classes for node in self.reference.instances(c)]
        codes = [
            code
            for c in classes
            if c.iri in model.schemes
            for concept in model.schemes[c.iri].concepts
            for code in (concept.code, local_name(concept.iri))
        ]
        base = model.id_bases[0]
        short = [iri.removeprefix(base) for iri in found if iri.startswith(base)]
        return [*found, *codes, *short, *UNKNOWN, "no identifier"]

    def pool(self, prop: Property) -> list[Any]:
        """Operands to compare the field's values with: most are values themselves."""
        if prop.shape not in self._pools:
            predicate = URIRef(prop.path[-1].predicate)
            found = {
                str(o)
                for o in self.reference.graph.objects(None, predicate)
                if isinstance(o, Literal)
            }
            self._pools[prop.shape] = _operands(scalar_of(prop.datatype).name, sorted(found))
        return self._pools[prop.shape]

    def cursor(
        self,
        binding: b.Connection,
        asked: Mapping[str, Any],
        languages: Sequence[str],
        position: int,
    ) -> tuple[str, str] | None:
        """A cursor, and its subject, of the connection with such filter and order."""
        assert binding.item
        prop, owner = binding.property, ""
        if prop:
            owners = self.reference.instances(self.reference.model.classes[prop.owner])[:2]
            if not owners:
                return None
            owner = str(owners[position % len(owners)])
        variables = {key: asked.get(key) for key in ("filter", "orderBy")}
        payload = self.api.execute(
            self._first_page(binding.item, prop, owner), {**variables, "lang": list(languages)}
        ).payload
        data = payload.get("data") or {}
        found = data.get("nodes", [data])[0]
        edges = found["page"]["edges"] if found else []
        if not edges:
            return None
        edge = edges[position % len(edges)]
        return edge["cursor"], f"{edge['node']['id']} {owner}".strip()

    def _first_page(self, item: Class, prop: Property | None, owner: str) -> str:
        """An operation for a page of the class, or of what the owner's field leads to."""
        declared = f"$filter: {item.name}Filter, $orderBy: [{item.name}Order!], $lang: [String!]"
        given = "first: 1000, filter: $filter, orderBy: $orderBy"
        edges = "{ edges { cursor node { id } } }"
        page = f"page: {item.plural}(lang: $lang, {given}) {edges}"
        if prop:
            class_name = self.reference.model.classes[prop.owner].name
            below = f"... on {class_name} {{ page: {prop.name}({given}) {edges} }}"
            page = f'nodes(ids: ["{owner}"], lang: $lang) {{ {below} }}'
        return f"query ({declared}) {{ {page} }}"


def _operands(scalar: str, found: list[str]) -> list[Any]:
    """Values as operands of a scalar type, and some that are near them."""
    if scalar == "Boolean":
        return [True, False]
    if scalar == "Int":
        return [*(int(text) for text in found), 0, -1]
    if scalar in ("Date", "DateTime", "Decimal"):
        return found or ["2025-01-01"]
    if scalar == "Float":
        return [0.5]
    parts = [part for text in found for part in (text[:3], text[2:5])]
    return [*found, *parts, "", 'a "quoted\\ one']


@st.composite
def operations(draw: Draw, world: World) -> Operation:
    """An operation on the world's schema."""
    return _Writer(draw, world).operation()


class _Writer:
    """Writes one operation."""

    def __init__(self, draw: Draw, world: World) -> None:
        self._draw = draw
        self._world = world
        self._schema = world.reference.schema
        self._count = 0
        self._fragments: list[str] = []
        self._reusable: dict[str, list[str]] = {}
        self._cursors = 0
        self._definitions: list[str] = []
        self._variables: dict[str, Any] = {}
        self._reference_variables: dict[str, Any] = {}
        self._languages: tuple[str, ...] = ()
        self._keys: list[str] = []

    def operation(self) -> Operation:
        """The operation, its fragments and its variables."""
        self._languages = tuple(self._some(LANGUAGES, 2))
        query = self._schema.query_type
        assert query
        selection = self._selection(query, DEPTH, self._languages)
        header = f"query Q({', '.join(self._definitions)})" if self._definitions else "query Q"
        text = "\n".join([f"{header} {selection}", *self._fragments])
        return Operation(text, self._variables, self._reference_variables, self._languages)

    # Chance

    def _one(self, choices: Sequence[T]) -> T:
        chosen: T = self._draw(st.sampled_from(choices))
        return chosen

    def _some(self, choices: Sequence[T], most: int) -> list[T]:
        return [self._one(choices) for _ in range(self._number(0, most))]

    def _number(self, least: int, most: int) -> int:
        return int(self._draw(st.integers(least, most)))

    def _chance(self, percent: int) -> bool:
        return self._number(0, 99) >= 100 - percent

    def _fresh(self, letter: str) -> str:
        self._count += 1
        return f"{letter}{self._count}"

    # Selections

    def _selection(self, type_: GraphQLNamedType, depth: int, languages: tuple[str, ...]) -> str:
        parts = [self._part(type_, depth, languages) for _ in range(self._number(1, 3))]
        return f"{{ {' '.join(parts)} }}"

    def _part(self, type_: GraphQLNamedType, depth: int, languages: tuple[str, ...]) -> str:
        if self._chance(25) and depth:
            return self._fragment(type_, depth, languages)
        if isinstance(type_, GraphQLUnionType) or self._chance(8):
            return f"{self._alias()}__typename{self._directive()}"
        assert isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
        fields = {
            name: found
            for name, found in type_.fields.items()
            if name not in ("search", "citation", "releases", "changes", "path")
            and (depth > 1 or not is_composite_type(get_named_type(found.type)) or _is_text(found))
        }
        if type_.name.endswith("GroupKeys") and self._chance(97):
            fields = {name: fields[name] for name in self._keys if name in fields}
        if not fields:
            return "__typename"
        name = self._one(list(fields))
        return self._field(type_, name, fields[name], depth, languages)

    def _fragment(self, type_: GraphQLNamedType, depth: int, languages: tuple[str, ...]) -> str:
        condition = self._condition(type_)
        known, cursors = self._reusable.setdefault(condition.name, []), self._cursors
        if known and self._chance(50):
            return f"...{self._one(known)}{self._directive()}"
        inner = self._selection(condition, depth - 1, languages)
        if self._chance(50):
            on = f" on {condition.name}" if condition is not type_ or self._chance(50) else ""
            return f"...{on}{self._directive()} {inner}"
        name = self._fresh("F")
        self._fragments.append(f"fragment {name} on {condition.name} {inner}")
        if self._cursors == cursors:  # a cursor fits only where languages are the same
            known.append(name)
        return f"...{name}{self._directive()}"

    def _condition(self, type_: GraphQLNamedType) -> GraphQLNamedType:
        """A type that something of this one may be of."""
        if isinstance(type_, GraphQLObjectType):
            own: list[GraphQLNamedType] = [type_, *type_.interfaces]
            return self._one(own)
        assert isinstance(type_, GraphQLInterfaceType | GraphQLUnionType)
        possible = self._schema.get_possible_types(type_)
        above = [i for one in possible for i in one.interfaces]
        found: list[GraphQLNamedType] = [*possible, *above] or [type_]
        return self._one(found)

    def _field(
        self,
        parent: GraphQLNamedType,
        name: str,
        found: GraphQLField,
        depth: int,
        languages: tuple[str, ...],
    ) -> str:
        binding = self._world.api.bindings.get((parent.name, name))
        arguments, given = self._arguments(binding, found.args, languages)
        alias = f"{self._fresh('a')}: " if arguments else self._alias()
        header = f"{alias}{name}{arguments}{self._directive()}"
        type_ = get_named_type(found.type)
        if not is_composite_type(type_):
            return header
        languages = (*_listed(given.get("lang")), *languages)
        copies = 2 if self._chance(15) else 1
        below = depth - (not type_.name.endswith(WITHIN))
        return " ".join(
            f"{header} {self._selection(type_, below, languages)}" for _ in range(copies)
        )

    def _alias(self) -> str:
        return f"{self._fresh('a')}: " if self._chance(20) else ""

    def _directive(self) -> str:
        if not self._chance(10):
            return ""
        condition = self._argument("Boolean!", self._chance(60))[0]
        return f" @{self._one(['skip', 'include'])}(if: {condition})"

    # Arguments

    def _arguments(
        self,
        binding: b.Binding | None,
        arguments: Mapping[str, GraphQLArgument],
        languages: tuple[str, ...],
    ) -> tuple[str, dict[str, Any]]:
        """The arguments as text, and their values."""
        values: dict[str, Any] = {}
        texts: list[str] = []
        if isinstance(binding, b.GroupBy):
            return self._grouping(binding.groupable, arguments)
        if isinstance(binding, b.ReleaseAt):
            return f"(number: {self._argument('Int!', int(self._chance(10)))[0]})", values
        for name, argument in arguments.items():
            required = isinstance(argument.type, GraphQLNonNull)
            if name in ("filter", "orderBy", "lang", "id", "ids", "on", "fields") and (
                required or self._chance(35)
            ):
                value = self._value(argument.type, _item(binding))
                text, values[name] = self._argument(str(argument.type), value)
                texts.append(f"{name}: {text}")
        if "first" in arguments:
            languages = (*_listed(values.get("lang")), *languages)
            for name, value in self._paging(binding, values, languages).items():
                text, values[name] = self._argument(str(arguments[name].type), value)
                texts.append(f"{name}: {text}")
        return (f"({', '.join(texts)})" if texts else ""), values

    def _grouping(
        self, groupable: Groupable, arguments: Mapping[str, GraphQLArgument]
    ) -> tuple[str, dict[str, Any]]:
        """The arguments of ``groupBy``; by its keys it is mostly ordered, and they are selected."""
        enum = get_named_type(arguments["keys"].type)
        assert is_enum_type(enum)
        keys = [*dict.fromkeys(self._some([*enum.values], 3 if self._chance(90) else 5))]
        names = {key.upper().replace("_", ""): key for key in enum.values}
        self._keys = [n for n in groupable.keys if names.get(n.upper()) in keys]
        many = [names[n.upper()] for n in self._keys if groupable.keys[n].many]
        if len(many) == MOST_MANY and len(self._world.reference.graph) > SMALL:
            keys.remove(many[0])  # there would be more groups than are allowed
            self._keys = [n for n in self._keys if names[n.upper()] in keys]
        values: dict[str, Any] = {"keys": [Name(key) for key in keys]}
        if self._chance(30):
            values["having"] = self._value(arguments["having"].type, None)
        if self._chance(50):
            values["orderBy"] = self._group_orders(arguments["orderBy"].type, keys)
        if self._chance(40):
            values["first"] = self._one([0, 1, 2, 3, 5, 1000, -1, 1001])
        if self._chance(20):
            values["offset"] = self._one([0, 0, 1, 2, -1])
        if self._chance(20):
            values["lang"] = self._some(LANGUAGES, 2)
        given = {n: self._argument(str(arguments[n].type), v) for n, v in values.items()}
        text = ", ".join(f"{name}: {text}" for name, (text, _) in given.items())
        return f"({text})", {name: value for name, (_, value) in given.items()}

    def _group_orders(self, type_: GraphQLInputType, keys: list[str]) -> list[dict[str, Any]]:
        order = get_named_type(type_)
        assert isinstance(order, GraphQLInputObjectType)
        fields = get_named_type(order.fields["field"].type)
        assert is_enum_type(fields)
        others = [name for name in fields.values if name.endswith(("_MIN", "_MAX", "_SUM", "_AVG"))]
        choices = ["COUNT", *keys, *others] if self._chance(95) else list(fields.values)
        orders = []
        for _ in range(self._number(0, 2)):
            entry = {"field": Name(self._one(choices))}
            for name in ("direction", "nulls"):
                if self._chance(50):
                    entry[name] = self._value(order.fields[name].type, None)
            orders.append(entry)
        return orders

    def _paging(
        self, binding: b.Binding | None, asked: Mapping[str, Any], languages: tuple[str, ...]
    ) -> dict[str, Any]:
        name, place = self._one([("first", "after"), ("last", "before")])
        values: dict[str, Any] = {}
        if self._chance(60):
            values[name] = self._one([0, 1, 1, 2, 2, 3, 5])
        if (
            isinstance(binding, b.Connection)
            and binding.item
            and self._chance(10 if binding.property else 30)
        ):
            cursor = self._world.cursor(
                binding, asked, (*languages, *self._languages), self._number(0, 9)
            )
            values |= {place: cursor} if cursor else {}
            self._cursors += 1
        if self._chance(4):
            values |= {self._one(["first", "last"]): self._one([-1, 1001, 3])}
        return values

    def _argument(self, type_: str, value: Any) -> tuple[str, Any]:
        """The value as literal or variable, and what it comes to."""
        if isinstance(value, tuple):
            name = self._variable(type_)
            self._variables[name], self._reference_variables[name] = value
            return f"${name}", value
        if type_.endswith("!"):
            return self._literal_or_variable(type_, value), value
        if self._chance(5):
            return "null", None
        if self._chance(5):
            return f"${self._variable(type_)}", None
        return self._literal_or_variable(type_, value), value

    def _literal_or_variable(self, type_: str, value: Any) -> str:
        if self._chance(65):
            return _literal(value)
        if self._chance(30):
            return f"${self._variable(type_.rstrip('!'), value)}"
        name = self._variable(type_)
        self._variables[name] = self._reference_variables[name] = value
        return f"${name}"

    def _variable(self, type_: str, default: Any = None) -> str:
        name = self._fresh("v")
        ending = "" if default is None else f" = {_literal(default)}"
        self._definitions.append(f"${name}: {type_}{ending}")
        return name

    # Values

    def _value(self, type_: GraphQLInputType, item: Class | None) -> Any:
        nullable = get_nullable_type(type_)
        if is_list_type(nullable):
            values = [self._value(nullable.of_type, item) for _ in range(self._number(0, 2))]
            return values[0] if len(values) == 1 and self._chance(30) else values
        assert not is_non_null_type(nullable)
        if isinstance(nullable, GraphQLInputObjectType):
            return self._input(nullable, item)
        if is_enum_type(nullable):
            return Name(self._one(list(nullable.values)))
        if str(nullable) == "ID":
            return self._one(self._world.ids(item))
        if str(nullable) == "Date":
            return self._one(DAYS)
        return self._one(LANGUAGES)

    def _input(self, type_: GraphQLInputObjectType, item: Class | None) -> dict[str, Any]:
        if type_.name.endswith("Order"):
            value = {"field": self._value(type_.fields["field"].type, item)}
            for name in ("direction", "nulls"):
                if self._chance(50):
                    value[name] = self._value(type_.fields[name].type, item)
            return value
        if type_.name.endswith("Range"):
            return {name: self._one(DAYS) for name in type_.fields}
        names = dict.fromkeys(self._one(list(type_.fields)) for _ in range(self._number(0, 2)))
        if type_.name.endswith(("GroupHaving", "AggregatesFilter")):
            return {name: self._value(type_.fields[name].type, None) for name in names}
        if item is None and type_.name in AMOUNTS:
            return {name: self._amount(name, AMOUNTS[type_.name]) for name in names}
        return {name: self._condition_on(type_, name, item) for name in names}

    def _amount(self, name: str, pool: Sequence[Any]) -> Any:
        """What to compare a group's count or aggregate with."""
        if name == "exists":
            return self._draw(st.booleans())
        if name == "between":
            return {"from": self._one(pool), "to": self._one(pool)}
        return self._some(pool, 3) if name == "in" else self._one(pool)

    def _condition_on(self, type_: GraphQLInputObjectType, name: str, item: Class | None) -> Any:
        inner = type_.fields[name].type
        if name in ("and", "or", "not", "id", "type") or type_.name in (
            "IDFilter",
            f"{item.name if item else 'Node'}TypeFilter",
        ):
            return self._value(inner, item)
        if type_.name.endswith("LinkFilter"):
            return self._draw(st.booleans()) if name == "exists" else self._value(inner, item)
        assert item
        return self._on_property(inner, item.field(name))

    def _on_property(self, inner: GraphQLInputType, prop: Property) -> Any:
        if prop.targets:
            model = self._world.reference.model
            target = model.classes[prop.targets[0]] if len(prop.targets) == 1 else None
            return self._value(inner, target)
        type_ = get_named_type(inner)
        assert isinstance(type_, GraphQLInputObjectType)
        names = dict.fromkeys(self._one(list(type_.fields)) for _ in range(self._number(0, 2)))
        return {name: self._operand(name, prop) for name in names}

    def _operand(self, name: str, prop: Property) -> Any:
        if name == "exists":
            return self._draw(st.booleans())
        if name == "lang":
            return self._one(LANGUAGES)
        pool = self._world.pool(prop)
        if name == "between":
            return {"from": self._one(pool), "to": self._one(pool)}
        return self._some(pool, 3) if name == "in" else self._one(pool)


def _is_text(found: GraphQLField) -> bool:
    return get_named_type(found.type).name == "Text"


def _item(binding: b.Binding | None) -> Class | None:
    return binding.item if isinstance(binding, b.One | b.Connection | b.InDocuments) else None


def _listed(value: Any) -> Sequence[str]:
    return () if value is None else [value] if isinstance(value, str) else value


def _literal(value: Any) -> str:
    if isinstance(value, Name):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_literal(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_literal(inner) for inner in value) + "]"
    return json.dumps(value, ensure_ascii=False)
