"""The pages of contributions: the queue, and each with what would come of it; they need no script.

They only show: who decides sends a token, which no page asks for.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from babel.dates import format_datetime
from starlette.requests import Request
from starlette.responses import Response

from kizuna.addresses import addresses_of
from kizuna.contributions.effects import Answer, Difference, Dispute
from kizuna.contributions.examination import Examination
from kizuna.contributions.likeness import Likeness
from kizuna.dataset.changes import Change
from kizuna.dataset.entries import Contribution, State
from kizuna.dataset.releases import Dataset
from kizuna.dataset.store import EmbeddedStore
from kizuna.descriptions.naming import Name, Naming
from kizuna.http.contribution_wording import WORDS
from kizuna.http.negotiation import languages_of
from kizuna.http.phrases import page_language
from kizuna.http.problems import Page
from kizuna.http.showing import Showing, Shown
from kizuna.terms import NamedNode, Quad, Term

MOST_STATEMENTS = 300
MOST_VALUES = 100


@dataclass(frozen=True)
class Statement:
    """A triple in words, ``sign`` telling whether it is added or removed; a text's language."""

    sign: str
    subject: Shown
    property: Shown
    value: Shown
    language: str


class ContributionPage:
    """Shows contributions beside one dataset."""

    def __init__(self, page: Page, dataset: Dataset, naming: Naming) -> None:
        self._page = page
        self._dataset = dataset
        self._naming = naming

    def listed(
        self,
        request: Request,
        found: Sequence[Contribution],
        state: State | None,
        following: str | None,
    ) -> Response:
        """The contributions in a state, or in any."""
        show = self._showing(request)
        states = [(each, _address(show.language, each)) for each in (None, *State)]
        parts = {
            "here": "contributions",
            "tell": WORDS[show.language],
            "found": found,
            "state": state,
            "states": states,
            "following": f"{following}&lang={show.language}" if following else "",
            "moment": moment(show.language),
        }
        return self._page(request, "contributions.html", parts)

    def one(
        self, request: Request, found: Contribution, examination: Examination | None
    ) -> Response:
        """A contribution; one that waits, with what would come of it."""
        show = self._showing(request)
        words = _Words(show, self._naming, self._dataset, found.change)
        effects = examination.effects if examination else None
        parts = {
            "here": "contribution",
            "tell": WORDS[show.language],
            "found": found,
            "moment": moment(show.language),
            "examination": examination,
            "effects": effects,
            "statements": words.statements(found.change),
            "count": len(found.change.added) + len(found.change.removed),
            "lookalikes": words.likenesses(examination.lookalikes if examination else ()),
            "opened": words.disputes(effects.opened if effects else ()),
            "closed": words.disputes(effects.closed if effects else ()),
            "changes": words.changes((*effects.turns, *effects.derived) if effects else ()),
            "named": words.named,
            "answers": words.answers(effects.answers if effects else ()),
        }
        return self._page(request, "contribution.html", parts)

    def _showing(self, request: Request) -> Showing:
        language = page_language(languages_of(request))
        return Showing(language, addresses_of(self._dataset.model), self._dataset.model)


class _Words:
    """What a change speaks of, in words: things by the names that they have or would have."""

    def __init__(self, show: Showing, naming: Naming, dataset: Dataset, change: Change) -> None:
        self._show = show
        self._naming = naming
        self._known = dataset.store.reader()
        self._new = EmbeddedStore(change.added).reader()
        classes = dataset.model.classes.values()
        self._properties = {p.predicate: p.labels for found in classes for p in found.properties}

    def statements(self, change: Change) -> list[Statement]:
        """The triples in words, what is removed first."""
        signed = [("–", quad) for quad in change.removed] + [("+", quad) for quad in change.added]
        shown = signed[:MOST_STATEMENTS]
        names = self._names(term for _, quad in shown for term in _terms(quad))

        def said(term: Term) -> Shown:
            if isinstance(term, NamedNode):
                return self._show.name(names[term.value])
            return self._show.literal(term)

        return [
            Statement(
                sign,
                said(quad.subject),
                said(quad.predicate),
                said(quad.object),
                getattr(quad.object, "language", None) or "",
            )
            for sign, quad in shown
        ]

    def named(self, iri: str) -> Shown:
        """A thing by its name."""
        return self._show.name(self._names([NamedNode(iri)])[iri])

    def likenesses(self, found: Iterable[Likeness]) -> list[tuple[Shown, Shown, str, str]]:
        """The new thing, the one that is there, and what makes them alike."""
        return [
            (self.named(one.new), self.named(one.existing), one.text, one.existing_text)
            for one in found
        ]

    def disputes(self, found: Iterable[Dispute]) -> list[tuple[Shown, Shown]]:
        """The fact and what is disputed about it."""
        return [(self.named(one.fact), self.named(one.detail)) for one in found]

    def changes(
        self, found: Sequence[Difference]
    ) -> list[tuple[Shown, Shown, list[Shown], list[Shown]]]:
        """A thing, its property, the values that go and those that come."""
        return [
            (
                self.named(one.subject),
                self.named(one.predicate),
                [self._value(term) for term in one.before],
                [self._value(term) for term in one.after],
            )
            for one in found[:MOST_VALUES]
        ]

    def answers(self, found: Iterable[Answer]) -> list[tuple[Shown, int, int]]:
        """A saved question, how many rows its answer loses, and how many it gains."""
        return [
            (
                replace(
                    self._show.text(one.titles or {"": one.name}),
                    href=f"/questions/{one.name}?lang={self._show.language}",
                ),
                len(one.before),
                len(one.after),
            )
            for one in found
        ]

    def _value(self, term: Term) -> Shown:
        return self.named(term.value) if isinstance(term, NamedNode) else self._show.literal(term)

    def _names(self, terms: Iterable[Term]) -> Mapping[str, Name]:
        wanted = list(terms)
        new = self._naming.names(self._new, wanted)
        known = self._naming.names(self._known, wanted)
        return {iri: self._named(name, new[iri]) for iri, name in known.items()}

    def _named(self, known: Name, new: Name) -> Name:
        """What is called by the data, by the Model, or by the change, which has no page yet."""
        labels = known.labels or self._properties.get(known.iri) or new.labels
        return replace(known, labels=labels)


def moment(language: str) -> Callable[[datetime], str]:
    """Writes moments as readers of a language do."""

    def written(moment: datetime) -> str:
        return f"{format_datetime(moment, 'medium', locale=language)} UTC"

    return written


def _terms(quad: Quad) -> tuple[Term, Term, Term]:
    return quad.subject, quad.predicate, quad.object


def _address(language: str, state: State | None) -> str:
    chosen = {"state": state.value} if state else {}
    return "/contributions?" + urlencode({**chosen, "lang": language})
