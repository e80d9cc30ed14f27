"""How long operations took when they were last run, so that quick ones can be told beforehand."""

from math import inf
from weakref import WeakKeyDictionary

from kizuna.graphql.plan import ObjectPlan

QUICK = 0.003  # seconds of processor time


class Paces:
    """The paces of one release's operations by their plans, as long as those are kept.

    Any thread may ask. What was quick is so again: the release is the same, and so are the values
    of the variables; only what was made for it may have been let go, and is made again then.
    """

    def __init__(self) -> None:
        self._seconds: WeakKeyDictionary[ObjectPlan, float] = WeakKeyDictionary()

    def took(self, plan: ObjectPlan, seconds: float) -> None:
        """Takes note of how long an operation took."""
        self._seconds[plan] = seconds

    def is_quick(self, plan: ObjectPlan) -> bool:
        """Whether the operation was run before, and took no time to speak of."""
        return self._seconds.get(plan, inf) <= QUICK
