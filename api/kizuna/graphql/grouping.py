"""``groupBy``: what its arguments ask, and the groups that are read for it.

One query gives the groups of all parents; which of them fulfil ``having``, their order and the cut
to the groups asked for are worked out here, so the number of groups is limited.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, TypeAlias

from kizuna import namespaces as ns
from kizuna.dataset.grouping import Group, Grouping, GroupKey, ShownKey
from kizuna.dataset.selection import Selection
from kizuna.dataset.store import Reader
from kizuna.errors import InvalidInput, KizunaError, LimitExceeded
from kizuna.graphql import bindings as b
from kizuna.graphql.aggregates import Standing, aggregated, standing
from kizuna.graphql.connections import page_size
from kizuna.graphql.groupable import Groupable, KeyField
from kizuna.graphql.having import measured, predicate, weight
from kizuna.graphql.inputs import upper_snake
from kizuna.graphql.limits import MOST_LANGUAGES, Limits
from kizuna.graphql.plan import Asked, FieldPlan, ObjectPlan
from kizuna.graphql.texts import preferred
from kizuna.model import Path, Step
from kizuna.terms import Literal, Term

LABEL: Path = (Step(ns.SKOS_PREF_LABEL),)
MOST_KEYS = 4
MOST_MANY = 2
# What the subjects that keys lead to are called, as the reader is shown it.
Labels: TypeAlias = Mapping[Term, str]
# A connection, and one ``groupBy`` of it.
_Asked: TypeAlias = tuple[Asked, int]


@dataclass(frozen=True)
class Order:
    """An order of groups: by the count, a key, or a part of a measure (``amount.sum``)."""

    field: str
    descending: bool = False
    nulls_first: bool = False

    @property
    def by_key(self) -> bool:
        """Whether it is a key that groups are ordered by."""
        return "." not in self.field and self.field != "count"


DEFAULT = (Order("count", descending=True),)


class GroupRequest:
    """What the arguments and the selection of one ``groupBy`` ask.

    Raises InvalidInput or LimitExceeded where they can't be asked.
    """

    def __init__(self, plan: FieldPlan, groupable: Groupable, largest: int) -> None:
        asked = plan.arguments
        self.keys = tuple(groupable.keys[name] for name in _names(asked["keys"]))
        self._places = {key.name: place for place, key in enumerate(self.keys)}
        self.languages = plan.languages
        self._order = tuple(_orders(asked.get("orderBy"))) or DEFAULT
        self._having = asked.get("having") or {}
        self._size = page_size("first", asked.get("first"), largest)
        self._offset = _offset(asked.get("offset"))
        self._check(plan)
        wanted = {*_selected(plan), *measured(self._having, groupable.measures)}
        wanted |= {order.field.partition(".")[0] for order in self._order if "." in order.field}
        self.measures = tuple(m for name, m in groupable.measures.items() if name in wanted)
        self._measured = {measure.name: place for place, measure in enumerate(self.measures)}

    def key(self, group: Group, key: KeyField) -> Term | None:
        """The value of a selected key in a group."""
        return group.keys[self._places[key.name]]

    def values(self, groups: Iterable[Group], key: KeyField) -> list[Term]:
        """The values of a key in the groups."""
        place = self._places[key.name]
        return [value for group in groups if (value := group.keys[place]) is not None]

    def value(self, group: Group, measure: str | None, part: str) -> Term | None:
        """A part of a group's measure; without a measure its count."""
        if measure is None:
            return Literal(group.count)
        return aggregated(group.measures[self._measured[measure]], part)

    def grouping(self, selection: Selection, limit: int) -> Grouping:
        """What the store is asked."""
        keys = tuple(self._key(field.key) for field in self.keys)
        measures = tuple(field.measure for field in self.measures)
        return Grouping(selection, keys, measures, limit)

    def fulfilling(self, groups: Iterable[Group]) -> list[Group]:
        """Those of the groups that fulfil ``having``."""
        return list(filter(predicate(self._having, self.value), groups))

    def linked(self, groups: Sequence[Group]) -> Iterator[Term]:
        """The subjects by whose labels the groups are ordered."""
        ordering = {order.field for order in self._order}
        for key in self.keys:
            if key.name in ordering and key.source and key.source.targets:
                yield from self.values(groups, key)

    def page(self, groups: Iterable[Group], labels: Labels) -> list[Group]:
        """The groups asked for, in order: of equal ones the keys decide."""
        ordered = sorted(groups, key=lambda group: [*map(_last_where_none, group.keys)])
        for order in reversed(self._order):
            placed = [(self._standing(group, order, labels), group) for group in ordered]
            bound = [(place, group) for place, group in placed if place is not None]
            bound.sort(key=lambda one: one[0], reverse=order.descending)
            unbound = [group for place, group in placed if place is None]
            ordered = [group for _, group in bound]
            ordered = unbound + ordered if order.nulls_first else ordered + unbound
        return ordered[self._offset : self._offset + self._size]

    def _standing(self, group: Group, order: Order, labels: Labels) -> Standing | None:
        name, _, part = order.field.partition(".")
        place = self._places.get(order.field)
        value = (
            self.value(group, name if part else None, part) if place is None else group.keys[place]
        )
        if value is None:
            return None
        return standing(labels.get(value) or value)

    def _key(self, key: GroupKey) -> GroupKey:
        return replace(key, languages=self.languages) if isinstance(key, ShownKey) else key

    def _check(self, plan: FieldPlan) -> None:
        if len(self.keys) > MOST_KEYS or sum(key.many for key in self.keys) > MOST_MANY:
            raise LimitExceeded(
                f"groupBy takes at most {MOST_KEYS} keys, of those that can have several values "
                f"{MOST_MANY}; give fewer"
            )
        shown = any(isinstance(key.key, ShownKey) for key in self.keys)
        if shown and len(self.languages) > MOST_LANGUAGES:
            raise LimitExceeded(
                f"texts can be grouped by in at most {MOST_LANGUAGES} languages; give fewer in lang"
            )
        asked = [("keys", key.name) for _, key in _key_fields(plan)]
        asked += [("orderBy", order.field) for order in self._order if order.by_key]
        for where, name in asked:
            if name not in self._places:
                raise InvalidInput(
                    f"{where} asks for {name}, by which nothing is grouped; "
                    f"add {upper_snake(name)} to the keys of groupBy"
                )


