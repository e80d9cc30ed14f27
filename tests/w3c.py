"""The W3C's SPARQL tests (https://github.com/w3c/rdf-tests), read where they lie."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox
from rdflib import RDF, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.compare import isomorphic
from rdflib.term import Node

ROOT = "https://w3c.github.io/rdf-tests/sparql/"
NOTHING = ROOT + "nothing"

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
RS = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
RDFS_LABEL = URIRef("http://www.w3.org/2000/01/rdf-schema#label")
XSD = "http://www.w3.org/2001/XMLSchema#"
TRUTHS = {"1": f'"true"^^<{XSD}boolean>', "0": f'"false"^^<{XSD}boolean>'}
NUMBERS = {XSD + name for name in ("integer", "decimal", "double", "float")}

RESULTS = {
    ".srx": ox.QueryResultsFormat.XML,
    ".srj": ox.QueryResultsFormat.JSON,
    ".tsv": ox.QueryResultsFormat.TSV,
}

Row: TypeAlias = Mapping[str, str]


@dataclass(frozen=True)
class Case:
    """A test: its IRI, its kind (the class in the manifest), and the files that it is made of.

    ``own`` are those that the query names itself with FROM; ``lax`` lets rows be repeated.
    """

    iri: str
    kind: str
    query: str
    data: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    result: str = ""
    lax: bool = False

    @property
    def files(self) -> tuple[str, ...]:
        """All files of data."""
        return (*self.data, *self.named, *self.own)

    @property
    def name(self) -> str:
        """The folder and the name of the test."""
        return f"{self.query.rpartition('/')[0]}/{self.iri.rpartition('#')[2]}"


@dataclass(frozen=True)
class Request:
    """A request of a protocol test, and whether it must succeed."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    succeeds: bool
    truth: bool | None
    form: str


@dataclass(frozen=True)
class Answer:
    """What a query came to: a truth value, a table, or a graph."""

    truth: bool | None = None
    columns: frozenset[str] = frozenset()
    rows: tuple[Row, ...] = ()
    graph: Graph | None = None


