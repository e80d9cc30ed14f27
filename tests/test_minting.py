"""IRIs made for what was submitted without one."""

import pytest

from kizuna import namespaces as ns
from kizuna.contributions.minting import mint, slug
from kizuna.dataset.files import read_ontology
from kizuna.model import Model, read_model
from kizuna.resources import ONTOLOGY
from kizuna.terms import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Term

ID = "https://w3id.org/italy-japan/id/"
LABELS = (ns.SKOS_PREF_LABEL,)


@pytest.fixture(scope="module")
def model() -> Model:
    ontology = read_ontology(ONTOLOGY)
    return read_model(ontology.quads, ontology.shapes)


def said(name: str, predicate: str, value: Term) -> Quad:
    return Quad(BlankNode(name), NamedNode(predicate), value, DefaultGraph())


def a(name: str, cls: str, **labels: str) -> list[Quad]:
    typed = said(name, ns.RDF_TYPE, NamedNode(ns.TERMS + cls))
    texts = (Literal(text, language=language) for language, text in labels.items())
    return [typed, *(said(name, ns.SKOS_PREF_LABEL, text) for text in texts)]


def minted(model: Model, quads: list[Quad], *taken: str) -> list[str]:
    names = mint(quads, model, LABELS, {ID + name for name in taken}.__contains__)
    return [node.value.removeprefix("https://w3id.org/italy-japan/") for node in names.values()]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Giorgia Meloni", "giorgia-meloni"),
        ("L’Aquila & l'Umbria", "laquila-lumbria"),
        ("Łódź Straße", "lodz-strasse"),
        ("Кремль", "kreml"),
        ("アン", "an"),
        ("G7 (2024): summit!", "g7-2024-summit"),
        ("–", ""),
        ("word " * 30, "-".join(["word"] * 12)),
        ("x" * 80, "x" * 60),
    ],
)
def test_names(text: str, name: str) -> None:
    assert slug(text) == name
    assert len(slug(text)) <= 60


def test_a_label_in_english_goes_first_then_italian_then_any(model: Model) -> None:
    assert minted(model, a("x", "Place", ja="トリノ", it="Torino", en="Turin")) == ["id/turin"]
    assert minted(model, a("x", "Place", ja="トリノ", it="Torino")) == ["id/torino"]
    assert minted(model, a("x", "Place", ja="トリノ")) == ["id/torino"]


def test_chinese_characters_are_not_read_as_chinese(model: Model) -> None:
    (name,) = minted(model, a("x", "Place", ja="東京"))
    assert name.startswith("id/place-")
    assert len(name) == len("id/place-") + 8


def test_facts_parts_and_concepts_have_names_of_their_kinds(model: Model) -> None:
    quads = [
        *a("fact", "Event", en="Ann visits Turin."),
        *a("claim", "Claim"),
        *a("topic", "Theme", en="Space travel"),
    ]
    fact, claim, topic = minted(model, quads)
    assert fact == "id/fact-ann-visits-turin"
    assert claim.startswith("id/claim-")
    assert topic == "vocab/theme/space-travel"


def test_a_name_that_is_taken_gets_a_number(model: Model) -> None:
    two = [*a("x", "Person", en="Ann"), *a("y", "Place", en="Ann")]
    assert minted(model, two) == ["id/ann", "id/ann-2"]
    assert minted(model, two, "ann", "ann-3") == ["id/ann-2", "id/ann-4"]
    named = Quad(NamedNode(ID + "ann"), NamedNode(ns.RDF_TYPE), BlankNode("x"), DefaultGraph())
    assert minted(model, [named, *a("x", "Person", en="Ann")]) == ["id/ann-2"]


def test_the_same_submission_gets_the_same_names_whatever_its_blank_nodes_are_called(
    model: Model,
) -> None:
    def submission(one: str, other: str) -> list[Quad]:
        return [
            *a(one, "Claim"),
            said(one, ns.SUPPORTED_BY, BlankNode(other)),
            *a(other, "Passage"),
            said(other, ns.START, Literal(3)),
        ]

    assert minted(model, submission("a", "b")) == minted(model, submission("z", "y"))
    changed = [*submission("a", "b"), said("b", ns.END, Literal(5))]
    assert minted(model, submission("a", "b"))[1] != minted(model, changed)[1]


def test_a_node_of_which_nothing_is_said_has_a_name_too(model: Model) -> None:
    quads = [*a("x", "Person", en="Ann"), said("x", ns.ON_FACT, BlankNode("y"))]
    assert minted(model, quads)[1].startswith("id/thing-")
