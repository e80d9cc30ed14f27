"""What goes wrong between this server and another engine: never a traceback, never its address."""

import gzip
import logging
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import httpx2
import pytest
from starlette.testclient import TestClient

from kizuna.__main__ import main
from kizuna.app import create_app
from kizuna.dataset.endpoint import Endpoint, EndpointLimits
from kizuna.dataset.releases import Dataset
from kizuna.dataset.remote import RemoteStore
from kizuna.errors import (
    EngineTimeout,
    EngineUnavailable,
    InvalidInput,
    KizunaError,
    LimitExceeded,
)
from kizuna.graphql.schema import Api
from kizuna.kinds import KINDS
from kizuna.settings import Settings
from tests.conftest import LIBRARY
from tests.engines import engine, loaded
from tests.serving import serving

JSON = "application/sparql-results+json"
EMPTY = b'{"head":{"vars":["a"]},"results":{"bindings":[]}}'
LIMITS = EndpointLimits(seconds=1, size=10_000)
ONTOLOGY = ["--ontology", str(LIBRARY / "ontology")]
USER, PASSWORD = "otto", "geh%2Fe:im"
SECRETS = ("otto", "geh", "im@", "b3R0bzp")

Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers as its server is told to."""

    server: "Engine"

    def do_POST(self) -> None:
        length = int(self.headers["content-length"])
        self.server.asked.append((dict(self.headers), self.rfile.read(length).decode()))
        self.server.answer(self)

    def say(self, status: int, media_type: str, content: bytes, **headers: str) -> None:
        """A whole answer."""
        self.send_response(status)
        self.send_header("content-type", media_type)
        self.send_header("content-length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged."""


class Engine(ThreadingHTTPServer):
    """An endpoint whose answers are made up."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer: Answer = well
        self.asked: list[tuple[dict[str, str], str]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/query"

    @property
    def secret_address(self) -> str:
        return self.address.replace("//", f"//{USER}:{PASSWORD}@")


def well(handler: Handler) -> None:
    handler.say(200, JSON, EMPTY)


def status(code: int, **headers: str) -> Answer:
    return lambda handler: handler.say(code, "text/plain", b"secret details", **headers)


def saying(media_type: str, content: bytes, **headers: str) -> Answer:
    return lambda handler: handler.say(200, media_type, content, **headers)


def slow(handler: Handler) -> None:
    time.sleep(1.5)
    handler.close_connection = True


def dripping(handler: Handler) -> None:
    """A byte from time to time: each in time, the whole too late."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(12):
        time.sleep(0.2)
        with suppress(BrokenPipeError):
            handler.wfile.write(b" ")
    handler.close_connection = True


