"""The types of ``groupBy``, made from the Model: groups, keys, aggregates, and their inputs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

from kizuna.dataset.grouping import PeriodKey, ShownKey, Unit
from kizuna.errors import InvalidInput
from kizuna.graphql import bindings as b
from kizuna.graphql.arguments import LANG
from kizuna.graphql.groupable import (
    Groupable,
    KeyField,
    MeasureField,
    groupable,
    groupable_union,
)
from kizuna.graphql.inputs import DIRECTIONS, junctions, types_enum, upper_snake
from kizuna.graphql.making import Argument, Field, TypeModule
from kizuna.graphql.scalars import scalar_of
from kizuna.model import Class, Model, Property

# What each scalar can be aggregated to. Sums of whole numbers may outgrow an Int.
AGGREGATES: Mapping[str, Mapping[str, str]] = {
    "Int": {"min": "Int", "max": "Int", "sum": "Decimal", "avg": "Decimal"},
    "Decimal": dict.fromkeys(("min", "max", "sum", "avg"), "Decimal"),
    "Float": dict.fromkeys(("min", "max", "sum", "avg"), "Float"),
    **{name: {"min": name, "max": name} for name in ("Date", "DateTime", "String")},
}
ABOUT = {
    "count": "How many values there are.",
    "min": "The least value.",
    "max": "The greatest value.",
    "sum": "All values together, exactly.",
    "avg": "The mean, exactly, or to 18 decimal places.",
}
COUNT = "How many items there are."
ABOUT_GROUPS = (
    "The items of all pages in groups, 20, the largest first, where nothing is said. An item of "
    "several values of a key stands in several groups, one without in that where the key is null."
)


class Bound(Protocol):
    """Makes a field and notes what it stands for."""

    def __call__(
        self,
        owner: str,
        name: str,
        type_: str,
        description: str,
        binding: b.Binding,
        arguments: Sequence[Argument] = (),
    ) -> Field: ...


class GroupTypes:
    """Makes the types of all classes' groups."""

    def __init__(
        self, model: Model, made: TypeModule, bound: Bound, target_name: Callable[[Property], str]
    ) -> None:
        self._model = model
        self._made = made
        self._bound = bound
        self._target_name = target_name
        every = {found.name: groupable(model, found) for found in model.classes.values()}
        self._groupable = {name: found for name, found in every.items() if found.keys}
        self._unions = {
            name: groupable_union(model, name, prop) for name, prop in _unions(model, target_name)
        }

    def make(self) -> None:
        """Makes the types."""
        for name, parts in AGGREGATES.items():
            self._aggregates(name, parts)
        for name, found in self._unions.items():
            types_enum(self._made, name, found.kinds, self._model)
        self._groupable |= self._unions
        for found in self._groupable.values():
            self._keys(found)
            self._group(found)
            self._having(found)
            self._order(found)

    def fields(self, owner: str, target: str) -> Iterator[Field]:
        """``groupBy`` of a connection to that type; none where nothing is said of the items."""
        if target not in self._groupable:
            return
        name = f"{target}Group"
        arguments = [
            Argument("keys", f"[{name}Key!]!", "What the items of a group share; none: all."),
            Argument("having", f"{name}Having", "What each group must fulfil."),
            Argument("orderBy", f"[{name}Order!]", "What the groups are ordered by, in turn."),
            Argument("first", "Int", "At most so many groups; 20 where nothing is said."),
            Argument("offset", "Int", "How many groups to leave out before."),
            LANG,
        ]
        binding = b.GroupBy(self._groupable[target])
        yield self._bound(owner, "groupBy", f"[{name}!]!", ABOUT_GROUPS, binding, arguments)

    def _aggregates(self, scalar: str, parts: Mapping[str, str]) -> None:
        name = f"{scalar}Aggregates"
        fields = [
            self._bound(name, "count", "Int!", ABOUT["count"], b.AggregatePart("count")),
            *(
                self._bound(name, part, type_, ABOUT[part], b.AggregatePart(part))
                for part, type_ in parts.items()
            ),
        ]
        about = f"What a group's values of type {scalar} come to; null where there are none."
        self._made.object_type(name, fields, about)
        inputs = [
            Field(part, f"{type_}Filter", ABOUT[part])
            for part, type_ in (("count", "Int"), *parts.items())
        ]
        about = f"Conditions on what values of type {scalar} come to; all must hold."
        self._made.input(f"{name}Filter", inputs, about)

    def _keys(self, found: Groupable) -> None:
        name = f"{found.item.name}Group"
        labels = {key.name: key.label for key in found.keys.values()}
        self._enum(found.item, f"{name}Key", labels, f"What {found.item.name} can be grouped by.")
        fields = [
            self._bound(f"{name}Keys", key.name, self._shown(key), key.label, b.GroupKeyPart(key))
            for key in found.keys.values()
        ]
        about = "What a group's items share; only what they are grouped by can be asked."
        self._made.object_type(f"{name}Keys", fields, about)

    def _shown(self, key: KeyField) -> str:
        """The GraphQL type that shows a key."""
        if key.type_of:
            return f"{key.type_of.name}Type"
        if isinstance(key.key, PeriodKey) and key.key.unit is Unit.YEAR:
            return "Int"
        if isinstance(key.key, PeriodKey | ShownKey) or key.source is None:
            return "String"
        if key.source.targets:
            return self._target_name(key.source)
        return scalar_of(key.source.datatype).name

    def _group(self, found: Groupable) -> None:
        name = f"{found.item.name}Group"
        fields = [
            self._bound(name, "keys", f"{name}Keys!", "What they share.", b.GroupPart("keys")),
            self._bound(name, "count", "Int!", COUNT, b.GroupPart("count")),
            *(
                self._bound(name, m.name, f"{m.scalar.name}Aggregates!", m.label, b.Measured(m))
                for m in found.measures.values()
            ),
        ]
        self._made.object_type(name, fields, f"{found.item.name} items that share their keys.")

    def _having(self, found: Groupable) -> None:
        name = f"{found.item.name}GroupHaving"
        fields = [
            Field("count", "IntFilter", COUNT),
            *(
                Field(m.name, f"{m.scalar.name}AggregatesFilter", m.label)
                for m in found.measures.values()
            ),
        ]
        about = f"Conditions on a group of {found.item.name} items."
        self._made.input(name, [*fields, *junctions(name)], about)

    def _order(self, found: Groupable) -> None:
        name = f"{found.item.name}GroupOrder"
        labels = {"count": COUNT, **{key.name: key.label for key in found.keys.values()}}
        for measure in found.measures.values():
            labels |= _ordering(measure)
        about = "What groups can be ordered by: count, keys, aggregates."
        self._enum(found.item, f"{name}Field", labels, about)
        inputs = [Field("field", f"{name}Field!", "What to order by."), *DIRECTIONS]
        self._made.input(name, inputs, "An order of groups; the keys decide between equals.")

    def _enum(self, item: Class, name: str, labels: Mapping[str, str], about: str) -> None:
        """Makes an enum of what the labels are of; raises InvalidInput for a name of two things."""
        values: dict[str, str] = {}
        for given in labels:
            if (other := values.setdefault(upper_snake(given), given)) != given:
                raise InvalidInput(
                    f"{item.iri}: in its groups {upper_snake(given)} would stand for {other} and "
                    f"{given}; give a field another ij:fieldName"
                )
        self._made.enum(name, values, {key: labels[of] for key, of in values.items()}, about)


def _unions(model: Model, target_name: Callable[[Property], str]) -> Iterator[tuple[str, Property]]:
    """The unions that there are connections to, by name, each with its field."""
    for found in model.classes.values():
        for prop in found.properties:
            many = prop.owner == found.iri and not prop.single and not prop.bounded
            if many and len(prop.targets) > 1:
                yield target_name(prop), prop


def _ordering(measure: MeasureField) -> dict[str, str]:
    """The order fields of a measure, with their labels: ``amount.sum`` is AMOUNT_SUM."""
    parts = AGGREGATES[measure.scalar.name]
    return {f"{measure.name}.{part}": f"{measure.label}: {part}" for part in parts}
