"""GraphQL over HTTP: https://graphql.github.io/graphql-over-http/draft/

A request that is no GraphQL request is answered with 4xx in both media types. A GraphQL request
that can't be executed is 400 for ``application/graphql-response+json`` and 200 for
``application/json``, as the draft's sections on the two media types have it.

What answers a GET may be kept, and is asked for again with its ETag; it is not executed where the
tag still holds.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Protocol

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from kizuna.contributions.callers import Credentials
from kizuna.errors import DocumentUnknown
from kizuna.http.caching import tag_of, unchanged
from kizuna.http.lanes import Lanes
from kizuna.http.negotiation import encoding_of, languages_of, preferred
from kizuna.http.operations import JSON, Operation, Refusal
from kizuna.http.permalinking import with_permalink
from kizuna.http.problems import problem
from kizuna.http.submissions import credentials_of
from kizuna.kinds import INTERNAL, kind_of, message_of

logger = logging.getLogger(__name__)

GRAPHQL = "application/graphql-response+json"
HTML = "text/html"
VARY = "Accept, Accept-Language"
VARY_CACHED = f"{VARY}, Authorization"
TOO_LONG = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.REQUEST_URI_TOO_LONG)
TOO_DEEP = "The operation or its variables are nested too deeply."


class Answer(Protocol):
    """What an operation came to; ``executed`` is False where it was refused before that."""

    @property
    def payload(self) -> Mapping[str, object]: ...

    @property
    def executed(self) -> bool: ...


class Api(Protocol):
    """What the view asks for answers."""

    def execute(
        self,
        query: str,
        variables: Mapping[str, object] | None = None,
        operation_name: str | None = None,
        languages: Sequence[str] = (),
        credentials: Credentials = ...,
        extensions: Mapping[str, object] | None = None,
        *,
        written: bool = False,
    ) -> Answer: ...

    def is_quick(
        self,
        query: str,
        variables: Mapping[str, object] | None = None,
        operation_name: str | None = None,
        languages: Sequence[str] = (),
    ) -> bool: ...


class Reader(Protocol):
    """What reads the operation of a request."""

    async def read(self, request: Request) -> Operation:
        """The operation; raises Refusal, and KizunaError."""


class Page(Protocol):
    """What a reader with a browser sees: the operation as asked, and its answer if there is one."""

    def __call__(
        self, request: Request, query: str, variables: str, answer: bytes | None
    ) -> Response: ...


@dataclass(frozen=True)
class Reply:
    """What goes back: ``sound`` where the operation was executed without an error."""

    status: int
    content: bytes = b""
    sound: bool = False
    tag: str = ""


@dataclass(frozen=True)
class GraphQLView:
    """Answers at one address: POST and GET for programs, a page for browsers.

    ``version`` is what answers depend on besides the request.
    """

    api: Api
    page: Page
    reader: Reader
    version: Sequence[str]
    lanes: Lanes = field(default_factory=Lanes)

    async def respond(self, request: Request) -> Response:
        """Read the request, have it answered, and answer in the form that the client prefers."""
        offers = (JSON, GRAPHQL) if request.method == "POST" else (JSON, GRAPHQL, HTML)
        form = preferred(request.headers.get("accept"), offers)
        if form is None:
            return problem(HTTPStatus.NOT_ACCEPTABLE, f"What there is: {', '.join(offers)}.")
        if form == HTML:
            return await self._shown(request)
        reply = await self._reply(request, form)
        headers = _headers(request, reply)
        media_type = f"{form}; charset=utf-8" if reply.content else None
        return Response(reply.content, reply.status, headers, media_type)

    async def _shown(self, request: Request) -> Response:
        """The page, with the operation and its answer where the address has one."""
        asked = "query" in request.query_params
        content = (await self._reply(request, HTML)).content if asked else None
        query, variables = (request.query_params.get(n, "") for n in ("query", "variables"))
        return await run_in_threadpool(self.page, request, query, variables, content)

    async def _reply(self, request: Request, form: str) -> Reply:
        try:
            operation = await self.reader.read(request)
            wanted = operation.languages or languages_of(request)
            tag = "" if request.method == "POST" else self._tag(request, operation, wanted, form)
            if tag and form != HTML and unchanged(request, tag):
                return Reply(HTTPStatus.NOT_MODIFIED, sound=True, tag=tag)
            asked = operation, wanted, credentials_of(request)
            quick = self._is_quick(operation, wanted)
            reply = await self.lanes.run(quick, self._execute, *asked)
        except Refusal as refusal:
            return Reply(refusal.status, _failure(str(refusal), _code(refusal.status)))
        except RecursionError:
            return Reply(HTTPStatus.BAD_REQUEST, _failure(TOO_DEEP, "LIMIT_EXCEEDED"))
        except Exception as error:
            if kind_of(error) is INTERNAL:
                logger.exception("An operation failed")
            return _failed(error, form)
        return Reply(_status(form, reply.status), reply.content, reply.sound, tag)

    def _is_quick(self, operation: Operation, wanted: Sequence[str]) -> bool:
        """Whether it is known that the operation, of which nothing more is wanted, is quick."""
        asked = operation.query, operation.variables, operation.name, wanted
        return not operation.extensions and self.api.is_quick(*asked)

    def _execute(
        self, operation: Operation, wanted: Sequence[str], credentials: Credentials
    ) -> Reply:
        """Execute and serialise in one thread: the store's results may not leave theirs."""
        answer = self.api.execute(
            operation.query,
            operation.variables,
            operation.name,
            wanted,
            credentials,
            operation.extensions,
            written=True,
        )
        status = HTTPStatus.OK if answer.executed else HTTPStatus.BAD_REQUEST
        payload = with_permalink(answer.payload, operation, wanted)
        return Reply(status, orjson.dumps(payload), "errors" not in payload)

    def _tag(self, request: Request, operation: Operation, wanted: Sequence[str], form: str) -> str:
        """What is the same as long as the answer is."""
        return tag_of(
            [
                *self.version,
                form,
                encoding_of(request),
                wanted,
                "authorization" in request.headers,
                operation.query,
                operation.name,
                operation.variables,
                operation.extensions,
            ]
        )


def _headers(request: Request, reply: Reply) -> Mapping[str, str]:
    """How long the answer may be kept: https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2

    Without asking again never, since there may be a new release at any time; errors not at all.
    """
    if request.method == "POST":
        return {"vary": VARY}
    if not reply.sound:
        refused = {"allow": "POST"} if reply.status == HTTPStatus.METHOD_NOT_ALLOWED else {}
        return {"vary": VARY, "cache-control": "no-store", **refused}
    readers = "private" if "authorization" in request.headers else "public"
    # What has a body gets this one where it is compressed.
    vary = VARY_CACHED if reply.content else f"{VARY_CACHED}, Accept-Encoding"
    return {"vary": vary, "cache-control": f"{readers}, no-cache", "etag": reply.tag}


def _status(form: str, status: int) -> int:
    """What a GraphQL request that was not executed is answered with, by the media type."""
    return status if form == GRAPHQL else HTTPStatus.OK


def _code(status: HTTPStatus) -> str:
    """The code of a request that is no GraphQL request."""
    return "LIMIT_EXCEEDED" if status in TOO_LONG else status.name


def _failed(error: Exception, form: str) -> Reply:
    kind = kind_of(error)
    status = _status(form, kind.status) if isinstance(error, DocumentUnknown) else kind.status
    return Reply(status, _failure(message_of(error), kind.code))


def _failure(message: str, code: str) -> bytes:
    return orjson.dumps({"errors": [{"message": message, "extensions": {"code": code}}]})
