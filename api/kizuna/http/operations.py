"""A GraphQL request, read: https://graphql.github.io/graphql-over-http/draft/#sec-Request

Its document stands in it, or is named: by ``documentId``, which clients also call ``id`` and
``doc_id``, or by ``extensions.persistedQuery``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl

import orjson
from graphql import GraphQLError, OperationType, get_operation_ast, parse
from starlette.exceptions import HTTPException
from starlette.requests import Request

from kizuna.graphql.documents import PREFIX, Documents
from kizuna.http.bodies import body_of

JSON = "application/json"
NAMES = ("documentId", "id", "doc_id")
PERSISTED = "persistedQuery"
APOLLO_VERSION = 1
EFFECTS = (OperationType.MUTATION.value, OperationType.SUBSCRIPTION.value)

Members = Mapping[str, object]


@dataclass(frozen=True)
class Operation:
    """A GraphQL request: https://graphql.github.io/graphql-over-http/draft/#sec-Request-Parameters

    ``languages`` are those of its readers, where it isn't the HTTP request that tells them.
    """

    query: str
    variables: Members | None
    name: str | None
    extensions: Members
    languages: tuple[str, ...] | None = None


class Refusal(Exception):
    """A request that is no GraphQL request, or that its method may not carry."""

    def __init__(self, message: str, status: int = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(message)
        self.status = HTTPStatus(status)


@dataclass(frozen=True)
class OperationReader:
    """Reads requests: no longer than ``max_bytes``, by the documents that they may name.

    What is ``safe`` may also come by GET.
    """

    documents: Documents
    max_bytes: int
    max_tokens: int
    safe: frozenset[OperationType] = frozenset({OperationType.QUERY})

    async def read(self, request: Request) -> Operation:
        """The operation; raises Refusal, and what the documents raise."""
        if request.method == "POST":
            return self.operation(members_of(await self._body(request)))
        if len(request.url.query) > self.max_bytes:
            raise Refusal(
                f"The query string is longer than max_body_bytes, {self.max_bytes}; use POST.",
                HTTPStatus.REQUEST_URI_TOO_LONG,
            )
        return self.query(_parameters(request.url.query))

    def query(self, members: Members) -> Operation:
        """The operation of a request that may have no effect; raises as ``read`` does."""
        operation = self.operation(members)
        self._refuse_effects(operation)
        return operation

    async def _body(self, request: Request) -> bytes:
        """The body, as far as its type is ours and its length within the limit."""
        _require_json(request.headers.get("content-type", ""))
        _require_plain(request.headers.get("content-encoding", ""))
        try:
            return await body_of(request, self.max_bytes)
        except HTTPException as error:
            raise Refusal(error.detail, error.status_code) from None

    def operation(self, members: Members) -> Operation:
        """The operation of a request by its members; raises as ``read`` does."""
        query, name = members.get("query"), members.get("operationName")
        if not isinstance(query, str | None):
            raise Refusal("query is a string: the GraphQL document.")
        if not isinstance(name, str | None):
            raise Refusal("operationName must be a string or null.")
        variables, extensions = _map(members, "variables"), _map(members, "extensions") or {}
        text = self.documents.text(query, _identifier(members, extensions))
        if text is None:
            raise Refusal("A request needs a query, which is the GraphQL document, or its name.")
        rest = {key: value for key, value in extensions.items() if key != PERSISTED}
        return Operation(text, variables, name or None, rest)

    def _refuse_effects(self, operation: Operation) -> None:
        """Refuse what is no query: https://graphql.github.io/graphql-over-http/draft/#sec-GET"""
        if not any(word in operation.query for word in EFFECTS):
            return  # there is no need to parse it only to see that
        try:
            document = parse(operation.query, max_tokens=self.max_tokens)
        except GraphQLError:
            return  # executing it says what is wrong with it
        chosen = get_operation_ast(document, operation.name)
        if chosen is not None and chosen.operation not in self.safe:
            raise Refusal(
                f"GET carries queries only; send this {chosen.operation.value} by POST.",
                HTTPStatus.METHOD_NOT_ALLOWED,
            )


def _require_plain(coding: str) -> None:
    """Refuse a compressed body: https://www.rfc-editor.org/rfc/rfc9110#section-15.5.16"""
    if coding.strip().lower() not in {"", "identity"}:
        raise Refusal(
            f"Send the operation as it is, without Content-Encoding: {coding}.",
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        )


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


def members_of(body: bytes) -> Members:
    """The members of a request that is written as JSON; raises Refusal."""
    request = _parsed(body, "The body")
    if isinstance(request, list):
        raise Refusal("A request carries one operation, not a list of them: send each by itself.")
    if not isinstance(request, dict):
        raise Refusal('The body must be one JSON object: {"query": "…", "variables": {…}}.')
    return request


def _parameters(text: str) -> Members:
    """The parameters of a GET, its maps parsed from their JSON text."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise Refusal("The query string is not percent-encoded UTF-8.") from None
    given: dict[str, object] = dict(pairs)
    if len(given) < len(pairs):
        raise Refusal("The query string gives a parameter more than once.")
    for name in ("variables", "extensions"):
        written = given.get(name)
        given[name] = _parsed(str(written), f"The parameter {name}") if written else None
    return given


def _identifier(members: Members, extensions: Members) -> str | None:
    """What the document is called, if the request says so."""
    if PERSISTED in extensions:
        return _apollo_identifier(extensions[PERSISTED])
    named = [members[name] for name in NAMES if members.get(name) is not None]
    if not named:
        return None
    if not isinstance(named[0], str):
        raise Refusal(f"{', '.join(NAMES)}: the name of a document is a string.")
    return named[0]


def _apollo_identifier(persisted: object) -> str:
    given = persisted if isinstance(persisted, dict) else {}
    name = given.get("sha256Hash")
    if given.get("version") != APOLLO_VERSION or not isinstance(name, str):
        raise Refusal(
            f'extensions.{PERSISTED} is {{"version": {APOLLO_VERSION}, "sha256Hash": "…"}}.'
        )
    return PREFIX + name


def _map(members: Members, name: str) -> Members | None:
    value = members.get(name)
    if not isinstance(value, dict | None):
        raise Refusal(f"{name} must be a JSON object or null.")
    return value
