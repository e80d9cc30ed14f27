"""How two entities are connected: the paths from one to the other through facts that involve both.

The search grows from both ends, one level at a time from whichever is smaller, so that two store
queries more find all paths that are one fact longer.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeAlias

from kizuna import namespaces as ns
from kizuna.dataset.selection import Condition, Selection
from kizuna.dataset.store import Reader
from kizuna.errors import LimitExceeded
from kizuna.model import Path, Step
from kizuna.terms import NamedNode, Term

INVOLVED: Path = (Step(ns.INVOLVES),)
INVOLVING: Path = (Step(ns.INVOLVES, inverse=True),)

Links: TypeAlias = Mapping[Term, Iterable[Term]]


@dataclass(frozen=True)
class Hop:
    """From one entity to another through a fact that involves both."""

    start: NamedNode
    fact: NamedNode
    end: NamedNode


Trail: TypeAlias = tuple[Hop, ...]


@dataclass(frozen=True)
class Between:
    """The entities to connect; they differ."""

    start: NamedNode
    goal: NamedNode


def trails(
    reader: Reader,
    between: Between,
    longest: int,
    most: int,
    condition: Condition | None,
    limit: int,
) -> list[Trail]:
    """Paths of at most ``longest`` facts that fulfil the condition, the shortest first.

    No path comes twice to an entity or a fact; those of a length come in the order of their IRIs.
    Raises LimitExceeded where more than ``limit`` links would have to be looked at.
    """
    web = _Web(lambda entities: _facts(reader, entities, condition), reader, limit)
    return list(islice(_found(web, between, longest), most))


def _found(web: "_Web", between: Between, longest: int) -> Iterator[Trail]:
    sides = (_Side([between.start]), _Side([between.goal]))
    for length in range(1, longest + 1):
        web.grow(min(sides, key=lambda side: len(side.rim)))
        yield from web.trails(between, length)


@dataclass
class _Side:
    """What has been reached from one of the ends: the last entities, and all before them."""

    rim: list[NamedNode]
    seen: set[NamedNode] = field(default_factory=set)


def _facts(reader: Reader, entities: list[NamedNode], condition: Condition | None) -> Links:
    """The facts, of those that fulfil the condition, which involve each of the entities."""
    if condition is None:
        return reader.values({INVOLVING: entities})[INVOLVING]
    found: dict[Term, list[Term]] = {}
    selection = Selection(parents=tuple(entities), path=INVOLVING, condition=condition)
    for parent, fact, *_ in reader.subjects(selection):
        if parent is not None and fact is not None:
            found.setdefault(parent, []).append(fact)
    return found


class _Web:
    """The part of the dataset that has been read: who is linked to whom, through which facts."""

    def __init__(
        self, facts: Callable[[list[NamedNode]], Links], reader: Reader, limit: int
    ) -> None:
        self._facts = facts
        self._reader = reader
        self._limit = limit
        self._looked = 0
        self._known: set[NamedNode] = set()  # whose facts have been read
        self._links: dict[NamedNode, dict[NamedNode, set[NamedNode]]] = {}

    def grow(self, side: _Side) -> None:
        """Reads the facts of the entities at the side's rim, and moves the rim on."""
        self._read([entity for entity in side.rim if entity not in self._known])
        side.seen.update(side.rim)
        beyond = dict.fromkeys(end for entity in side.rim for end in self._links.get(entity, ()))
        side.rim = [entity for entity in beyond if entity not in side.seen]

    def _read(self, entities: list[NamedNode]) -> None:
        facts = self._facts(entities) if entities else {}
        involved = self._involved(facts)
        self._known.update(entities)
        for entity in entities:
            for fact in facts.get(entity, ()):
                self._link(entity, fact, involved.get(fact, ()))

    def _involved(self, facts: Links) -> Links:
        through = list(dict.fromkeys(fact for found in facts.values() for fact in found))
        self._look(len(through))
        return self._reader.values({INVOLVED: through})[INVOLVED] if through else {}

    def _link(self, start: NamedNode, fact: Term, ends: Iterable[Term]) -> None:
        """Both ways, since what is known of an entity may have been read of another."""
        for end in ends:
            self._look(1)
            if isinstance(fact, NamedNode) and isinstance(end, NamedNode) and end != start:
                self._links.setdefault(start, {}).setdefault(end, set()).add(fact)
                self._links.setdefault(end, {}).setdefault(start, set()).add(fact)

    def _look(self, links: int) -> None:
        self._looked += links
        if self._looked > self._limit:
            raise LimitExceeded(
                f"more than {self._limit} links (max_path_links) lie between the two; ask for a "
                "smaller maxLength, or for facts of fewer kinds by filter"
            )

    def trails(self, between: Between, length: int) -> Iterator[Trail]:
        """The paths of exactly that length among what was read, in order."""
        left = self._distances(between.goal, length)
        if left.get(between.start, length + 1) <= length:
            yield from self._walk(between, left, (), length)

    def _walk(
        self, between: Between, left: Mapping[NamedNode, int], trail: Trail, rest: int
    ) -> Iterator[Trail]:
        """The ways on from where the trail ends that reach the goal after ``rest`` more facts."""
        if rest == 0:
            yield trail
            return
        at = trail[-1].end if trail else between.start
        passed = {between.start, *(hop.end for hop in trail)}
        taken = {hop.fact for hop in trail}
        for end, facts in sorted(self._links[at].items(), key=_first):
            self._look(1)
            if end in passed or left.get(end, rest) >= rest or (end == between.goal) != (rest == 1):
                continue
            for fact in sorted(facts - taken, key=str):
                self._look(1)
                yield from self._walk(between, left, (*trail, Hop(at, fact, end)), rest - 1)

    def _distances(self, goal: NamedNode, most: int) -> Mapping[NamedNode, int]:
        """How many facts each entity is away from the goal, if no more than ``most``."""
        found, rim = {goal: 0}, [goal]
        for far in range(1, most + 1):
            reached = dict.fromkeys(end for entity in rim for end in self._links.get(entity, ()))
            rim = [entity for entity in reached if entity not in found]
            found.update(dict.fromkeys(rim, far))
        return found


def _first(link: tuple[NamedNode, object]) -> str:
    return link[0].value
