"""What the front page says: what this is, questions with their answers, what there is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from kizuna.graphql.view import Api
from kizuna.http.answers import Data, Item, Words, shown
from kizuna.http.looking import Looking
from kizuna.http.phrases import PHRASES
from kizuna.model import Model, Texts
from kizuna.saved import Saved

ABOUT = "about"
BROAD = 3


@dataclass(frozen=True)
class Example:
    """A question with its answer, or with what went wrong."""

    name: str
    title: str
    href: str
    items: tuple[Item, ...]
    fault: str

    @property
    def broad(self) -> bool:
        """Whether it compares enough to need a broad place."""
        return any(item.breadth >= BROAD for item in self.items)


@dataclass(frozen=True)
class Kind:
    """A class: its label, how many there are, where they are listed."""

    label: str
    count: int
    href: str


@dataclass(frozen=True)
class Front:
    """Reads the parts of the front page from the answers to saved operations.

    The saved operation ``about`` gives the title and the text, whose ``{name}`` stands for the
    count under that name in its answer; each of the others is an example.
    """

    api: Api
    model: Model
    saved: Sequence[Saved]
    looking: Looking

    def about(self, language: str) -> Mapping[str, str]:
        """The title, and what this is in a few sentences; those of the ontology where none say."""
        about = next((saved for saved in self.saved if saved.name == ABOUT), None)
        if about is None:
            title = best(self.model.titles, language) or "Kizuna"
            return {"title": title, "text": PHRASES[language]["generic"]}
        counts = {name: _count(value) for name, value in self._data(about, language).items()}
        text = about.note("text", language).format_map(counts)
        return {"title": about.note("title", language), "text": text}

    def examples(self, language: str) -> tuple[Example, ...]:
        """The questions, each answered now."""
        return tuple(self._example(saved, language) for saved in self.saved if saved.name != ABOUT)

    def kinds(self, language: str) -> tuple[Kind, ...]:
        """The classes that have members, by label; those of concepts are left out."""
        classes = self.model.classes.values()
        leaves = [c for c in classes if not c.abstract and c.iri not in self.model.schemes]
        fields = " ".join(f"{found.plural} {{ totalCount }}" for found in leaves)
        counts = _data_of(self.api.execute(f"{{ {fields} }}").payload)
        kinds = [
            Kind(
                best(found.labels, language) or found.name,
                count,
                query_link(self.looking.many(found.plural), language),
            )
            for found in leaves
            if (count := _count(counts.get(found.plural)))
        ]
        return tuple(sorted(kinds, key=lambda kind: kind.label.casefold()))

    def _data(self, saved: Saved, language: str) -> Data:
        return _data_of(self.api.execute(saved.document, languages=(language,)).payload)

    def _example(self, saved: Saved, language: str) -> Example:
        payload = self.api.execute(saved.document, languages=(language,)).payload
        errors = payload.get("errors")
        return Example(
            name=saved.name,
            title=saved.note("title", language),
            href=query_link(saved.document, language),
            items=shown(_data_of(payload), self._words(saved, language)),
            fault=str(errors[0]["message"]) if isinstance(errors, list) else "",
        )

    def _words(self, saved: Saved, language: str) -> Words:
        say = PHRASES[language]
        return Words(
            label=self._labels(saved, language),
            truth={True: say["yes"], False: say["no"]},
            link=lambda value: self._link(value, language),
        )

    def _labels(self, saved: Saved, language: str) -> Callable[[str], str]:
        """What a field is called: by the operation's notes, else by the Model."""

        def label(name: str) -> str:
            return saved.note(name, language) or best(self._field_labels(name), language) or name

        return label

    def _field_labels(self, name: str) -> Texts:
        properties = (p for found in self.model.classes.values() for p in found.properties)
        return next((p.labels for p in properties if p.name == name), {})

    def _link(self, value: Data, language: str) -> str:
        identifier, type_name = value.get("id"), value.get("__typename")
        if not isinstance(identifier, str) or not isinstance(type_name, str):
            return ""
        return query_link(self.looking.one(type_name, identifier), language)


def query_link(document: str, language: str) -> str:
    """Where the query page shows an operation."""
    return "/graphql?" + urlencode({"lang": language, "query": document})


def best(texts: Texts, language: str) -> str:
    """The text in a language, else in English, else in any, else empty."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def _data_of(payload: Mapping[str, object]) -> Data:
    data = payload.get("data")
    return data if isinstance(data, dict) else {}


def _count(value: object) -> int:
    count = value.get("totalCount") if isinstance(value, dict) else None
    return count if isinstance(count, int) else 0
