"""Selections written as SPARQL 1.1 (https://www.w3.org/TR/sparql11-query/), from terms alone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kizuna import namespaces as ns
from kizuna.dataset.seeking import OneOf, Shown, Sought, path_of
from kizuna.dataset.selection import (
    AllOf,
    Among,
    AnyOf,
    Below,
    Compare,
    Condition,
    Key,
    Linked,
    Not,
    Operator,
    Selection,
)
from kizuna.model import Path
from kizuna.terms import Literal, NamedNode

FUNCTIONS = (Operator.CONTAINS, Operator.STARTS_WITH, Operator.ENDS_WITH)


def rows_query(selection: Selection) -> str:
    """SELECT ?parent ?subject ?key0 … ?past: a page's rows, in order.

    Without parents ?parent is unbound and only subjects past ``after`` come, as many as ``limit``.
    With parents all their subjects come, by parent, ?past telling which are beyond ``after``; with
    a limit, of each parent so many past it, and the one before these.
    """
    head = f"SELECT DISTINCT ?parent ?subject {' '.join(_key_names(selection))} ?past WHERE {{"
    if selection.parents and selection.limit is not None:
        lines = [head, " UNION\n".join(_pages(selection, selection.limit)), "}"]
    else:
        only = "?past" if selection.after and not selection.parents else None
        lines = [head, *_row_lines(selection, only), "}"]
    lines.append(f"ORDER BY ?parent {' '.join(_order(selection))}")
    if selection.limit is not None and not selection.parents:
        lines.append(f"LIMIT {selection.limit:d}")
    return "\n".join(lines)


def _key_names(selection: Selection) -> list[str]:
    return [f"?key{number}" for number in range(len(selection.order))]


def _row_lines(selection: Selection, only: str | None) -> list[str]:
    """What binds a row's variables, for the rows alone of which that holds."""
    keys = enumerate(selection.order)
    lines = [*where_lines(selection), *(line for n, key in keys for line in key_lines(n, key))]
    lines.append(f"BIND({_past(selection) if selection.after else 'true'} AS ?past)")
    return [*lines, f"FILTER({only})"] if only else lines


def _pages(selection: Selection, limit: int) -> Iterator[str]:
    """What binds the rows of each parent's page, and of what comes before it."""
    back = replace(selection, backward=not selection.backward)
    for parent in selection.parents:
        one = replace(selection, parents=(parent,))
        yield _page(one, "?past", _order(selection), limit)
        if selection.after:
            yield _page(one, "!?past", _order(back), 1)


def _page(selection: Selection, only: str, order: Sequence[str], limit: int) -> str:
    names = " ".join(["?parent ?subject", *_key_names(selection), "?past"])
    inner = "\n".join(_row_lines(selection, only))
    ordered = f"ORDER BY {' '.join(order)} LIMIT {limit:d}"
    return f"{{ SELECT DISTINCT {names} WHERE {{\n{inner}\n}} {ordered} }}"


def count_query(selection: Selection) -> str:
    """SELECT ?count: how many subjects the selection has, whatever its place and limit."""
    whole = replace(selection, after=None)
    lines = ["SELECT (COUNT(DISTINCT ?subject) AS ?count) WHERE {", *where_lines(whole), "}"]
    return "\n".join(lines)


def values_query(requests: Iterable[tuple[Sought, Iterable[NamedNode]]]) -> str:
    """SELECT ?path ?subject ?value: what is sought of the subjects, told by its number."""
    parts = []
    for number, (sought, subjects) in enumerate(requests):
        among = " ".join(str(subject) for subject in dict.fromkeys(subjects))
        found = _sought(sought)
        parts.append(f"{{ VALUES ?subject {{ {among} }} {found} . BIND({number:d} AS ?path) }}")
    united = " UNION\n".join(parts)
    return f"SELECT DISTINCT ?path ?subject ?value WHERE {{\n{united}\n}}"


def _sought(sought: Sought) -> str:
    """Binds ?value to what is sought of ?subject."""
    path = path_text(path_of(sought))
    found = f"?subject {path} ?value"
    match sought:
        case OneOf(_, terms):
            return f"{found} . FILTER(?value IN ({', '.join(sorted(map(str, terms)))}))"
        case Shown(_, languages):
            own, other = (_preference(name, languages) for name in ("?value", "?other"))
            wanted = f"{other} < {own} || ({other} = {own} && LANG(?other) < LANG(?value))"
            better = f"FILTER NOT EXISTS {{ ?subject {path} ?other . FILTER({wanted}) }}"
            return f"{found} . FILTER(isLITERAL(?value)) {better}"
    return found


def _preference(name: str, languages: Sequence[str]) -> str:
    """How much a text is wanted, as a number, the least the most."""
    number = str(len(languages))
    for rank, language in reversed([*enumerate(languages)]):
        number = f"IF({_in_language(name, language)}, {rank:d}, {number})"
    return number


def path_text(path: Path) -> str:
    """The path as a SPARQL property path."""
    steps = (f"{'^' if step.inverse else ''}{NamedNode(step.predicate)}" for step in path)
    return "/".join(steps)


def where_lines(selection: Selection) -> list[str]:
    """Binds ?subject, and ?parent where there are parents, to what fulfils the condition."""
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
                return _among(subject, [str(one) for one in subjects])
            case Below(concept):
                return f"EXISTS {{ {subject} {NamedNode(ns.SKOS_BROADER)}* {concept} }}"
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
        return _among(left, operands)
    if operator is Operator.MATCHES:
        tests = [f'REGEX({left}, {operand}, "i")' for operand in operands]
    elif operator in FUNCTIONS:
        tests = [f"{operator.value}({left}, {operand})" for operand in operands]
    else:
        tests = [f"{left} {operator.value} {operand}" for operand in operands]
    return f"({' || '.join(tests) or 'false'})"


def _among(left: str, choices: Sequence[str]) -> str:
    """Whether it is one of the choices.

    A long chain of || would overflow the engine's stack, and it takes ``x IN ()`` for an error.
    """
    return f"({left} IN ({', '.join(choices)}))" if choices else "false"


def _in_language(value: str, language: str) -> str:
    return f"LANGMATCHES(LANG({value}), {Literal(language)})"


def key_lines(number: int, key: Key) -> list[str]:
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
    forward, backward = ("DESC", "ASC") if selection.backward else ("ASC", "DESC")
    for number, key in enumerate(selection.order):
        bound = "BOUND" if key.nulls_first else "!BOUND"
        terms.append(f"{forward}({bound}(?key{number}))")
        terms.append(f"{backward if key.descending else forward}(?key{number})")
    terms.append(f"{forward}(STR(?subject))")
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
        test = _past_key(f"?key{number}", value, key, selection.backward, test)
    return test


def _past_key(name: str, value: Literal | None, key: Key, backward: bool, then: str) -> str:
    unbound_is_past = key.nulls_first == backward
    if value is None:
        bound = "false" if unbound_is_past else f"BOUND({name})"
        return f"({bound} || (!BOUND({name}) && {then}))"
    sign = "<" if key.descending != backward else ">"
    unbound = f"!BOUND({name})" if unbound_is_past else "false"
    bound = f"(BOUND({name}) && ({name} {sign} {value} || ({name} = {value} && {then})))"
    return f"({unbound} || {bound})"
