"""Contributions and decisions as JSON: the one form in which the web and GraphQL give them."""

from typing import Any, TypeAlias

from kizuna.contributions.review import Decision
from kizuna.dataset.changes import Change
from kizuna.dataset.entries import Contribution
from kizuna.dataset.releases import Release

Told: TypeAlias = dict[str, Any]


def summary(contribution: Contribution) -> Told:
    """What there is to say of a contribution in a list."""
    change, decided_at = contribution.change, contribution.decided_at
    return {
        "id": contribution.number,
        "state": contribution.state.value,
        "contributor": contribution.contributor,
        "message": contribution.message,
        "proposedAt": contribution.proposed_at.isoformat(),
        "base": contribution.base,
        "additions": len(change.added),
        "removals": len(change.removed),
        "decidedBy": contribution.decided_by,
        "decidedAt": decided_at.isoformat() if decided_at else None,
        "reason": contribution.reason or None,
        "release": contribution.entry,
        "revertedIn": contribution.undone,
    }


def difference(change: Change) -> dict[str, list[str]]:
    """What a change adds and removes, a statement of N-Quads each."""
    return {
        "added": [f"{quad} ." for quad in change.added],
        "removed": [f"{quad} ." for quad in change.removed],
    }


def decision(decided: Decision) -> Told:
    """What became of a contribution."""
    return {"contribution": summary(decided.contribution), "release": release(decided.release)}


def release(found: Release | None) -> Told | None:
    """A release by number and hash."""
    return {"number": found.number, "hash": found.hash} if found else None
