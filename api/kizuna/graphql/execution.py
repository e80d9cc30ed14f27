"""The answer put together in memory from what was read.

Nulls and errors are as the specification has them: a null where none may stand makes the nearest
nullable field above it null (https://spec.graphql.org/draft/#sec-Handling-Execution-Errors).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from graphql import GraphQLError
from graphql.error import located_error
from orjson import Fragment

from kizuna.dataset.releases import Dataset, Made
from kizuna.dataset.search import Hit
from kizuna.errors import KizunaError
from kizuna.graphql import bindings as b
from kizuna.graphql.citing import Citing
from kizuna.graphql.comparing import record_of
from kizuna.graphql.connections import Item, Page
from kizuna.graphql.fetched import Fetched, derivations
from kizuna.graphql.filling import (
    Answer,
    Filling,
    Place,
    only,
    paging,
    path_of,
    selection_of,
    text_answer,
)
from kizuna.graphql.grouped import GroupAnswers
from kizuna.graphql.identifiers import Identifiers
from kizuna.graphql.literal_answers import LiteralAnswers
from kizuna.graphql.nodes import NOTHING, Nodes, Told
from kizuna.graphql.plan import FieldPlan, ObjectPlan, Refused
from kizuna.graphql.quick import UNTOLD, Quick, quick
from kizuna.graphql.record_answers import RecordAnswers
from kizuna.graphql.release_answers import ReleaseAnswers
from kizuna.graphql.releasing import Editions
from kizuna.terms import Literal, NamedNode, Term, local_name

# What is selected of a subject, or its JSON.
Subject: TypeAlias = Answer | Fragment
Part: TypeAlias = tuple[str, Quick | None, dict[Term, list[Term]] | None, FieldPlan]


class _Bubble(Exception):
    """A null where none may stand, on its way to a place where one may."""


class Assembly:
    """Puts one operation's answer together; its errors are gathered in ``errors``.

    ``editions`` are the releases that it asks about, each looked into by an assembly that ``over``
    gives for what is asked of it. Where the answer is ``written`` by orjson, what was told of
    subjects before stands in it as JSON.
    """

    def __init__(
        self,
        dataset: Dataset,
        identifiers: Identifiers,
        fetched: Fetched,
        introspection: Mapping[str, Any],
        nodes: Nodes,
        editions: Editions,
        over: "Callable[[Dataset, ObjectPlan], Assembly]",
        public_url: str | None = None,
        *,
        written: bool = False,
    ) -> None:
        self._written = written
        self._editions = editions
        self._over = over
        self._introspection = introspection
        self._dataset = dataset
        self._model = dataset.model
        self._identifiers = identifiers
        self._fetched = fetched
        self._parts: dict[tuple[int, str], list[Part]] = {}
        self._nodes = nodes
        self._budget = fetched.budget
        filling = Filling(
            self._guarded,
            self._subject,
            self._link,
            self._failed,
            self._located,
            fetched.budget.spend,
        )
        self._groups = GroupAnswers(identifiers, fetched.groups, filling)
        self._releases = ReleaseAnswers(self._view)
        self._records = RecordAnswers(fetched.along, self._releases, filling)
        self._literals = LiteralAnswers(fetched.along, Citing(dataset, public_url), filling)
        self.errors: list[GraphQLError] = []

    def root(self, plan: ObjectPlan) -> Answer | None:
        """The operation's data, None where a null has come all the way up."""
        try:
            return self._root(plan, None)
        except _Bubble:
            return None

    def _root(self, plan: ObjectPlan, place: Place) -> Answer:
        ((name, fields),) = plan.fields.items()
        return {f.key: self._field(f, name, None, (place, f.key)) for f in fields}

    def _nullable(self, plan: FieldPlan, subject: Term, place: Place) -> Subject | None:
        try:
            return self._subject(plan, subject, place)
        except _Bubble:
            return None

    def _subject(self, plan: FieldPlan, subject: Term, place: Place) -> Subject:
        """The selected fields of a subject that must be there."""
        selection = selection_of(plan)
        known = self._fetched.told.get(id(selection), NOTHING).get(subject)
        if known is not None:
            return self._again(known)
        name = self._fetched.type_of(subject, selection)
        if name is None:
            raise self._missing(plan, subject, place)
        if selection.constant and selection.typed:
            return self._kept(selection, name, subject, place)
        return self._filled(self._parts_of(selection, name), name, subject, place)

    def _again(self, told: Told) -> Subject:
        """What was told of a subject before."""
        self._budget.spend(told.values)
        return told.text if self._written else told.answer

    def _kept(self, selection: ObjectPlan, name: str, subject: Term, place: Place) -> Answer:
        """The selected fields of a subject, kept to be told again unless there is an error."""
        errors, spent, written = len(self.errors), self._budget.spent, self._written
        self._written = False  # what is kept holds no JSON
        try:
            answer = self._filled(self._parts_of(selection, name), name, subject, place)
        finally:
            self._written = written
        if len(self.errors) == errors:
            told = Told(answer, self._budget.spent - spent)
            self._nodes.keep(selection, subject, told)
            self._fetched.told.setdefault(id(selection), {})[subject] = told
        return answer

    def _filled(self, parts: "list[Part]", name: str, subject: Term, place: Place) -> Answer:
        answer: Answer = {}
        self._budget.spend(len(parts))
        for key, tell, links, found in parts:
            if links is not None:
                answer[key] = self._linked(found, links.get(subject), name, subject, (place, key))
                continue
            value = UNTOLD if tell is None else tell(subject)
            if value is UNTOLD:
                value = self._field(found, name, subject, (place, key))
            answer[key] = value
        return answer

    def _linked(
        self,
        plan: FieldPlan,
        ends: Sequence[Term] | None,
        name: str,
        subject: Term,
        place: Place,
    ) -> object:
        """What a single link leads to; where nothing, told the long way."""
        if not ends:
            return self._field(plan, name, subject, place) if plan.required else None
        try:
            return self._subject(plan, ends[0], place)
        except _Bubble:
            if plan.required:
                raise
            return None

    def _parts_of(self, selection: ObjectPlan, name: str) -> "list[Part]":
        """The fields of a selection on a type, each with its quick way where it has one."""
        known = self._parts.get((id(selection), name))
        if known is None:
            known = [self._part_of(found, name) for found in selection.fields[name]]
            self._parts[id(selection), name] = known
        return known

    def _part_of(self, found: FieldPlan, name: str) -> Part:
        values, binding = self._fetched.values, found.binding
        if isinstance(binding, b.Link) and binding.single:
            return found.key, None, values.get(binding.path, {}), found
        return found.key, quick(found, name, values), None, found

    def _missing(self, plan: FieldPlan, subject: Term, place: Place) -> _Bubble:
        """What there is to say of a subject that is of none of the types that it may be of."""
        if not isinstance(plan.binding, b.One | b.Several):
            message = f"{subject} is none of what `{plan.name}` may lead to"
            return self._error(message, "INTERNAL_SERVER_ERROR", plan, place)
        wanted = plan.binding.item if isinstance(plan.binding, b.One) else None
        message = self._identifiers.unknown(
            subject, wanted, plan.name, self._fetched.types.get(subject, ())
        )
        return self._error(message, "NOT_FOUND", plan, place)

    def _failed(self, message: str, plan: FieldPlan, place: Place) -> _Bubble:
        return self._error(message, "INTERNAL_SERVER_ERROR", plan, place)

    def _error(self, message: str, code: str, plan: FieldPlan, place: Place) -> _Bubble:
        error = GraphQLError(message, plan.nodes, extensions={"code": code})
        return self._located(error, plan, place)

    def _located(self, error: Exception, plan: FieldPlan, place: Place) -> _Bubble:
        self.errors.append(located_error(error, plan.nodes, path_of(place)))
        return _Bubble()

    def _field(self, plan: FieldPlan, name: str, subject: Term | None, place: Place) -> object:
        value = self._guarded(plan, place, lambda: self._value(plan, name, subject, place))
        if value is None and plan.required:
            message = f"{subject} has no {plan.name}, which every {name} must have"
            raise self._error(message, "INTERNAL_SERVER_ERROR", plan, place)
        return value

    def _guarded(self, plan: FieldPlan, place: Place, value: Callable[[], object]) -> object:
        """The value, or null where it fails and may be null; its error is located."""
        try:
            return value()
        except KizunaError as error:
            bubble = self._located(error, plan, place)
            if plan.required:
                raise bubble from error
        except _Bubble:
            if plan.required:
                raise
        return None

    def _value(self, plan: FieldPlan, name: str, subject: Term | None, place: Place) -> object:
        match plan.binding:
            case None:
                return name if plan.name == "__typename" else self._introspection.get(plan.key)
            case Refused(error):
                raise self._located(error, plan, place)
            case b.Connection():
                return self._connection(plan, subject, place)
            case b.One():
                (found,) = self._fetched.identified(plan)
                return self._subject(plan, found, place)
            case b.Several():
                subjects = enumerate(self._fetched.identified(plan))
                return [self._nullable(plan, s, (place, number)) for number, s in subjects]
            case b.Search():
                hits = enumerate(self._fetched.hits(plan))
                return [self._hit(plan, hit, (place, number)) for number, hit in hits]
        return self._value_beside(plan, subject, place)

    def _value_beside(self, plan: FieldPlan, subject: Term | None, place: Place) -> object:
        """A value that is no part of the dataset itself, or else the subject's own."""
        match plan.binding:
            case b.ReleaseAt():
                return self._releases.release(plan, self._editions.named(plan.arguments), place)
            case b.Changes():
                found = self._editions.changes(plan.arguments)
                return self._records.record(plan, record_of(found, plan.languages), place)
            case b.ReleaseEvent():
                return self._releases.release(plan, self._editions.told(), place)
            case b.ReleaseList():
                return self._releases.listed(
                    plan, self._editions.page(plan.arguments, self._dataset.release.number), place
                )
            case b.Provenance() | b.InDocuments() | b.Sides() | b.Connecting():
                return self._records.records(plan, self._fetched.records(plan, subject), place)
        if subject is None:
            raise TypeError(f"{plan.binding} stands for no field of the root")
        return self._value_of(plan, subject, place)

    def _value_of(self, plan: FieldPlan, subject: Term, place: Place) -> object:
        match plan.binding:
            case b.Identity():
                return _iri(subject)
            case b.Code(codes):
                iri = _iri(subject)
                return codes.get(iri) or local_name(iri)
            case b.Link(path, single):
                return self._link(plan, self._fetched.along(path, subject), single, place)
        return self._literals.of(plan, subject, place)

    def _link(self, plan: FieldPlan, ends: Sequence[Term], single: bool, place: Place) -> object:
        if single:
            return self._subject(plan, ends[0], place) if ends else None
        return [self._subject(plan, end, (place, n)) for n, end in enumerate(ends)]

    def _hit(self, plan: FieldPlan, hit: Hit, place: Place) -> Answer:
        name, parts = only(plan)
        return {part.key: self._hit_part(part, name, hit, (place, part.key)) for part in parts}

    def _hit_part(self, part: FieldPlan, name: str, hit: Hit, place: Place) -> object:
        match part.binding:
            case b.HitPart("node"):
                return self._subject(part, NamedNode(hit.subject), place)
            case b.HitPart("text"):
                return text_answer(selection_of(part), Literal(hit.value, language=hit.language))
            case b.HitPart("field"):
                return hit.field
        return name

    def _connection(self, plan: FieldPlan, parent: Term | None, place: Place) -> Answer:
        page = self._fetched.page(plan, parent)
        self._budget.spend(len(page.items))
        name, parts = only(plan)
        return {
            part.key: self._part(plan, part, page, parent, (place, part.key))
            if part.binding
            else name
            for part in parts
        }

    def _part(
        self, plan: FieldPlan, part: FieldPlan, page: Page, parent: Term | None, place: Place
    ) -> object:
        match part.binding:
            case b.ConnectionPart("nodes"):
                return self._page_nodes(part, page.items, place)
            case b.ConnectionPart("edges"):
                return self._edges(plan, part, page, parent, place)
            case b.GroupBy():
                groups = partial(self._groups.of, plan, part, parent, place)
                return self._guarded(part, place, groups)
            case Refused(error):
                raise self._located(error, part, place)
            case b.ConnectionPart("pageInfo"):
                return _page_info(part, page)
        return page.total

    def _page_nodes(self, part: FieldPlan, items: Iterable[Item], place: Place) -> list[Subject]:
        """The subjects of a page, most of which were told before."""
        known = self._fetched.told.get(id(part.selection), NOTHING)
        return [
            self._again(told)
            if (told := known.get(item.subject))
            else self._subject(part, item.subject, (place, number))
            for number, item in enumerate(items)
        ]

    def _edges(
        self, plan: FieldPlan, part: FieldPlan, page: Page, parent: Term | None, place: Place
    ) -> list[Answer]:
        binding = plan.binding
        links = (
            derivations(self._model, parent, binding, page)
            if isinstance(binding, b.Connection)
            else []
        )
        name, fields = only(part)
        answers = []
        for number, item in enumerate(page.items):
            here = (place, number)
            link = links[number] if links else None
            answers.append(
                {
                    found.key: self._edge_field(page, found, item, link, (here, found.key))
                    if found.binding
                    else name
                    for found in fields
                }
            )
        return answers

    def _edge_field(
        self, page: Page, found: FieldPlan, item: Item, link: Term | None, place: Place
    ) -> object:
        match found.binding:
            case b.EdgePart("node"):
                return self._subject(found, item.subject, place)
            case b.Link(path) if link is not None:
                return self._link(found, self._fetched.along(path, link), False, place)
            case b.Link():
                return []
        return page.cursor(item)

    def _view(self, part: FieldPlan, made: Made, place: Place) -> Answer:
        """What is asked of a release, answered by it."""
        selection = selection_of(part)
        try:
            view = self._over(self._editions.opened(made.number), selection)
        except KizunaError as error:
            raise self._located(error, part, place) from error
        try:
            return view._root(selection, place)
        finally:
            self.errors += view.errors


def _page_info(part: FieldPlan, page: Page) -> Answer:
    ends = [page.cursor(item) for item in (*page.items[:1], *page.items[-1:])]
    return paging(part, ends, page.has_next, page.has_previous)


def _iri(subject: Term) -> str:
    return subject.value if isinstance(subject, NamedNode) else str(subject)
