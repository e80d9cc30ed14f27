"""The GraphQL API over a dataset: the schema, and answers to operations.

What asks the dataset is compiled to a plan and executed by our own executor; graphql-core executes
mutations, and answers introspection.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

import strawberry
from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationType,
    execute_sync,
)
from graphql.error import located_error
from strawberry.exceptions import DuplicatedTypeName
from strawberry.schema.config import StrawberryConfig

from kizuna.contributions.callers import Credentials
from kizuna.contributions.review import Review
from kizuna.dataset.budget import Budget
from kizuna.dataset.releases import Dataset, Releases, SingleRelease
from kizuna.errors import InvalidInput
from kizuna.graphql.bindings import Bindings
from kizuna.graphql.codes import BAD_USER_INPUT, formatted, is_internal
from kizuna.graphql.explaining import explanation
from kizuna.graphql.limits import Limits
from kizuna.graphql.making import TypeModule, uncollected
from kizuna.graphql.mutations import member
from kizuna.graphql.nodes import Kept
from kizuna.graphql.operands import operand_scalars
from kizuna.graphql.preparing import Asked, Prepared, Preparing, Unfit
from kizuna.graphql.proposing import Proposing
from kizuna.graphql.releasing import Start, as_of
from kizuna.graphql.running import Request, Running, report
from kizuna.graphql.types import make_types

logger = logging.getLogger(__name__)

ANSWERED = frozenset({OperationType.QUERY, OperationType.MUTATION})
STREAMED = frozenset(OperationType)
FALLBACK_LANGUAGE = "en"
NOBODY = Credentials()


@dataclass(frozen=True)
class Answer:
    """An operation's answer: ``payload`` as it goes over the wire.

    ``executed`` is False where the operation was refused before it ran: it doesn't parse, isn't
    valid, or its variables don't fit.
    """

    payload: dict[str, Any]
    executed: bool


class Api:
    """The GraphQL API over one dataset; with ``review``, contributions can be made to it.

    ``releases`` are those that an operation may ask besides; ``public_url`` is where readers find
    the server, to which citations lead.
    """

    def __init__(
        self,
        dataset: Dataset,
        limits: Limits | None = None,
        review: Review | None = None,
        releases: Releases | None = None,
        public_url: str | None = None,
    ) -> None:
        self.public_url = public_url
        self._dataset = dataset
        self._releases = releases or SingleRelease(dataset)
        self._limits = limits or Limits()
        self._review = review
        types = TypeModule()
        with uncollected(), types.importable():
            self.bindings: Bindings = make_types(dataset.model, types)
            self._schema = self._made(types)
        self._preparing = Preparing(self.core, self.bindings, self._limits)
        self._running = Running(
            self.core, dataset, self._releases, self._limits, Kept(), public_url
        )

    def _made(self, types: TypeModule) -> strawberry.Schema:
        try:
            return strawberry.Schema(
                query=types["Query"],
                mutation=Proposing(self._dataset.model, types).mutation() if self._review else None,
                subscription=types["Subscription"],
                directives=[as_of],
                types=[types[found.name] for found in self._dataset.model.classes.values()],
                config=StrawberryConfig(
                    auto_camel_case=False,
                    default_resolver=member,
                    scalar_map=operand_scalars(),
                ),
            )
        except DuplicatedTypeName as error:
            raise InvalidInput(f"{error.message}: contributions need it; rename a class") from error

    def over(self, dataset: Dataset) -> "Api":
        """The same API over another release; the schema and the plans made for it are shared."""
        other = copy(self)
        other._dataset = dataset
        other._running = self._running.over(dataset)
        return other

    def at(self, release: int) -> "Api":
        """The same API over another release, by its number; raises NotFound."""
        return self.over(self._releases.at(release))

    @property
    def dataset(self) -> Dataset:
        """The release that it is over."""
        return self._dataset

    @property
    def sdl(self) -> str:
        """The schema in GraphQL's schema definition language."""
        return self._schema.as_str() + "\n"

    @property
    def core(self) -> GraphQLSchema:
        """The schema as graphql-core has it."""
        return self._schema._schema

    def faults(self, query: str) -> Sequence[GraphQLError]:
        """What is wrong with a document, whatever its variables."""
        try:
            self._preparing.checked(query)
        except Unfit as unfit:
            return unfit.errors
        return ()

    def execute(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        operation_name: str | None = None,
        languages: Sequence[str] = (),
        credentials: Credentials = NOBODY,
        extensions: Mapping[str, Any] | None = None,
        *,
        written: bool = False,
    ) -> Answer:
        """Answers an operation for readers of the languages, the most wanted first.

        ``extensions`` are the request's: what is wanted beyond the data (``explaining``). Whatever
        is wrong with the operation is an error in the answer, with ``extensions.code``. An answer
        that is ``written`` by orjson may hold parts that are JSON already.
        """
        request = self._request(languages, credentials)
        request.written = written
        try:
            request.explanation = explanation(extensions)
        except InvalidInput as refused:
            return _answer(ExecutionResult(None, [located_error(refused)]), request)
        return self._executed(request, query, variables, operation_name, ANSWERED)

    def is_quick(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        operation_name: str | None = None,
        languages: Sequence[str] = (),
    ) -> bool:
        """Whether the very operation was run before, and took no time to speak of."""
        known = self._preparing.known(
            Asked(query, variables or {}, operation_name, _all(languages))
        )
        return known is not None and known.plan is not None and self._running.is_quick(known.plan)

    def start(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        operation_name: str | None = None,
        languages: Sequence[str] = (),
        credentials: Credentials = NOBODY,
    ) -> Answer | Start:
        """Answers an operation as ``execute`` does, save for a subscription that may start."""
        request = self._request(languages, credentials)
        answer = self._executed(request, query, variables, operation_name, STREAMED)
        return request.start or answer

    def event(
        self,
        release: int,
        query: str,
        variables: Mapping[str, Any] | None = None,
        operation_name: str | None = None,
        languages: Sequence[str] = (),
    ) -> Answer:
        """What a subscription that has started is told of a release."""
        request = self._request(languages, NOBODY)
        request.event = release
        request.told = self._releases.made(release).release
        return self._executed(request, query, variables, operation_name, STREAMED)

    def _request(self, languages: Sequence[str], credentials: Credentials) -> Request:
        return Request(
            self._dataset,
            _all(languages),
            credentials,
            self._review,
            Budget(self._limits.values, self._limits.seconds),
        )

    def _executed(
        self,
        request: Request,
        query: str,
        variables: Mapping[str, Any] | None,
        name: str | None,
        allowed: Collection[OperationType],
    ) -> Answer:
        asked = Asked(query, variables or {}, name, request.languages)
        try:
            result = self._result(request, self._preparing.prepared(asked, allowed))
        except Unfit as unfit:
            return _answer(ExecutionResult(None, unfit.errors), request, unfit.code)
        except Exception as error:
            logger.exception("an operation failed")
            failure = GraphQLError(str(error), original_error=error)
            return _answer(ExecutionResult(None, [failure]), request)
        return _answer(result, request)

    def _result(self, request: Request, prepared: Prepared) -> ExecutionResult:
        if prepared.plan is None:
            return self._mutated(request, prepared)
        return self._running.result(request, prepared, prepared.plan)

    def _mutated(self, request: Request, prepared: Prepared) -> ExecutionResult:
        request.executed = True
        result = execute_sync(
            self.core,
            prepared.document,
            context_value=request,
            variable_values=dict(prepared.given),
            operation_name=prepared.operation.name.value if prepared.operation.name else None,
        )
        for error in result.errors or ():
            if is_internal(error):
                logger.error("a mutation failed", exc_info=error.original_error)
        return result


def _all(languages: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*languages, FALLBACK_LANGUAGE)))


def _answer(result: ExecutionResult, request: Request, code: str = BAD_USER_INPUT) -> Answer:
    """The result as it goes over the wire; ``code`` is that of errors which tell no other."""
    payload: dict[str, Any] = {}
    if request.executed:
        payload["data"] = result.data
    if result.errors:
        payload["errors"] = [formatted(error, code) for error in result.errors]
    if request.executed:
        payload["extensions"] = {"kizuna": report(request)}
    return Answer(payload, request.executed)
