"""What is answered of the differences of two releases, for the OpenAPI document.

The schemas are made of what GraphQL has, since the answers tell the same.
"""

from http import HTTPStatus

from kizuna.dataset.comparison import Kind
from kizuna.graphql.comparing import DISPUTE, FIELD, LISTS, LONGEST, THING, VALUE, Parts
from kizuna.graphql.connections import DEFAULT_SIZE
from kizuna.http import openapi_parts as parts
from kizuna.http.openapi_parts import Part

TAG = "Releases"
JSON = "application/json"
NUMBER: Part = {"type": "integer", "minimum": 0}
# Of a release behind a difference stands all but what would have to be worked out.
BEHIND: Part = {
    "type": "object",
    "required": ["number"],
    "properties": {
        name: schema
        for name, schema in parts.MADE["properties"].items()
        if name not in ("hash", "url", "sparql")
    },
}
SCALARS: dict[str, Part] = {
    "ID": {"type": "string"},
    "String": {"type": "string"},
    "NodeType": {"type": "string"},
    "Boolean": {"type": "boolean"},
    "ChangeKind": {"enum": [kind.name for kind in Kind]},
    "Release": BEHIND,
}


def path(newest: int) -> Part:
    """``/changes``."""
    ends = [
        {**parts.query("from", NUMBER), "required": True, "example": 0},
        {**parts.query("to", NUMBER), "required": True, "example": newest},
    ]
    first: Part = {**NUMBER, "maximum": LONGEST, "default": DEFAULT_SIZE}
    paging = [
        {**parts.query("first", first), "description": "How much of each list."},
        {**parts.query("after", NUMBER), "description": "How much of each list goes before."},
    ]
    type_: Part = {"type": "array", "items": {"type": "string"}}
    only = {**parts.query("type", type_), "description": "Things of this type only; repeatable."}
    operation = parts.operation(
        TAG,
        "changes",
        "What differs between two releases, and the releases behind it",
        {JSON: _answer()},
        [*ends, only, *paging, parts.LANG],
        (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE),
    )
    return {"get": operation}


def _answer() -> Part:
    items = {"ThingChange": THING, "DisputeChange": DISPUTE}
    lists = {name: _page(items[kind], about) for name, (kind, about, _) in LISTS.items()}
    ends = {"from": parts.ref("Made"), "to": parts.ref("Made")}
    return _whole({**ends, **lists, "next": {"type": ["string", "null"]}})


def _page(item: Parts, about: str) -> Part:
    nodes: Part = {"type": "array", "items": _object(item)}
    return {**_whole({"totalCount": NUMBER, "nodes": nodes}), "description": about}


def _object(item: Parts) -> Part:
    return _whole({name: _schema(kind, about) for name, kind, about in item})


def _whole(properties: Part) -> Part:
    """An object that always has all of these."""
    return {"type": "object", "required": list(properties), "properties": properties}


def _schema(kind: str, about: str) -> Part:
    """What a field of GraphQL's is in JSON."""
    name = kind.strip("[]!")
    objects = {"ChangedValue": VALUE, "FieldChange": FIELD}
    schema = _object(objects[name]) if name in objects else SCALARS[name]
    if kind.startswith("["):
        return {"type": "array", "items": schema, "description": about}
    if not kind.endswith("!"):
        schema = {"type": [schema["type"], "null"]}
    return {**schema, "description": about}
