"""Many texts in one string: lean to keep, and quick to look through."""

import re
from collections.abc import Sequence
from itertools import accumulate
from typing import overload

import numpy as np

from kizuna.dataset.columns.relations import Ints

BETWEEN = "\0"


class Texts(Sequence[str]):
    """Texts by their numbers."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._whole = BETWEEN.join(texts)
        lengths = accumulate((len(text) + len(BETWEEN) for text in texts), initial=0)
        self._starts = np.fromiter(lengths, dtype=np.int64, count=len(texts) + 1)

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, number: int) -> str: ...

    @overload
    def __getitem__(self, number: slice) -> list[str]: ...

    def __getitem__(self, number: int | slice) -> str | list[str]:
        if isinstance(number, slice):
            return [self[n] for n in range(*number.indices(len(self)))]
        return self._whole[self._starts[number] : self._starts[number + 1] - len(BETWEEN)]

    def chosen(self, numbers: Ints) -> list[str]:
        """The texts of the numbers."""
        whole = self._whole
        starts = self._starts[numbers].tolist()
        stops = (self._starts[numbers + 1] - len(BETWEEN)).tolist()
        return [whole[start:stop] for start, stop in zip(starts, stops, strict=True)]

    def containing(self, part: str) -> Ints:
        """The numbers of the texts that the part stands in."""
        if not part or BETWEEN in part:
            return np.array([n for n, text in enumerate(self) if part in text], dtype=np.int64)
        found = (match.start() for match in re.finditer(re.escape(part), self._whole))
        places = np.fromiter(found, dtype=np.int64)
        return np.unique(np.searchsorted(self._starts, places, side="right") - 1)
