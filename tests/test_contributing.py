"""Contributions to servers in processes of their own: many clients at once, and servers killed."""

import json
import random
import re
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from kizuna.__main__ import main
from kizuna.dataset.ledger import Ledger, ledger_url
from kizuna.dataset.tokens import Tokens
from tests.reviewing import BAD, LIBRARY, TOKENS, TURTLE, book
from tests.serving import serving

ONTOLOGY = ["--ontology", str(LIBRARY / "ontology")]
SEED = 20
CLIENTS = 8
BOOKS = "{ books { totalCount } }"


@contextmanager
def server(folder: Path) -> Iterator[tuple[httpx2.Client, Any]]:
    """A client of a server over the ledger in the folder, and the server's process."""
    data = ["--data", str(LIBRARY / "data.ttl"), "--data-dir", str(folder)]
    with (
        serving(*ONTOLOGY, *data, "--max-proposals", "100000") as (address, _, process),
        httpx2.Client(base_url=address, timeout=120) as client,
    ):
        yield client, process


@pytest.fixture
def tokens(tmp_path: Path) -> Mapping[str, str]:
    with closing(Ledger.open(ledger_url(tmp_path))) as ledger:
        return {name: Tokens(ledger).create(name, scopes) for name, scopes in TOKENS.items()}


def propose(client: httpx2.Client, document: str, token: str | None, kind: str = TURTLE) -> Any:
    headers = {"content-type": kind} | ({"authorization": f"Bearer {token}"} if token else {})
    params = {"message": "because"}
    return client.post("/contributions", content=document.encode(), params=params, headers=headers)


def decide(client: httpx2.Client, number: int, action: str, token: str) -> Any:
    headers = {"authorization": f"Bearer {token}"}
    body = {"reason": "because"}
    return client.post(f"/contributions/{number}/{action}", json=body, headers=headers)


def seen(client: httpx2.Client) -> tuple[int, int]:
    """The release that an answer is from, and how many books there are in it."""
    answer = client.post("/graphql", json={"query": BOOKS}).json()
    release = answer["extensions"]["kizuna"]["release"]["number"]
    return release, answer["data"]["books"]["totalCount"]


def test_a_killed_server_loses_nothing(tmp_path: Path, tokens: Mapping[str, str]) -> None:
    with server(tmp_path) as (client, process):
        _, before = seen(client)
        for name in ("x", "y", "z"):
            assert propose(client, book(name), tokens["ada"]).status_code == 201
        for number in (1, 2):
            answer = decide(client, number, "accept", tokens["cora"])
            assert answer.status_code == 200
        release = answer.json()["release"]
        process.kill()
    with server(tmp_path) as (client, _):
        assert client.get("/readyz").json()["release"] == release
        assert seen(client) == (2, before + 2)
        waiting = client.get("/contributions?state=proposed").json()["contributions"]
        assert [one["id"] for one in waiting] == [3]
        assert decide(client, 3, "accept", tokens["dora"]).status_code == 200
        assert decide(client, 1, "revert", tokens["dora"]).status_code == 200
        assert seen(client) == (4, before + 2)
    assert main(["ledger", "verify", "--data-dir", str(tmp_path)]) == 0


def test_another_server_follows(tmp_path: Path, tokens: Mapping[str, str]) -> None:
    with server(tmp_path) as (one, _), server(tmp_path) as (other, _):
        propose(one, book("x"), tokens["ada"])
        release = decide(other, 1, "accept", tokens["cora"]).json()["release"]
        assert decide(one, 1, "accept", tokens["dora"]).status_code == 409
        ends = time.monotonic() + 20
        while one.get("/readyz").json()["release"] != release:
            assert time.monotonic() < ends
            time.sleep(0.1)


WRONG = {
    "bad": (BAD, "ada", TURTLE, 422),
    "malformed": ("id:x a .", "bea", TURTLE, 400),
    "unknown": (book("unknown"), None, TURTLE, 401),
    "not allowed": (book("curator"), "dora", TURTLE, 403),
    "no RDF": ("{}", "ada", "text/html", 415),
}


