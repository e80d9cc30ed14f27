"""How often each contributor may propose."""

import math
import time
from collections import deque
from collections.abc import Callable
from threading import Lock

from kizuna.errors import RateExceeded

WINDOW = 60.0  # seconds


class Rate:
    """At most so many within any minute, for each key."""

    def __init__(self, most: int, now: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._now = now
        self._lock = Lock()
        self._taken: dict[str, deque[float]] = {}

    def take(self, key: str) -> None:
        """Counts one; raises RateExceeded, which says when there is room again."""
        with self._lock:
            now = self._now()
            self._forget(now - WINDOW)
            taken = self._taken.setdefault(key, deque())
            if len(taken) >= self._most:
                seconds = max(1, math.ceil(taken[0] + WINDOW - now))
                raise RateExceeded(
                    f"More than max_proposals, {self._most}, in a minute; "
                    f"go on in {seconds} seconds.",
                    seconds,
                )
            taken.append(now)

    def _forget(self, before: float) -> None:
        for key, taken in list(self._taken.items()):
            while taken and taken[0] <= before:
                taken.popleft()
            if not taken:
                del self._taken[key]
