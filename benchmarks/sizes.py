"""How an answer grows with the data: each operation asked of a small release and of a large one.

    python -m benchmarks.sizes [AGREEMENTS AGREEMENTS]

Both are held by one process and asked in turn, with variables that vary from turn to turn. ``cold``
is an asking after the values at hand, and what was told of subjects, are forgotten.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from statistics import median

from benchmarks.asking import answering, forget, held, loaded, timed, told
from benchmarks.operations import OPERATIONS, Operation
from benchmarks.world import World, make_world
from kizuna.dataset.releases import Dataset
from kizuna.graphql.schema import Api

SIZES = (22, 16_200)  # about 10,000 and 5 million triples
ROUNDS = 60
COLD_ROUNDS = 15


@dataclass(frozen=True)
class Held:
    """A world of a size, ready to be asked."""

    world: World
    dataset: Dataset
    api: Api

    @classmethod
    def of(cls, size: int) -> "Held":
        """A world of so many agreements."""
        world = make_world(size)
        dataset = loaded(world)
        return cls(world, dataset, Api(dataset))


def main(sizes: Sequence[int]) -> None:
    """Print a line for each operation."""
    worlds = [Held.of(size) for size in sizes]
    small, large = (f"{held(one.dataset):,}" for one in worlds)
    told(f"milliseconds at {small} and at {large} triples\n")
    told("| operation | small | large | ratio | small, cold | large, cold | ratio |")
    told("|---|--:|--:|--:|--:|--:|--:|")
    for operation in OPERATIONS:
        for one in worlds:
            answering(one.api, operation)(operation.vary(Random(0), one.world))  # noqa: S311
        warm = medians(operation, worlds, ROUNDS, lambda _: None)
        cold = medians(operation, worlds, COLD_ROUNDS, lambda one: forget(one.api, one.dataset))
        told(f"| {operation.name} {columns(*warm)}{columns(*cold)}|")


def medians(
    operation: Operation, worlds: Sequence[Held], rounds: int, before: Callable[[Held], None]
) -> Sequence[float]:
    """The median of the milliseconds that each world takes."""
    random = Random(1)  # noqa: S311 (nothing is secret here)
    times: list[list[float]] = [[] for _ in worlds]
    for _ in range(rounds):
        for one, taken in zip(worlds, times, strict=True):
            ask = answering(one.api, operation)
            variables = operation.vary(random, one.world)
            before(one)
            taken.append(timed(lambda: ask(variables)))  # noqa: B023 (called at once)
    return [median(taken) for taken in times]


def columns(small: float, large: float) -> str:
    """Two times and their ratio, as cells."""
    return f"| {small:.2f} | {large:.2f} | {large / small:.2f} "


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or SIZES)
