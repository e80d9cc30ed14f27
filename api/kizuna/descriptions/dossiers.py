"""All that a page about a thing says: the thing itself, and the evidence that goes with it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from kizuna import namespaces as ns
from kizuna.dataset.releases import Dataset
from kizuna.dataset.store import Reader
from kizuna.descriptions import evidence as ev
from kizuna.descriptions.evidence import Claim, Evidence, Fact, Passage
from kizuna.descriptions.naming import Naming
from kizuna.descriptions.things import Field, Thing, Things
from kizuna.model import Path, Step
from kizuna.terms import NamedNode, Term

FACTS_A_PAGE = 20
PASSAGES_A_PAGE = 50

_STANDING = frozenset({(Step(ns.DISPUTED),), (Step(ns.STANDING),), ev.DISPUTES_OF_FACT})
_CLAIMS_OF_ENTITY: Path = (*ev.FACTS_OF_ENTITY, *ev.CLAIMS_OF_FACT)
_CLAIMS_OF_DOCUMENT: Path = (*ev.PASSAGES_OF_DOCUMENT, *ev.CLAIMS_OF_PASSAGE)


@dataclass(frozen=True)
class Slice:
    """Which part of a long list is meant, counted from 1; ``total`` counts the whole."""

    first: int
    last: int
    total: int


@dataclass(frozen=True)
class Dossier:
    """A thing with its evidence: it is a fact, a claim or a passage, or has facts or passages.

    Of the facts of an entity and the passages of a document one page is held. The thing keeps only
    the fields that these don't show.
    """

    thing: Thing
    fact: Fact | None = None
    claim: Claim | None = None
    passage: Passage | None = None
    facts: tuple[Fact, ...] = ()
    passages: tuple[tuple[Passage, tuple[Claim, ...]], ...] = ()
    facts_shown: Slice | None = None
    passages_shown: Slice | None = None
    pages: int = 1


class Dossiers:
    """Makes dossiers from a dataset."""

    def __init__(self, dataset: Dataset, naming: Naming) -> None:
        self._model = dataset.model
        self._things = Things(dataset, naming)
        self._evidence = Evidence(dataset, naming)

    def dossier(self, reader: Reader, node: NamedNode, page: int = 1) -> Dossier | None:
        """What there is on a thing, None where nothing is stated of it."""
        thing = self._things.thing(reader, node)
        if thing is None or not self._evidence.present:
            return Dossier(thing) if thing else None
        kind = thing.name.kind or ""
        if kind == ns.CLAIM:
            (claim,) = self._evidence.claims(reader, [node])
            return Dossier(_without(thing, lambda field: not field.leading), claim=claim)
        if kind == ns.PASSAGE:
            return self._of_passage(reader, node, thing)
        if kind in self._model.classes and self._model.is_a(kind, ns.FACT):
            (fact,) = self._evidence.facts(reader, [node])
            hidden = {ev.CLAIMS_OF_FACT, *_STANDING}
            return Dossier(_without(thing, lambda field: field.path in hidden), fact=fact)
        return self._of_entity(reader, node, thing, page)

    def _of_passage(self, reader: Reader, node: NamedNode, thing: Thing) -> Dossier:
        (passage,) = self._evidence.passages(reader, [node])
        claims = self._evidence.by_passage(reader, [passage]).get(node.value, [])
        thing = _without(thing, lambda f: not f.leading or f.path == ev.CLAIMS_OF_PASSAGE)
        return Dossier(thing, passage=passage, passages=((passage, tuple(claims)),))

    def _of_entity(self, reader: Reader, node: NamedNode, thing: Thing, page: int) -> Dossier:
        """With the facts that involve it and, of a document, the passages in it."""
        found = reader.values({ev.FACTS_OF_ENTITY: [node], ev.PASSAGES_OF_DOCUMENT: [node]})
        facts = self._evidence.ordered(reader, found[ev.FACTS_OF_ENTITY].get(node, []))
        passages = self._evidence.passages(reader, found[ev.PASSAGES_OF_DOCUMENT].get(node, []))
        facts_shown = _slice(len(facts), page, FACTS_A_PAGE)
        passages_shown = _slice(len(passages), page, PASSAGES_A_PAGE)
        held = passages[passages_shown.first - 1 : passages_shown.last]
        carried = self._evidence.by_passage(reader, held)
        hidden = {ev.FACTS_OF_ENTITY, ev.PASSAGES_OF_DOCUMENT}
        hidden |= {_CLAIMS_OF_ENTITY, _CLAIMS_OF_DOCUMENT}
        return Dossier(
            _without(thing, lambda field: field.path in hidden),
            facts=self._evidence.facts(reader, _cut(facts, facts_shown)),
            passages=tuple((p, tuple(carried.get(p.name.iri, ()))) for p in held),
            facts_shown=facts_shown,
            passages_shown=passages_shown,
            pages=max(_pages(len(facts), FACTS_A_PAGE), _pages(len(passages), PASSAGES_A_PAGE)),
        )


def _without(thing: Thing, hidden: Callable[[Field], bool]) -> Thing:
    return replace(thing, fields=tuple(field for field in thing.fields if not hidden(field)))


def _slice(total: int, page: int, size: int) -> Slice:
    return Slice(min((page - 1) * size, total) + 1, min(page * size, total), total)


def _cut(terms: Sequence[Term], shown: Slice) -> Sequence[Term]:
    return terms[shown.first - 1 : shown.last]


def _pages(total: int, size: int) -> int:
    return max(1, -(-total // size))
