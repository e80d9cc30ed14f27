"""What a plan needs, read level by level.

Each level of the selection costs one batched scan, and one query for each connection on it that
filters or orders, whatever the number of results.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice
from typing import Any, TypeAlias

from kizuna import namespaces as ns
from kizuna.dataset.budget import Budget
from kizuna.dataset.connecting import Trail
from kizuna.dataset.derivation import derivation_iri
from kizuna.dataset.releases import Dataset
from kizuna.dataset.search import Hit, SearchIndex
from kizuna.dataset.selection import Condition, Key, Selection, size
from kizuna.dataset.store import Found, Reader
from kizuna.errors import KizunaError, LimitExceeded
from kizuna.graphql import bindings as b
from kizuna.graphql import connecting, grounds
from kizuna.graphql.citing import PATHS as CITED
from kizuna.graphql.connections import (
    Item,
    Page,
    PageRequest,
    item_of,
    page_request,
    page_size,
)
from kizuna.graphql.filters import Translator
from kizuna.graphql.grouping import Groups, group_ends
from kizuna.graphql.identifiers import Identifiers
from kizuna.graphql.limits import MOST_LANGUAGES, Limits
from kizuna.graphql.nodes import NOTHING, Nodes, Told
from kizuna.graphql.plan import Asked, FieldPlan, ObjectPlan
from kizuna.graphql.records import Record
from kizuna.model import Class, Model, Path, Property, Step
from kizuna.terms import NamedNode, Term, Triple

TYPE: Path = (Step(ns.RDF_TYPE),)
NO_PAGE = Page((), has_next=False, has_previous=False)
# The parts of a connection that need its items to be read.
ITEMS = ("nodes", "edges", "pageInfo")

# A connection of the operation, from one parent (None at the root).
PageKey: TypeAlias = tuple[Asked, Term | None]


@dataclass(frozen=True)
class Group:
    """Subjects of which the same is selected; None stands for the root."""

    plan: ObjectPlan
    subjects: dict[Term | None, None] = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """A connection that is wanted from several parents; ``parts`` are those asked of any."""

    plan: FieldPlan
    binding: b.Connection
    parents: dict[Term | None, None] = field(default_factory=dict)
    parts: dict[int, FieldPlan] = field(default_factory=dict)

    @property
    def page(self) -> bool:
        """Whether anything but groups is asked."""
        return not self.parts or _asks_page(self.parts.values())


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
        self.values: Found = {TYPE: {}}
        self.pages: dict[PageKey, Page] = {}
        self.requests: dict[Asked, PageRequest] = {}
        self.refused: dict[Asked, KizunaError] = {}
        self.found: dict[Asked, list[Hit]] = {}
        self._hits: dict[Asked, list[Hit]] = {}
        self._types = self.values[TYPE]
        self._names = identifiers.names
        self.connected: dict[Asked, list[Trail]] = {}
        self.told: dict[int, dict[Term, Told]] = {}
        self.model = model

    def along(self, path: Path, subject: Term) -> list[Term]:
        """The subject's values along the path."""
        return self.values.get(path, {}).get(subject, [])

    def type_of(self, subject: Term, plan: ObjectPlan) -> str | None:
        """Which of the plan's types the subject is of, None where of none."""
        for term in self._types.get(subject, ()):
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


