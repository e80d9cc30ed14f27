"""What a ledger holds: contributions and their fate, and the entries that make the releases."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kizuna.dataset.changes import Change


class State(StrEnum):
    """What has become of a contribution."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REVERTED = "reverted"


class Action(StrEnum):
    """What an entry records."""

    SEEDS = "seeds"
    ACCEPTANCE = "acceptance"
    REVERSAL = "reversal"


@dataclass(frozen=True)
class Contribution:
    """A proposed change and what became of it.

    ``base`` is the release that it was proposed against; ``entry`` is the one that accepted it,
    ``undone`` the one that reverted it.
    ``decided_by``, ``decided_at`` and ``reason`` are those of the last decision.
    """

    number: int
    state: State
    contributor: str
    message: str
    proposed_at: datetime
    base: int
    change: Change
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    entry: int | None
    undone: int | None


@dataclass(frozen=True)
class Entry:
    """A step from one release to the next.

    ``contributor`` brought the change, ``decided_by`` let it in; ``message`` says why. A reversal
    undoes the entry of its contribution.
    """

    number: int
    at: datetime
    action: Action
    contribution: int | None
    contributor: str | None
    decided_by: str | None
    message: str
    change: Change
    previous: str
    hash: str
