"""Saved questions: a SPARQL query each, with typed parameters and the same question in GraphQL.

A parameter stands in the query as a line ``VALUES ?programme { id:gcap }`` of its own, so that the
query runs as it is. Another value is checked against the parameter's type, made a term, and written
in place of the default: no text from outside gets into a query.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kizuna import namespaces as ns
from kizuna.dataset.releases import Dataset
from kizuna.descriptions.naming import TYPE, Naming, kind_of
from kizuna.errors import InvalidInput, NotFound
from kizuna.graphql.identifiers import Identifiers
from kizuna.model import Class, Texts
from kizuna.saved import Declaration, Saved, read_saved
from kizuna.terms import Literal, NamedNode, Term, local_name

LANGUAGE, DATE, INTEGER, TEXT = "language", "date", "integer", "text"
MOST_LISTED = 50
LINE = re.compile(r"(?<=^  )VALUES \?(?P<name>\w+) \{ .* \}$", re.MULTILINE)
WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,18}")

Values = Mapping[str, Term]


@dataclass(frozen=True)
class Parameter:
    """What a question leaves open: the name of a class, or of a kind of literal, and a default."""

    name: str
    type: str
    labels: Texts
    default: Term


@dataclass(frozen=True)
class Question:
    """A question with its title, which speaks of the defaults, and one that speaks of any values.

    ``graphql`` may be empty. ``notes`` also say what to call parameters and columns.
    """

    name: str
    titles: Texts
    general: Texts
    sparql: str
    graphql: str
    parameters: tuple[Parameter, ...]
    notes: Mapping[str, Texts]

    def title(self, values: Values) -> Texts:
        """The title that is true of the values; languages are nothing to a title."""
        told = (p for p in self.parameters if p.type != LANGUAGE)
        return self.titles if all(values[p.name] == p.default for p in told) else self.general

    def query(self, values: Values) -> str:
        """The SPARQL query that asks for the values."""
        changed = {p.name: values[p.name] for p in self.parameters if values[p.name] != p.default}

        def line(found: re.Match[str]) -> str:
            name = found["name"]
            return f"VALUES ?{name} {{ {changed[name]} }}" if name in changed else found[0]

        return LINE.sub(line, self.sparql)


class Questions:
    """The questions of a folder, put to one dataset."""

    def __init__(self, dataset: Dataset, folder: Path) -> None:
        self._dataset = dataset
        self._identifiers = Identifiers(dataset.model)
        self._classes = {found.name: found for found in dataset.model.classes.values()}
        self._label_paths = Naming(dataset).label_paths
        graphql = {saved.name: saved.document for saved in read_saved(folder)}
        self._by_name = {
            saved.name: self._question(saved, graphql.get(saved.name, ""))
            for saved in read_saved(folder, ".rq")
        }

    @property
    def all(self) -> tuple[Question, ...]:
        """Every question, by name."""
        return tuple(self._by_name.values())

    def find(self, name: str) -> Question:
        """The question of a name; raises NotFound with those that there are."""
        if name not in self._by_name:
            there = ", ".join(self._by_name) or "none"
            raise NotFound(f"There is no question {name!r}. There are: {there}.")
        return self._by_name[name]

    def values(self, question: Question, given: Mapping[str, str]) -> Values:
        """A term for each parameter: what is given, else the default.

        Raises InvalidInput that names the parameter or value that can't be used, and what could.
        """
        known = {parameter.name: parameter for parameter in question.parameters}
        for name in given:
            if name not in known:
                there = ", ".join(f"{p.name} ({p.type})" for p in question.parameters) or "none"
                raise InvalidInput(
                    f"{question.name} has no parameter {name!r}. Its parameters: {there}."
                )
        return {
            name: self._term(parameter, given[name]) if given.get(name) else parameter.default
            for name, parameter in known.items()
        }

    def written(self, term: Term) -> str:
        """A value as people write it: the last part of an IRI where that is enough, or a text."""
        if not isinstance(term, NamedNode):
            return term.value if isinstance(term, Literal) else str(term)
        short = local_name(term.value)
        return short if self._identifiers.resolve(short) == term else term.value

    def choices(self, parameter: Parameter) -> tuple[Term, ...]:
        """All that a parameter can be, of a class or of languages; else nothing."""
        if parameter.type == LANGUAGE:
            return tuple(Literal(language) for language in self._languages())
        cls = self._classes.get(parameter.type)
        return tuple(self._members(cls)) if cls else ()

    def _question(self, saved: Saved, graphql: str) -> Question:
        defaults = self._defaults(saved)
        return Question(
            name=saved.name,
            titles=saved.notes.get("title", {}),
            general=saved.notes.get("general") or saved.notes.get("title", {}),
            sparql=saved.document,
            graphql=graphql,
            parameters=tuple(self._parameter(p, saved, defaults) for p in saved.parameters),
            notes=saved.notes,
        )

    def _parameter(self, stated: Declaration, saved: Saved, defaults: Values) -> Parameter:
        if stated.type not in (*self._classes, LANGUAGE, DATE, INTEGER, TEXT):
            raise InvalidInput(
                f"{saved.name}.rq: the parameter {stated.name} has the type {stated.type}, which "
                f"is no class, nor {LANGUAGE}, {DATE}, {INTEGER} or {TEXT}."
            )
        labels = saved.notes.get(stated.name, {})
        return Parameter(stated.name, stated.type, labels, defaults[stated.name])

    def _defaults(self, saved: Saved) -> Values:
        """The default of each parameter, as the query's own line gives it."""
        if not saved.parameters:
            return {}
        lines = [_stated(parameter, saved) for parameter in saved.parameters]
        prologue = "\n".join(
            line for line in saved.document.splitlines() if line.upper().startswith("PREFIX")
        )
        names = " ".join(f"?{parameter.name}" for parameter in saved.parameters)
        found = self._dataset.store.reader().select(
            f"{prologue}\nSELECT {names} WHERE {{ {' '.join(lines)} }}"
        )
        (row,) = found.rows
        return {name: term for name, term in zip(found.columns, row, strict=True) if term}

    def _term(self, parameter: Parameter, text: str) -> Term:
        cls = self._classes.get(parameter.type)
        if cls:
            return self._member(parameter, cls, text)
        if parameter.type == LANGUAGE:
            return self._language(parameter, text)
        if parameter.type == DATE:
            return _date(parameter, text)
        return _integer(parameter, text) if parameter.type == INTEGER else Literal(text)

    def _member(self, parameter: Parameter, cls: Class, text: str) -> NamedNode:
        node = self._identifiers.resolve(text, cls)
        types = self._dataset.store.reader().values({TYPE: [node]})[TYPE].get(node, [])
        if NamedNode(cls.iri) in types:
            return node
        kind = kind_of(self._dataset.model, types)
        what = f"a {local_name(kind)}, no {cls.name}" if kind else f"no {cls.name} known here"
        raise InvalidInput(f"{parameter.name}: {text!r} is {what}. {self._there(parameter)}")

    def _language(self, parameter: Parameter, text: str) -> Literal:
        if text.lower() in self._languages():
            return Literal(text.lower())
        raise InvalidInput(
            f"{parameter.name}: {text!r} is no language that labels are in. "
            f"{self._there(parameter)}"
        )

    def _there(self, parameter: Parameter) -> str:
        choices = [self.written(term) for term in self.choices(parameter)]
        more = f" and {len(choices) - MOST_LISTED} more" if len(choices) > MOST_LISTED else ""
        return f"There are: {', '.join(choices[:MOST_LISTED]) or 'none'}{more}."

    def _members(self, cls: Class) -> Sequence[NamedNode]:
        query = f"SELECT DISTINCT ?x WHERE {{ ?x a <{cls.iri}> }} ORDER BY STR(?x)"
        rows = self._dataset.store.reader().select(query).rows
        return [term for row in rows for term in row if isinstance(term, NamedNode)]

    def _languages(self) -> Sequence[str]:
        """The languages that labels are in."""
        predicates = " ".join(f"<{path[0].predicate}>" for path in self._label_paths)
        query = (
            f"SELECT DISTINCT (LANG(?label) AS ?language) WHERE {{ VALUES ?p {{ {predicates} }} "
            "?x ?p ?label }"
        )
        rows = self._dataset.store.reader().select(query).rows
        return sorted(t.value for row in rows for t in row if isinstance(t, Literal) and t.value)


