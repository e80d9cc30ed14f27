"""For a fault, the change that would mend it, where one is plain.

Only what can be told from the ontology and the data is suggested: a name of which the wrong one is
a slip, a value of the right kind, what to leave out.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches

from kizuna import namespaces as ns
from kizuna.contributions.missing import Near
from kizuna.dataset.changes import Change, make_change
from kizuna.dataset.times import bounds
from kizuna.errors import InvalidInput
from kizuna.model import Class, Model, Property
from kizuna.terms import Literal, NamedNode, Quad, Term, local_name
from kizuna.validation.closed import ClosedClasses
from kizuna.validation.names import Names
from kizuna.validation.overlay import Overlay
from kizuna.validation.reads import TYPE
from kizuna.validation.results import Result

STRUCTURE = ns.SHAPES + "structure-"
NEAR = 0.7
WHOLE = re.compile(r"[+-]?[0-9]+")
NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")


class Suggester:
    """Finds what would mend the faults of one change."""

    def __init__(
        self,
        model: Model,
        closed: ClosedClasses,
        names: Names,
        view: Overlay,
        labels: Iterable[str],
        near: Near,
    ) -> None:
        self._model = model
        self._closed = closed
        self._names = names
        self._view = view
        self._labels = tuple(labels)
        self._near = near
        self._shapes: Mapping[str, tuple[Class, Property]] = {
            p.shape: (c, p) for c in model.classes.values() for p in c.properties
        }

    def mend(self, result: Result) -> Change | None:
        """What to remove from what is submitted, and what to add, so that the fault is gone."""
        quad = self._quad(result)
        if quad is None:
            return None
        instead = self._instead(result, quad)
        if instead is None:
            return None
        return make_change(instead, [quad]) if quad not in instead else None

    def _quad(self, result: Result) -> Quad | None:
        """The added quad at fault."""
        return next(
            (
                quad
                for quad in self._view.change.added
                if self._names.full(quad.subject) == result.focus
                and self._names.path(quad.predicate.value) == result.path
                and self._names.full(quad.object) == result.value
            ),
            None,
        )

    def _instead(self, result: Result, quad: Quad) -> list[Quad] | None:
        rule = result.constraint.removeprefix(STRUCTURE)
        if rule == "not-derived":
            return []
        if rule == "known-property":
            stated = self._closed.stated(self._leaf(quad))
            return _one(self._along(quad, near) for near in _nearest(quad.predicate.value, stated))
        if rule == "known-class":
            concrete = (c.iri for c in self._model.classes.values() if not c.abstract)
            return _one(_to(quad, NamedNode(iri)) for iri in _nearest(_iri(quad), concrete))
        if rule == "leaf-class":
            leaves = self._model.classes[_iri(quad)].leaves
            return [_to(quad, NamedNode(leaves[0]))] if len(leaves) == 1 else None
        _, prop = self._shapes.get(result.constraint, (None, None))
        return _one(_to(quad, value) for value in self._values(quad, prop)) if prop else None

    def _leaf(self, quad: Quad) -> str | None:
        types = {
            t.value for t in self._view.ends(quad.subject, (TYPE,)) if isinstance(t, NamedNode)
        }
        known = sorted(types & self._model.classes.keys())
        return known[0] if len(known) == 1 else None

    def _along(self, quad: Quad, predicate: str) -> Quad:
        return Quad(quad.subject, NamedNode(predicate), quad.object, quad.graph_name)

    def _values(self, quad: Quad, prop: Property) -> Iterator[Term]:
        """Values of the right kind that the wrong one may stand for."""
        value = quad.object
        if not prop.targets:
            if isinstance(value, Literal) and prop.datatype:
                yield from _cast(value, prop.datatype)
            return
        leaves = self._model.leaves(prop.targets)
        concepts = [
            c.iri for leaf in leaves if (s := self._model.schemes.get(leaf)) for c in s.concepts
        ]
        text = value.value if isinstance(value, Literal | NamedNode) else ""
        yield from (NamedNode(iri) for iri in _nearest(text, concepts))
        found = [*self._by_label(value), *self._by_name(text)]
        yield from (node for node in found if self._is_a(node, leaves))
        if isinstance(value, NamedNode) and not self._view.described(value):
            yield from (NamedNode(iri) for iri in self._near(text, frozenset(leaves)))

    def _by_label(self, value: Term) -> Iterator[Term]:
        """What is called so."""
        if isinstance(value, Literal):
            for predicate in self._labels:
                yield from (quad.subject for quad in self._view.stating(predicate, value))

    def _by_name(self, text: str) -> Iterator[Term]:
        """What has the same last part under a base of identifiers."""
        name = local_name(text)
        if re.fullmatch(r"[\w.-]+", name, re.ASCII):
            yield from (NamedNode(base + name) for base in self._model.id_bases)

    def _is_a(self, node: Term, leaves: Iterable[str]) -> bool:
        wanted = {NamedNode(leaf) for leaf in leaves}
        return not wanted.isdisjoint(self._view.ends(node, (TYPE,)))


def _one(found: Iterable[Quad]) -> list[Quad] | None:
    first = next(iter(found), None)
    return None if first is None else [first]


def _to(quad: Quad, value: Term) -> Quad:
    return Quad(quad.subject, quad.predicate, value, quad.graph_name)


def _iri(quad: Quad) -> str:
    return quad.object.value if isinstance(quad.object, NamedNode) else ""


def _nearest(iri: str, candidates: Iterable[str]) -> list[str]:
    by_name = {local_name(candidate): candidate for candidate in sorted(candidates)}
    return [by_name[n] for n in get_close_matches(local_name(iri), by_name, n=1, cutoff=NEAR)]


def _cast(value: Literal, datatype: str) -> Iterator[Literal]:
    """The same text as a literal of the datatype, where it can be one."""
    text = value.value.strip()
    if datatype != ns.RDF_LANG_STRING and _fits(text, datatype):
        yield Literal(text, datatype=NamedNode(datatype))


def _fits(text: str, datatype: str) -> bool:
    kind = datatype.removeprefix(ns.XSD)
    if kind in ("integer", "decimal"):
        return bool((WHOLE if kind == "integer" else NUMBER).fullmatch(text))
    try:
        if kind == "date":
            return date.fromisoformat(text).isoformat() == text
        if datatype == ns.EDTF:
            bounds(text)
            return True
    except (ValueError, InvalidInput):
        return False
    return kind == "string" or (kind == "boolean" and text in ("true", "false"))
