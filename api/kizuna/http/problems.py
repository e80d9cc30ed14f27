"""Errors as the web sees them: problem documents of RFC 9457.

https://www.rfc-editor.org/rfc/rfc9457; codes and statuses are those of ``kizuna.kinds``.
"""

from http import HTTPStatus

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kizuna.kinds import kind_of, message_of

MEDIA_TYPE = "application/problem+json"


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
