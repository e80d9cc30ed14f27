"""Threads for operations, one of its own for what is quick, so that this waits for nothing else.

Handing work over to an executor costs a fraction of what the event loop's pool of threads takes,
and a single thread has none to contend with over the same work.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

MOST = 40  # operations at once that aren't known to be quick


class Lanes:
    """Runs what is asked in one of two lanes; their threads end with the last reference to it."""

    def __init__(self) -> None:
        self._quick = ThreadPoolExecutor(1, "quick")
        self._others = ThreadPoolExecutor(MOST, "others")

    async def run(
        self, quick: bool, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What the function, which is known to be quick or isn't, gives or raises."""
        executor = self._quick if quick else self._others
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(executor, partial(function, *args, **kwargs))
