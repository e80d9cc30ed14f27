"""What an operation may cost, estimated from its plan before anything runs.

The unit is a value told. Lists count with the page asked for, or with what there is where that is
less; looking through a list to filter or order it counts by what there is to look at.
"""

from collections.abc import Iterable, Mapping
from enum import Enum
from math import ceil
from typing import Any
from weakref import WeakKeyDictionary

from kizuna.dataset.extents import Extents
from kizuna.dataset.grouping import ShownKey
from kizuna.errors import LimitExceeded
from kizuna.graphql import bindings as b
from kizuna.graphql.connections import DEFAULT_SIZE
from kizuna.graphql.plan import FieldPlan, ObjectPlan
from kizuna.model import Class, Model

CITATION = 1_000  # made by a processor of citation styles
PATTERN = 2_000  # what `matches` looks for, made ready
INTROSPECTION = 10_000
RELEASE = 1_000  # a past one may have to be made again
SEARCH = 500
RECORDS = 5  # what isn't counted beforehand
# Of a value told, for each subject looked at: to come by it, to test it, to test its text, to count
# it in a group.
PASSED = 0.1
TESTED = 0.005
MATCHED = 0.05
GROUPED = 0.1
LISTS = (b.ConnectionPart("nodes"), b.ConnectionPart("edges"))
TEXT_TESTS = frozenset({"contains", "startsWith", "endsWith", "matches"})


def check(cost: int, largest: int) -> None:
    """Raises LimitExceeded for a cost beyond the largest."""
    if cost > largest:
        raise LimitExceeded(
            f"the operation's estimated cost is {cost}, allowed: {largest} (max_cost); "
            "ask for smaller pages, for fewer lists within lists, or in several operations"
        )


