"""Prepared operations run on a release, from the cost they may have to what they come to."""

from dataclasses import dataclass, field
from time import thread_time
from typing import Any
from weakref import WeakKeyDictionary

from graphql import ExecutionResult, GraphQLError, GraphQLSchema, OperationType
from graphql.error import located_error

from kizuna.contributions.callers import Credentials
from kizuna.contributions.review import Review
from kizuna.dataset.budget import Budget, Exhausted
from kizuna.dataset.releases import Dataset, Release, Releases
from kizuna.dataset.store import Reader
from kizuna.errors import EngineTimeout, EngineUnavailable, KizunaError
from kizuna.graphql.connections import PageRequest
from kizuna.graphql.cost import Estimator, check
from kizuna.graphql.execution import Assembly
from kizuna.graphql.explaining import Explanation
from kizuna.graphql.fetched import Fetched
from kizuna.graphql.fetching import Fetcher
from kizuna.graphql.identifiers import Identifiers
from kizuna.graphql.introspecting import introspected
from kizuna.graphql.limits import Limits
from kizuna.graphql.nodes import Kept, Nodes
from kizuna.graphql.paces import Paces
from kizuna.graphql.plan import FieldPlan, ObjectPlan
from kizuna.graphql.preparing import Prepared
from kizuna.graphql.releasing import Editions, Start, asked_release, start_of


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


class Running:
    """Runs operations on one release, and on those of ``releases`` that they ask for."""

    def __init__(
        self,
        schema: GraphQLSchema,
        dataset: Dataset,
        releases: Releases,
        limits: Limits,
        kept: Kept,
        public_url: str | None,
    ) -> None:
        self._schema = schema
        self._dataset = dataset
        self._releases = releases
        self._limits = limits
        self._kept = kept
        self._public_url = public_url
        self._identifiers = Identifiers(dataset.model)
        self._estimator = Estimator(dataset.model, dataset.extents)
        self._worked_out: WeakKeyDictionary[FieldPlan, PageRequest] = WeakKeyDictionary()
        self._paces = Paces()

    def over(self, dataset: Dataset) -> "Running":
        """The same over another release."""
        return Running(
            self._schema, dataset, self._releases, self._limits, self._kept, self._public_url
        )

    def is_quick(self, plan: ObjectPlan) -> bool:
        """Whether the operation was run before, and took no time to speak of."""
        return self._paces.is_quick(plan)

    def result(self, request: Request, prepared: Prepared, plan: ObjectPlan) -> ExecutionResult:
        """What the operation comes to."""
        since = thread_time()
        try:
            self._admit(request, prepared, plan)
        except KizunaError as error:
            # Estimates ask the store: that it fails is no fault of the operation's.
            request.executed = isinstance(error, EngineUnavailable | EngineTimeout)
            return ExecutionResult(None, [located_error(error, [prepared.operation])])
        if prepared.operation.operation is OperationType.SUBSCRIPTION and request.event is None:
            return self._started(request, plan)
        editions = Editions(self._releases, self._limits.releases, request.event)
        result = self._answered(request, prepared, plan, editions)
        if self._comes_again(request, editions):
            self._paces.took(plan, thread_time() - since)
        return result

    def _comes_again(self, request: Request, editions: Editions) -> bool:
        """Whether the operation will take so long again, and that is the time it takes a thread.

        Other releases may have to be made again, an explanation may do without an answer, and for
        what another engine finds a thread waits.
        """
        otherwise = editions.used or request.explanation or request.dataset.remote
        return request.dataset is self._dataset and not otherwise

    def _started(self, request: Request, plan: ObjectPlan) -> ExecutionResult:
        """Has the subscription start, where it can."""
        try:
            request.start = start_of(plan, self._releases)
        except GraphQLError as error:
            return ExecutionResult(None, [error])
        return ExecutionResult(None)

    def _answered(
        self, request: Request, prepared: Prepared, plan: ObjectPlan, editions: Editions
    ) -> ExecutionResult:
        request.executed = True
        if request.explanation and not request.explanation.run:
            return ExecutionResult(None, None)
        try:
            assembly = self._assembled(request, prepared, plan, editions)
            return ExecutionResult(assembly.root(plan), assembly.errors or None)
        except Exhausted as exhausted:
            return ExecutionResult(None, [located_error(exhausted.error, [prepared.operation])])

    def _admit(self, request: Request, prepared: Prepared, plan: ObjectPlan) -> None:
        """Finds out what the operation asks; raises KizunaError where it isn't to be executed."""
        operation, variables = prepared.operation, prepared.variables
        asked = asked_release(self._schema, operation, variables, self._releases)
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

    def _assembled(
        self, request: Request, prepared: Prepared, plan: ObjectPlan, editions: Editions
    ) -> Assembly:
        """What puts the answer together from all that was read for it."""

        def over(dataset: Dataset, plan: ObjectPlan) -> Assembly:
            introspection = introspected(self._schema, prepared, plan)
            # Whoever wants an explanation wants to see all that is read.
            nodes = Nodes() if request.explanation else self._kept.of(dataset.store)
            fetched = self._fetched(dataset, plan, request, nodes)
            parts = (dataset, self._identifiers, fetched, introspection, nodes)
            return Assembly(*parts, editions, over, self._public_url, written=request.written)

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


def report(request: Request) -> dict[str, Any]:
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
