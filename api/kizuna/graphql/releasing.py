"""Releases in GraphQL: an operation as of one, and several of them in one answer.

``@asOf(release: Int, at: DateTime)`` on a query has all of it answered by that release. The field
``release`` opens one, whose ``query`` is answered by it; ``releases`` lists them, newest first.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

import strawberry
from graphql import GraphQLSchema, OperationDefinitionNode
from graphql.error import located_error
from graphql.execution.values import VariableValues, get_directive_values
from strawberry.directive import DirectiveLocation

from kizuna.dataset.comparison import Comparison, compared
from kizuna.dataset.releases import Dataset, Made, Releases
from kizuna.errors import InvalidInput, LimitExceeded, NotFound
from kizuna.graphql import bindings as b
from kizuna.graphql.arguments import AFTER, FIRST
from kizuna.graphql.connections import page_size
from kizuna.graphql.making import Argument, Field, TypeModule
from kizuna.graphql.plan import ObjectPlan, Refused

AS_OF = "asOf"
ACTIONS = {
    "seeds": "The data that came with the software.",
    "acceptance": "A contribution that was taken in.",
    "reversal": "A contribution that was undone.",
}
LONGEST = 100  # releases on a page
NAMES = ("Release", "release", "releases", "Changes", "changes")
AT = Argument("at", "DateTime", "A moment: its newest release. In UTC where no zone is named.")
NUMBER = Argument("number", "Int", "Its number.")
PARTS = (
    ("number", "Int!", "Its number."),
    ("hash", "String!", "The SHA-256 of its sorted asserted N-Quads."),
    ("at", "DateTime", "When it was made; null where files are served as they are."),
    ("action", "ReleaseAction", "What made it; null where files are served as they are."),
    ("contribution", "Int", "The number of the contribution taken in, or undone."),
    ("contributor", "String", "Who brought it."),
    ("decidedBy", "String", "Who let it in."),
    ("message", "String", "Why."),
    ("additions", "Int", "How many statements it adds to the release before."),
    ("removals", "Int", "How many it removes."),
)


@strawberry.directive(
    locations=[DirectiveLocation.QUERY],
    name=AS_OF,
    description="Asks a past release, by its number or by a moment, instead of the newest.",
)
def as_of(
    release: Annotated[int | None, strawberry.argument(description="Its number.")] = None,
    at: Annotated[datetime | None, strawberry.argument(description=AT.description)] = None,
) -> None:
    """Read from the operation: Strawberry runs no resolver of an operation's directive."""


def release_fields(made: TypeModule, bindings: dict[tuple[str, str], b.Binding]) -> list[Field]:
    """Makes the type of releases; the root fields that lead to them."""
    actions = {name.upper(): name for name in ACTIONS}
    abouts = {name.upper(): about for name, about in ACTIONS.items()}
    made.enum("ReleaseAction", actions, abouts, "What makes a release.")
    fields = [Field(name, type_, about) for name, type_, about in PARTS]
    bindings |= {("Release", name): b.ReleasePart(name) for name, _, _ in PARTS}
    fields.append(Field("query", "Query!", "What can be asked, answered by this release."))
    bindings["Release", "query"] = b.ReleasePart("query")
    made.object_type("Release", fields, "A release of the dataset, and how it came to be.")
    bindings["Query", "release"] = b.ReleaseAt()
    bindings["Query", "releases"] = b.ReleaseList()
    about = "A release by its number, or the newest at a moment."
    return [
        Field("release", "Release", about, (NUMBER, AT)),
        Field("releases", "ReleaseConnection!", "The releases, newest first.", (FIRST, AFTER)),
    ]


def subscription_type(made: TypeModule, bindings: dict[tuple[str, str], b.Binding]) -> None:
    """Makes the root type of subscriptions."""
    after = "Where to begin: with the release that follows this number. Else with the next one."
    bindings["Subscription", "releases"] = b.ReleaseEvent()
    about = "Each release as it becomes the newest."
    field = Field("releases", "Release!", about, (Argument("after", "Int", after),))
    made.object_type("Subscription", [field], "What can be followed.")


def asked_release(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    variables: VariableValues,
    releases: Releases,
) -> Dataset | None:
    """The release that the operation's ``@asOf`` names, None where it bears none.

    Raises InvalidInput, and NotFound where there is no such release.
    """
    (directive,) = (d for d in schema.directives if d.name == AS_OF)
    given = get_directive_values(directive, operation, variables)
    if given is None:
        return None
    return releases.at(_number(releases, given.get("release"), given.get("at"), "release"))


