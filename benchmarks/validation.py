"""How long it takes to answer a proposal, next to validating everything.

    python -m benchmarks.validation [SIZE ...]

The proposal has about 300 triples: facts, claims and passages taken from a copy of the seeds. It is
validated with what it affects; examined, which is the same with what it looks like; and followed,
which derives what it affects and asks the saved questions again.
"""

import sys
from collections import defaultdict
from collections.abc import Callable
from statistics import median
from time import perf_counter

from benchmarks.growing import copied, grown, seeds
from kizuna import namespaces as ns
from kizuna.contributions.examination import Examiner
from kizuna.dataset.changes import Change, make_change
from kizuna.dataset.files import Ontology, read_ontology
from kizuna.dataset.releases import load_dataset
from kizuna.resources import ONTOLOGY, QUERIES
from kizuna.saved import read_saved
from kizuna.terms import NamedNode, Quad, Term
from kizuna.validation import validate
from kizuna.validation.affected import Validator

SIZES = (10_000, 100_000)
TRIPLES = 300
LARGEST_WHOLE = 10_000
NEVER = 999_999  # a copy that the data doesn't hold


def main(sizes: list[int]) -> None:
    """Print a line for each size."""
    ontology = read_ontology(ONTOLOGY, QUERIES / "derive")
    for size in sizes or SIZES:
        measure(ontology, size)


def measure(ontology: Ontology, size: int) -> None:
    """Time a proposal to data of that size, and say so in a line."""
    given = seeds()
    data = grown(given, size)
    dataset = load_dataset(ontology, {"": data})
    validator = Validator(ontology, dataset.model)
    examiner = Examiner(ontology, dataset.model, read_saved(QUERIES / "questions", ".rq"))
    change = proposal(given)
    assert validator.validate(dataset.store, change, {}).conforms  # noqa: S101 (it is made so)
    runs: dict[str, Callable[[], object]] = {
        "validated": lambda: validator.validate(dataset.store, change, {}),
        "examined": lambda: examiner.examine_change(dataset, change, "en", follow=False),
        "followed": lambda: examiner.examine_change(dataset, change, "en"),
    }
    if size <= LARGEST_WHOLE:
        everything = {"": [*data, *change.added]}
        runs["whole"] = lambda: validate(everything, ontology, dataset.model)
    taken = {name: timed(run) for name, run in runs.items()}
    told = (f"{name} {t:.2f} s ({t / taken['validated']:.1f})" for name, t in taken.items())
    sys.stdout.write(f"{len(data):,} triples, {len(change.added)} proposed: {', '.join(told)}\n")


def timed(run: Callable[[], object], times: int = 3) -> float:
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
