"""GraphQL errors as they go over the wire, each with its code in ``extensions``.

https://spec.graphql.org/draft/#sec-Errors
"""

from typing import Any

from graphql import GraphQLError, GraphQLSyntaxError

from kizuna.kinds import INTERNAL, kind_of, message_of

PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
BAD_USER_INPUT = "BAD_USER_INPUT"
LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
LONGEST_MESSAGE = 2000  # messages tell what was given, however long


def cause_of(error: GraphQLError) -> BaseException | None:
    """What is behind the error, if it isn't just another error of GraphQL's own."""
    cause = error.original_error
    return None if isinstance(cause, GraphQLError) else cause


def is_internal(error: GraphQLError) -> bool:
    """Whether the error is a fault of ours, not of the operation."""
    cause = cause_of(error)
    return cause is not None and kind_of(cause) is INTERNAL


def formatted(error: GraphQLError, otherwise: str) -> dict[str, Any]:
    """The error with its code; ``otherwise`` where nothing in it tells one."""
    answer: dict[str, Any] = dict(error.formatted)
    cause = cause_of(error)
    if cause is not None:
        answer["message"] = message_of(cause)
    if len(answer["message"]) > LONGEST_MESSAGE:
        answer["message"] = f"{answer['message'][:LONGEST_MESSAGE]} …"
    answer["extensions"] = {"code": _code(error) or otherwise, **(error.extensions or {})}
    return answer


def _code(error: GraphQLError) -> str | None:
    cause = cause_of(error)
    if cause is not None:
        return kind_of(cause).code
    if isinstance(error, GraphQLSyntaxError):
        # graphql-core's parser has no error of its own for a document that is too long or too deep.
        return LIMIT_EXCEEDED if "Parsing aborted" in error.message else PARSE_FAILED
    return None
