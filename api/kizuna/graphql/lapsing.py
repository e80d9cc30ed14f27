"""Whether what was foreseen has lapsed: its time is over, and nothing is known to have come of it.

It is asked against a day, since the dataset knows no today. A bound that is missing decides
nothing.
"""

from datetime import date

from kizuna import namespaces as ns
from kizuna.graphql.citing import Along
from kizuna.model import Path, Step
from kizuna.terms import Literal, NamedNode, Term

OUTCOME: Path = (Step(ns.OUTCOME),)
EARLIEST: Path = (Step(ns.FACT_TIME), Step(ns.EARLIEST))
LATEST: Path = (Step(ns.FACT_TIME), Step(ns.LATEST))
PATHS = (OUTCOME, EARLIEST, LATEST)


def lapsed(fact: Term, on: date, along: Along) -> bool | None:
    """Whether the fact has lapsed on that day; None where its time can't tell.

    What nobody foresaw, and what came true or failed, has not.
    """
    if along(OUTCOME, fact) != [NamedNode(ns.OUTCOME_OPEN)]:
        return False
    first, last = _day(fact, EARLIEST, along), _day(fact, LATEST, along)
    if last is not None:
        return last < on
    return False if first is not None and first >= on else None


def _day(fact: Term, path: Path, along: Along) -> date | None:
    days = (term.value for term in along(path, fact) if isinstance(term, Literal))
    return next((date.fromisoformat(day) for day in days), None)
