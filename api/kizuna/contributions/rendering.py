"""An examination as text for a terminal."""

from collections.abc import Iterable, Iterator

from kizuna.contributions.effects import Difference, Dispute, Effects
from kizuna.contributions.examination import Examination
from kizuna.contributions.likeness import Likeness
from kizuna.contributions.phrases import HEADINGS
from kizuna.dataset.changes import Change
from kizuna.terms import Literal, NamedNode, Quad, Term
from kizuna.validation import render
from kizuna.validation.names import text


def render_examination(examination: Examination) -> str:
    """The answer in its language: the change, what it looks like, what follows, the verdict."""
    teller = _Teller(examination)
    return "\n".join([*teller.told(), render(examination.report, examination.language)])


class _Teller:
    def __init__(self, examination: Examination) -> None:
        self._of = examination
        self._language = examination.language

    def told(self) -> Iterator[str]:
        change, effects = self._of.change, self._of.effects
        yield from self._section(self._counted("removed", change), map(_removed, change.removed))
        yield from self._section(self._counted("added", change), map(_added, change.added))
        alike = map(self._likeness, self._of.lookalikes)
        yield from self._section(self._said("lookalikes"), alike)
        if effects:
            yield from self._effects(effects)
        mends = [r.suggestion for r in self._of.results if r.suggestion]
        for mend in mends:
            yield from self._suggestion(mend)
        if mends:
            yield ""

    def _effects(self, effects: Effects) -> Iterator[str]:
        yield from self._section(self._said("opened"), map(self._dispute, effects.opened))
        yield from self._section(self._said("closed"), map(self._dispute, effects.closed))
        yield from self._section(self._said("turns"), map(self._difference, effects.turns))
        yield from self._section(self._said("derived"), map(self._difference, effects.derived))
        titles = (text(one.titles, self._language) or one.name for one in effects.answers)
        yield from self._section(self._said("answers"), titles)

    def _section(self, heading: str, lines: Iterable[str]) -> Iterator[str]:
        told = [f"  {line}" for line in lines]
        if told:
            yield from [heading, *told, ""]

    def _counted(self, heading: str, change: Change) -> str:
        count = len(change.added if heading == "added" else change.removed)
        return self._said(heading).format(count=count)

    def _said(self, heading: str) -> str:
        return text(HEADINGS[heading], self._language)

    def _likeness(self, one: Likeness) -> str:
        return f"<{one.new}> {one.text} ~ <{one.existing}> {one.existing_text} ({one.score:g} %)"

    def _dispute(self, one: Dispute) -> str:
        return f"{self._named(one.fact)}: {self._named(one.detail)}"

    def _difference(self, one: Difference) -> str:
        before, after = (
            ", ".join(map(self._term, side)) or "–" for side in (one.before, one.after)
        )
        return f"{self._named(one.subject)}: {self._named(one.predicate)}: {before} → {after}"

    def _suggestion(self, mend: Change) -> Iterator[str]:
        removed, added = (", ".join(map(_triple, side)) for side in (mend.removed, mend.added))
        heading = "suggestion" if mend.added else "suggested-removal"
        yield self._said(heading).format(added=added, removed=removed)

    def _named(self, iri: str) -> str:
        label = self._of.label(iri)
        return f"{label} <{iri}>" if label else f"<{iri}>"

    def _term(self, term: Term) -> str:
        if isinstance(term, NamedNode):
            return self._of.label(term.value) or f"<{term.value}>"
        return term.value if isinstance(term, Literal) else str(term)


def _triple(quad: Quad) -> str:
    return str(quad.triple)


def _added(quad: Quad) -> str:
    return f"+ {_triple(quad)}"


def _removed(quad: Quad) -> str:
    return f"- {_triple(quad)}"