class Groups:
    """The groups read for one operation; ``count`` takes note of its conditions, and refuses."""

    def __init__(self, reader: Reader, limits: Limits, count: Callable[[int], None]) -> None:
        self._reader = reader
        self._limits = limits
        self._count = count
        self._found: dict[_Asked, dict[Term | None, list[Group]]] = {}
        self._requests: dict[_Asked, GroupRequest] = {}
        self._refused: dict[_Asked, KizunaError] = {}

    def read(
        self, connection: FieldPlan, plan: FieldPlan, groupable: Groupable, selection: Selection
    ) -> None:
        """Reads the groups of the selection's subjects, or why they can't be read."""
        asked = connection.asked, id(plan)
        try:
            request = GroupRequest(plan, groupable, self._limits.page)
            self._count(weight(plan.arguments.get("having")))
            pages = self._pages(request, selection)
        except KizunaError as error:
            self._refused[asked] = error
            return
        self._requests[asked] = request
        self._found.setdefault(asked, {}).update(pages)

    def of(
        self, connection: FieldPlan, plan: FieldPlan, parent: Term | None
    ) -> tuple[GroupRequest, list[Group]]:
        """The groups of the items of a connection from a parent, and what was asked.

        Raises KizunaError where they can't be asked.
        """
        asked = connection.asked, id(plan)
        if asked in self._refused:
            raise self._refused[asked]
        return self._requests[asked], self._found[asked].get(parent, [])

    def _pages(self, request: GroupRequest, selection: Selection) -> dict[Term | None, list[Group]]:
        most = self._limits.groups
        groups = self._reader.groups(request.grouping(selection, most + 1))
        if len(groups) > most:
            raise LimitExceeded(
                f"there are more than {most} groups (max_groups); filter, or group by less"
            )
        fulfilling = request.fulfilling(self._timed(groups))
        labels = self._labels(request, fulfilling)
        by_parent: dict[Term | None, list[Group]] = {}
        for group in fulfilling:
            by_parent.setdefault(group.parent, []).append(group)
        return {parent: request.page(found, labels) for parent, found in by_parent.items()}

    def _timed(self, groups: Iterable[Group]) -> Iterator[Group]:
        for group in groups:
            self._reader.budget.look()
            yield group

    def _labels(self, request: GroupRequest, groups: Sequence[Group]) -> Labels:
        subjects = dict.fromkeys(request.linked(groups))
        if not subjects:
            return {}
        found = self._reader.values({LABEL: subjects})[LABEL]
        texts = {s: [t for t in terms if isinstance(t, Literal)] for s, terms in found.items()}
        return {s: preferred(t, request.languages)[0].value for s, t in texts.items() if t}


def group_ends(
    groups: Groups, connection: FieldPlan, parent: Term | None
) -> Iterator[tuple[ObjectPlan, list[Term]]]:
    """What the keys of a connection's groups lead to, with what is selected there.

    Raises KizunaError where they can't be asked.
    """
    for plan in _parts(connection):
        if isinstance(plan.binding, b.GroupBy):
            request, found = groups.of(connection, plan, parent)
            for field, key in _key_fields(plan):
                if field.selection:
                    yield field.selection, request.values(found, key)


def _key_fields(plan: FieldPlan) -> Iterator[tuple[FieldPlan, KeyField]]:
    """The keys that are selected of a ``groupBy``."""
    for part in _parts(plan):
        if part.binding == b.GroupPart("keys"):
            for field in _parts(part):
                if isinstance(field.binding, b.GroupKeyPart):
                    yield field, field.binding.key


def _selected(plan: FieldPlan) -> Iterator[str]:
    """The measures that are selected of a ``groupBy``."""
    for part in _parts(plan):
        if isinstance(part.binding, b.Measured):
            yield part.binding.measure.name


def _parts(plan: FieldPlan) -> tuple[FieldPlan, ...]:
    return plan.selection.only if plan.selection else ()


def _names(given: Sequence[Any]) -> list[str]:
    return list(dict.fromkeys(_plain(one) for one in given))


def _orders(given: Sequence[Mapping[str, Any]] | None) -> Iterator[Order]:
    """The orders, of those by one field the first: no other ever decides."""
    seen: set[str] = set()
    for entry in given or ():
        field = _plain(entry["field"])
        if field not in seen:
            seen.add(field)
            descending = _plain(entry.get("direction")) == "descending"
            yield Order(field, descending, _plain(entry.get("nulls")) == "first")


def _offset(given: int | None) -> int:
    if given is not None and given < 0:
        raise InvalidInput(f"offset is {given}; give 0 or more")
    return given or 0


def _last_where_none(key: Term | None) -> tuple[bool, Standing]:
    return key is None, standing("" if key is None else key)


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value
