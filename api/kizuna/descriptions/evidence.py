"""Facts with the claims on them, and the passages that carry these: the core vocabulary's own."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kizuna import namespaces as ns
from kizuna.dataset.releases import Dataset
from kizuna.dataset.store import Found, Reader
from kizuna.descriptions.naming import Name, Naming
from kizuna.descriptions.things import Field, Value
from kizuna.model import Path, Property, Step, Texts
from kizuna.terms import Literal, NamedNode, Term, python_value

FACTS_OF_ENTITY: Path = (Step(ns.INVOLVES, inverse=True),)
CLAIMS_OF_FACT: Path = (Step(ns.ON_FACT, inverse=True),)
CLAIMS_OF_PASSAGE: Path = (Step(ns.SUPPORTED_BY, inverse=True),)
PASSAGES_OF_DOCUMENT: Path = (Step(ns.IN_SOURCE, inverse=True),)
DISPUTES_OF_FACT: Path = (Step(ns.DISPUTED_FACT, inverse=True),)

_FACT: Path = (Step(ns.ON_FACT),)
_MODALITY: Path = (Step(ns.MODALITY),)
_POLARITY: Path = (Step(ns.MODALITY), Step(ns.POLARITY))
_BASIS: Path = (Step(ns.BASIS),)
_SPEAKERS: Path = (Step(ns.SPEAKER),)
_PASSAGES: Path = (Step(ns.SUPPORTED_BY),)
_NOTE: Path = (Step(ns.NOTE),)
_DOCUMENT: Path = (Step(ns.IN_SOURCE),)
_START: Path = (Step(ns.START),)
_END: Path = (Step(ns.END),)
_SHA256: Path = (Step(ns.SHA256),)
_PARAPHRASE: Path = (Step(ns.PARAPHRASE),)
_STANDING: Path = (Step(ns.STANDING),)
_DETAIL: Path = (Step(ns.DISPUTED_DETAIL),)
_DISPUTED_CLAIMS: Path = (Step(ns.DISPUTED_CLAIM),)
_EARLIEST: Path = (Step(ns.FACT_TIME), Step(ns.EARLIEST))
_UNDATED = "~"  # after every date

_OF_CLAIM = (_FACT, _MODALITY, _POLARITY, _BASIS, _SPEAKERS, _PASSAGES, _NOTE)
_OF_PASSAGE = (_DOCUMENT, _START, _END, _SHA256, _PARAPHRASE)


@dataclass(frozen=True)
class Passage:
    """A stretch of a document, by its offsets in code points, and what it says in our words."""

    name: Name
    document: Name | None
    start: int
    end: int
    sha256: str
    paraphrase: Texts


@dataclass(frozen=True)
class Claim:
    """Who says so, how firmly and where; ``details`` are what else the claim states.

    ``polarity`` is the IRI of the modality's polarity; without speakers the document speaks.
    """

    name: Name
    fact: Name | None
    modality: Name | None
    polarity: str
    basis: Name | None
    speakers: tuple[Name, ...]
    passages: tuple[Passage, ...]
    details: tuple[Field, ...]
    note: Texts

    @property
    def side(self) -> str:
        """Whether it is for the fact, against it, or neither."""
        return {ns.POSITIVE: "for", ns.NEGATIVE: "against"}.get(self.polarity, "open")

    @property
    def documents(self) -> tuple[Name, ...]:
        """The documents that its passages are in."""
        return tuple({p.document.iri: p.document for p in self.passages if p.document}.values())


@dataclass(frozen=True)
class Dispute:
    """Claims that can't all be right, and what they differ on."""

    name: Name
    detail: Name | None
    claims: tuple[Claim, ...]


