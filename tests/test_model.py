"""The Model: what is read from an ontology and its shapes, and what is refused."""

from collections.abc import Callable

import pytest

from kizuna.dataset.files import Ontology
from kizuna.errors import InvalidInput
from kizuna.model import Model, Property, Step, read_model
from kizuna.namespaces import XSD
from tests.small import NS, SHAPE, a_class, model_of

LIB = "https://example.org/library/ns#"
ABSTRACT = "; dash:abstract true "
STRING = "sh:datatype xsd:string ; sh:maxCount 1"


@pytest.fixture(scope="module")
def model(library_ontology: Ontology) -> Model:
    return read_model(library_ontology.quads, library_ontology.shapes)


def names(model: Model, class_name: str) -> list[str]:
    return [prop.name for prop in model.named(class_name).properties]


def only_field(*shapes: str) -> Property:
    """The one field of a class with these property shapes."""
    (prop,) = model_of(a_class("A", "", *shapes)).named("A").properties
    return prop


# What is read


def test_header(model: Model) -> None:
    assert model.ontology == "https://example.org/library/ns"
    assert model.version == "1.2.0"
    assert model.titles == {"en": "A library's ontology"}
    assert model.id_bases == ("https://example.org/library/id/",)


def test_without_header() -> None:
    model = model_of(a_class("A"))
    assert (model.ontology, model.version, model.id_bases) == (None, None, ())


def test_classes_are_those_with_a_node_shape(model: Model) -> None:
    model = model_of(a_class("A") + ":B a owl:Class . s:C sh:targetClass :C .")
    assert set(model.classes) == {NS + "A"}


def test_hierarchy(model: Model) -> None:
    book = model.named("Book")
    assert book.parents == (LIB + "Printed",)
    assert book.ancestors == (LIB + "Printed", LIB + "Item")
    assert book.leaves == (LIB + "Book",)
    assert not book.abstract
    item = model.named("Item")
    assert item.abstract
    assert item.leaves == (LIB + "Book", LIB + "Magazine", LIB + "Recording")
    assert item.parents == ()


def test_leaves_of_several_classes(model: Model) -> None:
    found = model.leaves([LIB + "Printed", LIB + "Book", LIB + "Branch"])
    assert found == (LIB + "Book", LIB + "Magazine", LIB + "Branch")


def test_is_a(model: Model) -> None:
    assert model.is_a(LIB + "Book", LIB + "Item")
    assert model.is_a(LIB + "Book", LIB + "Book")
    assert not model.is_a(LIB + "Item", LIB + "Book")


def test_parents_are_the_nearest() -> None:
    """Through a class without a shape, and whatever more is stated."""
    model = model_of(
        a_class("A", ABSTRACT)
        + ":Unserved rdfs:subClassOf :A ."
        + a_class("B", ABSTRACT + "; rdfs:subClassOf :Unserved ")
        + a_class("C", "; rdfs:subClassOf :B, :A ")
    )
    assert model.named("B").parents == (NS + "A",)
    assert model.named("C").parents == (NS + "B",)
    assert model.named("C").ancestors == (NS + "B", NS + "A")


def test_plural() -> None:
    model = model_of(a_class("A") + a_class("Policy", '; ij:pluralName "policies" '))
    assert model.named("A").plural == "as"
    assert model.named("Policy").plural == "policies"


def test_texts(model: Model) -> None:
    book = model.named("Book")
    assert book.labels == {"en": "book", "it": "libro", "ja": "本"}
    assert book.descriptions == {"en": "One edition of a written work."}
    title = book.field("title")
    assert title.labels["ja"] == "題名"
    assert title.descriptions == {"en": "What the item is called, in each language."}


def test_own_and_inherited_fields_in_order(model: Model) -> None:
    assert names(model, "Magazine") == [
        *("title", "otherTitles", "shelfmarks", "genre", "topics", "digitalCopy", "heldAt"),
        *("givenBy", "loans", "onLoan", "pages", "issued", "publisher", "number"),
    ]


def test_an_inherited_field_belongs_to_who_declares_it(model: Model) -> None:
    assert model.named("Book").field("title").owner == LIB + "Item"
    assert model.named("Book").field("pages").owner == LIB + "Printed"
    assert model.named("Book").field("isbn").owner == LIB + "Book"