def test_many_clients_at_once(
    tmp_path: Path,
    tokens: Mapping[str, str],
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Every answer is right, whoever reads sees whole releases, and nothing is lost."""
    count, accepted_every = (1000, 8) if request.config.getoption("full") else (48, 4)
    plan = [random.Random(SEED + n).choice(["good", "good", *WRONG]) for n in range(count)]  # noqa: S311
    releases: dict[int, set[int]] = defaultdict(set)
    done = threading.Event()

    def contribute(client: httpx2.Client, number: int) -> tuple[str, int, int]:
        """What was sent, the status of the answer, and that of the decision if there was one."""
        kind = plan[number]
        if kind != "good":
            document, who, media_type, _ = WRONG[kind]
            token = tokens[who] if who else None
            return kind, propose(client, document, token, media_type).status_code, 0
        kept = propose(client, book(f"book-{number}"), tokens["ada" if number % 2 else "bea"])
        if kept.status_code != 201 or number % accepted_every:
            return kind, kept.status_code, 0
        token = tokens["cora" if number % 3 else "dora"]
        decided = decide(client, kept.json()["id"], "accept", token)
        return kind, kept.status_code, decided.status_code

    def read(client: httpx2.Client) -> None:
        while not done.is_set():
            release, books = seen(client)
            releases[release].add(books)

    with server(tmp_path) as (client, _):
        _, before = seen(client)
        with ThreadPoolExecutor(CLIENTS + 1) as pool:
            reading = pool.submit(read, client)
            answers = list(pool.map(lambda number: contribute(client, number), range(count)))
            done.set()
            reading.result()
        last = client.get("/readyz").json()["release"]
        kept = sum(1 for kind, *_ in answers if kind == "good")
        assert _count(client) == kept
    wanted = {"good": 201, **{kind: status for kind, (*_, status) in WRONG.items()}}
    assert [(k, status) for k, status, _ in answers if status != wanted[k]] == []
    accepted = Counter(decision for *_, decision in answers if decision)
    assert set(accepted) == {200}
    assert last["number"] == accepted[200]
    assert len(releases) > 1
    assert {n: {before + n} for n in releases} == releases
    assert main(["ledger", "rebuild", *ONTOLOGY, "--data-dir", str(tmp_path)]) == 0
    assert re.findall(r"[0-9a-f]{64}", capsys.readouterr().out) == [last["hash"]]


def _count(client: httpx2.Client) -> int:
    """How many contributions there are, page by page."""
    total, address = 0, "/contributions"
    while address:
        page = client.get(address).json()
        total, address = total + len(page["contributions"]), page["next"]
    return total


def test_proposing_by_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is kept in the ledger, and decided on like any other."""
    good, bad = tmp_path / "good.ttl", tmp_path / "bad.ttl"
    good.write_text(book("x"), encoding="utf-8")
    bad.write_text(BAD, encoding="utf-8")
    kept = [*ONTOLOGY, "--data-dir", str(tmp_path / "kept")]
    said = ["--contributor", "ada", "--message", "because"]
    assert main(["propose", str(good), *kept, *said]) == 2
    assert "there is no ledger here" in capsys.readouterr().err
    with server(tmp_path / "kept"):
        pass
    assert main(["propose", str(good), *kept, "--message", "because"]) == 2
    assert "--contributor" in capsys.readouterr().err
    assert main(["propose", str(good), *kept, "--contributor", "ada"]) == 2
    assert "message" in capsys.readouterr().err
    assert main(["propose", str(bad), *kept, *said]) == 1
    assert "waits" not in capsys.readouterr().out
    assert main(["propose", str(good), *kept, *said]) == 0
    assert capsys.readouterr().out.endswith("Contribution 1 waits for a decision.\n")
    assert main(["propose", "--json", str(good), *kept, *said]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == 2
    with server(tmp_path / "kept") as (client, _):
        found = client.get("/contributions/1").json()
        assert (found["state"], found["contributor"]) == ("proposed", "ada")
