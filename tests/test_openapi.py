"""The OpenAPI document: valid, whole, true; its golden file is what ``kizuna openapi`` prints."""

import json
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate
from starlette.routing import Match, Mount, Route
from starlette.testclient import TestClient

from kizuna.__main__ import main
from kizuna.app import create_app
from kizuna.dataset.releases import Dataset
from kizuna.settings import Settings

HERE = Path(__file__).parent
LIBRARY = HERE / "library" / "ontology"
GOLDEN = HERE / "golden" / "openapi.json"
DOCUMENT: Mapping[str, Any] = json.loads(GOLDEN.read_text(encoding="utf-8"))
OPERATIONS = [(path, method) for path, methods in DOCUMENT["paths"].items() for method in methods]


@pytest.fixture(scope="module")
def client(packaged: Dataset) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(), packaged), follow_redirects=False) as client:
        yield client


def resolved(part: Mapping[str, Any]) -> Mapping[str, Any]:
    """A part, or what it refers to."""
    for name in part.get("$ref", "#").split("/")[1:]:
        part = DOCUMENT[name] if part.get("$ref") else part[name]
    return part


def parameters(operation: Mapping[str, Any], place: str) -> Mapping[str, Mapping[str, Any]]:
    found = map(resolved, operation.get("parameters", ()))
    return {parameter["name"]: parameter for parameter in found if parameter["in"] == place}


def address(path: str, operation: Mapping[str, Any]) -> str:
    """The path with its examples in place."""
    for name, parameter in parameters(operation, "path").items():
        path = path.replace(f"{{{name}}}", quote(str(parameter["example"]), safe=""))
    return path


def test_golden(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["openapi"]) == 0
    assert capsys.readouterr().out == GOLDEN.read_text(encoding="utf-8")


def test_served_as_printed(client: TestClient) -> None:
    assert client.get("/openapi.json").json() == DOCUMENT


def test_valid(library: Dataset) -> None:
    other = TestClient(create_app(Settings(ontology=LIBRARY), library)).get("/openapi.json").json()
    assert "/questions/gcap-leaders" not in other["paths"]
    for document in (DOCUMENT, other):
        validate(document)


def test_each_operation_has_a_name_of_its_own() -> None:
    names = [DOCUMENT["paths"][path][method]["operationId"] for path, method in OPERATIONS]
    assert len(set(names)) == len(names)
    assert {tag["name"] for tag in DOCUMENT["tags"]} == {
        tag for path, method in OPERATIONS for tag in DOCUMENT["paths"][path][method]["tags"]
    }


def routed(client: TestClient, path: str, method: str) -> list[str]:
    """The route that answers an example of an operation."""
    example = address(path, DOCUMENT["paths"][path][method])
    scope = {"type": "http", "path": example.replace("%2F", "/"), "method": method.upper()}
    routes = client.app.routes  # type: ignore[attr-defined]  # a Starlette application
    return [r.path for r in routes if r.matches(scope)[0] == Match.FULL][:1]


def test_each_operation_is_routed(client: TestClient) -> None:
    assert [pair for pair in OPERATIONS if not routed(client, *pair)] == []


def test_each_route_is_documented(client: TestClient) -> None:
    documented = {(r, method) for path, method in OPERATIONS for r in routed(client, path, method)}
    routes = client.app.routes  # type: ignore[attr-defined]  # a Starlette application
    there = {(mount.path, "get") for mount in routes if isinstance(mount, Mount)}
    for route in routes:
        if isinstance(route, Route):
            methods = (route.methods or set()) - {"HEAD"}
            there |= {(route.path, method.lower()) for method in methods}
    assert there == documented


Request = Mapping[str, Any]


def examples(part: Mapping[str, Any]) -> list[Any]:
    """The examples of a parameter or a body."""
    several = [example["value"] for example in part.get("examples", {}).values()]
    return several or [part[name] for name in ("example",) if name in part]


def requests(path: str, method: str) -> list[Request]:
    """What the examples of an operation make: arguments for the client."""
    operation = DOCUMENT["paths"][path][method]
    form = parameters(operation, "path").get("format", {"schema": {"enum": [""]}})
    urls = [address(path.replace("{format}", each), operation) for each in form["schema"]["enum"]]
    if method == "post":
        content = operation["requestBody"]["content"].items()
        bodies = [body(media, example) for media, part in content for example in examples(part)]
        return [{"url": urls[0], **each} for each in bodies]
    choices = {n: examples(p) for n, p in parameters(operation, "query").items() if examples(p)}
    queries = [dict(zip(choices, each, strict=True)) for each in product(*choices.values())]
    return [{"url": url, "params": query} for url in urls for query in queries]


def body(media_type: str, example: Any) -> Request:
    if media_type.endswith("json"):
        return {"json": example}
    if media_type.endswith("form-urlencoded"):
        return {"data": example}
    return {"content": example, "headers": {"content-type": media_type}}


def asked(client: TestClient, method: str, request: Request, accept: str) -> Any:
    headers = {**request.get("headers", {}), "accept": accept}
    return client.request(method, **{**request, "headers": headers})


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_examples_are_answered(client: TestClient, path: str, method: str) -> None:
    wanted = {"200", "303"} & set(DOCUMENT["paths"][path][method]["responses"])
    assert requests(path, method)
    for request in requests(path, method):
        assert {str(asked(client, method, request, "*/*").status_code)} == wanted, request


ANSWERS = [
    (path, method, media_type)
    for path, method in OPERATIONS
    for media_type in DOCUMENT["paths"][path][method]["responses"].get("200", {}).get("content", ())
]


@pytest.mark.parametrize(("path", "method", "media_type"), ANSWERS)
def test_an_example_has_each_media_type(
    client: TestClient, path: str, method: str, media_type: str
) -> None:
    answers = [asked(client, method, request, media_type) for request in requests(path, method)]
    answers = [answer for answer in answers if answer.status_code == 200]
    types = {answer.headers["content-type"].partition(";")[0] for answer in answers}
    assert media_type in types | {"*/*"}
    content = DOCUMENT["paths"][path][method]["responses"]["200"]["content"]
    if schema := content[media_type].get("schema"):
        validator = OAS31Validator({**schema, "components": DOCUMENT["components"]})
        for answer in answers:
            validator.validate(answer.json())


@pytest.mark.parametrize(
    ("url", "schema"),
    [("/questions/none", "Problem"), ("/sparql?query=x", "Problem"), ("/page/id/none", "Problem")],
)
def test_problems_are_as_documented(client: TestClient, url: str, schema: str) -> None:
    root = {"$ref": f"#/components/schemas/{schema}", "components": DOCUMENT["components"]}
    OAS31Validator(root).validate(client.get(url).json())


@pytest.mark.parametrize("path", [path for path, method in OPERATIONS if method == "get"])
def test_head_answers_as_get_does(client: TestClient, path: str) -> None:
    for request in requests(path, "get"):
        get, head = (asked(client, method, request, "*/*") for method in ("get", "head"))
        assert (head.status_code, head.content) == (get.status_code, b"")
