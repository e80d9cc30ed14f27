"""The GraphQL API over a dataset: the schema, and answers to operations.

What asks the dataset is compiled to a plan and executed by our own executor; graphql-core executes
mutations, and answers introspection.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

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
from kizuna.dataset.budget import Budget, Exhausted
from kizuna.dataset.releases import Dataset, Release, Releases, SingleRelease
from kizuna.dataset.store import Reader
from kizuna.errors import EngineTimeout, EngineUnavailable, InvalidInput, KizunaError
from kizuna.graphql.bindings import Bindings
from kizuna.graphql.codes import BAD_USER_INPUT, formatted, is_internal
from kizuna.graphql.connections import PageRequest
from kizuna.graphql.cost import Estimator, check
from kizuna.graphql.execution import Assembly
from kizuna.graphql.explaining import Explanation, explanation
from kizuna.graphql.fetched import Fetched
from kizuna.graphql.fetching import Fetcher
from kizuna.graphql.identifiers import Identifiers
from kizuna.graphql.introspecting import introspected
from kizuna.graphql.limits import Limits
from kizuna.graphql.making import TypeModule
from kizuna.graphql.mutations import member
from kizuna.graphql.nodes import Kept, Nodes
from kizuna.graphql.operands import operand_scalars
from kizuna.graphql.plan import FieldPlan, ObjectPlan
from kizuna.graphql.preparing import Asked, Prepared, Preparing, Unfit
from kizuna.graphql.proposing import Proposing
from kizuna.graphql.releasing import Editions, Start, as_of, asked_release, start_of
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


@dataclass
class Request:
    """What there is to know of one operation's request; ``dataset`` is the release that it asks.

    A subscription is executed once for each ``event``, a release; without one it only starts.
    """

    dataset: Dataset
    languages: tuple[str, ...]
    credentials: Credentials
    review: Review | None
    budget: Budget
    executed: bool = False
    event: int | None = None
    told: Release | None = None
    start: Start | None = None
    readers: list[Reader] = field(default_factory=list)
    explanation: Explanation | None = None
    cost: int | None = None
    written: bool = False


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
        self._identifiers = Identifiers(dataset.model)
        self._estimator = Estimator(dataset.model, dataset.extents)
        self._worked_out: WeakKeyDictionary[FieldPlan, PageRequest] = WeakKeyDictionary()
        self._limits = limits or Limits()
        self._review = review
        self._kept = Kept()
        types = TypeModule()
        with types.importable():
            self.bindings: Bindings = make_types(dataset.model, types)
            self._schema = self._made(types)
        self._preparing = Preparing(self.core, self.bindings, self._limits)

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
        other._identifiers = Identifiers(dataset.model)
        other._estimator = Estimator(dataset.model, dataset.extents)
        other._worked_out = WeakKeyDictionary()
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
            tuple(dict.fromkeys((*languages, FALLBACK_LANGUAGE))),
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
        """What the operation comes to."""
        if prepared.plan is None:
            return self._mutated(request, prepared)
        try:
            self._admit(request, prepared, prepared.plan)
        except KizunaError as error:
            # Estimates ask the store: that it fails is no fault of the operation's.
            request.executed = isinstance(error, EngineUnavailable | EngineTimeout)
            return ExecutionResult(None, [located_error(error, [prepared.operation])])
        if prepared.operation.operation is OperationType.SUBSCRIPTION and request.event is None:
            return self._started(request, prepared.plan)
        return self._answered(request, prepared, prepared.plan)

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

    def _started(self, request: Request, plan: ObjectPlan) -> ExecutionResult:
        """Has the subscription start, where it can."""
        try:
            request.start = start_of(plan, self._releases)
        except GraphQLError as error:
            return ExecutionResult(None, [error])
        return ExecutionResult(None)

    def _answered(self, request: Request, prepared: Prepared, plan: ObjectPlan) -> ExecutionResult:
        request.executed = True
        if request.explanation and not request.explanation.run:
            return ExecutionResult(None, None)
        try:
            assembly = self._assembled(request, prepared, plan)
            return ExecutionResult(assembly.root(plan), assembly.errors or None)
        except Exhausted as exhausted:
            return ExecutionResult(None, [located_error(exhausted.error, [prepared.operation])])

    def _admit(self, request: Request, prepared: Prepared, plan: ObjectPlan) -> None:
        """Finds out what the operation asks; raises KizunaError where it isn't to be executed."""
        operation, variables = prepared.operation, prepared.variables
        asked = asked_release(self.core, operation, variables, self._releases)
        request.dataset = asked or self._dataset
        request.cost = self._cost(request.dataset, plan)
        if request.explanation:
            request.explanation.plan = plan
        if not request.explanation or request.explanation.run:
            check(request.cost, self._limits.cost)

    def _cost(self, dataset: Dataset, plan: ObjectPlan) -> int:
        if dataset is self._dataset:
            return self._estimator.cost(plan)
        return Estimator(dataset.model, dataset.extents).cost(plan)

    def _assembled(self, request: Request, prepared: Prepared, plan: ObjectPlan) -> Assembly:
        """What puts the answer together from all that was read for it."""
        editions = Editions(self._releases, self._limits.releases, request.event)

        def over(dataset: Dataset, plan: ObjectPlan) -> Assembly:
            introspection = introspected(self.core, prepared, plan)
            # Whoever wants an explanation wants to see all that is read.
            nodes = Nodes() if request.explanation else self._kept.of(dataset.store)
            fetched = self._fetched(dataset, plan, request, nodes)
            parts = (dataset, self._identifiers, fetched, introspection, nodes)
            return Assembly(*parts, editions, over, self.public_url, written=request.written)

        return over(request.dataset, plan)

    def _fetched(
        self, dataset: Dataset, plan: ObjectPlan, request: Request, nodes: Nodes
    ) -> Fetched:
        reader: Reader = dataset.store.reader()
        if request.explanation:
            reader = request.explanation.over(reader)
        reader.budget = request.budget
        request.readers.append(reader)
        fetcher = Fetcher(
            dataset,
            self._identifiers,
            reader,
            self._limits,
            lambda: dataset.texts.index,
            nodes,
            self._worked_out if dataset is self._dataset else {},
        )
        return fetcher.fetch(plan)


def _answer(result: ExecutionResult, request: Request, code: str = BAD_USER_INPUT) -> Answer:
    """The result as it goes over the wire; ``code`` is that of errors which tell no other."""
    payload: dict[str, Any] = {}
    if request.executed:
        payload["data"] = result.data
    if result.errors:
        payload["errors"] = [formatted(error, code) for error in result.errors]
    if request.executed:
        payload["extensions"] = {"kizuna": _report(request)}
    return Answer(payload, request.executed)


def _report(request: Request) -> dict[str, Any]:
    release = request.told or request.dataset.release
    report: dict[str, Any] = {
        "release": {"number": release.number, "hash": release.hash},
        "storeQueries": sum(reader.queries for reader in request.readers),
        "rowsRead": sum(reader.rows for reader in request.readers),
    }
    if request.cost is not None:
        report["cost"] = request.cost
    if request.explanation:
        report["explain"] = request.explanation.told()
    return report
