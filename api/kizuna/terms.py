"""RDF terms and their Python values: the rest of the code names terms through this module."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from kizuna.namespaces import XSD

__all__ = [
    "BlankNode",
    "DefaultGraph",
    "Literal",
    "NamedNode",
    "Quad",
    "Term",
    "Triple",
    "Value",
    "local_name",
    "place",
    "python_value",
]

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
Value: TypeAlias = str | int | float | bool | Decimal

INTEGERS = frozenset(
    XSD + name
    for name in (
        "integer",
        "int",
        "long",
        "short",
        "byte",
        "nonNegativeInteger",
        "positiveInteger",
        "negativeInteger",
        "nonPositiveInteger",
        "unsignedInt",
        "unsignedLong",
        "unsignedShort",
        "unsignedByte",
    )
)
FLOATS = frozenset({XSD + "double", XSD + "float"})


def python_value(literal: Literal) -> Value:
    """The literal's value: bool, int, Decimal or float by datatype, else its lexical form.

    A lexical form that its datatype doesn't allow comes back as it is, as a string.
    """
    text, read = literal.value, _READ.get(literal.datatype)
    if read is None:
        return text
    try:
        return read(text)
    except (ValueError, InvalidOperation):
        return text


def _boolean(text: str) -> bool:
    if text not in ("true", "false", "1", "0"):
        raise ValueError(text)
    return text in ("true", "1")


_READ: Mapping[NamedNode, Callable[[str], Value]] = {
    **{NamedNode(datatype): int for datatype in INTEGERS},
    **{NamedNode(datatype): float for datatype in FLOATS},
    NamedNode(XSD + "decimal"): Decimal,
    NamedNode(XSD + "boolean"): _boolean,
}


def local_name(iri: str) -> str:
    """What stands after the last ``#``, ``/`` or ``:`` of an IRI."""
    return max((iri.rpartition(mark)[2] for mark in "#/:"), key=lambda part: -len(part))


def place(term: Term) -> tuple[str, str, str, str]:
    """By what terms are sorted: literals by language, datatype and text, nodes by their text."""
    if isinstance(term, Literal):
        return term.language or "", term.datatype.value, term.value, str(term)
    return "", "", "" if isinstance(term, Triple) else term.value, str(term)
