"""What is refused of a submitted quad before anything else looks at it.

A number that is none, or has thousands of digits, can cost a library more than its whole document;
control characters can't be stored everywhere; XML within a literal would be parsed; an IRI with dot
segments names one thing, and leads to another
(https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2.3).
"""

import re

from kizuna.namespaces import RDF_LANG_STRING, XSD
from kizuna.terms import INTEGERS, Literal, NamedNode, Quad, Triple

INTEGER = re.compile(r"[+-]?[0-9]+")
DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
RDF = RDF_LANG_STRING.removesuffix("langString")
LONGEST_NUMBER = 100
DOTS = re.compile(r"[^?#]*?[/:](\.|%2e){1,2}(?=[/?#]|$)", re.IGNORECASE)
LONGEST_IRI = 1_000
SHOWN = 60


class Refused(Exception):
    """Something well-formed that can't be taken; ``over`` tells that a limit was passed."""

    def __init__(self, reason: str, *, over: bool = False) -> None:
        super().__init__(reason)
        self.over = over


def check(quad: Quad, longest: int) -> None:
    """Raises Refused for a quad that can't be taken, such as one with a text longer than that."""
    if isinstance(quad.subject, Triple) or isinstance(quad.object, Triple):
        raise Refused("a triple stands for a subject or value; name it by an IRI instead")
    for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
        if isinstance(term, NamedNode):
            _check_iri(term.value)
    if isinstance(quad.object, Literal):
        _check_literal(quad.object, longest)


def _check_iri(iri: str) -> None:
    if len(iri) > LONGEST_IRI:
        raise Refused(f"an IRI is longer than {LONGEST_IRI:,} characters", over=True)
    if DOTS.match(iri):
        raise Refused(f"<{iri}> has a segment of dots, and leads elsewhere; write where it leads")


def _check_literal(literal: Literal, longest: int) -> None:
    text, datatype = literal.value, literal.datatype.value
    if len(text) > longest:
        raise Refused(f"a text is longer than {longest:,} characters", over=True)
    if CONTROL.search(text):
        raise Refused("a text holds a control character")
    if datatype.startswith(RDF) and datatype != RDF_LANG_STRING:
        raise Refused(f"the datatype {datatype} isn't used here")
    number = {XSD + "decimal": DECIMAL}.get(datatype, INTEGER if datatype in INTEGERS else None)
    if number and not (len(text) <= LONGEST_NUMBER and number.fullmatch(text)):
        name = datatype.removeprefix(XSD)
        raise Refused(f'"{text[:SHOWN]}" is no xsd:{name} that can be used')
