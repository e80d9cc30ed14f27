"""What has many answers over HTTP, apart from any release: each goes on as releases come.

Were it answered by the application of one release, that one would have to stay as long.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import cast

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from kizuna.errors import EngineUnavailable, KizunaError
from kizuna.graphql.schema import Answer
from kizuna.graphql.websockets import Members, WebSockets
from kizuna.http.events import Events, takes_events
from kizuna.http.negotiation import languages_of
from kizuna.http.operations import OperationReader, Refusal
from kizuna.http.problems import problem
from kizuna.http.streams import Asked, Streams
from kizuna.http.submissions import credentials_of
from kizuna.kinds import kind_of, message_of

PATH = "/graphql"
TRY_LATER = 1013  # https://www.iana.org/assignments/websocket/


class Streaming:
    """An ASGI application for events and WebSockets; ``origins`` are those of ``cors_origins``."""

    def __init__(
        self,
        streams: Streams,
        reader: OperationReader,
        middleware: Sequence[Middleware],
        origins: Sequence[str],
    ) -> None:
        self.streams = streams
        self._reader = reader
        self._web_sockets = WebSockets(self._answers, origins)
        self._app = Starlette(
            routes=[
                Route(PATH, Events(streams, reader).respond, methods=["GET", "POST"]),
                WebSocketRoute(PATH, _Placed(self)),
            ],
            middleware=middleware,
            exception_handlers={KizunaError: _failed},
        )

    def takes(self, scope: Scope) -> bool:
        """Whether a request is one for this."""
        if scope["type"] == "websocket":
            return True
        return scope["path"] == PATH and takes_events(Request(scope))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    def end(self) -> None:
        """Ends all streams: the server stops."""
        self.streams.end()

    async def connected(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A WebSocket, from its handshake to its end."""
        try:
            with self.streams.place():
                await self._web_sockets(scope, receive, send)
        except EngineUnavailable:
            await WebSocket(scope, receive, send).close(TRY_LATER)

    async def _answers(self, connection: HTTPConnection, members: Members) -> AsyncIterator[Answer]:
        request = cast(Request, connection)  # of which only the headers are read
        try:
            operation = self._reader.operation(members)
        except (Refusal, KizunaError) as error:
            yield _refusal(error)
            return
        languages = tuple(languages_of(request))
        asked = Asked(operation, operation.languages or languages, credentials_of(request))
        async for event in self.streams.answers(asked):
            yield event.answer
        if self.streams.ending.is_set():
            await asyncio.Event().wait()  # for the server to close: this isn't complete


class _Placed:
    """What Starlette takes for an application."""

    def __init__(self, streaming: Streaming) -> None:
        self._streaming = streaming

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._streaming.connected(scope, receive, send)


def _refusal(error: Exception) -> Answer:
    code = error.status.name if isinstance(error, Refusal) else kind_of(error).code
    return Answer({"errors": [{"message": str(error), "extensions": {"code": code}}]}, False)


async def _failed(request: Request, error: Exception) -> Response:
    return problem(kind_of(error).status, message_of(error), kind_of(error).code)
