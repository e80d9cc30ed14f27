"""IRIs for what was submitted without one, made from labels.

An IRI is the base of identifiers and a name in small Latin letters, digits and hyphens. A label in
English is preferred, then Italian, then any; other scripts are transliterated, save Chinese
characters, whose reading depends on the language and the word. What can't be named by a label is
named by its class and a hash of what is said of it. A name that is taken gets a number behind it.
The same submission is given the same names.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from anyascii import anyascii

from kizuna import namespaces as ns
from kizuna.model import Model
from kizuna.terms import BlankNode, Literal, NamedNode, Quad, Term, local_name

PREFERRED = ("en", "it")
LONGEST = 60
DIGITS = 8
HAN = re.compile(r"[\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")

Taken = Callable[[str], bool]


def mint(
    quads: Iterable[Quad], model: Model, labels: Container[str], taken: Taken
) -> Mapping[Term, NamedNode]:
    """An IRI for each blank node of the quads, in the order in which they come.

    ``labels`` are the predicates of labels; ``taken`` tells of an IRI whether it is, or ever was,
    another thing's.
    """
    minter = _Minter(list(quads), model, labels, taken)
    return {node: minter.name(node) for node in minter.nodes}


def renamed(quad: Quad, names: Mapping[Term, NamedNode]) -> Quad:
    """The quad with names for its blank nodes."""
    subject = names.get(quad.subject, quad.subject)
    return Quad(subject, quad.predicate, names.get(quad.object, quad.object), quad.graph_name)


def slug(text: str) -> str:
    """The text as a name: ASCII letters, digits and hyphens; empty where nothing is left."""
    words = re.findall(r"[a-z0-9]+", anyascii(text.replace("'", "").replace("’", "")).lower())
    name = "-".join(words)
    return (
        name if len(name) <= LONGEST else name[: LONGEST + 1].rpartition("-")[0] or name[:LONGEST]
    )


@dataclass
class _Minter:
    quads: Sequence[Quad]
    model: Model
    labels: Container[str]
    taken: Taken

    def __post_init__(self) -> None:
        ends = (end for quad in self.quads for end in (quad.subject, quad.object))
        self.nodes = list(dict.fromkeys(end for end in ends if isinstance(end, BlankNode)))
        self._numbers: dict[Term, str] = {
            node: str(number) for number, node in enumerate(self.nodes)
        }
        self._said: dict[Term, list[Quad]] = defaultdict(list)
        for quad in self.quads:
            self._said[quad.subject].append(quad)
        self._given = {
            end.value
            for q in self.quads
            for end in (q.subject, q.object)
            if isinstance(end, NamedNode)
        }

    def name(self, node: BlankNode) -> NamedNode:
        """A new IRI for the node."""
        wanted = self._base(node) + self._name(node)
        iri, number = wanted, 1
        while iri in self._given or self.taken(iri):
            number += 1
            iri = f"{wanted}-{number}"
        self._given.add(iri)
        return NamedNode(iri)

    def _base(self, node: BlankNode) -> str:
        scheme = self.model.schemes.get(self._class(node))
        if scheme:
            return scheme.iri.rstrip("/") + "/"
        return self.model.id_bases[0] if self.model.id_bases else ns.GRAPHS + "id/"

    def _name(self, node: BlankNode) -> str:
        kind = _kebab(local_name(self._class(node))) or "thing"
        if not (label := slug(self._label(node))):
            return f"{kind}-{self._hash(node)}"
        known = self.model.classes.get(self._class(node))
        return f"fact-{label}" if known and ns.FACT in (known.iri, *known.ancestors) else label

    def _class(self, node: BlankNode) -> str:
        types = [q.object for q in self._said[node] if q.predicate.value == ns.RDF_TYPE]
        return min((t.value for t in types if isinstance(t, NamedNode)), default="")

    def _label(self, node: BlankNode) -> str:
        """The label to make the name from: the first, by language, that can be transliterated."""
        labels = [
            (PREFERRED.index(tag) if tag in PREFERRED else len(PREFERRED), tag, q.object.value)
            for q in self._said[node]
            if q.predicate.value in self.labels and isinstance(q.object, Literal)
            for tag in [q.object.language or ""]
        ]
        return next((text for _, _, text in sorted(labels) if not HAN.search(text)), "")

    def _hash(self, node: BlankNode) -> str:
        """From what is said of the node; other blank nodes count by where they come."""
        said = sorted(
            f"{q.predicate} {self._numbers.get(q.object, q.object)}" for q in self._said[node]
        )
        if not said:
            said = [f"{q.subject} {q.predicate}" for q in self.quads if q.object == node]
        return hashlib.sha256("\n".join(said).encode()).hexdigest()[:DIGITS]


def _kebab(name: str) -> str:
    return slug(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name))