@pytest.mark.parametrize(
    ("class_name", "field", "path"),
    [
        ("Book", "isbn", (Step(LIB + "isbn"),)),
        ("Author", "works", (Step(LIB + "author", inverse=True),)),
        ("Author", "publishers", (Step(LIB + "author", inverse=True), Step(LIB + "publisher"))),
    ],
)
def test_paths(model: Model, class_name: str, field: str, path: tuple[Step, ...]) -> None:
    prop = model.named(class_name).field(field)
    assert prop.path == path
    assert prop.predicate == (LIB + "isbn" if field == "isbn" else None)


@pytest.mark.parametrize(
    "path",
    [
        "[ sh:alternativePath ( :x :y ) ]",
        "[ sh:zeroOrMorePath :x ]",
        "( :x [ sh:oneOrMorePath :y ] )",
        "[ sh:inversePath ( :x :y ) ]",
    ],
)
def test_other_paths_make_no_field(path: str) -> None:
    turtle = a_class("A", "", f'x sh:path {path} ; sh:datatype xsd:string ; ij:fieldName "x"')
    assert names(model_of(turtle), "A") == []


def test_field_name_of_shape_of_property_and_else_local_name() -> None:
    model = model_of(
        a_class(
            "A",
            "",
            f'x sh:path :x ; {STRING} ; ij:fieldName "ofShape"',
            f"y sh:path :y ; {STRING}",
            f"z sh:path :z ; {STRING}",
        )
        + ':x ij:fieldName "unused" . :y ij:fieldName "ofProperty" .'
    )
    assert names(model, "A") == ["ofProperty", "ofShape", "z"]


def test_longer_paths_need_a_field_name() -> None:
    model = model_of(a_class("A", "", "x sh:path [ sh:inversePath :x ] ; sh:class :A"))
    assert names(model, "A") == []


def test_a_shape_without_range_makes_no_field(model: Model) -> None:
    assert "inScheme" not in names(model, "Genre")


def test_shapes_of_a_path_are_merged() -> None:
    prop = only_field(
        'late sh:path :x ; sh:order 2 ; sh:name "second"@en ; sh:minCount 1',
        'x sh:path :x ; sh:order 1 ; sh:name "first"@en ; sh:datatype xsd:string ; sh:group s:g',
        "last sh:path :x ; sh:order 3 ; sh:maxCount 1 ; sh:minCount 0",
    )
    assert (prop.labels, prop.order, prop.group) == ({"en": "first"}, 1, SHAPE + "g")
    assert (prop.minimum, prop.maximum) == (1, 1)
    assert prop.shape == SHAPE + "A-x"


@pytest.mark.parametrize(
    "mark", ["sh:severity sh:Warning", "sh:severity sh:Info", "sh:deactivated true"]
)
def test_what_is_no_violation_does_not_count(mark: str) -> None:
    prop = only_field(
        "x sh:path :x ; sh:datatype xsd:string", f"y sh:path :x ; sh:maxCount 1 ; {mark}"
    )
    assert prop.maximum is None


