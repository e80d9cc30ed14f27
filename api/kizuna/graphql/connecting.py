"""The field ``path``: what it is asked, and the paths that it tells."""

from collections.abc import Mapping
from typing import Any

from kizuna import namespaces as ns
from kizuna.dataset.connecting import Between, Trail, trails
from kizuna.dataset.selection import Condition
from kizuna.dataset.store import Reader
from kizuna.errors import InvalidInput, LimitExceeded, NotFound
from kizuna.graphql.connections import page_size
from kizuna.graphql.evidence import LONGEST
from kizuna.graphql.identifiers import Identifiers
from kizuna.graphql.limits import Limits
from kizuna.graphql.records import Record, only
from kizuna.model import Class, Path, Step
from kizuna.terms import NamedNode

TYPE: Path = (Step(ns.RDF_TYPE),)


def connections(
    reader: Reader,
    between: Between,
    arguments: Mapping[str, Any],
    condition: Condition | None,
    limits: Limits,
) -> list[Trail]:
    """The paths that the arguments ask for, through facts that fulfil the condition.

    Raises InvalidInput where they ask for no fact, LimitExceeded for more than is allowed.
    """
    given = arguments.get("maxLength")
    longest = LONGEST if given is None else given
    if longest < 1:
        raise InvalidInput(f"maxLength is {longest}; give a number from 1 to {limits.path_length}")
    if longest > limits.path_length:
        raise LimitExceeded(
            f"maxLength is {longest}, allowed: {limits.path_length} (max_path_length)"
        )
    most = page_size("first", arguments.get("first"), limits.page)
    return trails(reader, between, longest, most, condition, limits.path_links)


def ends(
    reader: Reader, arguments: Mapping[str, Any], identifiers: Identifiers, item: Class
) -> Between:
    """The two subjects to connect; raises NotFound, InvalidInput where they are one."""
    start, goal = (identifiers.resolve(arguments[name], item) for name in ("from", "to"))
    if start == goal:
        raise InvalidInput(f"from and to are both {start}; name two that differ")
    types = reader.values({TYPE: [start, goal]})[TYPE]
    for name, end in (("from", start), ("to", goal)):
        if NamedNode(item.iri) not in types.get(end, ()):
            raise NotFound(identifiers.unknown(end, item, name, types.get(end, ())))
    return Between(start, goal)


def record(trail: Trail) -> Record:
    """A path as it is told."""
    steps = tuple(
        Record({"from": only(hop.start), "fact": only(hop.fact), "to": only(hop.end)})
        for hop in trail
    )
    return Record({"length": len(trail), "steps": steps})
