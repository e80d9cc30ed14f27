"""Things that are made when they are asked for, of which a few are kept.

Nobody waits for what another asks, save where too much is being made at once: then who comes last
is refused rather than kept waiting.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock
from typing import Generic, TypeVar

from kizuna.errors import EngineUnavailable

AT_ONCE = 2  # made at the same time
WAITING = 8  # that wait for something to be made, whoever makes it

T = TypeVar("T")


class Rebuilding(Generic[T]):
    """What ``make`` makes of a number, the ``kept`` last asked for being kept."""

    def __init__(self, make: Callable[[int], T], kept: int) -> None:
        self._make = make
        self._most = kept
        self._kept: OrderedDict[int, T] = OrderedDict()
        self._making: dict[int, Future[T]] = {}
        self._lock = Lock()
        self._places = BoundedSemaphore(AT_ONCE)
        self._waiting = 0

    def get(self, number: int) -> T:
        """What is made of the number, made once for all who ask for it meanwhile.

        Raises EngineUnavailable where too many wait already.
        """
        with self._lock:
            if number in self._kept:
                self._kept.move_to_end(number)
                return self._kept[number]
            self._require_place()
            mine = number not in self._making
            future = self._making.setdefault(number, Future())
        with self._counted():
            if mine:
                self._fulfil(number, future)
            return future.result()

    def _require_place(self) -> None:
        if self._waiting >= WAITING + AT_ONCE:
            raise EngineUnavailable(
                "Too many past releases are being made ready just now; try again in a moment."
            )
        self._waiting += 1

    @contextmanager
    def _counted(self) -> Iterator[None]:
        try:
            yield
        finally:
            with self._lock:
                self._waiting -= 1

    def _fulfil(self, number: int, future: "Future[T]") -> None:
        try:
            with self._places:
                made = self._make(number)
        except BaseException as error:  # noqa: BLE001 (whoever waits raises it)
            with self._lock:
                del self._making[number]
            future.set_exception(error)
            return
        with self._lock:
            del self._making[number]
            self._kept[number] = made
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        future.set_result(made)
