"""Contributions by mutation: what is answered is what the web answers as JSON.

Present only where contributions are taken. The token is that of the request's Authorization.
"""

# ruff: noqa: N815 (fields bear the names that GraphQL and JSON know them by)

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Annotated, Any, Protocol, TypeAlias

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
Id: TypeAlias = Annotated[int, strawberry.argument(description="The contribution's number.")]
Reason: TypeAlias = Annotated[str, strawberry.argument(description="Why it is decided so.")]

STATES = {
    State.PROPOSED: "It waits.",
    State.ACCEPTED: "It was taken into a release.",
    State.REJECTED: "It was refused.",
    State.WITHDRAWN: "Its contributor took it back.",
    State.REVERTED: "It was taken in, and undone since.",
}


class ContributionFormat(Enum):
    TURTLE = "text/turtle"
    TRIG = "application/trig"
    N_TRIPLES = "application/n-triples"
    N_QUADS = "application/n-quads"
    JSON_LD = "application/ld+json"
    RDF_XML = "application/rdf+xml"
    CSV = "text/csv"


FORMATS = {
    ContributionFormat.TURTLE: "Turtle.",
    ContributionFormat.TRIG: "TriG: Turtle with graphs.",
    ContributionFormat.N_TRIPLES: "N-Triples.",
    ContributionFormat.N_QUADS: "N-Quads: N-Triples with graphs.",
    ContributionFormat.JSON_LD: "JSON-LD.",
    ContributionFormat.RDF_XML: "RDF/XML.",
    ContributionFormat.CSV: "A table, its first line the headings.",
}


def _enum(made: type[Enum], name: str, about: str, values: Mapping[Any, str]) -> None:
    """Has an enum stand in the schema, with what its values mean."""
    strawberry.enum(made, name=name, description=about)
    for value in made.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = values[made[value.name]]


_enum(State, "ContributionState", "What became of a contribution.", STATES)
_enum(ContributionFormat, "ContributionFormat", "What a document is written in.", FORMATS)


@strawberry.type(description="Something with its label, in the language of the answer.")
class ContributionThing:
    id: str = strawberry.field(description="Its IRI.")
    label: str | None = strawberry.field(description="Its label.")


@strawberry.type(description="A path of properties, with its label.")
class ContributionPath:
    path: str = strawberry.field(description="The path, as SPARQL writes it.")
    label: str | None = strawberry.field(description="Its label.")


@strawberry.type(description="A value, with its label where it is a thing.")
class ContributionValue:
    value: str = strawberry.field(description="The value.")
    label: str | None = strawberry.field(description="Its label.")


@strawberry.type(description="Statements to add and to remove, each a line of N-Quads.")
class ContributionChange:
    added: list[str] = strawberry.field(description="What is added.")
    removed: list[str] = strawberry.field(description="What is removed.")


@strawberry.type(description="A result of validation. A Violation refuses; others are for reading.")
class ContributionResult:
    severity: str = strawberry.field(description="Violation, Warning or Info.")
    focus: ContributionThing = strawberry.field(description="What it is about.")
    path: ContributionPath | None = strawberry.field(description="Which property of it.")
    value: ContributionValue | None = strawberry.field(description="The value that is at fault.")
    message: str = strawberry.field(description="What is wrong.")
    constraint: str = strawberry.field(description="The IRI of what asks for it.")
    document: str = strawberry.field(description="The submitted document, or a graph.")
    line: int | None = strawberry.field(description="The line of the document.")
    suggestion: ContributionChange | None = strawberry.field(
        description="What to remove from what is submitted, and what to add instead."
    )


@strawberry.type(description="A new thing that looks like one that is there already.")
class ContributionLikeness:
    new: str = strawberry.field(description="The IRI of the new thing.")
    existing: ContributionThing = strawberry.field(description="What is there already.")
    by: str = strawberry.field(description="name or code.")
    text: str = strawberry.field(description="What the new thing is called.")
    existingText: str = strawberry.field(description="What the other is called.")
    score: float = strawberry.field(description="100 is the same.")


@strawberry.type(description="A contradiction on a fact.")
class ContributionDispute:
    id: str = strawberry.field(description="The dispute's IRI.")
    fact: ContributionThing = strawberry.field(description="What is disputed.")
    detail: ContributionThing = strawberry.field(description="What of it.")


@strawberry.type(description="Derived values of a thing that go, and those that come.")
class ContributionDifference:
    subject: ContributionThing = strawberry.field(description="The thing.")
    property: ContributionThing = strawberry.field(description="Which property of it.")
    before: list[ContributionValue] = strawberry.field(description="The values that go.")
    after: list[ContributionValue] = strawberry.field(description="The values that come.")


@strawberry.type(description="A saved question, with the rows that its answer loses and gains.")
class ContributionAnswer:
    name: str = strawberry.field(description="The question's name.")
    title: str | None = strawberry.field(description="The question.")
    before: list[list[str | None]] = strawberry.field(description="The rows that go.")
    after: list[list[str | None]] = strawberry.field(description="The rows that come.")


