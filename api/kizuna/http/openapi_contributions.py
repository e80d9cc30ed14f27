"""What a server with a ledger answers besides, for the OpenAPI document."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import get_args

from kizuna.contributions.documents import MEDIA_TYPES
from kizuna.dataset.entries import State
from kizuna.http import openapi_parts as parts
from kizuna.http.feed import MEDIA_TYPE as ATOM
from kizuna.http.feed import PATH as FEED
from kizuna.http.openapi_parts import Part
from kizuna.http.problems import HTML, MEDIA_TYPE
from kizuna.http.submissions import JSON, MEMBERS
from kizuna.validation.results import Severity

TAG = "Contributions"
TAGS: Mapping[str, str] = {TAG: "What is proposed, and what is decided on it."}

_TEXT: Part = {"type": "string"}
_NUMBER: Part = {"type": "integer"}
_NULLABLE: Part = {"type": ["string", "null"]}
_LINES: Part = {"type": "array", "items": _TEXT, "description": "Lines of N-Quads."}


def _object(**members: Part) -> Part:
    return {"type": "object", "required": list(members), "properties": members}


def _list(item: Part) -> Part:
    return {"type": "array", "items": item}


def _optional(part: Part) -> Part:
    return {"anyOf": [part, {"type": "null"}]}


_CHANGE = _object(added=_LINES, removed=_LINES)
_VALUE = _object(value=_TEXT, label=_NULLABLE)
_THING = _object(id=_TEXT, label=_NULLABLE)
_DISPUTE = _object(id=_TEXT, fact=_THING, detail=_THING)
_DIFFERENCE = _object(subject=_THING, property=_THING, before=_list(_VALUE), after=_list(_VALUE))
_ROWS = _list(_list(_NULLABLE))
_RESULT = _object(
    severity={"type": "string", "enum": list(get_args(Severity))},
    focus=_THING,
    path=_optional(_object(path=_TEXT, label=_NULLABLE)),
    value=_optional(_VALUE),
    message=_TEXT,
    constraint=_TEXT,
    document=_TEXT,
    line={"type": ["integer", "null"]},
    suggestion=_optional(_CHANGE),
)
_LIKENESS = _object(
    new=_TEXT,
    existing=_THING,
    by={"type": "string", "enum": ["name", "code"]},
    text=_TEXT,
    existingText=_TEXT,
    score={"type": "number"},
)
_EFFECTS = _object(
    disputesOpened=_list(_DISPUTE),
    disputesClosed=_list(_DISPUTE),
    turns=_list(_DIFFERENCE),
    derived=_list(_DIFFERENCE),
    answers=_list(_object(name=_TEXT, title=_NULLABLE, before=_ROWS, after=_ROWS)),
)
_EXAMINATION = _object(
    conforms={"type": "boolean"},
    results=_list(_RESULT),
    added=_LINES,
    removed=_LINES,
    minted=_list(_TEXT),
    lookalikes=_list(_LIKENESS),
    effects=_optional(_EFFECTS),
)
_STATE: Part = {"type": "string", "enum": list(State)}
_CONTRIBUTION = _object(
    id=_NUMBER,
    state=_STATE,
    contributor=_TEXT,
    message=_TEXT,
    proposedAt={"type": "string", "format": "date-time"},
    base=_NUMBER,
    additions=_NUMBER,
    removals=_NUMBER,
    decidedBy=_NULLABLE,
    decidedAt={"type": ["string", "null"], "format": "date-time"},
    reason=_NULLABLE,
    release={"type": ["integer", "null"]},
    revertedIn={"type": ["integer", "null"]},
)
_KEPT: Part = {
    "allOf": [
        parts.ref("Examination"),
        _object(id={"type": ["integer", "null"]}, state=_optional(_STATE)),
    ]
}
_ONE: Part = {
    "allOf": [
        parts.ref("Contribution"),
        _object(url=_TEXT, examination=_optional(parts.ref("Examination"))),
        _CHANGE,
    ]
}
_SUBMISSION: Part = {
    "type": "object",
    "required": ["format"],
    "additionalProperties": False,
    "properties": {
        **dict.fromkeys(MEMBERS, _TEXT),
        "format": {"type": "string", "enum": list(MEDIA_TYPES.values())},
    },
}
SCHEMAS: Mapping[str, Part] = {
    "Examination": _EXAMINATION,
    "Contribution": _CONTRIBUTION,
    "NotConforming": {"allOf": [parts.ref("Problem"), parts.ref("Examination")]},
    "Decision": _object(
        contribution=parts.ref("Contribution"), release=_optional(parts.ref("Release"))
    ),
    "Submission": _SUBMISSION,
}
SECURITY: Mapping[str, Part] = {"token": {"type": "http", "scheme": "bearer"}}

_NUMBERED = {**parts.path("number", "Its number.", None), "schema": _NUMBER, "example": 1}
_REFUSALS = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_BODIES = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
_DECISIONS = {
    "accept": "Takes a contribution into the next release",
    "reject": "Refuses a contribution, with a reason",
    "revert": "Undoes an accepted contribution by a further release, with a reason",
    "withdraw": "Takes one's own contribution back",
}


def added(document: Part) -> Part:
    """The document with the operations on contributions."""
    components = document["components"]
    tags = [{"name": name, "description": sense} for name, sense in TAGS.items()]
    return {
        **document,
        "tags": [*document["tags"], *tags],
        "paths": {**document["paths"], **_paths()},
        "components": {
            **components,
            "schemas": {**components["schemas"], **SCHEMAS},
            "securitySchemes": SECURITY,
        },
    }


def _paths() -> Part:
    return {
        FEED: {"get": _feed()},
        "/contributions": {"get": _queue(), "post": _propose()},
        "/contributions/{number}": {"get": _one()},
        **{
            f"/contributions/{{number}}/{name}": {"post": _decide(name, sense)}
            for name, sense in _DECISIONS.items()
        },
    }


def _feed() -> Part:
    return parts.operation(
        TAG, "feed", "The newest releases as a feed, as RFC 4287 has it", {ATOM: {}}
    )


def _queue() -> Part:
    listed = {
        "allOf": [parts.ref("Contribution"), _object(url=_TEXT)],
    }
    return parts.operation(
        TAG,
        "contributions",
        "Contributions in the order of their numbers, at most 100",
        {JSON: _object(contributions=_list(listed), next=_NULLABLE), HTML: {}},
        [parts.query("state", _STATE), parts.query("after", _NUMBER), parts.LANG],
        (HTTPStatus.BAD_REQUEST,),
    )


def _one() -> Part:
    return parts.operation(
        TAG,
        "contribution",
        "A contribution; one that waits, with what would come of it now",
        {JSON: _ONE, HTML: {}},
        [_NUMBERED, parts.LANG],
        (HTTPStatus.NOT_FOUND,),
    )


def _propose() -> Part:
    operation = _secured(
        "propose",
        "What a submission comes to; it is kept where it conforms, unless it is a dry run",
        {JSON: _KEPT},
        [
            {**parts.query("message", _TEXT), "description": "Why; in JSON it is a member."},
            {**parts.query("dryRun", {"type": "boolean", "default": False})},
            parts.LANG,
        ],
        (*_REFUSALS, *_BODIES, HTTPStatus.TOO_MANY_REQUESTS),
    )
    operation["responses"]["201"] = {
        "description": "It is kept, and waits for a decision.",
        "headers": {"Location": {"required": True, "schema": _TEXT}},
        **parts.told({JSON: _KEPT}),
    }
    operation["responses"]["422"] = _not_conforming("It doesn't conform; nothing is kept.")
    content: Part = {media_type: {} for media_type in MEDIA_TYPES.values()}
    content[JSON] = {"schema": parts.ref("Submission")}
    return {**operation, "requestBody": {"required": True, "content": content}}


def _decide(name: str, sense: str) -> Part:
    operation = _secured(
        name,
        sense,
        {JSON: parts.ref("Decision")},
        [_NUMBERED, parts.LANG],
        (*_REFUSALS, HTTPStatus.NOT_FOUND, *_BODIES),
    )
    sense = "It has been decided, or no longer conforms; then the report is there too."
    schemas = {"anyOf": [parts.ref("NotConforming"), parts.ref("Problem")]}
    operation["responses"]["409"] = {
        "description": sense,
        **parts.told({MEDIA_TYPE: schemas, HTML: {}}),
    }
    reason: Part = {"type": "object", "properties": {"reason": _TEXT}}
    required = name in ("reject", "revert")
    if required:
        reason["required"] = ["reason"]
    body = {"required": required, "content": {JSON: {"schema": reason}}}
    return {**operation, "requestBody": body}


def _secured(
    identifier: str,
    summary: str,
    answers: Mapping[str, Part],
    parameters: Sequence[Part],
    failures: Sequence[HTTPStatus],
) -> Part:
    """An operation that takes a token."""
    operation = parts.operation(TAG, identifier, summary, answers, parameters, failures)
    return {**operation, "security": [{"token": []}]}


def _not_conforming(sense: str) -> Part:
    return {"description": sense, **parts.told({MEDIA_TYPE: parts.ref("NotConforming")})}
