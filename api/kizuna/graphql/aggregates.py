"""What a group's values come to, and how that compares."""

import math
from datetime import UTC, date, datetime
from decimal import Decimal, localcontext
from typing import TypeAlias

from kizuna import namespaces as ns
from kizuna.dataset.grouping import Aggregate
from kizuna.errors import LimitExceeded
from kizuna.terms import Literal, NamedNode, Term, python_value

# Where a value stands among others: numbers and times before texts.
Standing: TypeAlias = tuple[int, Decimal | float | str]

DECIMAL = NamedNode(ns.XSD + "decimal")
PLACES = Decimal(1).scaleb(-18)
DIGITS = 100


def aggregated(found: Aggregate, part: str) -> Term | None:
    """The ``count``, ``min``, ``max``, ``sum`` or ``avg`` of a measure; None where of no values.

    Raises LimitExceeded for a sum that the store couldn't work out.
    """
    if part == "count":
        return Literal(found.count)
    if part in ("min", "max") or not found.count:
        return found.least if part == "min" else found.greatest
    if found.total is None:
        raise LimitExceeded("these values together are more than the store can add up")
    total = python_value(found.total)
    if isinstance(total, float):
        return Literal(total if part == "sum" else total / found.count)
    exact = Decimal(str(total))
    return _decimal(exact if part == "sum" else _mean(exact, found.count))


def standing(value: object) -> Standing:
    """Where a term, or the operand of a condition, stands among others of its kind."""
    if isinstance(value, Literal):
        value = _read(value)
    match value:
        case bool() | int() | Decimal():
            return 0, Decimal(value)
        case float() if math.isfinite(value):
            return 0, Decimal(value)
        case datetime():
            moment = value if value.tzinfo else value.replace(tzinfo=UTC)
            return 0, moment.timestamp()
        case date():
            return 1, value.isoformat()
        case NamedNode():
            return 1, value.value
    return 1, str(value)


def _read(literal: Literal) -> object:
    if literal.datatype.value == ns.XSD + "dateTime":
        try:
            return datetime.fromisoformat(literal.value)
        except ValueError:
            return literal.value
    return python_value(literal)


def _mean(total: Decimal, count: int) -> Decimal:
    with localcontext(prec=DIGITS):
        mean = total / count
        return mean.quantize(PLACES)


def _decimal(value: Decimal) -> Literal:
    text = format(value, "f")
    shortest = text.rstrip("0").rstrip(".") if "." in text else text
    return Literal(shortest, datatype=DECIMAL)
