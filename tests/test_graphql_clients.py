"""GraphQL clients that people use, on a running server; and graphql-http's audit of it.

With ``--graphql-clients DIR``, a folder with a copy of ``tests/clients/package.json`` in which
``npm install`` was run. With ``--full`` Python's gql too, where it is installed (group clients).
"""

import asyncio
import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from kizuna.dataset.files import Ontology
from kizuna.graphql.documents import read_trusted
from kizuna.graphql.schema import Api
from tests.conftest import LIBRARY
from tests.reviewing import book, desk
from tests.serving import serving

HERE = Path(__file__).parent
SCHEMA = HERE / "golden" / "schema.graphql"
PROGRAMME = "gcap"


@pytest.fixture(scope="module")
def packages(pytestconfig: pytest.Config) -> Path:
    folder = pytestconfig.getoption("--graphql-clients")
    if folder is None:
        pytest.skip("needs --graphql-clients DIR, a folder with the clients' node_modules")
    return Path(folder).absolute() / "node_modules"


@pytest.fixture
def room(packages: Path, tmp_path: Path) -> Path:
    """The clients' scripts, beside their packages and our schema."""
    shutil.copytree(HERE / "clients", tmp_path, dirs_exist_ok=True)
    shutil.copy(SCHEMA, tmp_path)
    (tmp_path / "node_modules").symlink_to(packages)
    return tmp_path


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory, library_ontology: Ontology) -> Iterator[str]:
    """Where a library is served in two releases: the second has a book more."""
    folder = tmp_path_factory.mktemp("ledger")
    with desk(folder, library_ontology) as made:
        assert made.decide(made.proposed(book("later")), "accept").status_code == 200
    files = ("--ontology", str(LIBRARY / "ontology"), "--data", str(LIBRARY / "data.ttl"))
    with serving(*files, "--data-dir", str(folder)) as (address, _, _):
        yield f"{address}graphql"


def run(room: Path, *command: str) -> str:
    """What a command of Node prints."""
    found = shutil.which(command[0], path=room / "node_modules" / ".bin") or tool(command[0])
    answer = subprocess.run(  # noqa: S603 (scripts of our own)
        [found, *command[1:]], cwd=room, capture_output=True, encoding="utf-8", timeout=180
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


def tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not on the PATH")
    return found


def told(room: Path, script: str, *arguments: str) -> Any:
    return json.loads(run(room, "node", script, *arguments))


def test_audit(room: Path, grown: str) -> None:
    results = told(room, "audit.mjs", grown)
    assert [result for result in results if result["status"] != "ok"] == []
    levels = Counter(result["name"].split()[0] for result in results)
    assert levels == {"MUST": 13, "SHOULD": 23, "MAY": 25}


def test_apollo(room: Path, grown: str) -> None:
    found = told(room, "apollo.mjs", grown)
    assert found["titles"] == {
        "en": {"titles": ["Kokoro"] * 2, "requests": ["GET name 400", "POST document 200"]},
        "ja": {"titles": ["こころ"] * 2, "requests": ["GET name 200"]},
    }
    before, after = found["releases"]
    assert after == before + 1
    assert found["pages"] == {"together": after, "total": after}
    assert found["failing"] == {"data": {"book": None}, "code": "NOT_FOUND"}


def test_urql(room: Path, grown: str) -> None:
    found = told(room, "urql.mjs", grown)
    assert found["titles"] == ["Il cuore delle cose", "La storia di Genji"]
    assert found["requests"][:3] == ["GET name 400", "GET document 200", "GET name 200"]
    assert found["code"] == "GRAPHQL_VALIDATION_FAILED"


def test_following(room: Path, grown: str) -> None:
    """graphql-sse and graphql-ws are told what they missed, each release as it was."""
    found = told(room, "following.mjs", grown)
    for way in ("events", "socket"):
        (before, old), (after, new) = found[way]["releases"]
        assert (before, after, new) == (0, 1, old + 1)
        assert found[way]["answers"] == [new]


def test_relay(room: Path) -> None:
    """What Relay compiled is trusted, and asked for by what Relay calls it."""
    manifest = room / "persisted.json"
    manifest.write_text("{}", encoding="utf-8")
    run(room, "relay-compiler")
    compiled = json.loads(manifest.read_text(encoding="utf-8"))
    names = {text.split("(")[0].split()[1]: name for name, text in compiled.items()}
    assert set(names) == {"ClaimsQuery", "ClaimsPageQuery"}
    with serving("--trusted-documents", str(manifest)) as (address, _, _):

        def ask(name: str, **variables: object) -> Any:
            body = {"doc_id": names[name], "variables": variables}
            return httpx2.post(f"{address}graphql", json=body).json()["data"]

        programme = ask("ClaimsQuery", id=PROGRAMME)["programme"]
        first = programme["claims"]
        assert first["pageInfo"]["hasNextPage"]
        cursor = first["pageInfo"]["endCursor"]
        next_ = ask("ClaimsPageQuery", id=programme["id"], cursor=cursor, count=1)["node"]["claims"]
        assert next_["edges"][0]["node"]["id"] not in [e["node"]["id"] for e in first["edges"]]
        refused = httpx2.post(f"{address}graphql", json={"query": "{ __typename }"})
        assert refused.status_code == 403


def test_codegen(room: Path, packaged_api: Api) -> None:
    run(room, "graphql-codegen", "--config", "codegen.mjs")
    run(room, "tsc", "--project", ".")
    manifest = room / "generated" / "persisted-documents.json"
    ((name, text),) = json.loads(manifest.read_text(encoding="utf-8")).items()
    assert read_trusted(manifest, packaged_api.faults).text(None, f"sha256:{name}") == text


def test_graphiql(room: Path) -> None:
    with serving() as (address, _, _):
        shown = room / "graphiql.png"
        found = told(room, "graphiql.mjs", f"{address}graphql", tool("chromium"), str(shown))
    assert found == {"completed": True, "faults": [], "elsewhere": []}


def test_gql(pytestconfig: pytest.Config, grown: str) -> None:
    if not pytestconfig.getoption("full"):
        pytest.skip("only with --full")
    gql = pytest.importorskip("gql")
    httpx = pytest.importorskip("gql.transport.httpx")
    transport = httpx.HTTPXAsyncTransport(url=grown, headers={"accept-language": "ja"})
    query = gql.gql("query ($id: ID!) { book(id: $id) { title { value } } }")
    query.variable_values = {"id": "kokoro"}

    async def asked() -> Any:
        async with gql.Client(transport=transport, fetch_schema_from_transport=True) as session:
            return await session.execute(query)

    assert asyncio.run(asked()) == {"book": {"title": {"value": "こころ"}}}
