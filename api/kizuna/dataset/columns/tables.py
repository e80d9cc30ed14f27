"""The distinct literals of a predicate, sorted: a comparison is a range of their numbers.

What is compared is held in segments of one sort, each in the order of its values, so that a bound
is found by bisection; how values compare is https://www.w3.org/TR/sparql11-query/#OperatorMapping.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np

from kizuna.dataset.columns.held import Unheld
from kizuna.dataset.columns.literals import (
    DAYS,
    FURTHEST_ZONE,
    LEXICAL,
    MOMENTS,
    NUMERIC,
    PARTS,
    Kind,
    Sort,
    Value,
    as_float,
    parsed,
    value_of,
)
from kizuna.dataset.columns.relations import Ints
from kizuna.dataset.columns.texts import Texts
from kizuna.dataset.seeking import language_fits
from kizuna.dataset.selection import Operator
from kizuna.terms import Literal

Range: TypeAlias = tuple[int, int]
# What a bound with a zone and one without may differ by and still not compare.
UNSURE = FURTHEST_ZONE * 60 * PARTS


@dataclass(frozen=True)
class Segment:
    """Literals of one sort in the order of their values, numbered from ``start``."""

    sort: Sort
    start: int
    texts: Texts

    @property
    def stop(self) -> int:
        """The number after the last."""
        return self.start + len(self.texts)

    @cached_property
    def keys(self) -> Sequence[Any]:
        """By what each value compares with others of its kind."""
        if self.sort.kind in LEXICAL:
            return self.texts
        return [parsed(text, self.sort.datatype)[1] for text in self.texts]

    def bounds(self, value: Any, convert: Callable[[Any], Any] | None = None) -> "Bounds":
        """Where a value lies, the keys being converted to what it is."""
        low = bisect_left(self.keys, value, key=convert)
        high = bisect_right(self.keys, value, lo=low, key=convert)
        low, high = low + self.start, high + self.start
        return Bounds(low, (low, high), high)


@dataclass(frozen=True)
class Bounds:
    """In a segment: up to where values are less, which are equal, from where they are greater."""

    less: int
    equal: Range
    greater: int


class Table:
    """Distinct literals, each with a number."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self.segments = tuple(segments)
        self._starts = np.array([s.start for s in segments], dtype=np.int32)

    def segment_numbers(self, numbers: Ints) -> Ints:
        """Of which segment each of the literals is."""
        return np.searchsorted(self._starts, numbers, side="right") - 1

    def text(self, number: int) -> str:
        """The lexical form of a literal."""
        segment = self._segment(number)
        return segment.texts[number - segment.start]

    def literal(self, number: int) -> Literal:
        """The literal of a number."""
        segment = self._segment(number)
        return segment.sort.literal(segment.texts[number - segment.start])

    def literals(self, numbers: Ints) -> list[Literal]:
        """The literals of numbers, which ascend."""
        found: list[Literal] = []
        for segment in self.segments:
            low, high = np.searchsorted(numbers, (segment.start, segment.stop))
            texts = segment.texts.chosen(numbers[low:high] - segment.start)
            found += map(segment.sort.literal, texts)
        return found

    @cached_property
    def lexical(self) -> bool:
        """Whether the literals stand in the order of ``kizuna.terms.place``."""
        return all(segment.sort.kind in LEXICAL for segment in self.segments)

    def number(self, literal: Literal) -> int | None:
        """The number of a literal, None where it has none."""
        value = value_of(literal)
        for segment in self.segments:
            if segment.sort == value.sort:
                low, high = segment.bounds(value.key).equal
                return next((n for n in range(low, high) if self.text(n) == value.text), None)
        return None

    def _segment(self, number: int) -> Segment:
        return self.segments[bisect_right(self._starts, number) - 1]

    # Comparing

    def comparing(
        self, operator: Operator, operand: Literal, language: str | None
    ) -> Iterator[Range]:
        """The ranges of literals of the language that compare so with the operand."""
        value = value_of(operand)
        if value.kind is Kind.FOREIGN:
            raise Unheld
        for segment in self._in_language(language):
            if segment.sort.kind is Kind.FOREIGN:
                raise Unheld
            yield from _chosen(segment, operator, _bounds(segment, value), value)

    def comparing_text(
        self, operator: Operator, operand: str, language: str | None
    ) -> Iterator[Range]:
        """The ranges of literals of the language whose strings compare so with the operand."""
        for segment in self._in_language(language):
            yield from _text_ranges(segment, operator, operand)

    def numbered(self, literals: Iterable[Literal], language: str | None) -> Iterator[Range]:
        """The ranges, of one number each, of those of the literals that are of the language."""
        segments = self._in_language(language)
        for literal in literals:
            number = self.number(literal)
            if number is not None and any(s.start <= number < s.stop for s in segments):
                yield number, number + 1

    def _in_language(self, language: str | None) -> list[Segment]:
        if language is None:
            return list(self.segments)
        return [s for s in self.segments if language_fits(s.sort.language, language)]

    # Ordering

    @cached_property
    def ranks(self) -> "Ranks":
        """The literals' places in the order of values."""
        if any(segment.sort.kind is Kind.FOREIGN for segment in self.segments):
            raise Unheld
        keys = [
            self._place(segment.sort, key, text)
            for segment in self.segments
            for key, text in zip(segment.keys, segment.texts, strict=True)
        ]
        return Ranks.of(keys, lambda n: self._place_of(self.literal(n)), self._place_of)

    @cached_property
    def text_ranks(self) -> "Ranks":
        """The literals' places in the order of their strings, which is that of code points."""
        texts = [text for segment in self.segments for text in segment.texts]
        return Ranks.of(texts, self.text, lambda literal: literal.value)

    def _place_of(self, literal: Literal) -> tuple[Any, ...]:
        value = value_of(literal)
        return self._place(value.sort, value.key, value.text)

    def _place(self, sort: Sort, key: Any, text: str) -> tuple[Any, ...]:
        """By what any two literals can be put in order.

        That is the engine's own order where it has one; where it can't compare, numbers come
        first, then days, then moments, then all else by its text. What has no zone is placed as
        in UTC.
        """
        kind = sort.kind
        if kind in NUMERIC:
            return 0, float(key) if self._has_floats else key
        if kind is Kind.NOT_A_NUMBER:
            return 1, sort.datatype
        if kind in DAYS | MOMENTS:
            return 2 if kind in DAYS else 3, key, kind in (Kind.DAY, Kind.MOMENT)
        return 4, text, sort.datatype, sort.language

    @cached_property
    def _has_floats(self) -> bool:
        """Whether any number is a float: with those the engine compares all as floats."""
        return any(s.sort.kind in (Kind.DOUBLE, Kind.FLOAT) for s in self.segments)


