"""What the server answers over HTTP, as a document: https://spec.openapis.org/oas/v3.1.1

One operation for each route and method, and for each saved question one with its own parameters.
Where the ontology or the questions give an example, it is one that the server can answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from kizuna import __version__
from kizuna import namespaces as ns
from kizuna.addresses import ELSEWHERE, GRAPHS, ONTOLOGY, addresses_of
from kizuna.dataset.formats import SOLUTIONS, TRIPLES
from kizuna.dataset.releases import Dataset
from kizuna.graphql.view import GRAPHQL
from kizuna.http import openapi_contributions as contributing
from kizuna.http import openapi_parts as parts
from kizuna.http import openapi_reconcile as reconciling
from kizuna.http import openapi_releases as releasing
from kizuna.http.openapi_parts import Part
from kizuna.http.openapi_permalinks import permalink_parameters
from kizuna.http.operations import JSON
from kizuna.http.problems import HTML
from kizuna.http.protocol import DIRECT, FORM
from kizuna.http.questions import FORMATS
from kizuna.http.resource import PAGE, TYPES
from kizuna.http.sparql import ALIASES
from kizuna.model import Model, Step
from kizuna.questions import DATE, INTEGER, LANGUAGE, TEXT, Parameter, Question, Questions, Values
from kizuna.terms import NamedNode

DIALECT = "3.1.1"

# https://www.w3.org/TR/sparql11-protocol/#query-operation
QUERY_OPERATION: Mapping[str, Part] = {
    "query": {"type": "string", "description": "A SELECT, ASK, CONSTRUCT or DESCRIBE."},
    "default-graph-uri": {"type": "array", "items": {"type": "string"}},
    "named-graph-uri": {"type": "array", "items": {"type": "string"}},
    "format": {"type": "string", "enum": [*SOLUTIONS, *TRIPLES]},
}
SPARQL_FAILURES = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_ACCEPTABLE,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
RELEASE = parts.query("release", {"type": "integer", "minimum": 0})
GRAPHQL_ANSWERS: Mapping[str, Part] = {
    JSON: parts.ref("GraphQLAnswer"),
    GRAPHQL: parts.ref("GraphQLAnswer"),
}


TAGS: Mapping[str, str] = {
    "Questions": "Saved questions with their answers, of whatever is chosen for their parameters.",
    "SPARQL": "Any question: https://www.w3.org/TR/sparql11-protocol/",
    "Releases": "What the data was before, and how it came to be what it is.",
    "GraphQL": "Any question: https://graphql.github.io/graphql-over-http/draft/",
    "Linked data": "What has an IRI, as a page and as data.",
    "Downloads": "Everything at once.",
    "Reconciliation": "What a name stands for: https://reconciliation-api.github.io/specs/0.2/",
    "Server": "About the server itself.",
}


@dataclass(frozen=True)
class OpenApi:
    """The document for one dataset with its questions, and if it takes any, contributions."""

    dataset: Dataset
    questions: Questions
    contributions: bool = False

    @property
    def model(self) -> Model:
        """What the dataset is described by."""
        return self.dataset.model

    def routes(self) -> list[BaseRoute]:
        """The document's own route."""
        document = self.document()

        async def respond(request: Request) -> Response:
            return JSONResponse(document)

        return [Route("/openapi.json", respond)]

    def document(self) -> Part:
        """The document."""
        title = self.model.titles.get("en", "Kizuna")
        paths = {
            **self._questions(),
            **_sparql(self._first(), self.model.ontology),
            **_graphql(self._first()),
            **_permalinks(_example(self._first()), self.dataset.release.number),
            **self._linked_data(),
            **releasing.paths(_sparql(self._first(), self.model.ontology), self._number),
            **_downloads(self._number),
            **reconciling.paths(self._examples().get("id") or ""),
            **_catalogues(),
            **_server(),
        }
        if self.dataset.remote:
            paths = {path: part for path, part in paths.items() if not path.endswith("/sparql")}
        document = self._document(title, paths)
        return contributing.added(document) if self.contributions else document

    @property
    def _number(self) -> int:
        return self.dataset.release.number

    def _document(self, title: str, paths: Part) -> Part:
        return {
            "openapi": DIALECT,
            "info": {"title": title, "version": __version__},
            "servers": [{"url": "/"}],
            "tags": [{"name": name, "description": sense} for name, sense in TAGS.items()],
            "paths": paths,
            "components": {
                "schemas": parts.SCHEMAS,
                "parameters": parts.PARAMETERS,
                "responses": {"Problem": parts.problem()},
            },
        }

    def _first(self) -> Question | None:
        return next(iter(self.questions.all), None)

    def _questions(self) -> Part:
        listed = parts.operation(
            "Questions",
            "questions",
            "The questions that there are",
            {JSON: parts.ref("Questions"), HTML: {}},
            [parts.LANG],
        )
        paths = {"/questions": {"get": listed}}
        for question in self.questions.all:
            paths[f"/questions/{question.name}"] = {"get": self._question(question)}
        if first := self._first():
            paths["/questions/{question}.{format}"] = {"get": self._formatted(first)}
        return paths

    def _question(self, question: Question) -> Part:
        return parts.operation(
            "Questions",
            f"question-{question.name}",
            question.titles.get("en", question.name),
            _solutions(HTML),
            [*(self._parameter(parameter) for parameter in question.parameters), parts.LANG],
            failures=(HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_ACCEPTABLE),
        )

    def _formatted(self, first: Question) -> Part:
        names = [question.name for question in self.questions.all]
        return parts.operation(
            "Questions",
            "question-as",
            "The answer to a question in a format, by the question's own parameters",
            {media_type: {} for media_type in FORMATS.values()},
            [
                parts.path("question", "Its name.", first.name, enum=names),
                parts.path("format", "What the answer comes in.", "csv", enum=list(FORMATS)),
                parts.LANG,
            ],
            failures=(HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND),
        )

    def _parameter(self, parameter: Parameter) -> Part:
        default = self.questions.written(parameter.default)
        schemas: Mapping[str, Part] = {
            LANGUAGE: {"type": "string", "pattern": "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"},
            DATE: {"type": "string", "format": "date"},
            INTEGER: {"type": "integer"},
            TEXT: {"type": "string"},
        }
        of_class = {
            "type": "string",
            "description": f"Of the class {parameter.type}: an IRI, or the last part of it.",
        }
        value = int(default) if parameter.type == INTEGER else default
        return {
            "name": parameter.name,
            "in": "query",
            "description": parameter.labels.get("en", parameter.name),
            "allowEmptyValue": True,
            "schema": {**schemas.get(parameter.type, of_class), "default": value},
            "example": value,
        }

    def _linked_data(self) -> Part:
        """Pages, data, and the addresses that lead to them."""
        data: Mapping[str, Part] = {media_type: {} for media_type in TYPES.values()}
        suffixes = list(TYPES)
        not_found = (HTTPStatus.NOT_FOUND,)
        sense = "Where it is, such as ns, or id/ and the last part of its IRI."
        paths: Part = {
            "/page/{path}": _page_of(parts.path("path", sense, ONTOLOGY)),
            "/data/{path}.{format}": {
                "get": parts.operation(
                    "Linked data",
                    "data",
                    "What is known of a thing, as data",
                    data,
                    [
                        parts.path("path", sense, ONTOLOGY),
                        parts.path("format", "The format.", "ttl", enum=suffixes),
                        RELEASE,
                        parts.LANG,
                    ],
                    failures=not_found,
                )
            },
            f"/{ONTOLOGY}": _leading("ontology", "Leads to the ontology", []),
            f"/{ONTOLOGY}.{{format}}": _leading(
                "ontology-as",
                "Leads to the ontology in a format",
                [parts.path("format", "The format.", "ttl", enum=[*suffixes, PAGE])],
            ),
            f"/{GRAPHS}": _leading("graphs", "Leads to the list of graphs", []),
        }
        for space, example in self._examples().items():
            parameter = parts.path("path", "The rest of its IRI.", example)
            summary = f"Leads to the page or the data of what is under /{space}/"
            paths[f"/{space}/{{path}}"] = _leading(f"lead-{space}", summary, [parameter])
        return paths

    def _examples(self) -> Mapping[str, str | None]:
        """For each space of IRIs something in it, as far as the ontology and questions name any."""
        addresses = addresses_of(self.model)
        known = [*self._versions(), ns.GRAPH_ONTOLOGY]
        known += [concept.iri for s in self.model.schemes.values() for concept in s.concepts]
        for question in self.questions.all:
            known += [str(p.default).strip("<>") for p in question.parameters]
        examples: dict[str, str | None] = {ONTOLOGY: None, ELSEWHERE: self.model.ontology}
        for name, _ in addresses.spaces:
            examples[name] = None
        for iri in known:
            space, _, rest = addresses.place(iri).path.partition("/")
            if space in examples and rest and not examples[space]:
                examples[space] = rest
        return examples

    def _versions(self) -> list[str]:
        """The IRIs of the ontology's version, if it has any."""
        path, model = (Step(ns.OWL_VERSION_IRI),), self.model
        nodes = [NamedNode(model.ontology)] if model.ontology else []
        found = self.dataset.store.reader().values({path: nodes})[path]
        return [t.value for ends in found.values() for t in ends if isinstance(t, NamedNode)]


