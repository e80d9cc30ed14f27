"""Errors as the world sees them: one table, two forms.

A domain error becomes a code in GraphQL's ``extensions`` or a problem document of RFC 9457
(https://www.rfc-editor.org/rfc/rfc9457), with the same code and HTTP status. What is no domain
error is a fault of ours: it is logged, and told as such without its text.
"""

from dataclasses import dataclass
from http import HTTPStatus

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kizuna import errors

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """How a kind of error is told: its code, and its HTTP status."""

    code: str
    status: HTTPStatus


INTERNAL = Kind("INTERNAL_SERVER_ERROR", HTTPStatus.INTERNAL_SERVER_ERROR)
MASKED = "Something went wrong on our side; it has been recorded."

# A class stands before its superclasses: the first that fits is the answer.
KINDS: dict[type[errors.KizunaError], Kind] = {
    errors.NotFound: Kind("NOT_FOUND", HTTPStatus.NOT_FOUND),
    errors.MalformedData: Kind("MALFORMED_DATA", HTTPStatus.BAD_REQUEST),
    errors.ShapeViolation: Kind("SHAPE_VIOLATION", HTTPStatus(422)),
    errors.LimitExceeded: Kind("LIMIT_EXCEEDED", HTTPStatus.BAD_REQUEST),
    errors.InvalidInput: Kind("BAD_USER_INPUT", HTTPStatus.BAD_REQUEST),
    errors.Conflict: Kind("CONFLICT", HTTPStatus.CONFLICT),
    errors.NotAllowed: Kind("NOT_ALLOWED", HTTPStatus.FORBIDDEN),
    errors.EngineUnavailable: Kind("ENGINE_UNAVAILABLE", HTTPStatus.SERVICE_UNAVAILABLE),
    errors.EngineTimeout: Kind("TIMEOUT", HTTPStatus.SERVICE_UNAVAILABLE),
}


def kind_of(error: BaseException) -> Kind:
    """The kind of an error; what is no domain error is internal."""
    return next((kind for cls, kind in KINDS.items() if isinstance(error, cls)), INTERNAL)


def message_of(error: BaseException) -> str:
    """What the user may read of an error."""
    return MASKED if kind_of(error) is INTERNAL else str(error)


def problem(status: int, detail: str, code: str | None = None) -> Response:
    """A problem document; without a code of its own it says what the status says."""
    content = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code or HTTPStatus(status).name,
    }
    return Response(orjson.dumps(content), status, media_type=MEDIA_TYPE)


async def refused(request: Request, error: Exception) -> Response:
    """Answer what the routes refuse: no such page, no such method."""
    assert isinstance(error, HTTPException)  # noqa: S101 (the handler's table says so)
    detail = {
        HTTPStatus.NOT_FOUND: f"There is nothing at {request.url.path}; start at /.",
        HTTPStatus.METHOD_NOT_ALLOWED: f"{request.url.path} does not answer {request.method}.",
    }.get(HTTPStatus(error.status_code), error.detail)
    response = problem(error.status_code, detail)
    response.headers.update(error.headers or {})
    return response


async def failed(request: Request, error: Exception) -> Response:
    """Answer a domain error by the table, and anything else masked."""
    kind = kind_of(error)
    return problem(kind.status, message_of(error), kind.code)
