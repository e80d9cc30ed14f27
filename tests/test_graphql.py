"""GraphQL as its users see it, through Api.execute: what is answered, and what errors say."""

import logging
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kizuna.dataset.releases import Dataset
from kizuna.graphql.bindings import Connection
from kizuna.graphql.limits import Limits
from kizuna.graphql.schema import Answer, Api
from kizuna.model import Class
from tests.small import a_class, api_of

LIB = "https://example.org/library/"
FEW = (settings.default or settings()).max_examples // 4  # for what takes long
STRING = "sh:datatype xsd:string ; sh:maxCount 1"


def data(api: Api, query: str, *languages: str, **variables: object) -> Any:
    """The data of an operation that must go well."""
    payload = api.execute(query, variables, languages=languages).payload
    assert "errors" not in payload, payload["errors"]
    return payload["data"]


def error(answer: Answer) -> tuple[str, str, list[str | int] | None]:
    """Code, message and path of the only error."""
    (found,) = answer.payload["errors"]
    return found["extensions"]["code"], found["message"], found.get("path")


def refusal(answer: Answer) -> tuple[str, str]:
    """Code and message of the only error of an operation that was never executed."""
    assert not answer.executed
    assert "data" not in answer.payload
    assert "extensions" not in answer.payload
    code, message, path = error(answer)
    assert path is None
    return code, message


def ids(nodes: list[Mapping[str, str]]) -> list[str]:
    return [node["id"].rpartition("/")[2] for node in nodes]


# Refused before it runs


@pytest.mark.parametrize("query", ["{", "", "   ", "{ books ", '{ book(id: "x) { id } }'])
def test_no_document(library_api: Api, query: str) -> None:
    code, _ = refusal(library_api.execute(query))
    assert code == ("GRAPHQL_PARSE_FAILED" if query else "BAD_USER_INPUT")


def test_parse_error_says_where(library_api: Api) -> None:
    (found,) = library_api.execute("{\n  books(first: ) { id } }").payload["errors"]
    assert found["locations"] == [{"line": 2, "column": 16}]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("{ boks { totalCount } }", ("'boks'", "'books'")),
        ("{ books { nodes { titel } } }", ("'titel'", "'title'")),
        ("{ books(frist: 1) { totalCount } }", ("'frist'", "'first'")),
        ("{ books(filter: {pags: {eq: 1}}) { totalCount } }", ("'pags'", "'pages'")),
        ("{ books(orderBy: {field: PAGE}) { totalCount } }", ("'PAGE'", "'PAGES'")),
        ("{ books(filter: {pages: {eq: 1.5}}) { totalCount } }", ("non-integer", "1.5")),
        ("{ loans(filter: {start: {eq: 2025}}) { totalCount } }", ("Date", "2025")),
        ('{ loans(filter: {start: {eq: "2025-13-01"}}) { totalCount } }', ("Date", "2025-13-01")),
        ("{ books }", ("'books'", "subfields")),
        ("mutation { x }", ("mutation",)),
        ("{ ...F } fragment F on Query { ...F }", ("'F'", "itself")),
    ],
)
def test_not_valid(library_api: Api, query: str, told: tuple[str, ...]) -> None:
    code, message = refusal(library_api.execute(query))
    assert code == "GRAPHQL_VALIDATION_FAILED"
    for part in told:
        assert part in message


@pytest.mark.parametrize("variables", [{}, {"first": None}, {"first": "one"}, {"first": 2**31}])
def test_variables_that_do_not_fit(library_api: Api, variables: Mapping[str, object]) -> None:
    query = "query ($first: Int!) { books(first: $first) { totalCount } }"
    code, message = refusal(library_api.execute(query, variables))
    assert code == "BAD_USER_INPUT"
    assert "$first" in message


def test_which_operation(library_api: Api) -> None:
    query = 'query A { __typename } query B { book(id: "kokoro") { id } }'
    assert library_api.execute(query, operation_name="A").payload["data"] == {"__typename": "Query"}
    assert set(library_api.execute(query, operation_name="B").payload["data"]) == {"book"}
    for wrong in (
        library_api.execute(query),
        library_api.execute(query, operation_name="C"),
        library_api.execute("query A { __typename }", operation_name="C"),
    ):
        code, message = refusal(wrong)
        assert code == "BAD_USER_INPUT"
        assert "operationName" in message
    none = refusal(library_api.execute("fragment F on Query { __typename }"))
    assert none[0] == "BAD_USER_INPUT"
    assert "give a document that holds one" in none[1]


# Limits


def limited(library: Dataset, **limits: int) -> Api:
    return Api(library, Limits(**limits))


def test_depth(library: Dataset) -> None:
    api = limited(library, depth=3)
    assert "errors" not in api.execute("{ books { nodes { id } } }").payload
    deep = "{ books { nodes { ...F } } } fragment F on Book { title { value } }"
    code, message = refusal(api.execute(deep))
    assert (code, "depth: 4, allowed: 3" in message) == ("LIMIT_EXCEEDED", True)


