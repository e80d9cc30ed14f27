"""From where in the data each pattern of a derivation query is reached.

A row of such a query has a key: its subject, or the fact behind it. If every pattern that a row
depends on is joined, step by step, with the key, then the row is the same whatever else the data
says, and a changed triple concerns the keys from which steps lead to it, no others. What holds
for certain wherever a pattern counts is read off the algebra
(https://www.w3.org/TR/sparql11-query/#sparqlAlgebra): the other side of a join, what an OPTIONAL, a
MINUS or an EXISTS stands beside, and of a subquery only what it passes on.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, product
from typing import Any, TypeAlias

from rdflib import URIRef, Variable
from rdflib.paths import InvPath, MulPath, OneOrMore, SequencePath
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.algebra import translateGroupGraphPattern
from rdflib.plugins.sparql.parserutils import CompValue

from kizuna.terms import NamedNode, Term

KEYS = ("subject", "because")
MOST_ALTERNATIVES = 64


@dataclass(frozen=True)
class Name:
    """A variable, told apart from those of the same name in other subqueries."""

    text: str
    scope: int = 0


End: TypeAlias = Name | Term | None  # None is a literal, which isn't told from others


@dataclass(frozen=True)
class Pattern:
    """A triple pattern; without a predicate, two names of one thing, or what a name may be."""

    subject: End
    predicate: str | Name | None
    object: End
    transitive: bool = False


@dataclass(frozen=True)
class Leg:
    """One step of a route, over the triples of a predicate or of all that a variable stands for."""

    predicate: str | Name
    inverse: bool


@dataclass(frozen=True)
class Read:
    """A pattern with the route to it from the key, whose last leg runs over its own triples.

    ``end`` is the term at the end of the route, where it is given.
    """

    route: tuple[Leg, ...]
    end: Term | None

    @property
    def last(self) -> Leg:
        """The leg over the triples of the pattern."""
        return self.route[-1]


Standing: TypeAlias = tuple[Name, str | None, Term]


@dataclass(frozen=True)
class Locality:
    """How a query's rows hang together with their key, one of KEYS.

    ``apart`` are the predicates of patterns that no route leads to, which concern every row;
    ``standing`` says what a variable in the place of a predicate stands for: a term, or whatever
    leads to it by the triples of a predicate, once or several times.
    """

    key: str
    reads: frozenset[Read]
    apart: frozenset[str]
    standing: frozenset[Standing]


class _Unknown(Exception):
    """It can't be told where a query looks."""


@dataclass(frozen=True)
class _Alternative:
    """One way to a solution: patterns that hold, and those that count, each with what holds there
    besides."""

    certain: tuple[Pattern, ...] = ()
    reads: tuple[tuple[Pattern, tuple[Pattern, ...]], ...] = ()


_Ways: TypeAlias = Sequence[_Alternative]


def locality(query: str) -> Locality | None:
    """How the query's rows hang together with a key; None where that can't be told.

    The query is a derivation query, which parses.
    """
    algebra = prepareQuery(query).algebra
    if algebra.datasetClause:
        return None
    try:
        ways = _Algebra().ways(algebra.p, _Scope(0, {Variable(key): Name(key) for key in KEYS}))
    except _Unknown:
        return None
    found = [local for key in KEYS if (local := _local(ways, key))]
    return min(found, key=lambda one: len(one.apart), default=None)


@dataclass(frozen=True)
class _Scope:
    number: int
    outer: dict[Variable, Name]

    def name(self, variable: Variable) -> Name:
        return self.outer.get(variable) or Name(str(variable), self.number)


