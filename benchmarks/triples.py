"""The world as RDF that conforms to the ontology, derived triples included where they are asked."""

from collections.abc import Iterator

from benchmarks.world import Agreement, Claim, Document, Fact, World
from kizuna import namespaces as ns
from kizuna.terms import Literal, NamedNode, Quad, Term

ID = "https://w3id.org/italy-japan/id/"
LANGUAGES = ("en", "it", "ja")
REFERENCE = NamedNode(ns.GRAPH_REFERENCE)
FACTS = NamedNode(ns.GRAPH_FACTS)
TYPE = NamedNode(ns.RDF_TYPE)
LABEL = NamedNode(ns.SKOS_PREF_LABEL)


def quads(world: World) -> Iterator[Quad]:
    """All that is asserted of the world."""
    for actor in world.actors:
        yield from _labelled(actor.key, "Company", actor.label, REFERENCE)
    for document in world.documents:
        yield from _document(document)
    for agreement in world.agreements():
        yield from _agreement(agreement)


def iri(key: str) -> NamedNode:
    """The IRI of what the key names."""
    return NamedNode(ID + key)


def _agreement(agreement: Agreement) -> Iterator[Quad]:
    yield from _labelled(agreement.key, "Agreement", agreement.label, REFERENCE)
    for fact in agreement.facts:
        yield from _fact(fact)
        for claim in fact.claims:
            yield from _claim(claim)


def _fact(fact: Fact) -> Iterator[Quad]:
    subject = iri(fact.key)
    yield from _labelled(
        fact.key, "StatusChange" if fact.status else "Participation", fact.label, FACTS
    )
    told = [("theme", _concept("theme", fact.theme))]
    if fact.status:
        told += [("statusOf", iri(fact.agreement)), ("newStatus", _concept("status", fact.status))]
        told += [("forParty", iri(party)) for party in fact.parties]
    else:
        told += [("participatesIn", iri(fact.agreement))]
        told += [("participationRole", _concept("participation-role", "party"))]
        told += [("participant", iri(party)) for party in fact.parties]
    for predicate, value in told:
        yield Quad(subject, _term(predicate), value, FACTS)


def _claim(claim: Claim) -> Iterator[Quad]:
    passage = claim.passage
    graph = NamedNode(f"{ns.GRAPH_SOURCE}{passage.document}")
    told: list[tuple[str, str, Term]] = [
        (claim.key, "onFact", iri(claim.fact)),
        (claim.key, "supportedBy", iri(passage.key)),
        (claim.key, "modality", _concept("modality", claim.modality)),
        (claim.key, "basis", _concept("basis", claim.basis)),
        (passage.key, "inSource", iri(f"source-{passage.document}")),
        (passage.key, "start", _integer(passage.start)),
        (passage.key, "end", _integer(passage.end)),
        (passage.key, "sha256", Literal(passage.sha256)),
        *((passage.key, "paraphrase", text) for text in _texts(passage.paraphrase)),
    ]
    yield Quad(iri(claim.key), TYPE, _term("Claim"), graph)
    yield Quad(iri(passage.key), TYPE, _term("Passage"), graph)
    if claim.year:
        time = f"time-{claim.key}"
        told.append((claim.key, "statedTime", iri(time)))
        yield from _time(time, str(claim.year), graph)
    for subject, predicate, value in told:
        yield Quad(iri(subject), _term(predicate), value, graph)


def _document(document: Document) -> Iterator[Quad]:
    key, time = f"source-{document.key}", f"time-{document.key}"
    graph = NamedNode(f"{ns.GRAPH_SOURCE}{document.key}")
    yield from _labelled(key, "SourceDocument", document.label, graph)
    yield from _time(time, document.issued, graph)
    sha256 = document.key.encode().hex().zfill(64)[-64:]
    told: tuple[tuple[str, Term], ...] = (
        (ns.TERMS + "issued", iri(time)),
        (ns.TERMS + "sha256", Literal(sha256)),
        (ns.TERMS + "characters", _integer(document.characters)),
        (ns.DCTERMS + "language", Literal("en")),
    )
    for predicate, value in told:
        yield Quad(iri(key), NamedNode(predicate), value, graph)


def _time(key: str, edtf: str, graph: NamedNode) -> Iterator[Quad]:
    yield Quad(iri(key), TYPE, _term("TimeSpan"), graph)
    yield Quad(iri(key), _term("edtf"), Literal(edtf, datatype=NamedNode(ns.EDTF)), graph)
    yield Quad(iri(key), _term("timeBasis"), _concept("time-basis", "stated"), graph)


def _labelled(key: str, kind: str, label: str, graph: NamedNode) -> Iterator[Quad]:
    yield Quad(iri(key), TYPE, _term(kind), graph)
    for text in _texts(label):
        yield Quad(iri(key), LABEL, text, graph)


def _texts(text: str) -> Iterator[Literal]:
    return (
        Literal(f"{text}" if tag == "en" else f"{text} ({tag})", language=tag) for tag in LANGUAGES
    )


def _term(name: str) -> NamedNode:
    return NamedNode(ns.TERMS + name)


def _concept(scheme: str, code: str) -> NamedNode:
    return NamedNode(f"{ns.CONCEPTS}{scheme}/{code}")


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=NamedNode(ns.XSD + "integer"))
