"""What each of several documents says of a fact: so, otherwise, nothing, or nobody has read it."""

from collections.abc import Iterable, Iterator
from enum import Enum

from kizuna import namespaces as ns
from kizuna.graphql.citing import Along
from kizuna.graphql.plan import ObjectPlan
from kizuna.graphql.records import Ends, Record, Value, only, reading
from kizuna.model import Path, Step
from kizuna.terms import Literal, NamedNode, Term

CLAIMS: Path = (Step(ns.ON_FACT, inverse=True),)
DOCUMENTS: Path = (Step(ns.SUPPORTED_BY), Step(ns.IN_SOURCE))
POLARITY: Path = (Step(ns.MODALITY), Step(ns.POLARITY))
CODED_WHOLE: Path = (Step(ns.CODED_WHOLE),)

NEGATIVE = NamedNode(ns.NEGATIVE)


class Verdict(Enum):
    """What a document says of a fact."""

    SAYS = "A claim of the document has it so, however weakly."
    SAYS_OTHERWISE = "A claim of the document has it not so."
    SAYS_BOTH = "Its claims have it both ways: of different speakers, or plan and outcome."
    SILENT = "It has been coded whole, and says nothing of this."
    NOT_CODED = "It holds no claim on this, but hasn't been coded whole."


OF_CLAIMS = reading(DOCUMENTS, POLARITY)
OF_DOCUMENTS = reading(CODED_WHOLE)


def leading(
    selection: ObjectPlan, fact: Term, documents: list[Term], along: Along
) -> Iterator[tuple[ObjectPlan, list[Term]]]:
    """What must be read of the documents and of the fact's claims, selected or not."""
    claims = list(along(CLAIMS, fact))
    yield OF_CLAIMS, claims
    yield OF_DOCUMENTS, documents
    for part in selection.only:
        if part.selection:
            yield part.selection, claims if part.name == "claims" else documents


def records(fact: Term, documents: Iterable[Term], along: Along) -> Iterator[Record]:
    """A record for each document: its verdict on the fact, and its claims."""
    claims: dict[Term, list[Term]] = {}
    for claim in along(CLAIMS, fact):
        for document in along(DOCUMENTS, claim):
            claims.setdefault(document, []).append(claim)
    for document in documents:
        own = tuple(claims.get(document, ()))
        parts: dict[str, Value] = {
            "document": only(document),
            "verdict": verdict(document, own, along).name,
            "claims": Ends(own),
        }
        yield Record(parts)


def verdict(document: Term, claims: Iterable[Term], along: Along) -> Verdict:
    """What the document says by its claims on a fact; without any, whether it could have."""
    denying = {NEGATIVE in along(POLARITY, claim) for claim in claims}
    if not denying:
        whole = [t.value for t in along(CODED_WHOLE, document) if isinstance(t, Literal)]
        return Verdict.SILENT if whole == ["true"] else Verdict.NOT_CODED
    if len(denying) == 2:
        return Verdict.SAYS_BOTH
    return Verdict.SAYS_OTHERWISE if True in denying else Verdict.SAYS