@dataclass(frozen=True)
class Ranks:
    """Places of numbers in an order; what is equal has the same.

    They are odd, so that there is room for what isn't there.
    """

    places: Ints
    order: Ints
    key: Callable[[int], Any]
    key_of: Callable[[Literal], Any]

    @classmethod
    def of(
        cls, keys: list[Any], key: Callable[[int], Any], key_of: Callable[[Literal], Any]
    ) -> "Ranks":
        """The ranks of numbers by their keys; ``key`` gives one key anew."""
        order = sorted(range(len(keys)), key=keys.__getitem__)
        fresh = (keys[a] != keys[b] for a, b in pairwise(order))
        ranks = np.cumsum(np.fromiter((False, *fresh), dtype=np.int32, count=len(order) or 1))
        places = np.empty(len(order), dtype=np.int32)
        places[order] = 2 * ranks[: len(order)] + 1
        return cls(places, np.array(order, dtype=np.int32), key, key_of)

    def place(self, literal: Literal) -> int:
        """The place of any literal: that of an equal one, or an even one between others."""
        wanted = self.key_of(literal)
        found = bisect_left(range(len(self.order)), wanted, key=lambda n: self._key_at(n))
        if found == len(self.order):
            return 2 * found + 2
        place = int(self.places[self.order[found]])
        return place if self._key_at(found) == wanted else place - 1

    def _key_at(self, place: int) -> Any:
        return self.key(int(self.order[place]))


def table_of(
    groups: Mapping[tuple[str, str], Iterable[str]],
) -> tuple[Table, dict[tuple[str, str], Ints]]:
    """The table of literals given as texts by datatype and language.

    With it comes, for each group, the number of each of its texts.
    """
    segments: list[Segment] = []
    numbers: dict[tuple[str, str], Ints] = {}
    start = 0
    for (language, datatype), given in sorted((key[::-1], g) for key, g in groups.items()):
        texts = list(given)
        found = numbers[datatype, language] = np.empty(len(texts), dtype=np.int32)
        for sort, places in _sorted_by_kind(texts, datatype, language):
            found[places] = np.arange(start, start + len(places), dtype=np.int32)
            segments.append(Segment(sort, start, Texts([texts[place] for place in places])))
            start += len(places)
    return Table(segments), numbers