def test_aliases(library: Dataset) -> None:
    api = limited(library, aliases=2)
    assert "errors" not in api.execute("{ a: __typename b: __typename }").payload
    many = "{ a: __typename ...F ...F } fragment F on Query { b: __typename }"
    code, message = refusal(api.execute(many))
    assert (code, "aliases: 3, allowed: 2" in message) == ("LIMIT_EXCEEDED", True)


def test_tokens(library: Dataset) -> None:
    api = limited(library, tokens=10)
    assert "errors" not in api.execute("{ books { totalCount } }").payload
    code, _ = refusal(api.execute("{ books { nodes { id title { value } } totalCount } }"))
    assert code == "LIMIT_EXCEEDED"


def test_page_size(library: Dataset) -> None:
    api = limited(library, page=3)
    for name in ("first", "last"):
        answer = api.execute(f"{{ books({name}: 4) {{ totalCount }} }}")
        code, message, path = error(answer)
        assert (code, path) == ("LIMIT_EXCEEDED", ["books"])
        assert f"{name} is 4, the largest page holds 3" in message
        assert answer.payload["data"] is None
    assert len(data(api, "{ books { nodes { id } } }")["books"]["nodes"]) == 3


def test_conditions(library: Dataset) -> None:
    """Over all filters of an operation; those of a list count once."""
    api = limited(library, conditions=20)
    query = "query ($f: BookFilter) { a: books(filter: $f) { totalCount } %s }"
    some: dict[str, Any] = {"or": [{"pages": {"eq": n}} for n in range(4)]}
    many = {"pages": {"in": list(range(1000))}}
    assert "errors" not in api.execute(query % "", {"f": some}).payload
    assert "errors" not in api.execute(query % "", {"f": many}).payload
    twice = query % "b: books(filter: $f) { totalCount }"
    code, message, path = error(api.execute(twice, {"f": some}))
    assert (code, path, "max_conditions" in message) == ("LIMIT_EXCEEDED", ["b"], True)


LONG = 30_000
HOSTILE: dict[str, dict[str, Any]] = {
    "many values": {"f": {"title": {"in": [f"x{n}" for n in range(LONG)]}}},
    "many numbers": {"f": {"pages": {"in": list(range(LONG))}}},
    "many ids": {"f": {"id": {"in": [f"x{n}" for n in range(LONG)]}}},
    "many parts": {"f": {"or": [{"pages": {"eq": n}} for n in range(LONG)]}},
    "many empty parts": {"f": {"and": [{}] * LONG}},
    "many orders": {"o": [{"field": "PAGES"}, {"field": "TITLE"}] * LONG},
    "many languages": {"l": [f"x{n}" for n in range(LONG)], "o": [{"field": "TITLE"}]},
}


@pytest.mark.parametrize("case", HOSTILE)
def test_long_lists_do_no_harm(library_api: Api, case: str) -> None:
    """Written into a query naively, each of these ended the process or took minutes."""
    query = """query ($f: BookFilter, $o: [BookOrder!], $l: [String!]) {
        books(filter: $f, orderBy: $o, lang: $l) { totalCount }
    }"""
    payload = library_api.execute(query, HOSTILE[case]).payload
    codes = [found["extensions"]["code"] for found in payload.get("errors", ())]
    fine = {"many values", "many numbers", "many ids", "many orders"}
    assert codes == ([] if case in fine else ["LIMIT_EXCEEDED"])


@pytest.mark.parametrize("depth", [300, 100_000])
def test_deep_nesting_does_no_harm(library_api: Api, depth: int) -> None:
    for query in (
        "{ a" * depth + "}" * depth,
        "{ books(filter: " + "{not: " * depth + "{}" + "}" * depth + ") { totalCount } }",
        "{ books(filter: {and: " + "[" * depth + "]" * depth + "}) { totalCount } }",
    ):
        assert not library_api.execute(query).executed
    nested: dict[str, Any] = {}
    for _ in range(depth):
        nested = {"not": nested}
    query = "query ($f: BookFilter) { books(filter: $f) { totalCount } }"
    assert not library_api.execute(query, {"f": nested}).executed


# Identifiers


@pytest.mark.parametrize("given_id", [f"{LIB}id/kokoro", "kokoro"])
def test_full_and_short_ids(library_api: Api, given_id: str) -> None:
    query = "query ($id: ID!) { book(id: $id) { id } node(id: $id) { __typename } }"
    assert data(library_api, query, id=given_id) == {
        "book": {"id": f"{LIB}id/kokoro"},
        "node": {"__typename": "Book"},
    }


@pytest.mark.parametrize("given_id", ["FAIRY_TALE", "fairy-tale", f"{LIB}vocab/genre/fairy-tale"])
def test_concepts_by_code(library_api: Api, given_id: str) -> None:
    query = "query ($id: ID!) { genre(id: $id) { id code } }"
    found = {"id": f"{LIB}vocab/genre/fairy-tale", "code": "FAIRY_TALE"}
    assert data(library_api, query, id=given_id)["genre"] == found


@pytest.mark.parametrize("operand", ["court-life", f"{LIB}vocab/topic/court-life"])
def test_filter_by_a_concept_of_an_open_scheme(library_api: Api, operand: str) -> None:
    query = "query ($c: ID) { books(filter: {topics: {eq: $c}}) { nodes { id topics { code } } } }"
    (book,) = data(library_api, query, c=operand)["books"]["nodes"]
    assert book == {"id": f"{LIB}id/genji", "topics": [{"code": "court-life"}]}


