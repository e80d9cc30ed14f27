"""The pages in a browser: no rule of axe is broken, nothing comes from another host.

With ``--full``, where node, npm and Chromium are on the PATH.
"""

import json
import shutil
import subprocess
from pathlib import Path

import httpx2
import pytest

from tests.serving import serving

SCRIPT = Path(__file__).parent / "axe.mjs"
LIBRARY = Path(__file__).parent / "library"
PACKAGES = ("axe-core@4.14.1", "playwright-core@1.65.1")
PAGES = (
    "",
    "page/id/gcap",
    "page/id/italy?lang=ja",
    "page/id/fact-italian-indo-pacific-strategy-adopted?lang=it",
    "page/id/claim-0c88c5e9-crosetto-koizumi-video-call",
    "page/id/passage-0c88c5e9-171-257",
    "page/id/source-0c88c5e9",
    "page/vocab/modality",
    "page/vocab/modality/happened?lang=ja",
    "page/ns?lang=it",
    "page/graph",
    "page/graph/derivation",
    "page/id/nothing",
    "questions?lang=ja",
    "releases",
    "releases/0?lang=ja",
    "releases/0/sparql?lang=it",
    "questions/gcap-leaders.html?programme=safe",
    "questions/what-crosetto-said.html?lang=it",
    "questions/anniversary.html?lang=ja",
    "sparql",
    "sparql?lang=ja&query=SELECT%20%2A%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%2020",
    "sparql?lang=it&query=DESCRIBE%20%3Chttps://w3id.org/italy-japan/id/gcap%3E",
    "sparql?query=SELECT",
)
PAGES_OF_LIBRARY = ("page/id/kokoro", "page/id/loan-1?lang=it", "page/vocab/genre/novel", "page/ns")


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> list[str]:
    """The command that runs axe, without the addresses."""
    if not pytestconfig.getoption("full"):
        pytest.skip("only with --full")
    found = {tool: shutil.which(tool) for tool in ("node", "npm", "chromium")}
    if missing := [tool for tool, path in found.items() if path is None]:
        pytest.skip(f"{', '.join(missing)} not on the PATH")
    folder = tmp_path_factory.mktemp("axe")
    npm = [str(found["npm"]), "install", "--no-audit", "--no-fund", "--prefix", str(folder)]
    subprocess.run([*npm, *PACKAGES], check=True, capture_output=True)  # noqa: S603
    script = shutil.copy(SCRIPT, folder)
    return [str(found["node"]), str(script), str(found["chromium"])]


@pytest.mark.parametrize(
    ("arguments", "pages"),
    [
        ((), PAGES),
        (
            ("--ontology", str(LIBRARY / "ontology"), "--data", str(LIBRARY / "data.ttl")),
            PAGES_OF_LIBRARY,
        ),
    ],
    ids=["packaged", "library"],
)
def test_no_rule_is_broken(
    node: list[str], arguments: tuple[str, ...], pages: tuple[str, ...]
) -> None:
    with serving(*arguments) as (address, _, _):
        command = [*node, *(address + page for page in pages)]
        answer = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    found = json.loads(answer.stdout)
    assert found["rules"] > 10 * len(pages)
    assert found["faults"] == []


def test_no_rule_is_broken_where_contributions_are_reviewed(
    node: list[str], tmp_path: Path
) -> None:
    served = ("--data-dir", str(tmp_path), "--anonymous-proposals")
    document = '<https://w3id.org/italy-japan/id/italy> skos:altLabel "Republic"@en .'
    prefix = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> ."
    pages = ("contributions", "contributions?lang=ja", "contributions/1", "contributions/1?lang=it")
    with serving(*served) as (address, _, _):
        answer = httpx2.post(
            f"{address}contributions",
            params={"message": "a further name"},
            content=f"{prefix} {document}".encode(),
            headers={"content-type": "text/turtle"},
            timeout=60,
        )
        assert answer.status_code == 201, answer.text
        command = [*node, *(address + page for page in (*pages, "contributions/2"))]
        told = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    found = json.loads(told.stdout)
    assert found["rules"] > 10 * len(pages)
    assert found["faults"] == []
