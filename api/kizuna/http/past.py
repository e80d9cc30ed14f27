"""What is served of past releases besides GraphQL: SPARQL engines and files, made on demand.

A few engines run at a time; the one that was idle longest goes where another is wanted. Files are
kept until there are too many of them.
"""

import re
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import anyio
from anyio import CapacityLimiter
from starlette.concurrency import run_in_threadpool

from kizuna.dataset.engine import Engine, EngineLimits
from kizuna.dataset.releases import Dataset, Releases
from kizuna.errors import EngineUnavailable
from kizuna.exporting import Export, exports
from kizuna.http.files import Files

ENGINES = 2
PROCESSES = 2  # queries of one past release at once
FILES = 30
WRITING = 1  # files written at once
NAME = re.compile(r"kizuna-(\d{1,9})[.-](.+)")


@dataclass
class _Running:
    """An engine, and how many requests use it just now."""

    engine: Engine
    users: int = 0


class Past:
    """Hands out what past releases are served with; ``queries`` holds the units of exports."""

    def __init__(self, releases: Releases, limits: EngineLimits, queries: Path) -> None:
        self.releases = releases
        self._limits = replace(limits, processes=min(PROCESSES, limits.processes))
        self._queries = queries
        self._engines: OrderedDict[int, _Running] = OrderedDict()
        self._files = Files(FILES)
        self._writing = CapacityLimiter(WRITING)

    async def at(self, number: int) -> Dataset:
        """A release; raises NotFound, EngineUnavailable."""
        return await run_in_threadpool(self.releases.at, number)

    @asynccontextmanager
    async def engine(self, dataset: Dataset) -> AsyncIterator[Engine]:
        """The engine of a past release, for as long as the context is open.

        Raises EngineUnavailable while all are in use for other releases.
        """
        number = dataset.release.number
        if number not in self._engines:
            await self._make_room()
        running = self._engines.setdefault(number, _Running(Engine(dataset, self._limits)))
        self._engines.move_to_end(number)
        running.users += 1
        try:
            yield running.engine
        finally:
            running.users -= 1

    async def _make_room(self) -> None:
        if len(self._engines) < ENGINES:
            return
        idle = next((n for n, running in self._engines.items() if not running.users), None)
        if idle is None:
            raise EngineUnavailable(
                f"Queries of {ENGINES} other past releases are running; try again in a moment."
            )
        await run_in_threadpool(self._engines.pop(idle).engine.close)

    async def export(self, name: str) -> Export | None:
        """The export of that name of whatever release it names, None where there is no such one.

        Raises NotFound for a release that there isn't.
        """
        named = NAME.fullmatch(name)
        if named is None:
            return None
        found = exports(await self.at(int(named[1])), self._queries)
        return next((export for export in found.values() if export.name == name), None)

    async def file(self, export: Export) -> tuple[Path, str]:
        """The file of an export, and its line of checksum."""
        return await anyio.to_thread.run_sync(self._files.made, export, limiter=self._writing)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While the context is open; engines end with it."""
        try:
            yield
        finally:
            while self._engines:
                self._engines.popitem()[1].engine.close()
