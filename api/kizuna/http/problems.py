"""Errors as the web sees them: problem documents of RFC 9457.

https://www.rfc-editor.org/rfc/rfc9457; codes and statuses are those of ``kizuna.kinds``.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Protocol

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kizuna.errors import NOTHING, NotAuthenticated, NotConforming, RateExceeded
from kizuna.http.negotiation import preferred
from kizuna.kinds import kind_of, message_of

MEDIA_TYPE = "application/problem+json"
HTML = "text/html"


def problem(
    status: int, detail: str, code: str | None = None, members: Mapping[str, object] = NOTHING
) -> Response:
    """A problem document; without a code of its own it says what the status says.

    ``members`` tell more of it: https://www.rfc-editor.org/rfc/rfc9457#section-3.2
    """
    content = {
        **members,
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code or HTTPStatus(status).name,
    }
    return Response(orjson.dumps(content), status, media_type=MEDIA_TYPE)


class Page(Protocol):
    """Renders a page from a template and its parts."""

    def __call__(self, request: Request, template: str, parts: Mapping[str, object]) -> Response:
        """The page, in the language of the request."""


class Problems:
    """Answers with problem documents, and with pages where a browser asks."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def answer(
        self,
        request: Request,
        status: int,
        detail: str,
        code: str | None = None,
        members: Mapping[str, object] = NOTHING,
    ) -> Response:
        """The problem in the form that the client likes better."""
        if preferred(request.headers.get("accept"), (MEDIA_TYPE, HTML)) != HTML:
            return problem(status, detail, code, members)
        title = HTTPStatus(status).phrase
        parts = {"here": "", "status": status, "title": title, "detail": detail}
        response = self._page(request, "problem.html", parts)
        response.status_code = status
        return response

    async def refused(self, request: Request, error: Exception) -> Response:
        """Answer what the routes refuse: no such page, no such method."""
        assert isinstance(error, HTTPException)  # noqa: S101 (the handler's table says so)
        detail = {
            HTTPStatus.NOT_FOUND: f"There is nothing at {request.url.path}; start at /.",
            HTTPStatus.METHOD_NOT_ALLOWED: f"{request.url.path} does not answer {request.method}.",
        }.get(HTTPStatus(error.status_code), error.detail)
        response = self.answer(request, error.status_code, detail)
        response.headers.update(error.headers or {})
        return response

    async def failed(self, request: Request, error: Exception) -> Response:
        """Answer a domain error by the table, and anything else masked."""
        kind = kind_of(error)
        members = error.report if isinstance(error, NotConforming) else NOTHING
        response = self.answer(request, kind.status, message_of(error), kind.code, members)
        response.headers.update(_headers(error))
        return response


def _headers(error: Exception) -> Mapping[str, str]:
    """What lacked, and when to come again: https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1,
    https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
    """
    if isinstance(error, NotAuthenticated):
        return {"www-authenticate": "Bearer"}
    return {"retry-after": str(error.seconds)} if isinstance(error, RateExceeded) else {}
