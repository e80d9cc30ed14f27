"""The formats that answers come in: their media types by suffix, and triples written in them."""

from collections.abc import Mapping, Sequence

from pyoxigraph import RdfFormat, serialize

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
