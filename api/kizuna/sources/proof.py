"""The proof that documents and passages are what the data says of them.

A passage's offsets count Unicode code points of the document's text as given; its hash is the
SHA-256 of the UTF-8 of that slice in NFC (https://www.unicode.org/reports/tr15/).
"""

import hashlib
import unicodedata
from collections.abc import Iterator

from kizuna.sources.coded import Coded, Document, Passage
from kizuna.sources.held import Held


def unproved(coded: Coded, held: Held) -> Iterator[str]:
    """A line for each document and passage that the held documents don't bear out."""
    for document in coded.documents:
        if document.iri in held:
            yield from _of_document(document, held[document.iri])
        else:
            yield not_found(document)
    known = {document.iri for document in coded.documents}
    for passage in coded.passages:
        text = held.get(passage.document or "")
        if text is not None:
            yield from _of_passage(passage, text)
        elif passage.document not in known:
            yield f"{passage.iri}: names no document of the data"


def not_found(document: Document) -> str:
    """The line for a document of which no file is held."""
    if document.sha256 is None:
        return f"{document.iri}: states no hash, so that its file can't be recognised"
    return f"{document.iri}: no file here has its hash {document.sha256}"


def passage_hash(text: str) -> str:
    """The hash of a passage's text."""
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode()).hexdigest()


def _of_document(document: Document, text: str) -> Iterator[str]:
    if document.characters != len(text):
        stated = "none" if document.characters is None else document.characters
        yield f"{document.iri}: has {len(text)} characters; the data says {stated}"


def _of_passage(passage: Passage, text: str) -> Iterator[str]:
    start, end = passage.start, passage.end
    if start is None or end is None or passage.sha256 is None:
        yield f"{passage.iri}: needs exactly one start, one end and one hash"
    elif not 0 <= start < end <= len(text):
        yield f"{passage.iri}: {start}–{end} is no stretch of a text of {len(text)} characters"
    elif passage_hash(text[start:end]) != passage.sha256:
        found = passage_hash(text[start:end])
        yield f"{passage.iri}: {start}–{end} hashes to {found}; the data says {passage.sha256}"
