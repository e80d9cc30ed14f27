"""The catalogue over HTTP: VoID, DCAT, the front page's JSON-LD, and what crawlers ask for.

https://www.w3.org/TR/void/#well-known, https://www.w3.org/TR/vocab-dcat-3/,
https://www.sitemaps.org/protocol.html, https://www.rfc-editor.org/rfc/rfc9309 (robots.txt)
"""

import json
from collections.abc import Iterable, Sequence
from functools import cached_property
from http import HTTPStatus
from urllib.parse import quote
from xml.sax.saxutils import escape

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from kizuna.addresses import addresses_of
from kizuna.catalogue import PREFIXES, Catalogue
from kizuna.dataset.formats import TRIPLES, written
from kizuna.dataset.releases import Dataset
from kizuna.http.negotiation import preferred
from kizuna.terms import NamedNode, Triple

SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
MOST_ADDRESSES = 50_000  # of one sitemap, by the protocol
ENTRANCES = ("", "export", "graphql", "sparql", "questions", "page/ns")
ROBOTS = """\
User-agent: *
Disallow: /graphql?
Disallow: /sparql?
Sitemap: {base}sitemap.xml
"""


class Catalogues:
    """Answers for the descriptions of the dataset."""

    def __init__(self, dataset: Dataset, catalogue: Catalogue) -> None:
        self._dataset = dataset
        self._catalogue = catalogue

    def routes(self) -> list[BaseRoute]:
        """The descriptions, and what crawlers ask for."""
        return [
            Route("/.well-known/void", self.void),
            Route("/catalog", self.dcat),
            Route("/sitemap.xml", self.sitemap),
            Route("/sitemap-{number:int}.xml", self.part),
            Route("/robots.txt", self.robots),
        ]

    def void(self, request: Request) -> Response:
        """The dataset in VoID."""
        return _described(request, self._catalogue.void(base_of(request)))

    def dcat(self, request: Request) -> Response:
        """The catalogue in DCAT."""
        return _described(request, self._catalogue.dcat(base_of(request)))

    def robots(self, request: Request) -> Response:
        """Where crawlers may go; operations are without end, so they stay out of those."""
        return PlainTextResponse(ROBOTS.format(base=base_of(request)))

    def sitemap(self, request: Request) -> Response:
        """All pages, or, where they are too many for one sitemap, the list of its parts."""
        base, parts = base_of(request), self._parts
        if len(parts) == 1:
            return _xml("urlset", "url", (base + path for path in parts[0]))
        names = (f"{base}sitemap-{number}.xml" for number in range(1, len(parts) + 1))
        return _xml("sitemapindex", "sitemap", names)

    def part(self, request: Request) -> Response:
        """One part of the sitemap."""
        base, number = base_of(request), int(request.path_params["number"])
        if not 1 <= number <= len(self._parts):
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return _xml("urlset", "url", (base + path for path in self._parts[number - 1]))

    @cached_property
    def _parts(self) -> list[list[str]]:
        """The paths of all pages, in as many parts as it takes."""
        offered = (e for e in ENTRANCES if e != "sparql" or not self._dataset.remote)
        paths = [*offered, *sorted(self._things())]
        starts = range(0, len(paths), MOST_ADDRESSES)
        return [paths[start : start + MOST_ADDRESSES] for start in starts]

    def _things(self) -> Iterable[str]:
        model = self._dataset.model
        addresses = addresses_of(model)
        leaves = " ".join(str(NamedNode(c.iri)) for c in model.classes.values() if not c.abstract)
        query = f"SELECT DISTINCT ?thing {{ VALUES ?class {{ {leaves} }} ?thing a ?class }}"
        for (thing,) in self._dataset.store.reader().select(query).rows:
            if isinstance(thing, NamedNode):
                yield f"page/{quote(addresses.place(thing.value).path, safe='/:')}"


def base_of(request: Request) -> str:
    """The server's address as the client sees it, with a slash at its end."""
    return str(request.base_url)


def structured(catalogue: Catalogue, request: Request, language: str) -> str:
    """The dataset as JSON-LD to stand in a page: a data block, which no policy on scripts stops.

    What could end the block is escaped.
    """
    text = json.dumps(catalogue.schema_org(base_of(request), language), ensure_ascii=False)
    return text.replace("<", "\\u003c")


def _described(request: Request, triples: Sequence[Triple]) -> Response:
    offers = tuple(TRIPLES.values())
    media_type = preferred(request.headers.get("accept"), offers)
    if media_type is None:
        detail = f"What there is: {', '.join(offers)}."
        raise HTTPException(HTTPStatus.NOT_ACCEPTABLE, detail, {"vary": "Accept"})
    content = written(sorted(set(triples), key=str), media_type, PREFIXES)
    return Response(content, media_type=media_type, headers={"vary": "Accept"})


def _xml(root: str, entry: str, addresses: Iterable[str]) -> Response:
    lines = (f"<{entry}><loc>{escape(address)}</loc></{entry}>\n" for address in addresses)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    text = f"{head}<{root} {SITEMAP}>\n{''.join(lines)}</{root}>\n"
    return Response(text, media_type="application/xml")
