"""What is submitted: a document to add, one to remove, or both, and how large they may be.

A correction adds and removes. What it removes is a document of its own, in any of the formats:
nothing in the formats themselves could say so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kizuna.contributions.refusals import Refused, check
from kizuna.errors import InvalidInput, LimitExceeded, MalformedData
from kizuna.terms import Quad

TABLE = "text/csv"
MEDIA_TYPES: Mapping[str, str] = {
    ".ttl": "text/turtle",
    ".trig": "application/trig",
    ".nt": "application/n-triples",
    ".nq": "application/n-quads",
    ".jsonld": "application/ld+json",
    ".rdf": "application/rdf+xml",
    ".csv": TABLE,
}


@dataclass(frozen=True)
class Limits:
    """What reading a document may take: of bytes, triples, characters in a text, time, memory."""

    size: int = 1_000_000
    triples: int = 10_000
    literal: int = 20_000
    seconds: int = 10
    memory: int = 500_000_000


@dataclass(frozen=True)
class Document:
    """A text to be read; ``name`` tells it from the other in messages."""

    content: bytes
    media_type: str
    name: str = "document"


@dataclass(frozen=True)
class Unread:
    """A key of a JSON-LD document that says nothing.

    ``place`` is its JSON Pointer (https://www.rfc-editor.org/rfc/rfc6901), ``node`` the IRI of the
    thing around it, None where nothing around it has one, and ``near`` a key that may be meant.
    """

    key: str
    place: str
    line: int
    node: str | None
    near: str | None


@dataclass(frozen=True)
class Statements:
    """Statements that need no reading; their number among them, from 1, stands for a line."""

    quads: tuple[Quad, ...]
    name: str


@dataclass(frozen=True)
class Submission:
    """What is to be added and what is to be removed."""

    added: Document | Statements | None = None
    removed: Document | Statements | None = None


def submission_of(document: str | None, removals: str | None, media_type: str) -> Submission:
    """The submission of texts in one format, of which either may lack."""
    return Submission(
        added=Document(document.encode(), media_type) if document else None,
        removed=Document(removals.encode(), media_type, "removals") if removals else None,
    )


def read_document(path: Path, limits: Limits) -> Document:
    """The file as a document, its media type by its suffix.

    Raises MalformedData for a file that can't be read, InvalidInput for an unknown suffix.
    """
    media_type = MEDIA_TYPES.get(path.suffix.lower())
    if media_type is None:
        raise InvalidInput(f"{path}: unknown kind of file; use one of {', '.join(MEDIA_TYPES)}.")
    try:
        with path.open("rb") as file:
            content = file.read(limits.size + 1)
    except OSError as error:
        raise MalformedData(f"{path}: {error.strerror or error}") from error
    return Document(content, media_type, str(path))


def check_size(document: Document, limits: Limits) -> None:
    """Raises LimitExceeded for a document that is too long."""
    if len(document.content) > limits.size:
        raise LimitExceeded(
            f"{document.name}: longer than {limits.size:,} bytes; submit it in parts."
        )


def check_count(statements: Statements, limits: Limits) -> None:
    """Raises LimitExceeded for too many statements or too long a one, InvalidInput for one that
    can't be taken."""
    if len(statements.quads) > limits.triples:
        raise LimitExceeded(
            f"{statements.name}: more than {limits.triples:,} triples; submit fewer."
        )
    for quad in statements.quads:
        try:
            check(quad, limits.literal)
        except Refused as error:
            message = f"{statements.name}: {error}."
            raise (LimitExceeded if error.over else InvalidInput)(message) from error
