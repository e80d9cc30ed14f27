"""How long our answers take next to SPARQL written by hand, and to naive resolvers.

    python -m benchmarks.asking [AGREEMENTS ...]

Each pair is asked in turn, with variables that vary from turn to turn, after what was read and told
before is forgotten; no whole answer is kept, and garbage is collected as in a server. ``first`` is
the first asking of a release, whose columns are made then; ``cold`` an asking after the values at
hand, and what was told of subjects, are forgotten.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from random import Random
from resource import RUSAGE_SELF, getrusage
from statistics import median, quantiles
from time import perf_counter

import orjson
from pyoxigraph import Store

from benchmarks.naive import naive_schema
from benchmarks.operations import OPERATIONS, Operation
from benchmarks.triples import quads
from benchmarks.world import World, make_world
from kizuna.commands.serving import settle
from kizuna.dataset.files import read_ontology
from kizuna.dataset.releases import Dataset, load_dataset
from kizuna.graphql.nodes import Kept
from kizuna.graphql.schema import Api
from kizuna.resources import ONTOLOGY, QUERIES

SIZES = (30, 300, 3_000)  # about 10,000, 100,000 and 1 million triples
ROUNDS = 100


def main(sizes: Sequence[int]) -> None:
    """Print a table for each size."""
    for size in sizes or SIZES:
        world = make_world(size)
        dataset = loaded(world)
        settle()
        told(f"\n{size:,} agreements, {held(dataset):,} triples in the store")
        told(f"memory at most {getrusage(RUSAGE_SELF).ru_maxrss // 1024:,} MiB\n")
        told(
            "| operation | first | cold | queries | rows | ours, ms | p95 | against | ms | ratio |"
        )
        told("|---|--:|--:|--:|--:|--:|--:|---|--:|--:|")
        for operation in OPERATIONS:
            compare(operation, world, dataset)


def loaded(world: World) -> Dataset:
    """The world as a release with all that is derived."""
    ontology = read_ontology(ONTOLOGY, QUERIES / "derive")
    return load_dataset(ontology, {"world": list(quads(world))})


def compare(operation: Operation, world: World, dataset: Dataset) -> None:
    """Print a line for each contender."""
    api, store = Api(dataset), engine(dataset)
    ours = answering(api, operation)
    asked: dict[str, Callable[[Mapping[str, object]], object]] = {}
    for name, form in operation.forms.items():
        asked[f"SPARQL: {name}"] = partial(form, store)
    if naive := naive_schema(store).get(operation.name):
        asked["naive resolvers"] = naive
    random = Random(1)  # noqa: S311 (nothing is secret here)
    first = timed(lambda: ours(operation.vary(random, world)))
    cold = forgetting(api, dataset, lambda: ours(operation.vary(random, world)))
    counts = counted(api, operation, operation.vary(random, world))
    mine = f"| {operation.name} | {first:.2f} | {cold:.2f} | {counts} "
    for name, theirs in asked.items():
        forget(api, dataset)
        pair: tuple[list[float], list[float]] = ([], [])
        for _ in range(ROUNDS):
            variables = operation.vary(random, world)
            for ask, times in zip((ours, theirs), pair, strict=True):
                times.append(timed(partial(ask, variables)))
        told(f"{mine}{report(name, *pair)}")
        mine = "| | | | | "


def answering(api: Api, operation: Operation) -> Callable[[Mapping[str, object]], bytes]:
    """Our answer, serialised."""
    return lambda variables: orjson.dumps(api.execute(operation.document, variables).payload)


def counted(api: Api, operation: Operation, variables: Mapping[str, object]) -> str:
    """The store queries and rows of one asking, as cells."""
    payload = api.execute(operation.document, variables).payload
    if "errors" in payload:
        raise ValueError(payload["errors"])
    counts = payload["extensions"]["kizuna"]
    return f"{counts['storeQueries']} | {counts['rowsRead']}"


def report(name: str, ours: Sequence[float], theirs: Sequence[float]) -> str:
    """What was measured of a pair, as cells."""
    mine, other = median(ours), median(theirs)
    p95 = quantiles(ours, n=20)[-1]
    return f"| {mine:.2f} | {p95:.2f} | {name} | {other:.2f} | {mine / other:.2f} |"


def forgetting(api: Api, dataset: Dataset, ask: Callable[[], object], times: int = 9) -> float:
    """The median of the milliseconds it takes when nothing that was read or told is at hand."""
    taken = []
    for _ in range(times):
        forget(api, dataset)
        taken.append(timed(ask))
    return median(taken)


def forget(api: Api, dataset: Dataset) -> None:
    """Leave neither the values that were read at hand nor what was told of subjects."""
    dataset.store._values.forget()  # type: ignore[attr-defined]
    api._running._kept = Kept()


def timed(run: Callable[[], object]) -> float:
    """The milliseconds that it takes."""
    started = perf_counter()
    run()
    return 1000 * (perf_counter() - started)


def engine(dataset: Dataset) -> Store:
    """The engine's own store, which queries by hand are asked of directly."""
    store = dataset.store._store  # type: ignore[attr-defined]
    if not isinstance(store, Store):
        raise TypeError("an embedded store is measured")
    return store


def held(dataset: Dataset) -> int:
    """How many triples the store holds."""
    return len(engine(dataset))


def told(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
