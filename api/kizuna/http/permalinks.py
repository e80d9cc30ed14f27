"""Answers at the addresses of results, each by the release that it names."""

import hashlib
from dataclasses import dataclass, replace

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from kizuna.graphql.schema import Api
from kizuna.graphql.view import HTML, GraphQLView, Page
from kizuna.http.caching import version_of
from kizuna.http.negotiation import MOST_LANGUAGES
from kizuna.http.operations import Members, Operation, OperationReader, Refusal, members_of
from kizuna.http.permalinking import unpacked


@dataclass(frozen=True)
class PermalinkView(GraphQLView):
    """Answers what a permalink asks, by the release that its API is over."""

    async def _shown(self, request: Request) -> Response:
        reply = await self._reply(request, HTML)
        try:
            operation = await self.reader.read(request)
        except Refusal:
            operation = Operation("", None, None, {})
        variables = orjson.dumps(operation.variables).decode() if operation.variables else ""
        return await run_in_threadpool(
            self.page, request, operation.query, variables, reply.content
        )


@dataclass(frozen=True)
class Permalinks:
    """Answers at the addresses of results."""

    api: Api
    page: Page
    operations: OperationReader

    def routes(self) -> list[BaseRoute]:
        """Where permalinks lead."""
        return [Route("/q/{release:int}/{hash}", self.respond)]

    async def respond(self, request: Request) -> Response:
        """The answer, by the release that the address names."""
        api = await run_in_threadpool(self.api.at, request.path_params["release"])
        reader = PermalinkReader(self.operations)
        view = PermalinkView(api, self.page, reader, version_of(api.dataset))
        return await view.respond(request)


@dataclass(frozen=True)
class PermalinkReader:
    """Reads the operation that an address carries."""

    operations: OperationReader

    async def read(self, request: Request) -> Operation:
        """The operation, to be answered to the readers it was first answered to."""
        packed, result = (request.query_params.get(name, "") for name in ("o", "r"))
        asked = unpacked(packed, self.operations.max_bytes)
        if hashlib.sha256(asked).hexdigest() != request.path_params["hash"]:
            raise Refusal("The address isn't whole: its operation doesn't have the hash it names.")
        members = members_of(asked)
        operation, languages = self.operations.query(members), _languages(members)
        wanted = {"kizuna": {"permalink": {"result": result}}}
        return replace(operation, extensions=wanted, languages=languages)


def _languages(members: Members) -> tuple[str, ...]:
    given = members.get("languages")
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise Refusal("languages must be a list of strings.")
    return tuple(given[:MOST_LANGUAGES])
