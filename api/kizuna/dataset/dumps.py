"""The whole dataset as a file: the same bytes for the same release and the same software.

Quads are sorted, prefixes fixed, blank nodes (which only an ontology of one's own may have) renamed
by RDFC-1.0 (https://www.w3.org/TR/rdf-canon/). A format without graphs carries the union of all.
"""

import gzip
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

import pyoxigraph
from pyoxigraph import CanonicalizationAlgorithm, RdfFormat, serialize

from kizuna import namespaces as ns
from kizuna.dataset import jsonld
from kizuna.dataset.prefixes import concept_prefixes, prefixes
from kizuna.dataset.releases import Dataset
from kizuna.terms import BlankNode, Quad

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

GZIP_LEVEL = 9


@dataclass(frozen=True)
class Format:
    """An RDF format: its suffix, its media type, its name, and whether it has graphs."""

    suffix: str
    media_type: str
    name: str
    graphs: bool


FORMATS = (
    Format("ttl", "text/turtle", "Turtle", graphs=False),
    Format("trig", "application/trig", "TriG", graphs=True),
    Format("nq", "application/n-quads", "N-Quads", graphs=True),
    Format("nt", "application/n-triples", "N-Triples", graphs=False),
    Format("jsonld", "application/ld+json", "JSON-LD", graphs=True),
    Format("rdf", "application/rdf+xml", "RDF/XML", graphs=False),
)
BY_LINE = {"nq": RdfFormat.N_QUADS, "nt": RdfFormat.N_TRIPLES}
GROUPED = {"ttl": RdfFormat.TURTLE, "trig": RdfFormat.TRIG, "rdf": RdfFormat.RDF_XML}


def dump(dataset: Dataset, suffix: str, out: BinaryIO) -> None:
    """Writes the dataset in the format of that suffix."""
    write(dataset, dataset.store.quads(), suffix, out)


def write(dataset: Dataset, given: Sequence[Quad], suffix: str, out: BinaryIO) -> None:
    """Writes some of the dataset's quads in the format of that suffix."""
    quads = _without_chance_names([*given])
    if suffix == "jsonld":
        quads.sort(key=_by_graph)
        out.writelines(jsonld.write(quads, jsonld.Context(dataset)))
    elif suffix in BY_LINE:
        quads.sort(key=str)
        _serialize(quads, BY_LINE[suffix], out, {})
    else:
        quads.sort(key=_by_graph if suffix == "trig" else _by_subject)
        _serialize(quads, GROUPED[suffix], out, prefixes(dataset) | concept_prefixes(dataset))


def gzipped(out: BinaryIO) -> BinaryIO:
    """What is written to it comes out compressed with gzip, without a name or a time."""
    return cast(BinaryIO, gzip.GzipFile("", "wb", GZIP_LEVEL, out, mtime=0))


def zstandard(out: BinaryIO) -> BinaryIO:
    """What is written to it comes out compressed with Zstandard."""
    return cast(BinaryIO, zstd.ZstdFile(out, "w"))


def _serialize(
    quads: list[Quad], rdf_format: RdfFormat, out: BinaryIO, names: dict[str, str]
) -> None:
    if rdf_format.supports_datasets:
        serialize(quads, out, rdf_format, prefixes=names)
    else:
        serialize([quad.triple for quad in quads], out, rdf_format, prefixes=names)


def _by_graph(quad: Quad) -> tuple[str, ...]:
    return (str(quad.graph_name), *_by_subject(quad))


def _by_subject(quad: Quad) -> tuple[str, ...]:
    """By subject; of each its type comes first."""
    predicate = quad.predicate.value
    place = "" if predicate == ns.RDF_TYPE else predicate
    return str(quad.subject), place, str(quad.object)


def _without_chance_names(quads: list[Quad]) -> list[Quad]:
    if not any(isinstance(term, BlankNode) for q in quads for term in (q.subject, q.object)):
        return quads
    named = pyoxigraph.Dataset(quads)
    named.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return list(named)
