"""An examination as JSON: the one form in which the command, the web and GraphQL give it."""

from collections.abc import Iterable
from typing import Any

from kizuna.contributions.effects import Answer, Difference, Dispute, Effects
from kizuna.contributions.examination import Examination, Finding
from kizuna.contributions.likeness import Likeness
from kizuna.dataset.changes import Change
from kizuna.dataset.store import Row
from kizuna.terms import Literal, NamedNode, Quad, Term
from kizuna.validation.names import text

Json = dict[str, Any]


def as_json(examination: Examination) -> Json:
    """The whole answer; a triple is a line of N-Quads, a term is written as in N-Triples."""
    effects = examination.effects
    return {
        "conforms": examination.conforms,
        "results": [_finding(result) for result in examination.results],
        **_change(examination.change),
        "minted": list(examination.minted),
        "lookalikes": [_likeness(examination, one) for one in examination.lookalikes],
        "effects": None if effects is None else _effects(examination, effects),
    }


def _finding(result: Finding) -> Json:
    return {
        "severity": result.severity,
        "focus": {"id": result.focus, "label": result.focus_label or None},
        "path": {"path": result.path, "label": result.path_label or None} if result.path else None,
        "value": _value(result),
        "message": result.message,
        "constraint": result.constraint,
        "document": result.document,
        "line": result.line,
        "suggestion": None if result.suggestion is None else _change(result.suggestion),
    }


def _value(result: Finding) -> Json | None:
    if result.value is None:
        return None
    return {"value": result.value, "label": result.value_label or None}


def _change(change: Change) -> Json:
    return {"added": _quads(change.added), "removed": _quads(change.removed)}


def _quads(quads: Iterable[Quad]) -> list[str]:
    return [f"{quad} ." for quad in quads]


def _likeness(examination: Examination, one: Likeness) -> Json:
    return {
        "new": one.new,
        "existing": _thing(examination, one.existing),
        "by": one.by,
        "text": one.text,
        "existingText": one.existing_text,
        "score": one.score,
    }


def _effects(examination: Examination, effects: Effects) -> Json:
    return {
        "disputesOpened": [_dispute(examination, one) for one in effects.opened],
        "disputesClosed": [_dispute(examination, one) for one in effects.closed],
        "turns": [_difference(examination, one) for one in effects.turns],
        "derived": [_difference(examination, one) for one in effects.derived],
        "answers": [_answer(one, examination.language) for one in effects.answers],
    }


def _dispute(examination: Examination, one: Dispute) -> Json:
    fact, detail = (_thing(examination, iri) for iri in (one.fact, one.detail))
    return {"id": one.iri, "fact": fact, "detail": detail}


def _difference(examination: Examination, one: Difference) -> Json:
    return {
        "subject": _thing(examination, one.subject),
        "property": _thing(examination, one.predicate),
        "before": [_term(examination, term) for term in one.before],
        "after": [_term(examination, term) for term in one.after],
    }


def _answer(one: Answer, language: str) -> Json:
    return {
        "name": one.name,
        "title": text(one.titles, language) or None,
        "before": [_row(row) for row in one.before],
        "after": [_row(row) for row in one.after],
    }


def _row(row: Row) -> list[str | None]:
    return [None if term is None else str(term) for term in row]


def _thing(examination: Examination, iri: str) -> Json:
    return {"id": iri, "label": examination.label(iri) or None}


def _term(examination: Examination, term: Term) -> Json:
    label = examination.label(term.value) if isinstance(term, NamedNode) else ""
    value = term.value if isinstance(term, NamedNode | Literal) else str(term)
    return {"value": value, "label": label or None}
