"""GraphQL over server-sent events, in distinct connections mode.

https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md: each answer is an event ``next``,
and where there will be no more, ``complete`` follows. An event of a subscription bears the number
of its release, so that a browser that comes again (``Last-Event-ID``) is told what it missed:
https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import ExitStack, aclosing, suppress
from dataclasses import dataclass

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kizuna.graphql.view import GRAPHQL, HTML
from kizuna.http.negotiation import languages_of, preferred
from kizuna.http.operations import JSON, OperationReader, Refusal
from kizuna.http.problems import problem
from kizuna.http.streams import Asked, Event, Streams
from kizuna.http.submissions import credentials_of

EVENTS = "text/event-stream"
OFFERS = (JSON, GRAPHQL, HTML, EVENTS)
KEEP_ALIVE = 12.0  # seconds; what has been silent for longer, proxies close
PATIENCE = 30.0  # seconds that a client may take before it takes an event
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no", "vary": "Accept"}
COMPLETE = b"event: complete\ndata:\n\n"
ALIVE = b":\n\n"
LONGEST_NUMBER = 9  # digits


def takes_events(request: Request) -> bool:
    """Whether the client would rather have events than one answer."""
    return preferred(request.headers.get("accept"), OFFERS) == EVENTS


@dataclass(frozen=True)
class Events:
    """Answers operations by events; with a comment where none comes for ``keep_alive`` seconds.

    A client that doesn't take an event within ``patience`` seconds is let go.
    """

    streams: Streams
    reader: OperationReader
    keep_alive: float = KEEP_ALIVE
    patience: float = PATIENCE

    async def respond(self, request: Request) -> Response:
        """The stream; raises EngineUnavailable where there are too many."""
        with ExitStack() as stack:
            stack.enter_context(self.streams.place())
            try:
                operation = await self.reader.read(request)
            except Refusal as refusal:
                return problem(refusal.status, str(refusal))
            asked = Asked(
                operation,
                operation.languages or tuple(languages_of(request)),
                credentials_of(request),
                _last_event(request),
            )
            return _Stream(self, asked, stack.pop_all())


class _Stream(Response):
    """Sends events until there are no more, or the client is gone; then lets go of its place."""

    def __init__(self, events: Events, asked: Asked, place: ExitStack) -> None:
        super().__init__(headers=HEADERS, media_type=EVENTS)
        del self.headers["content-length"]
        self._events = events
        self._asked = asked
        self._place = place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._place:
            start = {"status": self.status_code, "headers": self.raw_headers}
            await send({"type": "http.response.start", **start})
            if scope["method"] != "HEAD":
                gone = asyncio.create_task(_gone(receive))
                sending = asyncio.create_task(self._send(send))
                await asyncio.wait((gone, sending), return_when=asyncio.FIRST_COMPLETED)
                for task in (gone, sending):
                    task.cancel()
                    with suppress(asyncio.CancelledError, TimeoutError, OSError):
                        await task
            with suppress(OSError):
                await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _send(self, send: Send) -> None:
        streams, pause = self._events.streams, self._events.keep_alive
        async with aclosing(_kept_alive(streams.answers(self._asked), pause)) as parts:
            async for part in parts:
                async with asyncio.timeout(self._events.patience):
                    await send({"type": "http.response.body", "body": part, "more_body": True})
        if not streams.ending.is_set():
            await send({"type": "http.response.body", "body": COMPLETE, "more_body": True})


async def _kept_alive(events: AsyncIterator[Event], pause: float) -> AsyncGenerator[bytes]:
    """The events as they are written, with a comment wherever none comes during a pause."""
    while True:
        waiting = asyncio.ensure_future(anext(events, None))
        try:
            while not (await asyncio.wait((waiting,), timeout=pause))[0]:
                yield ALIVE
            event = waiting.result()
        finally:
            waiting.cancel()
        if event is None:
            return
        yield _written(event)


def _written(event: Event) -> bytes:
    name = b"" if event.release is None else b"id: %d\n" % event.release
    return b"event: next\n%sdata: %s\n\n" % (name, orjson.dumps(event.answer.payload))


def _last_event(request: Request) -> int | None:
    """The release that the client was told of last."""
    text = request.headers.get("last-event-id", "")
    return int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else None


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
