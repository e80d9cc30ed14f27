"""What the client would like: media types and languages, best first.

Clauses: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1 (Accept) and
https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4 (Accept-Language).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from starlette.requests import Request

MOST_LANGUAGES = 20
ENCODINGS = ("br", "gzip")  # the better one first


@dataclass(frozen=True)
class _Wish:
    """One member of an Accept-like header."""

    value: str
    quality: float
    position: int


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0


def _wishes(header: str) -> Iterator[_Wish]:
    for position, member in enumerate(header.split(",")):
        value, *parameters = member.split(";")
        if value.strip():
            yield _Wish(value.strip().lower(), _quality(parameters), position)


def _specificity(pattern: str, media_type: str) -> int:
    """How closely a media range fits a media type; 0 where it does not."""
    if pattern == media_type:
        return 3
    if pattern == media_type.partition("/")[0] + "/*":
        return 2
    return 1 if pattern == "*/*" else 0


def preferred(header: str | None, offers: Sequence[str]) -> str | None:
    """The offer that the client likes best, or None where it likes none.

    Without a header, and among equals, the first offer wins; of two that the client names with
    equal quality, the one that it names first.
    """
    if not header or not header.strip():
        return offers[0]
    wishes = list(_wishes(header))
    ranked = []
    for order, offer in enumerate(offers):
        fitting = [(_specificity(wish.value, offer), wish) for wish in wishes]
        specificity, wish = max(fitting, key=lambda pair: pair[0], default=(0, None))
        if wish and specificity and wish.quality > 0:
            ranked.append((-wish.quality, -specificity, wish.position, order, offer))
    return min(ranked)[-1] if ranked else None


def languages(header: str | None) -> tuple[str, ...]:
    """The languages that the client reads, best first, each followed by what it falls back on.

    ``it-CH, en;q=0.5`` gives ``it-ch``, ``it``, ``en``
    (https://www.rfc-editor.org/rfc/rfc4647#section-3.4). No more are taken than a reader has.
    """
    wishes = [wish for wish in _wishes(header or "") if wish.quality > 0 and wish.value != "*"]
    found: dict[str, None] = {}
    for wish in sorted(wishes, key=lambda wish: -wish.quality):
        parts = wish.value.split("-")
        found.update(dict.fromkeys("-".join(parts[:n]) for n in range(len(parts), 0, -1)))
    return tuple(islice(found, MOST_LANGUAGES))


def encoding_of(request: Request) -> str:
    """How the answer to a request is compressed if it is long enough; empty where it isn't.

    https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3
    """
    wishes = _wishes(request.headers.get("accept-encoding", ""))
    qualities = {wish.value: wish.quality for wish in wishes}
    others = qualities.get("*", 0.0)
    return next((each for each in ENCODINGS if qualities.get(each, others) > 0), "")


def languages_of(request: Request) -> tuple[str, ...]:
    """The languages of a request: the parameter ``lang`` before the header."""
    asked = (request.query_params.get("lang"), request.headers.get("accept-language"))
    return languages(",".join(part for part in asked if part))
