"""Whether an answer that a client or a cache holds still holds.

Tags are weak throughout (https://www.rfc-editor.org/rfc/rfc9110#section-8.8.1): the same answer may
be compressed into other bytes, or list what has no order in another one.
"""

import hashlib
import json
from collections.abc import Sequence

from starlette.requests import Request

from kizuna import __version__
from kizuna.dataset.releases import Dataset

LENGTH = 32


def version_of(dataset: Dataset) -> tuple[str, ...]:
    """What every answer depends on besides its request: release, ontology and software."""
    release = dataset.release
    return (str(release.number), release.hash, dataset.ontology_hash, __version__)


def tag_of(parts: Sequence[object]) -> str:
    """The tag of an answer that depends on the parts, which are JSON, and on nothing else."""
    written = json.dumps(parts, sort_keys=True).encode()
    return f'W/"{hashlib.sha256(written).hexdigest()[:LENGTH]}"'


def unchanged(request: Request, tag: str) -> bool:
    """Whether the client holds what has the tag.

    https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2
    """
    held = [each.strip() for each in request.headers.get("if-none-match", "").split(",")]
    return "*" in held or tag.removeprefix("W/") in [each.removeprefix("W/") for each in held]
