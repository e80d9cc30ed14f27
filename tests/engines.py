"""An engine of another make: an Oxigraph server over a dump, as an operator would start one."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kizuna.dataset.dumps import dump
from kizuna.dataset.releases import Dataset

OXIGRAPH = str(Path(sys.executable).parent / "oxigraph")
PATIENCE = 20


def loaded(dataset: Dataset, folder: Path, suffix: str = "nq") -> Path:
    """A folder with the dataset's dump as Oxigraph keeps it."""
    file = folder / f"dump.{suffix}"
    with file.open("wb") as out:
        dump(dataset, suffix, out)
    load(folder / "store", file)
    return folder / "store"


def load(store: Path, file: Path, *options: str) -> None:
    """Loads one more file."""
    command = [OXIGRAPH, "load", "--location", str(store), "--file", str(file), *options]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 (a command of our own)


@contextmanager
def engine(store: Path, *options: str) -> Iterator[str]:
    """The address of a running server's endpoint; the server is ended in the end."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = "{}:{}".format(*free.getsockname())
    command = [OXIGRAPH, "serve-read-only", "--location", str(store), "--bind", address, *options]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as process:  # noqa: S603 (as above)
        try:
            _wait(address)
            yield f"http://{address}/query"
        finally:
            process.kill()


def _wait(address: str) -> None:
    host, port = address.split(":")
    end = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection((host, int(port)), 1).close()
            return
        except OSError:
            assert time.monotonic() < end, "the engine doesn't start"
            time.sleep(0.02)
