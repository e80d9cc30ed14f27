"""The Reconciliation Service API 0.2, for OpenRefine and its like:
https://reconciliation-api.github.io/specs/0.2/

Things are named by the last part of their IRIs, types and properties as in GraphQL. Where something
is asked wrongly, the whole request is refused, and the problem names what is wrong.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from kizuna import namespaces as ns
from kizuna.errors import InvalidInput, NotFound
from kizuna.http.bodies import body_of
from kizuna.http.headers import POLICY, policy
from kizuna.http.negotiation import languages_of
from kizuna.http.phrases import page_language
from kizuna.http.problems import Page
from kizuna.http.protocol import FORM
from kizuna.model import Class, Property
from kizuna.reconciling.names import Thing
from kizuna.reconciling.reconciler import Candidate, Reconciler
from kizuna.reconciling.wishes import Column, Wish, read_extension, read_queries
from kizuna.terms import Literal, NamedNode, Term, python_value

VERSIONS = ("0.2",)
PATH = "/reconcile"
PREVIEW = {"width": 400, "height": 160}
SUGGESTED = 20
JSON = "application/json"
SETTINGS = (
    {
        "name": "limit",
        "label": "Limit",
        "type": "number",
        "default": 0,
        "help_text": "At most so many values in a cell; 0 is all.",
    },
    {
        "name": "lang",
        "label": "Language",
        "type": "text",
        "default": "",
        "help_text": "Texts in this language alone, such as it; empty is all.",
    },
)
Json = Mapping[str, Any]


class Reconciliation:
    """Answers for the service at ``/reconcile``."""

    def __init__(self, reconciler: Reconciler, page: Page, most: int) -> None:
        self._reconciler = reconciler
        self._page = page
        self._most = most

    def routes(self) -> list[BaseRoute]:
        """The service's addresses."""
        return [
            Route(PATH, self.respond, methods=["GET", "POST"]),
            Route(f"{PATH}/suggest/entity", self.suggest_entity),
            Route(f"{PATH}/suggest/type", self.suggest_type),
            Route(f"{PATH}/suggest/property", self.suggest_property),
            Route(f"{PATH}/properties", self.propose),
            Route(f"{PATH}/preview", self.preview),
        ]

    async def respond(self, request: Request) -> Response:
        """The manifest, the candidates for a batch of queries, or values to extend rows by."""
        given = await self._given(request)
        language = page_language(languages_of(request))
        if "queries" in given:
            queries = read_queries(given["queries"])
            return JSONResponse(await run_in_threadpool(self._results, queries, language))
        if "extend" in given:
            ids, columns = read_extension(given["extend"])
            return JSONResponse(await run_in_threadpool(self._extended, ids, columns, language))
        return JSONResponse(self._manifest(str(request.base_url).rstrip("/"), language))

    async def _given(self, request: Request) -> Mapping[str, str]:
        if request.method != "POST":
            return request.query_params
        body = await body_of(request, self._most)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
            raise InvalidInput(f"Send a form ({FORM}) with queries or extend.")
        try:
            return {name: values[-1] for name, values in parse_qs(body.decode()).items()}
        except ValueError as error:
            raise InvalidInput("The form is not in UTF-8.") from error

    def _manifest(self, base: str, language: str) -> Json:
        def service(path: str) -> Json:
            return {"service_url": base, "service_path": PATH + path}

        roots = [found for found in self._reconciler.types.values() if not self._above(found)]
        return {
            "versions": VERSIONS,
            "name": "Kizuna",
            "identifierSpace": self._reconciler.base,
            "schemaSpace": ns.TERMS,
            "defaultTypes": [_typed(found, language) for found in roots],
            "view": {"url": f"{base}/page/id/{{{{id}}}}"},
            "preview": {"url": f"{base}{PATH}/preview?id={{{{id}}}}", **PREVIEW},
            "suggest": {
                name: service(f"/suggest/{name}") for name in ("entity", "type", "property")
            },
            "extend": {
                "propose_properties": service("/properties"),
                "property_settings": SETTINGS,
            },
        }

    def _above(self, found: Class) -> list[Class]:
        return [one for one in self._reconciler.types.values() if one.iri in found.ancestors]

    def _results(self, queries: Mapping[str, Wish], language: str) -> Json:
        return {
            name: {
                "result": [
                    self._candidate(one, language) for one in self._reconciler.candidates(wish)
                ]
            }
            for name, wish in queries.items()
        }

    def _candidate(self, found: Candidate, language: str) -> Json:
        features = [{"id": name, "value": value} for name, value in found.features]
        told = {"score": found.score, "match": found.match, "features": features}
        return {**self._told(found.thing, language), **told}

    def _told(self, thing: Thing, language: str) -> dict[str, Any]:
        kind = next(c for c in self._reconciler.types.values() if c.iri == thing.of_class)
        return {
            "id": self._short(thing.iri),
            "name": _best(thing.labels, language),
            "description": _best(kind.labels, language),
            "type": [_typed(kind, language)],
        }

    def _short(self, iri: str) -> str:
        return iri.removeprefix(self._reconciler.base)

    def suggest_entity(self, request: Request) -> Response:
        """Things whose names begin as the prefix does."""
        language, prefix = _prefix(request)
        types = request.query_params.getlist("type")
        start = _number(request, "cursor", 0)
        things = self._reconciler.beginning(prefix, types, start, SUGGESTED)
        told = [self._told(thing, language) for thing in things]
        return JSONResponse({"result": [_notable(one) for one in told]})

    def suggest_type(self, request: Request) -> Response:
        """Types whose names hold the prefix."""
        language, prefix = _prefix(request)
        found = [_typed(one, language) for one in self._reconciler.types.values()]
        return JSONResponse({"result": _holding(prefix, found, request)})

    def suggest_property(self, request: Request) -> Response:
        """Properties whose names hold the prefix."""
        language, prefix = _prefix(request)
        found = [_property(one, language) for one in self._reconciler.properties().values()]
        return JSONResponse({"result": _holding(prefix, found, request)})

    def propose(self, request: Request) -> Response:
        """The properties of a type by which rows can be extended."""
        wanted = request.query_params.get("type")
        language = page_language(languages_of(request))
        found = self._reconciler.properties([wanted] if wanted else ())
        properties = [_property(prop, language) for prop in found.values()]
        limit = _number(request, "limit", 0) or len(properties)
        told: dict[str, object] = {"limit": limit, "properties": properties[:limit]}
        return JSONResponse({**told, **({"type": wanted} if wanted else {})})

    def _extended(self, ids: Sequence[str], columns: Sequence[Column], language: str) -> Json:
        things = {name: thing for name in ids if (thing := self._reconciler.thing(name))}
        known = self._reconciler.properties()
        rows: dict[str, dict[str, object]] = {name: {} for name in ids}
        for column in columns:
            values = self._reconciler.values(things.values(), column.name)
            for row, cells in rows.items():
                terms = values.get(things[row].iri, ()) if row in things else ()
                cells[column.name] = list(self._cells(terms, column, language))
        meta = [self._meta(known[column.name], language) for column in columns]
        return {"meta": meta, "rows": rows}

    def _meta(self, prop: Property, language: str) -> Json:
        """What a column is; its type where all its things are of one that can be reconciled."""
        told = _property(prop, language)
        kinds = [c for c in self._reconciler.types.values() if prop.targets == (c.iri,)]
        return {**told, "type": _typed(kinds[0], language)} if kinds else told

    def _cells(self, terms: Sequence[Term], column: Column, language: str) -> Iterator[Json]:
        only = column.language
        chosen = [t for t in terms if not only or not isinstance(t, Literal) or _in(t, only)]
        for term in chosen[: column.limit or None]:
            yield self._cell(term, language)

    def _cell(self, term: Term, language: str) -> Json:
        """https://reconciliation-api.github.io/specs/0.2/#data-extension-responses"""
        if isinstance(term, Literal):
            return _literal(term)
        iri = term.value if isinstance(term, NamedNode) else str(term)
        thing = self._reconciler.thing(iri)
        if thing is None:
            return {"str": iri}
        return {"id": self._short(iri), "name": _best(thing.labels, language)}

    def preview(self, request: Request) -> Response:
        """A little page on a thing, to be shown in a frame."""
        thing = self._reconciler.thing(request.query_params.get("id", ""))
        if thing is None:
            raise NotFound("Nothing has that id; take one from a candidate.")
        language = page_language(languages_of(request))
        told = self._told(thing, language)
        response = self._page(request, "preview.html", {"thing": thing, "told": told})
        response.headers[POLICY] = policy({"frame-ancestors": "*"})
        return response


