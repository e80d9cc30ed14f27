"""How seeds come into a ledger: all of them first, later what has changed in them."""

from collections.abc import Callable, Iterable

from kizuna.dataset.changes import applied, between
from kizuna.dataset.entries import Action, Entry
from kizuna.dataset.ledger import Ledger
from kizuna.errors import Conflict, ShapeViolation
from kizuna.terms import Quad


def take_seeds(
    ledger: Ledger,
    seeds: Iterable[Quad],
    message: str,
    conforms: Callable[[frozenset[Quad]], bool],
) -> Entry | None:
    """Takes into the ledger what it lacks of the seeds; None where it lacks nothing.

    What contributions changed stays changed, unless the seeds changed there too since they were
    last taken. ``conforms`` tells of all quads together whether they may be; it is asked only
    where there are contributions. Raises ShapeViolation where it says no: nothing is changed then.
    """
    wanted = frozenset(seeds)
    while True:
        try:
            return _take(ledger, wanted, message, conforms)
        except Conflict:
            continue  # another process has just written


def _take(
    ledger: Ledger,
    seeds: frozenset[Quad],
    message: str,
    conforms: Callable[[frozenset[Quad]], bool],
) -> Entry | None:
    entries = ledger.entries()
    told = applied(entry.change for entry in entries if entry.action is Action.SEEDS)
    change = between(told, seeds)
    if not entries:
        return ledger.add_seeds(message, None, change)
    if change.empty:
        return None
    newest = entries[-1].number
    if any(entry.contribution is not None for entry in entries):
        together = applied([*(entry.change for entry in entries), change])
        if not conforms(together):
            raise ShapeViolation(
                "the new seeds don't conform together with what has been accepted; "
                f"release {newest} stays as it is."
            )
    return ledger.add_seeds(message, newest, change)
