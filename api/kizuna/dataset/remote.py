"""The store of another engine, read by SPARQL 1.1 through its endpoint.

The endpoint's default graph is either the union of all graphs, or lacks what stands in named ones:
then every query comes with the graphs, for the engine to merge
(https://www.w3.org/TR/sparql11-protocol/#dataset). Which it is, is found out at the start.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import BinaryIO, TypeVar

from kizuna.dataset.budget import Budget
from kizuna.dataset.endpoint import Endpoint
from kizuna.dataset.formats import rewrite_solutions as rewrite
from kizuna.dataset.group_patterns import groups_of, groups_query
from kizuna.dataset.grouping import Group, Grouping
from kizuna.dataset.patterns import count_query, rows_query, values_query
from kizuna.dataset.seeking import Along, S, Shown, choosing
from kizuna.dataset.selection import Selection
from kizuna.dataset.store import Row, Solutions, cut
from kizuna.errors import EngineUnavailable
from kizuna.terms import BlankNode, Literal, NamedNode, Quad, Term, place

logger = logging.getLogger(__name__)

T = TypeVar("T")

# As many IRIs as are named in one request: endpoints have a limit of their own for its length.
NAMED = 1000
# Of so many parents pages are asked for, each in a part of the query; of more, all there is.
PAGED = 20

GRAPHS = "SELECT DISTINCT ?graph WHERE { GRAPH ?graph { ?s ?p ?o } }"
MERGED = (
    "%s: its default graph lacks what stands in named ones, so that every query is over %d graphs; "
    "have it show their union, which is faster"
)
SAMPLE = """
    SELECT ?graph ?seen WHERE {
      { SELECT * WHERE { GRAPH ?graph { ?s ?p ?o } } LIMIT 1 }
      BIND(EXISTS { ?s ?p ?o } AS ?seen)
    }"""


class RemoteStore:
    """What an endpoint gives to read; that it doesn't change meanwhile is the operator's word."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Asks the endpoint how it shows its graphs; raises what ``Endpoint.select`` does."""
        self._endpoint = endpoint
        sample = endpoint.select(SAMPLE).rows
        self._named = bool(sample)
        hidden = any(not isinstance(s, Literal) or s.value != "true" for _, s in sample)
        self._graphs = tuple(graph.value for graph in self._listed()) if hidden else ()
        if self._graphs:
            logger.warning(MERGED, endpoint.address, len(self._graphs))

    def reader(self) -> "RemoteReader":
        """A new reader, its counts at nought."""
        return RemoteReader(self._endpoint, self._graphs)

    def quads(self) -> list[Quad]:
        """All quads, in no order; a request for each graph."""
        if not self._named:
            return list(self.find())
        pattern = "SELECT ?s ?p ?o WHERE {{ GRAPH {} {{ ?s ?p ?o }} }}"
        return [
            _quad((*row, graph))
            for graph in self._listed()
            for row in self.reader().select(pattern.format(graph)).rows
        ]

    def find(
        self, subject: Term | None = None, predicate: str | None = None, value: Term | None = None
    ) -> Iterator[Quad]:
        """The quads of these parts, in whatever graph; None is any.

        Nodes without an IRI can't be asked for from outside, and nothing is said of a literal.
        """
        if isinstance(subject, Literal | BlankNode) or isinstance(value, BlankNode):
            return
        along = None if predicate is None else NamedNode(predicate)
        given = zip(("?s", "?p", "?o"), (subject, along, value), strict=True)
        bound = " ".join(f"VALUES {name} {{ {term} }}" for name, term in given if term is not None)
        triple = "GRAPH ?g { ?s ?p ?o }" if self._named else "?s ?p ?o"
        query = f"SELECT ?s ?p ?o ?g WHERE {{ {bound} {triple} }}"
        yield from map(_quad, self.reader().select(query).rows)

    def write(self, query: str, media_type: str, out: BinaryIO) -> None:
        """Writes what a SELECT query of our own finds, in a format of solutions."""
        self._endpoint.ask(query, self._graphs, lambda given: rewrite(given, media_type, out))

    def _listed(self) -> list[NamedNode]:
        rows = self._endpoint.select(GRAPHS).rows
        return sorted((g for (g,) in rows if isinstance(g, NamedNode)), key=place)


