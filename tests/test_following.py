"""A server whose dataset goes on: each request is answered whole by one release."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from kizuna.app import create_server
from kizuna.dataset.changes import effective, make_change
from kizuna.dataset.files import Ontology
from kizuna.dataset.ledger import Ledger, ledger_url
from kizuna.dataset.releases import Dataset, LedgerReleases, SingleRelease, read_data
from kizuna.dataset.store import EmbeddedReader, EmbeddedStore
from kizuna.errors import EngineUnavailable
from kizuna.http.following import Following
from kizuna.settings import Settings
from tests.accepting import book
from tests.conftest import LIBRARY

BOOKS = "{ books { totalCount } }"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with closing(Ledger.open(ledger_url(tmp_path))) as ledger:
        quads = (quad for quads in read_data([LIBRARY / "data.ttl"]).values() for quad in quads)
        ledger.add_seeds("seeds", None, make_change(quads))
        yield ledger


@pytest.fixture
def releases(library_ontology: Ontology, ledger: Ledger) -> LedgerReleases:
    return LedgerReleases(library_ontology, ledger)


def accept(ledger: Ledger, releases: LedgerReleases, number: int) -> None:
    change = effective(make_change(book("book", number)), releases.asserted)
    contribution = ledger.propose("ada", "because", 0, change)
    ledger.accept(contribution.number, "cora", ledger.head() or 0, change)


def books(client: TestClient) -> tuple[int, int]:
    """How many books there are, and in which release."""
    answer = client.post("/graphql", json={"query": BOOKS}).json()
    release = answer["extensions"]["kizuna"]["release"]["number"]
    return answer["data"]["books"]["totalCount"], release


def eventually(found: Callable[[], Any], wanted: object) -> None:
    ends = time.monotonic() + 20
    while found() != wanted:
        assert time.monotonic() < ends
        time.sleep(0.02)


def test_the_next_request_sees_what_was_accepted(ledger: Ledger, releases: LedgerReleases) -> None:
    """Everywhere at once: in GraphQL, in SPARQL, in what the server says of itself."""
    settings = Settings(ontology=LIBRARY / "ontology")
    with TestClient(create_server(settings, releases)) as client:
        before, _ = books(client)
        accept(ledger, releases, 1)
        assert books(client) == (before, 0)
        releases.follow()
        assert books(client) == (before + 1, 1)
        assert client.get("/readyz").json()["release"]["number"] == 1
        query = "SELECT ?b WHERE { ?b a <https://example.org/library/ns#Book> }"
        found = client.get("/sparql", params={"query": query, "format": "json"}).json()
        assert len(found["results"]["bindings"]) == before + 1
        assert client.get("/export/kizuna-1.nq").status_code == 200


def test_what_other_processes_accept_is_followed(ledger: Ledger, releases: LedgerReleases) -> None:
    app = Following(releases, numbered, pause=0.01)
    with TestClient(app) as client:
        accept(ledger, releases, 1)
        eventually(lambda: client.get("/").json(), 1)
        accept(ledger, releases, 2)
        eventually(lambda: client.get("/").json(), 2)


def test_what_a_release_takes_is_prepared_beside_the_requests(
    ledger: Ledger, releases: LedgerReleases
) -> None:
    prepared: list[int] = []
    go = Event()

    def prepare() -> None:
        assert go.wait(20)
        prepared.append(releases.current.release.number)

    with TestClient(Following(releases, numbered, pause=0.01, prepare=prepare)) as client:
        assert client.get("/").json() == 0
        go.set()
        eventually(lambda: prepared, [0])
        accept(ledger, releases, 1)
        eventually(lambda: prepared, [0, 1])


def test_releases_are_prepared_one_after_the_other(
    ledger: Ledger, releases: LedgerReleases
) -> None:
    """When they come sooner than they can be prepared, each turn is for what is current then."""
    prepared: list[int] = []
    at_once: list[int] = []
    go = Event()

    def prepare() -> None:
        at_once.append(1)
        assert sum(at_once) == 1
        assert go.wait(20)
        prepared.append(releases.current.release.number)
        at_once.append(-1)

    with TestClient(Following(releases, numbered, pause=0.01, prepare=prepare)) as client:
        for number in (1, 2):
            accept(ledger, releases, number)
            eventually(lambda: client.get("/").json(), number)
        go.set()
        eventually(lambda: prepared, [2, 2, 2])


class Watched(EmbeddedStore):
    """A store that counts its readers."""

    readers = 0

    def reader(self) -> EmbeddedReader:
        self.readers += 1
        return super().reader()


def test_what_would_be_waited_for_is_made_before_anybody_asks(library: Dataset) -> None:
    store = Watched(library.store.quads())
    dataset = replace(library, store=store)
    settings = Settings(ontology=LIBRARY / "ontology")
    with TestClient(create_server(settings, SingleRelease(dataset))) as client:
        every_class_and_the_texts = len(library.model.classes) + 1
        eventually(lambda: store.readers >= every_class_and_the_texts, True)
        dataset.texts.prepare()  # waits for what is being made
        readers = store.readers
        query = '{ search(text: "kokoro") { text { value } } }'
        assert client.post("/graphql", json={"query": query}).json()["data"]["search"]
        assert store.readers == readers + 1


def test_another_engine_is_asked_for_nothing_beforehand(library: Dataset) -> None:
    store = Watched()
    replace(library, store=store, remote=True).prepare()
    assert store.readers == 0


def test_one_release_is_served_as_well(library: Dataset) -> None:
    with TestClient(Following(SingleRelease(library), numbered, pause=0.01)) as client:
        assert client.get("/").json() == 0


def test_goes_on_while_the_ledger_can_not_be_read(
    library: Dataset, caplog: pytest.LogCaptureFixture
) -> None:
    class Unreadable(SingleRelease):
        def follow(self) -> Dataset:
            raise EngineUnavailable("gone")

    with TestClient(Following(Unreadable(library), numbered, pause=0.01)) as client:
        eventually(lambda: "can't be followed now: gone" in caplog.text, True)
        assert client.get("/").json() == 0


def numbered(dataset: Dataset) -> Starlette:
    """An application that tells its release."""

    async def number(request: Request) -> Response:
        return JSONResponse(dataset.release.number)

    return Starlette(routes=[Route("/", number)])


def test_a_request_keeps_its_release_to_the_end(ledger: Ledger, releases: LedgerReleases) -> None:
    """What a release needs is there until its last request is answered, and no longer."""
    running: set[int] = set()
    asked, go = asyncio.Event(), asyncio.Event()

    def make(dataset: Dataset) -> Starlette:
        release = dataset.release.number

        async def slow(request: Request) -> Response:
            asked.set()
            await go.wait()
            return JSONResponse([release, sorted(running)])

        @asynccontextmanager
        async def lifespan(app: Starlette) -> AsyncIterator[None]:
            running.add(release)
            yield
            running.remove(release)

        app = numbered(dataset)
        return Starlette(routes=[*app.routes, Route("/slow", slow)], lifespan=lifespan)

    async def play() -> None:
        following = Following(releases, make, pause=60)
        async with started(following):
            first = asyncio.create_task(got(following, "/slow"))
            await asked.wait()
            accept(ledger, releases, 1)
            releases.follow()
            assert await got(following, "/") == b"1"
            assert running == {0, 1}
            go.set()
            assert await first == b"[0,[0,1]]"
            await asyncio.sleep(0.01)
            assert running == {1}
        assert running == set()

    asyncio.run(play())


@asynccontextmanager
async def started(app: Following) -> AsyncIterator[None]:
    """An ASGI application between startup and shutdown."""
    to_app: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    from_app: asyncio.Queue[Any] = asyncio.Queue()
    task = asyncio.create_task(app({"type": "lifespan"}, to_app.get, from_app.put))
    await to_app.put({"type": "lifespan.startup"})
    assert (await from_app.get())["type"] == "lifespan.startup.complete"
    yield
    await to_app.put({"type": "lifespan.shutdown"})
    assert (await from_app.get())["type"] == "lifespan.shutdown.complete"
    await task


async def got(app: Following, path: str) -> bytes:
    """The body of what an ASGI application answers to GET."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}
    await app(scope, receive, send)
    return b"".join(message.get("body", b"") for message in sent)
