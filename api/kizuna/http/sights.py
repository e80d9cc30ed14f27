"""What a page of linked data shows: the parts that its template lays out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kizuna import namespaces as ns
from kizuna.addresses import GRAPHS, ONTOLOGY, addresses_of
from kizuna.dataset.releases import Dataset
from kizuna.dataset.store import Reader
from kizuna.descriptions.dossiers import Dossiers
from kizuna.descriptions.graphs import Graphs
from kizuna.descriptions.naming import Name, Naming, best, label
from kizuna.descriptions.ontologies import Ontologies
from kizuna.descriptions.things import Thing
from kizuna.errors import NotFound
from kizuna.http.front import query_link
from kizuna.http.looking import Looking
from kizuna.http.showing import Showing
from kizuna.http.wording import GRAPHS as SENSE_OF_GRAPHS
from kizuna.http.wording import WORDS
from kizuna.terms import NamedNode

SUBJECTS_A_PAGE = 200
BRIEF_HASH = 12

# Shown at the head of a page, so not again among its fields.
_TITLES = frozenset({ns.SKOS_PREF_LABEL, ns.SKOS_ALT_LABEL, ns.RDFS_LABEL, ns.DCTERMS_TITLE})
_TEXTS = (ns.DCTERMS_DESCRIPTION, ns.SKOS_DEFINITION, ns.RDFS_COMMENT)
_AT_THE_HEAD = frozenset({*_TITLES, *_TEXTS, ns.SKOS_SCOPE_NOTE})
# What has a section of its own where it leads to a thing.
_APART = frozenset({ns.BECAUSE, ns.SKOS_IN_SCHEME})

Parts = Mapping[str, object]


@dataclass(frozen=True)
class Found:
    """What a path of the server names: an IRI, and whether that is a graph."""

    path: str
    node: NamedNode
    graph: bool = False


class Sights:
    """Gathers what the pages of a dataset show; ``past`` where it isn't the newest release.

    ``public_url`` is where readers find the server, to which citations lead.
    """

    def __init__(
        self,
        dataset: Dataset,
        looking: Looking,
        *,
        past: bool = False,
        public_url: str | None = None,
    ) -> None:
        self._public_url = public_url
        self._past = dataset.release.number if past else None
        naming = Naming(dataset)
        self._dataset = dataset
        self._looking = looking
        self._naming = naming
        self._addresses = addresses_of(dataset.model)
        self._dossiers = Dossiers(dataset, naming)
        self._ontologies = Ontologies(dataset, naming)
        self._graphs = Graphs(naming)

    def of(self, found: Found, language: str, page: int) -> tuple[str, Parts]:
        """The template of a page and its parts; raises NotFound beyond the last page."""
        reader = self._dataset.store.reader()
        show = Showing(language, self._addresses, self._dataset.model, self._past)
        if found.path == GRAPHS:
            template, parts = "graphs.html", self._of_graphs(reader, show)
        elif found.graph:
            template, parts = "graph.html", self._of_graph(reader, show, found.node, page)
        elif found.path == ONTOLOGY:
            template, parts = "ontology.html", self._of_ontology(reader, show, found.node)
        else:
            template, parts = "thing.html", self._of_thing(reader, show, found.node, page)
        shared = {
            "here": found.path,
            "show": show,
            "tell": WORDS[language],
            "iri": found.node.value,
            "release": self._dataset.release,
            "newest": replace(show, past=None).page(found.node.value),
            "page": page,
        }
        return template, {**shared, **parts}

    def _of_thing(self, reader: Reader, show: Showing, node: NamedNode, page: int) -> Parts:
        dossier = self._dossiers.dossier(reader, node, page)
        if dossier is None or page > dossier.pages:
            raise NotFound(f"{node.value} has no page {page}; start at page 1.")
        thing = dossier.thing
        titles = {path[0].predicate for path in self._naming.label_paths}
        hidden = _AT_THE_HEAD | (titles if thing.name.labels else frozenset())
        fields = [f for f in thing.fields if f.leading or f.iri not in hidden]
        scheme = next(
            (s for s in self._dataset.model.schemes.values() if s.iri == node.value), None
        )
        return {
            "dossier": dossier,
            "thing": thing,
            "stated": [f for f in fields if not f.derived and not f.leading],
            "follows": [f for f in fields if f.derived],
            "leads": [f for f in fields if f.leading and not f.derived and f.iri not in _APART],
            "grounds": next((f for f in fields if f.leading and f.iri == ns.BECAUSE), None),
            "concepts": scheme.concepts if scheme else (),
            "description": thing.texts(*_TEXTS),
            "scope": thing.texts(ns.SKOS_SCOPE_NOTE),
            "also": thing.texts(ns.SKOS_ALT_LABEL),
            "citation": self._citation(show, thing.name),
            "ask": self._question(show, thing.name),
            "graphs": [Name(graph, kind=GRAPHS) for graph in thing.graphs],
        }

    def _of_ontology(self, reader: Reader, show: Showing, node: NamedNode) -> Parts:
        dossier = self._dossiers.dossier(reader, node)
        thing = dossier.thing if dossier else Thing(Name(node.value))
        return {
            "thing": thing,
            "vocabulary": self._ontologies.vocabulary(reader),
            "description": thing.texts(*_TEXTS),
            "licences": thing.values(ns.DCTERMS_LICENSE),
            "model": self._dataset.model,
            "citation": self._citation(show, thing.name),
        }

    def _of_graph(self, reader: Reader, show: Showing, node: NamedNode, page: int) -> Parts:
        start = (page - 1) * SUBJECTS_A_PAGE
        contents = self._graphs.contents(reader, node, start, SUBJECTS_A_PAGE)
        if page > 1 and not contents.subjects:
            raise NotFound(f"{node.value} has no page {page}; start at page 1.")
        return {
            "contents": contents,
            "start": start,
            "pages": -(-contents.total // SUBJECTS_A_PAGE),
            "sense": _sense(node.value, show),
            "citation": self._citation(show, Name(node.value)),
        }

    def _of_graphs(self, reader: Reader, show: Showing) -> Parts:
        graphs = self._graphs.all(reader)
        listed = [(Name(iri, kind=GRAPHS), n, _sense(iri, show)) for iri, n in graphs.items()]
        return {"listed": listed}

    def _citation(self, show: Showing, name: Name) -> str:
        release, titles = self._dataset.release, self._dataset.model.titles
        title, dataset = label(name, show.language)[0], best(titles, show.language)[0] or "Kizuna"
        return show.word(
            "cited" if title != dataset else "cited_whole",
            title=title.removesuffix(".").removesuffix("。"),
            dataset=dataset,
            number=release.number,
            hash=release.hash[:BRIEF_HASH],
            iri=self._permalink(name.iri),
        )

    def _permalink(self, iri: str) -> str:
        """Where to read of it as it stands in this release, else its IRI."""
        if self._public_url is None:
            return iri
        return self._addresses.permalink(self._public_url, iri, self._dataset.release.number)

    def _question(self, show: Showing, name: Name) -> str:
        """Where the thing can be asked for in GraphQL, empty where it can't."""
        if self._past is not None:
            return ""
        kind = self._dataset.model.classes.get(name.kind or "")
        return query_link(self._looking.one(kind.name, name.iri), show.language) if kind else ""


def _sense(graph: str, show: Showing) -> str:
    """What a graph is for, empty where that isn't known."""
    known = ns.GRAPH_SOURCE if graph.startswith(ns.GRAPH_SOURCE) else graph
    return SENSE_OF_GRAPHS.get(known, {}).get(show.language, "")
