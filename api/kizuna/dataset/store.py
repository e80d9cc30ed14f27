"""The quad store: the Store protocol and the embedded store, Oxigraph.

Readers see the union of all graphs; a triple stands in exactly one of them. A store hands out
readers, which count what they ask of it; one reader serves one operation, in one thread.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice
from operator import itemgetter
from types import MappingProxyType
from typing import Protocol, TypeAlias

import pyoxigraph

from kizuna.dataset.budget import Budget
from kizuna.dataset.columns.answers import Columns
from kizuna.dataset.columns.held import Unheld
from kizuna.dataset.group_patterns import groups_of, groups_query
from kizuna.dataset.grouping import Group, Grouping
from kizuna.dataset.patterns import count_query, rows_query
from kizuna.dataset.seeking import Along, S
from kizuna.dataset.selection import Selection
from kizuna.dataset.values import Values
from kizuna.errors import MalformedData
from kizuna.model import Path
from kizuna.namespaces import XSD
from kizuna.terms import BlankNode, Literal, NamedNode, Quad, Term, Triple

Node: TypeAlias = NamedNode | BlankNode | Triple
Row: TypeAlias = tuple[Term | None, ...]
Found: TypeAlias = dict[Path, Along]

ROWS_AT_ONCE = 1000
GRAPHS_WITH_BLANK_NODES = (
    "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o FILTER(ISBLANK(?s) || ISBLANK(?o)) } }"
)
TRUE = Literal("true", datatype=NamedNode(XSD + "boolean"))


@dataclass(frozen=True)
class Solutions:
    """What a SELECT query found: its variables' names, and a term or None for each in every row."""

    columns: tuple[str, ...]
    rows: list[Row]


class Reader(Protocol):
    """Reads of one operation; ``queries`` and ``rows`` count what it asked and what came back.

    Rows are spent of its ``budget`` while they are read, which raises Exhausted.
    """

    queries: int
    rows: int
    budget: Budget

    def select(self, query: str) -> Solutions:
        """The solutions of a SPARQL SELECT query.

        Raises MalformedData for a query that doesn't parse or isn't a SELECT.
        """

    def subjects(self, selection: Selection) -> list[Row]:
        """The rows (parent, subject, a value for each order key, whether past the place), in order.

        Without parents only subjects past the place come, as many as the selection's limit. With a
        limit, so many of each parent's come, and the one before these.
        """

    def count(self, selection: Selection) -> int:
        """How many subjects the selection has, whatever its place and limit."""

    def groups(self, grouping: Grouping) -> list[Group]:
        """The grouping's groups, in no order."""

    def values(self, requests: Mapping[S, Iterable[Term]]) -> dict[S, Along]:
        """What is sought of each subject, sorted: one query, whatever their number.

        A subject of which there is nothing is absent; so is a literal.
        """


def cut(rows: Sequence[Row], selection: Selection) -> list[Row]:
    """Of all the rows of a selection, in order, those that its limit leaves."""
    if selection.limit is None:
        return list(rows)
    kept: list[Row] = []
    for _, of_one in groupby(rows, key=itemgetter(0)):
        own = list(of_one)
        behind = sum(row[-1] != TRUE for row in own)
        kept += own[max(0, behind - 1) : behind + selection.limit]
    return kept


class Store(Protocol):
    """A dataset that can be read."""

    def reader(self) -> Reader:
        """A new reader, its counts at nought."""

    def quads(self) -> list[Quad]:
        """All quads, in no order."""

    def find(
        self, subject: Term | None = None, predicate: str | None = None, value: Term | None = None
    ) -> Iterator[Quad]:
        """The quads of these parts, in whatever graph; None is any."""


