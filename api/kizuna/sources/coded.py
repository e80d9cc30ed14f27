"""What the data says of its documents and passages."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kizuna import namespaces as ns
from kizuna.terms import Literal, NamedNode, Quad, Term, python_value

Statements = Mapping[str, Mapping[str, Sequence[Term]]]  # values by subject and predicate


@dataclass(frozen=True)
class Passage:
    """A stretch of a document; what isn't stated exactly once is None.

    ``claimed`` tells whether a claim rests on it, ``without_fact`` whether it is marked as read
    and without a codable fact.
    """

    iri: str
    document: str | None
    start: int | None
    end: int | None
    sha256: str | None
    claimed: bool
    without_fact: bool


@dataclass(frozen=True)
class Document:
    """A document that was coded; what isn't stated exactly once is None."""

    iri: str
    label: str
    sha256: str | None
    characters: int | None


@dataclass(frozen=True)
class Coded:
    """The documents and passages in the order of their IRIs and places."""

    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]

    def of(self, document: Document) -> tuple[Passage, ...]:
        """The document's passages."""
        return tuple(p for p in self.passages if p.document == document.iri)


def read_coded(quads: Iterable[Quad]) -> Coded:
    """The documents and passages that the quads describe."""
    statements: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    claimed: set[str] = set()
    for quad in quads:
        if isinstance(quad.subject, NamedNode):
            statements[quad.subject.value][quad.predicate.value].append(quad.object)
        if quad.predicate.value == ns.SUPPORTED_BY and isinstance(quad.object, NamedNode):
            claimed.add(quad.object.value)
    passages = [_passage(statements, p, p in claimed) for p in _of_type(statements, ns.PASSAGE)]
    return Coded(
        tuple(_document(statements, iri) for iri in _of_type(statements, ns.SOURCE_DOCUMENT)),
        tuple(sorted(passages, key=lambda p: (p.document or "", p.start or 0, p.end or 0, p.iri))),
    )


def _of_type(statements: Statements, class_iri: str) -> list[str]:
    wanted = NamedNode(class_iri)
    return sorted(s for s, values in statements.items() if wanted in values.get(ns.RDF_TYPE, ()))


def _passage(statements: Statements, iri: str, claimed: bool) -> Passage:
    values = statements[iri]
    return Passage(
        iri=iri,
        document=_text(values.get(ns.IN_SOURCE, ())),
        start=_number(values.get(ns.START, ())),
        end=_number(values.get(ns.END, ())),
        sha256=_text(values.get(ns.SHA256, ())),
        claimed=claimed,
        without_fact=_text(values.get(ns.WITHOUT_FACT, ())) in ("true", "1"),
    )


def _document(statements: Statements, iri: str) -> Document:
    values = statements[iri]
    labels = [label for label in values.get(ns.SKOS_PREF_LABEL, ()) if isinstance(label, Literal)]
    labels.sort(key=lambda label: (label.language != "en", label.value))
    return Document(
        iri=iri,
        label=labels[0].value if labels else "",
        sha256=_text(values.get(ns.SHA256, ())),
        characters=_number(values.get(ns.CHARACTERS, ())),
    )


def _text(values: Sequence[Term]) -> str | None:
    if len(values) == 1 and isinstance(values[0], NamedNode | Literal):
        return values[0].value
    return None


def _number(values: Sequence[Term]) -> int | None:
    value = python_value(values[0]) if len(values) == 1 and isinstance(values[0], Literal) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None
