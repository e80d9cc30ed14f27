"""What a literal's value is, as the engine that answers SPARQL has it.

The value spaces are those of XML Schema (https://www.w3.org/TR/xmlschema11-2/), as far as SPARQL's
operators (https://www.w3.org/TR/sparql11-query/#OperatorMapping) compare them. A lexical form that
its datatype doesn't allow, or that the engine has no room for, has no value but itself.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum, auto
from typing import Any

import numpy as np

from kizuna.namespaces import RDF_LANG_STRING, XSD
from kizuna.terms import INTEGERS, Literal, NamedNode

STRING = XSD + "string"
NUMBERS = {XSD + "double", XSD + "float", XSD + "decimal", *INTEGERS}
INTEGER = re.compile(r"[+-]?[0-9]+")
DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
DOUBLE = re.compile(
    r"[+-]?(([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|inf|infinity|nan)", re.IGNORECASE
)
MOMENT = re.compile(
    r"(?P<year>-?(?:[1-9][0-9]{3,11}|0[0-9]{3}))-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
    r"(?:T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?:\.(?P<part>[0-9]{1,18}))?)?"
    r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?"
)
PARTS = 10**18  # the engine keeps 18 digits after the point
LARGEST = 2**127
FURTHEST_ZONE = 14 * 60
ERA = 400  # years after which the calendar repeats itself
ERA_DAYS = 146_097


class Kind(Enum):
    """How values compare: those of different kinds are never in order, save numbers."""

    EXACT = auto()
    DOUBLE = auto()
    FLOAT = auto()
    NOT_A_NUMBER = auto()
    ZONED_MOMENT = auto()
    MOMENT = auto()
    ZONED_DAY = auto()
    DAY = auto()
    BOOLEAN = auto()
    STRING = auto()
    TEXT = auto()
    OTHER = auto()
    FOREIGN = auto()


# What the engine compares by value, and columns leave to it.
FOREIGN = frozenset(
    XSD + name
    for name in (
        *("time", "gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay"),
        *("duration", "dayTimeDuration", "yearMonthDuration"),
    )
)
NUMERIC = frozenset({Kind.EXACT, Kind.DOUBLE, Kind.FLOAT})
MOMENTS = frozenset({Kind.ZONED_MOMENT, Kind.MOMENT})
DAYS = frozenset({Kind.ZONED_DAY, Kind.DAY})
# Those whose order is that of their lexical forms.
LEXICAL = frozenset({Kind.BOOLEAN, Kind.STRING, Kind.TEXT, Kind.OTHER})


@dataclass(frozen=True)
class Sort:
    """What literals that are kept side by side have in common."""

    kind: Kind
    datatype: str
    language: str = ""

    def literal(self, text: str) -> Literal:
        """The literal of that lexical form."""
        if self.language:
            return Literal(text, language=self.language)
        return Literal(text) if self.datatype == STRING else Literal(text, datatype=self._type)

    @property
    def _type(self) -> NamedNode:
        return NamedNode(self.datatype)


@dataclass(frozen=True)
class Value:
    """A literal's value: ``key`` is by what it compares with others of its kind."""

    sort: Sort
    key: Any
    text: str

    @property
    def kind(self) -> Kind:
        """How it compares."""
        return self.sort.kind


def value_of(literal: Literal) -> Value:
    """The value of a literal."""
    text, datatype = literal.value, literal.datatype.value
    if literal.language:
        return Value(Sort(Kind.TEXT, RDF_LANG_STRING, literal.language), text, text)
    kind, key = parsed(text, datatype)
    return Value(Sort(kind, datatype), key, text)


def parsed(text: str, datatype: str) -> tuple[Kind, Any]:
    """The kind and the key of a lexical form of a datatype, languages apart."""
    if datatype == STRING:
        return Kind.STRING, text
    if datatype in FOREIGN:
        return Kind.FOREIGN, text
    parser = _PARSERS.get(datatype)
    return (parser(text) if parser else None) or (Kind.OTHER, text)


def _integer(text: str) -> tuple[Kind, Any] | None:
    if not INTEGER.fullmatch(text):
        return None
    value = int(text) if len(text) < 30 else 2**63
    return (Kind.EXACT, value) if -(2**63) <= value < 2**63 else None


def _decimal(text: str) -> tuple[Kind, Any] | None:
    whole, _, part = text.partition(".")
    part = part.rstrip("0")
    if not DECIMAL.fullmatch(text) or len(part) > 18 or len(whole) > 40:
        return None
    # Of as many digits as decimals may have here, no arithmetic in the default context is exact.
    scaled = int(f"{whole}{part:0<18}")
    if not -LARGEST <= scaled < LARGEST:
        return None
    return Kind.EXACT, Decimal(f"{whole}.{part}" if part else whole)


def _double(text: str) -> tuple[Kind, Any] | None:
    if not DOUBLE.fullmatch(text):
        return None
    value = float(text)
    return (Kind.DOUBLE, value) if value == value else (Kind.NOT_A_NUMBER, 0.0)


def _float(text: str) -> tuple[Kind, Any] | None:
    found = _double(text)
    if found is None or found[0] is Kind.NOT_A_NUMBER:
        return found
    return Kind.FLOAT, as_float(found[1])


def as_float(value: Any) -> float:
    """The value in the precision of xsd:float."""
    with np.errstate(over="ignore"):
        return float(np.float32(float(value)))


def _boolean(text: str) -> tuple[Kind, Any] | None:
    if text not in ("true", "false", "1", "0"):
        return None
    return Kind.BOOLEAN, "true" if text in ("true", "1") else "false"


def _moment(text: str) -> tuple[Kind, Any] | None:
    found = MOMENT.fullmatch(text)
    if not found or found["hour"] is None:
        return None
    seconds = _seconds(found)
    if seconds is None:
        return None
    return (Kind.ZONED_MOMENT if found["zone"] else Kind.MOMENT), seconds


def _day(text: str) -> tuple[Kind, Any] | None:
    found = MOMENT.fullmatch(text)
    if not found or found["hour"] is not None:
        return None
    seconds = _seconds(found)
    return None if seconds is None else (Kind.ZONED_DAY if found["zone"] else Kind.DAY, seconds)


def _seconds(found: re.Match[str]) -> int | None:
    """Where it lies on the timeline, in parts of a second."""
    year, month, day = int(found["year"]), int(found["month"]), int(found["day"])
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    zone = _zone(found["zone"])
    part = int(f"{found['part'] or '':0<18}")
    midnight = hour == 24 and not (minute or second or part)
    if zone is None or minute > 59 or second > 59 or (hour > 23 and not midnight):
        return None
    try:
        days = date(year % ERA + ERA, month, day).toordinal() + (year // ERA) * ERA_DAYS
    except ValueError:
        return None
    return (((days * 24 + hour) * 60 + minute - zone) * 60 + second) * PARTS + part


def _zone(zone: str | None) -> int | None:
    """Minutes east of Greenwich; None where there is no such zone."""
    if zone is None or zone == "Z":
        return 0
    hours, minutes = int(zone[1:3]), int(zone[4:])
    away = hours * 60 + minutes
    if minutes > 59 or away > FURTHEST_ZONE:
        return None
    return -away if zone.startswith("-") else away


_PARSERS: dict[str, Callable[[str], tuple[Kind, Any] | None]] = {
    **dict.fromkeys(INTEGERS, _integer),
    XSD + "decimal": _decimal,
    XSD + "double": _double,
    XSD + "float": _float,
    XSD + "boolean": _boolean,
    XSD + "dateTime": _moment,
    XSD + "dateTimeStamp": _moment,
    XSD + "date": _day,
}
