"""A query operation as a request carries it: https://www.w3.org/TR/sparql11-protocol/#query-operation"""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

from kizuna.errors import InvalidInput, NotAllowed
from kizuna.http.bodies import body_of

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
UPDATE = "application/sparql-update"
MOST_PARAMETERS = 1000
READ_ONLY = "This endpoint only reads: send a query, no update."

Parameters = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Operation:
    """A query, the graphs to run it over where the request names any, and the format asked for.

    ``query`` is None where the request has none; ``form`` is a suffix such as ``csv``, or empty.
    """

    query: str | None
    default: tuple[str, ...]
    named: tuple[str, ...]
    form: str

    @property
    def chooses_graphs(self) -> bool:
        """Whether the request says what dataset to use."""
        return bool(self.default or self.named)


async def read_operation(request: Request, most: int) -> Operation:
    """The operation of a GET, a POST of a form, or a POST of the query itself.

    Raises HTTPException for what is too long or of no known type, InvalidInput for what is no query
    operation, NotAllowed for an update.
    """
    if len(request.url.query) > most:
        raise HTTPException(
            HTTPStatus.REQUEST_URI_TOO_LONG,
            f"The query string is longer than max_body_bytes, {most}; use POST.",
        )
    parameters = _parameters(request.url.query, "The query string")
    if request.method == "POST":
        content_type = _content_type(request)
        text = _text(await body_of(request, most), "The body")
        parameters += [("query", text)] if content_type == DIRECT else _parameters(text, "The body")
    return _operation(parameters)


def _operation(parameters: Parameters) -> Operation:
    def all_of(name: str) -> tuple[str, ...]:
        return tuple(value for key, value in parameters if key == name)

    if all_of("update"):
        raise NotAllowed(READ_ONLY)
    queries = all_of("query")
    if len(queries) > 1:
        raise InvalidInput(f"A request carries one query; this one has {len(queries)}.")
    return Operation(
        query=queries[0] if queries else None,
        default=all_of("default-graph-uri"),
        named=all_of("named-graph-uri"),
        form=next(iter(all_of("format")), ""),
    )


def _parameters(text: str, what: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            text, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS
        )
    except UnicodeDecodeError:
        raise InvalidInput(f"{what} is not percent-encoded UTF-8.") from None
    except ValueError:
        raise InvalidInput(f"{what} has more than {MOST_PARAMETERS} parameters.") from None


def _content_type(request: Request) -> str:
    """The type of the body, as far as it is one that carries a query in UTF-8."""
    given = request.headers.get("content-type", "")
    media_type, *parameters = (part.strip().lower() for part in given.split(";"))
    if media_type == UPDATE:
        raise NotAllowed(READ_ONLY)
    charsets = [p.partition("=")[2].strip('"') for p in parameters if p.startswith("charset=")]
    if media_type not in (FORM, DIRECT) or any(c not in ("utf-8", "utf8") for c in charsets):
        raise HTTPException(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            f"Send the query as {DIRECT}, or as the parameter query of {FORM}, in UTF-8; not as "
            f"{given or 'nothing named'}.",
        )
    return media_type


def _text(body: bytes, what: str) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{what} is not UTF-8: byte {error.start} can't be read.") from None
