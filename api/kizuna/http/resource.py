"""Linked data: what an IRI names, as a page for readers and as data for machines.

The address of a thing answers 303 and leads to its page or its data
(https://www.w3.org/TR/cooluris/#r303gendocument), by Accept or by a suffix. The data keeps the
IRIs of its namespace; the server's own addresses stand in headers and in the pages' links alone.
"""

import csv
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from io import BytesIO, StringIO
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from kizuna import __version__
from kizuna import namespaces as ns
from kizuna.addresses import ELSEWHERE, GRAPHS, ONTOLOGY, addresses_of
from kizuna.dataset.dumps import FORMATS, write
from kizuna.dataset.releases import Dataset
from kizuna.descriptions.extracts import COLUMNS, Extracts
from kizuna.descriptions.naming import Naming
from kizuna.errors import InvalidInput, NotFound
from kizuna.http.caching import unchanged
from kizuna.http.negotiation import languages_of, preferred
from kizuna.http.phrases import page_language
from kizuna.http.problems import HTML, Page
from kizuna.http.showing import quoted
from kizuna.http.sights import Found, Sights
from kizuna.model import Step
from kizuna.terms import NamedNode, Quad

PAGE = "html"
TABLE = "csv"
TYPES: Mapping[str, str] = {
    **{f.suffix: f.media_type for f in FORMATS if f.suffix != "nq"},
    TABLE: "text/csv",
}
# JSON-LD has graphs too, but who asks for a thing in it looks in the default graph.
WITH_GRAPHS = frozenset({"trig"})
MOST = 10**6  # pages, and releases
RESERVED = "/:~-._@!$'()*,;=+&?#[]%"  # what stands in an IRI as it is


