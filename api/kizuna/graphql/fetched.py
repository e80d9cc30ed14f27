"""What was read for one operation, for whoever puts the answer together."""

from typing import TypeAlias

from kizuna.dataset.budget import Budget
from kizuna.dataset.connecting import Trail
from kizuna.dataset.derivation import derivation_iri
from kizuna.dataset.search import Hit
from kizuna.dataset.seeking import Along, Sought
from kizuna.errors import KizunaError, LimitExceeded
from kizuna.graphql import bindings as b
from kizuna.graphql import grounds
from kizuna.graphql.connections import Page, PageRequest
from kizuna.graphql.grouping import Groups
from kizuna.graphql.identifiers import Identifiers
from kizuna.graphql.nodes import Told
from kizuna.graphql.plan import Asked, FieldPlan, ObjectPlan
from kizuna.graphql.records import Record
from kizuna.model import Model
from kizuna.terms import NamedNode, Term, Triple

# A connection of the operation, from one parent (None at the root).
PageKey: TypeAlias = tuple[Asked, Term | None]


class Fetched:
    """All that was read for one operation."""

    def __init__(
        self,
        model: Model,
        identifiers: Identifiers,
        budget: Budget,
        largest: int,
        groups: Groups,
    ) -> None:
        self.groups = groups
        self.budget = budget
        self._identifiers = identifiers
        self._largest = largest
        self.types: Along = {}
        self.values: dict[Sought, Along] = {identifiers.types: self.types}
        self.pages: dict[PageKey, Page] = {}
        self.requests: dict[Asked, PageRequest] = {}
        self.refused: dict[Asked, KizunaError] = {}
        self.misplaced: dict[PageKey, KizunaError] = {}
        self.found: dict[Asked, list[Hit]] = {}
        self._names = identifiers.names
        self.connected: dict[Asked, list[Trail]] = {}
        self.told: dict[int, dict[Term, Told]] = {}
        self.model = model

    def along(self, sought: Sought, subject: Term) -> list[Term]:
        """The subject's values along a path, or those of them that were sought."""
        return self.values.get(sought, {}).get(subject, [])

    def type_of(self, subject: Term, plan: ObjectPlan) -> str | None:
        """Which of the plan's types the subject is of, None where of none."""
        for term in self.types.get(subject, ()):
            name = self._names.get(term)
            if name in plan.fields:
                return name
        return None

    def identified(self, plan: FieldPlan) -> list[NamedNode]:
        """The subjects that a root field names; raises KizunaError where it can't be asked."""
        if len(plan.arguments.get("ids", ())) > self._largest:
            raise LimitExceeded(
                f"{plan.name} takes at most {self._largest} ids (max_page_size); "
                "ask for the rest in another operation"
            )
        return identified(plan, self._identifiers)

    def hits(self, plan: FieldPlan) -> list[Hit]:
        """What a search finds; raises KizunaError where it can't be asked."""
        if plan.asked in self.refused:
            raise self.refused[plan.asked]
        return self.found[plan.asked]

    def page(self, plan: FieldPlan, parent: Term | None) -> Page:
        """The page of a connection from a parent; raises KizunaError where it can't be asked."""
        if plan.asked in self.refused:
            raise self.refused[plan.asked]
        if (plan.asked, parent) in self.misplaced:
            raise self.misplaced[plan.asked, parent]
        return self.pages[plan.asked, parent]

    def records(self, plan: FieldPlan, subject: Term | None) -> list[Record]:
        """The records that a field tells; raises KizunaError where it can't be asked."""
        return grounds.records(plan, subject, self)

    def trails(self, plan: FieldPlan) -> list[Trail]:
        """The paths that are asked for; raises KizunaError where they can't be."""
        if plan.asked in self.refused:
            raise self.refused[plan.asked]
        return self.connected[plan.asked]

    def documents(self, plan: FieldPlan) -> list[Term]:
        """The documents whose verdicts are asked for; raises LimitExceeded for too many."""
        page = self.page(plan, None)
        if page.has_next:
            raise LimitExceeded(
                f"there are more than {len(page.items)} documents (max_page_size); "
                "choose some by filter"
            )
        return [item.subject for item in page.items]

    def request(self, plan: FieldPlan) -> PageRequest:
        """What the connection's arguments ask, where they can be asked."""
        return self.requests[plan.asked]


def identified(plan: FieldPlan, identifiers: Identifiers) -> list[NamedNode]:
    """The subjects that a root field's ``id`` or ``ids`` name.

    Raises InvalidInput for one that can be no IRI.
    """
    item = plan.binding.item if isinstance(plan.binding, b.One) else None
    given = plan.arguments["ids"] if "ids" in plan.arguments else [plan.arguments["id"]]
    return [identifiers.resolve(name, item) for name in given]


def derivations(model: Model, parent: Term | None, binding: b.Connection, page: Page) -> list[Term]:
    """The Derivations of the links from the parent to a page's items, one for each item.

    None where the links aren't derived.
    """
    prop = binding.property
    if not isinstance(parent, NamedNode) or not prop or not prop.predicate or not prop.read_only:
        return []
    predicate = NamedNode(prop.predicate)
    links = (Triple(parent, predicate, item.subject) for item in page.items)
    return [NamedNode(derivation_iri(model, link)) for link in links]
