"""RDF files read into quads, and an ontology folder read whole.

Every file is parsed by one strict parser that never opens another address, so that a fault is
reported with its file and line.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from pyoxigraph import RdfFormat, parse

from kizuna import namespaces as ns
from kizuna.errors import InvalidInput, MalformedData
from kizuna.terms import DefaultGraph, NamedNode, Quad, Triple

FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".jsonld": RdfFormat.JSON_LD,
    ".rdf": RdfFormat.RDF_XML,
}
NOT_LOADED = frozenset({"examples", "imports", "derive"})


@dataclass(frozen=True)
class Ontology:
    """An ontology folder: its terms and concepts, its shapes, its derivation queries.

    ``quads`` stand in the graphs of the ontology and the vocabularies; ``shapes`` in none;
    ``derive`` are pairs of file name and query, in the order in which they run.
    """

    quads: tuple[Quad, ...]
    shapes: tuple[Quad, ...]
    derive: tuple[tuple[str, str], ...]
    hash: str


def read_file(path: Path, graph: str | None = None) -> list[Quad]:
    """The quads of an RDF file, its default graph renamed to ``graph`` where one is given.

    Raises MalformedData, with file and line, for a file that can't be read or parsed.
    """
    return [quad for quad, _ in _numbered(path, graph)]


def read_lines(path: Path) -> dict[Quad, int]:
    """The quads of an RDF file, each with the line on which it is first complete.

    Raises MalformedData, with file and line, for a file that can't be read or parsed.
    """
    lines: dict[Quad, int] = {}
    for quad, line in _numbered(path, None):
        lines.setdefault(quad, line)
    return lines


def n_quads(quads: Iterable[Quad]) -> Iterator[str]:
    """The quads as N-Quads, a line each, ended by a line feed: https://www.w3.org/TR/n-quads/"""
    return (f"{quad} .\n" for quad in quads)


def read_n_quads(text: str) -> tuple[Quad, ...]:
    """The quads of a text in N-Quads; raises MalformedData for one that can't be parsed."""
    try:
        return tuple(parse(text, format=RdfFormat.N_QUADS))
    except SyntaxError as error:
        raise MalformedData(f"line {error.lineno}: {_reason(error)}") from error


def _numbered(path: Path, graph: str | None) -> Iterator[tuple[Quad, int]]:
    rdf_format = FORMATS.get(path.suffix.lower())
    if rdf_format is None:
        raise MalformedData(f"{path}: unknown kind of file; use one of {', '.join(FORMATS)}")
    try:
        for quad, line in parse_lines(path.read_bytes(), rdf_format):
            yield _in_graph(quad, graph), line
    except SyntaxError as error:
        raise MalformedData(f"{_place(path, error)}: {_reason(error)}") from error
    except OSError as error:
        raise MalformedData(f"{path}: {error.strerror or error}") from error


def parse_lines(
    content: bytes, rdf_format: RdfFormat, base: str | None = None
) -> Iterator[tuple[Quad, int]]:
    """The quads of a document, each with the line on which it is complete.

    Raises SyntaxError, with line and column where they are known.
    """
    lines = _Lines(content)
    for quad in parse(lines, format=rdf_format, base_iri=base):
        yield quad, lines.number


class _Lines(BytesIO):
    """A file given a line at a time to a parser that asks for no more than it needs."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self._ended = True
        self.number = 0

    def read(self, size: int | None = -1) -> bytes:
        self.number += self._ended
        found = self.readline(size)
        self._ended = found.endswith(b"\n")
        return found


def _in_graph(quad: Quad, graph: str | None) -> Quad:
    if graph is None or not isinstance(quad.graph_name, DefaultGraph):
        return quad
    return Quad(quad.subject, quad.predicate, quad.object, NamedNode(graph))


def read_ontology(folder: Path, derive: Path | None = None) -> Ontology:
    """The ontology in ``folder``; derivation queries from ``derive``, else its own ``derive/``.

    Raises InvalidInput for a folder that holds no Turtle, MalformedData for a malformed file.
    """
    files = sorted(
        f for f in folder.rglob("*.ttl") if not NOT_LOADED & set(f.parts[len(folder.parts) :])
    )
    if not files:
        raise InvalidInput(f"{folder}: no ontology here; name a folder that holds .ttl files")
    terms: list[Quad] = []
    shapes: list[Quad] = []
    for file in files:
        room = file.relative_to(folder).parts[0]
        if room == "shapes":
            shapes += read_file(file, None)
        else:
            terms += read_file(
                file, ns.GRAPH_VOCABULARIES if room == "vocabularies" else ns.GRAPH_ONTOLOGY
            )
    queries = sorted((derive or folder / "derive").glob("*.rq"))
    derivations = tuple((query.name, query.read_text(encoding="utf-8")) for query in queries)
    contents = [file.read_bytes() for file in [*files, *queries]]
    return Ontology(tuple(distinct(terms)), tuple(shapes), derivations, _hash(contents))


def distinct(quads: Iterable[Quad]) -> list[Quad]:
    """The quads, save those whose triple came before: a triple stands in exactly one graph."""
    first: dict[Triple, Quad] = {}
    for quad in quads:
        first.setdefault(quad.triple, quad)
    return list(first.values())


def graph_of(path: Path) -> str:
    """The graph that a data file's triples stand in: by its name, sources apart."""
    if path.parent.name == "sources":
        return ns.GRAPH_SOURCE + path.stem
    return ns.GRAPHS + re.sub(r"[^A-Za-z0-9._-]+", "-", path.stem)


def _hash(contents: Sequence[bytes]) -> str:
    digest = hashlib.sha256()
    for content in contents:
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def _place(path: Path, error: SyntaxError) -> str:
    return f"{path}:{error.lineno}" if error.lineno else str(path)


def _reason(error: SyntaxError) -> str:
    return " ".join(str(error.msg).split())
