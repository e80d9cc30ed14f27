"""The schema: its SDL as a golden file, and what can't be made into one.

The golden files are what these commands print; no test writes them:

    kizuna sdl > tests/golden/schema.graphql
    kizuna sdl --ontology tests/library/ontology > tests/golden/library.graphql
"""

import gc
import re
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    ObjectTypeDefinitionNode,
    assert_valid_schema,
    build_schema,
    is_introspection_type,
    is_specified_directive,
    is_specified_scalar_type,
    parse,
    print_ast,
)

from kizuna.dataset.releases import Dataset
from kizuna.errors import InvalidInput
from kizuna.graphql.schema import Api
from tests.small import NS, SHAPE, a_class, api_of

GOLDEN = Path(__file__).parent / "golden"
STRING = "sh:datatype xsd:string ; sh:maxCount 1"
ONE_B = "sh:class :B ; sh:maxCount 1"
TEXT = "sh:datatype rdf:langString"


def changes(golden: str, sdl: str) -> str:
    """How the SDL differs from a golden file."""
    lines = (GOLDEN / golden).read_text(encoding="utf-8").splitlines()
    return "\n".join(unified_diff(lines, sdl.splitlines(), golden, "now", lineterm=""))


def test_sdl(packaged_api: Api) -> None:
    update = "kizuna sdl > tests/golden/schema.graphql"
    assert changes("schema.graphql", packaged_api.sdl) == "", f"if that is meant: {update}"


def test_library_sdl(library_api: Api) -> None:
    update = "kizuna sdl --ontology tests/library/ontology > tests/golden/library.graphql"
    assert changes("library.graphql", library_api.sdl) == "", f"if that is meant: {update}"


@pytest.mark.parametrize("name", ["packaged_api", "library_api"])
def test_sdl_is_a_valid_schema_that_says_what_everything_is(
    name: str, request: pytest.FixtureRequest
) -> None:
    api: Api = request.getfixturevalue(name)
    schema = build_schema(api.sdl)
    assert_valid_schema(schema)
    assert [name for name, about in parts(schema) if not about] == []


def test_what_can_be_changed_is_described_too(library: Dataset) -> None:
    api = Api(library, review=object())  # type: ignore[arg-type]  # never asked
    assert "type Mutation" in api.sdl
    assert [name for name, about in parts(build_schema(api.sdl)) if not about] == []


def parts(schema: GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    """All that a schema is made of, by name, with its description."""
    for type_ in schema.type_map.values():
        if not is_introspection_type(type_) and not is_specified_scalar_type(type_):
            yield type_.name, type_.description
            yield from parts_of(type_)
    for directive in schema.directives:
        if not is_specified_directive(directive):
            place = f"@{directive.name}"
            yield place, directive.description
            yield from (
                (f"{place}({a}:)", found.description) for a, found in directive.args.items()
            )


def parts_of(type_: GraphQLNamedType) -> Iterator[tuple[str, str | None]]:
    if isinstance(type_, GraphQLEnumType):
        yield from ((f"{type_.name}.{name}", v.description) for name, v in type_.values.items())
    if isinstance(type_, GraphQLInputObjectType):
        yield from ((f"{type_.name}.{name}", f.description) for name, f in type_.fields.items())
    if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
        for name, field in type_.fields.items():
            place = f"{type_.name}.{name}"
            yield place, field.description
            yield from ((f"{place}({a}:)", found.description) for a, found in field.args.items())


def sdl_of(ontology: str, name: str) -> str:
    """A type in the SDL of a small ontology, without descriptions."""
    definitions = parse(re.sub(r'"""[^"]*"""', "", api_of(ontology).sdl)).definitions
    types = [d for d in definitions if isinstance(d, ObjectTypeDefinitionNode)]
    (found,) = (d for d in types if d.name.value == name)
    return print_ast(found)


def test_forms_of_fields() -> None:
    ontology = a_class("B") + a_class(
        "A",
        "",
        f"a sh:path :a ; sh:order 1 ; {STRING}",
        f"b sh:path :b ; sh:order 2 ; {STRING} ; sh:minCount 1",
        "c sh:path :c ; sh:order 3 ; sh:datatype xsd:integer",
        f"d sh:path :d ; sh:order 4 ; {TEXT} ; sh:uniqueLang true ; sh:minCount 1",
        f"e sh:path :e ; sh:order 5 ; {TEXT}",
        f"f sh:path :f ; sh:order 6 ; {ONE_B} ; sh:minCount 1",
        "g sh:path :g ; sh:order 7 ; sh:class :B ; ij:bounded true",
        "h sh:path :h ; sh:order 8 ; sh:class :B",
        f"i sh:path :i ; sh:order 9 ; {ONE_B} ; sh:minCount 1 ; dash:readOnly true",
    )
    page = "first: Int, after: String, last: Int, before: String"
    assert sdl_of(ontology, "A") == "\n".join(
        (
            "type A implements Node {",
            "  id: ID!",
            "  a: String",
            "  b: String!",
            "  c: [Int!]!",
            "  d(lang: [String!]): Text!",
            "  e(lang: [String!]): [Text!]!",
            "  f: B!",
            "  g: [B!]!",
            f"  h({page}, filter: BFilter, orderBy: [BOrder!]): BConnection!",
            "  i: B",
            "}",
        )
    )


def test_making_a_schema_leaves_collection_as_it_was() -> None:
    assert gc.isenabled()
    with pytest.raises(InvalidInput):
        api_of(a_class("Text"))
    assert gc.isenabled()
    gc.disable()
    try:
        api_of(a_class("A"))
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_python_keywords_can_name_fields() -> None:
    api = api_of(
        a_class("A", "", f"x sh:path :class ; {STRING}", f"y sh:path :None ; {STRING}"),
        'id:a a :A ; :class "first" ; :None "nothing" .',
    )
    answer = api.execute('{ as(filter: {class: {eq: "first"}}) { nodes { class None } } }')
    assert answer.payload["data"] == {"as": {"nodes": [{"class": "first", "None": "nothing"}]}}


@pytest.mark.parametrize(
    ("ontology", "told"),
    [
        (a_class("Text"), (NS + "Text", "needs the name Text")),
        (a_class("Date"), (NS + "Date", "needs the name Date")),
        (a_class("A", '; ij:pluralName "nodes" '), (NS + "A", "nodes", "ij:pluralName")),
        (a_class("A") + a_class("AFilter"), ("AFilter", "Conditions on A", NS + "AFilter")),
        (
            a_class("A") + a_class("AEdge", "; skos:definition 'A side.'@en "),
            ("AEdge", "A side.", "An item of a page of A"),
        ),
        (
            a_class("A")
            + a_class("B", "", "x sh:path :x ; sh:or ( [ sh:class :A ] [ sh:class :B ] )")
            + a_class("BX"),
            (NS + "BX", "B.x"),
        ),
        (
            a_class("A", "", f"x sh:path :code ; {STRING}")
            + "v:one ij:conceptClass :A . v:a skos:inScheme v:one .",
            (SHAPE + "A-x", NS + "A", "field code"),
        ),
    ],
)
def test_names_that_the_schema_needs(ontology: str, told: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        api_of(ontology)
    for part in told:
        assert part in str(refusal.value)
