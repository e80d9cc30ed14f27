"""What answers take to be read: store queries, and rows next to the values returned.

    python -m benchmarks.reading [AGREEMENTS ...]

Each operation is asked for one result, for twenty and for a thousand.
"""

import sys
from collections.abc import Sequence

from benchmarks.asking import SIZES, held, loaded, told
from benchmarks.world import make_world
from kizuna.graphql.schema import Api
from tests.readings import OPERATIONS, RESULTS, reading


def main(sizes: Sequence[int]) -> None:
    """Print a table for each size."""
    for size in sizes or SIZES:
        dataset = loaded(make_world(size))
        api = Api(dataset)
        told(f"\n{held(dataset):,} triples in the store\n")
        told(f"| operation |{'|'.join(f' {n:,}: queries | rows / values ' for n in RESULTS)}|")
        told(f"|---|{'--:|' * 2 * len(RESULTS)}")
        for name, operation in OPERATIONS.items():
            found = (reading(api, operation, results) for results in RESULTS)
            cells = (f" {r.queries} | {r.rows:,} / {r.values:,} = {r.ratio:.2f} " for r in found)
            told(f"| {name} |{'|'.join(cells)}|")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
