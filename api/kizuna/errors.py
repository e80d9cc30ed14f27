"""What can go wrong, as the domain sees it.

    KizunaError
    ├── NotFound            an identifier that names nothing here
    ├── InvalidInput        what was given can't be used
    │   ├── DocumentUnknown a GraphQL document that is named, and isn't kept here
    │   ├── MalformedData   a file or document that can't be parsed
    │   ├── ShapeViolation  data that the shapes refuse
    │   └── LimitExceeded   more than a setting allows
    │       └── RateExceeded    more in a while than a setting allows
    ├── Conflict            what was given no longer fits the current release
    │   └── NotConforming       … by the shapes, with the report that says how
    ├── BrokenLedger        a ledger that isn't as it was written
    ├── NotOffered          what this server, as it was started, doesn't do
    ├── NotAllowed          the caller may not do this
    │   ├── DocumentNotTrusted  only trusted documents are run, and this is none
    │   └── NotAuthenticated    nobody knows who the caller is
    ├── EngineUnavailable   the store can't answer now
    └── EngineTimeout       the store took longer than a setting allows

No class here knows HTTP or GraphQL: one table in ``kizuna.kinds`` maps them.
"""

from collections.abc import Mapping
from types import MappingProxyType

NOTHING: Mapping[str, object] = MappingProxyType({})


class KizunaError(Exception):
    """Base of every error that the product answers with; its text is meant for the user."""


class NotFound(KizunaError):
    """An identifier that names nothing in the dataset."""


class InvalidInput(KizunaError):
    """Input that can't be used; the message names the thing and the way out."""


class DocumentUnknown(InvalidInput):
    """A GraphQL document that a request names, and that isn't kept here."""


class MalformedData(InvalidInput):
    """A file or document that can't be parsed; the message starts with where."""


class ShapeViolation(InvalidInput):
    """Data that the shapes refuse."""


class LimitExceeded(InvalidInput):
    """More than a setting allows; the message names the setting."""


class RateExceeded(LimitExceeded):
    """More in a while than a setting allows; ``seconds`` from now there is room again."""

    def __init__(self, message: str, seconds: int = 60) -> None:
        super().__init__(message)
        self.seconds = seconds


class Conflict(KizunaError):
    """A change that no longer fits the current release."""


class NotConforming(Conflict):
    """A change that the current release's shapes refuse; ``report`` says how, as JSON."""

    def __init__(self, message: str, report: Mapping[str, object] = NOTHING) -> None:
        super().__init__(message)
        self.report = report


class BrokenLedger(KizunaError):
    """A ledger that isn't as it was written; the message names the first entry that is wrong."""


class NotOffered(KizunaError):
    """What this server doesn't do as it was started; the message says what it does instead."""


class NotAllowed(KizunaError):
    """The caller may not do this."""


class DocumentNotTrusted(NotAllowed):
    """A GraphQL document that isn't among the trusted ones, where no others are run."""


class NotAuthenticated(NotAllowed):
    """The caller brings no token, or one that isn't known."""


class EngineUnavailable(KizunaError):
    """The store can't answer now."""


class EngineTimeout(KizunaError):
    """The store took longer than a setting allows."""
