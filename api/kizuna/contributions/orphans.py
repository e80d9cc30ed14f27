"""Parts that nothing leads to any more, which go with the last link to them.

A part has no name of its own, and its class either wants something to link to it, as somebody's
involvement does, or links to nothing but concepts, as a time does: nobody could find it again.
"""

from collections.abc import Container, Mapping, Set

from kizuna import namespaces as ns
from kizuna.dataset.store import Store
from kizuna.model import Class, Model
from kizuna.terms import NamedNode, Quad, Term
from kizuna.validation.overlay import is_asserted


def part_classes(model: Model, labels: Container[str]) -> Set[str]:
    """The concrete classes of parts; ``labels`` are the properties that give names."""
    stated = [p for c in model.classes.values() for p in c.properties if not p.read_only]
    targets = {leaf for p in stated if p.predicate for leaf in model.leaves(p.targets)}
    return {iri for iri in targets if _is_part(model, model.classes[iri], labels)}


def _is_part(model: Model, found: Class, labels: Container[str]) -> bool:
    stated = [p for p in found.properties if not p.read_only]
    links = {leaf for p in stated if p.predicate for leaf in model.leaves(p.targets)}
    wanted = any(p.required and p.path[0].inverse for p in stated)
    named = any(p.predicate in labels for p in stated if p.predicate)
    return not named and (wanted or links <= model.schemes.keys())


def orphaned(
    gone: Mapping[Quad, int], entering: Mapping[Quad, int], store: Store, parts: Set[str]
) -> dict[Quad, int]:
    """What is said of parts whose last link is among what goes, with the line of that link.

    A part of which something enters stays.
    """
    kept = {term for quad in entering for term in (quad.subject, quad.object)}
    leaving = dict(gone)
    waiting = list(gone.items())
    while waiting:
        quad, line = waiting.pop()
        if quad.object not in kept and _is_orphan(quad.object, leaving, store, parts):
            said = {q: line for q in store.find(quad.object) if is_asserted(q)}
            waiting += [(q, line) for q in said if q not in leaving]
            leaving |= {q: line for q in said if q not in leaving}
    return {quad: line for quad, line in leaving.items() if quad not in gone}


def _is_orphan(node: Term, leaving: Container[Quad], store: Store, parts: Set[str]) -> bool:
    if not isinstance(node, NamedNode):
        return False
    types = {getattr(q.object, "value", "") for q in store.find(node, ns.RDF_TYPE)}
    if types.isdisjoint(parts):
        return False
    return all(quad in leaving for quad in store.find(value=node) if is_asserted(quad))
