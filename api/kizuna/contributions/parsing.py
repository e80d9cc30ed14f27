"""Submitted documents read into quads, each in a process of its own that can be lost.

No stranger's text is parsed in this process. Nothing is fetched: not a context of JSON-LD
(https://www.w3.org/TR/json-ld11-api/#remote-document-and-context-retrieval), not an entity of XML.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from kizuna.contributions.contexts import with_contexts
from kizuna.contributions.documents import TABLE, Document, Limits, Unread, check_size
from kizuna.dataset.files import read_n_quads
from kizuna.errors import InvalidInput, LimitExceeded, MalformedData
from kizuna.terms import Quad

JSON_LD = "application/ld+json"
READER = "kizuna.contributions.reader"
READ = frozenset(
    {
        "text/turtle",
        "application/trig",
        "application/n-triples",
        "application/n-quads",
        JSON_LD,
        "application/rdf+xml",
    }
)
GRACE = 2.0
TIMED_OUT = frozenset({-signal.SIGALRM, -signal.SIGXCPU, -signal.SIGKILL})


@dataclass(frozen=True)
class Parsed:
    """The quads of a document, in its order, each with the line on which it is first complete.

    ``unread`` are the keys of JSON-LD that say nothing.
    """

    name: str
    quads: Mapping[Quad, int]
    unread: tuple[Unread, ...] = ()


def parse_document(
    document: Document,
    limits: Limits,
    base: str | None,
    contexts: Mapping[str, str] = MappingProxyType({}),
) -> Parsed:
    """What the document says; relative IRIs are resolved against ``base``.

    ``contexts`` are those of JSON-LD, by their addresses, that a document may name.

    Raises MalformedData, with line and column where they are known, LimitExceeded for a document
    that takes too much, InvalidInput for a media type that isn't read.
    """
    media_type = document.media_type.partition(";")[0].strip().lower()
    if media_type not in READ:
        known = ", ".join(sorted(READ | {TABLE}))
        raise InvalidInput(f"{document.name}: can't read {media_type}; use one of {known}.")
    check_size(document, limits)
    task = {
        "media_type": media_type,
        "base": base,
        "triples": limits.triples,
        "literal": limits.literal,
        "seconds": limits.seconds,
        "memory": limits.memory,
    }
    content = document.content
    if media_type == JSON_LD:
        content = with_contexts(content, contexts)
    lines, verdict = _run(json.dumps(task), replace(document, content=content), limits)
    if "fault" in verdict:
        raise _fault(document, verdict)
    return Parsed(document.name, _quads(lines), _unread(verdict))


def _run(task: str, document: Document, limits: Limits) -> tuple[list[str], dict[str, object]]:
    command = [sys.executable, "-m", READER, task]
    try:
        done = subprocess.run(  # noqa: S603 (a command of our own)
            command,
            input=document.content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=limits.seconds + GRACE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _too_long(document, limits) from None
    if done.returncode in TIMED_OUT:
        raise _too_long(document, limits)
    if done.returncode:
        raise LimitExceeded(
            f"{document.name}: reading it takes more than {limits.memory:,} bytes of memory, or it "
            "is nested more deeply than can be followed; submit something simpler."
        )
    *lines, verdict = done.stdout.decode().split("\n")
    return lines, dict(json.loads(verdict))


def _too_long(document: Document, limits: Limits) -> LimitExceeded:
    return LimitExceeded(
        f"{document.name}: reading it takes longer than {limits.seconds} seconds; submit less."
    )


def _fault(document: Document, verdict: Mapping[str, object]) -> InvalidInput:
    place = [str(verdict[part]) for part in ("line", "column") if verdict.get(part)]
    where = ":".join([document.name, *place])
    message = f"{where}: {' '.join(str(verdict['fault']).split())}"
    return LimitExceeded(message) if verdict.get("over") else MalformedData(message)


def _unread(verdict: Mapping[str, Any]) -> tuple[Unread, ...]:
    return tuple(Unread(**key) for key in verdict.get("unread", ()))


def _quads(lines: list[str]) -> dict[Quad, int]:
    found: dict[Quad, int] = {}
    numbered = [line.partition("\t") for line in lines]
    quads = read_n_quads("\n".join(quad for _, _, quad in numbered))
    for quad, (number, _, _) in zip(quads, numbered, strict=True):
        found.setdefault(quad, int(number))
    return found
