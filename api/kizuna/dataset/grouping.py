"""Groupings: a selection's subjects put into groups, counted, and their values aggregated.

A subject stands in a group for each of its values of a key, once, and in the group without a value
where it has none; what is aggregated is each of its distinct values along a measure's path, once.
"""

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from kizuna.dataset.selection import Selection
from kizuna.model import Path
from kizuna.terms import Literal, NamedNode, Term


class Unit(Enum):
    """What a day is cut down to."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"


@dataclass(frozen=True)
class ValueKey:
    """The values along the path; with ``among`` only these."""

    path: Path
    among: tuple[NamedNode, ...] = ()


@dataclass(frozen=True)
class ShownKey:
    """The text along the path as shown to readers of the languages, without its language.

    The path leads to one text in each language at most.
    """

    path: Path
    languages: tuple[str, ...]


@dataclass(frozen=True)
class PeriodKey:
    """The year (an integer), quarter (``2024-Q1``) or month (``2024-03``) of what a path leads to.

    That is a date or a time of day, cut down as it is written; or, with ``bounds``, whatever has a
    first and a last day at the ends of those paths: then both must fall into the period.
    """

    path: Path
    unit: Unit
    bounds: tuple[Path, Path] | None = None


GroupKey: TypeAlias = ValueKey | ShownKey | PeriodKey


@dataclass(frozen=True)
class Measure:
    """Values to aggregate: those along the path, or with ``text`` their strings."""

    path: Path
    text: bool = False


@dataclass(frozen=True)
class Grouping:
    """A selection's subjects, whatever its order, place and limit, by the keys' values.

    Of more groups than ``limit`` no more than that come, whichever they are.
    """

    selection: Selection
    keys: tuple[GroupKey, ...] = ()
    measures: tuple[Measure, ...] = ()
    limit: int | None = None


@dataclass(frozen=True)
class Aggregate:
    """A measure in a group: how many values there are, the least, the greatest, their sum.

    What there is none of is None; so is the sum of what are no numbers, or of too many.
    """

    count: int = 0
    least: Term | None = None
    greatest: Term | None = None
    total: Literal | None = None


NO_VALUES = Aggregate()


@dataclass(frozen=True)
class Group:
    """A group of at least one subject: its parent, its keys' values, its count and measures."""

    parent: Term | None
    keys: tuple[Term | None, ...]
    count: int
    measures: tuple[Aggregate, ...]
