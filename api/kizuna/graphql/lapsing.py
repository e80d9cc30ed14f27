"""Whether what was foreseen has lapsed: its time is over, and nothing is known to have come of it.

It is asked against a day, since the dataset knows no today. The time is the fact's, where its
claims agree on one; where they don't, it is over when all the times are that they state. What a
claim says of the beginning or the end alone counts besides. A bound that is missing decides
nothing.
"""

from collections.abc import Iterable
from datetime import date

from kizuna import namespaces as ns
from kizuna.dataset.times import Bounds, bounds
from kizuna.graphql.citing import Along
from kizuna.model import Path, Step
from kizuna.terms import Literal, NamedNode, Term

OUTCOME: Path = (Step(ns.OUTCOME),)
TIME: Path = (Step(ns.FACT_TIME),)
CLAIM = Step(ns.ON_FACT, inverse=True)
STATED: Path = (CLAIM, Step(ns.STATED_TIME))
START: Path = (CLAIM, Step(ns.STATED_START))
END: Path = (CLAIM, Step(ns.STATED_END))
EDTF = Step(ns.TIME_EDTF)
PATHS = (OUTCOME, *((*path, EDTF) for path in (TIME, STATED, START, END)))


def lapsed(fact: Term, on: date, along: Along) -> bool | None:
    """Whether the fact has lapsed on that day; None where its time can't tell.

    What nobody foresaw, and what came true or failed, has not.
    """
    if along(OUTCOME, fact) != [NamedNode(ns.OUTCOME_OPEN)]:
        return False
    times = _times(fact, TIME, along) or _times(fact, STATED, along)
    ends = _known(time.latest for time in (*times, *_times(fact, END, along)))
    if ends and max(ends) < on:
        return True
    starts = _known(time.earliest for time in (*times, *_times(fact, START, along)))
    ahead = any(days and min(days) >= on for days in (starts, ends))
    return False if ahead else None


def _times(fact: Term, path: Path, along: Along) -> list[Bounds]:
    texts = along((*path, EDTF), fact)
    return [bounds(term.value) for term in texts if isinstance(term, Literal)]


def _known(days: Iterable[date | None]) -> list[date]:
    """The days; none where one of them isn't known."""
    given = list(days)
    known = [day for day in given if day is not None]
    return known if len(known) == len(given) else []
