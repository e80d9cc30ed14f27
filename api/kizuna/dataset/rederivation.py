"""What follows from a change, derived for what the change affects alone.

The outcome is that of deriving everything anew. Each query is run again on what can be reached from
the keys of its rows that the change concerns (``locality``), and on the whole where a pattern has
changed that no key leads to. Everything is derived anew where it can't be told what a query looks
at, and where the order of the queries comes in: where one reads what it or a later one writes,
where two write triples of one sort, or where a triple of such a sort is stated.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

from kizuna import namespaces as ns
from kizuna.dataset.changes import Change
from kizuna.dataset.derivation import (
    Found,
    Kind,
    Written,
    derivation,
    derivation_iri,
    derive,
    kind,
    rows_of,
)
from kizuna.dataset.locality import Locality, locality
from kizuna.dataset.neighbourhood import Stores, around, concerned, resolved_of
from kizuna.dataset.store import EmbeddedStore, Store
from kizuna.dataset.times import computed
from kizuna.model import Model
from kizuna.terms import Literal, NamedNode, Quad, Term, Triple

BOUNDS = (ns.EARLIEST, ns.LATEST, ns.OPEN_START, ns.OPEN_END)
ABOUT_DERIVATIONS: frozenset[Kind] = frozenset(
    {
        (ns.RDF_TYPE, ns.DERIVATION),
        (ns.DERIVED_SUBJECT, None),
        (ns.DERIVED_PREDICATE, None),
        (ns.DERIVED_OBJECT, None),
        (ns.BECAUSE, None),
    }
)
DERIVED_PARTS = (ns.DERIVED_SUBJECT, ns.DERIVED_PREDICATE, ns.DERIVED_OBJECT)
DERIVED_GRAPHS = frozenset({NamedNode(ns.GRAPH_DERIVED), NamedNode(ns.GRAPH_DERIVATION)})

_DERIVED = NamedNode(ns.GRAPH_DERIVED)
_TYPE = NamedNode(ns.RDF_TYPE)


@dataclass(frozen=True)
class Rederived:
    """What a change does to what is derived, and the sorts of triples that each query wrote."""

    added: tuple[Quad, ...]
    removed: tuple[Quad, ...]
    written: Written


class _Everything(Exception):
    """Everything has to be derived anew."""


class Rederiver:
    """The derivations of an ontology, ready to follow change after change."""

    def __init__(self, model: Model, queries: Sequence[tuple[str, str]]) -> None:
        self.model = model
        self.queries = queries

    @cached_property
    def localities(self) -> Sequence[Locality | None]:
        """How each query's rows hang together; None for one that is always run whole."""
        return [locality(query) for _, query in self.queries]

    def follow(
        self, before: Store, written: Written | None, after: EmbeddedStore, change: Change
    ) -> Rederived:
        """Brings what is derived in ``after`` up to date.

        ``before`` is a release with what is derived from it, its queries having ``written`` such
        triples; ``after`` the same with the change made to what is stated. Raises as ``derive``.
        """
        told = _Told(after)
        try:
            if written is None:
                raise _Everything
            stated = (*change.added, *change.removed)
            return _Following(self, before, after, told, written, stated).follow()
        except _Everything:
            told.undo()
            return self._anew(after)

    def _anew(self, store: EmbeddedStore) -> Rederived:
        old = _derived(store)
        store.remove(old)
        written = derive(store, self.model, self.queries)
        new = _derived(store)
        return Rederived(tuple(new - old), tuple(old - new), written)


def _derived(store: EmbeddedStore) -> set[Quad]:
    return {quad for quad in store.quads() if quad.graph_name in DERIVED_GRAPHS}


class _Told:
    """Changes made to a store, which can be undone."""

    def __init__(self, store: EmbeddedStore) -> None:
        self._store = store
        self._done: dict[Quad, bool] = {}

    def change(self, added: Iterable[Quad], removed: Iterable[Quad]) -> None:
        """Adds quads that the store lacks, removes some that it has."""
        for quads, entering in ((list(removed), False), (list(added), True)):
            (self._store.add if entering else self._store.remove)(quads)
            for quad in quads:
                if self._done.pop(quad, entering) == entering:
                    self._done[quad] = entering

    def undo(self) -> None:
        """Leaves the store as it was."""
        self._store.remove(self.added)
        self._store.add(self.removed)

    @property
    def added(self) -> tuple[Quad, ...]:
        return tuple(quad for quad, entering in self._done.items() if entering)

    @property
    def removed(self) -> tuple[Quad, ...]:
        return tuple(quad for quad, entering in self._done.items() if not entering)