class _Algebra:
    """The ways to a solution of each part of a query."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def ways(self, node: CompValue, scope: _Scope) -> _Ways:
        match node.name:
            case "BGP":
                return [self._bgp(node.triples, scope)]
            case "values":
                return [_Alternative(tuple(_given(node.res, scope)))]
            case "Distinct" | "Reduced" | "ToMultiSet" | "OrderBy":
                return self.ways(node.p, scope)
            case "Join":
                return _joined(self.ways(node.p1, scope), self.ways(node.p2, scope))
            case "Union":
                return [*self.ways(node.p1, scope), *self.ways(node.p2, scope)]
            case "LeftJoin" | "Minus":
                beside = _beside(self.ways(node.p1, scope), self.ways(node.p2, scope))
                return self._with_exists(beside, node.get("expr"), scope)
            case "Filter" | "Extend":
                return self._with_exists(self._extended(node, scope), node.expr, scope)
            case "Project":
                return self.ways(node.p, self._inside(scope, node.PV))
            case "AggregateJoin":
                group = node.p
                by = [one for one in group.expr or () if isinstance(one, Variable)]
                return self.ways(group.p, self._inside(scope, by))
        raise _Unknown

    def _inside(self, scope: _Scope, passed_on: Iterable[Variable]) -> _Scope:
        number = next(self._numbers)
        return _Scope(number, {variable: scope.name(variable) for variable in passed_on})

    def _extended(self, node: CompValue, scope: _Scope) -> _Ways:
        ways = self.ways(node.p, scope)
        if node.name == "Extend" and isinstance(node.expr, Variable):
            same = Pattern(scope.name(node.expr), None, scope.name(node.var))
            return _joined(ways, [_Alternative((same,))])
        return ways

    def _with_exists(self, ways: _Ways, expression: Any, scope: _Scope) -> _Ways:
        for graph in _exists(expression):
            pattern = translateGroupGraphPattern(graph) if "part" in graph else graph
            ways = _beside(ways, self.ways(pattern, scope))
        return ways

    def _bgp(self, triples: Iterable[tuple[Any, Any, Any]], scope: _Scope) -> _Alternative:
        patterns = tuple(p for s, along, o in triples for p in self._patterns(s, along, o, scope))
        return _Alternative(patterns, tuple((pattern, ()) for pattern in patterns))

    def _patterns(self, start: Any, along: Any, end: Any, scope: _Scope) -> Iterator[Pattern]:
        if isinstance(along, SequencePath):
            between = [Variable(f" {next(self._numbers)}") for _ in along.args[1:]]
            ends = [start, *between, end]
            for place, part in enumerate(along.args):
                yield from self._patterns(ends[place], part, ends[place + 1], scope)
        elif isinstance(along, InvPath):
            yield from self._patterns(end, along.arg, start, scope)
        else:
            transitive = isinstance(along, MulPath) and along.mod == OneOrMore
            predicate = _predicate(along.path if transitive else along, scope)
            yield Pattern(_end(start, scope), predicate, _end(end, scope), transitive)


def _given(rows: Sequence[dict[Variable, Any]], scope: _Scope) -> Iterator[Pattern]:
    """What the variables of VALUES may be; none of what may be anything."""
    for variable in {variable for row in rows for variable in row}:
        values = [row.get(variable) for row in rows]
        if all(isinstance(value, URIRef) for value in values):
            for value in values:
                yield Pattern(scope.name(variable), None, NamedNode(str(value)))


def _predicate(along: Any, scope: _Scope) -> str | Name:
    if isinstance(along, Variable):
        return scope.name(along)
    if isinstance(along, URIRef):
        return str(along)
    raise _Unknown


def _end(node: Any, scope: _Scope) -> End:
    if isinstance(node, Variable):
        return scope.name(node)
    return NamedNode(node) if isinstance(node, URIRef) else None


def _exists(expression: Any) -> Iterator[CompValue]:
    """The patterns of which an expression asks whether they have a solution."""
    if isinstance(expression, CompValue):
        if expression.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
            yield expression.graph
        else:
            for part in expression.values():
                yield from _exists(part)
    elif isinstance(expression, list):
        for part in expression:
            yield from _exists(part)


def _joined(left: _Ways, right: _Ways) -> _Ways:
    if len(left) * len(right) > MOST_ALTERNATIVES:
        raise _Unknown
    return [
        _Alternative(one.certain + other.certain, one.reads + other.reads)
        for one, other in product(left, right)
    ]


def _beside(ways: _Ways, optional: _Ways) -> _Ways:
    """What is optional counts where it has a solution together with what it stands beside."""
    reads = tuple((p, more + way.certain) for way in optional for p, more in way.reads)
    return [_Alternative(way.certain, way.reads + reads) for way in ways]


def _local(ways: _Ways, key: str) -> Locality | None:
    reads: set[Read] = set()
    apart: set[str] = set()
    standing: set[Standing] = set()
    for way in ways:
        if key != "subject" and not any(Name(key) in (p.subject, p.object) for p in way.certain):
            return None  # a row may lack it
        for pattern, more in way.reads:
            certain = (*way.certain, *more)
            said = _standing(certain)
            read = _read(pattern, certain, Name(key))
            legs = [leg.predicate for leg in read.route] if read else [pattern.predicate]
            if {leg for leg in legs if isinstance(leg, Name)} - {name for name, _, _ in said}:
                return None
            if read:
                reads.add(read)
            elif isinstance(pattern.predicate, str):
                apart.add(pattern.predicate)
            else:
                return None
            standing |= said
    return Locality(key, frozenset(reads), frozenset(apart), frozenset(standing))


def _standing(certain: Iterable[Pattern]) -> set[Standing]:
    """What the variables in the place of predicates may stand for."""
    patterns = list(certain)
    used = {p.predicate for p in patterns if isinstance(p.predicate, Name)}
    return {
        (p.subject, p.predicate, p.object)
        for p in patterns
        if isinstance(p.subject, Name) and p.subject in used
        if not isinstance(p.predicate, Name) and isinstance(p.object, NamedNode)
    }


def _read(pattern: Pattern, certain: Iterable[Pattern], key: Name) -> Read | None:
    """The shortest route to the pattern, over patterns that hold wherever it counts."""
    if pattern.transitive or pattern.predicate is None:
        return None
    routes = _routes([*certain, pattern], key)
    ends = [(pattern.subject, False, pattern.object), (pattern.object, True, pattern.subject)]
    found = [
        Read(
            (*routes[near], Leg(pattern.predicate, inverse)),
            None if isinstance(far, Name) else far,
        )
        for near, inverse, far in ends
        if isinstance(near, Name) and near in routes
    ]
    return min(found, key=lambda read: len(read.route), default=None)


def _routes(patterns: Sequence[Pattern], key: Name) -> dict[Name, tuple[Leg, ...]]:
    """The shortest route from the key to each variable that one leads to."""
    routes: dict[Name, tuple[Leg, ...]] = {key: ()}
    left = deque([key])
    while left:
        near = left.popleft()
        for further, leg in _onward(patterns, near):
            if further not in routes:
                routes[further] = (*routes[near], *leg)
                (left.append if leg else left.appendleft)(further)
    return routes


def _onward(patterns: Iterable[Pattern], near: Name) -> Iterator[tuple[Name, tuple[Leg, ...]]]:
    for pattern in patterns:
        if not pattern.transitive:
            ends = (
                (pattern.subject, pattern.object, False),
                (pattern.object, pattern.subject, True),
            )
            for start, end, inverse in ends:
                if start == near and isinstance(end, Name):
                    legs = () if pattern.predicate is None else (Leg(pattern.predicate, inverse),)
                    yield end, legs


__all__ = ["KEYS", "Leg", "Locality", "Name", "Read", "locality"]