def test_filter_by_a_concept_of_a_closed_scheme(library_api: Api) -> None:
    query = "{ items(filter: {genre: {in: [POETRY, OPERA]}}) { nodes { id genre { code } } } }"
    found = data(library_api, query)["items"]["nodes"]
    assert ids(found) == ["boheme", "comedy", "comedy-aloud"]
    assert [item["genre"]["code"] for item in found] == ["OPERA", "POETRY", "POETRY"]


def test_unknown_id(library_api: Api) -> None:
    answer = library_api.execute('{ book(id: "nobody") { id } branch(id: "hill") { id } }')
    assert answer.payload["data"] == {"book": None, "branch": {"id": f"{LIB}id/hill"}}
    code, message, path = error(answer)
    assert (code, path) == ("NOT_FOUND", ["book"])
    assert f"no Book has the identifier <{LIB}id/nobody>" in message
    assert answer.payload["errors"][0]["locations"] == [{"line": 1, "column": 3}]


def test_id_of_something_else(library_api: Api) -> None:
    answer = library_api.execute('{ book(id: "review-1") { id } printed(id: "review-1") { id } }')
    assert answer.payload["data"] == {"book": None, "printed": {"id": f"{LIB}id/review-1"}}
    code, message, _ = error(answer)
    assert code == "NOT_FOUND"
    assert message == f"no Book has the identifier <{LIB}id/review-1>: it is of type Magazine"


def test_some_unknown_ids(library_api: Api) -> None:
    answer = library_api.execute('{ nodes(ids: ["kokoro", "nobody", "hill"]) { __typename } }')
    assert answer.payload["data"]["nodes"] == [
        {"__typename": "Book"},
        None,
        {"__typename": "Branch"},
    ]
    code, message, path = error(answer)
    assert (code, path) == ("NOT_FOUND", ["nodes", 1])
    assert message.startswith("nothing has the identifier")


@given(text=st.text() | st.from_regex(r"[a-z:/#\[\]%. ]{0,8}"))
def test_any_text_as_id(library_api: Api, text: str) -> None:
    query = """query ($id: ID!) {
        book(id: $id) { id }
        books(filter: {authors: {some: {id: {ne: $id}}}}) { totalCount }
    }"""
    payload = library_api.execute(query, {"id": text}).payload
    codes = {found["extensions"]["code"] for found in payload.get("errors", ())}
    assert codes <= {"NOT_FOUND", "BAD_USER_INPUT"}


def test_no_identifier(library_api: Api) -> None:
    answer = library_api.execute('{ book(id: "a b") { id } branch(id: "hill") { id } }')
    assert answer.payload["data"] == {"book": None, "branch": {"id": f"{LIB}id/hill"}}
    code, message, path = error(answer)
    assert (code, path) == ("BAD_USER_INPUT", ["book"])
    assert "'a b' is no identifier" in message
    assert "last part" in message


# What can't be asked is told at its field


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("first: -1", "first is -1"),
        ("last: -1", "last is -1"),
        ("first: 1, last: 1", "first can't go with last"),
        ("last: 1, after: $c", "after can't go with last"),
        ("first: 1, before: $c", "before can't go with first"),
        ("before: $c, after: $c", "after can't go with last or before"),
        ('after: "nonsense"', "'nonsense' is no cursor"),
        ('after: "é"', "is no cursor"),
        ('before: "W10"', "is no cursor"),
        ("after: $c, filter: {pages: {gt: 1}}", "belongs to another list, filter"),
        ("after: $c, orderBy: [{field: PAGES}]", "belongs to another list, filter, order"),
        ('filter: {id: {eq: "a b"}}', "is no identifier"),
    ],
)
def test_arguments_that_cannot_be_used(library_api: Api, arguments: str, told: str) -> None:
    """The rest of the answer stands; at the root, where nothing may be null, nothing does."""
    query = """{
        books(first: 1) { pageInfo { endCursor } }
        author(id: "soseki") { works(first: 1) { pageInfo { endCursor } } }
    }"""
    found = data(library_api, query)
    cursor = found["books"]["pageInfo"]["endCursor"]
    cursor_of_works = found["author"]["works"]["pageInfo"]["endCursor"]
    declared = "query ($c: String) " if "$c" in arguments else ""
    query = f"""{declared}{{
        author(id: "soseki") {{ works({arguments}) {{ totalCount }} }}
        branch(id: "hill") {{ id }}
    }}"""
    answer = library_api.execute(query, {"c": cursor_of_works})
    assert answer.payload["data"] == {"author": None, "branch": {"id": f"{LIB}id/hill"}}
    code, message, path = error(answer)
    assert (code, path) == ("BAD_USER_INPUT", ["author", "works"])
    assert told in message

    query = f"{declared}{{ books({arguments}) {{ totalCount }} }}"
    at_root = library_api.execute(query, {"c": cursor})
    assert at_root.payload["data"] is None
    assert error(at_root)[2] == ["books"]


