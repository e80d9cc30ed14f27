"""Small hostile requests: each is refused in words, in less than a second, in little memory."""

import gc
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import orjson
import pytest
from starlette.testclient import TestClient

from kizuna.app import create_app
from kizuna.dataset.releases import Dataset
from kizuna.settings import Settings

# Of processor time; what measures coverage takes the code several times as long.
SECONDS = 1.0 if sys.gettrace() is None else 4.0
MEGABYTES = 100
GRAPHQL = {"accept": "application/graphql-response+json", "content-type": "application/json"}
REFUSALS = {"LIMIT_EXCEEDED", "TIMEOUT", "BAD_REQUEST", "BAD_USER_INPUT"} | {
    "GRAPHQL_PARSE_FAILED",
    "GRAPHQL_VALIDATION_FAILED",
}


def spread(inner: str, *names: str) -> str:
    """Connections within connections, each of the largest page."""
    for name in reversed(names):
        inner = f"{name}(first: 1000) {{ nodes {{ ... on Node {{ id }} {inner} }} }}"
    return inner


def through(times: int) -> str:
    """From countries to facts to whom they involve, and again."""
    inner = "id"
    for _ in range(times):
        inner = f"... on Country {{ {spread(inner, 'facts', 'involves')} }}"
    return f"{{ {spread(inner, 'countries')} }}"


def many(number: int, text: str) -> str:
    return "{ " + " ".join(text.replace("#", str(n)) for n in range(number)) + " }"


def nested(number: int, before: str, inner: str, after: str) -> str:
    return before * number + inner + after * number


