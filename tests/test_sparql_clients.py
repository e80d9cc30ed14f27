"""SPARQL clients that people use, in R, in Node and in a browser, against a running server.

With ``--full`` where R has its package SPARQL. With ``--sparql-clients DIR``, a folder in which
``npm install @comunica/query-sparql@5.4.1 @zazuko/yasgui@4.6.2 playwright-core@1.65.1`` was run; if
the Node on the PATH is older than 22.15, ``npm install node@22`` too.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import serving

HERE = Path(__file__).parent
ID = "https://w3id.org/italy-japan/id/"
LEADERS = {"italy": "イタリア", "japan": "日本", "united-kingdom": "イギリス"}
QUERY = f"""
PREFIX id: <{ID}>
PREFIX ij: <https://w3id.org/italy-japan/ns#>
PREFIX participation-role: <https://w3id.org/italy-japan/vocab/participation-role/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?leader ?name WHERE {{
  ?role ij:participatesIn id:gcap ; ij:participationRole participation-role:leader ;
    ij:participant ?leader .
  ?leader skos:prefLabel ?name .
  FILTER(LANG(?name) = "ja")
}}
ORDER BY ?leader
"""


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with serving() as (address, _, _):
        yield address + "sparql"


@pytest.fixture(scope="module")
def rscript(pytestconfig: pytest.Config) -> str:
    if not pytestconfig.getoption("full"):
        pytest.skip("only with --full")
    found = _tool("Rscript")
    if subprocess.run([found, "-e", "library(SPARQL)"], capture_output=True).returncode:  # noqa: S603
        pytest.skip("R has no package SPARQL")
    return found


@pytest.fixture(scope="module")
def packages(pytestconfig: pytest.Config) -> Path:
    folder = pytestconfig.getoption("--sparql-clients")
    if folder is None:
        pytest.skip("needs --sparql-clients DIR, a folder with the clients' node_modules")
    return Path(folder).absolute()


@pytest.fixture(scope="module")
def node(packages: Path) -> str:
    """The folder's own Node, else the one on the PATH."""
    return shutil.which("node", path=packages / "node_modules" / ".bin") or _tool("node")


@pytest.mark.parametrize(
    ("form", "leader", "name"),
    [("xml", f"<{ID}{{}}>", '"{}"@ja'), ("csv", f"{ID}{{}}", "{}")],
    ids=["xml", "csv"],
)
def test_r(rscript: str, endpoint: str, form: str, leader: str, name: str) -> None:
    assert _rows(rscript, "sparql.R", endpoint, form) == _leaders(leader, name)


def test_comunica(packages: Path, node: str, endpoint: str) -> None:
    found = _rows(node, "comunica.mjs", endpoint, str(packages))
    assert found == 2 * _leaders(f"{ID}{{}}", '"{}"@ja')


def test_yasgui(packages: Path, node: str, endpoint: str) -> None:
    found = _rows(node, "yasgui.mjs", endpoint, str(packages), _tool("chromium"))
    assert found == 2 * _leaders("id:{}", '"{}"@ja')


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not on the PATH")
    return found


def _rows(program: str, script: str, *arguments: str) -> list[list[str]]:
    """What a client's script prints of the answer to the query, which it reads."""
    answer = subprocess.run(  # noqa: S603 (a script of our own)
        [program, str(HERE / script), *arguments],
        input=QUERY,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    assert answer.returncode == 0, answer.stderr
    return [line.split("\t") for line in answer.stdout.splitlines()]


def _leaders(leader: str, name: str) -> list[list[str]]:
    """The rows as a client writes their terms."""
    return [[leader.format(key), name.format(text)] for key, text in LEADERS.items()]
