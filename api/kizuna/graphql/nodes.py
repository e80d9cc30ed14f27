"""What was told of subjects before, to be told again as it is.

A selection in which nothing varies says the same of a subject every time, as long as the release is
the same; only what no error has touched is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any
from weakref import WeakKeyDictionary

import orjson

from kizuna.dataset.store import Store
from kizuna.graphql.plan import ObjectPlan
from kizuna.terms import Term

MOST_KEPT = 200_000  # values; when there are more, all are forgotten


@dataclass(frozen=True)
class Told:
    """What was told of a subject, which nobody may change, and how many values it holds."""

    answer: dict[str, Any]
    values: int

    @cached_property
    def text(self) -> orjson.Fragment:
        """The answer as JSON, to stand in what orjson writes."""
        return orjson.Fragment(orjson.dumps(self.answer))


NOTHING: Mapping[Term, Told] = MappingProxyType({})


class Nodes:
    """What is known of one release's subjects, to be used by any thread."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._held = 0
        self._told: WeakKeyDictionary[ObjectPlan, dict[Term, Told]] = WeakKeyDictionary()

    def of(self, plan: ObjectPlan) -> Mapping[Term, Told]:
        """What the selection says, by subject."""
        return self._told.get(plan, NOTHING)

    def keep(self, plan: ObjectPlan, subject: Term, told: Told) -> None:
        """Keeps what the selection says of a subject."""
        self._held += told.values
        if self._held > self._most:
            self._told = WeakKeyDictionary()
            self._held = told.values
        self._told.setdefault(plan, {})[subject] = told


class Kept:
    """The nodes of each store, as long as there is the store."""

    def __init__(self) -> None:
        self._nodes: WeakKeyDictionary[Store, Nodes] = WeakKeyDictionary()

    def of(self, store: Store) -> Nodes:
        """The store's nodes."""
        return self._nodes.setdefault(store, Nodes())
