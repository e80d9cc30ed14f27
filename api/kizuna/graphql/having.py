"""What ``having`` asks of a group."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Protocol, TypeAlias

from kizuna.dataset.grouping import Group
from kizuna.dataset.search import folded
from kizuna.graphql.aggregates import standing
from kizuna.terms import Literal, Term

Test: TypeAlias = Callable[[Term], bool]
Predicate: TypeAlias = Callable[[Group], bool]


class Valued(Protocol):
    """What a part of a measure, or without a measure the count, is in a group."""

    def __call__(self, group: Group, measure: str | None, part: str) -> Term | None: ...


def predicate(given: Mapping[str, Any], valued: Valued) -> Predicate:
    """Whether a group fulfils the coerced value of ``having``, as a function made once."""
    parts = [
        part
        for name, value in given.items()
        if value is not None
        for part in _parts(name, value, valued)
    ]
    return lambda group: all(part(group) for part in parts)


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


def _parts(name: str, value: Any, valued: Valued) -> Iterator[Predicate]:
    match name:
        case "and" | "or":
            inner = [predicate(part, valued) for part in value]
            combine = all if name == "and" else any
            yield lambda group: combine(part(group) for part in inner)
        case "not":
            negated = predicate(value, valued)
            yield lambda group: not negated(group)
        case "count":
            yield _fulfils(value, partial(valued, measure=None, part="count"))
        case _:
            for part, tests in value.items():
                if tests is not None:
                    yield _fulfils(tests, partial(valued, measure=name, part=part))


def _fulfils(tests: Mapping[str, Any], value_of: Callable[[Group], Term | None]) -> Predicate:
    exists = tests.get("exists")
    made = [_test(n, o) for n, o in tests.items() if n != "exists" and o is not None]

    def holds(group: Group) -> bool:
        value = value_of(group)
        if exists is not None and exists is not (value is not None):
            return False
        return all(value is not None and test(value) for test in made)

    return holds


def _test(name: str, operand: Any) -> Test:
    if name in ("contains", "startsWith", "endsWith", "matches"):
        return _textual(name, operand)
    if name == "in":
        among = {standing(one) for one in operand}
        return lambda value: standing(value) in among
    if name == "between":
        low, high = standing(operand["from"]), standing(operand["to"])
        return lambda value: low <= standing(value) <= high
    return _ordered(name, operand)


def _ordered(name: str, operand: object) -> Test:
    other = standing(operand)
    tests: Mapping[str, Test] = {
        "eq": lambda value: standing(value) == other,
        "ne": lambda value: standing(value) != other,
        "lt": lambda value: standing(value) < other,
        "lte": lambda value: standing(value) <= other,
        "gt": lambda value: standing(value) > other,
        "gte": lambda value: standing(value) >= other,
    }
    return tests[name]


def _textual(name: str, operand: str) -> Test:
    wanted = folded(operand)
    tests: Mapping[str, Callable[[str], bool]] = {
        "contains": lambda text: operand in text,
        "startsWith": lambda text: text.startswith(operand),
        "endsWith": lambda text: text.endswith(operand),
        "matches": lambda text: wanted in folded(text),
    }
    return lambda value: tests[name](value.value if isinstance(value, Literal) else str(value))
