"""What is answered of releases, for the OpenAPI document."""

from collections.abc import Mapping
from http import HTTPStatus

from kizuna.http import openapi_changes
from kizuna.http import openapi_parts as parts
from kizuna.http.openapi_parts import Part
from kizuna.http.problems import HTML

TAG = "Releases"
JSON = "application/json"


def paths(sparql: Part, newest: int) -> Part:
    """The list of releases, one, and SPARQL over it, which is asked as at ``/sparql``."""
    number: Part = {**parts.path("number", "Its number.", None), "schema": {"type": "integer"}}
    number["example"] = newest
    listed: Part = {
        "type": "object",
        "required": ["releases", "next"],
        "properties": {
            "releases": {"type": "array", "items": parts.ref("Made")},
            "next": {"type": ["string", "null"]},
        },
    }
    before = parts.query("before", {"type": "integer"})
    failures = (HTTPStatus.NOT_FOUND,)
    return {
        "/releases": {
            "get": parts.operation(
                TAG,
                "releases",
                "The releases, newest first, at most 50",
                {JSON: listed, HTML: {}},
                [before, parts.LANG],
                failures,
            )
        },
        "/releases/{number}": {
            "get": parts.operation(
                TAG,
                "release",
                "A release, and how it came to be",
                {JSON: parts.ref("Made"), HTML: {}},
                [number, parts.LANG],
                failures,
            )
        },
        "/releases/{number}/sparql": _over(sparql["/sparql"], number),
        "/changes": openapi_changes.path(newest),
    }


def _over(operations: Mapping[str, Part], number: Part) -> Part:
    """The operations, asked of a release."""
    return {
        method: {
            **operation,
            "tags": [TAG],
            "operationId": f"release-{operation['operationId']}",
            "summary": f"{operation['summary']}, over a release",
            "parameters": [number, *operation["parameters"]],
            "responses": {**operation["responses"], "404": parts.PROBLEM},
        }
        for method, operation in operations.items()
    }
