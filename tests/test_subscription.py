"""Following releases as they come: over server-sent events and over WebSockets."""

import asyncio
import json
import signal
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from starlette.requests import Request
from starlette.types import Message, Receive
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from kizuna.dataset.changes import make_change
from kizuna.dataset.ledger import Ledger, ledger_url
from kizuna.dataset.releases import SingleRelease
from kizuna.graphql.documents import KeptDocuments
from kizuna.graphql.schema import Api
from kizuna.http.events import Events
from kizuna.http.operations import OperationReader
from kizuna.http.streams import Streams
from tests.accepting import book
from tests.serving import serving
from tests.test_cli import DATA, ONTOLOGY

FOLLOW = "subscription { releases { number message query { books { totalCount } } } }"
AFTER = "subscription ($n: Int) { releases(after: $n) { number hash contributor } }"
EVENTS = {"accept": "text/event-stream", "content-type": "application/json"}
PROTOCOL = Subprotocol("graphql-transport-ws")


class Server:
    """A server in a process of its own, whose ledger others write too."""

    def __init__(self, address: str, folder: Path, process: Any) -> None:
        self.address = address
        self.folder = folder
        self.process = process
        self.place = urlsplit(address).netloc

    def accept(self) -> int:
        """A release more, of another process."""
        with closing(Ledger.open(ledger_url(self.folder))) as ledger:
            head = ledger.head() or 0
            change = make_change(book("new", head))
            contribution = ledger.propose("ada", f"book {head}", head, change)
            return ledger.accept(contribution.number, "cora", head, change).number

    @contextmanager
    def asked(
        self, query: str, headers: Mapping[str, str] = EVENTS, **variables: Any
    ) -> Iterator[HTTPResponse]:
        """The answer to a POST, which may go on."""
        body = json.dumps({"query": query, "variables": variables})
        with closing(HTTPConnection(self.place, timeout=20)) as connection:
            connection.request("POST", "/graphql", body, dict(headers))
            yield connection.getresponse()

    @contextmanager
    def connected(self, **options: Any) -> Iterator[ClientConnection]:
        """A WebSocket that has begun."""
        with connect(f"ws://{self.place}/graphql", subprotocols=[PROTOCOL], **options) as socket:
            socket.send('{"type": "connection_init"}')
            assert told(socket) == {"type": "connection_ack"}
            yield socket


@contextmanager
def started(folder: Path, *options: str) -> Iterator[Server]:
    arguments = [*ONTOLOGY, "--data", DATA, "--data-dir", str(folder), *options]
    with serving(*arguments) as (address, _, process):
        yield Server(address, folder, process)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("followed")
    with started(folder, "--max-subscribers", "3", "--cors-origins", "https://a.example") as found:
        yield found


def event(answer: HTTPResponse) -> dict[str, str]:
    """The next event, comments left out."""
    found: dict[str, str] = {}
    while line := answer.readline().decode():
        name, _, value = line.rstrip("\n").partition(":")
        if not line.strip() and found:
            return found
        if name:
            found[name] = value.strip()
    return found


def data(found: Mapping[str, str]) -> Any:
    assert found["event"] == "next"
    return json.loads(found["data"])["data"]["releases"]


def told(socket: ClientConnection) -> Any:
    return json.loads(socket.recv(timeout=20))


def subscribe(socket: ClientConnection, query: str, **variables: Any) -> None:
    payload = {"query": query, "variables": variables}
    socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))


# Events


def test_events_tell_of_each_release(server: Server) -> None:
    """Of all that another process accepts, as it was in that release."""
    with server.asked(FOLLOW) as answer:
        assert answer.status == 200
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-encoding"] is None
        first, second = server.accept(), server.accept()
        events = [event(answer), event(answer)]
    releases = [data(each) for each in events]
    assert [each["number"] for each in releases] == [first, second]
    assert [int(each["id"]) for each in events] == [first, second]
    counts = [each["query"]["books"]["totalCount"] for each in releases]
    assert counts[1] == counts[0] + 1
    assert releases[0]["message"] == f"book {first - 1}"
    extensions = json.loads(events[0]["data"])["extensions"]
    assert extensions["kizuna"]["release"]["number"] == first


def test_events_go_on_where_they_broke_off(server: Server) -> None:
    """By ``after``, and by what a browser sends when it comes again."""
    newest = server.accept()
    with server.asked(AFTER, n=newest - 1) as answer:
        assert data(event(answer))["number"] == newest
    with server.asked(AFTER, n=-1) as answer:
        assert [data(event(answer))["number"] for _ in range(newest + 1)] == [*range(newest + 1)]
    again = {**EVENTS, "last-event-id": str(newest - 1)}
    with server.asked(FOLLOW, again) as answer:
        assert data(event(answer))["number"] == newest