def cut_off(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("content-length", str(len(EMPTY)))
    handler.end_headers()
    handler.wfile.write(EMPTY[:20])
    handler.close_connection = True


def hung_up(handler: Handler) -> None:
    handler.close_connection = True


def no_http(handler: Handler) -> None:
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n")
    handler.close_connection = True


FAULTS: dict[str, tuple[Answer, type[KizunaError], str]] = {
    "html": (saying("text/html", b"<html>login</html>"), EngineUnavailable, "no SPARQL result"),
    "truth": (saying(JSON, b'{"head":{},"boolean":true}'), EngineUnavailable, "no SPARQL result"),
    "nothing": (saying(JSON, b""), EngineUnavailable, "no SPARQL result"),
    "half": (saying(JSON, EMPTY[:-5]), EngineUnavailable, "no SPARQL result"),
    "binary": (saying(JSON, b"\xff\xfe\x00"), EngineUnavailable, "no SPARQL result"),
    "no gzip": (saying(JSON, b"x", content_encoding="gzip"), EngineUnavailable, "no SPARQL"),
    "cut off": (cut_off, EngineUnavailable, "too early"),
    "hung up": (hung_up, EngineUnavailable, "too early"),
    "no HTTP": (no_http, EngineUnavailable, "too early|no SPARQL"),
    "400": (status(400), EngineUnavailable, "can't read a query"),
    "401": (status(401), EngineUnavailable, "refuses this server's credentials"),
    "403": (status(403), EngineUnavailable, "refuses this server's credentials"),
    "404": (status(404), EngineUnavailable, "status 404"),
    "redirect": (status(302, location="http://169.254.169.254/"), EngineUnavailable, "status 302"),
    "500": (status(500), EngineUnavailable, "status 500"),
    "503": (status(503), EngineUnavailable, "status 503"),
    "504": (status(504), EngineTimeout, "store_timeout"),
    "slow": (slow, EngineTimeout, "store_timeout, 1 second"),
    "dripping": (dripping, EngineTimeout, "store_timeout, 1 second"),
    "too much": (saying(JSON, EMPTY + b" " * 10_000), LimitExceeded, "store_max_bytes, 10000"),
    "too much, packed": (
        saying(JSON, gzip.compress(EMPTY + b" " * 1_000_000), content_encoding="gzip"),
        LimitExceeded,
        "store_max_bytes",
    ),
}


@pytest.fixture(scope="module")
def made_up() -> Iterator[Engine]:
    with Engine() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.mark.parametrize("fault", FAULTS)
def test_fault(made_up: Engine, fault: str, caplog: pytest.LogCaptureFixture) -> None:
    made_up.answer, kind, sense = FAULTS[fault]
    with caplog.at_level(logging.WARNING), pytest.raises(kind, match=sense) as caught:
        Endpoint(made_up.secret_address + "?key=hidden", LIMITS).select("SELECT * {}")
    assert "127.0.0.1" not in str(caught.value)
    assert "secret details" not in str(caught.value)
    for secret in (*SECRETS, "hidden"):
        assert secret not in str(caught.value) + caplog.text
    if kind is not LimitExceeded:
        assert kind is EngineTimeout or made_up.address in caplog.text


def test_nobody_listens() -> None:
    with pytest.raises(EngineUnavailable, match="can't be reached"):
        Endpoint(free_address(), LIMITS).select("SELECT * {}")


def test_unknown_host() -> None:
    with pytest.raises(EngineUnavailable, match="can't be reached"):
        Endpoint("http://nowhere.invalid/query", LIMITS).select("SELECT * {}")


def free_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"http://127.0.0.1:{free.getsockname()[1]}/query"


def test_request(made_up: Engine) -> None:
    """As https://www.w3.org/TR/sparql11-protocol/#query-via-post-urlencoded has it."""
    made_up.answer = well
    made_up.asked.clear()
    graphs = ["https://g/1", "https://g/2"]
    found = Endpoint(made_up.secret_address, LIMITS).select("SELECT ?a {}", graphs)
    assert (found.columns, found.rows) == (("a",), [])
    ((headers, body),) = made_up.asked
    given = {name.lower(): value for name, value in headers.items()}
    assert given["accept"] == JSON
    assert given["content-type"] == "application/x-www-form-urlencoded"
    assert given["authorization"] == "Basic b3R0bzpnZWgvZTppbQ=="
    assert parse_qs(body) == {
        "query": ["SELECT ?a {}"],
        "default-graph-uri": graphs,
        "named-graph-uri": graphs,
    }


@pytest.mark.parametrize("url", ["", "store", "http://", "ftp://a/b", "http://[::1", "file:///x"])
def test_no_url(url: str) -> None:
    with pytest.raises(InvalidInput, match=r"^--store: this is no URL.*/query\.$"):
        Endpoint(url, LIMITS)


def test_environment_is_not_heeded(made_up: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", free_address())
    monkeypatch.setenv("http_proxy", free_address())
    made_up.answer = well
    assert Endpoint(made_up.address, LIMITS).select("SELECT * {}").rows == []


# Through the door


@dataclass
class Relay:
    """Passes on to an engine until it is told to fail."""

    target: str
    client: httpx2.Client = field(default_factory=httpx2.Client)

    def __call__(self, handler: Handler) -> None:
        _, body = handler.server.asked[-1]
        headers = {"accept": JSON, "content-type": "application/x-www-form-urlencoded"}
        answer = self.client.post(self.target, content=body, headers=headers)
        handler.say(answer.status_code, JSON, answer.content)


@pytest.fixture(scope="module")
def relay(library: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    folder = loaded(library, tmp_path_factory.mktemp("library"))
    with engine(folder) as address:
        found = Relay(address)
        yield found
        found.client.close()


@pytest.fixture(scope="module")
def client(made_up: Engine, relay: Relay, library: Dataset, library_api: Api) -> TestClient:
    made_up.answer = relay
    store = RemoteStore(Endpoint(made_up.address, replace(LIMITS, size=200_000)))
    dataset = replace(library, store=store, remote=True)
    settings = Settings(ontology=LIBRARY / "ontology")
    return TestClient(create_app(settings, dataset, library_api.over(dataset)))


BROKEN = [fault for fault in FAULTS if "too much" not in fault]


@pytest.mark.parametrize("fault", [f for f in BROKEN if f not in ("slow", "dripping")])
def test_graphql_tells_the_code(made_up: Engine, client: TestClient, fault: str) -> None:
    made_up.answer, kind, sense = FAULTS[fault]
    for query in ("{ books { totalCount } }", '{ search(text: "kokoro") { node { id } } }'):
        response = client.post("/graphql", json={"query": query})
        payload = response.json()
        (error,) = payload["errors"]
        assert (response.status_code, payload["data"]) == (200, None)
        assert error["extensions"]["code"] == KINDS[kind].code
        assert re.search(sense, error["message"])


@pytest.mark.parametrize("path", ["/page/ns", "/page/graph", "/readyz", "/export/kizuna-0.nq"])
def test_pages_are_problems(made_up: Engine, relay: Relay, client: TestClient, path: str) -> None:
    for fault in ("html", "500", "cut off"):
        made_up.answer, kind, sense = FAULTS[fault]
        response = client.get(path)
        told = response.json()
        assert (response.status_code, told["code"]) == (503, KINDS[kind].code)
        assert re.search(sense, told["detail"])
    made_up.answer = relay
    assert client.get(path).status_code == 200


def test_it_recovers(made_up: Engine, relay: Relay, client: TestClient) -> None:
    ask = {"query": '{ search(text: "kokoro") { node { id } } books { totalCount } }'}
    made_up.answer = status(503)
    assert "errors" in client.post("/graphql", json=ask).json()
    made_up.answer = relay
    payload = client.post("/graphql", json=ask).json()
    assert payload["data"]["search"]
    assert "errors" not in payload


def test_an_export_that_is_too_long_is_refused(
    made_up: Engine, relay: Relay, library: Dataset, library_api: Api
) -> None:
    made_up.answer = relay
    store = RemoteStore(Endpoint(made_up.address, LIMITS))
    dataset = replace(library, store=store, remote=True)
    settings = Settings(ontology=LIBRARY / "ontology")
    client = TestClient(create_app(settings, dataset, library_api.over(dataset)))
    response = client.get("/export/kizuna-0.nq")
    assert (response.status_code, response.json()["code"]) == (400, "LIMIT_EXCEEDED")
    assert "store_max_bytes" in response.json()["detail"]


# The command


@pytest.mark.parametrize("fault", ["html", "500", "401", "cut off"])
def test_start_says_it_in_one_line(
    made_up: Engine, fault: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    made_up.answer, _, sense = FAULTS[fault]
    assert main(["serve", "--port", "0", *ONTOLOGY, "--store", made_up.secret_address]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith(f"kizuna: --store {made_up.address}: ")
    assert err.count("\n") == 1
    assert re.search(sense, err)
    assert not [secret for secret in SECRETS if secret in err + caplog.text]


def test_start_with_an_empty_store(made_up: Engine, capfd: pytest.CaptureFixture[str]) -> None:
    made_up.answer = well
    assert main(["serve", "--port", "0", *ONTOLOGY, "--store", made_up.address]) == 2
    assert "doesn't hold the ontology" in capfd.readouterr().err


@pytest.mark.parametrize("option", ["--data", "--data-dir", "--ledger"])
def test_only_one_place_for_data(
    option: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    store = ["--store", "http://127.0.0.1:1/query"]
    assert main(["serve", "--port", "0", *store, option, str(tmp_path)]) == 2
    line = capfd.readouterr().err
    assert f"{option} can't go with --store" in line


def test_serve(made_up: Engine, relay: Relay) -> None:
    """The command itself, told by the variable, logging all that it does."""
    made_up.answer = relay
    arguments = [*ONTOLOGY, "--store", made_up.secret_address, "--log-level", "debug"]
    with serving(*arguments) as (address, _, process):
        base = address.rstrip("/")
        answer = httpx2.post(
            f"{base}/graphql", json={"query": "{ books { totalCount } }"}, timeout=30
        )
        assert answer.json()["data"]["books"]["totalCount"] > 0
        assert httpx2.get(f"{base}/readyz").json()["status"] == "ready"
        made_up.answer = status(500)
        assert httpx2.get(f"{base}/readyz").status_code == 503
        assert httpx2.get(f"{base}/healthz").status_code == 200
        process.terminate()
        _, said = process.communicate()
    assert "500" in said
    assert "Traceback" not in said
    assert not [secret for secret in SECRETS if secret in said]