@dataclass
class _Following:
    rederiver: Rederiver
    before: Store
    after: EmbeddedStore
    told: _Told
    written: Written
    stated: Sequence[Quad]
    _own_types: Set[str] = field(default=frozenset(), init=False)

    def follow(self) -> Rederived:
        self._refuse_unordered(self.written)
        self._types(self.stated)
        self._bounds()
        written = []
        for stage, local in enumerate(self.rederiver.localities):
            old, new = self._rows(stage, local) if local else (set(), set())
            kinds = frozenset(kind(triple) for triple, _ in new)
            written.append(self.written[stage] | kinds)
            self._apply(old, new)
        self._refuse_unordered(tuple(written))
        self._types(self._changed())
        return Rederived(self.told.added, self.told.removed, tuple(written))

    def _changed(self) -> list[Quad]:
        return [*self.stated, *self.told.added, *self.told.removed]

    # Where the order of the queries would come in

    def _refuse_unordered(self, written: Written) -> None:
        """Raises _Everything where what is found depends on when it is looked for."""
        kinds = [one for found in written for one in found]
        self._own_types = {cls for _, cls in kinds if cls}
        above = {c for one in self._own_types for c in self._above(one)}
        implied = {(ns.RDF_TYPE, c) for c in above} | ABOUT_DERIVATIONS
        barred = {*implied, *((bound, None) for bound in BOUNDS)}
        stated = {kind(quad.triple) for quad in self.stated}
        unordered = (
            len(kinds) != len(set(kinds))
            or not barred.isdisjoint(kinds)
            or not stated.isdisjoint({*barred, *kinds, (ns.RDFS_SUBCLASS_OF, None)})
            or any(self._above_anything(one) for one in self._own_types)
        )
        for stage, local in enumerate(self.rederiver.localities):
            later = implied.union(*written[stage:])
            if unordered or local is None or self._reads(local, later):
                raise _Everything

    def _reads(self, local: Locality, kinds: Set[Kind]) -> bool:
        """Whether the query may see triples of one of these sorts."""
        resolved = resolved_of(local, self.before)
        ends = {(p, read.end) for read in local.reads for p in resolved(read.last)}
        predicates = {predicate for predicate, _ in ends} | local.apart
        return any(
            predicate in local.apart or {(predicate, None), (predicate, NamedNode(cls))} & ends
            if cls
            else predicate in predicates
            for predicate, cls in kinds
        )

    def _above_anything(self, cls: str) -> bool:
        found = self.before.find(None, ns.RDFS_SUBCLASS_OF, NamedNode(cls))
        return next(found, None) is not None

    # Superclass types and bounds

    def _above(self, cls: str) -> set[str]:
        """The classes above a class, however far."""
        found: set[Term] = set()
        left: list[Term] = [NamedNode(cls)]
        while left:
            near = {q.object for q in self.after.find(left.pop(), ns.RDFS_SUBCLASS_OF)} - found
            found |= near
            left += near
        return {term.value for term in found if isinstance(term, NamedNode)}

    def _types(self, quads: Iterable[Quad]) -> None:
        for subject in {quad.subject for quad in quads if quad.predicate == _TYPE}:
            known = list(self.after.find(subject, ns.RDF_TYPE))
            implied = {q for q in known if q.graph_name == _DERIVED and not self._is_own(q)}
            stated = {q.object for q in known if q not in implied}
            above = {
                NamedNode(c)
                for term in stated
                if isinstance(term, NamedNode)
                for c in self._above(term.value)
            }
            wanted = {Quad(subject, _TYPE, cls, _DERIVED) for cls in above - stated}
            self.told.change(wanted - implied, implied - wanted)

    def _is_own(self, quad: Quad) -> bool:
        """Whether a query, not a superclass, gives the type."""
        return isinstance(quad.object, NamedNode) and quad.object.value in self._own_types

    def _bounds(self) -> None:
        for subject in {q.subject for q in self.stated if q.predicate.value == ns.TIME_EDTF}:
            known = {quad for bound in BOUNDS for quad in self.after.find(subject, bound)}
            old = {quad for quad in known if quad.graph_name == _DERIVED}
            stated = {quad.triple for quad in known - old}
            new = computed(self.after.find(subject, ns.TIME_EDTF), _DERIVED)
            wanted = {quad for quad in new if quad.triple not in stated}
            self.told.change(wanted - old, old - wanted)

    # Queries

    def _rows(self, stage: int, local: Locality) -> tuple[set[Found], set[Found]]:
        """The rows that the change may concern, before and after."""
        name, query = self.rederiver.queries[stage]
        changed = self._changed()
        stores: Stores = (self.before, self.after)
        if any(quad.predicate.value in local.apart for quad in changed):
            old, new = (set(rows_of(store, name, query)) for store in stores)
            return old, new
        resolved = resolved_of(local, self.before)
        keys = concerned(local, resolved, changed, stores)
        if not keys:
            return set(), set()
        seen = around(local, resolved, keys, self.after)
        new = {row for row in rows_of(seen, name, query) if _key(row, local) in keys}
        return set(self._known(stage, local, keys)), new

    def _known(self, stage: int, local: Locality, keys: Set[Term]) -> Iterator[Found]:
        """The rows of these keys that were found before, as they are told in what is derived."""
        for key in keys:
            if not isinstance(key, NamedNode):
                continue
            told = self._told_of(key) if local.key == "subject" else self._told_by(key)
            for triple, facts in told:
                if kind(triple) in self.written[stage]:
                    yield from ((triple, fact) for fact in facts)

    def _told_of(self, subject: NamedNode) -> Iterator[tuple[Triple, Sequence[NamedNode | None]]]:
        for quad in self.before.find(subject):
            if quad.graph_name == _DERIVED:
                node = NamedNode(derivation_iri(self.rederiver.model, quad.triple))
                found = [q.object for q in self.before.find(node, ns.BECAUSE)]
                yield quad.triple, [f for f in found if isinstance(f, NamedNode)] or [None]

    def _told_by(self, fact: NamedNode) -> Iterator[tuple[Triple, Sequence[NamedNode]]]:
        for told in self.before.find(None, ns.BECAUSE, fact):
            said = {q.predicate.value: q.object for q in self.before.find(told.subject)}
            match [said.get(part) for part in DERIVED_PARTS]:
                case [NamedNode() as s, NamedNode() as p, NamedNode() | Literal() as o]:
                    yield Triple(s, p, o), [fact]

    def _apply(self, old: Set[Found], new: Set[Found]) -> None:
        """Makes the difference between rows, in the derived triples and in their Derivations."""
        stands = {triple for triple, _ in new}
        differing: dict[Triple, tuple[set[NamedNode], set[NamedNode]]] = {}
        for side, rows in enumerate((old - new, new - old)):
            for triple, because in rows:
                facts = differing.setdefault(triple, (set(), set()))[side]
                if because:
                    facts.add(because)
        for triple, (gone, come) in differing.items():
            known = list(self.after.find(triple.subject, triple.predicate.value, triple.object))
            if all(quad.graph_name == _DERIVED for quad in known):
                self._set(triple, self._behind(triple, gone, come), triple in stands)

    def _behind(
        self, triple: Triple, gone: Set[NamedNode], come: Set[NamedNode]
    ) -> tuple[set[Quad], set[Quad]]:
        """What is said of the triple's Derivation, and what is to be said of it."""
        node = NamedNode(derivation_iri(self.rederiver.model, triple))
        known = {q for q in self.after.find(node) if q.graph_name in DERIVED_GRAPHS - {_DERIVED}}
        because = {q.object for q in known if q.predicate.value == ns.BECAUSE}
        facts = {fact for fact in (because - gone) | come if isinstance(fact, NamedNode)}
        model = self.rederiver.model
        return known, {quad for fact in facts for quad in derivation(model, triple, fact)}

    def _set(self, triple: Triple, behind: tuple[set[Quad], set[Quad]], found: bool) -> None:
        quad = Quad(triple.subject, triple.predicate, triple.object, _DERIVED)
        old, new = behind
        stood = next(self.after.find(quad.subject, quad.predicate.value, quad.object), None)
        stays = found or bool(new)
        self.told.change(
            [*(new - old), *([quad] if stays and not stood else [])],
            [*(old - new), *([quad] if stood and not stays else [])],
        )


def _key(row: Found, local: Locality) -> Term | None:
    triple, fact = row
    return triple.subject if local.key == "subject" else fact


__all__ = ["DERIVED_GRAPHS", "Rederived", "Rederiver"]
