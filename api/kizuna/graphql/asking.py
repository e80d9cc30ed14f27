"""What the connections of an operation ask of the store, or why that can't be asked."""

from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any

from kizuna.dataset.releases import Dataset
from kizuna.dataset.selection import Condition, Key, size
from kizuna.errors import KizunaError, LimitExceeded
from kizuna.graphql import bindings as b
from kizuna.graphql.connections import PageRequest, page_request
from kizuna.graphql.fetched import Fetched
from kizuna.graphql.filters import Translator
from kizuna.graphql.identifiers import Identifiers
from kizuna.graphql.limits import MOST_LANGUAGES, Limits
from kizuna.graphql.plan import FieldPlan
from kizuna.model import Class, Path


class Asking:
    """Works out what is asked, as far as the limits allow.

    ``worked_out`` holds what the same plans asked of the same release before.
    """

    def __init__(
        self,
        dataset: Dataset,
        identifiers: Identifiers,
        limits: Limits,
        worked_out: MutableMapping[FieldPlan, PageRequest],
    ) -> None:
        self._worked_out = worked_out
        self._limits = limits
        self._conditions = 0
        self._release = f"{dataset.release.number}:{dataset.release.hash}"
        self._translator = Translator(dataset.model, identifiers)

    def can_ask(self, known: Fetched, plan: FieldPlan, binding: b.Connection) -> bool:
        """Works out what a connection asks, or why that can't be asked."""
        if plan.asked not in known.requests and plan.asked not in known.refused:
            try:
                known.requests[plan.asked] = self._request(plan, binding)
            except KizunaError as error:
                known.refused[plan.asked] = error
        return plan.asked in known.requests

    def _request(self, plan: FieldPlan, binding: b.Connection) -> PageRequest:
        known = self._worked_out.get(plan)
        if known is not None:
            self.count(size(known.condition))
            return known
        made = self._worked_out[plan] = self._made(plan, binding)
        return made

    def _made(self, plan: FieldPlan, binding: b.Connection) -> PageRequest:
        item = binding.item
        condition = self.condition(item, plan.arguments)
        order = plan.arguments.get("orderBy")
        keys = _deciding(self._translator.keys(item, order, plan.languages)) if item else ()
        if len(plan.languages) > MOST_LANGUAGES and any(key.languages for key in keys):
            raise LimitExceeded(
                f"texts can be ordered by at most {MOST_LANGUAGES} languages; give fewer in lang"
            )
        whole = {"first": self._limits.page} if isinstance(plan.binding, b.InDocuments) else {}
        arguments = {**plan.arguments, **whole}
        listed = f"{_named(binding)} {self._release}"
        return page_request(arguments, condition, keys, listed, self._limits.page)

    def condition(self, item: Class | None, arguments: Mapping[str, Any]) -> Condition | None:
        """The condition of a filter; raises KizunaError where it can't be asked."""
        condition = self._translator.condition(item, arguments.get("filter"))
        self.count(size(condition))
        return condition

    def count(self, conditions: int) -> None:
        """Takes note of so many conditions more; raises LimitExceeded where they are too many."""
        self._conditions += conditions
        if self._conditions > self._limits.conditions:
            raise LimitExceeded(
                f"the operation's filters hold more than {self._limits.conditions} conditions "
                "(max_conditions); ask for less at a time, or use `in`"
            )


def _named(binding: b.Connection) -> str:
    """The list, as no other is named: all of a class, or what a path leads to from an item."""
    if binding.property:
        return " ".join(f"{'^' * step.inverse}{step.predicate}" for step in binding.property.path)
    return binding.item.iri if binding.item else ""


def _deciding(keys: Iterable[Key]) -> tuple[Key, ...]:
    """Of the keys along a path the first: no other ever decides."""
    first: dict[Path, Key] = {}
    for key in keys:
        first.setdefault(key.path, key)
    return tuple(first.values())
