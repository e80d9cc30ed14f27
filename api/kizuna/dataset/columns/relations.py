"""Relations: pairs of integers, kept sorted, that are followed for many at once."""

from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.signedinteger[Any]]
Mask: TypeAlias = NDArray[np.bool_]

NONE: Ints = np.empty(0, dtype=np.int32)
ABSENT = -1


class Relation:
    """Pairs of numbers from nought, each once, found by their first."""

    def __init__(self, first: Ints, second: Ints) -> None:
        first, second = distinct_pairs(first, second)
        self.keys, starts = np.unique(first, return_index=True)
        self.offsets = np.append(starts, len(first)).astype(np.int32)
        self.ends = second.astype(np.int32)
        self._dense = bool(len(self.keys)) and int(self.keys[-1]) == len(self.keys) - 1

    def __len__(self) -> int:
        return len(self.ends)

    @cached_property
    def inverse(self) -> "Relation":
        """The same pairs, found by their second."""
        first, second = self.pairs()
        return Relation(second, first)

    def pairs(self) -> tuple[Ints, Ints]:
        """All pairs, sorted."""
        return np.repeat(self.keys, np.diff(self.offsets)), self.ends

    def along(self, ids: Ints) -> tuple[Ints, Ints]:
        """All that the ids lead to: each end, and before it the place among the ids it is from."""
        starts, lengths = self._spans(ids)
        owners = np.repeat(np.arange(len(ids), dtype=np.int32), lengths)
        shift = np.repeat(starts - (np.cumsum(lengths) - lengths), lengths)
        return owners, self.ends[np.arange(len(owners)) + shift]

    def reach(self, ids: Ints) -> int:
        """To how many ends the ids lead."""
        return int(self._spans(ids)[1].sum())

    def _spans(self, ids: Ints) -> tuple[Ints, Ints]:
        """Where the ends of each id begin, and how many they are."""
        if not len(self.keys):
            return np.zeros_like(ids), np.zeros_like(ids)
        places = ids if self._dense else np.searchsorted(self.keys, ids)
        places = np.minimum(places, len(self.keys) - 1)
        found = self.keys[places] == ids
        starts = self.offsets[places]
        return starts, np.where(found, self.offsets[places + 1] - starts, 0)


def distinct_pairs(first: Ints, second: Ints) -> tuple[Ints, Ints]:
    """The pairs, sorted, each once."""
    order = np.lexsort((second, first))
    first, second = first[order], second[order]
    if not len(first):
        return first, second
    fresh = np.append(True, (np.diff(first) != 0) | (np.diff(second) != 0))
    return first[fresh], second[fresh]


def joined(owners: Ints, values: Ints, count: int, which: Ints) -> tuple[Ints, Ints]:
    """For each row each of its owner's values, or ABSENT; and the row that each is from."""
    order = np.argsort(owners, kind="stable")
    values = np.append(values[order], ABSENT)
    counts = np.bincount(owners, minlength=count)
    starts = np.where(counts > 0, np.cumsum(counts) - counts, len(values) - 1)
    spans = np.maximum(counts, 1)[which]
    rows = np.repeat(np.arange(len(which), dtype=np.int32), spans)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(spans) - spans, spans)
    return values[starts[which[rows]] + within], rows
