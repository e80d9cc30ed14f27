"""Looking through rows in order for those that fulfil a condition, no further than is needed."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kizuna.dataset.columns.relations import Ints, Mask

# How many rows are looked at first, and how many times more next.
FIRST_LOOK, MORE = 128, 4


@dataclass(frozen=True)
class Look:
    """Of some places in an order those that fulfil a condition, among the first ``seen`` of them.

    ``size`` is how many are looked at next.
    """

    places: range
    found: Ints
    seen: int = 0
    size: int = FIRST_LOOK

    @classmethod
    def none(cls, places: range) -> "Look":
        """A look at none of the places yet."""
        return cls(places, np.empty(0, dtype=np.int32))

    def enough(self, wanted: int) -> bool:
        """Whether so many are found, or all there are."""
        return len(self.found) >= wanted or self.seen >= len(self.places)

    def further(self, hold: Callable[[Ints], Mask]) -> "Look":
        """A look further; ``hold`` tells which of some places fulfil the condition."""
        looked = np.array(self.places[self.seen : self.seen + self.size], dtype=np.int32)
        found = np.concatenate([self.found, looked[hold(looked)]])
        return Look(self.places, found, self.seen + self.size, self.size * MORE)
