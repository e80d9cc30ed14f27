"""The engine process: it holds a copy of a release and forks a process of its own for each query.

Started by ``kizuna.dataset.engine`` as ``python -m kizuna.dataset.worker CONTROL COPY MERGED``: the
descriptors of a socket and of a file of N-Quads, and whether a default graph must be merged. Each
message on the socket brings two descriptors: a channel, which carries a question in and a verdict
out, each a line of JSON, and the file that takes the answer. A query that crashes, runs too long or
takes too much ends the process forked for it and nothing else; closing the channel ends it too.
"""

import errno
import fcntl
import json
import os
import resource
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from pyoxigraph import NamedNode, QueryResultsFormat, QueryTriples, RdfFormat, Store

MERGE = "INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }"
READY = b"+"
NICENESS = 5
LIKELY_VICTIM = "1000"
OWN_MEMORY = Path("/proc/self/statm")

Question = Mapping[str, Any]


class Worker:
    """Answers questions over one copy of a release."""

    def __init__(self, copy: BinaryIO, merged: bool) -> None:
        self.merged = merged
        self.store = Store()
        # The parser seeds its thread's random numbers: in the main thread, every query forked from
        # it would draw the same UUIDs.
        with ThreadPoolExecutor(1) as another:
            another.submit(self._load, copy).result()

    def _load(self, copy: BinaryIO) -> None:
        self.store.bulk_load(copy, RdfFormat.N_QUADS)
        if self.merged:
            self.store.update(MERGE)

    def serve(self, control: socket.socket) -> None:
        """Fork a process for each pair of descriptors, until the other end closes."""
        while True:
            message, descriptors, *_ = socket.recv_fds(control, 1, 2)
            if not message:
                return
            if _forked():
                control.close()
                self._answer(*descriptors)
            for descriptor in descriptors:
                os.close(descriptor)

    def _answer(self, channel: int, output: int) -> None:
        """Answer one question in this process, which ends here."""
        try:
            with socket.socket(fileno=channel) as wire, open(output, "wb", buffering=0) as file:
                question = json.loads(wire.makefile("rb").readline())
                _confine(question, wire)
                verdict = self._evaluate(question, file)
                wire.sendall(json.dumps(verdict).encode() + b"\n")
        finally:
            os._exit(0)

    def _evaluate(self, question: Question, output: BinaryIO) -> Mapping[str, str]:
        try:
            self._write(question, output)
        except SyntaxError as error:
            return {"malformed": error.msg}
        except OSError as error:
            return {"too-long": ""} if error.errno == errno.EFBIG else {"refused": str(error)}
        except (RuntimeError, ValueError) as error:
            return {"refused": str(error)}
        return {}

    def _write(self, question: Question, output: BinaryIO) -> None:
        """Evaluate and serialise; in one thread, which the engine's results may not leave."""
        default, named = question["default"], question["named"]
        results = self.store.query(
            question["text"],
            base_iri=question["base"],
            use_default_graph_as_union=question["union"] and not self.merged,
            default_graph=None if default is None else [NamedNode(iri) for iri in default],
            named_graphs=None if named is None else [NamedNode(iri) for iri in named],
        )
        media_type = question["media_type"]
        if isinstance(results, QueryTriples):
            results.serialize(output, RdfFormat.from_media_type(media_type))
        else:
            results.serialize(output, QueryResultsFormat.from_media_type(media_type))


def _forked() -> bool:
    """Whether this is a new process; where none can be made, it is not."""
    with suppress(OSError):
        return os.fork() == 0
    return False


def _confine(question: Question, wire: socket.socket) -> None:
    """Let the kernel end this process at any limit, and open nothing more: no file, no network."""
    _end_when_closed(wire)
    signal.setitimer(signal.ITIMER_REAL, question["seconds"])
    os.nice(NICENESS)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, question["size"])
    if OWN_MEMORY.exists():
        pages = int(OWN_MEMORY.read_text().split()[0])
        _limit(resource.RLIMIT_AS, pages * resource.getpagesize() + question["memory"])
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    _limit(resource.RLIMIT_NOFILE, 0)


def _limit(kind: int, most: int) -> None:
    resource.setrlimit(kind, (most, most))


def _end_when_closed(wire: socket.socket) -> None:
    """Have a signal end this process as soon as nobody waits for its verdict."""
    fcntl.fcntl(wire, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(wire, fcntl.F_SETFL, os.O_ASYNC)
    with suppress(BlockingIOError):
        if not wire.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT):
            os._exit(0)


def main(arguments: Sequence[str]) -> None:
    """Load the copy, say so, and serve."""
    control, copy, merged = map(int, arguments)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends when the server does
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a query's process ended
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(LIKELY_VICTIM)
    with socket.socket(fileno=control) as wire:
        with open(copy, "rb") as file:  # noqa: PTH123 (a descriptor, no path)
            worker = Worker(file, bool(merged))
        wire.sendall(READY)
        worker.serve(wire)


if __name__ == "__main__":
    main(sys.argv[1:])
