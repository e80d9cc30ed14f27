"""The ``kizuna`` command."""

import argparse
import sys
from collections.abc import Sequence

from kizuna import __version__
from kizuna.commands import (
    admitting,
    checking,
    printing,
    proposing,
    proving,
    serving,
    telling,
    writing,
)
from kizuna.commands.options import NOT_CONFORMING
from kizuna.errors import BrokenLedger, KizunaError, ShapeViolation

FAULT = 2
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; what goes wrong is told in one line, without a traceback."""
    arguments = parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except (KizunaError, OSError) as error:
        sys.stderr.write(f"kizuna: {_line(error)}\n")
        refused = isinstance(error, ShapeViolation | BrokenLedger)
        return NOT_CONFORMING if refused else FAULT
    except KeyboardInterrupt:
        return INTERRUPTED


def parser() -> argparse.ArgumentParser:
    """The command's arguments; those of ``serve`` are the settings."""
    top = argparse.ArgumentParser(
        prog="kizuna", description="A knowledge graph to query, check and extend."
    )
    top.add_argument("--version", action="version", version=f"kizuna {__version__}")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for add in (
        serving.add,
        checking.add,
        printing.add_contracts,
        proposing.add,
        writing.add,
        printing.add_pages,
        telling.add,
        admitting.add,
        proving.add,
    ):
        add(commands)
    return top


def _line(error: Exception) -> str:
    """The error in one line, with the file it is about."""
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {(error.strerror or 'can not be read').lower()}."
    return " ".join(str(error).split())


if __name__ == "__main__":
    sys.exit(main())
