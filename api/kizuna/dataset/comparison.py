"""What differs between two releases: things that came, went or changed, and their disputes.

What a ledger's entries state is told apart from what follows from it; behind either stand the
entries that state it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from enum import StrEnum

from kizuna import namespaces as ns
from kizuna.dataset.changes import Change
from kizuna.dataset.derivation import derivation_iri
from kizuna.dataset.entries import Entry
from kizuna.dataset.releases import Dataset
from kizuna.dataset.store import apart
from kizuna.terms import NamedNode, Term, Triple

_DISPUTE = NamedNode(ns.DISPUTE)


class Kind(StrEnum):
    """What became of a thing."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class FieldChange:
    """Values of a property of a thing that went and that came, sorted."""

    predicate: str
    derived: bool
    before: tuple[Term, ...]
    after: tuple[Term, ...]


@dataclass(frozen=True)
class ThingChange:
    """What became of a thing; ``of_class`` is its leaf class, ``entries`` are those behind it."""

    iri: str
    kind: Kind
    of_class: str
    fields: tuple[FieldChange, ...]
    entries: tuple[int, ...]


@dataclass(frozen=True)
class DisputeChange:
    """A contradiction on a fact that was opened or closed."""

    iri: str
    fact: str
    detail: str
    entries: tuple[int, ...]


@dataclass(frozen=True)
class Comparison:
    """All that differs, by IRI."""

    things: tuple[ThingChange, ...]
    opened: tuple[DisputeChange, ...]
    closed: tuple[DisputeChange, ...]


def compared(old: Dataset, new: Dataset, change: Change, entries: Sequence[Entry]) -> Comparison:
    """What leads from one release to another, by the change and the entries between them."""
    return _Comparing(old, new, change, entries).made()


@dataclass
class _Values:
    """What is said of a subject along a property that went and that came."""

    before: list[Term] = field(default_factory=list)
    after: list[Term] = field(default_factory=list)

    def sorted(self) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
        return tuple(sorted(self.before, key=str)), tuple(sorted(self.after, key=str))


class _Comparing:
    def __init__(
        self, old: Dataset, new: Dataset, change: Change, entries: Sequence[Entry]
    ) -> None:
        self._old = old
        self._new = new
        self._gone, self._come = apart(ns.GRAPH_DERIVED, old.store, new.store)
        stated = ([q.triple for q in change.removed], [q.triple for q in change.added])
        self._said = {False: _grouped(*stated), True: _grouped(self._gone, self._come)}
        self._touching = self._touched(entries)

    def made(self) -> Comparison:
        subjects = sorted(self._said[False].keys() | self._said[True].keys())
        things = (self._thing(subject) for subject in subjects)
        return Comparison(
            tuple(thing for thing in things if thing is not None),
            tuple(self._disputes(self._come, self._new)),
            tuple(self._disputes(self._gone, self._old)),
        )

    def _thing(self, iri: str) -> ThingChange | None:
        """What became of a thing, None for what is of no class of the Model."""
        before, after = _class_of(self._old, iri), _class_of(self._new, iri)
        of_class = after or before
        if of_class is None:
            return None
        kind = Kind.CHANGED if before and after else Kind.ADDED if after else Kind.REMOVED
        fields = tuple(self._fields(iri))
        return ThingChange(iri, kind, of_class, fields, self._behind(iri)) if fields else None

    def _fields(self, iri: str) -> Iterator[FieldChange]:
        for derived, said in self._said.items():
            for predicate, values in sorted(said.get(iri, {}).items()):
                if not derived or predicate != ns.RDF_TYPE:
                    yield FieldChange(predicate, derived, *values.sorted())

    def _disputes(self, triples: Set[Triple], dataset: Dataset) -> Iterator[DisputeChange]:
        said = _grouped((), triples)
        for iri in sorted(said):
            ends = {p: v.after[0] for p, v in said[iri].items() if v.after}
            fact, detail = ends.get(ns.DISPUTED_FACT), ends.get(ns.DISPUTED_DETAIL)
            if isinstance(fact, NamedNode) and isinstance(detail, NamedNode):
                entries = sorted(self._touching.get(fact.value, ()))
                yield DisputeChange(iri, fact.value, detail.value, tuple(entries))

    def _behind(self, iri: str) -> tuple[int, ...]:
        """The entries that say something of a thing, or of the facts that its values rest on."""
        found = set(self._touching.get(iri, ()))
        for predicate, values in self._said[True].get(iri, {}).items():
            for dataset, ends in ((self._old, values.before), (self._new, values.after)):
                for end in ends:
                    triple = Triple(NamedNode(iri), NamedNode(predicate), end)
                    for fact in _because(dataset, triple):
                        found |= self._touching.get(fact, set())
        return tuple(sorted(found))

    def _touched(self, entries: Sequence[Entry]) -> Mapping[str, set[int]]:
        """By IRI the entries that say something of it, or of what links to it."""
        found: defaultdict[str, set[int]] = defaultdict(set)
        for entry in entries:
            quads = (*entry.change.added, *entry.change.removed)
            named = {q.subject.value for q in quads if isinstance(q.subject, NamedNode)}
            named |= {q.object.value for q in quads if isinstance(q.object, NamedNode)}
            for iri in named | {end for each in named for end in self._linked(each)}:
                found[iri].add(entry.number)
        return found

    def _linked(self, iri: str) -> Iterator[str]:
        """What a claim is on: who changes a claim says something of its fact."""
        for dataset in (self._old, self._new):
            for quad in dataset.store.find(NamedNode(iri), ns.ON_FACT):
                if isinstance(quad.object, NamedNode):
                    yield quad.object.value


def _grouped(gone: Iterable[Triple], come: Iterable[Triple]) -> Mapping[str, Mapping[str, _Values]]:
    found: defaultdict[str, defaultdict[str, _Values]] = defaultdict(lambda: defaultdict(_Values))
    for triple in gone:
        if isinstance(triple.subject, NamedNode):
            found[triple.subject.value][triple.predicate.value].before.append(triple.object)
    for triple in come:
        if isinstance(triple.subject, NamedNode):
            found[triple.subject.value][triple.predicate.value].after.append(triple.object)
    return found


def _class_of(dataset: Dataset, iri: str) -> str | None:
    """The leaf class that a thing is of in a release."""
    types = (quad.object for quad in dataset.store.find(NamedNode(iri), ns.RDF_TYPE))
    known = (dataset.model.classes.get(t.value) for t in types if isinstance(t, NamedNode))
    return next((found.iri for found in known if found and not found.abstract), None)


def _because(dataset: Dataset, triple: Triple) -> Iterator[str]:
    node = NamedNode(derivation_iri(dataset.model, triple))
    for quad in dataset.store.find(node, ns.BECAUSE):
        if isinstance(quad.object, NamedNode):
            yield quad.object.value