@dataclass(frozen=True)
class Fact:
    """A fact with its claims; ``standing`` is the concept that sums them up."""

    name: Name
    standing: Name | None
    claims: tuple[Claim, ...]
    disputes: tuple[Dispute, ...]

    @property
    def said(self) -> dict[str, tuple[Claim, ...]]:
        """The claims by how firmly they speak: what is said, planned, expected, denied."""
        said: dict[str, tuple[Claim, ...]] = {}
        for claim in self.claims:
            modality = claim.modality.iri if claim.modality else ""
            said[modality] = (*said.get(modality, ()), claim)
        return said

    @property
    def undisputed(self) -> tuple[Claim, ...]:
        """The claims that no dispute is about."""
        disputed = {claim.name.iri for dispute in self.disputes for claim in dispute.claims}
        return tuple(claim for claim in self.claims if claim.name.iri not in disputed)


class Evidence:
    """Reads evidence from a dataset with the core vocabulary; from another there is none."""

    def __init__(self, dataset: Dataset, naming: Naming) -> None:
        self._model = dataset.model
        self._naming = naming

    @property
    def present(self) -> bool:
        """Whether the ontology has facts, claims and passages at all."""
        return {ns.FACT, ns.CLAIM, ns.PASSAGE} <= set(self._model.classes)

    def ordered(self, reader: Reader, facts: Sequence[Term]) -> list[Term]:
        """Facts that are disputed first, then by time, those without any last."""
        found = reader.values({(Step(ns.DISPUTED),): facts, _EARLIEST: facts})
        disputed, earliest = found[(Step(ns.DISPUTED),)], found[_EARLIEST]

        def place(fact: Term) -> tuple[bool, str, str]:
            truth = any(_plain(term) is True for term in disputed.get(fact, ()))
            first = next((str(_plain(term)) for term in earliest.get(fact, ())), _UNDATED)
            return not truth, first, str(fact)

        return sorted(facts, key=place)

    def facts(self, reader: Reader, nodes: Sequence[Term]) -> tuple[Fact, ...]:
        """The facts with their claims, in the order given."""
        paths = (CLAIMS_OF_FACT, DISPUTES_OF_FACT, _STANDING)
        found = reader.values(dict.fromkeys(paths, nodes))
        claims = {c.name.iri: c for c in self.claims(reader, _ends(found[CLAIMS_OF_FACT]))}
        disputes = self._disputes(reader, _ends(found[DISPUTES_OF_FACT]), claims)
        names = self._naming.names(reader, [*nodes, *_ends(found[_STANDING])])
        return tuple(
            Fact(
                name=names[node.value],
                standing=_first(names, found, _STANDING, node),
                claims=tuple(claims[c.value] for c in _nodes(found, CLAIMS_OF_FACT, node)),
                disputes=tuple(disputes[d.value] for d in _nodes(found, DISPUTES_OF_FACT, node)),
            )
            for node in nodes
            if isinstance(node, NamedNode)
        )

    def claims(self, reader: Reader, nodes: Sequence[Term]) -> tuple[Claim, ...]:
        """The claims with their passages, in the order of these."""
        details = self._details()
        paths = (*_OF_CLAIM, *details)
        found = reader.values(dict.fromkeys(paths, nodes))
        passages = {p.name.iri: p for p in self.passages(reader, _ends(found[_PASSAGES]))}
        predicates = [NamedNode(path[-1].predicate) for path in details]
        ends = [end for path in paths for end in _ends(found[path])]
        names = self._naming.names(reader, [*nodes, *ends, *predicates])
        claims = [
            _claim(node, found, names, passages, details)
            for node in nodes
            if isinstance(node, NamedNode)
        ]
        return tuple(sorted(claims, key=_reading_order))

    def passages(self, reader: Reader, nodes: Sequence[Term]) -> tuple[Passage, ...]:
        """The passages in the order of their documents."""
        found = reader.values(dict.fromkeys(_OF_PASSAGE, nodes))
        names = self._naming.names(reader, [*nodes, *_ends(found[_DOCUMENT])])
        passages = [
            Passage(
                name=names[node.value],
                document=_first(names, found, _DOCUMENT, node),
                start=_number(found, _START, node),
                end=_number(found, _END, node),
                sha256=next(iter(_texts(found, _SHA256, node).values()), ""),
                paraphrase=_texts(found, _PARAPHRASE, node),
            )
            for node in nodes
            if isinstance(node, NamedNode)
        ]
        return tuple(sorted(passages, key=_place))

    def by_passage(self, reader: Reader, passages: Sequence[Passage]) -> dict[str, list[Claim]]:
        """The claims that each passage carries, by the passage's IRI."""
        nodes = [NamedNode(passage.name.iri) for passage in passages]
        found = reader.values({CLAIMS_OF_PASSAGE: nodes})[CLAIMS_OF_PASSAGE]
        carried: dict[str, list[Claim]] = defaultdict(list)
        for claim in self.claims(reader, list(dict.fromkeys(_ends(found)))):
            for passage in claim.passages:
                carried[passage.name.iri].append(claim)
        return carried

    def _details(self) -> dict[Path, Property]:
        """What a claim may state beside what every claim does: when, where, how much."""
        found = self._model.classes[ns.CLAIM].properties
        return {p.path: p for p in found if p.predicate and p.path not in _OF_CLAIM}

    def _disputes(
        self, reader: Reader, nodes: Sequence[Term], claims: Mapping[str, Claim]
    ) -> dict[str, Dispute]:
        found = reader.values({_DETAIL: nodes, _DISPUTED_CLAIMS: nodes})
        names = self._naming.names(reader, [*nodes, *_ends(found[_DETAIL])])
        return {
            node.value: Dispute(
                name=names[node.value],
                detail=_first(names, found, _DETAIL, node),
                claims=tuple(
                    claims[c.value]
                    for c in _nodes(found, _DISPUTED_CLAIMS, node)
                    if c.value in claims
                ),
            )
            for node in nodes
            if isinstance(node, NamedNode)
        }