def test_an_argument_of_nothing_that_is_there_is_no_fault(library_api: Api) -> None:
    query = """{ book(id: "kokoro") {
        translations { nodes { translations(first: -1) { totalCount } } }
    } }"""
    assert data(library_api, query)["book"] == {"translations": {"nodes": []}}


def test_null_for_what_may_not_be_null(library_api: Api) -> None:
    query = 'query ($id: ID = "kokoro") { book(id: $id) { id } branch(id: "hill") { __typename } }'
    assert data(library_api, query)["book"] == {"id": f"{LIB}id/kokoro"}
    answer = library_api.execute(query, {"id": None})
    assert answer.payload["data"] == {"book": None, "branch": {"__typename": "Branch"}}
    assert (error(answer)[0], error(answer)[2]) == ("BAD_USER_INPUT", ["book"])


def test_a_cursor_of_another_release(library: Dataset, library_api: Api) -> None:
    query = "query ($c: String) { books(first: 1, after: $c) { pageInfo { endCursor } } }"
    cursor = data(library_api, query)["books"]["pageInfo"]["endCursor"]
    other = api_of(a_class("A", '; ij:pluralName "books" '))
    code, message, _ = error(other.execute(query, {"c": cursor}))
    assert (code, "release" in message) == ("BAD_USER_INPUT", True)


def cursor_of(api: Api, owner: str) -> str:
    query = f'{{ author(id: "{owner}") {{ works(first: 1) {{ pageInfo {{ endCursor }} }} }} }}'
    end: str = data(api, query)["author"]["works"]["pageInfo"]["endCursor"]
    return end


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("authors(after: $c) { totalCount }", ["authors"]),
        ("items(after: $c) { totalCount }", ["items"]),
        ('author(id: "soseki") { works(after: $c) { nodes { id } } }', ["author", "works"]),
    ],
)
def test_a_cursor_of_another_list(library_api: Api, query: str, path: list[str]) -> None:
    """Of the same order and filter, and even of what holds the same items."""
    root = "{ books(first: 1) { pageInfo { endCursor } } }"
    cursor = data(library_api, root)["books"]["pageInfo"]["endCursor"]
    answer = library_api.execute(f"query ($c: String) {{ {query} }}", {"c": cursor})
    code, message, where = error(answer)
    assert (code, where) == ("BAD_USER_INPUT", path)
    assert "another list" in message
    assert "start again without a cursor" in message


@pytest.mark.parametrize("arguments", ["after: $c", "after: $c, orderBy: {field: ID}"])
def test_a_cursor_of_another_items_list(library_api: Api, arguments: str) -> None:
    query = "query ($id: ID!, $c: String) { node(id: $id) { ... on Author { works(%s) {"
    query = query % arguments + " nodes { id } pageInfo { endCursor } } } } }"
    first = query.replace("{ works(", "{ works(first: 1, ")
    taken = data(library_api, first, id="soseki", c=None)["node"]["works"]["pageInfo"]["endCursor"]
    assert data(library_api, query, id="soseki", c=taken)["node"]["works"]["nodes"]
    answer = library_api.execute(query, {"id": "collodi", "c": taken})
    code, message, path = error(answer)
    assert (code, path) == ("BAD_USER_INPUT", ["node", "works"])
    assert f"not of <{LIB}id/collodi>" in message


def test_a_cursor_of_one_item_given_to_several(library_api: Api) -> None:
    query = """query ($c: String) { nodes(ids: ["soseki", "collodi"]) {
        id ... on Author { works(after: $c) { nodes { id } } }
    } }"""
    answer = library_api.execute(query, {"c": cursor_of(library_api, "soseki")})
    its_own, other = answer.payload["data"]["nodes"]
    assert its_own["works"]["nodes"]
    assert other is None
    assert error(answer)[2] == ["nodes", 1, "works"]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("{ books { id } }", "Did you mean 'nodes { id }'?"),
        ("{ books { edges { title } } }", "Did you mean 'node { title }'?"),
        ("{ books { groupBy(keys: TYPE) { genre } } }", "There are: "),
        ("{ items { groupBy(keys: TYPE) { genre } } }", "Did you mean 'keys { genre }'?"),
        ("{ books { nowhere } }", "on type 'BookConnection'."),
        ("{ books(orderBy: PAGES) { totalCount } }", "Did you mean { field: PAGES }?"),
        ('{ books(orderBy: "PAGES") { totalCount } }', "Did you mean { field: PAGES }?"),
        ('{ books(filter: {title: "Kokoro"}) { totalCount } }', 'Did you mean { eq: "Kokoro" }?'),
        (
            '{ books(filter: {authors: "soseki"}) { totalCount } }',
            'Did you mean { any: "soseki" }?',
        ),
        ("{ items(filter: {genre: OPERA}) { totalCount } }", "Did you mean { eq: OPERA }?"),
        ('{ books(filter: "kokoro") { totalCount } }', 'to be an object, found: "kokoro".'),
        ("{ books(filter: {pages: {above: 1}}) { totalCount } }", "There are: eq, ne, in, lt, "),
        ("{ books(orderBy: {field: COLOUR}) { totalCount } }", "There are: ID, "),
        (
            "{ books(orderBy: {field: PAGE}) { totalCount } }",
            "Did you mean the enum value 'PAGES'?",
        ),
        ("mutation { x }", "this one has none"),
    ],
)
def test_errors_show_the_way_out(library_api: Api, query: str, told: str) -> None:
    found = library_api.execute(query).payload["errors"]
    assert any(told in each["message"] for each in found), found
    assert {each["extensions"]["code"] for each in found} == {"GRAPHQL_VALIDATION_FAILED"}
    assert all(each["locations"] for each in found)


