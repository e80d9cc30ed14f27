"""Contributions by mutation: what is answered is what the web answers as JSON.

Present only where contributions are taken. The token is that of the request's Authorization.
"""

# ruff: noqa: N815 (fields bear the names that GraphQL and JSON know them by)

from collections.abc import Callable
from enum import Enum
from typing import Any, Protocol, TypeAlias

import strawberry
from graphql import GraphQLError

from kizuna.contributions import telling
from kizuna.contributions.answers import as_json
from kizuna.contributions.callers import Credentials
from kizuna.contributions.documents import Submission, submission_of
from kizuna.contributions.review import Decision, Review
from kizuna.dataset.entries import State
from kizuna.dataset.releases import Dataset
from kizuna.descriptions.naming import LANGUAGES
from kizuna.errors import NotConforming
from kizuna.kinds import kind_of

Json = dict[str, Any]


class Context(Protocol):
    """What an operation knows of its request, and who takes contributions."""

    dataset: Dataset
    languages: tuple[str, ...]
    credentials: Credentials
    review: Review | None


Info: TypeAlias = strawberry.Info[Context, None]

strawberry.enum(State, name="ContributionState", description="What became of a contribution.")


@strawberry.enum(description="What a document is written in.")
class ContributionFormat(Enum):
    TURTLE = "text/turtle"
    TRIG = "application/trig"
    N_TRIPLES = "application/n-triples"
    N_QUADS = "application/n-quads"
    JSON_LD = "application/ld+json"
    RDF_XML = "application/rdf+xml"
    CSV = "text/csv"


@strawberry.type(description="Something with its label, in the language of the answer.")
class ContributionThing:
    id: str
    label: str | None


@strawberry.type(description="A path of properties, with its label.")
class ContributionPath:
    path: str
    label: str | None


@strawberry.type(description="A value, with its label where it is a thing.")
class ContributionValue:
    value: str
    label: str | None


@strawberry.type(description="Statements to add and to remove, each a line of N-Quads.")
class ContributionChange:
    added: list[str]
    removed: list[str]


@strawberry.type(description="A result of validation. A Violation refuses; others are for reading.")
class ContributionResult:
    severity: str
    focus: ContributionThing
    path: ContributionPath | None
    value: ContributionValue | None
    message: str
    constraint: str
    document: str = strawberry.field(description="The submitted document, or a graph.")
    line: int | None
    suggestion: ContributionChange | None = strawberry.field(
        description="What to remove from what is submitted, and what to add instead."
    )


@strawberry.type(description="A new thing that looks like one that is there already.")
class ContributionLikeness:
    new: str
    existing: ContributionThing
    by: str = strawberry.field(description="name or code.")
    text: str
    existingText: str
    score: float = strawberry.field(description="100 is the same.")


@strawberry.type(description="A contradiction on a fact.")
class ContributionDispute:
    id: str
    fact: ContributionThing
    detail: ContributionThing


@strawberry.type(description="Derived values of a thing that go, and those that come.")
class ContributionDifference:
    subject: ContributionThing
    property: ContributionThing
    before: list[ContributionValue]
    after: list[ContributionValue]


@strawberry.type(description="A saved question, with the rows that its answer loses and gains.")
class ContributionAnswer:
    name: str
    title: str | None
    before: list[list[str | None]]
    after: list[list[str | None]]


@strawberry.type(description="What would follow.")
class ContributionEffects:
    disputesOpened: list[ContributionDispute]
    disputesClosed: list[ContributionDispute]
    turns: list[ContributionDifference] = strawberry.field(
        description="Facts whose standing or outcome changes."
    )
    derived: list[ContributionDifference]
    answers: list[ContributionAnswer]


@strawberry.type(description="A proposed change, and what became of it.")
class Contribution:
    id: int
    state: State
    contributor: str
    message: str
    proposedAt: str
    base: int = strawberry.field(description="The release that it was proposed against.")
    additions: int
    removals: int
    decidedBy: str | None
    decidedAt: str | None
    reason: str | None
    release: int | None = strawberry.field(description="The release that took it in.")


