"""What follows from a change: the data derived anew, compared with what is derived now."""

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from kizuna import namespaces as ns
from kizuna.dataset.changes import Change
from kizuna.dataset.derivation import derive
from kizuna.dataset.files import Ontology
from kizuna.dataset.store import EmbeddedStore, Row, Store, as_stored
from kizuna.model import Model, Texts
from kizuna.saved import Saved
from kizuna.terms import NamedNode, Term, Triple

DERIVED_GRAPHS = frozenset({NamedNode(ns.GRAPH_DERIVED), NamedNode(ns.GRAPH_DERIVATION)})
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


def candidate(store: Store, change: Change, ontology: Ontology, model: Model) -> EmbeddedStore:
    """A store of its own as the change would leave it, with what is derived then."""
    gone = set(as_stored(change.removed))
    kept = (q for q in store.quads() if q.graph_name not in DERIVED_GRAPHS and q not in gone)
    made = EmbeddedStore([*kept, *change.added])
    derive(made, model, ontology.derive)
    return made


def effects(before: Store, after: Store, change: Change, questions: Sequence[Saved]) -> Effects:
    """The difference between two stores that the change lies between."""
    old, new = _derived(before), _derived(after)
    gone, come = old - new, new - old
    found = _differences(gone, come, before)
    disputes = {t.subject for t in gone | come if t.object == NamedNode(ns.DISPUTE)}
    told = [one for one in found if NamedNode(one.subject) not in disputes]
    return Effects(
        opened=_disputes(come),
        closed=_disputes(gone),
        turns=tuple(one for one in told if one.predicate in TURNS),
        derived=tuple(one for one in told if one.predicate not in TURNS),
        answers=tuple(_answers(before, after, questions)),
    )


def _derived(store: Store) -> Set[Triple]:
    graph = NamedNode(ns.GRAPH_DERIVED)
    return {quad.triple for quad in store.quads() if quad.graph_name == graph}


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


def _answers(before: Store, after: Store, questions: Sequence[Saved]) -> Iterable[Answer]:
    for question in questions:
        old, new = (set(s.reader().select(question.document).rows) for s in (before, after))
        if old != new:
            titles = question.notes.get("title", {})
            yield Answer(question.name, titles, _rows(old - new), _rows(new - old))


def _rows(rows: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=str))


def _sorted(terms: Iterable[Term]) -> tuple[Term, ...]:
    return tuple(sorted(terms, key=str))