def _sorted_by_kind(
    texts: list[str], datatype: str, language: str
) -> Iterator[tuple[Sort, list[int]]]:
    """The places of texts of each kind, in the order of their values."""
    if language:
        order = sorted(range(len(texts)), key=texts.__getitem__)
        yield Sort(Kind.TEXT, datatype, language), order
        return
    keys: dict[Kind, dict[int, Any]] = {}
    for place, text in enumerate(texts):
        kind, key = parsed(text, datatype)
        keys.setdefault(kind, {})[place] = key
    for kind, by_place in keys.items():
        yield Sort(kind, datatype), sorted(by_place, key=by_place.__getitem__)


def _conversion(kind: Kind, other: Kind) -> Callable[[Any], Any] | None:
    """To what numbers of two kinds are promoted: doubles, else floats, else exact as they are."""
    if Kind.DOUBLE in (kind, other):
        return float
    return as_float if Kind.FLOAT in (kind, other) else None


def _chosen(
    segment: Segment, operator: Operator, bounds: Bounds | None, value: Value
) -> Iterator[Range]:
    start, stop = segment.start, segment.stop
    if operator is Operator.NOT_EQUAL:
        if _knows_difference(segment.sort, value.sort):
            low, high = bounds.equal if bounds else (start, start)
            yield start, low
            yield high, stop
    elif bounds is not None:
        yield from _ranges(operator, start, stop, bounds)


def _knows_difference(one: Sort, other: Sort) -> bool:
    """Whether what isn't the same is known to differ: of a value unknown nobody can tell."""
    if Kind.OTHER not in (one.kind, other.kind):
        return True
    return Kind.TEXT in (one.kind, other.kind)


def _ranges(operator: Operator, start: int, stop: int, bounds: Bounds) -> Iterator[Range]:
    if operator in (Operator.LESS, Operator.AT_MOST):
        yield start, bounds.less
    if operator in (Operator.EQUAL, Operator.AT_MOST, Operator.AT_LEAST):
        yield bounds.equal
    if operator in (Operator.GREATER, Operator.AT_LEAST):
        yield bounds.greater, stop
    if operator is Operator.NOT_EQUAL:
        yield start, bounds.equal[0]
        yield bounds.equal[1], stop


def _bounds(segment: Segment, value: Value) -> Bounds | None:
    """Where the value lies in a segment; None where nothing there compares with it."""
    kind, other = segment.sort.kind, value.kind
    if kind in NUMERIC and other in NUMERIC:
        convert = _conversion(kind, other)
        return segment.bounds(convert(value.key) if convert else value.key, convert)
    if {kind, other} <= MOMENTS or {kind, other} <= DAYS:
        return _moments(segment, value)
    if segment.sort != value.sort or kind is Kind.NOT_A_NUMBER:
        return None
    found = segment.bounds(value.key)
    if kind in (Kind.STRING, Kind.TEXT):
        return found
    # Of these only what is the same compares, as equal.
    return Bounds(segment.start, found.equal, segment.stop)


def _moments(segment: Segment, value: Value) -> Bounds:
    if segment.sort.kind is value.kind:
        return segment.bounds(value.key)
    less = segment.bounds(value.key - UNSURE).less
    greater = segment.bounds(value.key + UNSURE).greater
    return Bounds(less, (less, less), greater)


def _text_ranges(segment: Segment, operator: Operator, operand: str) -> Iterator[Range]:
    """The ranges in a segment of texts that compare so."""
    texts, start = segment.texts, segment.start
    if operator is Operator.CONTAINS:
        found = texts.containing(operand) + start
        yield from zip(found.tolist(), (found + 1).tolist(), strict=True)
    elif segment.sort.kind not in LEXICAL or operator is Operator.ENDS_WITH:
        test = _TEXT_TESTS[operator]
        yield from ((start + n, start + n + 1) for n, t in enumerate(texts) if test(t, operand))
    elif operator is Operator.STARTS_WITH:
        size = len(operand)
        yield segment.bounds(operand, lambda text: text[:size]).equal
    else:
        bounds = segment.bounds(operand)
        yield from _ranges(operator, start, segment.stop, bounds)


_TEXT_TESTS: Mapping[Operator, Callable[[str, str], bool]] = {
    Operator.EQUAL: str.__eq__,
    Operator.NOT_EQUAL: str.__ne__,
    Operator.LESS: str.__lt__,
    Operator.AT_MOST: str.__le__,
    Operator.GREATER: str.__gt__,
    Operator.AT_LEAST: str.__ge__,
    Operator.STARTS_WITH: str.startswith,
    Operator.ENDS_WITH: str.endswith,
}
