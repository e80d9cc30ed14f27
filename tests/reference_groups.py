"""``groupBy`` worked out one item at a time, for the reference."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, localcontext
from itertools import product
from typing import TYPE_CHECKING, Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLResolveInfo,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionSetNode,
    get_directive_values,
)
from rdflib import Literal, URIRef
from rdflib.namespace import RDF, SKOS
from rdflib.term import Node

from kizuna import namespaces as ns
from kizuna.dataset.grouping import PeriodKey, ShownKey
from kizuna.dataset.search import folded
from kizuna.errors import InvalidInput, LimitExceeded
from kizuna.graphql.groupable import Groupable, KeyField, MeasureField

if TYPE_CHECKING:
    from tests.reference import Reference

TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": lambda value, operand: bool(value == operand),
    "ne": lambda value, operand: bool(value != operand),
    "in": lambda value, operand: value in operand,
    "lt": lambda value, operand: bool(value < operand),
    "lte": lambda value, operand: bool(value <= operand),
    "gt": lambda value, operand: bool(value > operand),
    "gte": lambda value, operand: bool(value >= operand),
    "between": lambda value, operand: bool(operand[0] <= value <= operand[1]),
    "contains": lambda value, operand: operand in value,
    "startsWith": lambda value, operand: value.startswith(operand),
    "endsWith": lambda value, operand: value.endswith(operand),
    "matches": lambda value, operand: folded(operand) in folded(value),
}


@dataclass(frozen=True)
class Keys:
    """What a group's items share, by the keys' names, and the languages of who reads it."""

    values: Mapping[str, Any]
    languages: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """A group: its keys' values, in order, and its items."""

    keys: tuple[Any, ...]
    items: tuple[Node, ...]


