"""The keys of a JSON-LD document that say nothing, so that whoever misspelt one is told.

A key that the context doesn't define is dropped
(https://www.w3.org/TR/json-ld11-api/#expansion-algorithm, 13.3), and so is one that only looks like
a keyword (https://www.w3.org/TR/json-ld11/#terms). One that the context makes null is meant to say
nothing, and isn't told.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from itertools import count
from typing import Any

from pyld import jsonld

from kizuna.contributions.documents import Unread

CONTEXT, GRAPH, ID, TYPE = "@context", "@graph", "@id", "@type"
ANY_TYPE = "urn:any"
NEAR = 0.7
MOST = 100  # told of one document
LIKE_KEYWORD = re.compile(r"@[A-Za-z]+")
# A text, with the colon behind it where it is a key; or where an object begins or ends.
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"(?P<key>\s*:)?|[{}]')


class _Key(str):
    """A key that knows where it stands, and is told from any other like it, when it is copied."""

    __slots__ = ("line", "number")
    line: int
    number: int


def unread(content: bytes, base: str | None) -> list[Unread]:
    """The keys of a document, which has been read before, that say nothing: at most 100 of them.

    None of a document that can't be followed, as where it is nested too deeply.
    """
    try:
        document = _read(content.decode())
        dropped = _dropped(document, base)
        walk = _walk(document, "", None)
        keys = [found for found in walk if found[0].number in dropped or _odd(found[0])]
        return list(_told(keys[:MOST], document, base))
    except Exception:  # noqa: BLE001 (PyLD may fail in any way at what is read all the same)
        return []


def _read(text: str) -> Any:
    """The document, its keys with their lines."""
    lines, numbers = _lines(text), count()

    def noted(pairs: list[tuple[str, Any]]) -> dict[_Key, Any]:
        found = {}
        for (name, value), line in zip(pairs, next(lines), strict=True):
            key = _Key(name)
            key.line, key.number = line, next(numbers)
            found[key] = value
        return found

    return json.loads(text, object_pairs_hook=noted)


def _lines(text: str) -> Iterator[list[int]]:
    """The lines of the keys of each object, in the order in which the objects end."""
    objects: list[list[int]] = []
    line, last = 1, 0
    for token in TOKEN.finditer(text):
        line, last = line + text.count("\n", last, token.start()), token.start()
        if token[0] == "{":
            objects.append([])
        elif token[0] == "}":
            yield objects.pop()
        elif token["key"]:
            objects[-1].append(line)


def _dropped(document: Any, base: str | None) -> set[int]:
    """The numbers of the keys that expanding the document drops."""
    dropped: list[str | None] = []
    jsonld.expand(document, _options(base), on_property_dropped=dropped.append)
    # What isn't the key itself is what a relative @vocab makes of it.
    return {key.number for key in dropped if isinstance(key, _Key)}


def _options(base: str | None) -> dict[str, Any]:
    return {"base": base or "", "documentLoader": _refuse}


def _refuse(address: str, options: object) -> None:
    raise jsonld.JsonLdError("Nothing is fetched.", "jsonld.LoadDocumentError")


def _odd(key: str) -> bool:
    """Whether it looks like a keyword, and is none."""
    return bool(LIKE_KEYWORD.fullmatch(key)) and key not in jsonld.KEYWORDS


def _walk(value: Any, place: str, node: str | None) -> Iterator[tuple[_Key, str, str | None]]:
    """The keys, each with its place and the identifier around it; those of contexts aside."""
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from _walk(each, f"{place}/{number}", node)
    elif isinstance(value, dict):
        own = value.get(ID)
        node = own if isinstance(own, str) else node
        for key, each in value.items():
            at = f"{place}/{key.replace('~', '~0').replace('/', '~1')}"
            if key != CONTEXT:
                yield key, at, node
                yield from _walk(each, at, node)


def _told(
    keys: Sequence[tuple[_Key, str, str | None]], document: Any, base: str | None
) -> Iterator[Unread]:
    known = [*_terms(document), *jsonld.KEYWORDS]
    iris = _iris({node for _, _, node in keys if node}, document, base)
    for key, place, node in keys:
        near = [str(one) for one in get_close_matches(key, known, cutoff=NEAR) if one != key]
        yield Unread(str(key), place, key.line, iris.get(node or ""), next(iter(near), None))


def _iris(nodes: Iterable[str], document: Any, base: str | None) -> dict[str, str]:
    """What the identifiers stand for in the document's context."""
    context = document.get(CONTEXT) if isinstance(document, dict) else None
    wanted = list(nodes)
    alone = {CONTEXT: context, GRAPH: [{ID: node, TYPE: ANY_TYPE} for node in wanted]}
    told = jsonld.expand(alone, _options(base))
    return {node: one[ID] for node, one in zip(wanted, told, strict=True) if ID in one}


def _terms(value: Any) -> Iterator[str]:
    """The terms of all contexts in the document."""
    each = value if isinstance(value, list) else []
    if isinstance(value, dict):
        each = list(value.values())
        contexts = value.get(CONTEXT)
        for context in contexts if isinstance(contexts, list) else [contexts]:
            yield from context if isinstance(context, dict) else ()
    for one in each:
        yield from _terms(one)