def _sparql(first: Question | None, ontology: str | None) -> Part:
    examples = {
        "solutions": first.query(_defaults(first)) if first else "SELECT * WHERE { } LIMIT 1",
        "triples": f"DESCRIBE <{ontology or ns.TERMS}>",
    }
    return {"/sparql": {"get": _sparql_get(examples), "post": _sparql_post(examples)}}


def _sparql_get(examples: Mapping[str, str]) -> Part:
    given = [parts.query(name, schema) for name, schema in QUERY_OPERATION.items()]
    given[0]["examples"] = {name: {"value": query} for name, query in examples.items()}
    return parts.operation(
        "SPARQL",
        "sparql",
        "The answer to a query; without one, the description of the service",
        _any_result(),
        given,
        (*SPARQL_FAILURES, HTTPStatus.REQUEST_URI_TOO_LONG),
    )


def _sparql_post(examples: Mapping[str, str]) -> Part:
    operation = parts.operation(
        "SPARQL",
        "sparql-post",
        "The answer to a query",
        _any_result(),
        [parts.query(name, schema) for name, schema in QUERY_OPERATION.items() if name != "query"],
        (
            *SPARQL_FAILURES,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        ),
    )
    form = {"type": "object", "required": ["query"], "properties": QUERY_OPERATION}
    direct = {name: {"value": query} for name, query in examples.items()}
    forms = {name: {"value": {"query": query}} for name, query in examples.items()}
    content = {
        DIRECT: {"schema": QUERY_OPERATION["query"], "examples": direct},
        FORM: {"schema": form, "examples": forms},
    }
    return {**operation, "requestBody": {"required": True, "content": content}}


