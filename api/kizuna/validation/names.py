"""How terms are shown to people: labels by language, and IRIs shortened by their prefixes."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from typing import TypeAlias

from kizuna import namespaces as ns
from kizuna.model import Texts
from kizuna.terms import BlankNode, Literal, NamedNode, Quad, Term

# A label is asked for in this order, properties declared below these last; where one has none in
# a language, the next may.
LABELS = (ns.SKOS_PREF_LABEL, ns.RDFS_LABEL)
WELL_KNOWN = {
    "dcterms": "http://purl.org/dc/terms/",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": ns.SH,
    "skos": ns.SKOS,
    "xsd": ns.XSD,
}
Described: TypeAlias = Callable[[Term], Iterable[Quad]]

_LOCAL = re.compile(r"(\w([\w.-]*[\w-])?)?")


class Names:
    """The labels and prefixes that some quads give.

    Prefixes are those that the quads declare for their queries
    (https://www.w3.org/TR/shacl/#sparql-prefixes), and the well-known ones. Blank nodes are
    numbered as they come, since a parser's own names for them change from reading to reading.
    """

    def __init__(self, quads: Sequence[Quad]) -> None:
        self._ranks = label_predicates(quads)
        self._labels = _labels(quads, self._ranks)
        self._described: Described = _nothing
        self._prefixes = WELL_KNOWN | _prefixes(quads)
        ends = (end for quad in quads for end in (quad.subject, quad.object))
        blanks = dict.fromkeys(end for end in ends if isinstance(end, BlankNode))
        self._numbers = {blank: number for number, blank in enumerate(blanks, 1)}

    def beside(self, described: Described) -> "Names":
        """The same with the labels of what these quads don't name, as they are looked up."""
        names = copy(self)
        names._described = described
        return names

    def labels(self, term: Term) -> Texts:
        """The labels of what the term names, by language; empty where it has none."""
        known = self._labels.get(term)
        return known or _labels(self._described(term), self._ranks).get(term, {})

    def compact(self, iri: str) -> str:
        """The IRI as ``prefix:name`` where a prefix fits, else as it is."""
        fitting = [
            (len(namespace), f"{prefix}:{iri[len(namespace) :]}")
            for prefix, namespace in self._prefixes.items()
            if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace))
        ]
        return max(fitting)[1] if fitting else iri

    def path(self, predicate: str) -> str:
        """The predicate as a path in SPARQL: compact, else whole in angle brackets."""
        short = self.compact(predicate)
        return f"<{predicate}>" if short == predicate else short

    def full(self, term: Term) -> str:
        """The term as it can be told from any other: an IRI whole, a literal in quotes."""
        if isinstance(term, BlankNode):
            return f"_:{self._numbers[term]}"
        if isinstance(term, Literal):
            return f'"{term.value}"{self._kind(term)}'
        return term.value if isinstance(term, NamedNode) else str(term)

    def spoken(self, term: Term, language: str) -> str:
        """What to call the term in a sentence: its label, its text, else its compact name."""
        if isinstance(term, Literal):
            return term.value
        return text(self.labels(term), language) or self.compact(self.full(term))

    def _kind(self, literal: Literal) -> str:
        if literal.language:
            return f"@{literal.language}"
        datatype = self.compact(literal.datatype.value)
        return "" if datatype == "xsd:string" else f"^^{datatype}"


def text(texts: Texts, language: str) -> str:
    """The text in the language, else in English, else in no language, else in any; "" if none."""
    for wanted in (language, "en", ""):
        if wanted in texts:
            return texts[wanted]
    return next(iter(texts.values()), "")


def _nothing(term: Term) -> Iterable[Quad]:
    return ()


def _labels(quads: Iterable[Quad], ranks: Mapping[str, int]) -> Mapping[Term, Texts]:
    ranked: dict[Term, dict[str, tuple[int, str]]] = defaultdict(dict)
    for quad in quads:
        if quad.predicate.value in ranks and isinstance(quad.object, Literal):
            label = ranks[quad.predicate.value], quad.object.value
            texts, language = ranked[quad.subject], quad.object.language or ""
            texts[language] = min(label, texts.get(language, label))
    return {
        subject: {language: label for language, (_, label) in sorted(texts.items())}
        for subject, texts in ranked.items()
    }


def label_predicates(quads: Iterable[Quad]) -> Mapping[str, int]:
    """The predicates that give labels, by rank; the first counts most."""
    below = {
        quad.subject.value
        for quad in quads
        if quad.predicate.value == ns.RDFS_SUBPROPERTY_OF
        and isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, NamedNode)
        and quad.object.value in LABELS
    }
    ranked = dict.fromkeys([*LABELS, *sorted(below)])
    return {predicate: rank for rank, predicate in enumerate(ranked)}


def _prefixes(quads: Iterable[Quad]) -> dict[str, str]:
    declared: dict[Term, dict[str, str]] = defaultdict(dict)
    for quad in quads:
        parts = quad.predicate.value in (ns.SH_PREFIX, ns.SH_NAMESPACE)
        if parts and isinstance(quad.object, Literal):
            declared[quad.subject][quad.predicate.value] = quad.object.value
    pairs = ((d.get(ns.SH_PREFIX), d.get(ns.SH_NAMESPACE)) for d in declared.values())
    return {prefix: namespace for prefix, namespace in pairs if prefix and namespace}
