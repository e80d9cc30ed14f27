"""Operations with many answers: a subscription is told of each release, from where it begins.

A subscriber asks for its next answer when it has sent the last: nothing piles up for who is slow.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool

from kizuna.contributions.callers import Credentials
from kizuna.dataset.releases import Releases
from kizuna.errors import EngineUnavailable
from kizuna.graphql.schema import Answer, Api
from kizuna.http.operations import Operation

PAUSE = 0.1  # seconds between two looks at which release is current


@dataclass(frozen=True)
class Asked:
    """An operation, who reads its answers, and the last release that they have been told of."""

    operation: Operation
    languages: tuple[str, ...]
    credentials: Credentials
    after: int | None = None


@dataclass(frozen=True)
class Event:
    """An answer; that of a subscription tells of a release."""

    answer: Answer
    release: int | None = None


class Streams:
    """Answers operations for as long as the server runs; ``most`` clients at a time."""

    def __init__(self, api: Api, releases: Releases, most: int) -> None:
        self._api = api
        self._releases = releases
        self._most = most
        self._clients = 0
        self._news = asyncio.Event()
        self.ending = asyncio.Event()

    @contextmanager
    def place(self) -> Iterator[None]:
        """A client's place; raises EngineUnavailable where all are taken."""
        if self._clients >= self._most:
            raise EngineUnavailable(
                f"There are {self._most} clients already (max_subscribers); try again later."
            )
        self._clients += 1
        try:
            yield
        finally:
            self._clients -= 1

    async def answers(self, asked: Asked) -> AsyncIterator[Event]:
        """The answers, each made when it is asked for; a subscription ends with the server."""
        operation, languages = asked.operation, asked.languages
        request = (operation.query, operation.variables, operation.name, languages)
        api = self._api.over(self._releases.current)
        started = await run_in_threadpool(api.start, *request, asked.credentials)
        if isinstance(started, Answer):
            yield Event(started)
            return
        told = started.after if asked.after is None else min(asked.after, self._newest)
        while not self.ending.is_set():
            if told < self._newest:
                told += 1
                api = self._api.over(self._releases.current)
                yield Event(await run_in_threadpool(api.event, told, *request), told)
            else:
                await self._news.wait()

    @property
    def _newest(self) -> int:
        return self._releases.current.release.number

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Wakes who waits when there is a new release; ends all streams in the end."""
        watching = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            self.end()
            watching.cancel()

    async def _watch(self) -> None:
        seen = self._newest
        while not self.ending.is_set():
            await asyncio.sleep(PAUSE)
            if self._newest != seen:
                seen = self._newest
                self._wake()

    def _wake(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()

    def end(self) -> None:
        """Ends all streams: the server stops."""
        self.ending.set()
        self._wake()
