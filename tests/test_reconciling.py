"""The reconciliation service, asked as OpenRefine asks it.

https://reconciliation-api.github.io/specs/0.2/; with the specification's folder its own JSON
schemas are held to as well (``--reconciliation-specs``).
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7
from starlette.testclient import TestClient

from kizuna.app import create_app
from kizuna.dataset.releases import Dataset
from kizuna.reconciling.reconciler import Reconciler
from kizuna.reconciling.wishes import Wish
from kizuna.settings import Settings
from tests.conftest import LIBRARY


@pytest.fixture(scope="module")
def client(packaged: Dataset) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(), packaged)) as client:
        yield client


def asked(client: TestClient, **queries: Any) -> dict[str, list[dict[str, Any]]]:
    answer = client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert answer.status_code == 200, answer.text
    return {name: each["result"] for name, each in answer.json().items()}


def extended(client: TestClient, ids: list[str], *properties: dict[str, Any]) -> Any:
    extend = json.dumps({"ids": ids, "properties": properties})
    return client.post("/reconcile", data={"extend": extend}).json()


def test_manifest(client: TestClient) -> None:
    manifest = client.get("/reconcile").json()
    assert manifest["versions"] == ["0.2"]
    assert manifest["identifierSpace"] == "https://w3id.org/italy-japan/id/"
    assert [each["id"] for each in manifest["defaultTypes"]] == ["Entity"]
    assert client.get(manifest["view"]["url"].replace("{{id}}", "japan")).status_code == 200


@pytest.mark.parametrize("name", ["Japan", "Giappone", "日本", "\uff2aapan", "japan", "giappone "])
def test_one_thing_in_three_languages(client: TestClient, name: str) -> None:
    best, *_ = asked(client, q0={"query": name})["q0"]
    assert (best["id"], best["match"], best["score"]) == ("japan", True, 100.0)
    assert best["type"] == [{"id": "Country", "name": "country"}]


def test_names_in_the_reader_s_language(client: TestClient) -> None:
    queries = json.dumps({"q0": {"query": "Japan"}})
    answer = client.get("/reconcile", params={"queries": queries, "lang": "it"}).json()
    assert answer["q0"]["result"][0]["name"] == "Giappone"


def test_types(client: TestClient) -> None:
    found = asked(
        client,
        offices={"query": "Japan", "type": "Office"},
        actors={"query": "Japan", "type": ["Actor", "Office"], "limit": 2},
        nothing={"query": "Japan", "type": "Spaceship"},
    )
    assert {each["type"][0]["id"] for each in found["offices"]} == {"Office"}
    assert not any(each["match"] for each in found["offices"])
    assert found["actors"][0]["id"] == "japan"
    assert len(found["actors"]) == 2
    assert found["nothing"] == []


def test_properties_decide(client: TestClient) -> None:
    code = {"pid": "isoAlpha2", "v": "JP"}
    wrong = {"pid": "isoAlpha2", "v": ["IT", "FR"]}
    found = asked(
        client,
        fits={"query": "Japn", "properties": [code]},
        not_={"query": "Japan", "properties": [wrong]},
    )
    assert found["fits"][0]["id"] == "japan"
    features = {each["id"]: each["value"] for each in found["fits"][0]["features"]}
    assert features["isoAlpha2"] == 100.0 > features["name"]
    assert not any(each["match"] for each in found["not_"])


def test_identifiers_are_names_too(client: TestClient) -> None:
    for given_ in ("giorgia-meloni", "https://w3id.org/italy-japan/id/giorgia-meloni"):
        best, *_ = asked(client, q0={"query": given_})["q0"]
        assert (best["id"], best["match"]) == ("giorgia-meloni", True)


def test_extends_rows(client: TestClient) -> None:
    answer = extended(
        client,
        ["japan", "nowhere"],
        {"id": "isoAlpha2"},
        {"id": "gleditschWard"},
        {"id": "disputed"},
        {"id": "label", "settings": {"lang": "ja"}},
        {"id": "partyTo", "settings": {"limit": "1"}},
    )
    assert answer["rows"]["nowhere"] == {name: [] for name in answer["rows"]["japan"]}
    japan = answer["rows"]["japan"]
    assert japan["isoAlpha2"] == [{"str": "JP"}]
    assert japan["gleditschWard"] == [{"int": 740}]
    assert japan["disputed"] == [{"bool": True}] or japan["disputed"] == [{"bool": False}]
    assert japan["label"] == [{"str": "日本"}]
    assert len(japan["partyTo"]) == 1
    assert set(japan["partyTo"][0]) == {"id", "name"}
    assert {each["id"]: each.get("type", {}).get("id") for each in answer["meta"]} == {
        "isoAlpha2": None,
        "gleditschWard": None,
        "disputed": None,
        "label": None,
        "partyTo": "Agreement",
    }


def test_proposes_properties(client: TestClient) -> None:
    answer = client.get("/reconcile/properties", params={"type": "Country", "limit": 3}).json()
    assert answer["limit"] == len(answer["properties"]) == 3
    assert answer["type"] == "Country"


def test_suggests(client: TestClient) -> None:
    def suggested(what: str, **params: str) -> list[dict[str, Any]]:
        result: list[dict[str, Any]] = client.get(
            f"/reconcile/suggest/{what}", params=params
        ).json()["result"]
        return result

    assert suggested("entity", prefix="Giapp")[0]["id"] == "japan"
    assert suggested("entity", prefix="日")[0]["notable"][0]["id"] == "Country"
    assert suggested("entity", prefix="Japan", type="Office")[0]["id"] == "prime-minister-of-japan"
    every, later = suggested("entity", prefix="a"), suggested("entity", prefix="a", cursor="1")
    assert later[: len(every) - 1] == every[1:]
    assert suggested("type", prefix="coun") == [{"id": "Country", "name": "country"}]
    assert "isoAlpha2" in [each["id"] for each in suggested("property", prefix="alpha")]


def test_preview_may_be_framed(client: TestClient) -> None:
    answer = client.get("/reconcile/preview", params={"id": "japan", "lang": "it"})
    assert "Giappone" in answer.text
    assert "日本" in answer.text
    assert "frame-ancestors *" in answer.headers["content-security-policy"]
    assert client.get("/reconcile/preview", params={"id": "nowhere"}).status_code == 404


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ({"queries": "{"}, "JSON"),
        ({"queries": "[]"}, "object"),
        ({"queries": '{"q0": 1}'}, "q0"),
        ({"queries": '{"q0": {}}'}, "query"),
        ({"queries": '{"q0": {"query": 7}}'}, "string"),
        ({"queries": '{"q0": {"query": "x", "props": []}}'}, "props"),
        ({"queries": '{"q0": {"query": "x", "properties": [{"v": 1}]}}'}, "pid"),
        ({"queries": '{"q0": {"query": "x", "properties": [{"pid": "?", "v": 1}]}}'}, "'?'"),
        ({"queries": json.dumps({str(n): {"query": "x"} for n in range(101)})}, "100"),
        ({"extend": '{"ids": "japan"}'}, "ids"),
        ({"extend": '{"ids": ["japan"], "properties": [{"id": "nothing"}]}'}, "nothing"),
        ({"extend": '{"ids": ["japan"], "properties": ["label"]}'}, "object"),
    ],
)
def test_bad_requests(client: TestClient, data: dict[str, str], word: str) -> None:
    answer = client.post("/reconcile", data=data)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert word in answer.json()["detail"]


@pytest.mark.parametrize(
    "path", ["suggest/entity", "suggest/type?prefix=a&cursor=x", "properties?limit=-1"]
)
def test_bad_parameters(client: TestClient, path: str) -> None:
    assert client.get(f"/reconcile/{path}").status_code == 400


def test_only_forms_are_read(client: TestClient) -> None:
    assert client.post("/reconcile", json={"queries": {}}).status_code == 400
    answer = client.post(
        "/reconcile",
        content=b"queries=\xff",
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 400


@given(text=st.text(max_size=60))
def test_any_text_can_be_asked(packaged: Dataset, text: str) -> None:
    found = Reconciler(packaged).candidates(Wish(text))
    assert all(0 <= each.score <= 100 for each in found)
    assert sum(each.match for each in found) <= 1
    assert [each.score for each in found] == sorted((e.score for e in found), reverse=True)


def test_another_ontology(library: Dataset) -> None:
    client = TestClient(create_app(Settings(ontology=LIBRARY / "ontology"), library))
    manifest = client.get("/reconcile").json()
    assert manifest["identifierSpace"] == next(iter(library.model.id_bases))
    prefix = client.get("/reconcile/suggest/entity", params={"prefix": "a"}).json()["result"]
    assert isinstance(prefix, list)


@pytest.mark.parametrize(
    ("schema", "path", "params"),
    [
        ("manifest", "", {}),
        ("reconciliation-result-batch", "", {"queries": '{"q0": {"query": "Japan"}}'}),
        (
            "data-extension-response",
            "",
            {"extend": '{"ids": ["japan"], "properties": [{"id": "label"}, {"id": "partyTo"}]}'},
        ),
        ("data-extension-property-proposal", "/properties", {"type": "Country"}),
        ("suggest-entities-response", "/suggest/entity", {"prefix": "jap"}),
        ("suggest-types-response", "/suggest/type", {"prefix": "c"}),
        ("suggest-properties-response", "/suggest/property", {"prefix": "l"}),
    ],
)
def test_answers_are_as_specified(
    client: TestClient,
    pytestconfig: pytest.Config,
    schema: str,
    path: str,
    params: dict[str, str],
) -> None:
    folder = pytestconfig.getoption("reconciliation_specs")
    if not folder:
        pytest.skip("no --reconciliation-specs DIR, a checkout of reconciliation-api/specs")
    schemas = [json.loads(file.read_text()) for file in Path(folder, "0.2/schemas").glob("*.json")]
    registry = Registry().with_resources(
        (each["$id"], Resource.from_contents(each, default_specification=DRAFT7))
        for each in schemas
    )
    wanted = json.loads(Path(folder, "0.2/schemas", f"{schema}.json").read_text())
    answer = client.get(f"/reconcile{path}", params=params).json()
    Draft7Validator(wanted, registry=registry).validate(answer)


def test_specified_queries_are_read(client: TestClient, pytestconfig: pytest.Config) -> None:
    folder = pytestconfig.getoption("reconciliation_specs")
    if not folder:
        pytest.skip("no --reconciliation-specs DIR, a checkout of reconciliation-api/specs")
    examples = Path(folder, "0.2/examples/reconciliation-query-batch")
    for kind, status in (("valid", 200), ("invalid", 400)):
        files = sorted((examples / kind).glob("*.json"))
        assert files
        for file in files:
            queries = re.sub(r'"pid": *"[^"]*"', '"pid": "label"', file.read_text())
            answer = client.post("/reconcile", data={"queries": queries})
            assert answer.status_code == status, (file.name, answer.text)
