"""What was told of subjects is told again without reading it, and only where it is the same."""

from typing import Any

import orjson

from kizuna.dataset.releases import Dataset
from kizuna.graphql.limits import Limits
from kizuna.graphql.nodes import Nodes, Told
from kizuna.graphql.plan import ObjectPlan
from kizuna.graphql.schema import Api
from kizuna.terms import NamedNode

# Each test has an operation of its own: nothing of it was told before.
QUERY = """query %s($first: Int) {
  facts(first: $first) { nodes { id label { value } claims { nodes { modality { code } } } } }
}"""


def asked(api: Api, name: str, first: int, *languages: str) -> tuple[list[Any], int]:
    payload = api.execute(QUERY % name, {"first": first}, languages=languages).payload
    return payload["data"]["facts"]["nodes"], payload["extensions"]["kizuna"]["rowsRead"]


def test_told_again(packaged_api: Api) -> None:
    told, rows = asked(packaged_api, "again", 3)
    again, rows_again = asked(packaged_api, "again", 3)
    more, rows_more = asked(packaged_api, "again", 5)
    assert told == again == more[:3]
    assert rows_again == 3 < rows_more < rows  # the page itself


def test_told_again_as_it_is_written(packaged_api: Api) -> None:
    whole = QUERY % "written"
    answers = [packaged_api.execute(whole, {"first": n}, written=True).payload for n in (3, 3, 5)]
    parts = [[type(one) for one in each["data"]["facts"]["nodes"]] for each in answers]
    assert parts == [[dict] * 3, [orjson.Fragment] * 3, [orjson.Fragment] * 3 + [dict] * 2]
    plain = packaged_api.execute(whole, {"first": 5}).payload
    assert orjson.dumps(answers[2]["data"]) == orjson.dumps(plain["data"])


def test_told_in_another_language(packaged_api: Api) -> None:
    english, _ = asked(packaged_api, "languages", 3, "en")
    japanese, rows = asked(packaged_api, "languages", 3, "ja")
    assert [fact["label"] for fact in english] != [fact["label"] for fact in japanese]
    assert rows > 3


def test_what_an_error_touched_is_not_kept(packaged_api: Api) -> None:
    query = (
        """{ agreements(first: 2) { nodes { id facts(first: 1, after: "?") { nodes { id } } } } }"""
    )
    first, second = (packaged_api.execute(query).payload for _ in range(2))
    assert first["errors"]
    assert first["errors"] == second["errors"]


def test_forgets_all_when_there_is_too_much() -> None:
    nodes, plan = Nodes(most=10), ObjectPlan(typed=True, constant=True)
    one, other = NamedNode("urn:one"), NamedNode("urn:other")
    nodes.keep(plan, one, Told({"id": "one"}, 6))
    nodes.keep(plan, other, Told({"id": "other"}, 6))
    assert nodes.of(plan) == {other: Told({"id": "other"}, 6)}


def test_counts_what_it_tells_again(packaged: Dataset) -> None:
    api = Api(packaged, Limits(values=200))
    query = "query ($first: Int) { claims(first: $first) { nodes { id fact { id established } } } }"
    for _ in range(3):
        told = api.execute(query, {"first": 15}).payload
        assert "errors" not in told
    refused = api.execute(query, {"first": 60}).payload
    assert refused["errors"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"


def test_explains_all_that_is_read(packaged_api: Api) -> None:
    query, variables = QUERY % "explained", {"first": 3}
    explain = {"kizuna": {"explain": True}}
    steps = [
        packaged_api.execute(query, variables, extensions=wanted).payload["extensions"]["kizuna"]
        for wanted in (None, None, explain)
    ]
    assert steps[1]["storeQueries"] < steps[0]["storeQueries"] == steps[2]["storeQueries"]