def variables(question: Question, values: Values) -> Mapping[str, object]:
    """The same values as variables of the GraphQL operation."""
    return {
        p.name: int(_value(values[p.name])) if p.type == INTEGER else _value(values[p.name])
        for p in question.parameters
    }


def _value(term: Term) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)


def _stated(parameter: Declaration, saved: Saved) -> str:
    line = f"VALUES ?{parameter.name} {{ {parameter.default} }}"
    lines = (found for found in LINE.finditer(saved.document) if found["name"] == parameter.name)
    if [found[0] for found in lines] != [line]:
        raise InvalidInput(
            f"{saved.name}.rq: for the parameter {parameter.name} the query needs one line "
            f"“  {line}”."
        )
    return line


def _date(parameter: Parameter, text: str) -> Literal:
    try:
        return Literal(date.fromisoformat(text).isoformat(), datatype=NamedNode(ns.XSD + "date"))
    except ValueError:
        raise InvalidInput(
            f"{parameter.name}: {text!r} is no date; write it like 2026-01-31."
        ) from None


def _integer(parameter: Parameter, text: str) -> Literal:
    if WHOLE_NUMBER.fullmatch(text):
        return Literal(text, datatype=NamedNode(ns.XSD + "integer"))
    raise InvalidInput(f"{parameter.name}: {text!r} is no whole number of up to 18 digits.")
