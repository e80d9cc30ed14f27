"""Saved questions over HTTP: the list, and each with its answer as a page or as data.

A question is at ``/questions/<name>``, its answer by Accept or by a suffix in the formats of
https://www.w3.org/TR/sparql11-protocol/#query-success; what it leaves open are query parameters.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from kizuna.dataset.engine import Question as Asked
from kizuna.dataset.formats import SOLUTIONS
from kizuna.dataset.query import read_query
from kizuna.dataset.releases import Dataset
from kizuna.errors import InvalidInput, NotFound
from kizuna.http.negotiation import languages_of, preferred
from kizuna.http.phrases import page_language
from kizuna.http.problems import HTML
from kizuna.http.question_page import QuestionPage
from kizuna.http.sparql import ALIASES, VARY, Sparql
from kizuna.questions import LANGUAGE, Parameter, Question, Questions

JSON = "application/json"
PAGE = "html"
FORMATS: Mapping[str, str] = {**SOLUTIONS, PAGE: HTML}
OF_THE_PAGE = "lang"


@dataclass(frozen=True)
class AskedQuestions:
    """Answers to the saved questions of one dataset."""

    dataset: Dataset
    questions: Questions
    sparql: Sparql
    page: QuestionPage

    def routes(self) -> list[BaseRoute]:
        """The list, and the questions."""
        return [
            Route("/questions", self.listed),
            Route("/questions/{name}", self.asked),
        ]

    async def listed(self, request: Request) -> Response:
        """The questions that there are: a page for browsers, else JSON."""
        if preferred(request.headers.get("accept"), (JSON, HTML)) == HTML:
            return self.page.listed(request)
        release = self.dataset.release
        content = {
            "release": {"number": release.number, "hash": release.hash},
            "formats": FORMATS,
            "questions": [self._entry(request, question) for question in self.questions.all],
        }
        return JSONResponse(content, headers=VARY)

    async def asked(self, request: Request) -> Response:
        """A question with its answer."""
        name, dot, suffix = str(request.path_params["name"]).partition(".")
        question = self.questions.find(name)
        if dot and suffix not in FORMATS:
            raise NotFound(
                f"{question.name} has no answer as .{suffix}; there are .{', .'.join(FORMATS)}."
            )
        chosen = FORMATS[suffix] if dot else _chosen(request)
        given = self._given(request, question, chosen)
        values = await run_in_threadpool(self.questions.values, question, given)
        if chosen == HTML:
            return await run_in_threadpool(self.page.answered, request, question, values)
        return await self._sent(request, question.query(values), chosen)

    async def _sent(self, request: Request, text: str, chosen: str) -> Response:
        base = str(request.url.replace(query="", fragment=""))
        media_types = {ALIASES[s]: SOLUTIONS[s] for s in SOLUTIONS if s in ALIASES}
        query = read_query(text, base, self.sparql.max_tokens)
        asked = Asked(query, base, media_types.get(chosen, chosen))
        return await self.sparql.sent(request, asked, chosen)

    def _given(self, request: Request, question: Question, chosen: str) -> Mapping[str, str]:
        """The parameters of a request; a page has its labels in its own language, unless told."""
        given: dict[str, str] = {}
        for name, value in request.query_params.multi_items():
            if name in given:
                raise InvalidInput(f"{name} is given more than once.")
            if name != OF_THE_PAGE:
                given[name] = value
        if chosen != HTML:
            return given
        language = page_language(languages_of(request))
        return {**_in_language(question, language, self.questions), **given}

    def _entry(self, request: Request, question: Question) -> Mapping[str, object]:
        path = f"/questions/{question.name}"
        return {
            "name": question.name,
            "title": question.titles,
            "general": question.general,
            "url": str(request.base_url.replace(path=path)),
            "parameters": [self._parameter(parameter) for parameter in question.parameters],
        }

    def _parameter(self, parameter: Parameter) -> Mapping[str, object]:
        return {
            "name": parameter.name,
            "type": parameter.type,
            "label": parameter.labels,
            "default": self.questions.written(parameter.default),
        }


def _in_language(question: Question, language: str, questions: Questions) -> Mapping[str, str]:
    return {
        parameter.name: language
        for parameter in question.parameters
        if parameter.type == LANGUAGE
        and language in [questions.written(term) for term in questions.choices(parameter)]
    }


def _chosen(request: Request) -> str:
    """The media type that the client likes best; raises HTTPException where there is none."""
    offers = (*FORMATS.values(), *(ALIASES[s] for s in SOLUTIONS if s in ALIASES))
    chosen = preferred(request.headers.get("accept"), offers)
    if chosen is None:
        there = ", ".join(f"{media} (.{suffix})" for suffix, media in FORMATS.items())
        raise HTTPException(HTTPStatus.NOT_ACCEPTABLE, f"What there is: {there}.", VARY)
    return chosen
