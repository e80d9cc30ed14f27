"""What is made on demand: once for all who ask, a few kept, nobody kept waiting for long."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, Lock

import pytest

from kizuna.dataset.rebuilding import AT_ONCE, WAITING, Rebuilding
from kizuna.errors import EngineUnavailable


class Making:
    """Makes a number's text once it may go on; counts."""

    def __init__(self, *slow: int) -> None:
        self.made: list[int] = []
        self.begun = {number: Event() for number in slow}
        self.go = Event()
        self._lock = Lock()

    def __call__(self, number: int) -> str:
        if number in self.begun:
            self.begun[number].set()
            assert self.go.wait(20)
        with self._lock:
            self.made.append(number)
        return f"release {number}"


def test_keeps_those_last_asked_for() -> None:
    making = Making()
    kept = Rebuilding(making, kept=2)
    for number in (1, 2, 1, 3, 1, 2):
        assert kept.get(number) == f"release {number}"
    assert making.made == [1, 2, 3, 2]


def test_makes_it_once_for_all_who_wait() -> None:
    making = Making(1)
    kept = Rebuilding(making, kept=2)
    with ThreadPoolExecutor() as pool:
        asked = [pool.submit(kept.get, 1) for _ in range(4)]
        making.go.set()
        assert {future.result() for future in asked} == {"release 1"}
    assert making.made == [1]


def test_one_that_takes_long_holds_up_no_other() -> None:
    making = Making(1)
    kept = Rebuilding(making, kept=2)
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(kept.get, 1)
        assert making.begun[1].wait(20)
        assert kept.get(2) == "release 2"
        making.go.set()
        assert slow.result() == "release 1"


def test_refuses_whoever_would_wait_too_long() -> None:
    """What is kept is handed out all the same, and afterwards there is room again."""
    numbers = range(1, AT_ONCE + WAITING + 1)
    making = Making(*numbers)
    kept = Rebuilding(making, kept=2)
    assert kept.get(0) == "release 0"
    with ThreadPoolExecutor(max_workers=len(numbers)) as pool:
        asked: list[Future[str]] = [pool.submit(kept.get, number) for number in numbers]
        until(lambda: kept._waiting == len(numbers))
        with pytest.raises(EngineUnavailable, match="try again in a moment"):
            kept.get(99)
        assert kept.get(0) == "release 0"
        making.go.set()
        assert [future.result() for future in asked] == [f"release {n}" for n in numbers]
    assert kept.get(99) == "release 99"


def until(true: Callable[[], bool]) -> None:
    pause = Event()
    for _ in range(2000):
        if true():
            return
        pause.wait(0.01)
    raise AssertionError


def test_what_went_wrong_is_not_kept() -> None:
    faults = [EngineUnavailable("gone")]

    def make(number: int) -> str:
        if faults:
            raise faults.pop()
        return f"release {number}"

    kept = Rebuilding(make, kept=2)
    with pytest.raises(EngineUnavailable, match="gone"):
        kept.get(1)
    assert kept.get(1) == "release 1"
