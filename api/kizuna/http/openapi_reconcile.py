"""What the reconciliation service answers, for the OpenAPI document.

Its own specification has the shapes of its JSON in full:
https://reconciliation-api.github.io/specs/0.2/
"""

from http import HTTPStatus

import orjson

from kizuna.http import openapi_parts as parts
from kizuna.http.openapi_parts import Part
from kizuna.http.problems import HTML
from kizuna.http.protocol import FORM
from kizuna.http.reconcile import JSON, PATH

TAG = "Reconciliation"
ANSWERS: Part = {JSON: {"type": "object"}}
TEXT: Part = {"type": "string"}
NUMBER: Part = {"type": "integer", "minimum": 0}


def paths(example: str) -> Part:
    """The service's operations; the example is the identifier of something."""
    wanted = (HTTPStatus.BAD_REQUEST,)
    asked: Part = {"queries": TEXT, "extend": TEXT}
    queries = orjson.dumps({"q0": {"query": example}}).decode()
    identifier: Part = {**parts.query("id", TEXT), "required": True, "example": example}
    suggested = [
        {**parts.query("prefix", TEXT), "required": True, "example": example[:3]},
        parts.query("cursor", NUMBER),
        parts.LANG,
    ]
    batch = [parts.query(name, schema) for name, schema in asked.items()]
    about = "The service's manifest, candidates for queries, or values to extend rows by"
    schema: Part = {"type": "object", "properties": asked}
    form: Part = {"content": {FORM: {"schema": schema, "example": {"queries": queries}}}}
    return {
        PATH: {
            "get": parts.operation(TAG, "reconcile", about, ANSWERS, [*batch, parts.LANG], wanted),
            "post": {
                **parts.operation(TAG, "reconcile-by-post", about, ANSWERS, [parts.LANG], wanted),
                "requestBody": form,
            },
        },
        **{
            f"{PATH}/suggest/{name}": {
                "get": parts.operation(
                    TAG, f"suggest-{name}", f"Suggestions: {what}", ANSWERS, more, wanted
                )
            }
            for name, what, more in (
                ("entity", "things", [*suggested, parts.query("type", TEXT)]),
                ("type", "types", suggested),
                ("property", "properties", suggested),
            )
        },
        f"{PATH}/properties": {
            "get": parts.operation(
                TAG,
                "propose-properties",
                "The properties of a type by which rows can be extended",
                ANSWERS,
                [parts.query("type", TEXT), parts.query("limit", NUMBER), parts.LANG],
                wanted,
            )
        },
        f"{PATH}/preview": {
            "get": parts.operation(
                TAG,
                "preview",
                "A little page on a thing",
                {HTML: {}},
                [identifier, parts.LANG],
                (HTTPStatus.NOT_FOUND,),
            )
        },
    }