def _any_result() -> Mapping[str, Part]:
    return {**_solutions(), **{media: {} for media in TRIPLES.values()}, HTML: {}}


def _graphql(first: Question | None) -> Part:
    example = _example(first)
    schema = parts.operation("GraphQL", "schema", "The schema", {"text/plain": {}})
    return {
        "/graphql": {"get": _graphql_get(example), "post": _graphql_post(example)},
        "/schema.graphql": {"get": schema},
    }


def _example(first: Question | None) -> str:
    return first.graphql if first and first.graphql else "{ __typename }\n"


def _graphql_get(example: str) -> Part:
    given = [parts.query(name, {"type": "string"}) for name in parts.OPERATION["properties"]]
    given[0]["example"] = example
    operation = parts.operation(
        "GraphQL",
        "graphql",
        "The answer to a query; for a browser, the page to ask on",
        {**GRAPHQL_ANSWERS, HTML: {}},
        [*given, parts.LANG],
        (HTTPStatus.NOT_ACCEPTABLE,),
    )
    operation["responses"]["304"] = {"description": "What If-None-Match names still holds."}
    return _refusing(operation, (400, 403, 405, 414))


def _graphql_post(example: str) -> Part:
    operation = parts.operation(
        "GraphQL",
        "graphql-post",
        "The answer to an operation",
        GRAPHQL_ANSWERS,
        [parts.LANG],
        (HTTPStatus.NOT_ACCEPTABLE,),
    )
    content = {JSON: {"schema": parts.ref("GraphQLOperation"), "example": {"query": example}}}
    operation["requestBody"] = {"required": True, "content": content}
    return _refusing(operation, (400, 403, 413, 415))


def _permalinks(example: str, release: int) -> Part:
    operation = parts.operation(
        "GraphQL",
        "permalink",
        "The answer that a release gives to an operation; extensions.kizuna.permalink leads here",
        {**GRAPHQL_ANSWERS, HTML: {}},
        permalink_parameters(example, release),
        (HTTPStatus.NOT_FOUND, HTTPStatus.NOT_ACCEPTABLE),
    )
    return {"/q/{release}/{hash}": {"get": _refusing(operation, (400, 405, 414))}}


def _refusing(operation: Part, statuses: Sequence[int]) -> Part:
    """The operation, which tells in GraphQL's own form why it does not answer."""
    sense = "No GraphQL request, or one that is refused."
    refused = {"description": sense, **parts.told(GRAPHQL_ANSWERS)}
    responses = operation["responses"] | {str(status): refused for status in statuses}
    return {**operation, "responses": responses}


