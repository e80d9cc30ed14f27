"""What follows from a change: the data derived anew, compared with what is derived now."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from kizuna import namespaces as ns
from kizuna.dataset.rederivation import Rederived
from kizuna.dataset.store import Row, Store
from kizuna.model import Texts
from kizuna.saved import Saved
from kizuna.terms import NamedNode, Quad, Term, Triple

TURNS = (ns.STANDING, ns.OUTCOME)


@dataclass(frozen=True)
class Dispute:
    """A contradiction on a fact: on whether it is so, or on a detail."""

    iri: str
    fact: str
    detail: str


@dataclass(frozen=True)
class Difference:
    """What is derived of a thing that is there already: values that go and values that come."""

    subject: str
    predicate: str
    before: tuple[Term, ...]
    after: tuple[Term, ...]


@dataclass(frozen=True)
class Answer:
    """A saved question with the rows that its answer loses and gains."""

    name: str
    titles: Texts
    before: tuple[Row, ...]
    after: tuple[Row, ...]


@dataclass(frozen=True)
class Effects:
    """What follows; ``turns`` are facts whose standing or outcome changes."""

    opened: tuple[Dispute, ...]
    closed: tuple[Dispute, ...]
    turns: tuple[Difference, ...]
    derived: tuple[Difference, ...]
    answers: tuple[Answer, ...]


class Asked:
    """The saved questions; their answers from a store are kept as long as it is asked of."""

    def __init__(self, questions: Sequence[Saved]) -> None:
        self._questions = questions
        self._last: tuple[Store, Mapping[str, Set[Row]]] | None = None

    def between(self, before: Store, after: Store) -> Iterator[Answer]:
        """The questions whose answers differ."""
        last = self._last
        if last is None or last[0] is not before:
            last = self._last = before, {one.name: _rows(before, one) for one in self._questions}
        for question in self._questions:
            old, new = last[1][question.name], _rows(after, question)
            if old != new:
                titles = question.notes.get("title", {})
                gone, come = sorted(old - new, key=str), sorted(new - old, key=str)
                yield Answer(question.name, titles, tuple(gone), tuple(come))


def _rows(store: Store, question: Saved) -> Set[Row]:
    return set(store.reader().select(question.document).rows)


def effects(before: Store, after: Store, derived: Rederived, asked: Asked) -> Effects:
    """The difference between two stores, of which that of what is derived is known."""
    gone, come = _triples(derived.removed), _triples(derived.added)
    found = _differences(gone, come, before)
    disputes = {t.subject for t in gone | come if t.object == NamedNode(ns.DISPUTE)}
    told = [one for one in found if NamedNode(one.subject) not in disputes]
    return Effects(
        opened=_disputes(come),
        closed=_disputes(gone),
        turns=tuple(one for one in told if one.predicate in TURNS),
        derived=tuple(one for one in told if one.predicate not in TURNS),
        answers=tuple(asked.between(before, after)),
    )


def _triples(quads: Iterable[Quad]) -> Set[Triple]:
    graph = NamedNode(ns.GRAPH_DERIVED)
    return {quad.triple for quad in quads if quad.graph_name == graph}


def _differences(gone: Set[Triple], come: Set[Triple], before: Store) -> list[Difference]:
    """What changes of things that are there already; of new ones everything is new."""
    values: dict[tuple[str, str], tuple[list[Term], list[Term]]] = defaultdict(lambda: ([], []))
    for side, triples in enumerate((gone, come)):
        for triple in triples:
            if isinstance(triple.subject, NamedNode) and triple.predicate.value != ns.RDF_TYPE:
                values[triple.subject.value, triple.predicate.value][side].append(triple.object)
    there = {iri for iri, _ in values if next(before.find(NamedNode(iri)), None) is not None}
    return [
        Difference(subject, predicate, _sorted(old), _sorted(new))
        for (subject, predicate), (old, new) in sorted(values.items())
        if subject in there
    ]


def _disputes(triples: Iterable[Triple]) -> tuple[Dispute, ...]:
    said: dict[str, dict[str, str]] = defaultdict(dict)
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode):
            said[triple.subject.value][triple.predicate.value] = triple.object.value
    return tuple(
        Dispute(iri, told[ns.DISPUTED_FACT], told[ns.DISPUTED_DETAIL])
        for iri, told in sorted(said.items())
        if {ns.DISPUTED_FACT, ns.DISPUTED_DETAIL} <= told.keys()
    )


def _sorted(terms: Iterable[Term]) -> tuple[Term, ...]:
    return tuple(sorted(terms, key=str))
