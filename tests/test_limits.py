"""What one operation may take at most: values, time, memory; and the codes of what is refused."""

from kizuna.dataset.releases import Dataset
from kizuna.graphql.limits import Limits
from kizuna.graphql.schema import Answer, Api

BOOKS = "{ books { nodes { id title { value } pages } } }"


def only_error(answer: Answer) -> tuple[str, str]:
    """Code and message of an answer's only error."""
    (found,) = answer.payload["errors"]
    return found["extensions"]["code"], found["message"]


def test_values(library: Dataset) -> None:
    answer = Api(library, Limits(values=30)).execute(BOOKS)
    assert only_error(answer) == (
        "LIMIT_EXCEEDED",
        "the operation reads and tells more than 30 values (max_values); "
        "ask for smaller pages or for fewer fields, and go on from the cursor",
    )
    assert answer.payload["data"] is None
    assert "errors" not in Api(library, Limits(values=80)).execute(BOOKS).payload


def test_values_are_counted_while_they_are_read(library: Dataset) -> None:
    answer = Api(library, Limits(values=3)).execute(BOOKS)
    assert answer.payload["extensions"]["kizuna"]["rowsRead"] <= 10


def test_values_told_count_wherever_they_are_told(library: Dataset) -> None:
    inner = "works { nodes { authors { nodes { id } } } }"
    query = f"{{ authors {{ nodes {{ {inner} a: {inner} b: {inner} c: {inner} }} }} }}"
    few = Api(library, Limits(values=60)).execute(query)
    assert only_error(few)[0] == "LIMIT_EXCEEDED"


def test_time(library: Dataset) -> None:
    answer = Api(library, Limits(seconds=0)).execute(BOOKS)
    assert only_error(answer) == (
        "TIMEOUT",
        "the operation took longer than 0 s (graphql_timeout); "
        "ask for smaller pages, or with a narrower filter",
    )
    assert answer.payload["data"] is None


def test_ids(library: Dataset) -> None:
    api = Api(library, Limits(page=2))
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    ids = ["kokoro", "botchan", "genji"]
    assert len(api.execute(query, {"ids": ids[:2]}).payload["data"]["nodes"]) == 2
    code, message = only_error(api.execute(query, {"ids": ids}))
    assert (code, "at most 2 ids (max_page_size)" in message) == ("LIMIT_EXCEEDED", True)


def test_what_is_matched_is_short(library_api: Api) -> None:
    query = "query ($t: String!) { books(filter: {title: {matches: $t}}) { totalCount } }"
    assert "errors" not in library_api.execute(query, {"t": "k" * 100}).payload
    code, message = only_error(library_api.execute(query, {"t": "k" * 101}))
    assert (code, "the longest is 100" in message) == ("LIMIT_EXCEEDED", True)


def test_long_texts_are_matched(packaged_api: Api) -> None:
    """An engine takes a pattern that is too large for one that fits nothing."""
    query = """query ($t: String!) {
      facts(first: 1, filter: {label: {matches: $t, lang: "en"}}) { nodes { label { value } } }
    }"""
    labels = packaged_api.execute("{ facts(first: 300) { nodes { label { value } } } }").payload
    values = [node["label"]["value"] for node in labels["data"]["facts"]["nodes"]]
    longest = max(values, key=len)[:100]
    assert len(longest) > 80
    payload = packaged_api.execute(query, {"t": longest.upper()}).payload
    assert payload["data"]["facts"]["nodes"]


def test_a_field_said_again_counts_as_an_alias(library: Dataset) -> None:
    api = Api(library, Limits(aliases=3))
    assert "errors" not in api.execute("{ " + "__typename " * 4 + "}").payload
    code, message = only_error(api.execute("{ " + "__typename " * 5 + "}"))
    assert (code, message.startswith("The operation's aliases: 4")) == ("LIMIT_EXCEEDED", True)


def test_what_is_too_large_is_not_validated(library: Dataset) -> None:
    answer = Api(library, Limits(aliases=3)).execute("{ " + "nope " * 5 + "}")
    assert only_error(answer)[0] == "LIMIT_EXCEEDED"
