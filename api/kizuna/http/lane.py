"""A thread of its own for what is quick, so that it waits for nothing that isn't.

Handing work over to it costs a fraction of what a pool of threads takes, and a single thread has
none to contend with over the same work.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Lane:
    """Runs what is quick, one after another; it ends with the last reference to it."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(1, "lane")

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function gives, or raises."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, partial(function, *args, **kwargs))
