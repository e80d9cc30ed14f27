"""Plans kept from one operation to the next: nothing of one request may show in another."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse
from graphql.execution.values import VariableValues

from kizuna.dataset.releases import Dataset, Release, SingleRelease
from kizuna.graphql.checking import KEPT_CHARACTERS, Documents
from kizuna.graphql.compiling import Plans
from kizuna.graphql.limits import Limits
from kizuna.graphql.paces import QUICK, Paces
from kizuna.graphql.plan import ObjectPlan
from kizuna.graphql.preparing import (
    MOST_KEPT,
    OF_CHARACTER,
    Asked,
    Prepared,
    Preparing,
    Unfit,
)
from kizuna.graphql.schema import ANSWERED, Api

BOOK = "query ($id: ID!) { book(id: $id) { id title { value } } }"


def data(api: Api, query: str, *languages: str, **variables: object) -> Any:
    payload = api.execute(query, variables, languages=languages).payload
    assert "errors" not in payload, payload["errors"]
    return payload["data"]


def planned(plans: Plans, text: str, *languages: str, **values: object) -> ObjectPlan:
    document = parse(text)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    variables = VariableValues(sources={}, coerced=values)
    return plans.plan(text, document, operation, variables, languages)


def test_each_value_of_a_switch_selects_its_own(library_api: Api) -> None:
    query = """query ($skip: Boolean!, $more: Boolean! = false) {
      books { nodes { id @skip(if: $skip) ...T @include(if: $more) __typename } } }
      fragment T on Book { title { value } }"""
    for skip, more in [*product((True, False), (True, False))] * 2:
        expected = {"__typename"} | ({"title"} if more else set()) | (set() if skip else {"id"})
        books = data(library_api, query, skip=skip, more=more)["books"]["nodes"]
        assert all(set(book) == expected for book in books)
    books = data(library_api, query, skip=False)["books"]["nodes"]
    assert all(set(book) == {"id", "__typename"} for book in books)


def test_each_request_has_its_own_variables(library_api: Api) -> None:
    query = """query ($first: Int, $titles: [String!], $lang: [String!]) {
      books(first: $first, filter: {title: {in: $titles}}) {
        nodes { title(lang: $lang) { value } } }
    }"""
    for _ in range(2):
        assert len(data(library_api, query, first=2)["books"]["nodes"]) == 2
        found = data(library_api, query, titles=["Kokoro"], lang=["it"])["books"]["nodes"]
        assert found == [{"title": {"value": "Il cuore delle cose"}}]
        found = data(library_api, query, titles=["Kokoro"])["books"]["nodes"]
        assert found == [{"title": {"value": "Kokoro"}}]


def test_each_reader_has_their_own_languages(library_api: Api) -> None:
    query = '{ book(id: "kokoro") { title { value } } }'
    for _ in range(2):
        for language, title in (("ja", "こころ"), ("it", "Il cuore delle cose")):
            book = data(library_api, query, language)["book"]
            assert book["title"]["value"] == title


def test_operations_of_one_document_are_kept_apart(library_api: Api) -> None:
    query = 'query A { book(id: "kokoro") { id } } query B { book(id: "kokoro") { __typename } }'
    for name, key in [("A", "id"), ("B", "__typename")] * 2:
        payload = library_api.execute(query, operation_name=name).payload
        assert list(payload["data"]["book"]) == [key]


def test_what_no_variable_changes_is_planned_once(library_api: Api) -> None:
    plans = Plans(library_api.core, library_api.bindings)
    first, second = (planned(plans, BOOK, "en", id=name).only[0] for name in ("a", "b"))
    assert (first.arguments, second.arguments) == ({"id": "a"}, {"id": "b"})
    assert first.selection is second.selection
    assert planned(plans, BOOK, "ja", id="a").only[0].selection is not first.selection


def test_only_so_much_is_kept(library_api: Api) -> None:
    plans = Plans(library_api.core, library_api.bindings)
    first = planned(plans, BOOK, id="a").only[0].selection
    planned(plans, "{ books { nodes { id } } }")
    assert planned(plans, BOOK, id="a").only[0].selection is first
    for number in range(11):
        planned(plans, f"{{ book(id: {number}) {{ id }} }}" + " " * (KEPT_CHARACTERS // 11))
    assert planned(plans, BOOK, id="a").only[0].selection is not first


def test_what_is_long_does_not_drive_out_the_rest(library_api: Api) -> None:
    plans = Plans(library_api.core, library_api.bindings)
    first = planned(plans, BOOK, id="a").only[0].selection
    planned(plans, "{ books { nodes { id } } }" + " " * KEPT_CHARACTERS)
    assert planned(plans, BOOK, id="a").only[0].selection is first


def test_threads_share_plans(library: Dataset, library_api: Api) -> None:
    later = library_api.over(replace(library, release=Release(9, "")))
    names = ["kokoro", "botchan", "genji", "comedy"] * 25

    def asked(number: int) -> object:
        api = (library_api, later)[number % 2]
        return data(api, BOOK, id=names[number])["book"]["id"].rpartition("/")[2]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(asked, range(len(names)))) == names


def test_documents_are_parsed_and_checked_once(library_api: Api) -> None:
    documents = Documents(library_api.core, Limits())
    query = "{ books { nope } }"
    document = documents.parsed(query)
    assert documents.parsed(query) is document
    (error,) = documents.errors(query, document)
    assert "nope" in error.message
    assert documents.errors(query, document)[0] is error


def prepared(preparing: Preparing, query: str, *languages: str, **variables: object) -> Prepared:
    asked = Asked(query, variables, None, languages or ("en",))
    return preparing.prepared(asked, ANSWERED)


def test_an_operation_is_prepared_once_for_its_variables_and_readers(library_api: Api) -> None:
    preparing = Preparing(library_api.core, library_api.bindings, Limits())
    first = prepared(preparing, BOOK, id="a")
    assert prepared(preparing, BOOK, id="a") is first
    others = [prepared(preparing, BOOK, id="b"), prepared(preparing, BOOK, "it", id="a")]
    found = [one.plan.only[0] for one in (first, *others) if one.plan]
    assert [field.arguments["id"] for field in found] == ["a", "b", "a"]
    assert [field.languages for field in found] == [("en",), ("en",), ("it",)]


def test_what_is_refused_is_refused_again(library_api: Api) -> None:
    preparing = Preparing(library_api.core, library_api.bindings, Limits())
    for query, variables in [("{ nope }", {}), (BOOK, {"id": None}), ("{", {}), ("", {})] * 2:
        with pytest.raises(Unfit):
            prepared(preparing, query, **variables)


def test_variables_that_json_does_not_know_are_no_reason_to_fail(library_api: Api) -> None:
    query = 'query ($one: Int) { book(id: "kokoro") { id } books(first: $one) { totalCount } }'
    assert data(library_api, query, one=2, other=10**30)["book"]["id"].endswith("kokoro")


def test_what_weighs_too_much_is_prepared_again(library_api: Api) -> None:
    preparing = Preparing(library_api.core, library_api.bindings, Limits())
    heavy = "x" * (MOST_KEPT // OF_CHARACTER)
    assert prepared(preparing, BOOK, id=heavy) is not prepared(preparing, BOOK, id=heavy)


def test_what_was_quick_is_known_to_be(library: Dataset) -> None:
    api = Api(library)
    assert not api.is_quick(BOOK, {"id": "kokoro"})
    for _ in range(2):  # the first may have had to read much
        data(api, BOOK, id="kokoro")
    assert api.is_quick(BOOK, {"id": "kokoro"})
    assert not api.is_quick(BOOK, {"id": "botchan"})
    assert not api.is_quick(BOOK, {"id": "kokoro"}, languages=["it"])
    assert not api.over(library).is_quick(BOOK, {"id": "kokoro"})


@pytest.mark.parametrize(
    "query",
    [
        "query @asOf(release: 0) { books { totalCount } }",
        "{ release(number: 0) { query { books { totalCount } } } }",
        "{ changes(from: 0, to: 0) { __typename } }",
        "mutation { __typename }",
        "{ nope }",
    ],
)
def test_what_may_have_to_be_made_again_is_not_known_to_be_quick(
    library: Dataset, query: str
) -> None:
    api = Api(library, releases=SingleRelease(replace(library)))
    for _ in range(2):
        api.execute(query)
    assert not api.is_quick(query)


def test_what_was_only_explained_is_not_known_to_be_quick(library: Dataset) -> None:
    api = Api(library)
    explained = api.execute(BOOK, {"id": "kokoro"}, extensions={"kizuna": {"explain": "ONLY"}})
    assert explained.executed
    assert not api.is_quick(BOOK, {"id": "kokoro"})


def test_what_another_engine_is_asked_is_not_quick(library: Dataset) -> None:
    """A thread waits for it, which takes no processor time."""
    api = Api(replace(library, remote=True))
    for _ in range(2):
        data(api, BOOK, id="kokoro")
    assert not api.is_quick(BOOK, {"id": "kokoro"})


def test_what_took_long_is_not_quick() -> None:
    paces, plan = Paces(), ObjectPlan(typed=False)
    assert not paces.is_quick(plan)
    for seconds in (2 * QUICK, QUICK / 2, 2 * QUICK):
        paces.took(plan, seconds)
        assert paces.is_quick(plan) == (seconds < QUICK)
