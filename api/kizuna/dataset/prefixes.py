"""The prefixes by which what is exported is abbreviated: the same for the same ontology."""

from kizuna import namespaces as ns
from kizuna.dataset.releases import Dataset
from kizuna.terms import Term, local_name

_DECLARED = f"""
    SELECT DISTINCT ?prefix ?namespace WHERE {{
      ?ontology a <{ns.OWL_ONTOLOGY}> .
      {{ ?ontology <{ns.VANN_PREFIX}> ?prefix ; <{ns.VANN_NAMESPACE}> ?namespace }}
      UNION
      {{ ?ontology <{ns.SH_DECLARE}> ?declared .
         ?declared <{ns.SH_PREFIX}> ?prefix ; <{ns.SH_NAMESPACE}> ?namespace }}
    }} ORDER BY ?prefix ?namespace"""


def prefixes(dataset: Dataset) -> dict[str, str]:
    """Namespaces by prefix: the ontology's own, those of entities and graphs, the standards'."""
    found = {"graph": ns.GRAPHS}
    found |= dict.fromkeys(["id"], dataset.model.id_bases[0]) if dataset.model.id_bases else {}
    for prefix, namespace in dataset.store.reader().select(_DECLARED).rows:
        found.setdefault(_text(prefix), _text(namespace))
    return ns.PREFIXES | found


def concept_prefixes(dataset: Dataset) -> dict[str, str]:
    """A prefix for each concept scheme whose concepts' IRIs begin with the scheme's own."""
    schemes = dataset.model.schemes.values()
    return {
        local_name(scheme.iri): scheme.iri + "/"
        for scheme in sorted(schemes, key=lambda scheme: scheme.iri)
        if scheme.concepts and all(c.iri.startswith(scheme.iri + "/") for c in scheme.concepts)
    }


def scheme_prefixes(dataset: Dataset) -> dict[str, str]:
    """A prefix for each folder of concept schemes, named by the folder."""
    folders = {s.iri.rpartition("/")[0] for s in dataset.model.schemes.values() if "/" in s.iri}
    return {local_name(folder): folder + "/" for folder in sorted(folders)}


def _text(term: Term | None) -> str:
    return getattr(term, "value", "")
