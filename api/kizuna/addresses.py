"""Where what has an IRI is found on a server: a path below the server's base, and back.

The data keeps the IRIs of its namespace wherever it is served. A server answers for them under
paths of its own: ``…/id/gcap`` under ``id/gcap``, the ontology under ``ns``, a concept under
``vocab/…``, a graph under ``graph/…``, and whatever lies elsewhere under ``iri/`` and its IRI.
"""

from dataclasses import dataclass
from urllib.parse import quote

from kizuna import namespaces as ns
from kizuna.model import Model

ONTOLOGY = "ns"
GRAPHS = "graph"
ELSEWHERE = "iri"
UNRESERVED = "/:~-._@!$'()*,;=+&"  # what needs no escape in a path


@dataclass(frozen=True)
class Place:
    """A path below the server's base, and the part of what is found there, if it is a part."""

    path: str
    fragment: str = ""


@dataclass(frozen=True)
class Addresses:
    """The ontology's IRI, and for each other space its name and how the IRIs in it begin."""

    ontology: str | None
    spaces: tuple[tuple[str, str], ...]

    def place(self, iri: str) -> Place:
        """Where the IRI's page and data are."""
        if self.ontology and iri.startswith(self.ontology):
            rest = iri[len(self.ontology) :]
            if rest[:1] in ("", "#", "/"):
                path, _, fragment = rest.partition("#")
                return Place(ONTOLOGY + path, fragment)
        for name, start in self.spaces:
            if iri.startswith(start) and iri != start:
                return Place(f"{name}/{iri[len(start) :]}")
        return Place(f"{ELSEWHERE}/{iri}")

    def permalink(self, base: str, iri: str, release: int) -> str:
        """Where the server at ``base`` tells of the IRI as it stood in a release."""
        place = self.place(iri)
        fragment = f"#{quote(place.fragment)}" if place.fragment else ""
        return f"{base}/{quote(place.path, safe=UNRESERVED)}?release={release}{fragment}"

    def iri(self, path: str) -> str | None:
        """The IRI whose place is the path, None where there is no such space."""
        name, _, rest = path.partition("/")
        if name == ONTOLOGY:
            return self.ontology and self.ontology + path[len(ONTOLOGY) :]
        if name == ELSEWHERE:
            return rest
        start = dict(self.spaces).get(name)
        return start + rest if start and rest else None


def addresses_of(model: Model) -> Addresses:
    """The places of what a Model describes: things, concepts and graphs, longest start first."""
    spaces = [(GRAPHS, ns.GRAPHS)]
    if model.id_bases:
        spaces.append(("id", model.id_bases[0]))
    folders = {scheme.iri.rpartition("/")[0] + "/" for scheme in model.schemes.values()}
    spaces += [("vocab", folder) for folder in folders if len(folders) == 1]
    spaces.sort(key=lambda space: -len(space[1]))
    return Addresses((model.ontology or "").rstrip("#/") or None, tuple(spaces))
