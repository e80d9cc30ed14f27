"""A dataset whose data another engine holds, derived triples included.

Which release it is can only be known as far as the store tells: by the catalogue of the server that
made the release (``/catalog``), loaded with it, else by how many triples there are in each graph.
"""

import hashlib
import re

from kizuna import namespaces as ns
from kizuna.dataset.files import Ontology
from kizuna.dataset.releases import SEEDS_RELEASE, Dataset, Release
from kizuna.dataset.remote import RemoteStore
from kizuna.dataset.statistics import GRAPHS as COUNTED
from kizuna.dataset.statistics import TRIPLES
from kizuna.dataset.store import Row, Store
from kizuna.errors import InvalidInput
from kizuna.model import Model, Path, Step, read_model
from kizuna.terms import Literal, NamedNode

TYPE: Path = (Step(ns.RDF_TYPE),)
VERSION: Path = (Step(ns.OWL_VERSION_INFO),)
SHA256 = "sha256:"
HASH = re.compile(rf"{SHA256}[0-9a-f]{{64}}")
DIGITS = re.compile(r"[0-9]{1,9}")
RELEASES = """
    PREFIX dcat: <http://www.w3.org/ns/dcat#>
    SELECT DISTINCT ?number ?hash WHERE {
      ?dataset a dcat:Dataset ; dcat:version ?number ; <http://purl.org/dc/terms/identifier> ?hash
    }"""


def attached(ontology: Ontology, store: RemoteStore) -> Dataset:
    """The dataset that the store holds, as the ontology describes it.

    Raises InvalidInput where the store lacks the ontology or has it in another version.
    """
    model = read_model(ontology.quads, ontology.shapes)
    _require(model, store)
    return Dataset(model, store, _release(store), ontology.hash, remote=True)


def _require(model: Model, store: Store) -> None:
    if model.ontology is None:
        return
    header = NamedNode(model.ontology)
    found = store.reader().values({path: [header] for path in (TYPE, VERSION)})
    if NamedNode(ns.OWL_ONTOLOGY) not in found[TYPE].get(header, ()):
        raise InvalidInput(
            f"the store doesn't hold the ontology <{model.ontology}>; load what `kizuna export "
            "--format nq` writes, or name another ontology with --ontology."
        )
    there = [term.value for term in found[VERSION].get(header, ()) if isinstance(term, Literal)]
    if model.version is not None and model.version not in there:
        raise InvalidInput(
            f"the store holds the ontology in version {', '.join(there) or 'none'}, this server "
            f"in version {model.version}; load a dump of the same version, or serve with "
            "--ontology and the folder of the other."
        )


def _release(store: Store) -> Release:
    """What the one catalogue in the store says, else number 0 with a hash of counts."""
    reader = store.reader()
    told = [release for row in reader.select(RELEASES).rows if (release := _told(row))]
    if len(told) == 1:
        return told[0]
    counts = reader.select(COUNTED).rows or reader.select(TRIPLES).rows
    lines = sorted(" ".join(str(term) for term in row) for row in counts)
    return Release(SEEDS_RELEASE, hashlib.sha256("\n".join(lines).encode()).hexdigest())


def _told(row: Row) -> Release | None:
    number, named = (term.value if isinstance(term, Literal) else "" for term in row)
    if not DIGITS.fullmatch(number) or not HASH.fullmatch(named):
        return None
    return Release(int(number), named.removeprefix(SHA256))
