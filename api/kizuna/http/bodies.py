"""Bodies of requests, read as far as they may be long."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request


async def body_of(request: Request, most: int) -> bytes:
    """The body; raises HTTPException 413 as soon as it is longer than ``most`` bytes."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise HTTPException(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"The body is longer than max_body_bytes, {most}.",
            )
    return bytes(body)