FRAGMENTS = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(300))
ON_TYPES = (
    "{ facts(first: 1000) { nodes { "
    + " ".join(f"... on {t} {{ id label {{ value }} }}" for t in ("Event", "Stance") * 300)
    + " } } }"
)
DOCUMENTS = {
    "links within links": through(2),
    "the same, deeper": through(5),
    "a number of very many digits": (
        '{ monetaryAmounts(filter: { amount: { gte: "1e999999999" } }) { totalCount } }'
    ),
    "the largest page, by 100 aliases": many(
        100, "a#: facts(first: 1000) { nodes { id label { value } claims { nodes { id } } } }"
    ),
    "101 aliases": many(101, "a#: __typename"),
    "one field said 4,900 times": many(4900, "__typename"),
    "fields that differ in arguments": many(1000, "node(id: #) { id }"),
    "lists said again": many(900, "facts { nodes { id } }"),
    "fields that there aren't": many(4900, "nope#"),
    "arguments that there aren't": many(1000, "node(nope#: 1) { id }"),
    "directives": "{ __typename " + "@skip(if: false) " * 10_000 + "}",
    "as many directives as tokens allow": "{ __typename " + "@skip(if: false) " * 1_400 + "}",
    "fragments of themselves": "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
    "fragments that double": "{ ...F0 } " + FRAGMENTS + " fragment F300 on Query { __typename }",
    "wide fragments": ON_TYPES.replace("id label", "i: id l: label"),
    "fields of many types": many(
        100,
        'a#: node(id: "x") { ... on Entity { id __typename label { value } disputed labelSource '
        "facts { nodes { id __typename label { value } disputed established parts { nodes { id "
        "__typename label { value } disputed established parts { nodes { id __typename label "
        "{ value } disputed established parts { nodes { id disputed } } } } } } } } } }",
    ),
    "fields within fields": nested(2_000, "{ a", "", " }"),
    "a deep filter": "{ facts(filter: " + nested(2_000, "{not: ", "{}", "}") + ") { totalCount } }",
    "600 conditions": "{ facts(filter: {or: ["
    + '{label: {contains: "a"}} ' * 600
    + "]}) { totalCount } }",
    "a long pattern": '{ facts(filter: {label: {matches: "'
    + "(a+)+" * 20_000
    + '"}}) { totalCount } }',
    "many patterns": "{ facts(filter: {or: ["
    + " ".join('{label: {matches: "%s"}}' % (str(n) + "abcdefghij" * 9) for n in range(80))
    + "]}) { totalCount } }",
    "many citations": "{ facts(first: 1000) { nodes { citation } } }",
    "many searches": many(100, 'a#: search(text: "a", first: 1000) { node { id } }'),
    "many ids": '{ nodes(ids: ["' + '", "'.join(["gcap"] * 4_000) + '"]) { id } }',
    "the schema, 40 times": many(40, "a#: __schema { types { name fields { name } } }"),
    "a schema within the schema": "{ __schema { types "
    + nested(5, "{ fields { type ", "{ name }", " } }")
    + " } }",
    "many variables": "query (" + " ".join(f"$v{n}: Int" for n in range(1500)) + ") { __typename }",
    "a long name": "{ " + "x" * 500_000 + " }",
    "line feeds": "{ nope " + "\n" * 900_000 + "}",
    "remarks": "{ nope " + "#a\n" * 300_000 + "}",
    "a huge number": "{ facts(first: " + "9" * 100_000 + ") { totalCount } }",
}
WARM = '{ facts { nodes { claims { totalCount } } } search(text: "x") { field } }'
FILTER = "query ($f: FactFilter) { facts(filter: $f) { totalCount } }"
BODIES = {
    "null": b"null",
    "nothing": b"",
    "a list": b"[" + b'{"query": "{ __typename }"},' * 1000 + b'{"query": "{ __typename }"}]',
    "invalid UTF-8": b'{"query": "\xff\xfe{ __typename }"}',
    "lone surrogates": b'{"query": "{ node(id: \\"\\ud800\\") { id } }"}',
    "100,000 lists deep": b'{"query": "{ __typename }", "variables": ' + b"[" * 100_000,
    "100,000 objects deep": nested(100_000, '{"a":', "1", "}").encode(),
    "a deep filter in a variable": orjson.dumps(
        {"query": FILTER, "variables": {"f": None}}
    ).replace(b"null", nested(900, '{"not":', "{}", "}").encode()),
    "a huge variable": orjson.dumps(
        {"query": FILTER, "variables": {"f": {"id": {"in": ["gcap"] * 100_000}, "x": 1}}}
    ),
    "many conditions in a variable": orjson.dumps(
        {"query": FILTER, "variables": {"f": {"or": [{"label": {"contains": "a"}}] * 20_000}}}
    ),
    "variables that aren't asked for": orjson.dumps(
        {"query": "{ nope }", "variables": {f"v{n}": n for n in range(50_000)}}
    ),
    "a body too long": b'{"query": "' + b" " * 1_000_000 + b'"}',
}
REQUESTS = {
    **{name: orjson.dumps({"query": query}) for name, query in DOCUMENTS.items()},
    **BODIES,
}


@pytest.fixture(scope="module")
def client(packaged: Dataset) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(), packaged)) as client:
        warm = client.post("/graphql", json={"query": WARM}, headers=GRAPHQL)
        assert warm.status_code == 200
        gc.collect()
        gc.freeze()  # what other tests left is not to be gone through at the cost of these
        yield client
        gc.unfreeze()


def most_memory() -> int:
    """The most memory that the process has held since the mark was last put back, in megabytes."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return int(found[1]) // 1024


@pytest.mark.parametrize("name", REQUESTS)
def test_hostile(client: TestClient, name: str) -> None:
    linux = sys.platform == "linux"
    if linux:
        Path("/proc/self/clear_refs").write_text("5")  # puts the mark back
    before, since = most_memory() if linux else 0, process_time()
    answer = client.post("/graphql", content=REQUESTS[name], headers=GRAPHQL)
    assert process_time() - since < SECONDS
    assert not linux or most_memory() - before < MEGABYTES
    assert 400 <= answer.status_code < 500 or answer.json()["data"] is None
    assert {error["extensions"]["code"] for error in answer.json()["errors"]} <= REFUSALS
    assert len(answer.content) < 100_000
