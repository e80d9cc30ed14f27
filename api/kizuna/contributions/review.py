"""What contributors and curators do: propose, withdraw, accept, reject, revert.

Nothing changes without having been examined against the newest release: where the ground has
shifted, it is examined again. An answer is given only for what the ledger has kept.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import TypeAlias

from kizuna.contributions.answers import as_json
from kizuna.contributions.callers import Callers, Credentials
from kizuna.contributions.documents import Submission
from kizuna.contributions.examination import Examination, Examiner
from kizuna.contributions.rate import Rate
from kizuna.dataset.changes import Change, effective
from kizuna.dataset.entries import Contribution, Entry, State
from kizuna.dataset.releases import LedgerReleases, Release
from kizuna.dataset.store import Store
from kizuna.dataset.tokens import Scope
from kizuna.dataset.used import Used
from kizuna.errors import Conflict, InvalidInput, NotAllowed, NotConforming
from kizuna.terms import NamedNode

LONGEST_TEXT = 2_000
MOST = 100
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # XML can't hold most of them

Deciding: TypeAlias = Callable[[int, Change], Entry]


@dataclass(frozen=True)
class Proposed:
    """What a submission comes to; ``contribution`` is None where nothing was kept."""

    examination: Examination
    contribution: Contribution | None


@dataclass(frozen=True)
class Decision:
    """What became of a contribution; with an entry, the release that is current after it."""

    contribution: Contribution
    entry: Entry | None = None
    release: Release | None = None


class Review:
    """The contributions to the releases of a ledger."""

    def __init__(
        self,
        releases: LedgerReleases,
        examiner: Examiner,
        callers: Callers,
        rate: Rate,
        *,
        own_acceptance: bool = False,
    ) -> None:
        self._ledger = releases.ledger
        self._used = Used(releases.ledger)
        self._releases = releases
        self._examiner = examiner
        self._callers = callers
        self._rate = rate
        self._own_acceptance = own_acceptance
        self._keeping = Lock()

    def propose(
        self,
        credentials: Credentials,
        submission: Submission,
        message: str,
        language: str,
        *,
        dry_run: bool = False,
    ) -> Proposed:
        """Examines a submission and keeps it as a contribution, if it conforms.

        A dry run keeps nothing. Raises NotAuthenticated, NotAllowed, RateExceeded, and InvalidInput
        for what can't be read or lacks a message.
        """
        caller = self._callers.allowed(credentials, Scope.PROPOSE)
        self._rate.take(caller.key)
        return self.submit(caller.name, submission, message, language, dry_run=dry_run)

    def submit(
        self,
        name: str,
        submission: Submission,
        message: str,
        language: str,
        *,
        dry_run: bool = False,
    ) -> Proposed:
        """What ``propose`` does, for a contributor who is known otherwise than by a token."""
        if not dry_run:
            _require_text(message, "message")
        while True:
            dataset = self._releases.current
            taken = self._taken(dataset.store)
            examination = self._examiner.examine(dataset, submission, language, taken)
            if dry_run or not examination.conforms:
                return Proposed(examination, None)
            if examination.change.empty:
                raise InvalidInput("All of it is known already: there is nothing to propose.")
            with self._keeping:
                # Another proposal may have been given the same new names meanwhile.
                used = self._used.read()
                if not any(iri in used for iri in examination.minted):
                    base, change = dataset.release.number, examination.change
                    kept = self._ledger.propose(name, message, base, change)
                    return Proposed(examination, kept)

    def prepare(self) -> None:
        """Makes at hand what the first proposal to a release would wait for."""
        self._examiner.prepare(self._releases.current)

    def contribution(self, number: int) -> Contribution:
        """A contribution by its number; raises NotFound."""
        return self._ledger.contribution(number)

    def contributions(self, state: State | None = None, after: int = 0) -> list[Contribution]:
        """The contributions, or those in a state, whose numbers follow ``after``: at most 100."""
        return self._ledger.contributions(state, after, MOST)

    def examined(self, contribution: Contribution, language: str) -> Examination:
        """What the contribution would come to if it were accepted now."""
        _, _, examination = self._examined(contribution.change, language, whole=True, follow=True)
        return examination

    def accept(self, credentials: Credentials, number: int, language: str) -> Decision:
        """Takes the contribution into the next release, which is current at the return.

        Raises NotAuthenticated, NotAllowed, NotFound, and Conflict where it has been decided or,
        as NotConforming, no longer conforms.
        """
        caller = self._callers.known(credentials, Scope.CURATE)
        contribution = self._ledger.contribution(number)
        if contribution.contributor == caller.name and not self._own_acceptance:
            raise NotAllowed(
                "Somebody else has to accept it: nobody accepts what they proposed themselves."
            )

        def decide(expected: int, change: Change) -> Entry:
            return self._ledger.accept(number, caller.name, expected, change)

        return self._enter(
            number, State.PROPOSED, contribution.change, decide, language, whole=True
        )

    def revert(self, credentials: Credentials, number: int, reason: str, language: str) -> Decision:
        """Undoes an accepted contribution by a further entry; raises as ``accept`` does.

        Where it put something in place of something else, what it put there must be there still.
        """
        caller = self._callers.known(credentials, Scope.CURATE)
        _require_text(reason, "reason")
        contribution = self._ledger.contribution(number)
        _require(contribution, State.ACCEPTED)
        assert contribution.entry is not None  # noqa: S101 (what is accepted has an entry)
        taken = self._ledger.entries(contribution.entry - 1, contribution.entry)[0]

        def decide(expected: int, change: Change) -> Entry:
            return self._ledger.revert(number, caller.name, reason, expected, change)

        undone, whole = taken.change.inverse, bool(taken.change.removed)
        return self._enter(number, State.ACCEPTED, undone, decide, language, whole=whole)

    def reject(self, credentials: Credentials, number: int, reason: str) -> Decision:
        """Refuses the contribution; raises as ``accept`` does."""
        caller = self._callers.known(credentials, Scope.CURATE)
        _require_text(reason, "reason")
        return Decision(self._ledger.reject(number, caller.name, reason))

    def withdraw(self, credentials: Credentials, number: int) -> Decision:
        """Takes the caller's own contribution back; raises as ``accept`` does."""
        caller = self._callers.known(credentials, Scope.PROPOSE)
        if self._ledger.contribution(number).contributor != caller.name:
            raise NotAllowed("Only who proposed it can withdraw it.")
        return Decision(self._ledger.withdraw(number, caller.name))

    def _taken(self, store: Store) -> Callable[[str], bool]:
        """Tells of an IRI whether it was ever used, or any contribution would use it."""
        used = self._used.read()

        def taken(iri: str) -> bool:
            node = NamedNode(iri)
            found = (store.find(node), store.find(value=node))
            return iri in used or any(next(quads, None) is not None for quads in found)

        return taken

    def _enter(
        self,
        number: int,
        state: State,
        change: Change,
        decide: Deciding,
        language: str,
        *,
        whole: bool,
    ) -> Decision:
        """The decision, made against the newest release; tried again where another was first."""
        while True:
            _require(self._ledger.contribution(number), state)
            expected, wanted, examination = self._examined(change, language, whole=whole)
            if wanted.empty:
                raise Conflict(f"Release {expected} leaves nothing of it to change.")
            if not examination.conforms:
                raise NotConforming(_conflict(state, expected), as_json(examination))
            try:
                entry = decide(expected, wanted)
            except Conflict:
                if self._ledger.head() == expected:
                    raise
                continue
            release = self._releases.follow().release
            return Decision(self._ledger.contribution(number), entry, release)

    def _examined(
        self, change: Change, language: str, *, whole: bool, follow: bool = False
    ) -> tuple[int, Change, Examination]:
        """The newest release, what of the change makes a difference to it, and what that does.

        With ``whole``, it doesn't conform unless all that the change removes is there still.
        """
        dataset = self._releases.follow()
        asserted = self._releases.asserted
        wanted = effective(change, asserted)
        gone = [quad for quad in change.removed if whole and quad not in asserted]
        examination = self._examiner.examine_change(
            dataset, wanted, language, gone=gone, follow=follow
        )
        return dataset.release.number, wanted, examination


def _require(contribution: Contribution, state: State) -> None:
    if contribution.state is not state:
        raise Conflict(f"Contribution {contribution.number} is {contribution.state}, not {state}.")


def _conflict(state: State, release: int) -> str:
    if state is State.ACCEPTED:
        return f"What came since builds on it, up to release {release}: revert that first."
    return f"It no longer conforms with the data of release {release}."


def _require_text(text: str, name: str) -> None:
    if not text.strip():
        raise InvalidInput(f"A {name} is missing: say in a few words why.")
    if len(text) > LONGEST_TEXT:
        raise InvalidInput(f"The {name} is longer than {LONGEST_TEXT} characters; shorten it.")
    if CONTROL.search(text):
        raise InvalidInput(f"The {name} holds a control character; leave it out.")