@pytest.mark.parametrize(
    ("given", "datatype", "targets"),
    [
        ("sh:datatype xsd:integer", XSD + "integer", ()),
        ("sh:datatype rdf:langString", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", ()),
        ("sh:nodeKind sh:IRI", XSD + "anyURI", ()),
        ("sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYear ] )", XSD + "string", ()),
        ("sh:class :A", None, (NS + "A",)),
        ("sh:class :A ; sh:nodeKind sh:IRI", None, (NS + "A",)),
        ("sh:or ( [ sh:class :B ] [ sh:class :A ] )", None, (NS + "A", NS + "B")),
    ],
)
def test_range(given: str, datatype: str | None, targets: tuple[str, ...]) -> None:
    model = model_of(a_class("A", "", f"x sh:path :x ; {given}") + a_class("B"))
    (prop,) = model.named("A").properties
    assert (prop.datatype, prop.targets) == (datatype, targets)


@pytest.mark.parametrize(
    ("given", "single", "required"),
    [
        ("sh:datatype xsd:string", False, False),
        ("sh:datatype xsd:string ; sh:maxCount 1", True, False),
        ("sh:datatype xsd:string ; sh:maxCount 2", False, False),
        ("sh:datatype rdf:langString ; sh:uniqueLang true", True, False),
        ("sh:datatype xsd:string ; sh:minCount 1", False, True),
        ("sh:datatype xsd:string ; sh:minCount 1 ; dash:readOnly true", False, False),
    ],
)
def test_cardinality(given: str, single: bool, required: bool) -> None:
    prop = only_field(f"x sh:path :x ; {given}")
    assert (prop.single, prop.required) == (single, required)


def test_marks() -> None:
    prop = only_field("x sh:path :x ; sh:class :A ; ij:bounded true ; dash:readOnly true")
    assert (prop.bounded, prop.read_only) == (True, True)
    prop = only_field("x sh:path :x ; sh:class :A ; ij:bounded false")
    assert (prop.bounded, prop.read_only) == (False, False)


def test_fields_without_order_come_last() -> None:
    model = model_of(
        a_class("A", "", f"x sh:path :x ; {STRING}", f"y sh:path :y ; {STRING} ; sh:order 3.5")
    )
    assert names(model, "A") == ["y", "x"]


def test_a_subclass_may_narrow_a_link_and_require_a_value() -> None:
    """The field keeps the type of its first declaration, so that the interface holds."""
    model = model_of(
        a_class("T", ABSTRACT)
        + a_class("U", "; rdfs:subClassOf :T ")
        + a_class("A", ABSTRACT, "x sh:path :x ; sh:class :T ; sh:maxCount 1")
        + a_class(
            "B",
            "; rdfs:subClassOf :A ",
            "x sh:path :x ; sh:class :U ; sh:maxCount 1 ; sh:minCount 1",
        )
    )
    prop = model.named("B").field("x")
    assert (prop.targets, prop.minimum, prop.owner) == ((NS + "T",), 0, NS + "A")


def test_schemes(model: Model) -> None:
    genres = model.schemes[LIB + "Genre"]
    assert genres.closed
    assert genres.iri == "https://example.org/library/vocab/genre"
    codes = {concept.iri.rpartition("/")[2]: concept.code for concept in genres.concepts}
    assert codes["fairy-tale"] == "FAIRY_TALE"
    assert codes["novel"] == "NOVEL"
    novel = next(c for c in genres.concepts if c.code == "NOVEL")
    assert (novel.labels["it"], novel.definitions) == ("romanzo", {"en": "Long fiction."})


def test_codes_of_an_open_scheme_are_as_they_are(model: Model) -> None:
    topics = model.schemes[LIB + "Topic"]
    assert not topics.closed
    assert "court-life" in {concept.code for concept in topics.concepts}


# What is refused: each message names both places

DIFFERS = {
    "name": 'sh:datatype xsd:string ; sh:maxCount 1 ; ij:fieldName "y"',
    "one or many": "sh:datatype xsd:string",
    "datatype": "sh:datatype xsd:integer ; sh:maxCount 1",
    "derived": "sh:datatype xsd:string ; sh:maxCount 1 ; dash:readOnly true",
    "bounded": "sh:datatype xsd:string ; sh:maxCount 1 ; ij:bounded true",
}
REFUSED: dict[str, Callable[[], tuple[str, tuple[str, ...]]]] = {
    "subclass of a leaf": lambda: (
        a_class("A") + a_class("B", "; rdfs:subClassOf :A "),
        ("class A ", "(B)", "dash:abstract"),
    ),
    "two classes of one name": lambda: (
        a_class("A") + "<urn:other:A> a owl:Class . s:Other sh:targetClass <urn:other:A> .",
        (NS + "A", "urn:other:A", "'A'"),
    ),
    "a plural that is another's singular": lambda: (
        a_class("A", '; ij:pluralName "b" ') + a_class("B"),
        (NS + "A", NS + "B", "'b'", "ij:pluralName"),
    ),
    "a name that GraphQL can't have": lambda: (a_class("my-class"), (NS + "my-class", "rename")),
    "a plural that GraphQL can't have": lambda: (
        a_class("A", '; ij:pluralName "two words" '),
        (NS + "A", "two words", "ij:pluralName"),
    ),
    "two fields of one name": lambda: (
        a_class("A", "", f"x sh:path :x ; {STRING}", f'y sh:path :y ; {STRING} ; ij:fieldName "x"'),
        (SHAPE + "A-x", SHAPE + "A-y", "fields x"),
    ),
    "a field called id": lambda: (
        a_class("A", "", f"x sh:path :id ; {STRING}"),
        ("'id'", SHAPE + "A-x", "ij:fieldName"),
    ),
    "a field name that GraphQL can't have": lambda: (
        a_class("A", "", f'x sh:path :x ; {STRING} ; ij:fieldName "__x"'),
        ("'__x'", SHAPE + "A-x"),
    ),
    "a link to no class": lambda: (
        a_class("A", "", "x sh:path :x ; sh:class :Unserved"),
        (SHAPE + "A-x", NS + "Unserved", "sh:targetClass"),
    ),
    "a link to classes without leaves": lambda: (
        a_class("A", "", "x sh:path :x ; sh:or ( [ sh:class :B ] [ sh:class :C ] )")
        + a_class("B", ABSTRACT)
        + a_class("C", ABSTRACT),
        (SHAPE + "A-x", "leaf"),
    ),
    "classes below each other": lambda: (
        a_class("A", ABSTRACT + "; rdfs:subClassOf :B ")
        + a_class("B", ABSTRACT + "; rdfs:subClassOf :A "),
        (NS + "A", NS + "B", "rdfs:subClassOf"),
    ),
    "interfaces that disagree": lambda: (
        a_class("A", ABSTRACT, f"x sh:path :x ; {STRING}")
        + a_class("B", ABSTRACT, "x sh:path :x ; sh:datatype xsd:integer ; sh:maxCount 1")
        + a_class("C", "; rdfs:subClassOf :A, :B "),
        (SHAPE + "A-x", SHAPE + "B-x"),
    ),
    "interfaces that lead elsewhere": lambda: (
        a_class("A", ABSTRACT, "x sh:path :x ; sh:class :C")
        + a_class("B", ABSTRACT, "x sh:path :x ; sh:class :D")
        + a_class("C", "; rdfs:subClassOf :A, :B ")
        + a_class("D"),
        (SHAPE + "A-x", SHAPE + "B-x"),
    ),
    "a subclass that requires less": lambda: (
        a_class("A", ABSTRACT, f"x sh:path :x ; {STRING} ; sh:minCount 1")
        + a_class("B", "; rdfs:subClassOf :A ", f"x sh:path :x ; {STRING}"),
        (SHAPE + "A-x", SHAPE + "B-x", "sh:minCount"),
    ),
    "a count that is no number": lambda: (
        a_class("A", "", 'x sh:path :x ; sh:datatype xsd:string ; sh:maxCount "many"'),
        (SHAPE + "A-x", "'many'", "maxCount"),
    ),
    "two schemes of one class": lambda: (
        a_class("A") + "v:one ij:conceptClass :A . v:two ij:conceptClass :A .",
        ("vocab/one", "vocab/two", "ij:conceptClass"),
    ),
    "a closed scheme without concepts": lambda: (
        a_class("A") + "v:one ij:conceptClass :A ; ij:closed true .",
        ("vocab/one", "skos:inScheme"),
    ),
    "two concepts of one code": lambda: (
        a_class("A")
        + "v:one ij:conceptClass :A ; ij:closed true . v:a-b skos:inScheme v:one ."
        + "v:a_b skos:inScheme v:one .",
        ("vocab/a-b", "vocab/a_b", "A_B"),
    ),
    "a code that GraphQL can't have": lambda: (
        a_class("A")
        + "v:one ij:conceptClass :A ; ij:closed true . <urn:x:3d> skos:inScheme v:one .",
        ("urn:x:3d", "'3D'"),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    turtle, told = REFUSED[case]()
    with pytest.raises(InvalidInput) as refusal:
        model_of(turtle)
    for part in told:
        assert part in str(refusal.value)


@pytest.mark.parametrize("difference", DIFFERS)
def test_a_field_that_differs_in_a_subclass(difference: str) -> None:
    turtle = a_class("A", ABSTRACT, f"x sh:path :x ; {STRING}") + a_class(
        "B", "; rdfs:subClassOf :A ", f"x sh:path :x ; {DIFFERS[difference]}"
    )
    with pytest.raises(InvalidInput, match=r"A-x\) differs in B .*B-x") as refusal:
        model_of(turtle)
    assert "field x of A" in str(refusal.value)


def test_a_quoted_triple_is_refused() -> None:
    with pytest.raises(InvalidInput, match="quoted triple"):
        model_of(a_class("A") + ":A rdfs:seeAlso <<( :A :b :c )>> .")