def test_variables_show_the_way_out(library_api: Api) -> None:
    query = "query ($f: BookFilter) { books(filter: $f) { totalCount } }"
    code, message = refusal(library_api.execute(query, {"f": {"title": "Kokoro"}}))
    assert code == "BAD_USER_INPUT"
    assert "Did you mean { eq: 'Kokoro' }?" in message
    _, message = refusal(library_api.execute(query, {"f": {"title": {"like": "Kokoro"}}}))
    assert "There are: eq, ne, in, contains" in message


@pytest.mark.parametrize(
    ("query", "name", "told"),
    [
        ("query A { a: __typename } query B { a: __typename }", None, "operations (A, B); name"),
        ("query A { a: __typename } query B { a: __typename }", "C", "no operation C"),
        ("{ __typename }", "C", "the document's operation has no name"),
    ],
)
def test_an_operation_that_is_not_there(
    library_api: Api, query: str, name: str | None, told: str
) -> None:
    code, message = refusal(library_api.execute(query, operation_name=name))
    assert code == "BAD_USER_INPUT"
    assert told in message


@pytest.mark.parametrize(
    "query",
    [
        '{ book(id: "") { id } }',
        '{ node(id: "") { id } }',
        '{ books(filter: {id: {in: ["kokoro", ""]}}) { totalCount } }',
    ],
)
def test_an_identifier_is_not_empty(library_api: Api, query: str) -> None:
    code, message, _ = error(library_api.execute(query))
    assert (code, "can't be empty" in message) == ("BAD_USER_INPUT", True)


# Data that isn't as validation guarantees it

HOLED = a_class(
    "Part",
    "",
    f"name sh:path :name ; {STRING} ; sh:minCount 1",
    "of sh:path :of ; sh:class :Whole ; sh:maxCount 1 ; sh:minCount 1",
    "n sh:path :n ; sh:datatype xsd:integer ; sh:maxCount 1",
    "x sh:path :x ; sh:datatype xsd:double",
) + a_class(
    "Whole",
    "",
    'parts sh:path [ sh:inversePath :of ] ; sh:class :Part ; ij:fieldName "parts"',
    "main sh:path :main ; sh:class :Part ; sh:maxCount 1",
    "few sh:path :few ; sh:class :Part ; ij:bounded true",
)


@pytest.fixture(scope="module")
def holed_api() -> Api:
    return api_of(
        HOLED,
        """
        id:whole a :Whole ; :main id:nameless ; :few id:good, id:nameless .
        id:sound a :Whole ; :main id:good ; :few id:good .
        id:astray a :Whole ; :main id:whole ; :few id:nowhere .
        id:good a :Part ; :name "good" ; :of id:sound .
        id:nameless a :Part ; :of id:whole .
        id:lost a :Part ; :name "lost" ; :n 3000000000 .
        id:wrong a :Part ; :name "wrong" ; :of id:sound ; :n "many"^^xsd:integer ;
            :x 1.5e0, "NaN"^^xsd:double .
        """,
    )


def test_null_rises_to_the_nearest_nullable_field(holed_api: Api) -> None:
    query = '{ whole(id: "whole") { id main { id name } } }'
    answer = holed_api.execute(query)
    assert answer.payload["data"]["whole"]["main"] is None
    assert answer.payload["data"]["whole"]["id"].endswith("whole")
    code, message, path = error(answer)
    assert (code, path) == ("INTERNAL_SERVER_ERROR", ["whole", "main", "name"])
    assert "has no name, which every Part must have" in message


@pytest.mark.parametrize(
    ("selection", "path"),
    [
        ("few { name }", ["few", 1, "name"]),
        ("parts { nodes { name } }", ["parts", "nodes", 0, "name"]),
        ("parts { edges { node { name } } }", ["parts", "edges", 0, "node", "name"]),
        ("parts { nodes { of { few { name } } } }", ["parts", "nodes", 0, "of", "few", 1, "name"]),
    ],
)
def test_null_rises_through_lists(holed_api: Api, selection: str, path: list[str | int]) -> None:
    answer = holed_api.execute(f'{{ w: whole(id: "whole") {{ id {selection} }} __typename }}')
    assert answer.payload["data"] == {"w": None, "__typename": "Query"}
    assert error(answer)[2] == ["w", *path]


def test_null_rises_to_the_root(holed_api: Api) -> None:
    answer = holed_api.execute("{ parts { nodes { name } } }")
    assert answer.executed
    assert answer.payload["data"] is None


def test_a_link_that_is_missing(holed_api: Api) -> None:
    answer = holed_api.execute('{ part(id: "lost") { name of { id } } }')
    assert answer.payload["data"] == {"part": None}
    assert error(answer)[2] == ["part", "of"]


