"""Our server next to PostGraphile 5 on indexed tables of PostgreSQL, over HTTP.

    python -m benchmarks.serving [AGREEMENTS ...]

Each serves with one process, and is asked in turn by `wrk` over eight connections, with variables
that vary. PostGraphile and its packages are installed in `.benchmarks/` where they lack; npm, wrk
and PostgreSQL must be there.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

import orjson

from benchmarks.asking import engine, held, loaded, told
from benchmarks.operations import OPERATIONS, Operation, Tables
from benchmarks.postgraphile import postgraphile
from benchmarks.tables import fill
from benchmarks.triples import quads
from benchmarks.world import World, make_world
from kizuna.dataset.files import n_quads
from tests.databases import postgresql
from tests.serving import serving

SIZES = (300, 3_000)  # about 100,000 and 1 million triples
FOLDER = Path(".benchmarks")
BODIES = 500
TURNS = 3
SECONDS = 5
SCRIPT = Path(__file__).parent / "load.lua"


def main(sizes: Sequence[int]) -> None:
    """Print a table for each size."""
    for size in sizes or SIZES:
        with TemporaryDirectory() as folder, postgresql() as url:
            compare(make_world(size), Path(folder), url)


def compare(world: World, folder: Path, url: str) -> None:
    """Serve the world both ways, and print a line for each operation."""
    data = folder / "world.nq"
    data.write_text("".join(n_quads(quads(world))))
    database = url.format(name="postgres")
    dataset = loaded(world)
    fill(database, engine(dataset))
    told(f"\n{world.size:,} agreements, {held(dataset):,} triples in the store\n")
    del dataset
    told("| operation | ours, requests/s | p50 ms | p95 ms | PostGraphile | p50 | p95 | ratio |")
    told("|---|--:|--:|--:|--:|--:|--:|--:|")
    with postgraphile(database, FOLDER.resolve()) as theirs, serving("--data", str(data)) as ours:
        for operation in OPERATIONS:
            if operation.tables:
                race(operation, operation.tables, world, ours[0].rstrip("/") + "/graphql", theirs)
        memory = Path(f"/proc/{ours[2].pid}/status").read_text()
        told(f"\nmemory of our server at most {re.search('VmHWM: *(.*)', memory)[1]}")  # type: ignore[index]


def race(operation: Operation, tables: Tables, world: World, ours: str, theirs: str) -> None:
    """Ask both in turn, and print what was measured."""
    random = Random(2)  # noqa: S311 (nothing is secret here)
    asked = [operation.vary(random, world) for _ in range(BODIES)]
    other = [tables.variables(variables) for variables in asked]
    mine, their = [], []
    load(ours, operation.document, asked)  # what is asked first makes columns, and plans
    load(theirs, tables.document, other)
    for _ in range(TURNS):
        mine.append(load(ours, operation.document, asked))
        their.append(load(theirs, tables.document, other))
    a, b = [[median(column) for column in zip(*turns, strict=True)] for turns in (mine, their)]
    cells = (f"{each:,.0f} | {p50:.1f} | {p95:.1f}" for each, p50, p95 in (a, b))
    told(f"| {operation.name} | {' | '.join(cells)} | {a[0] / b[0]:.2f} |")


def load(address: str, document: str, asked: Sequence[Mapping[str, object]]) -> tuple[float, ...]:
    """Requests a second, and the median and 95th percentile of the milliseconds each took."""
    bodies = (orjson.dumps({"query": document, "variables": one}) for one in asked)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "bodies"
        file.write_bytes(b"\n".join(bodies))
        wrk = shutil.which("wrk") or sys.exit("wrk is missing")
        command = [
            wrk,
            "-t1",
            "-c8",
            f"-d{SECONDS}s",
            "--timeout",
            "60s",
            "-s",
            str(SCRIPT),
            address,
        ]
        done = subprocess.run(  # noqa: S603 (our own command)
            command, env=os.environ | {"BODIES": str(file)}, capture_output=True, text=True
        )
    found = re.search(r"MEASURED (\S+) (\d+) (\d+) (\d+)", done.stdout)
    if not found or found[4] != "0":
        sys.exit(f"{address} did not answer all: {done.stdout}{done.stderr}")
    return float(found[1]), int(found[2]) / 1000, int(found[3]) / 1000


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
