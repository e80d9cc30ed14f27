"""What was made lately, kept for when it is asked for again."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """The things used last, as long as their weights together are no more than ``most``.

    What is heavier than a tenth of that isn't kept, lest it drive out all the rest. It may be used
    by any thread. Two may make the same thing at once: nobody waits for another.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held = 0
        self._lock = Lock()
        self._known: OrderedDict[K, tuple[V, int]] = OrderedDict()

    def get(self, key: K, make: Callable[[], V], weight: int = 1) -> V:
        """What is known by the key, made where it isn't kept; what is made has that weight."""
        with self._lock:
            if key in self._known:
                return self._used(key)
        made = make()
        self.keep(key, made, weight)
        return made

    def find(self, key: K) -> V | None:
        """What is known by the key, None where it isn't kept."""
        with self._lock:
            return self._used(key) if key in self._known else None

    def keep(self, key: K, made: V, weight: int) -> None:
        """Keeps what was made, in the place of what is known by the key."""
        with self._lock:
            self._held -= self._known.pop(key, (None, 0))[1]
            if weight <= self._most // 10:
                self._known[key] = (made, weight)
                self._held += weight
            while self._held > self._most:
                self._held -= self._known.popitem(last=False)[1][1]

    def _used(self, key: K) -> V:
        self._known.move_to_end(key)
        return self._known[key][0]
