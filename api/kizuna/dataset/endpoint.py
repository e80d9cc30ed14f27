"""Another engine's SPARQL endpoint, asked over HTTP: https://www.w3.org/TR/sparql11-protocol/

What goes wrong on the way becomes a domain error here and nowhere else. Its text is for whoever
asked and never names the endpoint; the log does, without what its URL holds of credentials.
"""

import logging
import time
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar

import httpx2

from kizuna import __version__
from kizuna.dataset.formats import SOLUTIONS, read_solutions
from kizuna.dataset.store import Solutions
from kizuna.errors import (
    EngineTimeout,
    EngineUnavailable,
    InvalidInput,
    KizunaError,
    LimitExceeded,
)

T = TypeVar("T")

logger = logging.getLogger(__name__)

JSON = SOLUTIONS["json"]
HEADERS = {"accept": JSON, "user-agent": f"kizuna/{__version__}"}
TOO_LATE = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.GATEWAY_TIMEOUT)
REFUSING = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
HINT = "give the address of a SPARQL endpoint, such as http://127.0.0.1:7878/query"


@dataclass(frozen=True)
class EndpointLimits:
    """How long an endpoint may take to answer a query, in seconds, and how much, in bytes."""

    seconds: int
    size: int


class Endpoint:
    """An endpoint; several threads may ask it at once. Its connections end with it.

    Queries are sent as forms, since the graphs they are asked over may be many.
    """

    def __init__(self, url: str, limits: EndpointLimits) -> None:
        """Raises InvalidInput for a URL that is none; nothing is asked yet."""
        self._limits = limits
        self._url, credentials = _parted(url)
        # Neither proxies nor files that the environment names: the operator's URL is all there is.
        self._client = httpx2.Client(
            auth=credentials, headers=HEADERS, timeout=limits.seconds, trust_env=False
        )
        weakref.finalize(self, self._client.close)

    @property
    def address(self) -> str:
        """Where it is, for the operator, without user, password and parameters."""
        return str(self._url.copy_with(query=None, fragment=None))

    def select(self, query: str, graphs: Sequence[str] = ()) -> Solutions:
        """What a SELECT query finds; raises what ``ask`` does."""
        return self.ask(query, graphs, read_solutions)

    def ask(self, query: str, graphs: Sequence[str], read: Callable[[bytes], T]) -> T:
        """The answer in JSON, as read, over the endpoint's default graph or the union of graphs.

        ``read`` raises SyntaxError for what is no such answer. Raises LimitExceeded for
        one that is too long, EngineTimeout for one that comes too late, EngineUnavailable where the
        endpoint can't be reached or answers anything else.
        """
        form = {"query": query, "default-graph-uri": graphs, "named-graph-uri": graphs}
        try:
            return read(self._answer(form))
        except (httpx2.HTTPError, httpx2.StreamError, SyntaxError) as error:
            fault = self._fault(error)
            logger.warning("%s: %s", self.address, " ".join(str(error).split()) or repr(error))
            raise fault from error

    def _answer(self, form: Mapping[str, object]) -> bytes:
        started = time.monotonic()
        with self._client.stream("POST", self._url, data=form) as response:
            self._require_success(response)
            return self._within(response.iter_bytes(), started)

    def _within(self, parts: Iterable[bytes], started: float) -> bytes:
        """All the parts together, as long as they are neither too late nor too much."""
        content = bytearray()
        for part in parts:
            content += part
            if len(content) > self._limits.size:
                raise LimitExceeded(
                    f"What the store answers is longer than store_max_bytes, {self._limits.size}. "
                    "Ask for less at a time."
                )
            if time.monotonic() - started > self._limits.seconds:
                raise self._late()
        return bytes(content)

    def _require_success(self, response: httpx2.Response) -> None:
        status = response.status_code
        if status == HTTPStatus.OK:
            return
        logger.warning("%s answers with the status %d", self.address, status)
        if status == HTTPStatus.BAD_REQUEST:
            raise EngineUnavailable("The store can't read a query that it was put.")
        if status in TOO_LATE:
            raise self._late()
        if status in REFUSING:
            raise EngineUnavailable("The store refuses this server's credentials.")
        raise EngineUnavailable(f"The store answers with the status {status}; try again later.")

    def _fault(self, error: Exception) -> KizunaError:
        match error:
            case httpx2.TimeoutException():
                return self._late()
            case SyntaxError():
                return EngineUnavailable("What the store answers is no SPARQL result.")
            case httpx2.RemoteProtocolError() | httpx2.ReadError():
                return EngineUnavailable("The store ended its answer too early; try again.")
        return EngineUnavailable("The store can't be reached now; try again in a moment.")

    def _late(self) -> EngineTimeout:
        return EngineTimeout(
            f"The store took longer than store_timeout, {self._limits.seconds} seconds. "
            "Ask for less at a time."
        )


def _parted(url: str) -> tuple[httpx2.URL, tuple[str, str] | None]:
    """The URL without its user and password, and these; raises InvalidInput without the URL."""
    try:
        parsed = httpx2.URL(url)
    except httpx2.InvalidURL:
        raise InvalidInput(f"--store: this is no URL; {HINT}.") from None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise InvalidInput(f"--store: this is no URL of the web; {HINT}.")
    credentials = (parsed.username, parsed.password) if parsed.userinfo else None
    return parsed.copy_with(username=None, password=None), credentials
