"""Selections: which subjects, under which conditions, in which order, and their SPARQL.

A selection is made of terms and paths, never of text from outside, and written as SPARQL 1.1
(https://www.w3.org/TR/sparql11-query/). A subject whose key is unbound comes last, whatever the
direction; the IRI decides between equals, so that an order is always total.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import TypeAlias

from kizuna import namespaces as ns
from kizuna.model import Path
from kizuna.terms import Literal, NamedNode, Term


class Operator(Enum):
    """How a value is compared; those of text ignore a value's language."""

    EQUAL = "="
    NOT_EQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="
    CONTAINS = "CONTAINS"
    STARTS_WITH = "STRSTARTS"


@dataclass(frozen=True)
class Compare:
    """Some value along the path compares so with some of the operands.

    With ``text`` the values' strings are compared, in ``language`` alone where it is given.
    """

    path: Path
    operator: Operator
    operands: tuple[Term, ...]
    text: bool = False
    language: str | None = None


@dataclass(frozen=True)
class Among:
    """The subject is one of these."""

    subjects: tuple[NamedNode, ...]


@dataclass(frozen=True)
class Linked:
    """There is a value along the path, and it fulfils the condition."""

    path: Path
    condition: "Condition | None" = None


@dataclass(frozen=True)
class AllOf:
    """All the parts hold."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class AnyOf:
    """At least one of the parts holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Not:
    """The part doesn't hold."""

    part: "Condition"


Condition: TypeAlias = Compare | Among | Linked | AllOf | AnyOf | Not


@dataclass(frozen=True)
class Key:
    """An order key: the value along the path, or its text as shown to readers of ``languages``.

    An empty path leads to the subject itself.
    """

    path: Path
    descending: bool = False
    languages: tuple[str, ...] | None = None


@dataclass(frozen=True)
class After:
    """The place of a subject in an order: its keys' values, None where unbound, and its IRI."""

    values: tuple[Literal | None, ...]
    subject: str


@dataclass(frozen=True)
class Selection:
    """Subjects of a class, or those linked to ``parents`` along ``path``, in order.

    ``backward`` reverses the whole order, nulls and IRIs included; ``after`` is the place beyond
    which, in that direction, subjects count as past it.
    """

    of_class: str | None = None
    parents: tuple[NamedNode, ...] = ()
    path: Path = ()
    condition: Condition | None = None
    order: tuple[Key, ...] = ()
    backward: bool = False
    after: After | None = None
    limit: int | None = None


def size(condition: Condition | None) -> int:
    """How many conditions it is made of, itself included."""
    match condition:
        case None:
            return 0
        case AllOf(parts) | AnyOf(parts):
            return 1 + sum(size(part) for part in parts)
        case Not(part) | Linked(_, part):
            return 1 + size(part)
    return 1


def rows_query(selection: Selection) -> str:
    """SELECT ?parent ?subject ?key0 … ?past: a page's rows, in order.

    Without parents ?parent is unbound, only subjects past ``after`` come, and ``limit`` is
    applied. With parents all their subjects come, by parent, ?past telling which are beyond
    ``after``: so that they can be counted and cut for each parent.
    """
    keys = [f"?key{number}" for number in range(len(selection.order))]
    past = _past(selection) if selection.after else "true"
    lines = [
        f"SELECT DISTINCT ?parent ?subject {' '.join(keys)} ?past WHERE {{",
        *_where(selection),
        *(line for number, key in enumerate(selection.order) for line in _key(number, key)),
        f"BIND({past} AS ?past)",
    ]
    if not selection.parents and selection.after:
        lines.append("FILTER(?past)")
    lines.append("}")
    lines.append(f"ORDER BY ?parent {' '.join(_order(selection))}")
    if selection.limit is not None and not selection.parents:
        lines.append(f"LIMIT {selection.limit:d}")
    return "\n".join(lines)


def count_query(selection: Selection) -> str:
    """SELECT ?count: how many subjects the selection has, whatever its place and limit."""
    whole = replace(selection, after=None)
    lines = ["SELECT (COUNT(DISTINCT ?subject) AS ?count) WHERE {", *_where(whole), "}"]
    return "\n".join(lines)


def path_text(path: Path) -> str:
    """The path as a SPARQL property path."""
    steps = (f"{'^' if step.inverse else ''}{NamedNode(step.predicate)}" for step in path)
    return "/".join(steps)


def _where(selection: Selection) -> list[str]:
    lines = []
    if selection.parents:
        lines.append(f"VALUES ?parent {{ {' '.join(str(p) for p in selection.parents)} }}")
        lines.append(f"?parent {path_text(selection.path)} ?subject .")
    if selection.of_class:
        lines.append(f"?subject {NamedNode(ns.RDF_TYPE)} {NamedNode(selection.of_class)} .")
    if selection.condition:
        lines.append(f"FILTER({_Writer().expression('?subject', selection.condition)})")
    return lines


