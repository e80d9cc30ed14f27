"""RDF terms and their Python values: the rest of the code names terms through this module."""

from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from kizuna.namespaces import XSD

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
Value: TypeAlias = str | int | float | bool | Decimal

__all__ = [
    "BlankNode",
    "DefaultGraph",
    "Literal",
    "NamedNode",
    "Quad",
    "Term",
    "Triple",
    "Value",
    "python_value",
]

_NUMBERS = {"integer": int, "int": int, "long": int, "nonNegativeInteger": int, "decimal": Decimal}
