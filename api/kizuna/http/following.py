"""A server whose dataset goes on: each request is answered whole by one release.

Every release has an application of its own. A request goes to that of the release that is current
when it comes, and keeps it to the end; what a past release needs is let go after its last request.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    nullcontext,
)
from typing import Any, Protocol

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.routing import Router
from starlette.types import Receive, Scope, Send

from kizuna.dataset.releases import Dataset, Releases
from kizuna.errors import KizunaError

logger = logging.getLogger(__name__)

PAUSE = 1.0  # seconds between two looks at the ledger


class Aside(Protocol):
    """An ASGI application that takes some of the requests."""

    def takes(self, scope: Scope) -> bool:
        """Whether it takes this one."""

    def end(self) -> None:
        """Ends what would go on: the server stops."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...


class Following:
    """An ASGI application over releases; ``make`` makes the application of one.

    What ``aside`` takes is its own, whatever the release; ``lasting`` is open for as long as the
    server runs; ``prepare`` is called beside the requests whenever a release has come to be served.
    """

    def __init__(
        self,
        releases: Releases,
        make: Callable[[Dataset], Starlette],
        pause: float = PAUSE,
        lasting: Callable[[], AbstractAsyncContextManager[None]] = nullcontext,
        aside: "Aside | None" = None,
        prepare: Callable[[], None] | None = None,
    ) -> None:
        self._prepare = prepare
        self._aside = aside
        self._lasting = lasting
        self._releases = releases
        self._make = make
        self._pause = pause
        self._served: _Served | None = None
        self._changing = asyncio.Lock()
        self._preparing = asyncio.Lock()
        self._beside: set[asyncio.Task[None]] = set()
        self._lifespan = Router(lifespan=self._running)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan.lifespan(scope, receive, send)
            return
        if self._aside is not None and self._aside.takes(scope):
            await self._aside(scope, receive, send)
            return
        served = await self._current()
        with served:
            await served.app(scope, receive, send)

    def end(self) -> None:
        """Ends what would go on for as long as the server runs."""
        if self._aside is not None:
            self._aside.end()

    @asynccontextmanager
    async def _running(self, _: object) -> AsyncIterator[None]:
        async with self._lasting(), self._served_in_turn():
            yield

    @asynccontextmanager
    async def _served_in_turn(self) -> AsyncIterator[None]:
        await self._current()
        following = asyncio.create_task(self._follow())
        try:
            yield
        finally:
            following.cancel()
            self._leave()
            await asyncio.gather(following, *self._beside, return_exceptions=True)

    async def _follow(self) -> None:
        """Serves what other processes add to the ledger; goes on where it can't be read."""
        while True:
            await asyncio.sleep(self._pause)
            try:
                await run_in_threadpool(self._releases.follow)
                await self._current()
            except KizunaError as error:
                logger.warning("The ledger can't be followed now: %s", error)

    async def _current(self) -> "_Served":
        """The current release, served; the one before it leaves after its last request."""
        served = self._served
        if served is not None and served.dataset is self._releases.current:
            return served
        async with self._changing:
            dataset, served = self._releases.current, self._served
            if served is not None and served.dataset is dataset:
                return served
            served = await _Served.start(dataset, self._make)
            self._leave()
            self._served = served
            if self._prepare is not None:
                self._do_beside(self._prepare_next(self._prepare))
            return served

    async def _prepare_next(self, prepare: Callable[[], None]) -> None:
        """Prepares when what came before is prepared: never several releases at once."""
        async with self._preparing:
            await run_in_threadpool(prepare)

    def _leave(self) -> None:
        if self._served is not None:
            self._do_beside(self._served.end())

    def _do_beside(self, doing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(doing)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)


class _Served:
    """The application of a release, and how many requests it answers just now."""

    def __init__(self, dataset: Dataset, app: Starlette, resources: AsyncExitStack) -> None:
        self.dataset = dataset
        self.app = app
        self._resources = resources
        self._requests = 0
        self._left = False
        self._idle = asyncio.Event()

    @classmethod
    async def start(cls, dataset: Dataset, make: Callable[[Dataset], Starlette]) -> "_Served":
        app = await run_in_threadpool(make, dataset)
        resources = AsyncExitStack()
        await resources.enter_async_context(app.router.lifespan_context(app))
        return cls(dataset, app, resources)

    def __enter__(self) -> None:
        self._requests += 1

    def __exit__(self, *_: object) -> None:
        self._requests -= 1
        self._settle()

    async def end(self) -> None:
        """Lets go of what it needs, after its last request; no further one comes."""
        self._left = True
        self._settle()
        await self._idle.wait()
        await self._resources.aclose()

    def _settle(self) -> None:
        if self._left and not self._requests:
            self._idle.set()
