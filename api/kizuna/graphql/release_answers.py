"""The answers that tell of releases."""

from collections.abc import Callable

from kizuna.dataset.releases import Made
from kizuna.graphql import bindings as b
from kizuna.graphql.filling import Answer, Place, only, paging
from kizuna.graphql.plan import FieldPlan
from kizuna.graphql.releasing import Listed, cursor


class ReleaseAnswers:
    """Tells of releases; ``view`` gives what is asked of one, answered by it."""

    def __init__(self, view: Callable[[FieldPlan, Made, Place], Answer]) -> None:
        self._view = view

    def release(self, plan: FieldPlan, made: Made, place: Place) -> Answer:
        """A release."""
        name, parts = only(plan)
        return {p.key: self._part(p, name, made, (place, p.key)) for p in parts}

    def _part(self, part: FieldPlan, name: str, made: Made, place: Place) -> object:
        match part.binding:
            case b.ReleasePart("query"):
                return self._view(part, made, place)
            case b.ReleasePart("hash"):
                return made.release.hash
            case b.ReleasePart(wanted):
                return made.told[wanted]
        return name

    def listed(self, plan: FieldPlan, page: Listed, place: Place) -> Answer:
        """A page of releases."""
        name, parts = only(plan)
        return {
            p.key: self._listed_part(p, page, (place, p.key)) if p.binding else name for p in parts
        }

    def _listed_part(self, part: FieldPlan, page: Listed, place: Place) -> object:
        items = enumerate(page.items)
        match part.binding:
            case b.ConnectionPart("nodes"):
                return [self.release(part, made, (place, n)) for n, made in items]
            case b.ConnectionPart("edges"):
                return [self._edge(part, made, (place, n)) for n, made in items]
            case b.ConnectionPart("pageInfo"):
                ends = [cursor(made) for made in page.items]
                return paging(part, ends, page.has_next, page.has_previous)
        return page.total

    def _edge(self, part: FieldPlan, made: Made, place: Place) -> Answer:
        name, fields = only(part)
        values: dict[str, object] = {}
        for found in fields:
            match found.binding:
                case b.EdgePart("node"):
                    values[found.key] = self.release(found, made, (place, found.key))
                case b.EdgePart("cursor"):
                    values[found.key] = cursor(made)
                case _:
                    values[found.key] = name
        return values