class Grouper:
    """Groups items as one ``groupBy`` asks."""

    def __init__(
        self,
        reference: "Reference",
        groupable: Groupable,
        arguments: Mapping[str, Any],
        languages: tuple[str, ...],
    ) -> None:
        self._reference = reference
        self._languages = languages
        self._arguments = arguments
        self._keys = list(
            dict.fromkeys(_named(groupable.keys, name).name for name in arguments["keys"])
        )
        self._groupable = groupable

    def groups(self, items: Iterable[Node], selected: Iterable[str]) -> list[Mapping[str, Any]]:
        """The groups asked for, as their fields show them."""
        first, offset = self._window()
        self._check(selected)
        found = [group for group in self._all(items) if self._having(group)]
        ordered = self._ordered(found)
        return [self._shown(group) for group in ordered[offset : offset + first]]

    def _window(self) -> tuple[int, int]:
        first, offset = self._arguments.get("first"), self._arguments.get("offset")
        if first is not None and first < 0:
            raise InvalidInput(f"first is {first}; give a number from 0 to 1000")
        if first is not None and first > 1000:
            raise LimitExceeded(
                f"first is {first}, the largest page holds 1000; ask for less at a time"
            )
        if offset is not None and offset < 0:
            raise InvalidInput(f"offset is {offset}; give 0 or more")
        return 20 if first is None else first, offset or 0

    def _check(self, selected: Iterable[str]) -> None:
        many = [name for name in self._keys if self._groupable.keys[name].many]
        if len(self._keys) > 4 or len(many) > 2:
            raise LimitExceeded(
                "groupBy takes at most 4 keys, of those that can have several values 2; give fewer"
            )
        fields = dict.fromkeys(entry["field"] for entry in self._arguments.get("orderBy") or ())
        for where, names in (("keys", selected), ("orderBy", map(self._order_field, fields))):
            for name in names:
                if name in self._groupable.keys and name not in self._keys:
                    enum = "".join(f"_{c}" if c.isupper() else c for c in name).upper()
                    raise InvalidInput(
                        f"{where} asks for {name}, by which nothing is grouped; "
                        f"add {enum} to the keys of groupBy"
                    )

    def _all(self, items: Iterable[Node]) -> list[Group]:
        groups: dict[tuple[Any, ...], set[Node]] = defaultdict(set)
        for item in items:
            values = [self._values(item, self._groupable.keys[name]) for name in self._keys]
            for keys in product(*([*found] or [None] for found in values)):
                groups[keys].add(item)
        return [Group(keys, tuple(found)) for keys, found in groups.items()]

    def _values(self, item: Node, key: KeyField) -> set[Any]:
        reference = self._reference
        if key.type_of:
            ends = reference.along(item, key.key.path[:-1]) if key.key.path[:-1] else [item]
            leaves = {str(leaf) for leaf in key.type_of.leaves}
            types = {str(t) for end in ends for t in reference.graph.objects(end, RDF.type)}
            return {reference.model.classes[found].name for found in types & leaves}
        ends = reference.along(item, key.key.path)
        if isinstance(key.key, ShownKey):
            text = reference.displayed(ends, self._languages)
            return set() if text is None else {text}
        if isinstance(key.key, PeriodKey):
            return {period for end in ends for period in self._periods(end, key.key)}
        return set(ends)

    def _periods(self, end: Node, key: PeriodKey) -> set[Any]:
        if key.bounds is None:
            return {_cut(end, key.unit.value)}
        graph = self._reference.graph
        firsts, lasts = (list(graph.objects(end, URIRef(b))) for b in (ns.EARLIEST, ns.LATEST))
        pairs = product(firsts, lasts)
        cut = [tuple(_cut(day, key.unit.value) for day in pair) for pair in pairs]
        return {first for first, last in cut if first == last}

    # Order

    def _ordered(self, groups: Iterable[Group]) -> list[Group]:
        ordered = sorted(groups, key=lambda g: [self._last_where_none(key) for key in g.keys])
        entries = self._arguments.get("orderBy") or [{"field": "COUNT", "direction": "DESC"}]
        for entry in reversed(entries):
            name = self._order_field(entry["field"])
            values = [(self._order_value(group, name), group) for group in ordered]
            bound = [pair for pair in values if pair[0] is not None]
            bound.sort(key=lambda pair: pair[0], reverse=entry.get("direction") == "DESC")
            unbound = [group for value, group in values if value is None]
            there = [group for _, group in bound]
            ordered = unbound + there if entry.get("nulls") == "FIRST" else there + unbound
        return ordered

    def _order_field(self, enum: str) -> str:
        """``count``, the name of a key, or a measure and its part: ``amount.sum``."""
        wanted = enum.replace("_", "").lower()
        parts = [f"{m}.{part}" for m in self._groupable.measures for part in PARTS]
        names = ["count", *self._groupable.keys, *parts]
        return next(name for name in names if name.replace(".", "").lower() == wanted)

    def _order_value(self, group: Group, name: str) -> Any:
        if name == "count":
            return len(group.items)
        if name in self._keys:
            key = group.keys[self._keys.index(name)]
            label = self._label(key) if isinstance(key, URIRef) else None
            return key if key is None else label or self._comparable(key)
        measure, _, part = name.partition(".")
        return self._aggregates(group, self._groupable.measures[measure])[part]

    def _label(self, node: Node) -> str | None:
        labels = self._reference.graph.objects(node, SKOS.prefLabel)
        return self._reference.displayed(labels, self._languages)

    # Aggregates

    def _aggregates(self, group: Group, measure: MeasureField) -> Mapping[str, Any]:
        ends = (
            end for item in group.items for end in self._reference.along(item, measure.measure.path)
        )
        values = [str(end) if measure.measure.text else self._comparable(end) for end in ends]
        numbers = [value for value in values if isinstance(value, Decimal)]
        total = sum(numbers) if numbers else None
        return {
            "count": len(values),
            "min": min(values, default=None),
            "max": max(values, default=None),
            "sum": total,
            "avg": None if total is None else _mean(total, len(values)),
        }

    def _shown(self, group: Group) -> Mapping[str, Any]:
        aggregates = {
            name: _told(self._aggregates(group, measure), measure.scalar.name)
            for name, measure in self._groupable.measures.items()
        }
        keys = Keys(dict(zip(self._keys, group.keys, strict=True)), self._languages)
        return {**aggregates, "keys": keys, "count": len(group.items)}

    def _comparable(self, key: Any) -> Any:
        """A key's or a measure's value as it compares with its like."""
        return self._reference.compared(key) if isinstance(key, Literal) else key

    def _last_where_none(self, key: Any) -> tuple[bool, Any]:
        return key is None, "" if key is None else self._comparable(key)

    # Having

    def _having(self, group: Group, asked: Mapping[str, Any] | None = None) -> bool:
        given = self._arguments.get("having") if asked is None else asked
        return all(
            self._part(group, name, value)
            for name, value in (given or {}).items()
            if value is not None
        )

    def _part(self, group: Group, name: str, value: Any) -> bool:
        if name == "and":
            return all(self._having(group, part) for part in value)
        if name == "or":
            return any(self._having(group, part) for part in value)
        if name == "not":
            return not self._having(group, value)
        if name == "count":
            return _fulfils(len(group.items), value)
        aggregates = self._aggregates(group, self._groupable.measures[name])
        return all(
            _fulfils(aggregates[part], tests) for part, tests in value.items() if tests is not None
        )


