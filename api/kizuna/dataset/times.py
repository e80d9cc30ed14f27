"""Times as the data states them, in EDTF, and what follows from them: bounds and wording.

Reads levels 0 and 1 of the Extended Date/Time Format (https://www.loc.gov/standards/datetime/)
and, from level 2, a missing year (``XXXX-12-06``). The years are 1 to 9999. What a bound means:

- ``?``, ``~`` and ``%`` (uncertain, approximate, both) leave the bounds as they are;
- an open end (``2022/..``) and an unknown one (``2022/``) leave the bound absent, as does a
  missing year; only ``..`` is called open;
- seasons are meteorological and northern: spring begins in March, and winter runs from December
  to the end of February of the next year.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton, parse_pattern

from kizuna import terms
from kizuna.errors import InvalidInput
from kizuna.namespaces import EARLIEST, GRAPH_DERIVED, LATEST, OPEN_END, OPEN_START, TIME_EDTF, XSD
from kizuna.terms import NamedNode, Quad

OPEN = ".."
UNKNOWN = ""
SPRING, WINTER = 21, 24
PRECISIONS = ("day", "month", "season", "year", "decade", "century")
SHOWN = 60  # characters of a wrong time that a message repeats
LEAP_YEAR = 2000  # stands in for a missing year, so that XXXX-02-29 is a day

_DATE = re.compile(
    r"(?P<year>[0-9]{4}|[0-9]{3}X|[0-9]{2}XX|XXXX)"
    r"(-(?P<month>[0-9]{2}|XX)(-(?P<day>[0-9]{2}|XX))?)?"
    r"(?P<qualifier>[?~%])?"
)
_DATE_TIME = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}(:[0-9]{2})?)?"
)


@dataclass(frozen=True)
class Bounds:
    """The first and last day that a time can reach; None where it has no bound that is known."""

    earliest: date | None
    latest: date | None
    open_start: bool = False
    open_end: bool = False


@dataclass(frozen=True)
class _Date:
    """One date of an expression: how precise it is, its days, and what it leaves out."""

    precision: Literal["day", "month", "season", "year", "decade", "century"]
    first: date
    last: date
    missing: Literal["", "day", "month", "year"] = ""
    qualifier: str = ""

    @property
    def earliest(self) -> date | None:
        return None if self.missing == "year" else self.first

    @property
    def latest(self) -> date | None:
        return None if self.missing == "year" else self.last


@dataclass(frozen=True)
class _Interval:
    """From one date to another."""

    start: _Date
    end: _Date


@dataclass(frozen=True)
class _OneSided:
    """From a date on, or up to one; the other end is open or, if not, unknown."""

    known: _Date
    starts: bool
    open: bool


@dataclass(frozen=True)
class _Wording:
    """How a language words a time; ``{}`` stands for the date.

    ``since`` and ``until`` go by how the date begins: the first pattern that fits is used.
    """

    locale: str
    seasons: tuple[str, str, str, str]
    season: str
    decade: str
    missing: Mapping[str, str]
    qualifiers: Mapping[str, str]
    interval: str
    since: Mapping[str, str]
    until: Mapping[str, str]
    unknown_start: str
    unknown_end: str


_ENGLISH = _Wording(
    locale="en_GB",
    seasons=("spring", "summer", "autumn", "winter"),
    season="{season} {year}",
    decade="the {}s",
    missing={
        "day": "{}, day not stated",
        "month": "{}, month not stated",
        "year": "{}, year not stated",
    },
    qualifiers={"~": "about {}", "?": "{} (uncertain)", "%": "about {} (uncertain)"},
    interval="{} – {}",
    since={"": "since {}"},
    until={"": "until {}"},
    unknown_start="{}, start not stated",
    unknown_end="{}, end not stated",
)
_ITALIAN = _Wording(
    locale="it",
    seasons=("primavera", "estate", "autunno", "inverno"),
    season="{season} {year}",
    decade="anni {}",
    missing={
        "day": "{}, giorno non indicato",
        "month": "{}, mese non indicato",
        "year": "{}, anno non indicato",
    },
    qualifiers={"~": "circa {}", "?": "{} (incerto)", "%": "circa {} (incerto)"},
    interval="{} – {}",
    since={
        "(8|11) |estate|autunno|inverno": "dall’{}",
        "[0-9]": "dal {}",
        "primavera": "dalla {}",
        "anni": "dagli {}",
        "": "da {}",
    },
    until={
        "(8|11) |estate|autunno|inverno": "fino all’{}",
        "[0-9]": "fino al {}",
        "primavera": "fino alla {}",
        "anni": "fino agli {}",
        "": "fino a {}",
    },
    unknown_start="{}, inizio non indicato",
    unknown_end="{}, fine non indicata",
)
_JAPANESE = _Wording(
    locale="ja",
    seasons=("春", "夏", "秋", "冬"),
    season="{year}年{season}",
    decade="{}年代",
    missing={"day": "{}、日の記載なし", "month": "{}、月の記載なし", "year": "{}、年の記載なし"},
    qualifiers={"~": "{}頃", "?": "{}、不確か", "%": "{}頃、不確か"},
    interval="{}から{}まで",
    since={"": "{}以降"},
    until={"": "{}まで"},
    unknown_start="{}、開始時期の記載なし",
    unknown_end="{}、終了時期の記載なし",
)
_WORDINGS = {"en": _ENGLISH, "it": _ITALIAN, "ja": _JAPANESE}


def bounds(edtf: str) -> Bounds:
    """The days between which the time lies; raises InvalidInput for what isn't such an EDTF."""
    time = _parse(edtf)
    if isinstance(time, _Interval):
        return Bounds(time.start.earliest, time.end.latest)
    if isinstance(time, _Date):
        return Bounds(time.earliest, time.latest)
    if time.starts:
        return Bounds(time.known.earliest, None, open_end=time.open)
    return Bounds(None, time.known.latest, open_start=time.open)


