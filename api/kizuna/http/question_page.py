"""The pages of saved questions: the list, and each with its answer; they need no script."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from kizuna import namespaces as ns
from kizuna.addresses import addresses_of
from kizuna.dataset.formats import SOLUTIONS
from kizuna.dataset.releases import Dataset
from kizuna.dataset.store import Reader, Solutions
from kizuna.descriptions.evidence import Evidence, Passage
from kizuna.descriptions.naming import Name, Naming, best, label
from kizuna.http.negotiation import languages_of
from kizuna.http.phrases import PHRASES, page_language
from kizuna.http.problems import Page
from kizuna.http.showing import Showing, Shown
from kizuna.http.wording import WORDS
from kizuna.model import Texts
from kizuna.questions import (
    DATE,
    INTEGER,
    Parameter,
    Question,
    Questions,
    Values,
    variables,
)
from kizuna.terms import NamedNode, Term

ROWS = 1000
BRIEF_HASH = 12
INPUTS = {DATE: "date", INTEGER: "number"}


@dataclass(frozen=True)
class Blank:
    """A parameter as a form asks for it: a choice where there are ``choices``, else a text."""

    name: str
    label: Shown
    value: str
    kind: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class QuestionPage:
    """Shows the questions of one dataset."""

    page: Page
    dataset: Dataset
    questions: Questions
    naming: Naming
    evidence: Evidence

    def listed(self, request: Request) -> Response:
        """The page with all questions."""
        show = self._showing(request)
        listed = [
            (show.text(q.titles), _address(q.name, {"lang": show.language}))
            for q in self.questions.all
        ]
        return self.page(request, "questions.html", {"here": "questions", "listed": listed})

    def answered(self, request: Request, question: Question, values: Values) -> Response:
        """The page of a question with its answer."""
        show = self._showing(request)
        reader = self.dataset.store.reader()
        solutions = reader.select(question.query(values))
        parts = {
            "here": question.name,
            "show": show,
            "tell": WORDS[show.language],
            "question": question,
            "title": show.text(question.title(values)),
            "others": show.others(question.title(values)),
            "blanks": [self._blank(reader, p, values, show) for p in question.parameters],
            "columns": [self._heading(name, question, show) for name in solutions.columns],
            "count": len(solutions.rows),
            "rows": self._rows(reader, solutions, show),
            "passages": self._passages(reader, solutions),
            "citation": self._citation(request, question, values, show),
            **self._elsewhere(question, values, show.language),
        }
        return self.page(request, "question.html", parts)

    def _showing(self, request: Request) -> Showing:
        language = page_language(languages_of(request))
        return Showing(language, addresses_of(self.dataset.model), self.dataset.model)

    def _blank(self, reader: Reader, parameter: Parameter, values: Values, show: Showing) -> Blank:
        written, terms = self.questions.written, self.questions.choices(parameter)
        names = self.naming.names(reader, terms)
        called = _calling(names, show.language)
        choices = [(written(term), called(term)) for term in terms]
        value = values[parameter.name]
        if choices and value not in terms:
            choices.append((written(value), written(value)))
        return Blank(
            name=parameter.name,
            label=show.text(parameter.labels or {"": parameter.name}),
            value=written(value),
            kind=INPUTS.get(parameter.type, "text"),
            choices=tuple(sorted(choices, key=lambda choice: choice[1].casefold())),
        )

    def _heading(self, column: str, question: Question, show: Showing) -> Shown:
        """What a column is called: by the question's notes, else by the Model."""
        classes = self.dataset.model.classes.values()
        known = {found.name.lower(): found.labels for found in classes}
        known |= {p.name.lower(): p.labels for found in classes for p in found.properties}
        labels: Texts = question.notes.get(column) or known.get(column.lower()) or {"": column}
        return show.text(labels)

    def _rows(self, reader: Reader, solutions: Solutions, show: Showing) -> list[list[Shown]]:
        names = self.naming.names(reader, (term for row in solutions.rows for term in row))
        rows = [[_cell(term, names, show) for term in row] for row in solutions.rows]
        return sorted(rows, key=lambda row: [cell.text.casefold() for cell in row])[:ROWS]

    def _passages(self, reader: Reader, solutions: Solutions) -> Sequence[Passage]:
        """The passages in the answer, in the order of their documents."""
        if not self.evidence.present:
            return ()
        terms = {term for row in solutions.rows for term in row if isinstance(term, NamedNode)}
        kinds = self.naming.names(reader, terms)
        nodes = [term for term in terms if kinds[term.value].kind == ns.PASSAGE]
        return self.evidence.passages(reader, nodes)[:ROWS]

    def _elsewhere(self, question: Question, values: Values, language: str) -> Mapping[str, object]:
        """The answer as data, and where the question can be asked otherwise."""
        written = {name: self.questions.written(term) for name, term in values.items()}
        query = question.query(values)
        told = variables(question, values)
        in_graphql = {"lang": language, "query": question.graphql, "variables": json.dumps(told)}
        return {
            "taken": [(s, _address(f"{question.name}.{s}", written)) for s in SOLUTIONS],
            "query": query,
            "in_sparql": "/sparql?" + urlencode({"lang": language, "query": query}),
            "variables": json.dumps(told, indent=2, ensure_ascii=False) if told else "",
            "in_graphql": "/graphql?" + urlencode(in_graphql),
        }

    def _citation(self, request: Request, question: Question, values: Values, show: Showing) -> str:
        release = self.dataset.release
        written = {name: self.questions.written(term) for name, term in values.items()}
        base = str(request.base_url).rstrip("/")
        return show.word(
            "cited",
            title=show.text(question.title(values)).text,
            dataset=best(self.dataset.model.titles, show.language)[0] or "Kizuna",
            number=release.number,
            hash=release.hash[:BRIEF_HASH],
            iri=base + _address(question.name, written),
        )


def _calling(names: Mapping[str, Name], language: str) -> Callable[[Term], str]:
    """What choices are called: things by their labels, languages by their own names."""

    def called(term: Term) -> str:
        if isinstance(term, NamedNode):
            return label(names[term.value], language)[0]
        code = str(getattr(term, "value", term))
        return PHRASES[code]["language_name"] if code in PHRASES else code

    return called


def _cell(term: Term | None, names: Mapping[str, Name], show: Showing) -> Shown:
    if term is None:
        return Shown("")
    return show.name(names[term.value]) if isinstance(term, NamedNode) else show.literal(term)


def _address(name: str, query: Mapping[str, str]) -> str:
    return f"/questions/{name}" + (f"?{urlencode(query)}" if query else "")