@pytest.mark.parametrize("field", ["main", "few"])
def test_a_link_to_something_else(holed_api: Api, field: str) -> None:
    answer = holed_api.execute(f'{{ whole(id: "astray") {{ {field} {{ id }} }} }}')
    code, message, path = error(answer)
    assert code == "INTERNAL_SERVER_ERROR"
    assert f"none of what `{field}` may lead to" in message
    assert path == ["whole", "main"] if field == "main" else ["whole", "few", 0]


@pytest.mark.parametrize(
    ("part", "field", "told"),
    [("lost", "n", "3000000000"), ("wrong", "n", "many"), ("wrong", "x", "nan")],
)
def test_a_value_that_its_type_cannot_hold(
    holed_api: Api, part: str, field: str, told: str
) -> None:
    answer = holed_api.execute(f'{{ part(id: "{part}") {{ {field} }} }}')
    code, message, path = error(answer)
    assert (code, path) == ("INTERNAL_SERVER_ERROR", ["part", field])
    assert told in message


def test_faults_of_ours_are_masked_and_recorded(
    library: Dataset, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("kizuna.graphql.running.Fetcher.fetch", fail)
    with caplog.at_level(logging.ERROR):
        answer = Api(library).execute("{ books { totalCount } }")
    code, message, _ = error(answer)
    assert code == "INTERNAL_SERVER_ERROR"
    assert "secret" not in str(answer.payload)
    assert "recorded" in message
    assert "secret" in caplog.text


# Languages

TITLES = "{ books(orderBy: {field: TITLE}) { nodes { title { value language } } } }"


def titles(api: Api, query: str, *languages: str) -> list[str]:
    return [node["title"]["value"] for node in data(api, query, *languages)["books"]["nodes"]]


@pytest.mark.parametrize(
    ("languages", "expected"),
    [
        ((), ("Kokoro", "en")),
        (("it",), ("Il cuore delle cose", "it")),
        (("fr", "ja", "it"), ("こころ", "ja")),
        (("fr",), ("Kokoro", "en")),
        (("JA",), ("こころ", "ja")),
    ],
)
def test_languages_of_the_reader(
    library_api: Api, languages: tuple[str, ...], expected: tuple[str, str]
) -> None:
    query = '{ book(id: "kokoro") { title { value language } } }'
    value, language = expected
    found = data(library_api, query, *languages)["book"]["title"]
    assert found == {"value": value, "language": language}


def test_lang_goes_before_the_reader_and_below(library_api: Api) -> None:
    query = """{ author(id: "soseki", lang: "ja") {
        name { value }
        works { nodes { title { value } it: title(lang: ["it"]) { value } } }
    } }"""
    found = data(library_api, query, "en")["author"]
    assert found["name"] == {"value": "夏目漱石"}
    assert found["works"]["nodes"] == [
        {"title": {"value": "坊っちゃん"}, "it": {"value": "Il signorino"}},
        {"title": {"value": "こころ"}, "it": {"value": "Il cuore delle cose"}},
    ]


def test_where_a_language_lacks_there_is_another(library_api: Api) -> None:
    query = '{ a: book(id: "pinocchio", lang: "ja") { title { language } } }'
    assert data(library_api, query)["a"]["title"] == {"language": "it"}


def test_several_texts_of_one_language(library_api: Api) -> None:
    query = """{ book(id: "kokoro") {
        en: otherTitles { value } ja: otherTitles(lang: "ja") { value }
    } }"""
    assert data(library_api, query)["book"] == {
        "en": [{"value": "Heart"}, {"value": "The Heart of Things"}],
        "ja": [{"value": "心"}],
    }


def test_order_is_that_of_the_text_shown(library_api: Api) -> None:
    assert titles(library_api, TITLES) == sorted(titles(library_api, TITLES))
    italian = titles(library_api, TITLES, "it")
    assert italian[0] == "Divina Commedia"
    assert italian == sorted(italian)


@pytest.mark.parametrize("languages", [["it", *map(str, range(20))], ["i" * 101]])
@pytest.mark.parametrize(
    ("query", "path"),
    [
        ('query ($l: [String!]) { book(id: "kokoro") { title(lang: $l) { value } } }', "title"),
        ('query ($l: [String!]) { book(id: "kokoro", lang: $l) { title { value } } }', None),
    ],
)
def test_more_languages_than_anybody_reads(
    library_api: Api, languages: list[str], query: str, path: str | None
) -> None:
    code, message, where = error(library_api.execute(query, {"l": languages}))
    assert (code, where) == ("LIMIT_EXCEEDED", ["book", *([path] if path else [])])
    assert "lang takes at most 20 languages" in message
    data(library_api, query, l=languages[:-1])


def test_a_fragment_on_two_levels_leaves_what_stands_beside_it(library_api: Api) -> None:
    """The same item is reached twice: alone the fragment asks for less than with the rest."""
    rest = "works(first: 1) { totalCount pageInfo { hasNextPage } edges { cursor } %s }"
    within = rest % "nodes { authors { nodes { ...A } } }"
    fragment = "fragment A on Author { works(first: 1) { nodes { id } } }"
    found = data(library_api, f'{{ author(id: "soseki") {{ ...A {within} }} }} {fragment}')
    whole = data(library_api, f'{{ author(id: "soseki") {{ {rest % ""} }} }}')
    assert whole["author"]["works"]["totalCount"] > 1
    assert whole["author"]["works"].items() <= found["author"]["works"].items()


def test_a_fragment_read_in_two_languages(library_api: Api) -> None:
    """The same fields in the document are ordered for each reader apart."""
    query = """
    { en: authors { ...A } it: authors(lang: "it") { ...A } }
    fragment A on AuthorConnection { nodes {
        works(orderBy: {field: TITLE, direction: DESC}, first: 1) {
            nodes { title { value } } pageInfo { endCursor }
        }
    } }"""
    found = data(library_api, query)
    for language, expected in (
        ("en", ["The Adventures of Pinocchio", "Divine Comedy", "The Tale of Genji", "Kokoro"]),
        ("it", ["ピノッキオの冒険", "Divina Commedia", "La storia di Genji", "Il signorino"]),
    ):
        pages = [author["works"] for author in found[language]["nodes"]]
        first = [page["nodes"][0]["title"]["value"] for page in pages]
        assert set(first) <= {*expected, "ピノッキオの冒険"}, language
        assert expected[3] in first
    cursors = [
        [author["works"]["pageInfo"]["endCursor"] for author in found[name]["nodes"]]
        for name in ("en", "it")
    ]
    assert not set(cursors[0]) & set(cursors[1])


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ('{contains: "cuore"}', ["kokoro"]),
        ('{contains: "cuore", lang: "en"}', []),
        ('{startsWith: "The", lang: "en"}', ["genji", "pinocchio-en"]),
        ("{exists: false}", []),
        ('{exists: false, lang: "en"}', ["pinocchio", "pinocchio-ja"]),
        ('{exists: true, lang: "it"}', ["botchan", "comedy", "genji", "kokoro", "pinocchio"]),
    ],
)
def test_filters_on_texts(library_api: Api, condition: str, expected: list[str]) -> None:
    query = f"{{ books(filter: {{title: {condition}}}) {{ nodes {{ id }} }} }}"
    assert ids(data(library_api, query)["books"]["nodes"]) == expected


