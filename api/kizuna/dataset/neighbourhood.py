"""What can be seen in a store along the routes of a query's locality, and from where."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from typing import TypeAlias

from kizuna.dataset.locality import Leg, Locality, Name, Read
from kizuna.dataset.store import EmbeddedStore, Store
from kizuna.terms import NamedNode, Quad, Term

Stores: TypeAlias = tuple[Store, Store]
Resolved: TypeAlias = Callable[[Leg], Set[str]]


def resolved_of(local: Locality, store: Store) -> Resolved:
    """What the predicates of legs may be."""
    stand: dict[Name, set[str]] = defaultdict(set)
    for name, predicate, term in local.standing:
        found = {term} if predicate is None else _leading(store, predicate, term)
        stand[name] |= {one.value for one in found if isinstance(one, NamedNode)}

    def resolved(leg: Leg) -> Set[str]:
        return stand[leg.predicate] if isinstance(leg.predicate, Name) else {leg.predicate}

    return resolved


def _leading(store: Store, predicate: str, term: Term) -> set[Term]:
    """What leads to the term by triples of the predicate."""
    found: set[Term] = set()
    left = [term]
    while left:
        near = {quad.subject for quad in store.find(None, predicate, left.pop())} - found
        found |= near
        left += near
    return found


def concerned(
    local: Locality, resolved: Resolved, changed: Sequence[Quad], stores: Stores
) -> set[Term]:
    """The keys from which the query sees something of what has changed, before or after."""
    by_predicate: Mapping[str, list[Quad]] = defaultdict(list)
    for quad in changed:
        by_predicate[quad.predicate.value].append(quad)
    keys: set[Term] = set()
    for read in local.reads:
        near = {
            quad.object if read.last.inverse else quad.subject
            for predicate in resolved(read.last)
            for quad in by_predicate.get(predicate, ())
            if _may_end(read, quad)
        }
        for leg in reversed(read.route[:-1]):
            back = Leg(leg.predicate, not leg.inverse)
            near = {far for store in stores for far, _ in _over(store, near, back, resolved)}
        keys |= near
    return keys


def _may_end(read: Read, quad: Quad) -> bool:
    return read.end in (None, quad.subject if read.last.inverse else quad.object)


def _over(
    store: Store, near: Iterable[Term], leg: Leg, resolved: Resolved
) -> Iterator[tuple[Term, Quad]]:
    """Where a leg leads from the nodes, and by which quads."""
    predicates = resolved(leg)
    for node in near:
        for predicate in predicates:
            if leg.inverse:
                for quad in store.find(None, predicate, node):
                    yield quad.subject, quad
            else:
                for quad in store.find(node, predicate):
                    yield quad.object, quad


def around(local: Locality, resolved: Resolved, keys: Set[Term], store: Store) -> EmbeddedStore:
    """All that the query sees from the keys, as a store."""
    seen: set[Quad] = {quad for one in local.apart for quad in store.find(None, one)}
    reached: dict[tuple[Leg, ...], Set[Term]] = {(): keys}
    for route in sorted({read.route for read in local.reads}, key=len):
        for length in range(1, len(route) + 1):
            if route[:length] not in reached:
                onward = list(
                    _over(store, reached[route[: length - 1]], route[length - 1], resolved)
                )
                reached[route[:length]] = {far for far, _ in onward}
                seen.update(quad for _, quad in onward)
    return EmbeddedStore(seen)
