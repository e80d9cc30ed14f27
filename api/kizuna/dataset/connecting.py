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
        self._hops: dict[NamedNode, set[Hop]] = {}  # of the entities whose facts have been read

    def grow(self, side: _Side) -> None:
        """Reads the facts of the entities at the side's rim, and moves the rim on."""
        self._read([entity for entity in side.rim if entity not in self._hops])
        side.seen.update(side.rim)
        beyond = (hop.end for entity in side.rim for hop in self._hops[entity])
        side.rim = [entity for entity in dict.fromkeys(beyond) if entity not in side.seen]

    def _read(self, entities: list[NamedNode]) -> None:
        facts = self._facts(entities) if entities else {}
        involved = self._involved(facts)
        self._hops.update((entity, set()) for entity in entities)
        for entity in entities:
            for fact in facts.get(entity, ()):
                self._hops[entity].update(self._through(entity, fact, involved))

    def _involved(self, facts: Links) -> Links:
        through = list(dict.fromkeys(fact for found in facts.values() for fact in found))
        self._look(len(through))
        return self._reader.values({INVOLVED: through})[INVOLVED] if through else {}

    def _through(self, start: NamedNode, fact: Term, involved: Links) -> Iterator[Hop]:
        for end in involved.get(fact, ()):
            self._look(1)
            if isinstance(fact, NamedNode) and isinstance(end, NamedNode) and end != start:
                yield Hop(start, fact, end)

    def _look(self, links: int) -> None:
        self._looked += links
        if self._looked > self._limit:
            raise LimitExceeded(
                f"more than {self._limit} links (max_path_links) lie between the two; ask for a "
                "smaller maxLength, or for facts of fewer kinds by filter"
            )

    def trails(self, between: Between, length: int) -> Iterator[Trail]:
        """The paths of exactly that length among what was read, in order."""
        onward = self._both_ways()
        left = _distances(onward, between.goal)

        def walk(trail: Trail, at: NamedNode, rest: int) -> Iterator[Trail]:
            if rest == 0:
                yield trail
                return
            for hop in onward.get(at, ()):
                self._look(1)
                if left.get(hop.end, rest) < rest and _leads(hop, trail, between, rest):
                    yield from walk((*trail, hop), hop.end, rest - 1)

        return walk((), between.start, length)

    def _both_ways(self) -> Mapping[NamedNode, list[Hop]]:
        """The hops from each entity, also those that were read from their other end, in order."""
        found: dict[NamedNode, set[Hop]] = {}
        for hops in self._hops.values():
            for hop in hops:
                found.setdefault(hop.start, set()).add(hop)
                found.setdefault(hop.end, set()).add(Hop(hop.end, hop.fact, hop.start))
        return {entity: sorted(hops, key=_place) for entity, hops in found.items()}


def _distances(onward: Mapping[NamedNode, list[Hop]], goal: NamedNode) -> Mapping[NamedNode, int]:
    """How many facts each entity is away from the goal."""
    found, rim = {goal: 0}, [goal]
    while rim:
        reached = {hop.end for entity in rim for hop in onward.get(entity, ())}
        far = found[rim[0]] + 1
        rim = [entity for entity in reached if entity not in found]
        found.update(dict.fromkeys(rim, far))
    return found


def _leads(hop: Hop, trail: Trail, between: Between, rest: int) -> bool:
    """Whether the hop leads on: to no entity and through no fact twice, to the goal last."""
    if (hop.end == between.goal) != (rest == 1) or hop.end == between.start:
        return False
    return all(hop.end != past.end and hop.fact != past.fact for past in trail)


def _place(hop: Hop) -> tuple[str, str]:
    return hop.end.value, hop.fact.value