class _Writer:
    """Writes conditions, each variable with a name of its own."""

    def __init__(self) -> None:
        self._count = 0

    def expression(self, subject: str, condition: Condition) -> str:
        """The condition on the subject's variable as a SPARQL expression."""
        match condition:
            case AllOf(parts):
                return self._joined(subject, parts, " && ", "true")
            case AnyOf(parts):
                return self._joined(subject, parts, " || ", "false")
            case Not(part):
                return f"(!{self.expression(subject, part)})"
            case Among(subjects):
                return f"({subject} IN ({', '.join(str(s) for s in subjects)}))"
            case Linked(path, inner):
                value = self._variable()
                test = f" FILTER({self.expression(value, inner)})" if inner else ""
                return f"EXISTS {{ {subject} {path_text(path)} {value} .{test} }}"
            case Compare(path):
                value = self._variable()
                test = _comparison(value, condition)
                return f"EXISTS {{ {subject} {path_text(path)} {value} . FILTER({test}) }}"

    def _joined(self, subject: str, parts: Sequence[Condition], mark: str, none: str) -> str:
        return f"({mark.join(self.expression(subject, part) for part in parts) or none})"

    def _variable(self) -> str:
        self._count += 1
        return f"?v{self._count}"


def _comparison(value: str, compare: Compare) -> str:
    left = f"STR({value})" if compare.text else value
    test = _test(left, compare.operator, [str(operand) for operand in compare.operands])
    if compare.language is None:
        return test
    return f"{_in_language(value, compare.language)} && {test}"


def _test(left: str, operator: Operator, operands: Sequence[str]) -> str:
    if operator is Operator.EQUAL:
        # A long chain of || would overflow the engine's stack.
        return f"{left} IN ({', '.join(operands)})"
    if operator in (Operator.CONTAINS, Operator.STARTS_WITH):
        tests = [f"{operator.value}({left}, {operand})" for operand in operands]
    else:
        tests = [f"{left} {operator.value} {operand}" for operand in operands]
    return f"({' || '.join(tests) or 'false'})"


def _in_language(value: str, language: str) -> str:
    return f"LANGMATCHES(LANG({value}), {Literal(language)})"


def _key(number: int, key: Key) -> list[str]:
    """Binds ?keyN to the value that the subject is ordered by; without a path it is its IRI."""
    path, name = path_text(key.path), f"?key{number}"
    if not path:
        return [f"BIND(STR(?subject) AS {name})"]
    if key.languages is None:
        return [f"OPTIONAL {{ ?subject {path} {name} . }}"]
    lines, choices = [], []
    for rank, language in enumerate((*key.languages, None)):
        choice = f"{name}_{rank}"
        choices.append(f"STR({choice})")
        lines.append(
            f"OPTIONAL {{ ?subject {path} {choice} . {_first_text(path, choice, language)} }}"
        )
    return [*lines, f"BIND(COALESCE({', '.join(choices)}) AS {name})"]


def _first_text(path: str, choice: str, language: str | None) -> str:
    """Of several texts that a language fits, the one whose tag comes first is shown."""
    other = f"{choice}_other"
    earlier = f"LANG({other}) < LANG({choice})"
    if language is None:
        return f"FILTER NOT EXISTS {{ ?subject {path} {other} . FILTER({earlier}) }}"
    fits = f"{_in_language(other, language)} && {earlier}"
    return (
        f"FILTER({_in_language(choice, language)}) "
        f"FILTER NOT EXISTS {{ ?subject {path} {other} . FILTER({fits}) }}"
    )


def _order(selection: Selection) -> list[str]:
    terms = []
    for number, key in enumerate(selection.order):
        first, second = ("ASC", "DESC") if not selection.backward else ("DESC", "ASC")
        terms.append(f"{first}(!BOUND(?key{number}))")
        terms.append(f"{second if key.descending else first}(?key{number})")
    terms.append(f"{'DESC' if selection.backward else 'ASC'}(STR(?subject))")
    return terms


def _past(selection: Selection) -> str:
    """Whether a row comes after the given place: the first key that differs decides."""
    place = selection.after
    if place is None:
        return "true"
    sign = "<" if selection.backward else ">"
    test = f"STR(?subject) {sign} {Literal(place.subject)}"
    for number in reversed(range(len(selection.order))):
        key, value = selection.order[number], place.values[number]
        test = _past_key(f"?key{number}", value, key.descending, selection.backward, test)
    return test


def _past_key(name: str, value: Literal | None, descending: bool, backward: bool, then: str) -> str:
    if value is None:
        beyond = f"BOUND({name})" if backward else "false"
        return f"({beyond} || (!BOUND({name}) && {then}))"
    sign = "<" if descending != backward else ">"
    unbound = "false" if backward else f"!BOUND({name})"
    bound = f"(BOUND({name}) && ({name} {sign} {value} || ({name} = {value} && {then})))"
    return f"({unbound} || {bound})"
