"""GraphQL over HTTP: https://graphql.github.io/graphql-over-http/draft/

A request that is no GraphQL request is answered with 4xx in both media types. A GraphQL request
that can't be executed is 400 for ``application/graphql-response+json`` and 200 for
``application/json``, as the draft's sections on the two media types have it.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

import orjson
from graphql import GraphQLError, OperationType, get_operation_ast, parse
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from kizuna.contributions.callers import Credentials
from kizuna.http.negotiation import languages_of, preferred
from kizuna.http.problems import problem
from kizuna.http.submissions import credentials_of
from kizuna.kinds import INTERNAL, kind_of, message_of

logger = logging.getLogger(__name__)

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
HTML = "text/html"
VARY = "Accept, Accept-Language"
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
    ) -> Answer: ...


class Page(Protocol):
    """What a reader with a browser sees: the operation as asked, and its answer if there is one."""

    def __call__(
        self, request: Request, query: str, variables: str, answer: bytes | None
    ) -> Response: ...


@dataclass(frozen=True)
class Operation:
    """A GraphQL request: https://graphql.github.io/graphql-over-http/draft/#sec-Request-Parameters"""

    query: str
    variables: Mapping[str, object] | None
    name: str | None


class Refusal(Exception):
    """A request that is no GraphQL request, or that its method may not carry."""

    def __init__(self, message: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class GraphQLView:
    """Answers at one address: POST and GET for programs, a page for browsers."""

    api: Api
    page: Page
    max_bytes: int
    max_tokens: int

    async def respond(self, request: Request) -> Response:
        """Read the request, have it answered, and answer in the form that the client prefers."""
        offers = (JSON, GRAPHQL) if request.method == "POST" else (JSON, GRAPHQL, HTML)
        form = preferred(request.headers.get("accept"), offers)
        if form is None:
            return problem(HTTPStatus.NOT_ACCEPTABLE, f"What there is: {', '.join(offers)}.")
        if form == HTML and "query" not in request.query_params:
            return await run_in_threadpool(self.page, request, "", "", None)
        status, content = await self._answer(request, form)
        if form == HTML:
            query, variables = (request.query_params.get(n, "") for n in ("query", "variables"))
            return await run_in_threadpool(self.page, request, query, variables, content)
        headers = {"vary": VARY} | ({"allow": "POST"} if status == 405 else {})
        return Response(content, status, headers, f"{form}; charset=utf-8")

    async def _answer(self, request: Request, form: str) -> tuple[int, bytes]:
        try:
            operation = await self._read(request)
            executed, content = await run_in_threadpool(
                self._execute, operation, languages_of(request), credentials_of(request)
            )
        except Refusal as refusal:
            return refusal.status, _failure(str(refusal), HTTPStatus(refusal.status).name)
        except RecursionError:
            return HTTPStatus.BAD_REQUEST, _failure(TOO_DEEP, "LIMIT_EXCEEDED")
        except Exception as error:
            if kind_of(error) is INTERNAL:
                logger.exception("An operation failed")
            return kind_of(error).status, _failure(message_of(error), kind_of(error).code)
        refused = form == GRAPHQL and not executed
        return HTTPStatus.BAD_REQUEST if refused else HTTPStatus.OK, content

    def _execute(
        self, operation: Operation, wanted: Sequence[str], credentials: Credentials
    ) -> tuple[bool, bytes]:
        """Execute and serialise in one thread: the store's results may not leave theirs."""
        answer = self.api.execute(
            operation.query, operation.variables, operation.name, wanted, credentials
        )
        return answer.executed, orjson.dumps(answer.payload)

    async def _read(self, request: Request) -> Operation:
        if request.method == "POST":
            return _operation(_members(await self._body(request)))
        if len(request.url.query) > self.max_bytes:
            raise Refusal(
                f"The query string is longer than max_body_bytes, {self.max_bytes}; use POST.",
                HTTPStatus.REQUEST_URI_TOO_LONG,
            )
        operation = _operation(_parameters(request))
        self._refuse_effects(operation)
        return operation

    async def _body(self, request: Request) -> bytes:
        """The body, as far as its type is ours and its length within the limit."""
        _require_json(request.headers.get("content-type", ""))
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > self.max_bytes:
                raise Refusal(
                    f"The body is longer than max_body_bytes, {self.max_bytes}.",
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                )
        return bytes(body)

    def _refuse_effects(self, operation: Operation) -> None:
        """Refuse what is no query: https://graphql.github.io/graphql-over-http/draft/#sec-GET"""
        try:
            document = parse(operation.query, max_tokens=self.max_tokens)
        except GraphQLError:
            return  # executing it says what is wrong with it
        chosen = get_operation_ast(document, operation.name)
        if chosen is not None and chosen.operation is not OperationType.QUERY:
            raise Refusal(
                f"GET carries queries only; send this {chosen.operation.value} by POST.",
                HTTPStatus.METHOD_NOT_ALLOWED,
            )


def _failure(message: str, code: str) -> bytes:
    return orjson.dumps({"errors": [{"message": message, "extensions": {"code": code}}]})


def _require_json(content_type: str) -> None:
    """Refuse a body that does not say that it is JSON in UTF-8."""
    media_type, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charsets = [p.partition("=")[2].strip('"') for p in parameters if p.startswith("charset=")]
    if media_type != JSON or any(charset not in {"utf-8", "utf8"} for charset in charsets):
        raise Refusal(
            f"Send the operation as {JSON} in UTF-8, not as {content_type or 'nothing named'}.",
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        )


def _parsed(text: str | bytes, what: str) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Refusal(f"{what} can't be read as JSON: {error}.") from None


def _members(body: bytes) -> Mapping[str, object]:
    request = _parsed(body, "The body")
    if not isinstance(request, dict):
        raise Refusal('The body must be one JSON object: {"query": "…", "variables": {…}}.')
    return request


def _parameters(request: Request) -> Mapping[str, object]:
    """The parameters of a GET, its maps parsed from their JSON text."""
    given: dict[str, object] = dict(request.query_params)
    for name in ("variables", "extensions"):
        text = request.query_params.get(name)
        given[name] = _parsed(text, f"The parameter {name}") if text else None
    return given


def _operation(members: Mapping[str, object]) -> Operation:
    query = members.get("query")
    if not isinstance(query, str):
        raise Refusal("A request needs a query, which is a string: the GraphQL document.")
    name = members.get("operationName")
    if not isinstance(name, str | None):
        raise Refusal("operationName must be a string or null.")
    _map(members, "extensions")
    return Operation(query, _map(members, "variables"), name or None)


def _map(members: Mapping[str, object], name: str) -> Mapping[str, object] | None:
    value = members.get(name)
    if not isinstance(value, dict | None):
        raise Refusal(f"{name} must be a JSON object or null.")
    return value