def precision(edtf: str) -> str:
    """How fine the time is: day, month, season, year, decade or century.

    Of an interval it is that of its coarser end. Raises InvalidInput for what isn't such an EDTF.
    """
    time = _parse(edtf)
    if isinstance(time, _Interval):
        return max(time.start.precision, time.end.precision, key=PRECISIONS.index)
    return (time if isinstance(time, _Date) else time.known).precision


def display(edtf: str, language: str) -> str:
    """The time in words, in English, Italian or Japanese, and in English for other languages.

    ``language`` is a BCP 47 tag (https://www.rfc-editor.org/info/bcp47), of which the first part
    decides. A time of day isn't shown. Raises InvalidInput for what isn't such an EDTF.
    """
    wording = _WORDINGS.get(language.partition("-")[0].lower(), _ENGLISH)
    time = _parse(edtf)
    if isinstance(time, _Interval):
        return _interval_text(time, wording)
    return _text(time, wording) if isinstance(time, _Date) else _one_sided_text(time, wording)


def computed(quads: Iterable[Quad], graph: NamedNode) -> list[Quad]:
    """The bounds of each subject that states an EDTF time, as quads of ``graph``.

    Raises InvalidInput, which names the subject, where a time can't be read.
    """
    return [
        found
        for quad in quads
        if quad.predicate.value == TIME_EDTF
        for found in _bound_quads(quad, graph)
    ]


def readable_bounds(quads: Iterable[Quad]) -> Iterator[Quad]:
    """The bounds of the times that can be read; the others are left out."""
    for quad in quads:
        with suppress(InvalidInput):
            yield from computed([quad], NamedNode(GRAPH_DERIVED))


def _bound_quads(quad: Quad, graph: NamedNode) -> list[Quad]:
    try:
        found = bounds(quad.object.value if isinstance(quad.object, terms.Literal) else "")
    except InvalidInput as error:
        raise InvalidInput(f"{quad.subject}: {error}") from error
    values = {
        EARLIEST: _day_literal(found.earliest),
        LATEST: _day_literal(found.latest),
        OPEN_START: terms.Literal(found.open_start),
        OPEN_END: terms.Literal(found.open_end),
    }
    return [Quad(quad.subject, NamedNode(p), value, graph) for p, value in values.items() if value]


def _day_literal(day: date | None) -> terms.Literal | None:
    return terms.Literal(day.isoformat(), datatype=NamedNode(XSD + "date")) if day else None


# Reading


def _parse(edtf: str) -> _Date | _Interval | _OneSided:
    """The expression as a date or, where it holds a slash, an interval."""
    try:
        if "/" in edtf:
            return _interval(*edtf.split("/", 1))
        found = _DATE_TIME.fullmatch(edtf)
        if found:
            datetime.fromisoformat(edtf)
            return _date(found["date"])
        return _date(edtf)
    except ValueError as error:
        raise InvalidInput(
            f"{edtf[:SHOWN]!r} is no time that can be used here: {error}; write EDTF such as 2025, "
            "2025-12, 2025-12-06, XXXX-12-06, 2025-22, 203X, 2022/.. or 2026-01-15/2026-01-17"
        ) from error


def _interval(start: str, end: str) -> _Interval | _OneSided:
    endless = (OPEN, UNKNOWN)
    if start in endless and end in endless:
        raise ValueError("an interval has at least one date")
    if end in endless:
        return _OneSided(_date(start), starts=True, open=end == OPEN)
    if start in endless:
        return _OneSided(_date(end), starts=False, open=start == OPEN)
    found = _Interval(_date(start), _date(end))
    earliest, latest = found.start.earliest, found.end.latest
    if earliest and latest and earliest > latest:
        raise ValueError("it ends before it starts")
    return found


def _date(edtf: str) -> _Date:
    found = _DATE.fullmatch(edtf)
    if not found:
        raise ValueError("it isn't written as an EDTF date")
    year, month, day, qualifier = found["year"], found["month"], found["day"], found["qualifier"]
    if year == "XXXX":
        return _date_without_year(month, day, qualifier or "")
    if "X" in year:
        return _years(year, month, qualifier or "")
    return _date_of_year(int(year), month, day, qualifier or "")


