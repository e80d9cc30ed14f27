"""GraphQL documents that clients name instead of sending them.

Names are those of https://github.com/graphql/graphql-over-http/blob/persisted-documents/spec/Appendix%20A%20--%20Persisted%20Documents.md
A server either keeps what clients send it under its hash, so that the hash does the next time
(https://www.apollographql.com/docs/apollo-server/performance/apq/), or it runs no documents but
those that its operator trusts.
"""

import hashlib
import json
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol, TypeAlias

from graphql import GraphQLError

from kizuna.errors import DocumentNotTrusted, DocumentUnknown, InvalidInput

PREFIX = "sha256:"
HASH = re.compile("[0-9a-f]{64}")
SUFFIXES = (".graphql", ".gql")
# Clients know it by this text as well as by its code: it is no sentence.
NOT_FOUND = "PersistedQueryNotFound"
APOLLO = "apollo-persisted-query-manifest"
MOST_TOLD = 10

# What is wrong with a document.
Faults: TypeAlias = Callable[[str], Sequence[GraphQLError]]


class Documents(Protocol):
    """Which documents a request may name, and run."""

    def text(self, query: str | None, identifier: str | None) -> str | None:
        """The document of a request that sends it, names it, or both; None where it does neither.

        Raises InvalidInput, DocumentUnknown or DocumentNotTrusted.
        """


class KeptDocuments:
    """Documents that clients sent with their hash, those used last up to a size in bytes."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[str, str] = OrderedDict()
        self._held = 0

    def text(self, query: str | None, identifier: str | None) -> str | None:
        """The document, which is kept where it comes with its hash."""
        if identifier is None:
            return query
        name = _hash_in(identifier)
        if query is None:
            return self._found(name)
        if digest(query) != name:
            raise InvalidInput(f"The document's SHA-256 is {digest(query)}, not {name}.")
        self._keep(name, query)
        return query

    def _found(self, name: str) -> str:
        if name not in self._kept:
            raise DocumentUnknown(NOT_FOUND)
        self._kept.move_to_end(name)
        return self._kept[name]

    def _keep(self, name: str, query: str) -> None:
        if name not in self._kept:
            self._held += len(query.encode())
        self._kept[name] = query
        self._kept.move_to_end(name)
        while self._held > self._size:
            _, oldest = self._kept.popitem(last=False)
            self._held -= len(oldest.encode())


class TrustedDocuments:
    """Documents by their names, each also by the SHA-256 of its text; no others are run."""

    def __init__(self, documents: Mapping[str, str]) -> None:
        self._documents = {digest(text): text for text in documents.values()} | dict(documents)

    def text(self, query: str | None, identifier: str | None) -> str | None:
        """The trusted document that is named, or sent as it stands."""
        if query is None and identifier is None:
            return None
        name = digest(query or "") if identifier is None else identifier.removeprefix(PREFIX)
        found = self._documents.get(name)
        if found is None or query not in (None, found):
            raise DocumentNotTrusted(
                "This server runs trusted documents only, and this is none of them; "
                "name one by documentId."
            )
        return found


def digest(text: str) -> str:
    """The SHA-256 of a document's text, in lower-case hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read_trusted(place: Path, faults: Faults) -> TrustedDocuments:
    """The trusted documents of a folder or a manifest, all of which are sound.

    Raises InvalidInput that names the place, and each document that has ``faults``.

    In a folder each file of GraphQL is a document, named by the file. A manifest is JSON: documents
    by their names, as relay-compiler and graphql-codegen write it, or that of Apollo
    (https://www.apollographql.com/docs/graphos/platform/security/persisted-queries).
    """
    try:
        documents = _in_folder(place) if place.is_dir() else _in_manifest(json.loads(_read(place)))
    except (OSError, ValueError) as error:
        raise InvalidInput(f"{place}: the trusted documents can't be read: {error}.") from None
    if not documents:
        raise InvalidInput(f"{place}: there are no trusted documents in it.")
    if found := [
        _fault(name, wrong) for name, text in documents.items() if (wrong := faults(text))
    ]:
        more = [f"and {len(found) - MOST_TOLD} more"] if len(found) > MOST_TOLD else []
        raise InvalidInput(
            f"{place}: what can't be run is no trusted document; mend these or leave them out:\n"
            + "\n".join(f"  {line}" for line in (*found[:MOST_TOLD], *more))
        )
    return TrustedDocuments(documents)


def _fault(name: str, errors: Sequence[GraphQLError]) -> str:
    line = errors[0].locations[0].line if errors[0].locations else 1
    return f"{name}, line {line}: {errors[0].message}"


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def _in_folder(folder: Path) -> Mapping[str, str]:
    files = [file for file in sorted(folder.iterdir()) if file.suffix in SUFFIXES]
    return {file.stem: _read(file) for file in files}


def _in_manifest(manifest: object) -> Mapping[str, str]:
    """The documents of a manifest by their names; raises ValueError where it is none."""
    if isinstance(manifest, dict) and manifest.get("format") == APOLLO:
        manifest = _of_apollo(manifest.get("operations"))
    if not isinstance(manifest, dict) or not all(
        isinstance(part, str) for entry in manifest.items() for part in entry
    ):
        raise ValueError("a manifest is a JSON object of documents by their names")
    return manifest


def _of_apollo(operations: object) -> object:
    if not isinstance(operations, list) or not all(isinstance(each, dict) for each in operations):
        return None
    return {each.get("id"): each.get("body") for each in operations}


def _hash_in(identifier: str) -> str:
    name = identifier.removeprefix(PREFIX)
    if not HASH.fullmatch(name):
        raise InvalidInput(
            f"{identifier!r} names no document: the name is {PREFIX} and the SHA-256 of its text, "
            "64 lower-case hexadecimal digits."
        )
    return name
