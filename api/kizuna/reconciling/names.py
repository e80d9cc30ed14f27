"""What the things of a dataset are called, and which of them a name may mean.

Names are compared without case, accents and width and word by word, so that the order of a name's
parts doesn't count (https://rapidfuzz.github.io/RapidFuzz/).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from kizuna import namespaces as ns
from kizuna.dataset.search import LARGEST_QUERY, folded
from kizuna.dataset.store import Reader
from kizuna.model import Class
from kizuna.terms import Literal, NamedNode

LEAST = 50  # a score below this is no likeness
MOST = 200  # names looked at more closely
PART = 0.9  # what it counts that all the words of one name stand in the other
EXACT = 100.0


@dataclass(frozen=True)
class Thing:
    """Something that can be meant: its IRI, its class, and its names by language."""

    iri: str
    of_class: str
    labels: dict[str, str] = field(default_factory=dict)


class Names:
    """The names of the things whose IRIs begin so; it never changes."""

    def __init__(self, classes: Sequence[Class], base: str, reader: Reader) -> None:
        self.things: dict[str, Thing] = {}
        self._bearers: dict[str, dict[str, None]] = {}
        for found in classes:
            for subject, text, preferred in _labels(found, reader):
                if subject.startswith(base):
                    thing = self.things.setdefault(subject, Thing(subject, found.iri))
                    if preferred:
                        thing.labels.setdefault(text.language or "", text.value)
                    self._bearers.setdefault(_key(text.value), {})[subject] = None
        self._keys = list(self._bearers)

    def like(self, text: str, classes: Collection[str] | None = None) -> Mapping[str, float]:
        """How much each thing is called like the text, from 100 down to ``LEAST``."""
        key = _key(text[:LARGEST_QUERY])
        if not key:
            return {}
        scores: dict[str, float] = {}
        for name, score in self._near(key):
            for subject in self._bearers[name]:
                if classes is None or self.things[subject].of_class in classes:
                    scores[subject] = max(score, scores.get(subject, 0.0))
        return scores

    def _near(self, key: str) -> Iterator[tuple[str, float]]:
        whole = process.extract(key, self._keys, scorer=fuzz.ratio, score_cutoff=LEAST, limit=MOST)
        yield from ((name, score) for name, score, _ in whole)
        words = process.extract(
            key, self._keys, scorer=fuzz.token_set_ratio, score_cutoff=LEAST / PART, limit=MOST
        )
        yield from ((name, score * PART) for name, score, _ in words)


def _labels(found: Class, reader: Reader) -> Iterator[tuple[str, Literal, bool]]:
    """The names of a class's subjects, and whether each is a preferred one."""
    for predicate in (ns.SKOS_PREF_LABEL, ns.SKOS_ALT_LABEL):
        rows = reader.select(
            f"SELECT ?subject ?text WHERE {{ ?subject {NamedNode(ns.RDF_TYPE)} "
            f"{NamedNode(found.iri)} ; {NamedNode(predicate)} ?text }} ORDER BY ?subject ?text"
        )
        for subject, text in rows.rows:
            if isinstance(subject, NamedNode) and isinstance(text, Literal):
                yield subject.value, text, predicate == ns.SKOS_PREF_LABEL


def _key(text: str) -> str:
    return " ".join(sorted(folded(text).split()))
