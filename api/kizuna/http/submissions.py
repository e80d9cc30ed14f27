"""A submission as a request carries it: RDF or a table as it is, or JSON around it.

As it is, the body is what to add, and ``message`` a query parameter. In JSON there may also be
``removals``, a second document in the same format: so a correction adds and removes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request

from kizuna.contributions.callers import Credentials
from kizuna.contributions.documents import MEDIA_TYPES, Document, Submission, submission_of
from kizuna.errors import InvalidInput
from kizuna.http.bodies import body_of

JSON = "application/json"
TAKEN = (*MEDIA_TYPES.values(), JSON)
UTF_8 = ("utf-8", "utf8")
MEMBERS = ("document", "removals", "format", "message")
PARAMETERS = ("dryRun", "message", "lang")


@dataclass(frozen=True)
class Submitted:
    """What a request submits, and why."""

    submission: Submission
    message: str


def credentials_of(request: Request) -> Credentials:
    """What the request says of its sender."""
    address = request.client.host if request.client else ""
    return Credentials(request.headers.get("authorization"), address)


async def read_submission(request: Request, most: int) -> Submitted:
    """What the request submits.

    Raises HTTPException for a body that is too long or of no known type, InvalidInput for JSON that
    is no submission, and for a query parameter that means nothing: it may be a misspelt ``dryRun``.
    """
    _require_known(request.query_params, PARAMETERS)
    media_type = _media_type(request, TAKEN)
    body = await body_of(request, most)
    if media_type == JSON:
        return _from_json(_members(body, MEMBERS))
    message = request.query_params.get("message", "")
    return Submitted(Submission(Document(body, media_type)), message)


async def read_reason(request: Request, most: int) -> str:
    """The reason for a decision, from a body in JSON; empty where there is no body."""
    body = await body_of(request, most)
    if not body:
        return ""
    _media_type(request, (JSON,))
    return _members(body, ("reason",)).get("reason", "")


def flag(request: Request, name: str) -> bool:
    """A query parameter that is true or false, false where it lacks; raises InvalidInput."""
    value = request.query_params.get(name, "false")
    if value not in ("true", "false"):
        raise InvalidInput(f"{name} is true or false.")
    return value == "true"


def _from_json(members: Mapping[str, str]) -> Submitted:
    media_type = members.get("format", "")
    if media_type not in MEDIA_TYPES.values():
        raise InvalidInput(f"format is one of {', '.join(MEDIA_TYPES.values())}.")
    submission = submission_of(members.get("document"), members.get("removals"), media_type)
    return Submitted(submission, members.get("message", ""))


def _media_type(request: Request, taken: tuple[str, ...]) -> str:
    given = request.headers.get("content-type", "")
    media_type, *parameters = (part.strip().lower() for part in given.split(";"))
    charsets = [p.partition("=")[2].strip('"') for p in parameters if p.startswith("charset=")]
    if media_type not in taken or any(charset not in UTF_8 for charset in charsets):
        raise HTTPException(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            f"Send {', '.join(taken)}, in UTF-8; not {given or 'what has no type'}.",
        )
    return media_type


def _require_known(given: Iterable[str], known: Iterable[str]) -> None:
    if unknown := sorted(set(given) - set(known)):
        raise InvalidInput(f"{unknown[0]!r} means nothing here; known: {', '.join(known)}.")


def _members(body: bytes, names: tuple[str, ...]) -> Mapping[str, str]:
    """The members of a JSON object, which are texts, each of a known name."""
    try:
        members = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise InvalidInput(f"The body can't be read as JSON: {error}.") from None
    if not isinstance(members, dict):
        raise InvalidInput("The body is one JSON object.")
    if any(name.startswith("@") for name in members):
        raise InvalidInput("This looks like JSON-LD: send it as application/ld+json.")
    _require_known(members, names)
    for name, value in members.items():
        if not isinstance(value, str):
            raise InvalidInput(f"{name} is a text.")
    return members
