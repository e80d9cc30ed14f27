"""In which graph an added triple belongs: each stands in exactly one.

What is said of a thing stands where its type does. Of new things, entities and concepts belong to
the reference data, facts to the facts, a document with its passages and claims to a graph of its
own; a part, such as a time or somebody's involvement, goes with what links to it. Data under an
ontology without the core classes has one graph.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from kizuna import namespaces as ns
from kizuna.dataset.store import Store
from kizuna.model import Model
from kizuna.terms import NamedNode, Quad, Term, local_name
from kizuna.validation.structure import RESERVED_GRAPHS

DATA = ns.GRAPHS + "data"
SUPPORTS = (ns.IN_SOURCE, ns.SUPPORTED_BY)
KEY = 8


def placed(added: Iterable[Quad], store: Store, model: Model) -> list[Quad]:
    """The quads, each in its graph; one that names a graph of the code's own is left there, so that
    validation refuses it."""
    quads = list(added)
    places = _Places(quads, store, model)
    return [quad if _reserved(quad) else _moved(quad, places.of(quad.subject)) for quad in quads]


def _reserved(quad: Quad) -> bool:
    return isinstance(quad.graph_name, NamedNode) and quad.graph_name.value in RESERVED_GRAPHS


def _moved(quad: Quad, graph: str) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object, NamedNode(graph))


class _Places:
    def __init__(self, quads: Sequence[Quad], store: Store, model: Model) -> None:
        self._store = store
        self._model = model
        self._core = ns.FACT in model.classes
        self._said: dict[Term, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        self._links: dict[Term, list[Term]] = defaultdict(list)
        for quad in quads:
            self._said[quad.subject][quad.predicate.value].append(quad.object)
            self._links[quad.object].append(quad.subject)
        self._known: dict[Term, str | None] = {}

    def of(self, subject: Term) -> str:
        """The graph of what is said of the subject."""
        return self._of(subject) or (ns.GRAPH_REFERENCE if self._core else DATA)

    def _of(self, subject: Term) -> str | None:
        if subject not in self._known:
            self._known[subject] = None  # so that links in a circle end
            self._known[subject] = self._there(subject) or self._new(subject)
        return self._known[subject]

    def _there(self, subject: Term) -> str | None:
        """The graph in which it is described already."""
        graphs = {
            quad.predicate.value == ns.RDF_TYPE: quad.graph_name.value
            for quad in self._store.find(subject)
            if isinstance(quad.graph_name, NamedNode)
            and quad.graph_name.value not in RESERVED_GRAPHS
        }
        return graphs.get(True) or graphs.get(False)

    def _new(self, subject: Term) -> str | None:
        if not self._core:
            return DATA
        classes = self._classes(subject)
        if ns.SOURCE_DOCUMENT in classes:
            return ns.GRAPH_SOURCE + self._key(subject)
        if ns.FACT in classes:
            return ns.GRAPH_FACTS
        if ns.ENTITY in classes or ns.SKOS_CONCEPT in classes:
            return ns.GRAPH_REFERENCE
        return self._with_others(subject)

    def _with_others(self, subject: Term) -> str | None:
        """The graph of what supports it, else of what links to it."""
        supports = [v for name in SUPPORTS for v in self._said[subject][name]]
        for other in [*supports, *self._links.get(subject, ())]:
            if graph := self._of(other):
                return graph
        return None

    def _classes(self, subject: Term) -> set[str]:
        classes: set[str] = set()
        for term in self._said[subject][ns.RDF_TYPE]:
            known = self._model.classes.get(term.value) if isinstance(term, NamedNode) else None
            if known:
                classes |= {known.iri, *known.ancestors}
                classes |= {ns.SKOS_CONCEPT} if known.iri in self._model.schemes else set()
        return classes

    def _key(self, document: Term) -> str:
        """The beginning of the document's hash, else the end of its IRI."""
        hashes = [str(getattr(v, "value", ""))[:KEY] for v in self._said[document][ns.SHA256]]
        name = document.value if isinstance(document, NamedNode) else ""
        return min(hashes, default="") or local_name(name).removeprefix("source-")