def _claim(
    node: NamedNode,
    found: Found,
    names: Mapping[str, Name],
    passages: Mapping[str, Passage],
    details: Mapping[Path, Property],
) -> Claim:
    held = [passages[p.value] for p in _nodes(found, _PASSAGES, node)]
    return Claim(
        name=names[node.value],
        fact=_first(names, found, _FACT, node),
        modality=_first(names, found, _MODALITY, node),
        polarity=next((p.value for p in _nodes(found, _POLARITY, node)), ""),
        basis=_first(names, found, _BASIS, node),
        speakers=tuple(names[s.value] for s in _nodes(found, _SPEAKERS, node)),
        passages=tuple(sorted(held, key=_place)),
        details=tuple(
            _detail(stated, values, names)
            for path, stated in details.items()
            if (values := found[path].get(node))
        ),
        note=_texts(found, _NOTE, node),
    )


def _detail(stated: Property, values: Sequence[Term], names: Mapping[str, Name]) -> Field:
    named = (Value(t, names.get(t.value) if isinstance(t, NamedNode) else None) for t in values)
    return Field(
        iri=stated.path[-1].predicate,
        path=stated.path,
        labels=stated.labels,
        descriptions=stated.descriptions,
        values=tuple(named),
        total=len(values),
    )


def _reading_order(claim: Claim) -> tuple[str, int, int, str]:
    return (*(_place(claim.passages[0]) if claim.passages else ("", 0, 0)), claim.name.iri)


def _place(passage: Passage) -> tuple[str, int, int]:
    return passage.document.iri if passage.document else "", passage.start, passage.end


def _ends(found: Mapping[Term, Iterable[Term]]) -> list[Term]:
    return [end for ends in found.values() for end in ends]


def _nodes(found: Found, path: Path, node: Term) -> list[NamedNode]:
    return [end for end in found[path].get(node, ()) if isinstance(end, NamedNode)]


def _first(names: Mapping[str, Name], found: Found, path: Path, node: Term) -> Name | None:
    return next((names[end.value] for end in _nodes(found, path, node)), None)


def _texts(found: Found, path: Path, node: Term) -> dict[str, str]:
    literals = [end for end in found[path].get(node, ()) if isinstance(end, Literal)]
    return {literal.language or "": literal.value for literal in literals}


def _plain(term: Term) -> object:
    return python_value(term) if isinstance(term, Literal) else str(term)


def _number(found: Found, path: Path, node: Term) -> int:
    values = [_plain(end) for end in found[path].get(node, ())]
    return next((value for value in values if isinstance(value, int)), 0)
