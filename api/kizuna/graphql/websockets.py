"""GraphQL over WebSockets: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md

Strawberry speaks the protocol; what answers is ours.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Protocol, TypeAlias

import orjson
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.types import SubscribeMessage
from strawberry.types.execution import ExecutionResult, PreExecutionError

OPERATIONS = 10  # of one connection at a time
PATIENCE = timedelta(seconds=10)  # that a client may take before it begins

Members: TypeAlias = Mapping[str, object]


class Answer(Protocol):
    """What an operation came to; ``executed`` is False where it was refused before that."""

    @property
    def payload(self) -> Mapping[str, Any]: ...

    @property
    def executed(self) -> bool: ...


# Answers an operation of a connection, given by its members, again and again.
Answers: TypeAlias = Callable[[WebSocket, Members], AsyncIterator[Answer]]


class _Told(GraphQLError):
    """An error as it stands in an answer."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        super().__init__(str(told["message"]))
        self._told = dict(told)

    @property
    def formatted(self) -> Any:
        return self._told


class _Handler(BaseGraphQLTransportWSHandler[WebSocket, None]):
    """Hands on all that a client asks with, of which Strawberry would drop what it doesn't know."""

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        """What begins an operation; the members that it is given by go in place of its document."""
        payload: object = message["payload"]
        if not isinstance(payload, dict):
            await self.handle_invalid_message("The payload of subscribe must be an object")
            return
        written = orjson.dumps(payload).decode()
        await super().handle_subscribe({**message, "payload": {"query": written}})


class _Answering:
    """What Strawberry takes for a schema."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def stream(
        self,
        query: str | None,
        variable_values: Mapping[str, Any] | None = None,
        context_value: Any = None,
        root_value: None = None,
        operation_name: str | None = None,
    ) -> AsyncIterator[ExecutionResult | PreExecutionError]:
        return self._results(context_value, orjson.loads(query or "{}"))

    async def _results(
        self, connection: WebSocket, members: Members
    ) -> AsyncIterator[ExecutionResult | PreExecutionError]:
        async for answer in self._answers(connection, members):
            payload = answer.payload
            errors: list[GraphQLError] = [_Told(each) for each in payload.get("errors", ())]
            if not answer.executed:
                yield PreExecutionError(data=None, errors=errors)
                return
            extensions = payload.get("extensions")
            yield ExecutionResult(payload["data"], errors or None, extensions)


class WebSockets(GraphQL[WebSocket, None]):
    """An ASGI application for WebSockets from pages of the origins, and from what is no page."""

    graphql_transport_ws_handler_class = _Handler

    def __init__(self, answers: Answers, origins: Sequence[str]) -> None:
        super().__init__(
            schema=_Answering(answers),  # type: ignore[arg-type]  # it needs no more of one
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=PATIENCE,
            max_subscriptions_per_connection=OPERATIONS,
            allowed_origins=origins,
        )

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> WebSocket:
        """The connection itself."""
        assert isinstance(request, WebSocket)  # noqa: S101 (nothing else comes here)
        return request