# Derived links, introspection, the report


def test_edges_of_derived_links_carry_their_facts(packaged_api: Api) -> None:
    query = """{ agreements(first: 50) { nodes { id parties {
        edges { node { id } facts { id __typename } }
    } } } }"""
    edges = [
        edge
        for agreement in data(packaged_api, query)["agreements"]["nodes"]
        for edge in agreement["parties"]["edges"]
    ]
    assert edges
    assert all(edge["facts"] for edge in edges)
    fact = edges[0]["facts"][0]
    query = "query ($id: ID!) { fact(id: $id) { claims { nodes { passages { id } } } } }"
    claims = data(packaged_api, query, id=fact["id"])["fact"]["claims"]["nodes"]
    assert claims
    assert all(claim["passages"] for claim in claims)


def test_introspection_beside_data(library_api: Api) -> None:
    query = """query ($name: String!) {
        x: __type(name: $name) { kind }
        books(first: 1) { nodes { x: __typename } }
        __schema { queryType { ...T } }
        none: __type(name: "Nobody") { kind }
        __typename
    } fragment T on __Type { name }"""
    found = data(library_api, query, name="Book")
    assert list(found.items()) == [
        ("x", {"kind": "OBJECT"}),
        ("books", {"nodes": [{"x": "Book"}]}),
        ("__schema", {"queryType": {"name": "Query"}}),
        ("none", None),
        ("__typename", "Query"),
    ]


def test_report(library: Dataset, library_api: Api) -> None:
    report = library_api.execute("{ books { totalCount } }").payload["extensions"]["kizuna"]
    release = {"number": library.release.number, "hash": library.release.hash}
    assert report["release"] == release
    assert report["storeQueries"] == 1
    nothing = library_api.execute("{ __typename }").payload["extensions"]["kizuna"]
    assert (nothing["storeQueries"], nothing["rowsRead"]) == (0, 0)


def test_cost_of_one_and_of_twenty(packaged_api: Api) -> None:
    """Three levels: the queries don't grow with the results, the rows do with what is returned."""
    query = """{ claims(first: %d) { nodes {
        id passages { id document { id label { value } } }
    } } }"""  # two operations: nothing of one is told again in the other
    one, twenty = (packaged_api.execute(query % n).payload for n in (1, 20))
    assert len(twenty["data"]["claims"]["nodes"]) == 20
    reports = [payload["extensions"]["kizuna"] for payload in (one, twenty)]
    assert reports[0]["storeQueries"] == reports[1]["storeQueries"]
    for payload, report in zip((one, twenty), reports, strict=True):
        assert report["rowsRead"] <= 6 * leaves(payload["data"]) + 20


def leaves(value: Any) -> int:
    """How many values an answer holds."""
    if isinstance(value, dict):
        return sum(map(leaves, value.values()))
    return sum(map(leaves, value)) if isinstance(value, list) else 1


# Pages