@dataclass(frozen=True)
class Start:
    """A subscription that may start: it is told of the releases that follow ``after``."""

    after: int


def start_of(plan: ObjectPlan, releases: Releases) -> Start:
    """Where a subscription starts; raises GraphQLError where there is no such place."""
    newest = releases.current.release.number
    (found,) = plan.only
    if isinstance(found.binding, Refused):
        raise found.binding.error
    after = found.arguments.get("after")
    if after is not None and not -1 <= after <= newest:
        error = NotFound(f"there is no release {after}; the newest is {newest}.")
        raise located_error(error, found.nodes)
    return Start(newest if after is None else after)


@dataclass(frozen=True)
class Listed:
    """A page of releases, newest first."""

    items: tuple[Made, ...]
    total: int
    has_next: bool
    has_previous: bool


@dataclass(frozen=True)
class Changed:
    """What differs between two releases; ``made`` gives those that changed it, by number."""

    first: Made
    last: Made
    old: Dataset
    new: Dataset
    found: Comparison
    made: Callable[[int], Made]


class Editions:
    """The releases that one operation asks about; it may look into ``most`` of them.

    ``event`` is the one that a subscription is told of.
    """

    def __init__(self, releases: Releases, most: int, event: int | None = None) -> None:
        self._releases = releases
        self._event = event
        self._most = most
        self._opened = 0

    @property
    def used(self) -> bool:
        """Whether any release was looked into."""
        return self._opened > 0

    def named(self, arguments: Mapping[str, Any]) -> Made:
        """The release that ``number`` or ``at`` names; raises InvalidInput, NotFound."""
        number, moment = arguments.get("number"), arguments.get("at")
        return self._releases.made(_number(self._releases, number, moment, "number"))

    def told(self) -> Made:
        """The release that the subscription is told of."""
        if self._event is None:
            raise TypeError("an operation that is no subscription is told of no release")
        return self._releases.made(self._event)

    def opened(self, number: int) -> Dataset:
        """The release to look into; raises LimitExceeded for one too many."""
        self._opened += 1
        if self._opened > self._most:
            raise LimitExceeded(
                f"an operation may look into {self._most} releases (max_releases); "
                "ask for fewer at a time"
            )
        return self._releases.at(number)

    def changes(self, arguments: Mapping[str, Any]) -> Changed:
        """What differs between the releases ``from`` and ``to``; raises as ``opened`` does."""
        first, last = (self.named({"number": arguments[name]}) for name in ("from", "to"))
        old, new = (self.opened(made.number) for made in (first, last))
        least, most = sorted((first.number, last.number))
        change = self._releases.difference(first.number, last.number)
        found = compared(old, new, change, self._releases.entries(least, most))
        return Changed(first, last, old, new, found, self._releases.made)

    def page(self, arguments: Mapping[str, Any], newest: int) -> Listed:
        """The releases up to the newest that ``first`` and ``after`` ask; raises InvalidInput."""
        numbers = [n for n in self._releases.numbers if n <= newest][::-1]
        size = page_size("first", arguments.get("first"), LONGEST)
        after = arguments.get("after")
        start = 0 if after is None else _place(after, numbers) + 1
        shown = numbers[start : start + size]
        items = tuple(self._releases.made(number) for number in shown)
        return Listed(items, len(numbers), start + size < len(numbers), start > 0)


def cursor(made: Made) -> str:
    """The release's place in the list."""
    return f"release-{made.number}"


def _place(after: str, numbers: list[int]) -> int:
    name, _, number = after.partition("-")
    if name != "release" or not number.isdecimal() or int(number) not in numbers:
        raise InvalidInput(
            f"after: {after!r} is no cursor; take one from an answer's pageInfo or edges"
        )
    return numbers.index(int(number))


def _number(releases: Releases, number: int | None, moment: datetime | None, name: str) -> int:
    if (number is None) == (moment is None):
        raise InvalidInput(
            f"a release is named by its number ({name}: 3) or by a moment "
            '(at: "2026-01-31T12:00:00Z"), by one of the two'
        )
    if moment is None:
        return number or 0
    return releases.number_at(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
