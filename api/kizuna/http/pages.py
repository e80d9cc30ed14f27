"""The pages for readers, rendered from templates: the front page and the query page."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from kizuna.dataset.releases import Release
from kizuna.http.front import Front, query_link
from kizuna.http.headers import OF_GRAPHIQL, POLICY, policy
from kizuna.http.negotiation import languages_of
from kizuna.http.phrases import PHRASES, page_language
from kizuna.saved import Saved

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
GRAPHIQL = STATIC / "graphiql" / "main.js"  # made where the package is built, see explorer/

# What the front page says to programs, for a request and in a language: JSON-LD as it stands there.
Structured: TypeAlias = Callable[[Request, str], str]


class Pages:
    """Renders the pages of one release; the front page is made once in each language.

    With ``graphiql``, operations are written in GraphiQL where the browser runs scripts.
    """

    def __init__(
        self,
        front: Front,
        saved: Sequence[Saved],
        release: Release,
        packaged: bool,
        structured: Structured,
        *,
        contributions: bool = False,
        graphiql: bool = False,
        sparql: bool = True,
    ) -> None:
        self._front = front
        self._structured = structured
        self._saved = saved
        self._graphiql = graphiql
        self._made: dict[str, Mapping[str, object]] = {}
        self._environment = Environment(
            loader=FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            release=release, packaged=packaged, contributions=contributions, sparql=sparql
        )

    def front(self, request: Request) -> Response:
        """The front page."""
        language = page_language(languages_of(request))
        parts = {"here": "front", "structured": self._structured(request, language)}
        return self.page(request, "front.html", {**parts, **self._contents(language)})

    def query(self, request: Request, query: str, variables: str, answer: bytes | None) -> Response:
        """The query page, with the operation that was asked and its answer."""
        language = page_language(languages_of(request))
        # Elsewhere, at a permalink, the answer is not what GraphiQL would get for the operation.
        graphiql = self._graphiql and request.url.path == "/graphql"
        parts = {
            "here": "query",
            "about": self._contents(language)["about"],
            "query": query or (self._saved[0].document if self._saved else "{ __typename }\n"),
            "variables": variables,
            "graphiql": graphiql,
            "answer": _indented(answer) if answer else "",
            "saved": [
                {"title": s.note("title", language), "href": query_link(s.document, language)}
                for s in self._saved
            ],
        }
        response = self.page(request, "query.html", parts)
        if graphiql:
            response.headers[POLICY] = policy(OF_GRAPHIQL)
        return response

    def _contents(self, language: str) -> Mapping[str, object]:
        """What the front page says, asked once: the dataset doesn't change under it."""
        if language not in self._made:
            front = self._front
            self._made[language] = {
                "about": front.about(language),
                "examples": front.examples(language),
                "kinds": front.kinds(language),
            }
        return self._made[language]

    def page(self, request: Request, template: str, parts: Mapping[str, object]) -> Response:
        """A page from a template, in the language of the request."""
        language = page_language(languages_of(request))
        languages = [
            {"code": code, "name": say["language_name"], "href": _in_language(request, code)}
            for code, say in PHRASES.items()
        ]
        html = self._environment.get_template(template).render(
            say=PHRASES[language], language=language, languages=languages, **parts
        )
        headers = {"content-language": language, "vary": "Accept, Accept-Language"}
        return HTMLResponse(html, headers=headers)


def _in_language(request: Request, code: str) -> str:
    """The same page in another language."""
    return "?" + request.url.include_query_params(lang=code).query


def _indented(answer: bytes) -> str:
    return orjson.dumps(orjson.loads(answer), option=orjson.OPT_INDENT_2).decode()