@strawberry.type(description="A release of the data.")
class ContributionRelease:
    number: int
    hash: str


@strawberry.type(description="What a submission comes to.")
class ProposedContribution:
    conforms: bool
    results: list[ContributionResult]
    added: list[str] = strawberry.field(description="Each a line of N-Quads.")
    removed: list[str] = strawberry.field(description="Each a line of N-Quads.")
    minted: list[str] = strawberry.field(description="IRIs given to what had none.")
    lookalikes: list[ContributionLikeness]
    effects: ContributionEffects | None = strawberry.field(
        description="Null where it doesn't conform."
    )
    contribution: Contribution | None = strawberry.field(description="Null where nothing was kept.")


@strawberry.type(description="What became of a contribution.")
class DecidedContribution:
    contribution: Contribution
    release: ContributionRelease | None = strawberry.field(
        description="The current release, where the decision made one."
    )


@strawberry.input(description="Something to add, to remove, or both, and why.")
class ContributionInput:
    format: ContributionFormat
    document: str | None = strawberry.field(default=None, description="What to add.")
    removals: str | None = strawberry.field(default=None, description="What to remove.")
    message: str = strawberry.field(default="", description="Why; a dry run needs none.")
    dryRun: bool = strawberry.field(default=False, description="Answer, but keep nothing.")


@strawberry.type(description="What can be changed, with a token in the request's Authorization.")
class Mutation:
    @strawberry.field(
        name="proposeContribution",
        graphql_type=ProposedContribution | None,
        description="Examines a submission and keeps it as a contribution, if it conforms.",
    )
    def propose(self, info: Info, input: ContributionInput) -> Json:
        submission = submission_of(input.document, input.removals, input.format.value)
        return propose(info, submission, input.message, dry_run=input.dryRun)

    @strawberry.field(
        name="acceptContribution",
        graphql_type=DecidedContribution | None,
        description="Takes a contribution into the next release.",
    )
    def accept(self, info: Info, id: int) -> Json:
        who = info.context.credentials
        return _decided(lambda: _review(info).accept(who, id, _language(info)))

    @strawberry.field(
        name="rejectContribution",
        graphql_type=DecidedContribution | None,
        description="Refuses a contribution that waits.",
    )
    def reject(self, info: Info, id: int, reason: str) -> Json:
        return _decided(lambda: _review(info).reject(info.context.credentials, id, reason))

    @strawberry.field(
        name="revertContribution",
        graphql_type=DecidedContribution | None,
        description="Undoes an accepted contribution by a further release.",
    )
    def revert(self, info: Info, id: int, reason: str) -> Json:
        who = info.context.credentials
        return _decided(lambda: _review(info).revert(who, id, reason, _language(info)))

    @strawberry.field(
        name="withdrawContribution",
        graphql_type=DecidedContribution | None,
        description="Takes the caller's own contribution back.",
    )
    def withdraw(self, info: Info, id: int) -> Json:
        return _decided(lambda: _review(info).withdraw(info.context.credentials, id))


def propose(info: Info, submission: Submission, message: str, *, dry_run: bool) -> Json:
    """What a submission comes to, kept unless it is a dry run."""
    who, language = info.context.credentials, _language(info)
    proposed = _review(info).propose(who, submission, message, language, dry_run=dry_run)
    kept = proposed.contribution
    contribution = telling.summary(kept) if kept else None
    return {**as_json(proposed.examination), "contribution": contribution}


def member(source: Any, name: str) -> Any:
    """How fields without a resolver find their value: what is answered is JSON."""
    return source[name]


def _review(info: Info) -> Review:
    review = info.context.review
    assert review is not None  # noqa: S101 (else there are no mutations)
    return review


def _language(info: Info) -> str:
    return next((each for each in info.context.languages if each in LANGUAGES), LANGUAGES[0])


def _decided(decide: Callable[[], Decision]) -> Json:
    """The decision; a conflict that comes of the shapes brings the report along."""
    try:
        return telling.decision(decide())
    except NotConforming as error:
        extensions = {"code": kind_of(error).code, "report": error.report}
        raise GraphQLError(str(error), extensions=extensions) from error
