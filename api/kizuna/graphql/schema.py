"""The GraphQL API over a dataset: schema, parsing, validation and execution of operations.

Strawberry parses and validates, and answers introspection; what asks the dataset is compiled to a
plan and executed by our own executor, at the seam that Strawberry's extensions have for it.
Mutations are left to graphql-core.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

import strawberry
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    get_operation_ast,
)
from graphql.error import located_error
from graphql.execution.values import VariableValues, get_variable_values
from strawberry.exceptions import DuplicatedTypeName, MissingQueryError
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.execution import ExecutionContext
from strawberry.types.graphql import OperationType as Kind

from kizuna.contributions.callers import Credentials
from kizuna.contributions.review import Review
from kizuna.dataset.budget import Budget, Exhausted
from kizuna.dataset.releases import Dataset, Release, Releases, SingleRelease
from kizuna.dataset.store import Reader
from kizuna.errors import EngineTimeout, EngineUnavailable, InvalidInput, KizunaError
from kizuna.graphql.bindings import Bindings
from kizuna.graphql.checking import Documents, UseDocuments
from kizuna.graphql.codes import BAD_USER_INPUT, VALIDATION_FAILED, formatted, is_internal
from kizuna.graphql.compiling import Plans
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
from kizuna.graphql.plan import ObjectPlan
from kizuna.graphql.proposing import Proposing
from kizuna.graphql.releasing import Editions, Start, as_of, asked_release, start_of
from kizuna.graphql.types import make_types

logger = logging.getLogger(__name__)

ANSWERED = (Kind.QUERY, Kind.MUTATION)
STREAMED = (*ANSWERED, Kind.SUBSCRIPTION)
FALLBACK_LANGUAGE = "en"
NOBODY = Credentials()
WHICH_OPERATION = (
    "there is no operation to run; give a document that holds one, "
    "or name one of several with operationName"
)
HOW_TO_FOLLOW = (
    "a subscription has many answers: send it with Accept: text/event-stream, or over a WebSocket"
)


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
    """One operation on its way through Strawberry; ``dataset`` is the release that it asks.

    A subscription is executed once for each ``event``, a release; without one it only starts.
    """

    dataset: Dataset
    languages: tuple[str, ...]
    operation_name: str | None
    run: Callable[[ExecutionContext, "Request"], ExecutionResult | None]
    credentials: Credentials
    review: Review | None
    budget: Budget
    phase: str = VALIDATION_FAILED
    executed: bool = False
    event: int | None = None
    told: Release | None = None
    start: Start | None = None
    readers: list[Reader] = field(default_factory=list)
    explanation: Explanation | None = None
    cost: int | None = None


class PlanExecution(SchemaExtension):
    """Executes operations by plan instead of by resolvers."""

    def on_execute(self) -> Iterator[None]:
        """Gives Strawberry the result, so that it has nothing left to execute."""
        context = self.execution_context
        context.result = context.context.run(context, context.context)
        yield


class _Schema(strawberry.Schema):
    """Strawberry's schema, which records only what is a fault of ours."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        for error in errors:
            if is_internal(error):
                logger.error("an operation failed", exc_info=error.original_error)


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
        self._limits = limits or Limits()
        self._review = review
        self._kept = Kept()
        documents = Documents(self._limits)
        types = TypeModule()
        with types.importable():
            self.bindings: Bindings = make_types(dataset.model, types)
            self._schema = self._made(types, documents)
        self._plans = Plans(self.core, self.bindings)

    def _made(self, types: TypeModule, documents: Documents) -> _Schema:
        try:
            return _Schema(
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
                extensions=[lambda: UseDocuments(documents), PlanExecution],
            )
        except DuplicatedTypeName as error:
            raise InvalidInput(f"{error.message}: contributions need it; rename a class") from error

    def over(self, dataset: Dataset) -> "Api":
        """The same API over another release; the schema and the plans made for it are shared."""
        other = copy(self)
        other._dataset = dataset
        other._identifiers = Identifiers(dataset.model)
        other._estimator = Estimator(dataset.model, dataset.extents)
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

    def execute(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        operation_name: str | None = None,
        languages: Sequence[str] = (),
        credentials: Credentials = NOBODY,
        extensions: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Answers an operation for readers of the languages, the most wanted first.

        ``extensions`` are the request's: what is wanted beyond the data (``explaining``). Whatever
        is wrong with the operation is an error in the answer, with ``extensions.code``.
        """
        request = self._request(operation_name, languages, credentials)
        try:
            request.explanation = explanation(extensions)
        except InvalidInput as refused:
            return self._answer(ExecutionResult(None, [located_error(refused)]), request)
        return self._executed(request, query, variables, ANSWERED)

    def start(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        operation_name: str | None = None,
        languages: Sequence[str] = (),
        credentials: Credentials = NOBODY,
    ) -> Answer | Start:
        """Answers an operation as ``execute`` does, save for a subscription that may start."""
        request = self._request(operation_name, languages, credentials)
        answer = self._executed(request, query, variables, STREAMED)
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
        request = self._request(operation_name, languages, NOBODY)
        request.event = release
        request.told = self._releases.made(release).release
        return self._executed(request, query, variables, STREAMED)

    def _request(
        self, operation_name: str | None, languages: Sequence[str], credentials: Credentials
    ) -> Request:
        return Request(
            self._dataset,
            tuple(dict.fromkeys((*languages, FALLBACK_LANGUAGE))),
            operation_name,
            self._run,
            credentials,
            self._review,
            Budget(self._limits.values, self._limits.seconds),
        )

    def _executed(
        self,
        request: Request,
        query: str,
        variables: Mapping[str, Any] | None,
        allowed: Iterable[Kind],
    ) -> Answer:
        try:
            result = self._schema.execute_sync(
                query,
                variable_values=dict(variables or {}),
                context_value=request,
                operation_name=request.operation_name,
                allowed_operation_types=allowed,
            )
        except (MissingQueryError, CannotGetOperationTypeError):
            error = GraphQLError(WHICH_OPERATION, extensions={"code": BAD_USER_INPUT})
            return self._answer(ExecutionResult(None, [error]), request)
        except InvalidOperationTypeError:
            error = GraphQLError(HOW_TO_FOLLOW, extensions={"code": BAD_USER_INPUT})
            return self._answer(ExecutionResult(None, [error]), request)
        return self._answer(ExecutionResult(result.data, result.errors), request)

    def _run(self, context: ExecutionContext, request: Request) -> ExecutionResult | None:
        """Executes a valid operation."""
        request.phase = BAD_USER_INPUT
        document = context.graphql_document
        if document is None:
            return None
        operation = get_operation_ast(document, request.operation_name)
        if operation is None:
            return ExecutionResult(None, [GraphQLError(WHICH_OPERATION)])
        definitions = operation.variable_definitions or ()
        variables = get_variable_values(self.core, definitions, context.variables or {})
        if isinstance(variables, list):
            return ExecutionResult(None, variables)
        if operation.operation is OperationType.MUTATION:
            request.executed = True
            return None  # graphql-core executes it
        try:
            plan = self._planned(context, document, operation, variables)
        except KizunaError as error:
            # Estimates ask the store: that it fails is no fault of the operation's.
            request.executed = isinstance(error, EngineUnavailable | EngineTimeout)
            return ExecutionResult(None, [located_error(error, [operation])])
        if operation.operation is OperationType.SUBSCRIPTION and request.event is None:
            return self._started(request, plan)
        return self._answered(context, operation, plan)

    def _started(self, request: Request, plan: ObjectPlan) -> ExecutionResult:
        """Has the subscription start, where it can."""
        try:
            request.start = start_of(plan, self._releases)
        except GraphQLError as error:
            return ExecutionResult(None, [error])
        return ExecutionResult(None)

    def _answered(
        self, context: ExecutionContext, operation: OperationDefinitionNode, plan: ObjectPlan
    ) -> ExecutionResult:
        request = context.context
        request.executed = True
        if request.explanation and not request.explanation.run:
            return ExecutionResult(None, None)
        try:
            assembly = self._assembled(context, plan)
            return ExecutionResult(assembly.root(plan), assembly.errors or None)
        except Exhausted as exhausted:
            return ExecutionResult(None, [located_error(exhausted.error, [operation])])

    def _planned(
        self,
        context: ExecutionContext,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: VariableValues,
    ) -> ObjectPlan:
        """The operation's plan; raises KizunaError where it isn't to be executed."""
        request, text = context.context, context.query or ""
        dataset = asked_release(self.core, operation, variables, self._releases) or self._dataset
        plan = self._plans.plan(text, document, operation, variables, request.languages)
        request.dataset = dataset
        request.cost = self._cost(dataset, plan)
        if request.explanation:
            request.explanation.plan = plan
        if not request.explanation or request.explanation.run:
            check(request.cost, self._limits.cost)
        return plan

    def _cost(self, dataset: Dataset, plan: ObjectPlan) -> int:
        if dataset is self._dataset:
            return self._estimator.cost(plan)
        return Estimator(dataset.model, dataset.extents).cost(plan)

    def _assembled(self, context: ExecutionContext, plan: ObjectPlan) -> Assembly:
        """What puts the answer together from all that was read for it."""
        request = context.context
        editions = Editions(self._releases, self._limits.releases, request.event)

        def over(dataset: Dataset, plan: ObjectPlan) -> Assembly:
            introspection = introspected(self.core, context, plan)
            # Whoever wants an explanation wants to see all that is read.
            nodes = Nodes() if request.explanation else self._kept.of(dataset.store)
            fetched = self._fetched(dataset, plan, request, nodes)
            parts = (dataset, self._identifiers, fetched, introspection, nodes)
            return Assembly(*parts, editions, over, self.public_url)

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
        )
        return fetcher.fetch(plan)

    def _answer(self, result: ExecutionResult, request: Request) -> Answer:
        payload: dict[str, Any] = {}
        if request.executed:
            payload["data"] = result.data
        if result.errors:
            payload["errors"] = [formatted(error, request.phase) for error in result.errors]
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