def test_events_answer_whatever_is_asked(server: Server) -> None:
    with server.asked("{ books { totalCount } }") as answer:
        found = event(answer)
        assert json.loads(found["data"])["data"]["books"]["totalCount"]
        assert event(answer) == {"event": "complete", "data": ""}
        assert answer.read() == b""


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription {", "GRAPHQL_PARSE_FAILED"),
        ("subscription { releases(after: 999) { number } }", "NOT_FOUND"),
        ("subscription @asOf(release: 0) { releases { number } }", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
def test_what_is_wrong_is_told_and_ends_the_stream(server: Server, query: str, code: str) -> None:
    with server.asked(query) as answer:
        found = json.loads(event(answer)["data"])
        assert [each["extensions"]["code"] for each in found["errors"]] == [code]
        assert event(answer)["event"] == "complete"


def test_events_by_get(server: Server) -> None:
    """As a browser asks for them; what has an effect may not come so."""
    for query, status in ((FOLLOW, 200), ("mutation { x }", 405)):
        with closing(HTTPConnection(server.place, timeout=20)) as connection:
            address = f"/graphql?{urlencode({'query': query})}"
            connection.request("GET", address, headers={"accept": "text/event-stream"})
            assert connection.getresponse().status == status


def test_a_subscription_needs_a_stream(server: Server) -> None:
    with server.asked(FOLLOW, {"content-type": "application/json"}) as answer:
        (error,) = json.loads(answer.read())["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "text/event-stream" in error["message"]


def test_no_more_subscribers_than_allowed(server: Server) -> None:
    """Whoever leaves makes room."""
    with server.asked(FOLLOW), server.asked(FOLLOW), server.connected():
        with server.asked(FOLLOW) as answer:
            assert answer.status == 503
            problem = json.loads(answer.read())
            assert (problem["code"], "max_subscribers" in problem["detail"]) == (
                "ENGINE_UNAVAILABLE",
                True,
            )
        with pytest.raises(InvalidStatus):
            connect(f"ws://{server.place}/graphql", subprotocols=[PROTOCOL])
    eventually(lambda: allowed(server))


def allowed(server: Server) -> bool:
    with server.asked("{ __typename }") as answer:
        return answer.status == 200


def eventually(true: Any) -> None:
    ends = time.monotonic() + 20
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.05)


# Clients that are slow, or gone


def play(
    api: Api, send: Callable[[Message], Awaitable[None]], receive: Receive, **given: float
) -> Streams:
    """A stream in this process."""
    streams = Streams(api, SingleRelease(api.dataset), 1)
    events = Events(streams, OperationReader(KeptDocuments(1000), 1000, 1000), **given)
    body = json.dumps({"query": FOLLOW}).encode()
    headers = [(name.encode(), value.encode()) for name, value in EVENTS.items()]
    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers, "query_string": b""}

    async def read() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def run() -> None:
        async with streams.running():
            response = await events.respond(Request(scope, read))
            await response(scope, receive, send)

    asyncio.run(asyncio.wait_for(run(), 20))
    return streams


async def stays() -> Message:
    await asyncio.Event().wait()
    raise AssertionError


def test_silence_is_broken_until_the_client_is_gone(library_api: Api) -> None:
    sent: list[bytes] = []
    enough = asyncio.Event()

    async def send(message: Message) -> None:
        sent.append(message.get("body", b""))
        if sent.count(b":\n\n") == 3:
            enough.set()

    async def leaves() -> Message:
        await enough.wait()
        return {"type": "http.disconnect"}

    streams = play(library_api, send, leaves, keep_alive=0.01)
    assert set(sent) == {b"", b":\n\n"}
    with streams.place():
        pass


def test_a_client_that_takes_nothing_is_let_go(library_api: Api) -> None:
    async def send(message: Message) -> None:
        if message.get("body"):
            await asyncio.Event().wait()

    streams = play(library_api, send, stays, keep_alive=0.01, patience=0.05)
    with streams.place():
        pass


# WebSockets


def test_web_sockets_tell_of_each_release(server: Server) -> None:
    with server.connected() as socket:
        subscribe(socket, FOLLOW)
        time.sleep(0.3)
        numbers = [server.accept(), server.accept()]
        messages = [told(socket), told(socket)]
        assert [message["type"] for message in messages] == ["next", "next"]
        releases = [message["payload"]["data"]["releases"] for message in messages]
        assert [each["number"] for each in releases] == numbers
        socket.send('{"id": "1", "type": "complete"}')
        subscribe(socket, AFTER, n=numbers[0])
        assert told(socket)["payload"]["data"]["releases"]["number"] == numbers[1]


def test_web_sockets_answer_whatever_is_asked(server: Server) -> None:
    with server.connected() as socket:
        subscribe(socket, "{ books { totalCount } }")
        assert told(socket)["payload"]["data"]["books"]["totalCount"]
        assert told(socket) == {"id": "1", "type": "complete"}
        subscribe(socket, "{ nothing }")
        message = told(socket)
        assert message["type"] == "error"
        assert message["payload"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
        subscribe(socket, '{ book(id: "none") { id } }')
        (error,) = told(socket)["payload"]["errors"]
        assert (error["path"], error["extensions"]["code"]) == (["book"], "NOT_FOUND")


@pytest.mark.parametrize(
    ("origin", "taken"), [("https://a.example", True), ("https://b.example", False), (None, True)]
)
def test_web_sockets_of_other_origins_are_refused(
    server: Server, origin: str | None, taken: bool
) -> None:
    eventually(lambda: allowed(server))
    if taken:
        with server.connected(origin=Origin(origin) if origin else None):
            return
    with pytest.raises(InvalidStatus), server.connected(origin=Origin(origin or "")):
        pass


def test_web_sockets_of_another_protocol_are_closed(server: Server) -> None:
    with connect(f"ws://{server.place}/graphql") as socket:
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(timeout=20)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4406


# The end


def test_streams_end_with_the_server(tmp_path: Path) -> None:
    """At once, and without ``complete``: whoever follows comes again, and misses nothing."""
    with started(tmp_path) as server:
        with server.asked(FOLLOW) as answer, server.connected() as socket:
            subscribe(socket, FOLLOW)
            time.sleep(0.3)
            server.process.send_signal(signal.SIGINT)
            begun = time.monotonic()
            assert event(answer) == {}
            with pytest.raises(ConnectionClosed):
                socket.recv(timeout=20)
        assert server.process.communicate(timeout=20)[1] == ""
        assert time.monotonic() - begun < 5
        missed = server.accept()
    with started(tmp_path) as server, server.asked(AFTER, n=missed - 1) as answer:
        assert data(event(answer))["number"] == missed
