"""The page to ask in SPARQL from: a form that works without a script, and the answer below it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import IO
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from kizuna.addresses import ELSEWHERE, addresses_of
from kizuna.dataset.formats import SOLUTIONS, TRIPLES
from kizuna.dataset.query import Query
from kizuna.dataset.releases import Dataset, Release
from kizuna.errors import KizunaError
from kizuna.http.negotiation import languages_of
from kizuna.http.phrases import page_language
from kizuna.http.problems import Page
from kizuna.http.showing import Showing
from kizuna.kinds import kind_of
from kizuna.model import Model
from kizuna.saved import Saved

ROWS = 200
CHARACTERS = 100_000
FIRST_QUERY = "SELECT * WHERE {\n  ?subject ?predicate ?object\n}\nLIMIT 20\n"
LITERAL = re.compile(r'"(?P<text>.*)"(?:@(?P<language>[\w-]+)|\^\^<(?P<datatype>.*)>)?', re.DOTALL)
ESCAPES = {"t": "\t", "n": "\n", "r": "\r"}


@dataclass(frozen=True)
class Cell:
    """A term of a solution as people read it; an IRI leads to what is known of it."""

    text: str = ""
    language: str = ""
    href: str = ""


@dataclass(frozen=True)
class SparqlPage:
    """Shows the page, with a query and its answer where there are any."""

    page: Page
    questions: Sequence[Saved]
    model: Model
    release: Release

    def over(self, dataset: Dataset) -> "SparqlPage":
        """The same page over another release."""
        return replace(self, model=dataset.model, release=dataset.release)

    def blank(self, request: Request) -> Response:
        """The page with the first of the questions at hand, not yet asked."""
        text = self.questions[0].document if self.questions else FIRST_QUERY
        return self._shown(request, text, {})

    def answered(self, request: Request, query: Query, answer: IO[bytes]) -> Response:
        """The page with the answer: its first rows and how many there are, or its text."""
        link = _linking(request)
        formats = TRIPLES if query.gives_triples else SOLUTIONS
        taken = [(name, link(query.text, name)) for name in formats]
        if query.gives_triples:
            return self._shown(request, query.text, {"taken": taken, **_text(answer)})
        if query.form == "ASK":
            truth = answer.read().strip() == b"true"
            return self._shown(request, query.text, {"taken": taken, "truth": truth})
        table = _table(answer, self._leading(request))
        return self._shown(request, query.text, {"taken": taken, **table})

    def refused(self, request: Request, text: str, error: KizunaError) -> Response:
        """The page with what is wrong with the query."""
        response = self._shown(request, text, {"fault": str(error)})
        response.status_code = kind_of(error).status
        return response

    def _shown(self, request: Request, text: str, outcome: Mapping[str, object]) -> Response:
        language = page_language(languages_of(request))
        link = _linking(request)
        saved = [
            {"title": each.note("title", language), "href": link(each.document, "")}
            for each in self.questions
        ]
        parts = {
            "here": "sparql",
            "release": self.release,
            "action": request.url.path,
            "query": text,
            "saved": saved,
            "outcome": outcome,
        }
        return self.page(request, "sparql.html", parts)

    def _leading(self, request: Request) -> Callable[[str], str]:
        """Where an IRI leads: to its page, or if it is none of ours, to what is stated of it."""
        addresses, link = addresses_of(self.model), _linking(request)
        showing = Showing(page_language(languages_of(request)), addresses, self.model)

        def lead(iri: str) -> str:
            ours = not addresses.place(iri).path.startswith(f"{ELSEWHERE}/")
            return showing.page(iri) if ours else link(f"DESCRIBE <{iri}>", "")

        return lead


def _linking(request: Request) -> Callable[[str, str], str]:
    """Where a query is answered: on this page, or as data in the format of a suffix."""
    language = page_language(languages_of(request))

    def link(query: str, suffix: str) -> str:
        how = {"format": suffix} if suffix else {"lang": language}
        return f"{request.url.path}?{urlencode({**how, 'query': query})}"

    return link


def _text(answer: IO[bytes]) -> Mapping[str, object]:
    """The first characters of a graph, and whether there are more."""
    text = answer.read(4 * CHARACTERS).decode("utf-8", errors="ignore")
    return {"text": text[:CHARACTERS], "more": len(text) > CHARACTERS or bool(answer.read(1))}


def _table(answer: IO[bytes], lead: Callable[[str], str]) -> Mapping[str, object]:
    """The first rows of https://www.w3.org/TR/sparql11-results-csv-tsv/#tsv, and their number."""
    columns = [name.removeprefix("?") for name in answer.readline().decode().split()]
    rows = [[_cell(term, lead) for term in _terms(line)] for line in islice(answer, ROWS)]
    return {"columns": columns, "rows": rows, "count": len(rows) + sum(1 for _ in answer)}


def _terms(line: bytes) -> list[str]:
    return line.decode().rstrip("\r\n").split("\t")


def _cell(term: str, lead: Callable[[str], str]) -> Cell:
    if term.startswith("<") and not term.startswith("<<"):
        return Cell(term[1:-1], href=lead(term[1:-1]))
    literal = LITERAL.fullmatch(term)
    if literal is None:
        return Cell(term)
    text = re.sub(r"\\(.)", lambda found: ESCAPES.get(found[1], found[1]), literal["text"])
    return Cell(text, literal["language"] or "")