class RemoteReader:
    """Reads of one operation from an endpoint."""

    def __init__(self, endpoint: Endpoint, graphs: Sequence[str]) -> None:
        self._endpoint = endpoint
        self._graphs = graphs
        self.queries = 0
        self.rows = 0
        self.budget = Budget()

    def select(self, query: str) -> Solutions:
        """The solutions of a SPARQL SELECT query; raises what ``Endpoint.ask`` does."""
        self.queries += 1
        return self._select(query)

    def subjects(self, selection: Selection) -> list[Row]:
        """The selection's rows, in order; many parents are asked for in several requests."""
        self.queries += 1
        if selection.parents and len(selection.parents) > PAGED:
            return cut(self._rows(replace(selection, limit=None)), selection)
        return self._rows(selection)

    def count(self, selection: Selection) -> int:
        """How many subjects the selection has."""
        ((count,),) = self.select(count_query(selection)).rows
        return int(count.value) if isinstance(count, Literal) else 0

    def groups(self, grouping: Grouping) -> list[Group]:
        """The grouping's groups, in no order; many parents are asked for in several requests."""
        self.queries += 1
        asked = (replace(grouping, selection=s) for s in _by_parents(grouping.selection))
        rows = (row for part in asked for row in self._select(groups_query(part)).rows)
        return groups_of(grouping, rows)[: grouping.limit]

    def values(self, requests: Mapping[S, Iterable[Term]]) -> dict[S, Along]:
        """What is sought of each subject of which there is any, sorted.

        It counts as one query, though many subjects are asked for in several requests.
        """
        self.queries += 1
        found: dict[S, Along] = {sought: {} for sought in requests}
        for part in _parted(_named(requests)):
            for sought, subject, value in self._values(part):
                found[sought].setdefault(subject, []).append(value)
        for sought, along in found.items():
            choose = choosing(sought)
            for subject, values in along.items():
                along[subject] = choose(sorted(values, key=place))
        return found

    def _rows(self, selection: Selection) -> list[Row]:
        asked = (rows_query(part) for part in _by_parents(selection))
        return [row for query in asked for row in self._select(query).rows]

    def _values(self, pairs: Iterable[tuple[S, NamedNode]]) -> Iterator[tuple[S, Term, Term]]:
        """All values of which some are sought: texts are chosen here, which is less to ask."""
        requests: dict[S, list[NamedNode]] = {}
        for sought, subject in pairs:
            requests.setdefault(sought, []).append(subject)
        asked = tuple(requests)
        whole = [(s.path if isinstance(s, Shown) else s, requests[s]) for s in asked]
        for number, start, value in self._select(values_query(whole)).rows:
            if isinstance(number, Literal) and start is not None and value is not None:
                yield asked[int(number.value)], start, value

    def _select(self, query: str) -> Solutions:
        found = self._endpoint.select(query, self._graphs)
        self.rows += len(found.rows)
        self.budget.spend(len(found.rows))
        return found


def _named(requests: Mapping[S, Iterable[Term]]) -> Iterator[tuple[S, NamedNode]]:
    """The IRIs of which each is sought, each once."""
    for sought, subjects in requests.items():
        for subject in dict.fromkeys(subjects):
            if isinstance(subject, NamedNode):
                yield sought, subject


def _by_parents(selection: Selection) -> Iterator[Selection]:
    """The selection in parts, each with as many of its parents as fit into a request."""
    if not selection.parents:
        yield selection
    for parents in _parted(sorted(selection.parents, key=place)):
        yield replace(selection, parents=parents)


def _parted(things: Iterable[T]) -> Iterator[tuple[T, ...]]:
    left = iter(things)
    while part := tuple(islice(left, NAMED)):
        yield part


def _quad(row: Row) -> Quad:
    subject, predicate, value, graph = row
    if (
        isinstance(subject, NamedNode | BlankNode)
        and isinstance(predicate, NamedNode)
        and value is not None
    ):
        return Quad(subject, predicate, value, graph if isinstance(graph, NamedNode) else None)
    raise EngineUnavailable("What the store answers is no triple.")
