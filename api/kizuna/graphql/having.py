"""What ``having`` asks of a group."""

from collections.abc import Callable, Iterator, Mapping
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Protocol, TypeAlias

from kizuna.dataset.grouping import Group
from kizuna.dataset.search import folded
from kizuna.graphql.aggregates import Standing, standing
from kizuna.terms import Term

ORDERED: Mapping[str, Callable[[Standing, Standing], bool]] = {
    "eq": eq,
    "ne": ne,
    "lt": lt,
    "lte": le,
    "gt": gt,
    "gte": ge,
}


class Valued(Protocol):
    """What a part of a measure, or without a measure the count, is in a group."""

    def __call__(self, group: Group, measure: str | None, part: str) -> Term | None: ...


class _Values:
    """A group's values as they compare, each worked out once."""

    def __init__(self, group: Group, valued: Valued) -> None:
        self._group = group
        self._valued = valued
        self._known: dict[tuple[str | None, str], Standing | None] = {}

    def of(self, measure: str | None, part: str) -> Standing | None:
        """A part of a measure, or without a measure the count; None where there is none."""
        key = measure, part
        if key not in self._known:
            term = self._valued(self._group, measure, part)
            self._known[key] = None if term is None else standing(term)
        return self._known[key]


_Test: TypeAlias = Callable[[Standing], bool]
_Predicate: TypeAlias = Callable[[_Values], bool]


def predicate(given: Mapping[str, Any], valued: Valued) -> Callable[[Group], bool]:
    """Whether a group fulfils the coerced value of ``having``, as a function made once."""
    holds = _all(given)
    return lambda group: holds(_Values(group, valued))


def weight(given: object) -> int:
    """How many conditions there are in the value of ``having``."""
    if isinstance(given, Mapping):
        return sum(1 + weight(value) for value in given.values())
    return sum(weight(value) for value in given) if isinstance(given, list) else 0


def measured(given: object, names: Mapping[str, object]) -> Iterator[str]:
    """The measures, among those of the names, of which something is asked."""
    if isinstance(given, list):
        for value in given:
            yield from measured(value, names)
    elif isinstance(given, Mapping):
        for name, value in given.items():
            if name in names:
                yield name
            elif name in ("and", "or", "not"):
                yield from measured(value, names)


def _all(given: Mapping[str, Any]) -> _Predicate:
    parts = [
        part for name, value in given.items() if value is not None for part in _parts(name, value)
    ]
    return lambda values: all(part(values) for part in parts)


def _parts(name: str, value: Any) -> Iterator[_Predicate]:
    match name:
        case "and" | "or":
            inner = [_all(part) for part in value]
            combine = all if name == "and" else any
            yield lambda values: combine(part(values) for part in inner)
        case "not":
            negated = _all(value)
            yield lambda values: not negated(values)
        case "count":
            yield _fulfils(None, name, value)
        case _:
            for part, tests in value.items():
                if tests is not None:
                    yield _fulfils(name, part, tests)


def _fulfils(measure: str | None, part: str, tests: Mapping[str, Any]) -> _Predicate:
    exists = tests.get("exists")
    made = [_test(n, o) for n, o in tests.items() if n != "exists" and o is not None]

    def holds(values: _Values) -> bool:
        value = values.of(measure, part)
        if exists is not None and exists is not (value is not None):
            return False
        return all(value is not None and test(value) for test in made)

    return holds


def _test(name: str, operand: Any) -> _Test:
    if name in ("contains", "startsWith", "endsWith", "matches"):
        return _textual(name, operand)
    if name == "in":
        among = {standing(one) for one in operand}
        return lambda value: value in among
    if name == "between":
        low, high = standing(operand["from"]), standing(operand["to"])
        return lambda value: low <= value <= high
    compare, other = ORDERED[name], standing(operand)
    return lambda value: compare(value, other)


def _textual(name: str, operand: str) -> _Test:
    wanted = folded(operand)
    tests: Mapping[str, Callable[[str], bool]] = {
        "contains": lambda text: operand in text,
        "startsWith": lambda text: text.startswith(operand),
        "endsWith": lambda text: text.endswith(operand),
        "matches": lambda text: wanted in folded(text),
    }
    test = tests[name]
    return lambda value: test(str(value[1]))
