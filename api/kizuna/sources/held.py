"""The documents that the user holds, recognised by the SHA-256 of their bytes."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from kizuna.errors import InvalidInput, MalformedData
from kizuna.sources.coded import Coded

Held = Mapping[str, str]  # the text of each document that was found, by the document's IRI


def find_held(folder: Path, coded: Coded) -> Held:
    """The coded documents' texts, from whatever files under the folder have their hashes.

    A text is the file's characters as given: line ends and marks at its start are kept. Raises
    InvalidInput where there is no such folder or the data names no document, MalformedData for a
    document that isn't UTF-8.
    """
    if not folder.is_dir():
        raise InvalidInput(f"{folder}: no such folder; name the one that holds the documents")
    if not coded.documents:
        raise InvalidInput("the data names no source document, so there is nothing to compare")
    files = {_hash(file): file for file in sorted(folder.rglob("*")) if file.is_file()}
    return {
        document.iri: _text(files[document.sha256])
        for document in coded.documents
        if document.sha256 in files
    }


def _hash(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise MalformedData(f"{file}: not UTF-8 text (byte {error.start})") from error
