"""Many texts in one string, sorted or not: lean to keep, and quick to look through."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import overload

import numpy as np


class Texts(Sequence[str]):
    """Texts by their numbers."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._whole = "".join(texts)
        lengths = accumulate((len(text) for text in texts), initial=0)
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
        return self._whole[self._starts[number] : self._starts[number + 1]]

    def containing(self, part: str) -> Iterator[int]:
        """The numbers of the texts that the part stands in."""
        if not part:
            yield from range(len(self))
            return
        found = self._whole.find(part)
        while found >= 0:
            number = bisect_right(self._starts, found) - 1
            end = int(self._starts[number + 1])
            if found + len(part) <= end:
                yield number
                found = self._whole.find(part, end)
            else:  # it runs on into the next text
                found = self._whole.find(part, found + 1)
