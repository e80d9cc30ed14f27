"""Permalinks of results: a release, the hash of an operation, and the operation itself.

``/q/RELEASE/HASH?o=OPERATION&r=RESULT`` carries all that the answer depends on, so that nothing
needs to be kept for it to last: any server that has the release gives the answer. HASH is the
SHA-256 of the operation as canonical JSON; ``o`` is that JSON, compressed (RFC 1950) and written as
base64url (RFC 4648); ``r`` begins the SHA-256 of the answer's data, so that a reader is told where
later software answers otherwise.
"""

import base64
import binascii
import hashlib
import zlib
from collections.abc import Mapping, Sequence
from http import HTTPStatus

import orjson

from kizuna.http.operations import Operation, Refusal

# As long as anyone should be able to handle: https://www.rfc-editor.org/rfc/rfc9110#section-4.1
LONGEST = 8000
BRIEF = 16  # digits of a result's hash


def with_permalink(
    payload: Mapping[str, object], operation: Operation, languages: Sequence[str]
) -> Mapping[str, object]:
    """The answer, with its permalink in ``extensions.kizuna`` where the operation asks for it."""
    wanted = _wanted(operation)
    if not wanted or "data" not in payload or not _runs(operation):
        return payload
    extensions = _member(payload, "extensions")
    ours = _member(extensions, "kizuna")
    told = permalink(operation, languages, _member(ours, "release")["number"], payload["data"])
    if isinstance(wanted, dict) and wanted.get("result"):
        told["unchanged"] = wanted["result"] == told["result"]
    return {**payload, "extensions": {**extensions, "kizuna": {**ours, "permalink": told}}}


def _runs(operation: Operation) -> bool:
    """Whether there is a result: what is only explained has none."""
    return _member(operation.extensions, "kizuna").get("explain") != "ONLY"


def permalink(
    operation: Operation, languages: Sequence[str], release: object, data: object
) -> dict[str, object]:
    """Where the same answer can be had again; without an address where that would be too long."""
    asked = canonical(operation, languages)
    digest = hashlib.sha256(asked).hexdigest()
    result = hashlib.sha256(orjson.dumps(data)).hexdigest()[:BRIEF]
    href = f"/q/{release}/{digest}?o={packed(asked)}&r={result}"
    told: dict[str, object] = {"href": href, "operation": digest, "result": result}
    if len(href) > LONGEST:
        why = f"The address would have {len(href)} characters, allowed: {LONGEST}; ask for less."
        told |= {"href": None, "message": why}
    return told


def packed(asked: bytes) -> str:
    """The operation as it stands in an address."""
    return base64.urlsafe_b64encode(zlib.compress(asked, 9)).decode().rstrip("=")


def unpacked(text: str, most: int) -> bytes:
    """The operation that stands in an address; raises Refusal where there is none so long."""
    try:
        compressed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        reading = zlib.decompressobj()
        asked = reading.decompress(compressed, most)
    except (ValueError, binascii.Error, zlib.error):
        raise Refusal("The address isn't whole: the operation in it can't be read.") from None
    if reading.unconsumed_tail:
        raise Refusal(
            f"The operation is longer than max_body_bytes, {most}.",
            HTTPStatus.REQUEST_URI_TOO_LONG,
        )
    return asked


def canonical(operation: Operation, languages: Sequence[str]) -> bytes:
    """All that the answer depends on but the release, as JSON with its keys in order."""
    asked = {
        "query": operation.query,
        "variables": operation.variables,
        "operationName": operation.name,
        "languages": list(languages),
    }
    return orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)


def _wanted(operation: Operation) -> object:
    return _member(operation.extensions, "kizuna").get("permalink")


def _member(holder: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = holder.get(name)
    return value if isinstance(value, dict) else {}
