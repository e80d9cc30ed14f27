"""What a plan needs, read level by level.

Each level of the selection costs one batched scan, and one query for each connection on it and for
its total count, whatever the number of results.
"""

from collections.abc import Callable, Iterable, Iterator, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice

from kizuna.dataset.releases import Dataset
from kizuna.dataset.search import SearchIndex
from kizuna.dataset.seeking import Sought
from kizuna.dataset.store import Reader
from kizuna.errors import KizunaError
from kizuna.graphql import bindings as b
from kizuna.graphql import connecting, grounds
from kizuna.graphql.asking import Asking
from kizuna.graphql.citing import PATHS as CITED
from kizuna.graphql.connections import PageRequest, page_size
from kizuna.graphql.fetched import Fetched, derivations
from kizuna.graphql.grouping import Groups, group_ends
from kizuna.graphql.identifiers import Identifiers
from kizuna.graphql.limits import Limits
from kizuna.graphql.nodes import NOTHING, Nodes
from kizuna.graphql.paging import Paging, Wanted
from kizuna.graphql.plan import Asked, FieldPlan, ObjectPlan
from kizuna.graphql.texts import texts_of
from kizuna.terms import NamedNode, Term


@dataclass(frozen=True)
class Group:
    """Subjects of which the same is selected; None stands for the root."""

    plan: ObjectPlan
    subjects: dict[Term | None, None] = field(default_factory=dict)


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
        worked_out: MutableMapping[FieldPlan, PageRequest],
    ) -> None:
        self._dataset = dataset
        self._nodes = nodes
        self._index = index
        self._reader = reader
        self._limits = limits
        self._identifiers = identifiers
        self._asking = Asking(dataset, identifiers, limits, worked_out)
        groups = Groups(reader, limits, self._asking.count)
        self._fetched = Fetched(dataset.model, identifiers, reader.budget, limits.page, groups)

    def fetch(self, plan: ObjectPlan) -> Fetched:
        """All that the operation's plan needs, save what can't be asked."""
        for found in plan.only:
            if isinstance(found.binding, b.Search):
                self._search(found)
            if isinstance(found.binding, b.Connecting):
                self._connect(found, found.binding)
        level, paging = [Group(plan, {None: None})], Paging(self._reader, self._fetched)
        while level:
            self._reader.budget.look()
            wanted = self._wanted(level)
            self._scan(level)
            for request in wanted.values():
                paging.read(request)
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
        hits = self._index().find(asked["text"], classes, plan.languages)
        self._fetched.found[plan.asked] = list(islice(hits, size))

    def _connect(self, plan: FieldPlan, binding: b.Connecting) -> None:
        known = self._fetched
        try:
            between = connecting.ends(self._reader, plan.arguments, self._identifiers, binding.item)
            condition = self._asking.condition(binding.fact, plan.arguments)
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
                if isinstance(plan.binding, b.Connection) and self._asking.can_ask(
                    self._fetched, plan, plan.binding
                ):
                    found = wanted.setdefault(plan.asked, Wanted(plan, plan.binding))
                    found.parents.update(group.subjects)
                    found.parts.update((id(part), part) for part in _parts(plan))
                if isinstance(plan.binding, b.InDocuments):
                    documents = b.Connection(plan.binding.item, None)
                    if self._can_ask(plan, documents):
                        wanted.setdefault(plan.asked, Wanted(plan, documents))
        return wanted

    def _can_ask(self, plan: FieldPlan, binding: b.Connection) -> bool:
        return self._asking.can_ask(self._fetched, plan, binding)

    def _scan(self, level: Iterable[Group]) -> None:
        requests = _Requests()
        for group in level:
            subjects = {s: None for s in group.subjects if s is not None}
            if subjects:
                for sought in self._sought(group.plan):
                    requests.add(sought, subjects)
                if untyped := self._untyped(group.plan, subjects):
                    requests.add(self._identifiers.types, untyped)
        if requests.all:
            for sought, values in self._reader.values(requests.all).items():
                self._fetched.values.setdefault(sought, {}).update(values)

    def _untyped(self, plan: ObjectPlan, subjects: dict[Term, None]) -> dict[Term, None]:
        """Those of the subjects of which it isn't known yet of which of the plan's types they are.

        Of what stands in a list of a type's members it is known.
        """
        if not plan.typed:
            return {}
        if self._fetched.types.keys().isdisjoint(subjects):
            return subjects
        type_of = self._fetched.type_of
        return {subject: None for subject in subjects if type_of(subject, plan) is None}

    def _sought(self, plan: ObjectPlan) -> Iterator[Sought]:
        for found in _fields(plan):
            yield from grounds.paths(found)
            match found.binding:
                case b.Scalar(prop):
                    yield prop.path
                case b.TextField(prop):
                    yield texts_of(prop, found.languages)
                case b.Link(path) | b.TimeDisplay(path):
                    yield path
                case b.Citation():
                    yield from CITED

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


class _Requests:
    """What is sought of which subjects; what is sought of the same shares them."""

    def __init__(self) -> None:
        self.all: dict[Sought, dict[Term, None]] = {}
        self._own: set[Sought] = set()

    def add(self, sought: Sought, subjects: dict[Term, None]) -> None:
        """Seeks it of these subjects too."""
        known = self.all.get(sought)
        if known is None:
            self.all[sought] = subjects
        elif sought in self._own:
            known.update(subjects)
        else:
            self.all[sought] = {**known, **subjects}
            self._own.add(sought)


def _plain(value: object) -> str:
    return str(value.value if isinstance(value, Enum) else value)


def _fields(plan: ObjectPlan) -> Iterator[FieldPlan]:
    return (found for fields in plan.fields.values() for found in fields)


def _parts(plan: FieldPlan) -> tuple[FieldPlan, ...]:
    return plan.selection.only if plan.selection else ()
