"""Answers compressed by Brotli or gzip: https://www.rfc-editor.org/rfc/rfc9110#section-8.4

Events of a stream go out one by one; what is compressed already, short, or a part of a whole stays.
"""

from starlette.middleware import Middleware
from starlette_compress import CompressMiddleware, add_compress_type

# What we answer with, and the library doesn't know for text.
TEXTS = (
    "application/graphql-response+json",
    "application/n-quads",
    "application/n-triples",
    "application/problem+json",
    "application/schema+json",
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "application/trig",
    "text/csv",
    "text/tab-separated-values",
    "text/turtle",
)


def compression() -> Middleware:
    """Compresses what is long enough by what the client takes, Brotli before gzip."""
    for media_type in TEXTS:
        add_compress_type(media_type)
    return Middleware(CompressMiddleware, zstd=False)
