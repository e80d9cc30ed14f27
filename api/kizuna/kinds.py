"""The one table of errors: for each domain error its code and its HTTP status.

GraphQL puts the code in ``extensions.code``, the web in a problem document of RFC 9457. What is no
domain error is a fault of ours: it is told as such without its text.
"""

from dataclasses import dataclass
from http import HTTPStatus

from kizuna import errors


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
    errors.DocumentUnknown: Kind("PERSISTED_QUERY_NOT_FOUND", HTTPStatus.BAD_REQUEST),
    errors.MalformedData: Kind("MALFORMED_DATA", HTTPStatus.BAD_REQUEST),
    errors.ShapeViolation: Kind("SHAPE_VIOLATION", HTTPStatus(422)),
    errors.RateExceeded: Kind("RATE_EXCEEDED", HTTPStatus.TOO_MANY_REQUESTS),
    errors.LimitExceeded: Kind("LIMIT_EXCEEDED", HTTPStatus.BAD_REQUEST),
    errors.InvalidInput: Kind("BAD_USER_INPUT", HTTPStatus.BAD_REQUEST),
    errors.NotConforming: Kind("CONFLICT", HTTPStatus.CONFLICT),
    errors.Conflict: Kind("CONFLICT", HTTPStatus.CONFLICT),
    errors.BrokenLedger: Kind("BROKEN_LEDGER", HTTPStatus.INTERNAL_SERVER_ERROR),
    errors.NotOffered: Kind("NOT_OFFERED", HTTPStatus.NOT_IMPLEMENTED),
    errors.NotAuthenticated: Kind("NOT_AUTHENTICATED", HTTPStatus.UNAUTHORIZED),
    errors.DocumentNotTrusted: Kind("DOCUMENT_NOT_TRUSTED", HTTPStatus.FORBIDDEN),
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
