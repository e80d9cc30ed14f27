"""The OpenAPI document of a server with a ledger: valid, whole, true.

``python -m tests.test_openapi_contributions`` prints what the golden file should hold.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate
from starlette.routing import Route

from kizuna.app import create_app, make_review
from kizuna.dataset.files import Ontology
from kizuna.http.openapi_contributions import SCHEMAS, added
from kizuna.settings import Settings
from tests.reviewing import BAD, LIBRARY, PREFIXES, Desk, book, desk

GOLDEN = Path(__file__).parent / "golden" / "openapi-contributions.json"
START = "/contributions"


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory, library_ontology: Ontology) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("at"), library_ontology) as at:
        yield at


@pytest.fixture(scope="module")
def document(at: Desk) -> Mapping[str, Any]:
    document: Mapping[str, Any] = at.client.get("/openapi.json").json()
    return document


def golden() -> str:
    """What only a server with a ledger answers."""
    empty = {"tags": [], "paths": {}, "components": {"schemas": {}}}
    return json.dumps(added(empty), indent=2, ensure_ascii=False) + "\n"


def test_golden() -> None:
    assert golden() == GOLDEN.read_text(encoding="utf-8")


def test_valid(document: Mapping[str, Any]) -> None:
    validate(document)
    assert set(SCHEMAS) <= set(document["components"]["schemas"])


def test_each_route_is_documented_and_each_operation_routed(
    at: Desk, document: Mapping[str, Any]
) -> None:
    settings = Settings(ontology=LIBRARY / "ontology")
    review = make_review(settings, at.releases)
    routes = create_app(settings, at.releases.current, review=review).routes
    there = {
        (route.path, method.lower())
        for route in routes
        if isinstance(route, Route) and route.path.startswith(START)
        for method in (route.methods or set()) - {"HEAD"}
    }
    paths = document["paths"]
    assert there == {(p, m) for p in paths if p.startswith(START) for m in paths[p]}


def told(document: Mapping[str, Any], path: str, method: str, answer: Any) -> None:
    """Holds an answer to what the document says of it."""
    content = document["paths"][path][method]["responses"][str(answer.status_code)]["content"]
    schema = content[answer.headers["content-type"].partition(";")[0]]["schema"]
    validator = OAS31Validator({**schema, "components": document["components"]})
    validator.validate(answer.json())


def test_answers_are_as_documented(at: Desk, document: Mapping[str, Any]) -> None:
    whole = book("kokoro-2").replace('"kokoro-2"', '"Kokoro"')
    decided = f"{START}/{{number}}/"
    told(document, START, "post", at.propose(whole, dryRun="true"))
    told(document, START, "post", at.propose(BAD))
    told(document, START, "post", at.propose(whole))
    told(document, f"{START}/{{number}}", "get", at.client.get("/contributions/1"))
    told(document, f"{decided}accept", "post", at.decide(1, "accept"))
    told(document, f"{decided}accept", "post", at.decide(1, "accept"))
    for title in ("Cœur", "Le cœur"):
        at.proposed(f'{PREFIXES}id:kokoro lib:title "{title}"@fr .')
    at.decide(2, "accept")
    told(document, f"{decided}accept", "post", at.decide(3, "accept"))
    told(document, f"{decided}reject", "post", at.decide(3, "reject", reason="no"))
    told(document, f"{decided}revert", "post", at.decide(2, "revert", reason="no"))
    told(document, START, "get", at.client.get(START))


if __name__ == "__main__":
    sys.stdout.write(golden())
