"""How names, texts and values appear on a page: in one language, with links to other pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from urllib.parse import quote

from babel.dates import format_date
from babel.numbers import format_decimal

from kizuna import namespaces as ns
from kizuna.addresses import UNRESERVED, Addresses
from kizuna.dataset.times import display
from kizuna.descriptions.naming import Name, best, label
from kizuna.descriptions.things import Field, Value
from kizuna.errors import InvalidInput
from kizuna.http.phrases import PHRASES
from kizuna.http.wording import STANDARD, WORDS
from kizuna.model import Model, Texts
from kizuna.terms import Literal, Term, local_name, python_value

MOST_REASONS = 3  # that are shown at once
WEB = ("http://", "https://")


@dataclass(frozen=True)
class Shown:
    """A text, its language where it isn't the page's, and where it leads."""

    text: str
    language: str = ""
    href: str = ""


@dataclass(frozen=True)
class Reasoned:
    """Values that follow from the same facts, if from any."""

    values: tuple[Shown, ...]
    because: tuple[Shown, ...]

    @property
    def brief(self) -> bool:
        """Whether the facts are few enough to be shown at once."""
        return len(self.because) <= MOST_REASONS


@dataclass(frozen=True)
class Showing:
    """Shows what a page in a language holds; ``past`` is the release, where it isn't the newest."""

    language: str
    addresses: Addresses
    model: Model
    past: int | None = None

    @property
    def query(self) -> str:
        """What the address of a page like this one says after its path."""
        release = "" if self.past is None else f"&release={self.past}"
        return f"?lang={self.language}{release}"

    def word(self, name: str, *values: object, **named: object) -> str:
        """A fixed text of these pages, its blanks filled."""
        return WORDS[self.language][name].format(*values, **named)

    def text(self, texts: Texts) -> Shown:
        """The text that fits the page best."""
        return self._shown(*best(texts, self.language))

    def name(self, name: Name) -> Shown:
        """What a thing is called, leading to its page."""
        text, language = label(name, self.language)
        if not name.labels and name.iri in STANDARD:
            text, language = STANDARD[name.iri][self.language], self.language
        return self._shown(text, language, self.href(name))

    def kind(self, name: Name) -> Shown:
        """The class of a thing that has one."""
        kind = self.model.classes.get(name.kind or "")
        return self.name(Name(name.kind or "", kind.labels if kind else {}))

    def definition(self, name: Name) -> Shown:
        """What a concept means."""
        scheme = self.model.schemes.get(name.kind or "")
        concepts = {c.iri: c.definitions for c in scheme.concepts} if scheme else {}
        return self.text(concepts.get(name.iri, {}))

    def datatype(self, datatype: str | None) -> str:
        """What a field holds that doesn't lead to things."""
        if datatype == ns.RDF_LANG_STRING:
            return self.word("text")
        return local_name(datatype or "")

    def graph_title(self, iri: str) -> str:
        """The short name of a graph."""
        return iri.removeprefix(ns.GRAPHS)

    def field(self, field: Field) -> Shown:
        """What a field is called."""
        return self.name(Name(field.iri, field.labels))

    def values(self, field: Field) -> tuple[Shown, ...]:
        """The values of a field, of texts only those in the language that fits best."""
        return tuple(self.value(value) for value in self._fitting(field))

    def reasoned(self, field: Field) -> tuple[Reasoned, ...]:
        """The values of a field, those that follow from the same facts together."""
        groups: dict[tuple[str, ...], list[Value]] = {}
        for value in self._fitting(field):
            groups.setdefault(tuple(fact.iri for fact in value.because), []).append(value)
        return tuple(
            Reasoned(
                values=tuple(self.value(value) for value in values),
                because=tuple(self._unended(self.name(fact)) for fact in values[0].because),
            )
            for values in groups.values()
        )

    def value(self, value: Value) -> Shown:
        """A value, a thing by its name."""
        return self.name(value.name) if value.name else self.literal(value.term)

    def literal(self, term: Term) -> Shown:
        """A literal in words."""
        if not isinstance(term, Literal):
            return Shown(str(term))
        if term.language:
            return self._shown(term.value, term.language)
        if term.datatype.value == ns.XSD + "anyURI" and term.value.startswith(WEB):
            return Shown(term.value, href=term.value)
        return Shown(self._worded(term))

    def href(self, name: Name) -> str:
        """Where the page of a thing is; of what isn't known here, its own address on the web."""
        if name.known or name.iri.startswith((self.addresses.ontology or " ") + "#"):
            return self.page(name.iri)
        return name.iri if name.iri.startswith(WEB) and self._elsewhere(name.iri) else ""

    def page(self, iri: str) -> str:
        """The address of a page on this server."""
        place = self.addresses.place(iri)
        fragment = f"#{quote(place.fragment)}" if place.fragment else ""
        return f"/page/{quoted(place.path)}{self.query}{fragment}"

    def others(self, texts: Texts) -> list[tuple[str, str]]:
        """The same text in the other languages that it is in, where it differs."""
        text, language = best(texts, self.language)
        return [(k, v) for k, v in sorted(texts.items()) if k not in ("", language) and v != text]

    def spoken(self, texts: Mapping[str, Sequence[str]]) -> tuple[str, Sequence[str]]:
        """Of lists of texts by language, the list that fits the page best, and its language."""
        _, language = best(dict.fromkeys(texts, "x"), self.language)
        return ("" if language == self.language else language), texts.get(language, ())

    def _fitting(self, field: Field) -> list[Value]:
        texts = dict.fromkeys((v.language for v in field.values if v.language), "x")
        _, language = best(texts, self.language)
        return [value for value in field.values if value.language in ("", language)]

    def _unended(self, shown: Shown) -> Shown:
        """Without the full stop of a sentence, so that it can stand inside another."""
        return replace(shown, text=shown.text.removesuffix(".").removesuffix("。"))

    def _elsewhere(self, iri: str) -> bool:
        return self.addresses.place(iri).path.startswith("iri/")

    def _worded(self, literal: Literal) -> str:
        value = python_value(literal)
        if isinstance(value, bool):
            return PHRASES[self.language]["yes" if value else "no"]
        if isinstance(value, Decimal | float):
            return str(format_decimal(value, locale=self.language, decimal_quantization=False))
        try:
            if literal.datatype.value == ns.XSD + "date":
                day = date.fromisoformat(str(value))
                return str(format_date(day, "long", locale=self.language))
            if literal.datatype.value == ns.EDTF:
                return display(str(value), self.language)
        except (ValueError, InvalidInput):
            pass
        return str(value)

    def _shown(self, text: str, language: str, href: str = "") -> Shown:
        return Shown(text, "" if language == self.language else language, href)


def quoted(path: str) -> str:
    """A path as it stands in an address."""
    return quote(path, safe=UNRESERVED)
