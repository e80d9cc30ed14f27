"""Candidates for what a name stands for, by its likeness and by what else is known of it.

The service that this serves: https://reconciliation-api.github.io/specs/0.2/
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

from rapidfuzz import fuzz

from kizuna import namespaces as ns
from kizuna.dataset.releases import Dataset
from kizuna.dataset.search import folded
from kizuna.errors import InvalidInput
from kizuna.model import Class, Path, Property
from kizuna.reconciling.names import EXACT, Names, Thing
from kizuna.reconciling.wishes import Wish
from kizuna.terms import Literal, NamedNode, Term, local_name

CERTAIN = 95.0
NAME_WEIGHT = 2.0


@dataclass(frozen=True)
class Candidate:
    """A thing that may be meant; ``features`` say how well name and each property fit, to 100."""

    thing: Thing
    score: float
    features: tuple[tuple[str, float], ...]
    match: bool = False


class Reconciler:
    """Finds what names in one release stand for: things of its own that bear a label."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._model = dataset.model
        self.base = next(iter(dataset.model.id_bases), "")
        self.types: Mapping[str, Class] = {
            found.name: found for found in self._model.classes.values() if self._is_named(found)
        }

    @cached_property
    def names(self) -> Names:
        """The names, read when they are first asked for."""
        leaves = [found for found in self.types.values() if not found.abstract]
        return Names(leaves, self.base, self._dataset.store.reader())

    def candidates(self, wish: Wish) -> list[Candidate]:
        """The candidates, best first.

        Only the one that is called so and fits, where no other does as well, is a match.
        """
        classes = self._classes(wish.types)
        scores = dict(self.names.like(wish.text, classes))
        exact = self.thing(wish.text)
        if exact and (classes is None or exact.of_class in classes):
            scores[exact.iri] = EXACT
        found = self._scored(scores, wish)
        rivals = [one for one in found if one.score >= CERTAIN]
        if len(rivals) == 1:
            found[0] = replace(found[0], match=True)
        return found[: wish.limit]

    def _scored(self, scores: Mapping[str, float], wish: Wish) -> list[Candidate]:
        things = [self.names.things[iri] for iri in scores]
        features = {thing.iri: [("name", scores[thing.iri])] for thing in things}
        for name, wanted in wish.known:
            values = self.values(things, name)
            for iri, told in features.items():
                told.append((name, self._fit(values.get(iri, ()), wanted)))
        found = [Candidate(t, _mean(features[t.iri]), tuple(features[t.iri])) for t in things]
        return sorted(found, key=lambda one: (-one.score, one.thing.iri))

    def _fit(self, terms: Iterable[Term], wanted: Iterable[str]) -> float:
        """How well any of the values fits any of those wanted."""
        there = [folded(text) for term in terms for text in self._texts(term)]
        pairs = ((one, folded(text)) for one in there for text in wanted)
        return max((fuzz.ratio(one, text) for one, text in pairs), default=0.0)

    def _texts(self, term: Term) -> Iterable[str]:
        if isinstance(term, Literal):
            return (term.value,)
        if not isinstance(term, NamedNode):
            return ()
        thing = self.names.things.get(term.value)
        return (term.value, local_name(term.value), *(thing.labels.values() if thing else ()))

    def beginning(self, prefix: str, types: Sequence[str], start: int, limit: int) -> list[Thing]:
        """Things one of whose names has the words of the prefix, best first."""
        classes = self._classes(types)
        if classes is None:
            classes = {found.iri for found in self.types.values()}
        hits = self._dataset.texts.index.find(prefix, classes)
        things = (
            self.names.things[hit.subject] for hit in hits if hit.subject in self.names.things
        )
        return list(islice(things, start, start + limit))

    def thing(self, identifier: str) -> Thing | None:
        """What the identifier names, whole or its last part."""
        things = self.names.things
        return things.get(identifier) or things.get(self.base + identifier)

    def properties(self, types: Sequence[str] = ()) -> Mapping[str, Property]:
        """The properties of the types by name, or of all."""
        wanted = [self.types[name] for name in types if name in self.types] or self.types.values()
        return {prop.name: prop for found in wanted for prop in found.properties}

    def values(self, things: Iterable[Thing], name: str) -> Mapping[str, Sequence[Term]]:
        """The values of a property by the things' IRIs; raises InvalidInput for one unknown."""
        paths: dict[Path, list[Term]] = {}
        if name not in self.properties():
            raise InvalidInput(
                f"There is no property {name!r}; the manifest says where the properties of a type "
                "are listed (extend.propose_properties)."
            )
        for thing in things:
            prop = self._property(thing, name)
            if prop:
                paths.setdefault(prop.path, []).append(NamedNode(thing.iri))
        found = self._dataset.store.reader().values(paths) if paths else {}
        return {
            subject.value: terms
            for by_subject in found.values()
            for subject, terms in by_subject.items()
            if isinstance(subject, NamedNode)
        }

    def _property(self, thing: Thing, name: str) -> Property | None:
        fields = self._model.classes[thing.of_class].properties
        return next((prop for prop in fields if prop.name == name), None)

    def _classes(self, types: Sequence[str]) -> Collection[str] | None:
        """The concrete classes of the types, None where no type is wanted."""
        if not types:
            return None
        known = [self.types[name] for name in types if name in self.types]
        return {leaf for found in known for leaf in (found.leaves or (found.iri,))}

    def _is_named(self, found: Class) -> bool:
        """Whether its things are called something, and say nothing by themselves as facts do."""
        concepts = (self._model.classes[iri] for iri in self._model.schemes)
        if any(found.iri in (one.iri, *one.ancestors) for one in concepts):
            return False
        if ns.FACT in (found.iri, *found.ancestors):
            return False
        return any(prop.predicate == ns.SKOS_PREF_LABEL for prop in found.properties)


def _mean(features: Sequence[tuple[str, float]]) -> float:
    """The score: the name counts twice as much as anything else."""
    (_, name), *others = features
    total = NAME_WEIGHT * name + sum(value for _, value in others)
    return round(total / (NAME_WEIGHT + len(others)), 1)
