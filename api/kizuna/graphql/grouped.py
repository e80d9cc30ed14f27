"""The answers to ``groupBy``, put together from the groups that were read."""

from collections.abc import Callable
from functools import partial

from kizuna import namespaces as ns
from kizuna.dataset.grouping import Group, PeriodKey, Unit
from kizuna.graphql import bindings as b
from kizuna.graphql.filling import Answer, Filling, Place, only
from kizuna.graphql.groupable import KeyField, MeasureField
from kizuna.graphql.grouping import GroupRequest, Groups
from kizuna.graphql.identifiers import Identifiers
from kizuna.graphql.plan import FieldPlan
from kizuna.graphql.scalars import ScalarType, fitting, scalar_of, shown
from kizuna.terms import Literal, Term

DECIMAL = scalar_of(ns.XSD + "decimal")
INT = scalar_of(ns.XSD + "integer")


class GroupAnswers:
    """Puts together the groups of one operation."""

    def __init__(self, identifiers: Identifiers, groups: Groups, filling: Filling) -> None:
        self._names = identifiers.names
        self._groups = groups
        self._filling = filling

    def of(
        self, connection: FieldPlan, plan: FieldPlan, parent: Term | None, place: Place
    ) -> list[Answer]:
        """The groups of a connection's items from a parent.

        Raises KizunaError where they can't be asked.
        """
        request, groups = self._groups.of(connection, plan, parent)
        return [self._group(plan, request, group, (place, n)) for n, group in enumerate(groups)]

    def _group(self, plan: FieldPlan, request: GroupRequest, group: Group, place: Place) -> Answer:
        name, parts = only(plan)
        self._filling.spend(len(parts))
        answer: Answer = {}
        for part in parts:
            here = (place, part.key)
            match part.binding:
                case b.GroupPart("keys"):
                    answer[part.key] = self._keys(part, request, group, here)
                case b.GroupPart("count"):
                    answer[part.key] = group.count
                case b.Measured(measure):
                    answer[part.key] = self._measured(part, request, group, measure, here)
                case _:
                    answer[part.key] = name
        return answer

    def _keys(self, plan: FieldPlan, request: GroupRequest, group: Group, place: Place) -> Answer:
        name, parts = only(plan)
        answer: Answer = {}
        for part in parts:
            match part.binding:
                case b.GroupKeyPart(key):
                    answer[part.key] = self._key(part, request, group, key, (place, part.key))
                case _:
                    answer[part.key] = name
        return answer

    def _key(
        self, plan: FieldPlan, request: GroupRequest, group: Group, key: KeyField, place: Place
    ) -> object:
        def value() -> object:
            term = request.key(group, key)
            return None if term is None else self._told(plan, key, term, place)

        return self._filling.guarded(plan, place, value)

    def _told(self, plan: FieldPlan, key: KeyField, term: Term, place: Place) -> object:
        """A key's value as its field shows it."""
        if key.type_of:
            return self._names[term]
        if key.source and key.source.targets:
            return self._filling.subject(plan, term, place)
        if isinstance(key.key, PeriodKey) and isinstance(term, Literal):
            return int(term.value) if key.key.unit is Unit.YEAR else term.value
        return self._fitting(
            plan, term, scalar_of(key.source.datatype if key.source else None), place
        )

    def _measured(
        self,
        plan: FieldPlan,
        request: GroupRequest,
        group: Group,
        measure: MeasureField,
        place: Place,
    ) -> Answer:
        name, parts = only(plan)
        answer: Answer = {}
        for part in parts:
            match part.binding:
                case b.AggregatePart(wanted):
                    value = partial(request.value, group, measure.name, wanted)
                    scalar = _scalar(measure, wanted)
                    answer[part.key] = self._aggregate(part, value, scalar, (place, part.key))
                case _:
                    answer[part.key] = name
        return answer

    def _aggregate(
        self, plan: FieldPlan, value: Callable[[], Term | None], scalar: ScalarType, place: Place
    ) -> object:
        def told() -> object:
            term = value()
            return None if term is None else self._fitting(plan, term, scalar, place)

        return self._filling.guarded(plan, place, told)

    def _fitting(self, plan: FieldPlan, term: Term, scalar: ScalarType, place: Place) -> object:
        value = shown(term)
        if not fitting(scalar)(value):
            message = f"{value} can't be told as {scalar.name}"
            raise self._filling.failed(message, plan, place)
        return value


def _scalar(measure: MeasureField, part: str) -> ScalarType:
    """What a part of a measure appears as."""
    if part == "count":
        return INT
    whole = measure.scalar.name == "Int" and part in ("sum", "avg")
    return DECIMAL if whole else measure.scalar
