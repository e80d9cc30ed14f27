"""Predicates as relations of numbers, read from the store when first asked for."""

from array import array
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from threading import RLock
from typing import Protocol, TypeVar

import numpy as np

from kizuna import namespaces as ns
from kizuna.dataset.columns.held import Unheld
from kizuna.dataset.columns.nodes import Nodes, Ranking
from kizuna.dataset.columns.relations import NONE, Ints, Relation, distinct_pairs
from kizuna.dataset.columns.tables import Table, table_of
from kizuna.model import Path, Step
from kizuna.recent import Recent
from kizuna.terms import BlankNode, Literal, NamedNode, Term

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
NODE = (NamedNode, BlankNode)


class Source(Protocol):
    """A store that columns are read from."""

    def pairs(self, predicate: str) -> Iterable[tuple[Term, Term]]:
        """Each subject and object of the predicate."""

    def exceeds(self, predicate: str, number: int) -> bool:
        """Whether the predicate has more pairs than that."""

    def matches(self, predicate: str, pattern: str) -> list[Literal]:
        """The predicate's literals that a regular expression fits, whatever the case."""


@dataclass(frozen=True)
class Predicate:
    """What a predicate leads to: nodes, and literals by their numbers in a table."""

    nodes: Relation
    literals: Relation
    table: Table


@dataclass(frozen=True)
class Ends:
    """What some ids lead to along a path: pairs of a place among the ids and an end, each once.

    ``table`` is that of the literals; it is there even where none are reached.
    """

    owners: Ints
    nodes: Ints
    literal_owners: Ints
    literals: Ints
    table: Table


@dataclass
class _Group:
    """The literals of one datatype and language as they are read."""

    texts: dict[str, int] = field(default_factory=dict)
    subjects: "array[int]" = field(default_factory=lambda: array("i"))
    numbers: "array[int]" = field(default_factory=lambda: array("i"))


class Predicates:
    """The predicates of a store that doesn't change; may be asked by several threads."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.lock = RLock()
        self._known: dict[str, Predicate | Unheld] = {}
        self._nodes: Nodes | None = None

    @property
    def nodes(self) -> Nodes:
        """The nodes; the first are those that have a type, in the order of their IRIs."""
        if self._nodes is None:
            with self.lock:  # and no other: who holds it may ask for the nodes
                if self._nodes is None:
                    nodes = Nodes()
                    self._known[ns.RDF_TYPE] = self._read(ns.RDF_TYPE, nodes, first=True)
                    self._nodes = nodes
        return self._nodes

    def __getitem__(self, predicate: str) -> Predicate:
        """The predicate; raises Unheld where it has terms that columns don't hold."""
        nodes = self.nodes
        found = self._known.get(predicate)
        if found is None:
            with self.lock:
                found = self._known.get(predicate) or self._read(predicate, nodes)
                self._known[predicate] = found
        if isinstance(found, Unheld):
            raise found
        return found

    def has(self, predicate: str) -> bool:
        """Whether the predicate was read already."""
        return predicate in self._known

    def _read(self, predicate: str, nodes: Nodes, *, first: bool = False) -> Predicate | Unheld:
        try:
            return _read(self.source.pairs(predicate), nodes, first=first)
        except Unheld as error:
            return error

    def read(self, path: Path) -> None:
        """Reads what the path leads along."""
        for step in path:
            self[step.predicate]

    def once(self, kept: Recent[K, V], key: K, make: Callable[[], V]) -> V:
        """What is kept by the key, made by no two at once; who finds it there waits for nobody."""
        known = kept.find(key)
        if known is not None:
            return known
        with self.lock:
            return kept.get(key, make)

    def ranking(self) -> Ranking:
        """The order of the IRIs of all nodes that there are by now."""
        with self.lock:
            return self.nodes.ranking()

    def relation(self, step: Step) -> Relation:
        """The nodes that a step leads to."""
        nodes = self[step.predicate].nodes
        return nodes.inverse if step.inverse else nodes

    def ends(self, path: Path, ids: Ints) -> Ends:
        """What the ids lead to along the path."""
        owners: Ints = np.arange(len(ids), dtype=np.int32)
        found = ids
        for number, step in enumerate(path[:-1]):
            predicate = self[step.predicate]
            if not step.inverse and len(predicate.literals) and path[number + 1].inverse:
                raise Unheld  # literals lead on to whatever has them too
            places, found = self.relation(step).along(found)
            owners = owners[places]
        last = path[-1]
        predicate = self[last.predicate]
        if last.inverse:
            places, ends = predicate.nodes.inverse.along(found)
            return Ends(*_once(path, owners[places], ends), NONE, NONE, predicate.table)
        places, ends = predicate.nodes.along(found)
        literal_places, literals = predicate.literals.along(found)
        return Ends(
            *_once(path, owners[places], ends),
            *_once(path, owners[literal_places], literals),
            predicate.table,
        )

    def starts(self, path: Path, ends: Ints, most: int) -> Ints | None:
        """What leads to any of the ends along the path; None where it is more than ``most``."""
        found = ends
        for step in reversed(path):
            relation = self.relation(replace(step, inverse=not step.inverse))
            if relation.reach(found) > most:
                return None
            found = np.unique(relation.along(found)[1])
        return found


def _once(path: Path, owners: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """The pairs, each once; along one step they are so already."""
    return (owners, ends) if len(path) == 1 else distinct_pairs(owners, ends)


def _read(pairs: Iterable[tuple[Term, Term]], nodes: Nodes, *, first: bool = False) -> Predicate:
    subjects, objects = array("i"), array("i")
    groups: dict[tuple[str, str], _Group] = {}
    number = nodes.number
    for subject, value in pairs:
        if isinstance(value, NODE):
            subjects.append(number(subject))
            objects.append(number(value))
        elif isinstance(value, Literal):
            key = (value.datatype.value, value.language or "")
            group = groups.get(key) or groups.setdefault(key, _group(key))
            group.subjects.append(number(subject))
            group.numbers.append(group.texts.setdefault(value.value, len(group.texts)))
        else:
            raise Unheld
    anew = nodes.renumber() if first else None
    table, numbers = table_of({key: group.texts for key, group in groups.items()})
    return Predicate(
        Relation(_renumbered(subjects, anew), _renumbered(objects, anew)),
        _literals(groups, numbers, anew),
        table,
    )


def _group(key: tuple[str, str]) -> _Group:
    if key[0] == ns.RDF_DIR_LANG_STRING:
        raise Unheld  # a text's direction is no part of the key
    return _Group()


def _renumbered(numbers: "array[int]", anew: Ints | None) -> Ints:
    found: Ints = np.array(numbers, dtype=np.int32)
    return found if anew is None else anew[found]


def _literals(
    groups: dict[tuple[str, str], _Group], numbers: dict[tuple[str, str], Ints], anew: Ints | None
) -> Relation:
    def parts() -> Iterator[tuple[Ints, Ints]]:
        yield NONE, NONE
        for key, group in groups.items():
            yield _renumbered(group.subjects, anew), numbers[key][np.array(group.numbers, int)]

    subjects, literals = zip(*parts(), strict=True)
    return Relation(np.concatenate(subjects), np.concatenate(literals))


__all__ = ["Ends", "Predicate", "Predicates", "Source"]