class EmbeddedStore:
    """An Oxigraph store in memory."""

    def __init__(self, quads: Iterable[Quad] = ()) -> None:
        self._store = pyoxigraph.Store()
        self.add(quads)

    def reader(self) -> "EmbeddedReader":
        """A new reader, its counts at nought."""
        return EmbeddedReader(self._store, self._columns, self._values)

    def add(self, quads: Iterable[Quad]) -> None:
        """Adds the quads."""
        self._store.bulk_extend(quads)
        self._forget()

    def load(self, other: "EmbeddedStore") -> None:
        """Adds all that another store has in named graphs.

        The engine does it by itself, but gives blank nodes other names: graphs that have any, which
        only those of an ontology do, are added quad by quad.
        """
        n_quads = pyoxigraph.RdfFormat.N_QUADS
        dumped = other._store.dump(format=n_quads)
        self._store.bulk_load(dumped, format=n_quads, lenient=True)
        for (graph,) in other.reader().select(GRAPHS_WITH_BLANK_NODES).rows:
            if isinstance(graph, NamedNode):
                self._store.clear_graph(graph)
                self._store.bulk_extend(other._store.quads_for_pattern(None, None, None, graph))
        self._forget()

    def lines(self, graph: str) -> set[bytes]:
        """The triples of a graph, each a line of N-Triples."""
        n_triples = pyoxigraph.RdfFormat.N_TRIPLES
        dumped = self._store.dump(format=n_triples, from_graph=NamedNode(graph))
        return set((dumped or b"").splitlines())

    def remove(self, quads: Iterable[Quad]) -> None:
        """Removes the quads."""
        for quad in quads:
            self._store.remove(quad)
        self._forget()

    def _forget(self) -> None:
        """What was made of the quads as they were is made anew."""
        self._columns = Columns(_Pairs(self._store))
        self._values = Values(self._store.quads_for_pattern, self._columns.values)

    def __contains__(self, quad: Quad) -> bool:
        """Whether it holds the quad."""
        return quad in self._store

    def quads(self) -> list[Quad]:
        """All quads, in no order."""
        return list(self._store)

    def find(
        self, subject: Term | None = None, predicate: str | None = None, value: Term | None = None
    ) -> Iterator[Quad]:
        """The quads of these parts, in whatever graph; None is any."""
        if isinstance(subject, Literal):
            return iter(())
        along = None if predicate is None else NamedNode(predicate)
        return self._store.quads_for_pattern(subject, along, value, None)

    def holds(self, triple: Triple) -> bool:
        """Whether the triple stands in any graph."""
        pattern = (triple.subject, triple.predicate, triple.object, None)
        return next(self._store.quads_for_pattern(*pattern), None) is not None


def copied(store: Store) -> EmbeddedStore:
    """A store of its own with the same quads; other threads go on meanwhile."""
    if not isinstance(store, EmbeddedStore):
        return EmbeddedStore(store.quads())
    copy = EmbeddedStore()
    copy.load(store)
    return copy


def apart(graph: str, old: Store, new: Store) -> tuple[set[Triple], set[Triple]]:
    """The triples of a graph that only the one store has, and those that only the other has.

    The engine writes the graph, so that few triples are looked at. Releases of which there are
    several are in embedded stores.
    """
    if not (isinstance(old, EmbeddedStore) and isinstance(new, EmbeddedStore)):
        return set(), set()
    before, after = old.lines(graph), new.lines(graph)
    return _read(before - after), _read(after - before)


def _read(lines: Iterable[bytes]) -> set[Triple]:
    n_triples = pyoxigraph.RdfFormat.N_TRIPLES
    return {quad.triple for quad in pyoxigraph.parse(b"\n".join(lines), n_triples)}


def as_stored(quads: Iterable[Quad]) -> list[Quad]:
    """The quads, in order, as the embedded store gives them back: ``0.50`` is ``0.5`` there."""
    given = list(quads)
    store = pyoxigraph.Store()
    graphs = [NamedNode(f"quad:{number}") for number in range(len(given))]
    store.extend(
        Quad(quad.subject, quad.predicate, quad.object, graph)
        for quad, graph in zip(given, graphs, strict=True)
    )
    values = {quad.graph_name: quad.object for quad in store}
    return [
        Quad(quad.subject, quad.predicate, values[graph], quad.graph_name)
        for quad, graph in zip(given, graphs, strict=True)
    ]


class _Pairs:
    """What columns read of the embedded store."""

    def __init__(self, store: pyoxigraph.Store) -> None:
        self._store = store

    def pairs(self, predicate: str) -> Iterator[tuple[Term, Term]]:
        """Each subject and object of the predicate."""
        along = NamedNode(predicate)
        for quad in self._store.quads_for_pattern(None, along, None, None):
            yield quad.subject, quad.object

    def exceeds(self, predicate: str, number: int) -> bool:
        """Whether the predicate has more pairs than that."""
        query = (
            "SELECT (COUNT(*) AS ?count) WHERE { SELECT ?subject WHERE { "
            f"?subject {NamedNode(predicate)} ?value }} LIMIT {number + 1:d} }}"
        )
        ((count,),) = self._asked(query)
        return isinstance(count, Literal) and int(count.value) > number

    def matches(self, predicate: str, pattern: str) -> list[Literal]:
        """The predicate's literals that a regular expression fits, whatever the case."""
        query = (
            f"SELECT DISTINCT ?value WHERE {{ ?subject {NamedNode(predicate)} ?value "
            f'FILTER(REGEX(STR(?value), {Literal(pattern)}, "i")) }}'
        )
        return [value for (value,) in self._asked(query) if isinstance(value, Literal)]

    def _asked(self, query: str) -> pyoxigraph.QuerySolutions:
        found = self._store.query(query, use_default_graph_as_union=True)
        assert isinstance(found, pyoxigraph.QuerySolutions)  # noqa: S101
        return found


