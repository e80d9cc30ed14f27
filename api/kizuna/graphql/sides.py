"""The sides of a dispute: its claims, together where they say the same of what is disputed."""

from collections.abc import Iterable, Iterator

from kizuna import namespaces as ns
from kizuna.graphql.citing import Along
from kizuna.graphql.plan import ObjectPlan
from kizuna.graphql.records import Ends, Record, Value, reading
from kizuna.model import Path, Step
from kizuna.terms import Literal, NamedNode, Term, local_name

CLAIMS: Path = (Step(ns.DISPUTED_CLAIM),)
DETAIL: Path = (Step(ns.DISPUTED_DETAIL),)
DOCUMENTS: Path = (Step(ns.SUPPORTED_BY), Step(ns.IN_SOURCE))
POLARITY: Path = (Step(ns.MODALITY), Step(ns.POLARITY))
CERTAINTY: Path = (Step(ns.MODALITY), Step(ns.CERTAINTY))
# What a claim states of each detail; whether it is so at all is told by its polarity.
STATED: dict[str, Path] = {
    "time": (Step(ns.STATED_TIME),),
    "start": (Step(ns.STATED_START),),
    "end": (Step(ns.STATED_END),),
    "place": (Step(ns.STATED_PLACE),),
    "amount": (Step(ns.STATED_AMOUNT),),
}
OF_DISPUTE: tuple[Path, ...] = (
    CLAIMS,
    DETAIL,
    (*CLAIMS, *DOCUMENTS),
    *((*CLAIMS, *path) for path in STATED.values()),
)
ORDER = (ns.POSITIVE, ns.NEGATIVE)


OF_CLAIMS = reading(POLARITY, CERTAINTY, DOCUMENTS, *STATED.values())


def leading(
    selection: ObjectPlan, dispute: Term, along: Along
) -> Iterator[tuple[ObjectPlan, list[Term]]]:
    """What must be read of the dispute's claims, and of all that its sides may lead to."""
    claims = list(along(CLAIMS, dispute))
    ends: dict[str, Iterable[Term]] = {
        "claims": claims,
        "documents": along((*CLAIMS, *DOCUMENTS), dispute),
        "value": [end for path in STATED.values() for end in along((*CLAIMS, *path), dispute)],
    }
    yield OF_CLAIMS, claims
    for part in selection.only:
        if part.selection and part.name in ends:
            yield part.selection, list(ends[part.name])


def records(dispute: Term, along: Along) -> Iterator[Record]:
    """A record for each side: those who say that it is so before those who say that it isn't."""
    details = [
        local_name(end.value) for end in along(DETAIL, dispute) if isinstance(end, NamedNode)
    ]
    stated = next((STATED[detail] for detail in details if detail in STATED), ())
    sides: dict[tuple[str, Term | None], list[Term]] = {}
    for claim in sorted(along(CLAIMS, dispute), key=lambda claim: _strength(claim, along)):
        values = along(stated, claim) if stated else ()
        side = _polarity(claim, along), next(iter(values), None)
        sides.setdefault(side, []).append(claim)
    for (polarity, value), claims in sorted(sides.items(), key=_place):
        documents = dict.fromkeys(end for claim in claims for end in along(DOCUMENTS, claim))
        parts: dict[str, Value] = {
            "polarity": local_name(polarity).upper(),
            "value": Ends((value,) if value is not None else (), single=True),
            "claims": Ends(tuple(claims)),
            "documents": Ends(tuple(documents)),
        }
        yield Record(parts)


def _polarity(claim: Term, along: Along) -> str:
    return next((end.value for end in along(POLARITY, claim) if isinstance(end, NamedNode)), "")


def _strength(claim: Term, along: Along) -> tuple[int, str]:
    """The surest first; of equals by IRI."""
    found = (int(end.value) for end in along(CERTAINTY, claim) if isinstance(end, Literal))
    return -next(found, 0), str(claim)


def _place(side: tuple[tuple[str, Term | None], list[Term]]) -> tuple[int, str]:
    (polarity, value), _ = side
    return ORDER.index(polarity) if polarity in ORDER else len(ORDER), str(value)
