"""What an address of a result is made of, as the OpenAPI document tells it."""

import hashlib

from kizuna.http import openapi_parts as parts
from kizuna.http.openapi_parts import Part
from kizuna.http.operations import Operation
from kizuna.http.permalinking import canonical, packed


def permalink_parameters(example: str, release: int) -> list[Part]:
    """The parameters, those of an example operation on a release for their examples."""
    asked = canonical(Operation(example, None, None, {}), ["en"])
    number = parts.path("release", "The number of a release.", None)
    number |= {"schema": {"type": "integer", "minimum": 0}, "example": release}
    sense = "The SHA-256 of the operation as canonical JSON."
    operation = parts.query("o", {"type": "string"})
    result = parts.query("r", {"type": "string"})
    return [
        number,
        parts.path("hash", sense, hashlib.sha256(asked).hexdigest()),
        operation | {"required": True, "example": packed(asked)},
        result | {"description": "How the SHA-256 of the data that it first answered begins."},
    ]