class EmbeddedReader:
    """Reads of one operation from the embedded store.

    Selections are answered from columns, as far as these hold what is asked for.
    """

    def __init__(self, store: pyoxigraph.Store, columns: Columns, values: Values) -> None:
        self._store = store
        self._columns = columns
        self._values = values
        self.queries = 0
        self.rows = 0
        self.budget = Budget()

    def select(self, query: str, bound: Mapping[str, Term] = MappingProxyType({})) -> Solutions:
        """The solutions of a SPARQL SELECT query; raises MalformedData where it is none.

        ``bound`` gives variables, which the query must select, their values beforehand.
        """
        self.queries += 1
        substitutions = {pyoxigraph.Variable(name): term for name, term in bound.items()}
        try:
            solutions = self._store.query(
                query, use_default_graph_as_union=True, substitutions=substitutions
            )
        except SyntaxError as error:
            raise MalformedData(f"SPARQL: {error.msg}") from error
        if not isinstance(solutions, pyoxigraph.QuerySolutions):
            raise MalformedData("SPARQL: only SELECT queries can be run here")
        rows: list[Row] = []
        while part := [tuple(solution) for solution in islice(solutions, ROWS_AT_ONCE)]:
            self._took(len(part))
            rows += part
        return Solutions(tuple(v.value for v in solutions.variables), rows)

    def _took(self, rows: int) -> None:
        self.rows += rows
        self.budget.spend(rows)

    def subjects(self, selection: Selection) -> list[Row]:
        """The selection's rows, in order."""
        try:
            rows = self._columns.subjects(selection)
        except Unheld:
            return self._selected(selection)
        self.queries += 1
        self._took(len(rows))
        return rows

    def _selected(self, selection: Selection) -> list[Row]:
        """The rows as the engine gives them; of many parents it gives pages too slowly."""
        whole = replace(selection, limit=None) if selection.parents else selection
        rows = self.select(rows_query(whole)).rows
        return cut(rows, selection) if selection.parents else rows

    def count(self, selection: Selection) -> int:
        """How many subjects the selection has."""
        try:
            count = self._columns.count(selection)
        except Unheld:
            return self._counted(selection)
        self.queries += 1
        self._took(1)
        return count

    def _counted(self, selection: Selection) -> int:
        ((count,),) = self.select(count_query(selection)).rows
        return int(count.value) if isinstance(count, Literal) else 0

    def groups(self, grouping: Grouping) -> list[Group]:
        """The grouping's groups, in no order."""
        try:
            groups = self._columns.groups(grouping)
        except Unheld:
            return self._grouped(grouping)
        self.queries += 1
        self._took(len(groups))
        return groups

    def _grouped(self, grouping: Grouping) -> list[Group]:
        return groups_of(grouping, self.select(groups_query(grouping)).rows)

    def values(self, requests: Mapping[S, Iterable[Term]]) -> dict[S, Along]:
        """What is sought of each subject of which there is any, sorted."""
        self.queries += 1
        found: dict[S, Along] = {sought: {} for sought in requests}
        for together, subjects in _together(requests):
            wanted = iter(subjects)
            while part := list(islice(wanted, ROWS_AT_ONCE)):
                for sought, values in self._values.found(together, part):
                    self._took(sum(map(len, values.values())))
                    found[sought].update(values)
        return found


def _together(requests: Mapping[S, Iterable[Term]]) -> Iterable[tuple[list[S], Iterable[Term]]]:
    """What is sought of the very same subjects."""
    found: dict[int, tuple[list[S], Iterable[Term]]] = {}
    for sought, subjects in requests.items():
        found.setdefault(id(subjects), ([], subjects))[0].append(sought)
    return found.values()
