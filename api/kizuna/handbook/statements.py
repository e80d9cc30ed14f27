"""An ontology and a dataset under it, as the pages look things up in them."""

from collections import defaultdict
from collections.abc import Sequence

from kizuna import namespaces as ns
from kizuna.dataset.files import Ontology
from kizuna.dataset.releases import Dataset
from kizuna.terms import Literal, NamedNode, Quad, Term
from kizuna.validation.names import Names, text

LANGUAGE = "en"

_DERIVED = NamedNode(ns.GRAPH_DERIVED)
_ONTOLOGY = (NamedNode(ns.GRAPH_ONTOLOGY), NamedNode(ns.GRAPH_VOCABULARIES))


class Statements:
    """What the ontology, its shapes and the dataset, derived triples included, state."""

    def __init__(self, ontology: Ontology, dataset: Dataset) -> None:
        stated = [quad for quad in dataset.store.quads() if quad.graph_name not in _ONTOLOGY]
        self.model = dataset.model
        self.names = Names([*stated, *ontology.quads, *ontology.shapes])
        self._values: dict[tuple[Term, str], list[Term]] = defaultdict(list)
        self._subjects: dict[tuple[str, Term], list[Term]] = defaultdict(list)
        self._stating: dict[str, list[tuple[Term, Term]]] = defaultdict(list)
        self._pointing: dict[Term, list[Quad]] = defaultdict(list)
        for quad in sorted([*ontology.quads, *ontology.shapes, *stated], key=str):
            self._values[quad.subject, quad.predicate.value].append(quad.object)
            self._subjects[quad.predicate.value, quad.object].append(quad.subject)
            self._stating[quad.predicate.value].append((quad.subject, quad.object))
        for quad in sorted(stated, key=lambda quad: (quad.graph_name == _DERIVED, str(quad))):
            self._pointing[quad.object].append(quad)

    def values(self, subject: Term, predicate: str) -> Sequence[Term]:
        """What is stated of the subject, in order."""
        return self._values.get((subject, predicate), ())

    def iris(self, subject: Term, predicate: str) -> list[str]:
        """The IRIs among the values."""
        return [v.value for v in self.values(subject, predicate) if isinstance(v, NamedNode)]

    def subjects(self, predicate: str, value: Term) -> Sequence[Term]:
        """What has the value, in order."""
        return self._subjects.get((predicate, value), ())

    def stating(self, predicate: str) -> Sequence[tuple[Term, Term]]:
        """What states the predicate, each with a value, in order."""
        return self._stating.get(predicate, ())

    def pointing(self, value: Term) -> Sequence[Quad]:
        """The statements of the data that lead to the value, in order, those derived last."""
        return self._pointing.get(value, ())

    def text(self, subject: Term, predicate: str) -> str:
        """The value in the pages' language, else in any; empty where there is none."""
        texts = [v for v in self.values(subject, predicate) if isinstance(v, Literal)]
        return text({t.language or "": t.value for t in reversed(texts)}, LANGUAGE)

    def label(self, term: Term) -> str:
        """The label in the pages' language, else in any; empty where there is none."""
        return text(self.names.labels(term), LANGUAGE)

    def title(self, iri: str) -> str:
        """The label, else the IRI in short."""
        return self.label(NamedNode(iri)) or self.names.compact(iri)

    def definition(self, iri: str) -> str:
        """What the term means."""
        node = NamedNode(iri)
        return self.text(node, ns.SKOS_DEFINITION) or self.text(node, ns.RDFS_COMMENT)

    def rule(self, iri: str) -> str:
        """The coding rule of the term; empty where it has none."""
        return self.text(NamedNode(iri), ns.SKOS_SCOPE_NOTE)
