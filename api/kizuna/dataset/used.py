"""The IRIs that were ever used: none of them is given to anything else again."""

import re
from threading import Lock

from kizuna.dataset.ledger import Ledger

IRI = re.compile(r"<([^<>]*)>")


class Used:
    """The IRIs that any entry of a ledger brought, or any contribution, whatever its state, would.

    What was asked once is kept, so that each text of the ledger is read once.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._reading = Lock()
        self._iris: set[str] = set()
        self._entry, self._contribution = -1, 0

    def read(self) -> "Used":
        """Takes in what has been written since; itself."""
        with self._reading:
            entries = self._ledger.entries_said(self._entry)
            contributions = self._ledger.contributions_said(self._contribution)
            for _, text in (*entries, *contributions):
                self._iris.update(IRI.findall(text))
            self._entry = max([self._entry, *(number for number, _ in entries)])
            self._contribution = max([self._contribution, *(number for number, _ in contributions)])
        return self

    def __contains__(self, iri: str) -> bool:
        """Whether the IRI had been used when last looked."""
        return iri in self._iris