def selected(info: GraphQLResolveInfo[Any], name: str) -> list[str]:
    """The fields selected of the field of that name, below the field that is resolved."""
    own = _collected(info.field_nodes, info)
    return [
        inner.name.value
        for nodes in own.values()
        if nodes[0].name.value == name
        for found in _collected(nodes, info).values()
        for inner in found[:1]
    ]


def _collected(
    nodes: Iterable[FieldNode], info: GraphQLResolveInfo[Any]
) -> dict[str, list[FieldNode]]:
    """The fields selected of one field, by their response key."""
    found: dict[str, list[FieldNode]] = {}
    for node in nodes:
        for field in _fields(node.selection_set, info):
            found.setdefault((field.alias or field.name).value, []).append(field)
    return found


def _fields(
    selections: SelectionSetNode | None, info: GraphQLResolveInfo[Any]
) -> Iterator[FieldNode]:
    for node in selections.selections if selections else ():
        skip = get_directive_values(GraphQLSkipDirective, node, info.variable_values)
        include = get_directive_values(GraphQLIncludeDirective, node, info.variable_values)
        if (skip and skip["if"]) or (include and not include["if"]):
            continue
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, FragmentSpreadNode):
            yield from _fields(info.fragments[node.name.value].selection_set, info)
        elif isinstance(node, InlineFragmentNode):
            yield from _fields(node.selection_set, info)


PARTS = ("min", "max", "sum", "avg")


def _named(found: Mapping[str, KeyField], enum: str) -> KeyField:
    wanted = enum.replace("_", "").lower()
    return next(key for name, key in found.items() if name.lower() == wanted)


def _fulfils(value: Any, tests: Mapping[str, Any]) -> bool:
    for name, operand in tests.items():
        if name == "exists" and operand is not None:
            if (value is not None) is not operand:
                return False
        elif operand is not None and (
            value is None or not TESTS[name](value, _operand(value, operand))
        ):
            return False
    return True


def _operand(value: Any, operand: Any) -> Any:
    """An operand as it compares with the value."""
    if isinstance(operand, list):
        return [_operand(value, one) for one in operand]
    if isinstance(operand, dict):
        return [_operand(value, operand["from"]), _operand(value, operand["to"])]
    if isinstance(value, datetime):
        return datetime.fromisoformat(operand)
    if isinstance(value, date):
        return date.fromisoformat(operand)
    return operand if isinstance(value, str) else Decimal(str(operand))


def _cut(day: Node, unit: str) -> int | str:
    year, month = str(day)[:4], str(day)[5:7]
    if unit == "year":
        return int(year)
    return f"{year}-{month}" if unit == "month" else f"{year}-Q{(int(month) + 2) // 3}"


def _mean(total: Decimal | int, count: int) -> Decimal:
    with localcontext(prec=60):
        return (Decimal(total) / count).quantize(Decimal("1e-18"))


def _told(aggregates: Mapping[str, Any], scalar: str) -> Mapping[str, Any]:
    """Aggregates as graphql-core is to serialise them."""
    told: dict[str, Any] = {}
    for name, value in aggregates.items():
        if value is None or name == "count":
            told[name] = value
        elif isinstance(value, date):
            told[name] = value.isoformat().replace("+00:00", "Z")
        elif scalar == "Int" and name in ("min", "max"):
            told[name] = int(value)
        else:
            told[name] = format(value.normalize(), "f") if isinstance(value, Decimal) else value
    return told
