"""Runs strangers' SPARQL queries, each in a process of its own that can be lost.

The engine process (``kizuna.dataset.worker``) holds a copy of one release and forks for each query;
the kernel ends what a query started at its limits. No query is parsed in the process of the caller.
"""

import asyncio
import json
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from typing import IO, Protocol

from kizuna.dataset.query import Query, shortened
from kizuna.dataset.releases import Dataset
from kizuna.errors import EngineTimeout, EngineUnavailable, InvalidInput, LimitExceeded

WORKER = "kizuna.dataset.worker"
LONGEST_VERDICT = 65_536
GRACE = 1.0


@dataclass(frozen=True)
class EngineLimits:
    """What a query may take, and how many run at once."""

    seconds: int
    size: int
    memory: int
    processes: int


@dataclass(frozen=True)
class Question:
    """A query with the dataset to run it over and the media type of the answer.

    ``default`` and ``named`` are graphs that replace those of the query; None leaves them, and
    where the query names none either, its default graph is the union of all graphs.
    """

    query: Query
    base: str
    media_type: str
    default: Sequence[str] | None = None
    named: Sequence[str] | None = None

    @property
    def asks_all(self) -> bool:
        """Whether it runs over the whole dataset, with the union as its default graph."""
        chosen = (self.default, self.named) != (None, None)
        return not (chosen or self.query.default or self.query.named)


class Answering(Protocol):
    """What answers questions while it runs."""

    async def answer(self, question: Question) -> IO[bytes]:
        """The answer, serialised in a file that the caller closes; raises KizunaError."""

    def running(self) -> AbstractAsyncContextManager[None]:
        """The time in which it can be asked."""


class Engine:
    """An engine over a copy of one release, made when it is first needed."""

    def __init__(self, dataset: Dataset, limits: EngineLimits) -> None:
        self.limits = limits
        self._dataset = dataset
        self._copy: IO[bytes] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._starting = threading.Lock()
        self._places = asyncio.Semaphore(limits.processes)

    async def answer(self, question: Question) -> IO[bytes]:
        """The answer, serialised in a file of no name; the caller closes it.

        Raises MalformedData for a query that doesn't parse, InvalidInput for one that the engine
        can't run, LimitExceeded for one that takes or gives too much, EngineTimeout for one that
        takes too long, EngineUnavailable while all places are taken. Cancelling it ends the query.
        """
        async with self._place():
            await self.start()
            output = tempfile.TemporaryFile()  # noqa: SIM115 (the caller closes it)
            try:
                await self._run(question, output)
            except BaseException:
                output.close()
                raise
        output.seek(0)
        return output

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Get ready while the context is open already, and end when it closes."""
        starting = asyncio.create_task(self.start())
        try:
            yield
        finally:
            await asyncio.wait([starting])
            self.close()

    async def start(self) -> None:
        """Have the engine process running, with its copy loaded."""
        if not self._running:
            await asyncio.to_thread(self._start)

    @property
    def _running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def close(self) -> None:
        """End the engine process; what it still answers is cut off."""
        with self._starting:
            self._end()
            if self._copy is not None:
                self._copy.close()
                self._copy = None

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self.limits.seconds + GRACE):
                await self._places.acquire()
        except TimeoutError:
            raise EngineUnavailable(
                f"All {self.limits.processes} places for queries are taken; try again in a moment."
            ) from None
        try:
            yield
        finally:
            self._places.release()

    def _start(self) -> None:
        with self._starting:
            if self._running:
                return
            if self._copy is None:
                self._copy = tempfile.TemporaryFile()  # noqa: SIM115 (kept to start again from)
                quads = chain(self._dataset.store.find(), self._dataset.overlaps)
                self._copy.writelines(f"{quad} .\n".encode() for quad in quads)
            self._copy.seek(0)
            self._end()
            self._process, self._control = _launch(
                self._copy.fileno(), merged=bool(self._dataset.overlaps)
            )

    def _end(self) -> None:
        if self._process is not None and self._control is not None:
            self._control.close()
            try:
                self._process.wait(GRACE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = self._control = None

    async def _run(self, question: Question, output: IO[bytes]) -> None:
        channel, theirs = socket.socketpair()
        with channel:
            channel.setblocking(False)
            with theirs:
                self._hand_over(theirs, output)
            started = time.monotonic()
            verdict = await self._verdict(channel, self._message(question))
        if verdict is None:
            self._explain(time.monotonic() - started)
        elif "malformed" in verdict:
            raise question.query.fault(verdict["malformed"])
        elif "too-long" in verdict:
            raise LimitExceeded(
                f"The answer is longer than sparql_max_bytes, {self.limits.size}. Ask for it in "
                "parts, with ORDER BY, LIMIT and OFFSET, or download the whole dataset."
            )
        elif "refused" in verdict:
            raise InvalidInput(f"The query can't be run: {shortened(verdict['refused'])}.")

    def _hand_over(self, channel: socket.socket, output: IO[bytes]) -> None:
        assert self._control is not None  # noqa: S101 (it was started)
        try:
            socket.send_fds(self._control, [b"?"], [channel.fileno(), output.fileno()])
        except OSError as error:
            raise EngineUnavailable("The query engine has just ended; try again.") from error

    def _message(self, question: Question) -> bytes:
        message = {
            "text": question.query.text,
            "base": question.base,
            "media_type": question.media_type,
            "default": question.default,
            "named": question.named,
            "union": question.asks_all,
            "seconds": self.limits.seconds,
            "size": self.limits.size,
            "memory": self.limits.memory,
        }
        return json.dumps(message).encode() + b"\n"

    async def _verdict(self, channel: socket.socket, message: bytes) -> dict[str, str] | None:
        """What the query's process says in the end, or None where it is gone without a word."""
        loop = asyncio.get_running_loop()
        said = b""
        with suppress(TimeoutError, OSError):
            async with asyncio.timeout(self.limits.seconds + GRACE):
                await loop.sock_sendall(channel, message)
                while part := await loop.sock_recv(channel, LONGEST_VERDICT):
                    said += part
        return dict(json.loads(said)) if said.endswith(b"\n") else None

    def _explain(self, seconds: float) -> None:
        if seconds >= self.limits.seconds:
            raise EngineTimeout(
                f"The query took longer than sparql_timeout, {self.limits.seconds} seconds. Ask "
                "for less: fewer patterns, more constants, a LIMIT."
            )
        raise LimitExceeded(
            f"The query took more memory than sparql_max_memory, {self.limits.memory} bytes, or is "
            "nested more deeply than the engine can follow. Ask for less at a time."
        )


def _launch(copy: int, *, merged: bool) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """A new engine process that is ready, and the socket that gives it work."""
    ours, theirs = socket.socketpair()
    with theirs:
        handed = (theirs.fileno(), copy)
        command = [sys.executable, "-m", WORKER, *map(str, (*handed, int(merged)))]
        process = subprocess.Popen(command, pass_fds=handed)  # noqa: S603 (a command of our own)
    if not ours.recv(1):
        ours.close()
        process.wait()
        raise EngineUnavailable("The query engine can't be started; its log says why.")
    return process, ours