class Suite:
    """The tests in a folder that holds ``sparql10`` and ``sparql11``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._expected: dict[str, Answer] = {}

    def cases(self, manifest: str) -> Iterator[Case]:
        """The tests of a manifest and of those that it includes."""
        graph = self._manifest(manifest)
        for included in _listed(graph, MF.include):
            yield from self.cases(str(included).removeprefix(ROOT))
        for test in _listed(graph, MF.entries):
            kind = str(graph.value(test, RDF.type)).rpartition("#")[2]
            yield self._case(graph, test, kind)

    def requests(self, manifest: str) -> Iterator[tuple[str, list[Request]]]:
        """The tests of a manifest of the protocol: a name, and requests in order."""
        graph = self._manifest(manifest)
        for test in _listed(graph, MF.entries):
            connection = graph.value(test, MF.action)
            head = graph.value(connection, HT.requests)
            assert head is not None
            yield (
                str(test).rpartition("#")[2],
                [_request(graph, r) for r in Collection(graph, head)],
            )

    def text(self, path: str) -> str:
        """The text of a file."""
        return (self.folder / path).read_text(encoding="utf-8")

    def quads(self, cases: Iterable[Case]) -> Iterator[ox.Quad]:
        """The data of the tests, each file in the graph of its IRI."""
        for path in sorted({path for case in cases for path in case.files}):
            for quad in ox.parse(
                path=self.folder / path, base_iri=ROOT + path, rename_blank_nodes=True
            ):
                yield ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(ROOT + path))

    def empty(self, path: str) -> bool:
        """Whether a file of data holds nothing, so that there is no graph of it."""
        return next(ox.parse(path=self.folder / path, base_iri=ROOT + path), None) is None

    def protocol_quads(self, manifest: str) -> Iterator[ox.Quad]:
        """The data of the tests of the protocol, each file in the graph of its label."""
        graph = self._manifest(manifest)
        for data in set(graph.objects(None, UT.graphData)):
            path = str(graph.value(data, UT.graph)).removeprefix(ROOT)
            name = ox.NamedNode(str(graph.value(data, RDFS_LABEL)))
            for quad in ox.parse(path=self.folder / path):
                yield ox.Quad(quad.subject, quad.predicate, quad.object, name)

    def expected(self, case: Case) -> Answer:
        """What the test says that the query must come to."""
        if case.result not in self._expected:
            self._expected[case.result] = self._read(case)
        return self._expected[case.result]

    def _read(self, case: Case) -> Answer:
        file = self.folder / case.result
        if file.suffix in RESULTS:
            return solutions(file.read_bytes(), RESULTS[file.suffix])
        graph = Graph().parse(file, publicID=ROOT + case.result)
        return (
            _result_set(graph) if (None, RDF.type, RS.ResultSet) in graph else Answer(graph=graph)
        )

    def _case(self, graph: Graph, test: Node, kind: str) -> Case:
        action = graph.value(test, MF.action)
        assert action is not None

        def paths(predicate: URIRef) -> tuple[str, ...]:
            found = graph.objects(action, predicate)
            return tuple(sorted(str(file).removeprefix(ROOT) for file in found))

        query = str(graph.value(action, QT.query) or action).removeprefix(ROOT)
        result = str(graph.value(test, MF.result) or "").removeprefix(ROOT)
        return Case(
            iri=str(test),
            kind=kind,
            query=query,
            data=paths(QT.data),
            named=paths(QT.graphData),
            own=self._own(query) if result else (),
            result=result,
            lax=graph.value(test, MF.resultCardinality) == MF.LaxCardinality,
        )

    def _own(self, query: str) -> tuple[str, ...]:
        """The files that a query names with FROM, which lie beside it."""
        found = re.findall(r"FROM(?: NAMED)? *<([^:>]+)>", self.text(query))
        return tuple(str(Path(query).with_name(name)) for name in found)

    def _manifest(self, manifest: str) -> Graph:
        return Graph().parse(self.folder / manifest, format="turtle", publicID=ROOT + manifest)


def _listed(graph: Graph, predicate: URIRef) -> list[Node]:
    heads = list(graph.objects(None, predicate))
    return [member for head in heads for member in Collection(graph, head)]


def _request(graph: Graph, request: Node) -> Request:
    response, body = graph.value(request, HT.resp), graph.value(request, HT.body)
    head = graph.value(request, HT.headers)
    headers = {
        str(graph.value(h, HT.fieldName)): str(graph.value(h, HT.fieldValue))
        for h in (Collection(graph, head) if head else [])
    }
    text = str(graph.value(body, CNT.chars) or "") if body else ""
    encoding = str(graph.value(body, CNT.characterEncoding) or "UTF-8") if body else "UTF-8"
    statuses = " ".join(map(str, graph.objects(response, MF.expectedStatus)))
    truth = graph.value(response, MF.expectedBoolean)
    return Request(
        method=str(graph.value(request, HT.methodName)),
        target=str(graph.value(request, HT.absolutePath)).replace("/sparql/", "/sparql", 1),
        headers=headers,
        body=text.encode(encoding),
        succeeds="StatusCode2xx" in statuses,
        truth=None if truth is None else bool(truth.toPython()),  # type: ignore[attr-defined]
        form=str(graph.value(response, MF.expectedFormat) or ""),
    )


# Answers, and when two of them are the same


def solutions(content: bytes, result_format: ox.QueryResultsFormat) -> Answer:
    """An answer in one of the formats of solutions and truth values that lose nothing."""
    parsed = ox.parse_query_results(content, result_format)
    if isinstance(parsed, ox.QueryBoolean):
        return Answer(truth=bool(parsed))
    names = [variable.value for variable in parsed.variables]
    rows = [
        {name: _told(term) for name, term in zip(names, row, strict=True) if term is not None}
        for row in parsed
    ]
    return Answer(columns=frozenset(names), rows=tuple(rows))


def graph_of(content: bytes, rdf_format: ox.RdfFormat) -> Answer:
    """An answer in one of the formats of triples."""
    lines = ox.serialize(
        (ox.Triple(q.subject, q.predicate, q.object) for q in ox.parse(content, rdf_format)),
        format=ox.RdfFormat.N_TRIPLES,
    )
    return Answer(graph=Graph().parse(data=lines or b"", format="nt"))


def table_of(content: str) -> Answer:
    """An answer in CSV, which keeps of a term no more than its text."""
    if content.strip() in ("true", "false"):
        return Answer(truth=content.strip() == "true")
    names, *rows = list(csv.reader(io.StringIO(content, newline=""))) or [[]]
    cells = [row or [""] * len(names) for row in rows]  # the csv module's view of an empty line
    found = [{n: _number(v) for n, v in zip(names, row, strict=True) if v} for row in cells]
    return Answer(columns=frozenset(names), rows=tuple(found))


def without_terms(answer: Answer) -> Answer:
    """What CSV keeps of an answer."""
    rows = [{n: text for n, v in row.items() if (text := _plain(v))} for row in answer.rows]
    return Answer(truth=answer.truth, columns=answer.columns, rows=tuple(rows))


def same(answer: Answer, expected: Answer, *, ordered: bool = False, lax: bool = False) -> bool:
    """Whether the answers are the same, blank nodes whatever they are called."""
    if expected.graph is not None:
        return answer.graph is not None and isomorphic(
            _valued(answer.graph), _valued(expected.graph)
        )
    if (answer.truth, answer.columns) != (expected.truth, expected.columns):
        return False
    if ordered:
        return [_nameless(r) for r in answer.rows] == [_nameless(r) for r in expected.rows]
    if lax:
        return set(map(_nameless, answer.rows)) == set(map(_nameless, expected.rows))
    if Counter(map(_nameless, answer.rows)) != Counter(map(_nameless, expected.rows)):
        return False
    if not any(value.startswith("_:") for row in answer.rows for value in row.values()):
        return True
    return isomorphic(_as_graph(answer.rows), _as_graph(expected.rows))


def _told(term: object) -> str:
    """A term as text; numbers and truth by value, since an engine may write them in its own way."""
    if not isinstance(term, ox.Literal):
        return str(term)
    if term.datatype.value in NUMBERS:
        return f'"{_number(term.value)}"^^<{term.datatype.value}>'
    if term.datatype.value == XSD + "boolean":
        return TRUTHS.get(term.value, str(term))
    return str(term)


def _number(text: str) -> str:
    """The text, or if it is that of a number, the shortest that has its value."""
    try:
        return str(Decimal(text).normalize() + 0)
    except InvalidOperation:
        return text


def _plain(told: str) -> str:
    literal = re.fullmatch(r'"(.*)"(?:@[\w-]+|\^\^<.*>)?', told, re.DOTALL)
    if literal is None:
        return told.removeprefix("<").removesuffix(">")
    return _number(
        re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t", "r": "\r"}.get(m[1], m[1]), literal[1])
    )


def _nameless(row: Row) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((n, "_:" if v.startswith("_:") else v) for n, v in row.items()))


def _as_graph(rows: Sequence[Row]) -> Graph:
    """The rows as a graph, in which blank nodes are the same where they are in the rows."""
    graph = Graph()
    for row in rows:
        subject = BNode()
        graph.add((subject, RDF.type, RS.ResultSet))
        for name, told in row.items():
            value = BNode(told[2:]) if told.startswith("_:") else Literal(told)
            graph.add((subject, URIRef(f"urn:{name}"), value))
    return graph


def _valued(graph: Graph) -> Graph:
    valued = Graph()
    for s, p, o in graph:
        number = isinstance(o, Literal) and str(o.datatype) in NUMBERS
        valued.add((s, p, Literal(_number(str(o)), datatype=o.datatype) if number else o))  # type: ignore[attr-defined]
    return valued


def _result_set(graph: Graph) -> Answer:
    """https://www.w3.org/2001/sw/DataAccess/tests/result-set"""
    (result,) = graph.subjects(RDF.type, RS.ResultSet)
    truth = graph.value(result, RS.boolean)
    if truth is not None:
        return Answer(truth=bool(truth.toPython()))  # type: ignore[attr-defined]
    rows = sorted(
        graph.objects(result, RS.solution),
        key=lambda row: int(str(graph.value(row, RS["index"], default=Literal(0)))),
    )
    columns = frozenset(map(str, graph.objects(result, RS.resultVariable)))
    return Answer(columns=columns, rows=tuple(_solution(graph, row) for row in rows))


def _solution(graph: Graph, solution: Node) -> Row:
    row = {}
    for binding in graph.objects(solution, RS.binding):
        value = graph.value(binding, RS.value)
        assert value is not None
        (term,) = ox.parse(f"<a:> <a:> {value.n3()} .", ox.RdfFormat.TURTLE)
        row[str(graph.value(binding, RS.variable))] = _told(term.object)
    return row
