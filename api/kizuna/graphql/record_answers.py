"""The answers that tell of what is no subject of the dataset: records, and records within them."""

from collections.abc import Callable, Sequence

from kizuna.dataset.seeking import Sought
from kizuna.graphql import bindings as b
from kizuna.graphql.filling import Answer, Filling, Place, only
from kizuna.graphql.plan import FieldPlan, Refused
from kizuna.graphql.records import Ends, Record, Releases, Value
from kizuna.graphql.release_answers import ReleaseAnswers
from kizuna.terms import Term


class RecordAnswers:
    """Tells records; ``along`` gives a subject's values along a path."""

    def __init__(
        self,
        along: Callable[[Sought, Term], Sequence[Term]],
        releases: ReleaseAnswers,
        filling: Filling,
    ) -> None:
        self._along = along
        self._releases = releases
        self._filling = filling

    def records(self, plan: FieldPlan, records: Sequence[Record], place: Place) -> list[Answer]:
        """What is selected of each of the records."""
        return [self.record(plan, record, (place, n)) for n, record in enumerate(records)]

    def record(self, plan: FieldPlan, record: Record, place: Place) -> Answer:
        """What is selected of a record."""
        name, parts = only(plan)
        self._filling.spend(len(parts))
        return {p.key: self._part(p, name, record, (place, p.key)) for p in parts}

    def _part(self, part: FieldPlan, name: str, record: Record, place: Place) -> object:
        match part.binding:
            case b.RecordPart(told) | b.ConnectionPart(told) | b.EdgePart(told):
                return self._told(part, record.parts[told], place)
            case b.RecordList(told):
                return self._filling.guarded(
                    part, place, lambda: self._page(part, told, record, place)
                )
            case b.PageInfoPart(told):
                return record.parts[told]
            case Refused(error):
                raise self._filling.located(error, part, place)
            case b.Link(path):
                ends = self._along(path, record.subject) if record.subject else []
                return self._filling.link(part, ends, False, place)
        return name

    def _page(self, part: FieldPlan, name: str, record: Record, place: Place) -> Answer:
        return self.record(part, record.lists[name](part.arguments), place)

    def _told(self, part: FieldPlan, value: Value, place: Place) -> object:
        if isinstance(value, Releases):
            made = enumerate(value.made)
            if value.single:
                return self._releases.release(part, value.made[0], place)
            return [self._releases.release(part, each, (place, n)) for n, each in made]
        if isinstance(value, Ends):
            return self._filling.link(part, value.subjects, value.single, place)
        if isinstance(value, Record):
            return self.record(part, value, place)
        return self.records(part, value, place) if isinstance(value, tuple) else value
