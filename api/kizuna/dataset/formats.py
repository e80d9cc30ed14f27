"""The formats that answers come in: their media types by suffix, and triples written in them."""

from collections.abc import Mapping, Sequence
from typing import BinaryIO

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse_query_results,
    serialize,
)

from kizuna.dataset.store import Row, Solutions
from kizuna.terms import Triple

SOLUTIONS: Mapping[str, str] = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
TRIPLES: Mapping[str, str] = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "trig": "application/trig",
    "nq": "application/n-quads",
}


def written(triples: Sequence[Triple], media_type: str, prefixes: Mapping[str, str]) -> bytes:
    """The triples in the format of one of the media types of ``TRIPLES``."""
    rdf_format = RdfFormat.from_media_type(media_type)
    return serialize(triples, format=rdf_format, prefixes=dict(prefixes)) or b""


def rewrite_solutions(content: bytes, media_type: str, out: BinaryIO) -> None:
    """Writes solutions given in JSON in the format of one of the media types of ``SOLUTIONS``.

    Raises SyntaxError for anything but solutions.
    """
    _solutions(content).serialize(out, QueryResultsFormat.from_media_type(media_type))


def read_solutions(content: bytes) -> Solutions:
    """The solutions in JSON (https://www.w3.org/TR/sparql11-results-json/).

    Raises SyntaxError for anything else.
    """
    found = _solutions(content)
    rows: list[Row] = [tuple(solution) for solution in found]
    return Solutions(tuple(variable.value for variable in found.variables), rows)


def _solutions(content: bytes) -> QuerySolutions:
    found = parse_query_results(content, QueryResultsFormat.JSON)
    if isinstance(found, QueryBoolean):
        raise SyntaxError("a truth value, no solutions")
    return found
