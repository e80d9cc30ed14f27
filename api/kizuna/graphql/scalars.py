"""How literals of a datatype appear in GraphQL, and which filter fits them."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from kizuna.namespaces import XSD
from kizuna.terms import FLOATS, INTEGERS, Literal, NamedNode, Term, python_value


@dataclass(frozen=True)
class ScalarType:
    """A GraphQL scalar: its name, the datatype of operands that are compared with it.

    ``datatype`` None means that values are compared as strings; ``ordered`` that ``lt`` and its
    kin make sense.
    """

    name: str
    datatype: str | None = None
    ordered: bool = False


STRING = ScalarType("String")
BY_DATATYPE = {
    XSD + "boolean": ScalarType("Boolean", XSD + "boolean"),
    XSD + "decimal": ScalarType("Decimal", XSD + "decimal", ordered=True),
    XSD + "date": ScalarType("Date", XSD + "date", ordered=True),
    XSD + "dateTime": ScalarType("DateTime", XSD + "dateTime", ordered=True),
    **{datatype: ScalarType("Int", XSD + "integer", ordered=True) for datatype in INTEGERS},
    **{datatype: ScalarType("Float", XSD + "double", ordered=True) for datatype in FLOATS},
}


def scalar_of(datatype: str | None) -> ScalarType:
    """The GraphQL scalar that shows literals of the datatype; String where it knows no better."""
    return BY_DATATYPE.get(datatype or "", STRING)


def fitting(scalar: ScalarType) -> Callable[[object], bool]:
    """What tells whether the scalar can hold a value: https://spec.graphql.org/draft/#sec-Scalars"""
    return _FITTING.get(scalar.name, _is_string)


def _is_string(value: object) -> bool:
    return isinstance(value, str)


_FITTING: Mapping[str, Callable[[object], bool]] = {
    "Int": lambda value: isinstance(value, int) and -(2**31) <= value < 2**31,
    "Float": lambda value: isinstance(value, int | float) and math.isfinite(value),
    "Boolean": lambda value: isinstance(value, bool),
}


def shown(term: Term) -> object:
    """A term as an answer shows it: decimals as exact strings, dates as ISO 8601, IRIs whole."""
    if not isinstance(term, Literal):
        return term.value if isinstance(term, NamedNode) else str(term)
    value = python_value(term)
    return format(value, "f") if isinstance(value, Decimal) else value
