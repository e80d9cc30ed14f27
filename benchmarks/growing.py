"""Conforming data of any size: the seeds, over and over, each time with names of their own.

What the copies share, so that there are things with very many links, are countries.
"""

from collections.abc import Iterator, Sequence, Set

from kizuna import namespaces as ns
from kizuna.dataset.releases import read_data, seed_files
from kizuna.resources import SEEDS
from kizuna.terms import NamedNode, Quad, Term

SHARED = NamedNode(ns.TERMS + "Country")


def seeds() -> list[Quad]:
    """The quads of the packaged seeds."""
    return [quad for quads in read_data(seed_files(SEEDS)).values() for quad in quads]


def grown(quads: Sequence[Quad], size: int) -> list[Quad]:
    """At least that many quads, made of copies of the given ones."""
    shared = {quad.subject for quad in quads if quad.object == SHARED}
    own = {quad.subject for quad in quads} - shared
    found = list(quads)
    number = 1
    while len(found) < size:
        found += copied(quads, own, number)
        number += 1
    return found


def copied(quads: Sequence[Quad], own: Set[Term], number: int) -> Iterator[Quad]:
    """What the quads say of their own subjects, said of others."""
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and quad.subject in own:
            graph = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
            if graph.startswith(ns.GRAPH_SOURCE):
                graph = f"{graph}-{number}"
            subject = NamedNode(f"{quad.subject.value}-copy-{number}")
            value = _named(quad.object, own, number)
            yield Quad(subject, quad.predicate, value, NamedNode(graph))


def _named(term: Term, own: Set[Term], number: int) -> Term:
    if isinstance(term, NamedNode) and term in own:
        return NamedNode(f"{term.value}-copy-{number}")
    return term
