"""The process that reads one submitted document, and is lost with it where that is hostile.

Started by ``kizuna.contributions.parsing`` as ``python -m kizuna.contributions.reader TASK``: the
task in JSON, the document on standard input. On standard output come lines of a line number, a tab
and a quad in N-Quads; the last line is a verdict in JSON, which lists the keys of JSON-LD that say
nothing. Without one the process has been ended.
"""

import json
import os
import re
import resource
import signal
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from xml.parsers import expat

from pyoxigraph import RdfFormat

from kizuna.contributions.refusals import Refused, check
from kizuna.dataset.files import parse_lines
from kizuna.terms import Quad

LONGEST_ANSWER = 30_000_000
PLACE = re.compile(r"^Parser error (at|between) line .*?: ")
REMOTE = "a remote context is named, and nothing is fetched; write the context into the document"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
OWN_MEMORY = Path("/proc/self/statm")
EXAMPLE = b'{"@context": {"a": "x:a", "b": "x:b"}, "@id": "x:c", "a": "x", "c": "x"}'

Task = Mapping[str, Any]


@dataclass
class _Stopped(Exception):
    reason: str
    line: int | None = None
    over: bool = False


def answer(task: Task, content: bytes) -> tuple[list[str], Mapping[str, object]]:
    """The lines to write, and the verdict."""
    try:
        return list(_read(task, content)), {"read": True, **_unread(task, content)}
    except SyntaxError as error:
        reason = REMOTE if "LoadDocument" in error.msg else PLACE.sub("", error.msg)
        return [], {"fault": reason, "line": error.lineno, "column": error.offset}
    except _Stopped as error:
        return [], {"fault": error.reason, "line": error.line, "over": error.over}


def _read(task: Task, content: bytes) -> Iterator[str]:
    rdf_format = RdfFormat.from_media_type(task["media_type"]) or RdfFormat.TURTLE
    if rdf_format == RdfFormat.RDF_XML:
        _check_xml(content)
    seen = written = 0
    for quad, line in parse_lines(content.removeprefix(BYTE_ORDER_MARK), rdf_format, task["base"]):
        _check(quad, line, task)
        text = f"{line}\t{quad} ."
        seen, written = seen + 1, written + len(text)
        if seen > task["triples"] or written > LONGEST_ANSWER:
            reason = f"more than {task['triples']:,} triples, or very long ones; submit fewer"
            raise _Stopped(reason, line, over=True)
        yield text


def _unread(task: Task, content: bytes) -> Mapping[str, object]:
    if task["media_type"] != RdfFormat.JSON_LD.media_type:
        return {}
    from kizuna.contributions.keys import unread  # what it needs would slow down other formats

    found = unread(content.removeprefix(BYTE_ORDER_MARK), task["base"])
    return {"unread": [asdict(key) for key in found]}


def _check_xml(content: bytes) -> None:
    """No entities, and whole: the parser of RDF takes what it has of a document that breaks off."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        place = ("<document>", error.lineno, error.offset + 1, None)
        raise SyntaxError(expat.errors.messages[error.code], place) from error


def _refuse_doctype(*declared: object) -> None:
    raise _Stopped("a document type is declared; leave it out")


def _check(quad: Quad, line: int, task: Task) -> None:
    try:
        check(quad, task["literal"])
    except Refused as error:
        raise _Stopped(str(error), line, over=error.over) from error


def confine(task: Task) -> None:
    """Let the kernel end this process at any limit, and open nothing more: no file, no network."""
    signal.setitimer(signal.ITIMER_REAL, task["seconds"])
    _limit(resource.RLIMIT_CPU, task["seconds"])
    _limit(resource.RLIMIT_CORE, 0)
    if OWN_MEMORY.exists():
        pages = int(OWN_MEMORY.read_text().split()[0])
        _limit(resource.RLIMIT_AS, pages * resource.getpagesize() + task["memory"])
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    _limit(resource.RLIMIT_NOFILE, 0)


def _limit(kind: int, most: int) -> None:
    resource.setrlimit(kind, (most, most))


def main(task: Task) -> None:
    """Read the document and write what it says."""
    content = sys.stdin.buffer.read()
    _unread(task, EXAMPLE)  # loads what can't be opened any more once it is confined
    confine(task)
    lines, verdict = answer(task, content)
    output = "\n".join([*lines, json.dumps(verdict)])
    sys.stdout.buffer.write(output.encode())
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