class Resources:
    """Answers for everything in a dataset that has an IRI.

    ``others`` gives the same for another release; what ``past`` ones tell leads to their like.
    """

    def __init__(
        self,
        dataset: Dataset,
        page: Page,
        sights: Sights,
        others: "Callable[[int], Resources] | None" = None,
        *,
        past: bool = False,
    ) -> None:
        self._dataset = dataset
        self._others = others
        self._query = f"?release={dataset.release.number}" if past else ""
        self._addresses = addresses_of(dataset.model)
        self._extracts = Extracts(dataset, Naming(dataset))
        self._page = page
        self._sights = sights
        self._license = self._stated_license()

    def routes(self) -> list[BaseRoute]:
        """The addresses of things, of their pages and of their data."""
        spaces = [name for name, _ in self._addresses.spaces]
        return [
            Route("/page/{path:path}", self.page),
            Route("/data/{path:path}", self.data),
            *(Route(f"/{whole}", self.thing) for whole in (ONTOLOGY, GRAPHS)),
            Route(f"/{ONTOLOGY}.{{suffix}}", self.thing),
            *(
                Route(f"/{space}/{{path:path}}", self.thing)
                for space in (ONTOLOGY, ELSEWHERE, *spaces)
            ),
        ]

    def thing(self, request: Request) -> Response:
        """Lead to the page or the data of a thing, in the release that is asked for."""
        return self._asked(request)._thing(request)

    def page(self, request: Request) -> Response:
        """The page of a thing, in the release that is asked for."""
        return self._asked(request)._shown(request)

    def data(self, request: Request) -> Response:
        """The data on a thing, in the format of the suffix, in the release that is asked for."""
        return self._asked(request)._told(request)

    def _asked(self, request: Request) -> "Resources":
        """The resources of the release that is asked for; raises InvalidInput, NotFound."""
        asked = request.query_params.get("release")
        if asked is None or self._others is None:
            return self
        number = whole_number("release", asked)
        return self if number == self._dataset.release.number else self._others(number)

    def _thing(self, request: Request) -> Response:
        path = str(request.scope["path"]).strip("/")
        found, suffix = self._found(path), ""
        if found is None:
            stem, _, suffix = path.rpartition(".")
            found = self._found(stem) if suffix in (*TYPES, PAGE) else None
        if found is None:
            raise self._unknown(path)
        target = _address(found.path, suffix or self._wanted(request, found))
        query = f"?{request.url.query}" if request.url.query else ""
        headers = {"vary": "Accept", "link": self._links(found, "")}
        return RedirectResponse(target + query, HTTPStatus.SEE_OTHER, headers)

    def _shown(self, request: Request) -> Response:
        path = str(request.path_params["path"]).rstrip("/")
        found = self._found(path)
        if found is None:
            raise self._unknown(path)
        language = page_language(languages_of(request))
        headers = self._headers(found, PAGE, language)
        if unchanged(request, headers["etag"]):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        template, parts = self._sights.of(found, language, _page_number(request))
        downloads = [(suffix, self._address(found.path, suffix)) for suffix in _suffixes(found)]
        response = self._page(request, template, {**parts, "downloads": downloads})
        response.headers.update(headers)
        return response

    def _told(self, request: Request) -> Response:
        path = str(request.path_params["path"])
        stem, _, suffix = path.rpartition(".")
        found = self._found(stem) if suffix in TYPES else None
        if found is None or suffix not in _suffixes(found):
            raise NotFound(
                f"There is no data at /data/{path}; what there is on a thing has its path and one "
                f"of .{', .'.join(TYPES)}, such as /data/{ONTOLOGY}.ttl."
            )
        language = page_language(languages_of(request))
        headers = self._headers(found, suffix, language)
        if unchanged(request, headers["etag"]):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        content = self._content(found, suffix, language)
        return Response(content, headers=headers, media_type=TYPES[suffix])

    def _found(self, path: str) -> Found | None:
        """What the path names, None where the dataset holds nothing of it."""
        if path == GRAPHS:
            return Found(path, NamedNode(ns.GRAPHS), graph=True)
        node = _node(self._addresses.iri(path))
        if node is None:
            return None
        if path.startswith(GRAPHS + "/"):
            return (
                Found(path, node, graph=True) if self._any(f"GRAPH {node} {{ ?s ?p ?o }}") else None
            )
        if path.startswith(ONTOLOGY + "/") and self._any(f"?s <{ns.OWL_VERSION_IRI}> {node}"):
            return self._found(ONTOLOGY)
        return Found(path, node) if self._any(f"{node} ?p ?o") else None

    def _any(self, pattern: str) -> bool:
        rows = self._dataset.store.reader().select(f"SELECT * WHERE {{ {pattern} }} LIMIT 1").rows
        return bool(rows)

    def _unknown(self, path: str) -> NotFound:
        iri = self._addresses.iri(path) or f"/{path}"
        return NotFound(
            f"Nothing is known of {iri} in release {self._dataset.release.number}. The ontology is "
            f"at /{ONTOLOGY}, everything else is listed by graph at /{GRAPHS}, and /graphql finds "
            "things by what they are called."
        )

    def _wanted(self, request: Request, found: Found) -> str:
        """The suffix of what the client likes best; raises HTTPException where there is none."""
        offers = {HTML: PAGE, **{TYPES[suffix]: suffix for suffix in _suffixes(found)}}
        wanted = preferred(request.headers.get("accept"), tuple(offers))
        if wanted is None:
            there = (f"{media} at {_address(found.path, s)}" for media, s in offers.items())
            detail = f"What there is: {', '.join(there)}."
            raise HTTPException(HTTPStatus.NOT_ACCEPTABLE, detail, {"vary": "Accept"})
        return offers[wanted]

    def _content(self, found: Found, suffix: str, language: str) -> bytes:
        reader = self._dataset.store.reader()
        if found.graph or found.path == ONTOLOGY:
            graph = found.node if found.graph else NamedNode(ns.GRAPH_ONTOLOGY)
            quads = self._extracts.of_graph(reader, graph)
        else:
            quads = self._extracts.of_thing(reader, found.node)
        if suffix == TABLE:
            return _table(self._extracts.table(reader, quads, language))
        if suffix not in WITH_GRAPHS:
            quads = [Quad(q.subject, q.predicate, q.object) for q in quads]
        out = BytesIO()
        write(self._dataset, quads, suffix, out)
        return out.getvalue()

    def _headers(self, found: Found, form: str, language: str) -> dict[str, str]:
        """What each answer carries: where else it is, under which licence, and in which state."""
        worded = form in (PAGE, TABLE)
        state = [self._dataset.release.hash[:16], self._dataset.ontology_hash[:16], __version__]
        headers = {
            "etag": f'W/"{"-".join([*state, form, *([language] if worded else [])])}"',
            "cache-control": "no-cache",
            "link": self._links(found, form),
        }
        return {**headers, "vary": "Accept-Language"} if worded else headers

    def _links(self, found: Found, form: str) -> str:
        """A Link header (https://www.rfc-editor.org/rfc/rfc8288)."""
        forms = {PAGE: HTML, **{suffix: TYPES[suffix] for suffix in _suffixes(found)}}
        links = [
            f'<{self._address(found.path, other)}>; rel="alternate"; type="{media}"'
            for other, media in forms.items()
            if other != form
        ]
        links.append(f'<{_escaped(found.node)}>; rel="canonical"')
        if found.path != GRAPHS:
            described = ONTOLOGY if form in TYPES else found.path
            links.append(
                f'<{self._address(described, "ttl")}>; rel="describedby"; type="text/turtle"'
            )
        return ", ".join(
            [*links, *(f'<{self._license}>; rel="license"' for _ in [0] if self._license)]
        )

    def _address(self, path: str, form: str) -> str:
        return _address(path, form) + self._query

    def _stated_license(self) -> str:
        """The licence that the ontology's header states, else empty."""
        path, model = (Step(ns.DCTERMS_LICENSE),), self._dataset.model
        nodes = [NamedNode(model.ontology)] if model.ontology else []
        found = self._dataset.store.reader().values({path: nodes})[path]
        licences = [
            end.value for ends in found.values() for end in ends if isinstance(end, NamedNode)
        ]
        return next(iter(licences), "")


def _node(iri: str | None) -> NamedNode | None:
    """The IRI as a term, None where it is none."""
    try:
        return NamedNode(iri) if iri else None
    except ValueError:
        return None


def _suffixes(found: Found) -> tuple[str, ...]:
    return () if found.path == GRAPHS else tuple(TYPES)


def _address(path: str, form: str) -> str:
    return f"/page/{quoted(path)}" if form == PAGE else f"/data/{quoted(path)}.{form}"


def _escaped(node: NamedNode) -> str:
    """The IRI as a URI, which is all that a header may hold."""
    return quote(node.value, safe=RESERVED)


def whole_number(name: str, given: str) -> int:
    """The number that a parameter gives; raises InvalidInput where it gives none."""
    if not given.isascii() or not given.isdigit() or int(given) > MOST:
        raise InvalidInput(f"{given!r} is no {name}; give a whole number.")
    return int(given)


def _page_number(request: Request) -> int:
    page = whole_number("page", request.query_params.get("page", "1"))
    if page < 1:
        raise InvalidInput("0 is no page; give a number from 1 on.")
    return page


def _table(rows: Iterable[tuple[str, ...]]) -> bytes:
    """The rows as CSV (https://www.rfc-editor.org/rfc/rfc4180)."""
    out = StringIO(newline="")
    csv.writer(out).writerows([COLUMNS, *sorted(rows)])
    return out.getvalue().encode()