@strawberry.type(description="What would follow.")
class ContributionEffects:
    disputesOpened: list[ContributionDispute] = strawberry.field(
        description="Contradictions that would be new."
    )
    disputesClosed: list[ContributionDispute] = strawberry.field(
        description="Contradictions that would be gone."
    )
    turns: list[ContributionDifference] = strawberry.field(
        description="Facts whose standing or outcome changes."
    )
    derived: list[ContributionDifference] = strawberry.field(
        description="Other derived values that change."
    )
    answers: list[ContributionAnswer] = strawberry.field(
        description="Saved questions whose answers change."
    )


@strawberry.type(description="A proposed change, and what became of it.")
class Contribution:
    id: int = strawberry.field(description="Its number.")
    state: State = strawberry.field(description="What became of it.")
    contributor: str = strawberry.field(description="Who brought it.")
    message: str = strawberry.field(description="Why.")
    proposedAt: str = strawberry.field(description="When it was proposed.")
    base: int = strawberry.field(description="The release that it was proposed against.")
    additions: int = strawberry.field(description="How many statements it adds.")
    removals: int = strawberry.field(description="How many statements it removes.")
    decidedBy: str | None = strawberry.field(description="Who decided.")
    decidedAt: str | None = strawberry.field(description="When that was.")
    reason: str | None = strawberry.field(description="Why it was decided so.")
    release: int | None = strawberry.field(description="The release that took it in.")
    revertedIn: int | None = strawberry.field(description="The release that undid it.")


@strawberry.type(description="A release of the data.")
class ContributionRelease:
    number: int = strawberry.field(description="Its number.")
    hash: str = strawberry.field(description="The SHA-256 of its sorted asserted N-Quads.")


@strawberry.type(description="What a submission comes to.")
class ProposedContribution:
    conforms: bool = strawberry.field(description="Whether it can be taken in.")
    results: list[ContributionResult] = strawberry.field(description="What validation found.")
    added: list[str] = strawberry.field(description="Each a line of N-Quads.")
    removed: list[str] = strawberry.field(description="Each a line of N-Quads.")
    minted: list[str] = strawberry.field(description="IRIs given to what had none.")
    lookalikes: list[ContributionLikeness] = strawberry.field(
        description="New things that may be there already."
    )
    effects: ContributionEffects | None = strawberry.field(
        description="Null where it doesn't conform."
    )
    contribution: Contribution | None = strawberry.field(description="Null where nothing was kept.")


@strawberry.type(description="What became of a contribution.")
class DecidedContribution:
    contribution: Contribution = strawberry.field(description="The contribution, as it stands now.")
    release: ContributionRelease | None = strawberry.field(
        description="The current release, where the decision made one."
    )


@strawberry.input(description="Something to add, to remove, or both, and why.")
class ContributionInput:
    format: ContributionFormat = strawberry.field(description="What the documents are written in.")
    document: str | None = strawberry.field(default=None, description="What to add.")
    removals: str | None = strawberry.field(default=None, description="What to remove.")
    message: str = strawberry.field(default="", description="Why; a dry run needs none.")
    dryRun: bool = strawberry.field(default=False, description="Answer, but keep nothing.")


Input: TypeAlias = Annotated[
    ContributionInput, strawberry.argument(description="What is proposed.")
]


@strawberry.type(description="What can be changed, with a token in the request's Authorization.")
class Mutation:
    @strawberry.field(
        name="proposeContribution",
        graphql_type=ProposedContribution | None,
        description="Examines a submission and keeps it as a contribution, if it conforms.",
    )
    def propose(self, info: Info, input: Input) -> Json:
        submission = submission_of(input.document, input.removals, input.format.value)
        return propose(info, submission, input.message, dry_run=input.dryRun)

    @strawberry.field(
        name="acceptContribution",
        graphql_type=DecidedContribution | None,
        description="Takes a contribution into the next release.",
    )
    def accept(self, info: Info, id: Id) -> Json:
        who = info.context.credentials
        return _decided(lambda: _review(info).accept(who, id, _language(info)))

    @strawberry.field(
        name="rejectContribution",
        graphql_type=DecidedContribution | None,
        description="Refuses a contribution that waits.",
    )
    def reject(self, info: Info, id: Id, reason: Reason) -> Json:
        return _decided(lambda: _review(info).reject(info.context.credentials, id, reason))

    @strawberry.field(
        name="revertContribution",
        graphql_type=DecidedContribution | None,
        description="Undoes an accepted contribution by a further release.",
    )
    def revert(self, info: Info, id: Id, reason: Reason) -> Json:
        who = info.context.credentials
        return _decided(lambda: _review(info).revert(who, id, reason, _language(info)))

    @strawberry.field(
        name="withdrawContribution",
        graphql_type=DecidedContribution | None,
        description="Takes the caller's own contribution back.",
    )
    def withdraw(self, info: Info, id: Id) -> Json:
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
