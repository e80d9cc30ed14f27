"""The texts of a dataset, as the search index takes them."""

import re
from collections.abc import Iterator
from threading import Lock

from kizuna import namespaces as ns
from kizuna.dataset.search import Entry, SearchIndex
from kizuna.dataset.store import Reader, Store
from kizuna.model import Model, Property
from kizuna.terms import Literal, NamedNode

# Labels count most, then other names and codes, then whatever describes.
RANKS = {ns.SKOS_PREF_LABEL: 0, ns.RDFS_LABEL: 0, ns.SKOS + "altLabel": 1}
CODE_RANK = 1
OTHER_RANK = 2
# Of what is no text in a language, such as a code or a name: https://www.rfc-editor.org/rfc/rfc5646
UNDETERMINED = "und"
SEARCHED = (ns.RDF_LANG_STRING, ns.XSD + "string")
# Nobody knows a thing by its hash.
DIGEST = re.compile("[0-9a-f]{32,}")


class Texts:
    """The texts that the Model's classes have in a store as fields of their own."""

    def __init__(self, model: Model, store: Store) -> None:
        self._model = model
        self._store = store
        self._making = Lock()
        self._index: SearchIndex | None = None

    @property
    def index(self) -> SearchIndex:
        """An index of them, made when it is first asked for; who asks meanwhile waits for it."""
        with self._making:
            if self._index is None:
                self._index = SearchIndex(_entries(self._model, self._store.reader()))
            return self._index

    def prepare(self) -> None:
        """Makes the index, where nobody has asked for it yet."""
        self.index  # noqa: B018 (asked for to be made)


def _entries(model: Model, reader: Reader) -> Iterator[Entry]:
    for found in model.classes.values():
        for prop in found.properties:
            if not found.abstract and prop.predicate and prop.datatype in SEARCHED:
                yield from _texts(found.iri, prop, prop.predicate, reader)


def _texts(of_class: str, prop: Property, predicate: str, reader: Reader) -> Iterator[Entry]:
    rank = RANKS.get(predicate, OTHER_RANK if prop.datatype == ns.RDF_LANG_STRING else CODE_RANK)
    query = f"""
        SELECT ?subject ?text WHERE {{
          ?subject {NamedNode(ns.RDF_TYPE)} {NamedNode(of_class)} ; {NamedNode(predicate)} ?text
        }}"""
    for subject, text in reader.select(query).rows:
        if not isinstance(subject, NamedNode) or not isinstance(text, Literal):
            continue
        if text.language or not DIGEST.fullmatch(text.value):
            language = text.language or UNDETERMINED
            yield Entry(subject.value, of_class, prop.name, rank, language, text.value)
