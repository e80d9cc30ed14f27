"""What one operation may take, counted while it takes it: values, and time."""

from time import monotonic

from kizuna.errors import EngineTimeout, KizunaError, LimitExceeded

VALUES_BETWEEN_LOOKS = 500


class Exhausted(Exception):
    """There is nothing left to spend: the whole operation ends, with ``error`` for its answer."""

    def __init__(self, error: KizunaError) -> None:
        super().__init__(str(error))
        self.error = error


class Budget:
    """So many values, read or told, and so many seconds from now; None is no limit.

    It belongs to one operation, in one thread. The clock is looked at between the values: a single
    query of an engine is waited for.
    """

    def __init__(self, values: int | None = None, seconds: float | None = None) -> None:
        self.spent = 0
        self._values = values
        self._seconds = seconds
        self._end = None if seconds is None else monotonic() + seconds
        self._next_look = 0

    def spend(self, values: int) -> None:
        """Takes note of so many values more; raises Exhausted where that is too much."""
        self.spent += values
        if self._values is not None and self.spent > self._values:
            raise Exhausted(
                LimitExceeded(
                    f"the operation reads and tells more than {self._values} values (max_values); "
                    "ask for smaller pages or for fewer fields, and go on from the cursor"
                )
            )
        if self.spent >= self._next_look:
            self._next_look = self.spent + VALUES_BETWEEN_LOOKS
            self.look()

    def look(self) -> None:
        """Looks at the clock; raises Exhausted where the time is over."""
        if self._end is not None and monotonic() > self._end:
            raise Exhausted(
                EngineTimeout(
                    f"the operation took longer than {self._seconds:g} s (graphql_timeout); "
                    "ask for smaller pages, or with a narrower filter"
                )
            )
