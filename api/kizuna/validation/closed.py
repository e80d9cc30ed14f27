"""Which properties the instances of a class may have: its shapes closed, inherited ones counted.

https://www.w3.org/TR/shacl/#ClosedConstraintComponent itself leaves out what is inherited.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from kizuna import namespaces as ns
from kizuna.model import Model
from kizuna.terms import NamedNode, Quad, Term


class ClosedClasses:
    """The predicates of each class of the Model; of every class together where none is named."""

    def __init__(self, model: Model, shapes: Iterable[Quad]) -> None:
        self._classes = model.classes
        self._spoken_of = _paths(shapes)

    def stated(self, name: str | None = None) -> frozenset[str]:
        """What may be stated: the class's fields, and that of which its shapes speak besides,
        such as a fixed value or a mere warning."""
        return self._stated[name] if name else frozenset().union(*self._stated.values())

    def derived(self, name: str | None = None) -> frozenset[str]:
        """What is derived, hence never stated."""
        if name:
            return self._derived[name]
        return frozenset().union(*self._derived.values()) - self.stated()

    def owners(self, predicate: str) -> Sequence[str]:
        """The topmost classes that have the predicate, stated or derived."""
        return sorted(
            iri
            for iri, known in self._classes.items()
            if self._has(iri, predicate)
            and not any(self._has(above, predicate) for above in known.ancestors)
        )

    def _has(self, name: str, predicate: str) -> bool:
        return predicate in self._stated[name] or predicate in self._derived[name]

    @cached_property
    def _derived(self) -> Mapping[str, frozenset[str]]:
        return {
            iri: frozenset(p.predicate for p in known.properties if p.predicate and p.read_only)
            for iri, known in self._classes.items()
        }

    @cached_property
    def _stated(self) -> Mapping[str, frozenset[str]]:
        stated = {}
        for iri, known in self._classes.items():
            fields = {p.predicate for p in known.properties if p.predicate}
            spoken_of = (p for c in (iri, *known.ancestors) for p in self._spoken_of.get(c, ()))
            stated[iri] = frozenset({*fields, *spoken_of}) - self._derived[iri]
        return stated


def _paths(shapes: Iterable[Quad]) -> Mapping[str, set[str]]:
    """The predicates that are paths of property shapes, by the class that these are for."""
    values: dict[str, dict[Term, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for quad in shapes:
        values[quad.predicate.value][quad.subject].append(quad.object)

    def direct(shape: Term) -> Iterator[str]:
        for prop in values[ns.SH_PROPERTY][shape]:
            yield from (p.value for p in values[ns.SH_PATH][prop] if isinstance(p, NamedNode))

    paths: dict[str, set[str]] = defaultdict(set)
    for shape, targets in values[ns.SH_TARGET_CLASS].items():
        for target in targets:
            if isinstance(target, NamedNode):
                paths[target.value].update(direct(shape))
    return paths