class Fetcher:
    """Reads what one operation needs."""

    def __init__(
        self,
        dataset: Dataset,
        identifiers: Identifiers,
        reader: Reader,
        limits: Limits,
        index: Callable[[], SearchIndex],
        nodes: Nodes,
    ) -> None:
        self._dataset = dataset
        self._nodes = nodes
        self._index = index
        self._reader = reader
        self._limits = limits
        self._conditions = 0
        self._release = f"{dataset.release.number}:{dataset.release.hash}"
        self._identifiers = identifiers
        self._translator = Translator(dataset.model, identifiers)
        groups = Groups(reader, limits, self._count)
        self._fetched = Fetched(dataset.model, identifiers, reader.budget, limits.page, groups)

    def fetch(self, plan: ObjectPlan) -> Fetched:
        """All that the operation's plan needs, save what can't be asked."""
        for found in plan.only:
            if isinstance(found.binding, b.Search):
                self._search(found)
            if isinstance(found.binding, b.Connecting):
                self._connect(found, found.binding)
        level = [Group(plan, {None: None})]
        while level:
            self._reader.budget.look()
            wanted = self._wanted(level)
            self._scan(level)
            for request in wanted.values():
                self._read_pages(request)
            level = self._next(level)
        return self._fetched

    def _search(self, plan: FieldPlan) -> None:
        asked = plan.arguments
        try:
            size = page_size("first", asked.get("first"), self._limits.page)
        except KizunaError as error:
            self._fetched.refused[plan.asked] = error
            return
        types = None if asked.get("types") is None else [_plain(t) for t in asked["types"]]
        classes = None if types is None else self._dataset.model.leaves(types)
        hits = self._index().find(asked["text"], classes)
        self._fetched.found[plan.asked] = list(islice(hits, size))

    def _connect(self, plan: FieldPlan, binding: b.Connecting) -> None:
        known = self._fetched
        try:
            between = connecting.ends(self._reader, plan.arguments, self._identifiers, binding.item)
            condition = self._condition(binding.fact, plan.arguments)
            known.connected[plan.asked] = connecting.connections(
                self._reader, between, plan.arguments, condition, self._limits
            )
        except KizunaError as error:
            known.refused[plan.asked] = error

    def _wanted(self, level: Iterable[Group]) -> dict[Asked, Wanted]:
        """The level's connections that can be asked; their types are known only where read."""
        wanted: dict[Asked, Wanted] = {}
        for group in level:
            for plan in _fields(group.plan):
                if isinstance(plan.binding, b.Connection) and self._can_ask(plan, plan.binding):
                    found = wanted.setdefault(plan.asked, Wanted(plan, plan.binding))
                    found.parents.update(group.subjects)
                    found.parts.update((id(part), part) for part in _parts(plan))
                if isinstance(plan.binding, b.InDocuments):
                    documents = b.Connection(plan.binding.item, None)
                    if self._can_ask(plan, documents):
                        wanted.setdefault(plan.asked, Wanted(plan, documents))
        return wanted

    def _can_ask(self, plan: FieldPlan, binding: b.Connection) -> bool:
        """Works out what a connection asks, or why that can't be asked."""
        known = self._fetched
        if plan.asked not in known.requests and plan.asked not in known.refused:
            try:
                known.requests[plan.asked] = self._request(plan, binding.item)
            except KizunaError as error:
                known.refused[plan.asked] = error
        return plan.asked in known.requests

    def _request(self, plan: FieldPlan, item: Class | None) -> PageRequest:
        condition = self._condition(item, plan.arguments)
        order = plan.arguments.get("orderBy")
        keys = _deciding(self._translator.keys(item, order, plan.languages)) if item else ()
        if len(plan.languages) > MOST_LANGUAGES and any(key.languages for key in keys):
            raise LimitExceeded(
                f"texts can be ordered by at most {MOST_LANGUAGES} languages; give fewer in lang"
            )
        whole = {"first": self._limits.page} if isinstance(plan.binding, b.InDocuments) else {}
        arguments = {**plan.arguments, **whole}
        return page_request(arguments, condition, keys, self._release, self._limits.page)

    def _condition(self, item: Class | None, arguments: Mapping[str, Any]) -> Condition | None:
        condition = self._translator.condition(item, arguments.get("filter"))
        self._count(size(condition))
        return condition

    def _count(self, conditions: int) -> None:
        """Takes note of so many conditions more; raises LimitExceeded where they are too many."""
        self._conditions += conditions
        if self._conditions > self._limits.conditions:
            raise LimitExceeded(
                f"the operation's filters hold more than {self._limits.conditions} conditions "
                "(max_conditions); ask for less at a time, or use `in`"
            )

    def _scan(self, level: Iterable[Group]) -> None:
        requests: dict[Path, dict[Term, None]] = {}
        for group in level:
            subjects = {s: None for s in group.subjects if s is not None}
            if subjects:
                for path in self._paths(group.plan):
                    requests.setdefault(path, {}).update(subjects)
        if requests:
            for path, values in self._reader.values(requests).items():
                self._fetched.values.setdefault(path, {}).update(values)

    def _paths(self, plan: ObjectPlan) -> Iterator[Path]:
        if plan.typed:
            yield TYPE
        for found in _fields(plan):
            yield from grounds.paths(found)
            match found.binding:
                case b.Scalar(prop) | b.TextField(prop):
                    yield prop.path
                case b.Link(path) | b.TimeDisplay(path):
                    yield path
                case b.Citation():
                    yield from CITED
                case b.Connection(_, Property() as prop) if self._is_listed(found):
                    yield prop.path

    def _is_listed(self, plan: FieldPlan) -> bool:
        return self._is_plain(plan) and _asks_page(_parts(plan))

    def _is_plain(self, plan: FieldPlan) -> bool:
        request = self._fetched.requests.get(plan.asked)
        return request is not None and request.condition is None and not request.order

    def _read_pages(self, wanted: Wanted) -> None:
        request = self._fetched.request(wanted.plan)
        self._read_groups(wanted, request)
        if not wanted.page:
            for parent in wanted.parents:
                self._fetched.pages[wanted.plan.asked, parent] = NO_PAGE
        elif wanted.binding.property is None:
            self._root_page(wanted, request)
        elif self._is_plain(wanted.plan):
            self._plain_pages(wanted, request, wanted.binding.property)
        else:
            self._selected_pages(wanted, request, wanted.binding.property)

    def _read_groups(self, wanted: Wanted, request: PageRequest) -> None:
        prop = wanted.binding.property
        parents = tuple(p for p in wanted.parents if isinstance(p, NamedNode))
        for part in wanted.parts.values():
            if isinstance(part.binding, b.GroupBy):
                item = part.binding.groupable.item.iri
                selection = (
                    Selection(parents=parents, path=prop.path, condition=request.condition)
                    if prop
                    else Selection(of_class=item, condition=request.condition)
                )
                self._fetched.groups.read(wanted.plan, part, part.binding.groupable, selection)

    def _root_page(self, wanted: Wanted, request: PageRequest) -> None:
        selection = Selection(
            of_class=wanted.binding.item.iri if wanted.binding.item else None,
            condition=request.condition,
            order=request.order,
            backward=request.backward,
            after=request.place,
            limit=request.size + 1,
        )
        items = not wanted.parts or _asks(wanted, *ITEMS)
        found = self._reader.subjects(selection) if items else ()
        rows = [item_of(row)[1] for row in found]
        total = self._reader.count(selection) if _asks(wanted, "totalCount") else None
        page = request.page(rows, more_behind=request.place is not None, total=total)
        self._fetched.pages[wanted.plan.asked, None] = page

    def _plain_pages(self, wanted: Wanted, request: PageRequest, prop: Property) -> None:
        place = request.place.subject if request.place else None
        for parent in wanted.parents:
            ends = self._fetched.along(prop.path, parent) if parent is not None else []
            items = [Item(end) for end in ends if isinstance(end, NamedNode)]
            items = items[::-1] if request.backward else items
            past = [i for i in items if place is None or _beyond(i, place, request.backward)]
            page = request.page(past, more_behind=len(past) < len(items), total=len(items))
            self._fetched.pages[wanted.plan.asked, parent] = page

    def _selected_pages(self, wanted: Wanted, request: PageRequest, prop: Property) -> None:
        selection = Selection(
            parents=tuple(p for p in wanted.parents if isinstance(p, NamedNode)),
            path=prop.path,
            condition=request.condition,
            order=request.order,
            backward=request.backward,
            after=request.place,
        )
        items: dict[Term | None, list[Item]] = {parent: [] for parent in wanted.parents}
        behind = dict.fromkeys(wanted.parents, 0)
        for row in self._reader.subjects(selection):
            parent, item, past = item_of(row)
            if past:
                items[parent].append(item)
            else:
                behind[parent] += 1
        for parent, past_items in items.items():
            total = behind[parent] + len(past_items)
            page = request.page(past_items, more_behind=behind[parent] > 0, total=total)
            self._fetched.pages[wanted.plan.asked, parent] = page

    def _next(self, level: Iterable[Group]) -> list[Group]:
        groups: dict[int, Group] = {}
        for group in level:
            for fields, subjects in self._by_type(group):
                for found in fields:
                    for plan, ends in self._ends(found, subjects):
                        group_of = groups.setdefault(id(plan), Group(plan))
                        group_of.subjects.update(self._untold(plan, ends))
        return [group for group in groups.values() if group.subjects]

    def _untold(
        self, plan: ObjectPlan, subjects: dict[Term | None, None]
    ) -> Iterable[tuple[Term | None, None]]:
        """Of the subjects those of which it isn't known already what the selection says."""
        known = self._nodes.of(plan) if plan.typed and plan.constant else NOTHING
        if not known:
            return subjects.items()
        told = self._fetched.told.setdefault(id(plan), {})
        left = []
        for subject in subjects:
            answer = known.get(subject) if subject is not None else None
            if subject is None or answer is None:
                left.append((subject, None))
            else:
                told[subject] = answer
        return left

    def _by_type(
        self, group: Group
    ) -> Iterator[tuple[tuple[FieldPlan, ...], Iterable[Term | None]]]:
        """The group's subjects with the fields that are selected of them."""
        if not group.plan.typed:
            yield group.plan.only, group.subjects
            return
        by_type: dict[str | None, list[Term | None]] = {}
        for subject in group.subjects:
            name = self._fetched.type_of(subject, group.plan) if subject is not None else None
            by_type.setdefault(name, []).append(subject)
        for name, subjects in by_type.items():
            if name is not None:
                yield group.plan.fields[name], subjects

    def _ends(
        self, found: FieldPlan, subjects: Iterable[Term | None]
    ) -> Iterator[tuple[ObjectPlan, dict[Term | None, None]]]:
        """What a field of the subjects leads to, with what is selected there."""
        if found.selection is None:
            return
        if isinstance(found.binding, b.Link):
            known = self._fetched.values.get(found.binding.path, {})
            ends = (end for s in subjects if s is not None for end in known.get(s, ()))
            yield found.selection, dict.fromkeys(ends)
            return
        for subject in subjects:
            # What can't be asked leads to nothing; whoever assembles meets the error again.
            with suppress(KizunaError):
                for plan, led in self._children_of(found, subject):
                    yield plan, dict.fromkeys(led)

    def _children_of(
        self, found: FieldPlan, subject: Term | None
    ) -> Iterator[tuple[ObjectPlan, list[Term]]]:
        match found.binding, found.selection:
            case b.Connection() as binding, ObjectPlan() as selection:
                yield from self._page_children(found, binding, selection, subject)
            case ((b.One() | b.Several()), ObjectPlan() as selection):
                yield selection, list(self._fetched.identified(found))
            case b.Search(), ObjectPlan() as selection:
                subjects: list[Term] = [NamedNode(h.subject) for h in self._fetched.hits(found)]
                for part in selection.only:
                    if part.binding == b.HitPart("node") and part.selection:
                        yield part.selection, subjects
            case (
                (b.Provenance() | b.InDocuments() | b.Sides() | b.Connecting()),
                ObjectPlan() as selection,
            ):
                yield from grounds.ends(found, selection, subject, self._fetched)

    def _page_children(
        self, plan: FieldPlan, binding: b.Connection, selection: ObjectPlan, subject: Term | None
    ) -> Iterator[tuple[ObjectPlan, list[Term]]]:
        page = self._fetched.page(plan, subject)
        subjects: list[Term] = [item.subject for item in page.items]
        for part in selection.only:
            if part.binding == b.ConnectionPart("nodes") and part.selection:
                yield part.selection, subjects
            if part.binding == b.ConnectionPart("edges") and part.selection:
                for inner in part.selection.only:
                    if inner.binding == b.EdgePart("node") and inner.selection:
                        yield inner.selection, subjects
                yield part.selection, derivations(self._dataset.model, subject, binding, page)
        # At the end: groups that can't be asked must not hide what is asked before them.
        yield from group_ends(self._fetched.groups, plan, subject)


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


def _plain(value: object) -> str:
    return str(value.value if isinstance(value, Enum) else value)


def _deciding(keys: Iterable[Key]) -> tuple[Key, ...]:
    """Of the keys along a path the first: no other ever decides."""
    first: dict[Path, Key] = {}
    for key in keys:
        first.setdefault(key.path, key)
    return tuple(first.values())


def _fields(plan: ObjectPlan) -> Iterator[FieldPlan]:
    return (found for fields in plan.fields.values() for found in fields)


def _parts(plan: FieldPlan) -> tuple[FieldPlan, ...]:
    return plan.selection.only if plan.selection else ()


def _asks_page(parts: Iterable[FieldPlan]) -> bool:
    return any(isinstance(part.binding, b.ConnectionPart) for part in parts)


def _asks(wanted: Wanted, *parts: str) -> bool:
    """Whether any of these parts of a connection is asked for."""
    asked = [part.binding for part in wanted.parts.values()]
    return any(b.ConnectionPart(part) in asked for part in parts)


def _beyond(item: Item, place: str, backward: bool) -> bool:
    return item.subject.value < place if backward else item.subject.value > place