def _downloads(release: int) -> Part:
    sense = "A file of the list, or with .sha256 its checksum."
    name = parts.path("name", sense, f"kizuna-{release}.ttl")
    listed = {JSON: parts.ref("Exports"), HTML: {}}
    context: Mapping[str, Part] = {"application/ld+json": {}}
    return {
        "/export": _get("Downloads", "exports", "The files that there are", listed, [parts.LANG]),
        "/export/{name}": _get(
            "Downloads",
            "export",
            "A file with all of the data",
            {"*/*": {}},
            [name],
            (HTTPStatus.NOT_FOUND,),
        ),
        "/context.jsonld": _get("Downloads", "context", "The JSON-LD context", context),
    }


def _catalogues() -> Part:
    described: Mapping[str, Part] = {media_type: {} for media_type in TRIPLES.values()}
    failures = (HTTPStatus.NOT_ACCEPTABLE,)
    number = parts.path("number", "Which part, from 1 on.", None)
    number |= {"schema": {"type": "integer", "minimum": 1}, "example": 1}
    xml: Mapping[str, Part] = {"application/xml": {}}
    return {
        "/.well-known/void": _get(
            "Downloads", "void", "The dataset in VoID", described, failures=failures
        ),
        "/catalog": _get(
            "Downloads", "dcat", "The catalogue in DCAT", described, failures=failures
        ),
        "/sitemap.xml": _get("Downloads", "sitemap", "The addresses of all pages", xml),
        "/sitemap-{number}.xml": _get(
            "Downloads",
            "sitemap-part",
            "Some of the addresses of pages",
            xml,
            [number],
            (HTTPStatus.NOT_FOUND,),
        ),
        "/robots.txt": _get("Downloads", "robots", "Where crawlers may go", {"text/plain": {}}),
    }


def _server() -> Part:
    file = parts.path("file", "A style sheet, a script or an icon.", "style.css")
    alive, ready = {JSON: parts.ref("Alive")}, {JSON: parts.ref("Ready")}
    not_found = (HTTPStatus.NOT_FOUND,)
    return {
        "/": _get("Server", "front", "The front page", {HTML: {}}, [parts.LANG]),
        "/openapi.json": _get("Server", "openapi", "This document", {JSON: {}}),
        "/healthz": _get("Server", "alive", "Whether it is alive", alive),
        "/readyz": _get("Server", "ready", "Whether it answers, and what", ready),
        "/static/{file}": _get(
            "Server", "static", "What pages are made with", {"*/*": {}}, [file], not_found
        ),
    }


def _page_of(path: Part) -> Part:
    page = parts.query("page", {"type": "integer", "minimum": 1, "default": 1})
    failures = (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND)
    summary, given = "What is known of a thing, as a page", [path, page, RELEASE, parts.LANG]
    return _get("Linked data", "page", summary, {HTML: {}}, given, failures)


def _leading(identifier: str, summary: str, parameters: Sequence[Part]) -> Part:
    """An address that answers 303: https://www.w3.org/TR/cooluris/#r303gendocument"""
    failures = (HTTPStatus.NOT_FOUND, HTTPStatus.NOT_ACCEPTABLE)
    given = [*parameters, RELEASE, parts.LANG]
    operation = parts.operation("Linked data", identifier, summary, {}, given, failures)
    del operation["responses"]["200"]
    operation["responses"]["303"] = {
        "description": "It is elsewhere, by Accept or by a suffix.",
        "headers": {"Location": {"required": True, "schema": {"type": "string"}}},
    }
    return {"get": operation}


def _get(
    tag: str,
    identifier: str,
    summary: str,
    answers: Mapping[str, Part],
    parameters: Sequence[Part] = (),
    failures: Sequence[HTTPStatus] = (),
) -> Part:
    """A path that is only read."""
    return {"get": parts.operation(tag, identifier, summary, answers, parameters, failures)}


def _solutions(*others: str) -> Mapping[str, Part]:
    aliases = (ALIASES[suffix] for suffix in SOLUTIONS if suffix in ALIASES)
    found: dict[str, Part] = {each: {} for each in (*SOLUTIONS.values(), *aliases, *others)}
    return {**found, SOLUTIONS["json"]: parts.ref("Solutions")}


def _defaults(question: Question) -> Values:
    return {parameter.name: parameter.default for parameter in question.parameters}
