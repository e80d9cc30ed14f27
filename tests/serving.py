"""A server in a process of its own, as people start it."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

WELCOME_LINES = 4
KIZUNA = [sys.executable, "-m", "kizuna"]


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[str, str, "subprocess.Popen[str]"]]:
    """A running server: its address, what it said, its process, which is ended in the end."""
    command = [*KIZUNA, "serve", "--port", "0", *arguments]
    with subprocess.Popen(  # noqa: S603 (a command of our own)
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            said = "".join(islice(process.stdout, WELCOME_LINES))
            found = re.search(r"http://\S+", said)
            assert found, process.communicate()
            yield found[0], said, process
        finally:
            process.kill()
