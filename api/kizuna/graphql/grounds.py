"""What the fields of ``evidence`` read, lead to and tell."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from kizuna.dataset.connecting import Trail
from kizuna.graphql import bindings as b
from kizuna.graphql import connecting, lapsing, provenance, sides, verdicts
from kizuna.graphql.plan import FieldPlan, ObjectPlan
from kizuna.graphql.records import Record, leading
from kizuna.model import Model, Path
from kizuna.terms import Term


class Known(Protocol):
    """What has been read."""

    @property
    def model(self) -> Model:
        """The model of the dataset."""

    def along(self, path: Path, subject: Term) -> list[Term]:
        """The subject's values along the path."""

    def documents(self, plan: FieldPlan) -> list[Term]:
        """The documents that a field asks about; raises KizunaError."""

    def trails(self, plan: FieldPlan) -> Sequence[Trail]:
        """The paths that a field asks for; raises KizunaError."""


def paths(plan: FieldPlan) -> Iterator[Path]:
    """What a field needs to be read of its subjects."""
    match plan.binding:
        case b.Lapsed():
            yield from lapsing.PATHS
        case b.Provenance() as binding:
            yield from (prop.path for prop in provenance.asked(binding, plan.arguments))
        case b.InDocuments():
            yield verdicts.CLAIMS
        case b.Sides():
            yield from sides.OF_DISPUTE


def ends(
    plan: FieldPlan, selection: ObjectPlan, subject: Term | None, known: Known
) -> Iterator[tuple[ObjectPlan, list[Term]]]:
    """What a field leads to, with what is selected or needed there; raises KizunaError."""
    match plan.binding:
        case b.InDocuments() if subject is not None:
            documents = known.documents(plan)
            yield from verdicts.leading(selection, subject, documents, known.along)
        case b.Sides() if subject is not None:
            yield from sides.leading(selection, subject, known.along)
        case b.Provenance() | b.Connecting():
            yield from leading(selection, records(plan, subject, known))


def records(plan: FieldPlan, subject: Term | None, known: Known) -> list[Record]:
    """The records that a field tells; raises KizunaError."""
    match plan.binding:
        case b.Provenance() as binding if subject is not None:
            fields = provenance.asked(binding, plan.arguments)
            return list(provenance.records(known.model, fields, subject, known.along))
        case b.InDocuments() if subject is not None:
            return list(verdicts.records(subject, known.documents(plan), known.along))
        case b.Sides() if subject is not None:
            return list(sides.records(subject, known.along))
        case b.Connecting():
            return [connecting.record(trail) for trail in known.trails(plan)]
    raise TypeError(f"{plan.binding} tells no records")