class Estimator:
    """Estimates the cost of plans over one release, for any thread.

    A selection that stands in several places is estimated once, and as long as it is kept.
    """

    def __init__(self, model: Model, extents: Extents) -> None:
        self._extents = extents
        self._classes = {found.name: found for found in model.classes.values()}
        self._known: WeakKeyDictionary[ObjectPlan, float] = WeakKeyDictionary()

    def cost(self, plan: ObjectPlan) -> int:
        """What the operation may cost."""
        return ceil(self._selection(plan))

    def _selection(self, plan: ObjectPlan | None) -> float:
        """What is selected of one object costs so much on average."""
        if plan is None:
            return 0
        known = self._known.get(plan)
        if known is None:
            shares = self._shares(plan)
            known = self._known[plan] = sum(
                shares[name] * self._fields(fields, self._classes.get(name))
                for name, fields in plan.fields.items()
            )
        return known

    def _shares(self, plan: ObjectPlan) -> Mapping[str, float]:
        """How much of what turns up is of each type; all alike where nothing is there."""
        known = [self._classes.get(name) for name in plan.fields]
        sizes = [1 if found is None else self._extents.size(found.iri) for found in known]
        whole = sum(sizes)
        return {
            name: size / whole if whole else 1 / len(sizes)
            for name, size in zip(plan.fields, sizes, strict=True)
        }

    def _fields(self, fields: Iterable[FieldPlan], of_class: Class | None) -> float:
        return sum(self._field(found, of_class) for found in fields)

    def _field(self, found: FieldPlan, of_class: Class | None) -> float:
        match found.binding:
            case b.Connection() as binding:
                return self._connection(found, binding, of_class)
            case b.Link(path, single):
                items = 1 if single or not of_class else self._extents.reach(of_class.iri, path)
                return 1 + items * self._selection(found.selection)
            case b.Scalar(prop) | b.TextField(prop) if not prop.single and of_class:
                return max(1, self._extents.reach(of_class.iri, prop.path))
            case None if found.name in ("__schema", "__type"):
                return INTROSPECTION
        return self._other(found)

    def _other(self, found: FieldPlan) -> float:
        below = self._selection(found.selection)
        match found.binding:
            case b.Several():
                return 1 + len(found.arguments["ids"]) * below
            case b.Search():
                return SEARCH + _asked(found.arguments) * (1 + below)
            case b.Citation():
                return CITATION
            case b.ReleaseAt():
                return RELEASE + below
            case b.Changes():
                return 2 * RELEASE + below
            case b.ReleaseList() | b.RecordList():
                return _asked(found.arguments) * (1 + below)
            case b.InDocuments(item) if not found.arguments.get("filter"):
                return 1 + self._extents.size(item.iri) * (1 + below)
            case b.Connecting():
                return SEARCH + _asked(found.arguments) * (1 + below)
            case b.Provenance() | b.Sides() | b.InDocuments():
                return RECORDS * (1 + below)
        return 1 + below

    def _connection(self, found: FieldPlan, binding: b.Connection, of_class: Class | None) -> float:
        whole = self._whole(binding, of_class)
        items = min(_asked(found.arguments), whole)
        tests = _tests(found.arguments.get("filter"))
        tests += TESTED * len(found.arguments.get("orderBy") or ())
        passed = PASSED if binding.property else 0
        groups = sum(self._groups(part, whole * (1 + tests)) for part in _parts(found))
        patterns = PATTERN * _patterns(found.arguments.get("filter"))
        told = items * self._item(found) + self._rest(found) + groups + patterns
        return 1 + whole * (passed + tests) + told

    def _groups(self, found: FieldPlan, items: float) -> float:
        """An item counts in as many groups as its keys have values, for each measure again."""
        if not isinstance(found.binding, b.GroupBy):
            return 0
        groupable = found.binding.groupable
        keys = [groupable.keys[name] for name in {_plain(k) for k in found.arguments["keys"]}]
        for key in keys:
            if key.many:
                reach = max(self._extents.reach(kind, key.key.path) for kind in groupable.kinds)
                items *= max(1, reach)
        measures = sum(isinstance(part.binding, b.Measured) for part in _parts(found))
        texts = sum(isinstance(key.key, ShownKey) for key in keys) * len(found.languages)
        tests = _tests(found.arguments.get("having"))
        counted = items * (GROUPED * (1 + measures) + MATCHED * texts + tests)
        asked = min(_asked(found.arguments), items)
        return 1 + counted + asked * self._selection(found.selection)

    def _whole(self, binding: b.Connection, of_class: Class | None) -> float:
        """How many there are on all pages."""
        if binding.property and of_class:
            return self._extents.reach(of_class.iri, binding.property.path)
        return self._extents.size(binding.item.iri) if binding.item else 0

    def _item(self, found: FieldPlan) -> float:
        """What is selected of each item of a connection."""
        return sum(1 + self._selection(p.selection) for p in _parts(found) if p.binding in LISTS)

    def _rest(self, found: FieldPlan) -> float:
        """What is selected of a connection once."""
        rest = (part for part in _parts(found) if part.binding not in LISTS)
        return self._fields((p for p in rest if not isinstance(p.binding, b.GroupBy)), None)


def _asked(arguments: Mapping[str, Any]) -> int:
    """How many items a page may hold."""
    given = [arguments.get(name) for name in ("first", "last")]
    return max(0, next((number for number in given if number is not None), DEFAULT_SIZE))


def _parts(found: FieldPlan) -> tuple[FieldPlan, ...]:
    return found.selection.only if found.selection else ()


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _patterns(condition: Any) -> int:
    """How many patterns a filter looks for."""
    if isinstance(condition, list):
        return sum(_patterns(part) for part in condition)
    if not isinstance(condition, Mapping):
        return 0
    return sum(name == "matches" or _patterns(value) for name, value in condition.items())


def _tests(condition: Any) -> float:
    """What it costs to test one subject."""
    if isinstance(condition, list):
        return sum(_tests(part) for part in condition)
    if not isinstance(condition, Mapping):
        return TESTED
    return sum(
        MATCHED if name in TEXT_TESTS else _tests(value) for name, value in condition.items()
    )
