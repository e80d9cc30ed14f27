"""How long it takes to validate a proposal, next to validating everything.

    python -m benchmarks.validation [SIZE ...]

The proposal has about 300 triples: facts, claims and passages taken from a copy of the seeds.
"""

import sys
from collections import defaultdict
from collections.abc import Callable
from statistics import median
from time import perf_counter

from benchmarks.growing import copied, grown, seeds
from kizuna import namespaces as ns
from kizuna.dataset.changes import Change, make_change
from kizuna.dataset.files import Ontology, read_ontology
from kizuna.dataset.store import EmbeddedStore
from kizuna.model import read_model
from kizuna.resources import ONTOLOGY
from kizuna.terms import NamedNode, Quad, Term
from kizuna.validation import validate
from kizuna.validation.affected import Validator

SIZES = (10_000, 100_000)
TRIPLES = 300
LARGEST_WHOLE = 10_000
NEVER = 999_999  # a copy that the data doesn't hold


def main(sizes: list[int]) -> None:
    """Print a line for each size."""
    ontology = read_ontology(ONTOLOGY)
    validator = Validator(ontology, read_model(ontology.quads, ontology.shapes))
    for size in sizes or SIZES:
        measure(ontology, validator, size)


def measure(ontology: Ontology, validator: Validator, size: int) -> None:
    """Time a proposal to data of that size."""
    given = seeds()
    data = grown(given, size)
    store = EmbeddedStore([*ontology.quads, *data])
    change = proposal(given)

    def some() -> None:
        report = validator.validate(store, change, {"proposal": dict.fromkeys(change.added, 0)})
        assert report.conforms, report.results[0]  # noqa: S101

    proposed = timed(some)
    line = f"{len(data):>9,} triples: {len(change.added)} proposed take {proposed * 1000:.0f} ms"
    if size <= LARGEST_WHOLE:

        def all_of_it() -> None:
            validate({"": [*data, *change.added]}, ontology, validator.model)

        whole = timed(all_of_it, 1)
        line += f", the whole {whole:.1f} s, {whole / proposed:.0f} times as long"
    sys.stdout.write(line + "\n")


def timed(run: Callable[[], None], times: int = 5) -> float:
    """The median of the seconds that it takes."""
    taken = []
    for _ in range(times):
        started = perf_counter()
        run()
        taken.append(perf_counter() - started)
    return median(taken)


def proposal(quads: list[Quad]) -> Change:
    """About 300 triples: some facts once more, on the same entities, with what supports them."""
    reference = NamedNode(ns.GRAPH_REFERENCE)
    there = {quad.subject for quad in quads if quad.graph_name == reference}
    new = list(copied(quads, {quad.subject for quad in quads} - there, NEVER))
    links: dict[Term, list[Quad]] = defaultdict(list)
    for quad in new:
        links[quad.subject].append(quad)
        if quad.predicate.value == ns.ON_FACT:
            links[quad.object].append(quad)
    taken: dict[Quad, None] = {}
    for fact in (quad.object for quad in new if quad.predicate.value == ns.ON_FACT):
        if len(taken) < TRIPLES:
            taken |= dict.fromkeys(reached(fact, links))
    return make_change(taken)


def reached(start: Term, links: dict[Term, list[Quad]]) -> list[Quad]:
    """All that is said of a thing, and of what that leads to."""
    found: list[Quad] = []
    left, seen = [start], {start}
    while left:
        for quad in links.get(left.pop(), []):
            found.append(quad)
            further = {quad.subject, quad.object} & links.keys() - seen
            seen |= further
            left += further
    return found


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
