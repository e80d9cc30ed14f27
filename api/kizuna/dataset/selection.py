"""Selections: which subjects, under which conditions, in which order.

A selection is made of terms and paths, never of text from outside. A subject whose key is unbound
comes last, unless the key says first, whatever the direction; the IRI decides between equals, so
that an order is always total.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import TypeAlias

from kizuna.dataset.search import folded
from kizuna.model import Path
from kizuna.terms import Literal, NamedNode, Term

LIGHT = 1000  # characters


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
    ENDS_WITH = "STRENDS"
    MATCHES = "REGEX"


@dataclass(frozen=True)
class Compare:
    """Some value along the path compares so with some of the operands.

    With ``text`` the values' strings are compared, in ``language`` alone where it is given. What is
    matched is a pattern made by ``matching``.
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
class Below:
    """The subject is this concept, or one below it."""

    concept: NamedNode


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


Condition: TypeAlias = Compare | Among | Below | Linked | AllOf | AnyOf | Not


@dataclass(frozen=True)
class Key:
    """An order key: the value along the path, or its text as shown to readers of ``languages``.

    An empty path leads to the subject itself.
    """

    path: Path
    descending: bool = False
    languages: tuple[str, ...] | None = None
    nulls_first: bool = False


@dataclass(frozen=True)
class After:
    """The place of a subject in an order: its keys' values, None where unbound, and its IRI."""

    values: tuple[Literal | None, ...]
    subject: str


@dataclass(frozen=True)
class Selection:
    """Subjects of a class, or those linked to ``parents`` along ``path``, in order.

    ``backward`` reverses the whole order, nulls and IRIs included; ``after`` is the place beyond
    which, in that direction, subjects count as past it. ``limit`` is for each parent. Where rows
    needn't be ``keyed``, they may leave out the values of the order's keys.
    """

    of_class: str | None = None
    parents: tuple[NamedNode, ...] = ()
    path: Path = ()
    condition: Condition | None = None
    order: tuple[Key, ...] = ()
    backward: bool = False
    after: After | None = None
    limit: int | None = None
    keyed: bool = True


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


def weight(condition: Condition | None) -> int:
    """How much room it takes where it is kept; one that names little takes 1."""
    return 1 + _characters(condition) // LIGHT


def _characters(condition: Condition | None) -> int:
    """Of how many characters is what it names."""
    match condition:
        case Compare(operands=operands):
            return sum(len(str(operand)) for operand in operands)
        case Among(subjects):
            return sum(len(subject.value) for subject in subjects)
        case AllOf(parts) | AnyOf(parts):
            return sum(map(_characters, parts))
        case Not(part) | Linked(_, part):
            return _characters(part)
    return 0


# The blocks of combining diacritical marks. All of Unicode's marks after each letter would make a
# pattern too large for an engine, which then finds nothing and says nothing.
MARKS = "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]*"


def matching(text: str) -> str:
    """A pattern that fits the text whatever its case, accents and width, to be read with flag i.

    It is plain XPath (https://www.w3.org/TR/xpath-functions-31/#regex-syntax), so that any engine
    gives the same answer: each letter stands for all that fold to it.
    """
    variants = _variants()
    return "".join(
        f"[{''.join(sorted({*variants.get(c, ''), c}))}]{MARKS}" if c.isalnum() else re.escape(c)
        for c in folded(text)
    )


@cache
def _variants() -> Mapping[str, str]:
    """For each letter or digit those of the basic plane that fold to it."""
    found: dict[str, str] = {}
    for character in map(chr, range(0x80, 0xFFFF)):
        plain = folded(character)
        if plain != character and len(plain) == 1 and plain.isalnum():
            found[plain] = found.get(plain, "") + character
    return found