def _date_without_year(month: str | None, day: str | None, qualifier: str) -> _Date:
    if not month or "X" in month + (day or "") or int(month) >= SPRING:
        raise ValueError("a date without its year needs a month, and then may have a day")
    known = _date_of_year(LEAP_YEAR, month, day, qualifier)
    return _Date(known.precision, known.first, known.last, "year", qualifier)


def _years(year: str, month: str | None, qualifier: str) -> _Date:
    if month:
        raise ValueError("what stands after unspecified digits of a year can't be known")
    first, last = int(year.replace("X", "0")), int(year.replace("X", "9"))
    precision: Literal["decade", "century"] = "century" if "XX" in year else "decade"
    return _Date(precision, date(first, 1, 1), date(last, 12, 31), "", qualifier)


def _date_of_year(year: int, month: str | None, day: str | None, qualifier: str) -> _Date:
    if month in (None, "XX"):
        return _whole_year(year, month, day, qualifier)
    number = int(month or "")
    if SPRING <= number <= WINTER and day is None:
        return _season(year, number, qualifier)
    first, last = date(year, number, 1), date(year, number, monthrange(year, number)[1])
    if day in (None, "XX"):
        return _Date("month", first, last, "day" if day else "", qualifier)
    only = date(year, number, int(day or ""))
    return _Date("day", only, only, "", qualifier)


def _whole_year(year: int, month: str | None, day: str | None, qualifier: str) -> _Date:
    if day not in (None, "XX"):
        raise ValueError("a day needs its month")
    missing: Literal["", "day", "month"] = "day" if day else "month" if month else ""
    return _Date("year", date(year, 1, 1), date(year, 12, 31), missing, qualifier)


def _season(year: int, season: int, qualifier: str) -> _Date:
    start = 3 * (season - SPRING) + 3
    end_year, end = (year + 1, 2) if season == WINTER else (year, start + 2)
    last = date(end_year, end, monthrange(end_year, end)[1])
    return _Date("season", date(year, start, 1), last, "", qualifier)


# Wording


def _text(found: _Date, wording: _Wording) -> str:
    text = _plain_text(found, wording)
    if found.missing:
        text = wording.missing[found.missing].format(text)
    return wording.qualifiers.get(found.qualifier, "{}").format(text)


def _plain_text(found: _Date, wording: _Wording) -> str:
    first, last, locale = found.first, found.last, wording.locale
    if found.precision == "season":
        return _season_text(found, wording)
    if found.precision == "decade":
        return wording.decade.format(first.year)
    if found.precision == "century":
        return format_interval(first, last, "y", locale=locale)
    if found.missing == "year":
        return _text_without_year(found, locale)
    if found.precision == "day":
        return format_date(first, "long", locale=locale)
    return format_skeleton("y" if found.precision == "year" else "yMMMM", first, locale=locale)


def _season_text(found: _Date, wording: _Wording) -> str:
    first, last = found.first, found.last
    year = f"{first.year}/{last.year % 100:02}" if last.year > first.year else str(first.year)
    return wording.season.format(season=wording.seasons[first.month // 3 - 1], year=year)


def _text_without_year(found: _Date, locale: str) -> str:
    if found.precision == "day":
        return format_skeleton("MMMMd", found.first, locale=locale)
    return format_date(found.first, "LLLL", locale=locale)


def _one_sided_text(time: _OneSided, wording: _Wording) -> str:
    text = _text(time.known, wording)
    templates = wording.since if time.starts else wording.until
    text = next(t for start, t in templates.items() if re.match(start, text)).format(text)
    if time.open:
        return text
    return (wording.unknown_end if time.starts else wording.unknown_start).format(text)


def _interval_text(time: _Interval, wording: _Wording) -> str:
    """Both ends; what they share is said once where both are plain dates of one precision."""
    start, end = time.start, time.end
    plain = not any(d.missing or d.qualifier for d in (start, end))
    precision = start.precision if plain and start.precision == end.precision else None
    if precision == "day":
        return _days_text(start.first, end.first, wording.locale)
    if precision in ("month", "year"):
        skeleton = "y" if precision == "year" else "yMMMM"
        return format_interval(start.first, end.first, skeleton, locale=wording.locale)
    return wording.interval.format(_text(start, wording), _text(end, wording))


def _days_text(start: date, end: date, name: str) -> str:
    """Two days by CLDR's interval patterns, with the month in full, for which CLDR has none."""
    locale = Locale.parse(name)
    differing = next(
        (f for f in ("year", "month", "day") if getattr(start, f) != getattr(end, f)), ""
    )
    if not differing:
        return format_date(start, "long", locale=locale)
    field = {"year": "y", "month": "M", "day": "d"}[differing]
    first, second = locale.interval_formats["yMMMd"][field]
    return _by_pattern(first, start, locale) + _by_pattern(second, end, locale)


def _by_pattern(pattern: str, day: date, locale: Locale) -> str:
    in_full = pattern.replace("MMM", "MMMM").replace("dd", "d")
    return parse_pattern(in_full).apply(day, locale)
