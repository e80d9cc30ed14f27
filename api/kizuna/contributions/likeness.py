"""What looks like something that is there already: by its names, in any language, or by a code.

Names are compared as search compares them, without case, accents and width, and word by word, so
that the order of a name's parts doesn't count (https://rapidfuzz.github.io/RapidFuzz/). A code is a
value of a property that tells things apart: its shape states ``dash:uniqueValueForClass``
(https://datashapes.org/constraints.html#UniqueValueForClassConstraintComponent).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial
from typing import Literal as Choice

from rapidfuzz import fuzz, process

from kizuna import namespaces as ns
from kizuna.dataset.changes import Change
from kizuna.dataset.search import folded
from kizuna.dataset.store import Store
from kizuna.model import Model
from kizuna.terms import Literal, NamedNode, Quad, Term, local_name

ALIKE = 88
NEAR = 80  # less is asked of what stands in place of nothing
MOST = 3
LOOKED_FOR = 100
SAME = 100.0


@dataclass(frozen=True)
class Likeness:
    """A submitted thing and one that is there, with what makes them alike; 100 is the same."""

    new: str
    existing: str
    by: Choice["name", "code"]
    text: str
    existing_text: str
    score: float


class Lookalikes:
    """Finds what the things that a change brings look like."""

    def __init__(self, model: Model, shapes: Iterable[Quad], labels: Iterable[str]) -> None:
        self._model = model
        self._labels = tuple(dict.fromkeys([*labels, ns.SKOS_ALT_LABEL]))
        self._codes = _codes(shapes)
        self._known: _Known | None = None

    def find(self, store: Store, change: Change) -> tuple[Likeness, ...]:
        """The likenesses of each new thing, the best first."""
        new = {node: cls for node, cls in _new(store, change) if cls in self._model.classes}
        names = self._by_name(store, change, new)
        codes = self._by_code(store, change)
        best: dict[tuple[str, str], Likeness] = {}
        for found in sorted([*codes, *names], key=lambda one: (one.new, -one.score, one.existing)):
            best.setdefault((found.new, found.existing), found)
        return tuple(_limited(best.values()))

    def near(self, store: Store, change: Change, iri: str, leaves: Set[str]) -> list[str]:
        """What there is of the classes, the change included, with a name like the IRI's last part,
        the best first."""
        known = self._known = _Known.of(store, self._labels, self._known)
        wanted = [NamedNode(leaf) for leaf in leaves]
        new = [_iri(q.subject) for q in change.added if _types(q) and q.object in wanted]
        names = [*known.called(leaves), *((one, _words(one)) for one in new)]
        gone = {_iri(quad.subject) for quad in change.removed if _types(quad)}
        scored = process.extract_iter(
            _words(iri), [key for _, key in names], scorer=fuzz.ratio, score_cutoff=NEAR
        )
        best = sorted((-score, names[place][0]) for _, score, place in scored)
        return [one for one in dict.fromkeys(one for _, one in best) if one not in gone][:MOST]

    def _by_code(self, store: Store, change: Change) -> Iterator[Likeness]:
        gone = {quad.triple for quad in change.removed}
        for quad in change.added:
            if quad.predicate.value in self._codes and isinstance(quad.object, Literal):
                text = quad.object.value
                for other in store.find(None, quad.predicate.value, quad.object):
                    if other.subject != quad.subject and other.triple not in gone:
                        yield Likeness(
                            _iri(quad.subject), _iri(other.subject), "code", text, text, SAME
                        )

    def _by_name(self, store: Store, change: Change, new: Mapping[Term, str]) -> Iterator[Likeness]:
        texts: dict[str, list[tuple[Term, str]]] = defaultdict(list)
        for quad in change.added:
            named = quad.predicate.value in self._labels and quad.subject in new
            if named and isinstance(quad.object, Literal):
                texts[self._family(new[quad.subject])].append((quad.subject, quad.object.value))
        known = self._known = _Known.of(store, self._labels, self._known)
        for family, wanted in texts.items():
            names, keys = known.names(family, self._model.classes[family].leaves)
            for subject, text in wanted:
                yield from _alike(subject, text, keys, names)

    def _family(self, leaf: str) -> str:
        """The class above, so that a company may look like another organisation."""
        return next(iter(self._model.classes[leaf].parents), leaf)


class Nearest:
    """Finds what a change's links to nothing may mean, for so many of them; then nothing more."""

    def __init__(self, lookalikes: Lookalikes, store: Store, change: Change) -> None:
        self._find = partial(lookalikes.near, store, change)
        self._found: dict[tuple[str, Set[str]], list[str]] = {}

    def __call__(self, iri: str, leaves: Set[str]) -> list[str]:
        """What there is of the classes with a name like the IRI's last part, the best first."""
        asked = iri, leaves
        if asked not in self._found and len(self._found) < LOOKED_FOR:
            self._found[asked] = self._find(iri, leaves)
        return self._found.get(asked, [])


