"""Groupings written as SPARQL 1.1, and what comes back.

https://www.w3.org/TR/sparql11-query/#aggregates. A measure's values never meet those of another in
one solution, nor an unbound one, in whose treatment engines differ: each measure has a branch and
groups of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

from kizuna import namespaces as ns
from kizuna.dataset.grouping import (
    NO_VALUES,
    Aggregate,
    Group,
    Grouping,
    GroupKey,
    Measure,
    PeriodKey,
    ShownKey,
    Unit,
    ValueKey,
)
from kizuna.dataset.patterns import key_lines, path_text, where_lines
from kizuna.dataset.selection import Key
from kizuna.terms import Literal, NamedNode, Term

# The number of the branch that counts subjects; measures have theirs from nought.
SUBJECTS = -1
INTEGER = NamedNode(ns.XSD + "integer")
AGGREGATES = (
    "(COUNT(DISTINCT ?subject) AS ?count)",
    "(COUNT(?value) AS ?values)",
    "(MIN(?value) AS ?least)",
    "(MAX(?value) AS ?greatest)",
    "(SUM(?value) AS ?total)",
)

_Place: TypeAlias = tuple[Term | None, ...]


def groups_query(grouping: Grouping) -> str:
    """SELECT ?parent ?key0 … ?measure ?count ?values ?least ?greatest ?total.

    A row is a group's subjects (``?measure`` is -1, and only ``?count`` counts) or one of its
    measures, if it has any values.
    """
    names = " ".join(["?parent", *(f"?key{n}" for n in range(len(grouping.keys))), "?measure"])
    branches = [
        _branch(grouping, number, measure)
        for number, measure in enumerate((None, *grouping.measures), SUBJECTS)
    ]
    lines = [
        f"SELECT {names} {' '.join(AGGREGATES)} WHERE {{",
        " UNION\n".join(branches),
        f"}} GROUP BY {names}",
    ]
    if grouping.limit is not None:
        # So many rows hold at least so many groups.
        lines.append(f"LIMIT {grouping.limit * len(branches):d}")
    return "\n".join(lines)


def groups_of(grouping: Grouping, rows: Iterable[Sequence[Term | None]]) -> list[Group]:
    """The groups that the rows of ``groups_query`` tell of."""
    counts: dict[_Place, int] = {}
    found: dict[tuple[_Place, int], Aggregate] = {}
    for row in rows:
        *place, measure, count, values, least, greatest, total = row
        if _number(measure) == SUBJECTS:
            counts[tuple(place)] = _number(count)
        else:
            sum_ = total if isinstance(total, Literal) else None
            aggregate = Aggregate(_number(values), least, greatest, sum_)
            found[tuple(place), _number(measure)] = aggregate
    numbers = range(len(grouping.measures))
    return [
        Group(place[0], place[1:], count, tuple(found.get((place, n), NO_VALUES) for n in numbers))
        for place, count in counts.items()
    ]


def _branch(grouping: Grouping, number: int, measure: Measure | None) -> str:
    """The distinct subjects with their keys, and the measure's values where one is given."""
    names = ["?parent", "?subject", *(f"?key{n}" for n in range(len(grouping.keys)))]
    lines = [*where_lines(replace(grouping.selection, after=None))]
    for place, key in enumerate(grouping.keys):
        lines += _key(place, key)
    if measure is not None:
        names.append("?value")
        lines += _value(measure)
    inner = "\n".join(lines)
    return (
        f"{{ {{ SELECT DISTINCT {' '.join(names)} WHERE {{\n{inner}\n}} }} "
        f"BIND({number:d} AS ?measure) }}"
    )


def _value(measure: Measure) -> list[str]:
    path = path_text(measure.path)
    if not measure.text:
        return [f"?subject {path} ?value ."]
    return [f"?subject {path} ?text .", "BIND(STR(?text) AS ?value)"]


def _key(number: int, key: GroupKey) -> list[str]:
    """Binds ?keyN to each of the subject's values."""
    name = f"?key{number}"
    match key:
        case ShownKey(path, languages):
            return key_lines(number, Key(path, languages=languages))
        case ValueKey(path, among):
            choices = ", ".join(str(one) for one in among)
            only = f"FILTER({name} IN ({choices})) " if among else ""
            return [f"OPTIONAL {{ ?subject {path_text(path)} {name} . {only}}}"]
        case PeriodKey():
            return [_period(name, key)]


def _period(name: str, key: PeriodKey) -> str:
    at, first, last = f"{name}_at", f"{name}_first", f"{name}_last"
    found = f"?subject {path_text(key.path)} {at} ."
    if key.bounds is None:
        return f"OPTIONAL {{ {found} BIND({_cut(at, key.unit)} AS {name}) }}"
    start, end = (path_text(path) for path in key.bounds)
    return (
        f"OPTIONAL {{ {found} {at} {start} {first} ; {end} {last} . "
        f"FILTER({_cut(first, key.unit)} = {_cut(last, key.unit)}) "
        f"BIND({_cut(first, key.unit)} AS {name}) }}"
    )


def _cut(day: str, unit: Unit) -> str:
    """A day cut down: from its text, since YEAR and its kin are only for xsd:dateTime."""
    year = _part(day, "^(-?[0-9]+)-.*$")
    match unit:
        case Unit.YEAR:
            return f"{INTEGER}({year})"
        case Unit.MONTH:
            return _part(day, "^(-?[0-9]+-[0-9][0-9]).*$")
    month = _part(day, "^-?[0-9]+-([0-9][0-9]).*$")
    quarter = f'SUBSTR("111222333444", {INTEGER}({month}), 1)'
    return f'CONCAT({year}, "-Q", {quarter})'


def _part(day: str, pattern: str) -> str:
    return f'REPLACE(STR({day}), "{pattern}", "$1")'


def _number(term: Term | None) -> int:
    return int(term.value) if isinstance(term, Literal) else 0