def _literal(term: Literal) -> Json:
    value = python_value(term)
    match value:
        case bool():
            return {"bool": value}
        case int():
            return {"int": value}
        case str() if term.datatype.value in (ns.XSD + "date", ns.XSD + "dateTime"):
            return {"date": value}
        case str():
            return {"str": value}
    return {"float": float(value)}


def _in(term: Literal, language: str) -> bool:
    """Whether a text is in the language; what is no text is in every one."""
    return term.language is None or term.language.partition("-")[0] == language.lower()


def _typed(found: Class, language: str) -> Json:
    return {"id": found.name, "name": _best(found.labels, language)}


def _property(found: Property, language: str) -> Json:
    return {"id": found.name, "name": _best(found.labels, language)}


def _notable(told: Json) -> Json:
    kept = {name: told[name] for name in ("id", "name", "description")}
    return {**kept, "notable": told["type"]}


def _holding(prefix: str, found: Sequence[Json], request: Request) -> list[Json]:
    start = _number(request, "cursor", 0)
    wanted = prefix.casefold()
    fitting = [
        one for one in found if wanted in one["name"].casefold() or wanted in one["id"].casefold()
    ]
    return fitting[start : start + SUGGESTED]


def _best(texts: Mapping[str, str], language: str) -> str:
    choices = (language, "en", *texts)
    return next((texts[choice] for choice in choices if choice in texts), "")


def _prefix(request: Request) -> tuple[str, str]:
    prefix = request.query_params.get("prefix")
    if prefix is None:
        raise InvalidInput("Give the prefix that the suggestions are to begin with.")
    return page_language(languages_of(request)), prefix


def _number(request: Request, name: str, otherwise: int) -> int:
    given = request.query_params.get(name)
    if given is None:
        return otherwise
    if not given.isdecimal() or len(given) > 6:
        raise InvalidInput(f"{name} is {given!r}; give a number from 0 on.")
    return int(given)