class _Known:
    """The names in a store, as written and as compared, kept as long as it is asked of."""

    def __init__(self, store: Store, labels: Sequence[str], keys: Mapping[str, str]) -> None:
        self._store = store
        self._labels = labels
        self._before = keys
        self._keys: dict[str, str] = {}
        self._names: dict[str, tuple[list[tuple[str, str]], list[str]]] = {}
        self._called: dict[Set[str], list[tuple[str, str]]] = {}

    @classmethod
    def of(cls, store: Store, labels: Sequence[str], last: "_Known | None") -> "_Known":
        """The names in this store, by what is known already of those in the last."""
        if last and last._store is store:
            return last
        return cls(store, labels, last._keys if last else {})

    def names(
        self, family: str, leaves: Iterable[str]
    ) -> tuple[Sequence[tuple[str, str]], Sequence[str]]:
        """The names of all of the family, whose they are and as written; and as compared."""
        if family not in self._names:
            names = self._found(leaves)
            self._names[family] = names, [self._key(text) for _, text in names]
        return self._names[family]

    def called(self, leaves: Set[str]) -> Sequence[tuple[str, str]]:
        """All things of the classes, each with its names and its IRI's last part, as compared."""
        if leaves not in self._called:
            named = [(thing, self._key(text)) for thing, text in self._found(leaves)]
            of_class = (self._store.find(None, ns.RDF_TYPE, NamedNode(leaf)) for leaf in leaves)
            things = [_iri(quad.subject) for quads in of_class for quad in quads]
            self._called[leaves] = [*named, *((thing, _words(thing)) for thing in things)]
        return self._called[leaves]

    def _key(self, text: str) -> str:
        return self._keys.setdefault(text, self._before.get(text) or _key(text))

    def _found(self, leaves: Iterable[str]) -> list[tuple[str, str]]:
        classes = " ".join(f"<{leaf}>" for leaf in leaves)
        labels = " ".join(f"<{label}>" for label in self._labels)
        rows = self._store.reader().select(
            f"SELECT ?thing ?text {{ VALUES ?class {{ {classes} }} ?thing a ?class . "
            f"VALUES ?label {{ {labels} }} ?thing ?label ?text }}"
        )
        return [
            (thing.value, text.value)
            for thing, text in rows.rows
            if isinstance(thing, NamedNode) and isinstance(text, Literal)
        ]


def _new(store: Store, change: Change) -> Iterator[tuple[Term, str]]:
    """The things that the change brings, with their classes."""
    for quad in change.added:
        if _types(quad) and next(store.find(quad.subject, ns.RDF_TYPE), None) is None:
            yield quad.subject, _iri(quad.object)


def _types(quad: Quad) -> bool:
    return quad.predicate.value == ns.RDF_TYPE and isinstance(quad.object, NamedNode)


def _alike(
    subject: Term, text: str, keys: Sequence[str], names: Sequence[tuple[str, str]]
) -> Iterator[Likeness]:
    found = process.extract(_key(text), keys, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=MOST)
    for _, score, place in found:
        iri, written = names[place]
        yield Likeness(_iri(subject), iri, "name", text, written, round(score, 1))


def _limited(found: Iterable[Likeness]) -> Iterator[Likeness]:
    counts: dict[str, int] = defaultdict(int)
    for one in found:
        counts[one.new] += 1
        if counts[one.new] <= MOST:
            yield one


def _codes(shapes: Iterable[Quad]) -> frozenset[str]:
    paths: dict[Term, str] = {}
    unique: set[Term] = set()
    for quad in shapes:
        if quad.predicate.value == ns.SH_PATH and isinstance(quad.object, NamedNode):
            paths[quad.subject] = quad.object.value
        elif quad.predicate.value == ns.DASH_UNIQUE:
            unique.add(quad.subject)
    return frozenset(paths[shape] for shape in unique & paths.keys())


def _key(text: str) -> str:
    return " ".join(sorted(folded(text).split()))


def _words(iri: str) -> str:
    return _key(re.sub(r"[\W_]+", " ", local_name(iri)))


def _iri(term: Term) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)
