"""The parts that the OpenAPI document is made of: schemas, and operations in one form."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from kizuna.http.phrases import PHRASES
from kizuna.http.problems import HTML, MEDIA_TYPE

Part = dict[str, Any]

PROBLEM = {"$ref": "#/components/responses/Problem"}
PROBLEM_SCHEMA: Part = {
    "type": "object",
    "description": "A problem document: https://www.rfc-editor.org/rfc/rfc9457",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What was wrong, and what would be right."},
        "code": {"type": "string"},
    },
}
TEXTS: Part = {
    "type": "object",
    "description": "The same text by language.",
    "additionalProperties": {"type": "string"},
}
RELEASE: Part = {
    "type": "object",
    "required": ["number", "hash"],
    "properties": {"number": {"type": "integer"}, "hash": {"type": "string"}},
}
_TEXT_OR_NULL: Part = {"type": ["string", "null"]}
_NUMBER_OR_NULL: Part = {"type": ["integer", "null"]}
MADE: Part = {
    "type": "object",
    "description": "A release with what made it; without a ledger nobody knows.",
    "required": ["number", "hash", "url", "sparql"],
    "properties": {
        "number": {"type": "integer"},
        "hash": {"type": "string"},
        "at": {"type": ["string", "null"], "format": "date-time"},
        "action": {"enum": ["SEEDS", "ACCEPTANCE", "REVERSAL", None]},
        "contribution": _NUMBER_OR_NULL,
        "contributor": _TEXT_OR_NULL,
        "decidedBy": _TEXT_OR_NULL,
        "message": _TEXT_OR_NULL,
        "additions": _NUMBER_OR_NULL,
        "removals": _NUMBER_OR_NULL,
        "url": {"type": "string", "format": "uri"},
        "sparql": {"type": "string", "format": "uri"},
    },
}
SOLUTIONS_SCHEMA: Part = {
    "type": "object",
    "description": "https://www.w3.org/TR/sparql11-results-json/",
    "required": ["head"],
    "properties": {
        "head": {"type": "object"},
        "results": {"type": "object"},
        "boolean": {"type": "boolean"},
    },
}
ANSWER: Part = {
    "type": "object",
    "description": "https://spec.graphql.org/draft/#sec-Response-Format",
    "properties": {
        "data": {"type": ["object", "null"]},
        "errors": {"type": "array", "items": {"type": "object", "required": ["message"]}},
        "extensions": {"type": "object"},
    },
}
QUESTIONS: Part = {
    "type": "object",
    "required": ["release", "formats", "questions"],
    "properties": {
        "release": {"$ref": "#/components/schemas/Release"},
        "formats": {"type": "object", "description": "Media types by suffix."},
        "questions": {"type": "array", "items": {"$ref": "#/components/schemas/Question"}},
    },
}
QUESTION: Part = {
    "type": "object",
    "required": ["name", "title", "general", "url", "parameters"],
    "properties": {
        "name": {"type": "string"},
        "title": {"$ref": "#/components/schemas/Texts"},
        "general": {"$ref": "#/components/schemas/Texts"},
        "url": {"type": "string", "format": "uri"},
        "parameters": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "type", "label", "default"],
                "properties": {
                    "name": {"type": "string"},
                    "type": {"type": "string"},
                    "label": {"$ref": "#/components/schemas/Texts"},
                    "default": {"type": "string"},
                },
            },
        },
    },
}
EXPORTS: Part = {
    "type": "object",
    "required": ["release", "exports"],
    "properties": {
        "release": {"$ref": "#/components/schemas/Release"},
        "exports": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "title", "mediaType", "url", "sha256"],
                "additionalProperties": {"type": "string"},
            },
        },
    },
}
ALIVE: Part = {
    "type": "object",
    "required": ["status", "version"],
    "properties": {"status": {"const": "alive"}, "version": {"type": "string"}},
}
READY: Part = {
    "type": "object",
    "required": ["status", "version", "release", "ontology"],
    "properties": {
        "status": {"const": "ready"},
        "version": {"type": "string"},
        "release": {"$ref": "#/components/schemas/Release"},
        "ontology": {"type": "object"},
    },
}
OPERATION: Part = {
    "type": "object",
    "description": "The document as query, or its name: documentId, or extensions.persistedQuery.",
    "properties": {
        "query": {"type": ["string", "null"]},
        "documentId": {"type": ["string", "null"]},
        "variables": {"type": ["object", "null"]},
        "operationName": {"type": ["string", "null"]},
        "extensions": {"type": ["object", "null"]},
    },
}
SCHEMAS: Mapping[str, Part] = {
    "Problem": PROBLEM_SCHEMA,
    "Texts": TEXTS,
    "Release": RELEASE,
    "Made": MADE,
    "Solutions": SOLUTIONS_SCHEMA,
    "GraphQLAnswer": ANSWER,
    "GraphQLOperation": OPERATION,
    "Questions": QUESTIONS,
    "Question": QUESTION,
    "Exports": EXPORTS,
    "Alive": ALIVE,
    "Ready": READY,
}
PAGE_LANGUAGE: Part = {
    "name": "lang",
    "in": "query",
    "description": (
        "The language that is liked best, before those of Accept-Language; "
        f"pages are in {', '.join(PHRASES)}."
    ),
    "schema": {"type": "string"},
}
PARAMETERS: Mapping[str, Part] = {"lang": PAGE_LANGUAGE}
LANG: Part = {"$ref": "#/components/parameters/lang"}


def operation(
    tag: str,
    identifier: str,
    summary: str,
    answers: Mapping[str, Part],
    parameters: Sequence[Part] = (),
    failures: Sequence[HTTPStatus] = (),
) -> Part:
    """An operation with its answers, schemas by media type, and how else it ends."""
    responses: Part = {"200": {"description": summary, **told(answers)}}
    responses |= {str(status.value): PROBLEM for status in failures}
    return {
        "tags": [tag],
        "operationId": identifier,
        "summary": summary,
        **({"parameters": list(parameters)} if parameters else {}),
        "responses": {**responses, "default": PROBLEM},
    }


def told(answers: Mapping[str, Part]) -> Part:
    """The content of a response; what is no JSON has an empty schema."""
    return {"content": {media: ({"schema": s} if s else {}) for media, s in answers.items()}}


def problem() -> Part:
    """The response that tells what went wrong."""
    answers: Mapping[str, Part] = {MEDIA_TYPE: ref("Problem"), HTML: {}}
    return {"description": "What was wrong, and what would be right.", **told(answers)}


def ref(schema: str) -> Part:
    """One of ``SCHEMAS``."""
    return {"$ref": f"#/components/schemas/{schema}"}


def query(name: str, schema: Part) -> Part:
    """A parameter of the query string."""
    return {"name": name, "in": "query", "schema": schema}


def path(name: str, sense: str, example: str | None, enum: Sequence[str] = ()) -> Part:
    """A part of the path; what has slashes is percent-encoded."""
    schema: Part = {"type": "string", **({"enum": list(enum)} if enum else {})}
    parameter: Part = {"name": name, "in": "path", "required": True, "description": sense}
    return {**parameter, "schema": schema, **({"example": example} if example else {})}