PLACES = {
    "root": "{ page: books(%s) { ...P } }",
    "root, ordered": "{ page: books(orderBy: {field: PAGES}, %s) { ...P } }",
    "below": '{ branch(id: "harbour") { page: items(%s) { ...P } } }',
    "below, ordered": """{ branch(id: "harbour") {
        page: items(orderBy: {field: TITLE}, %s) { ...P }
    } }""",
}
PAGE = """fragment P on %sConnection {
    totalCount edges { cursor node { id } } nodes { id }
    pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
}"""


def page_of(api: Api, place: str, arguments: str) -> Any:
    query = PLACES[place] % arguments + PAGE % ("Book" if "root" in place else "Item")
    found = data(api, query)
    return found["page"] if "page" in found else found["branch"]["page"]


@pytest.mark.parametrize("place", PLACES)
def test_each_page_from_each_place(library_api: Api, place: str) -> None:
    """Forward and backward, of sizes below, at and beyond what there is."""
    whole = page_of(library_api, place, "first: 100")["edges"]
    count = len(whole)
    assert count > 5
    for size in (0, 1, 2, count - 1, count, count + 1):
        for at, edge in enumerate(whole):
            page = page_of(library_api, place, f'first: {size}, after: "{edge["cursor"]}"')
            holds_page(page, whole, at + 1, min(at + 1 + size, count))
            page = page_of(library_api, place, f'last: {size}, before: "{edge["cursor"]}"')
            holds_page(page, whole, max(at - size, 0), at)
        page = page_of(library_api, place, f"first: {size}")
        holds_page(page, whole, 0, min(size, count))
        page = page_of(library_api, place, f"last: {size}")
        holds_page(page, whole, max(count - size, 0), count)


def holds_page(page: Any, whole: list[Any], start: int, end: int) -> None:
    """Whether the page is that slice of the whole, and says so."""
    assert page["edges"] == whole[start:end]
    assert page["nodes"] == [edge["node"] for edge in whole[start:end]]
    assert page["totalCount"] == len(whole)
    assert page["pageInfo"] == {
        "startCursor": whole[start]["cursor"] if start < end else None,
        "endCursor": whole[end - 1]["cursor"] if start < end else None,
        "hasNextPage": end < len(whole),
        "hasPreviousPage": start > 0,
    }


def test_what_has_no_value_is_last(library_api: Api) -> None:
    query = "{ books(orderBy: {field: PAGES, direction: %s}) { nodes { pages } } }"
    for direction in ("ASC", "DESC"):
        found = [n["pages"] for n in data(library_api, query % direction)["books"]["nodes"]]
        known = [pages for pages in found if pages is not None]
        assert known == sorted(known, reverse=direction == "DESC")
        assert found == [*known, None]


def orders(api: Api) -> Iterator[tuple[str, str]]:
    """Each plural field at the root with each of what it can be ordered by."""
    for (owner, name), binding in api.bindings.items():
        if owner == "Query" and isinstance(binding, Connection) and isinstance(binding.item, Class):
            enum: Any = api.core.type_map[f"{binding.item.name}OrderField"]
            yield from ((name, field) for field in enum.values)


def walk(api: Api, name: str, field: str, direction: str, size: int, *, back: bool) -> list[str]:
    """The ids of a whole connection, page by page."""
    size_name, place, edge = ("last", "before", "start") if back else ("first", "after", "end")
    order = f"orderBy: {{field: {field}, direction: {direction}}}"
    query = f"""query ($c: String) {{
        {name}({size_name}: {size}, {place}: $c, {order}) {{
            nodes {{ id }} pageInfo {{ c: {edge}Cursor hasPreviousPage hasNextPage }}
        }}
    }}"""
    found: list[str] = []
    cursor = None
    while True:
        page = data(api, query, c=cursor)[name]
        new = [node["id"] for node in page["nodes"]]
        assert new or not found
        found = [*new, *found] if back else [*found, *new]
        cursor = page["pageInfo"]["c"]
        if not page["pageInfo"]["hasPreviousPage" if back else "hasNextPage"]:
            return found


def holds_pages(api: Api, name: str, field: str, direction: str, size: int) -> None:
    """Whether pages of that size, forward and backward, make the whole connection."""
    query = (
        f"{{ {name}(first: 1000, orderBy: {{field: {field}, direction: {direction}}}) "
        "{ nodes { id } totalCount } }"
    )
    found = data(api, query)[name]
    whole = [node["id"] for node in found["nodes"]]
    assert len(whole) == len(set(whole)) == found["totalCount"]
    size = max(size, len(whole) // 5)
    for back in (False, True):
        assert walk(api, name, field, direction, size, back=back) == whole, (name, field)


def test_pages_make_the_whole_library(library_api: Api) -> None:
    """Of every class, in every order, in both directions."""
    for number, (name, field) in enumerate(orders(library_api)):
        for direction in ("ASC", "DESC"):
            holds_pages(library_api, name, field, direction, (1, 2, 3, 5, 8)[number % 5])


@settings(max_examples=FEW)
@given(choice=st.data(), direction=st.sampled_from(["ASC", "DESC"]), size=st.integers(1, 9))
def test_pages_make_the_whole(
    packaged_api: Api, choice: st.DataObject, direction: str, size: int
) -> None:
    name, field = choice.draw(st.sampled_from(list(orders(packaged_api))))
    holds_pages(packaged_api, name, field, direction, size)
