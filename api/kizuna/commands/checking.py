"""The command that validates files."""

import argparse
import os
import sys
from pathlib import Path

from kizuna.check import check
from kizuna.commands.options import NOT_CONFORMING, Commands, add_setting
from kizuna.settings import read_settings


def add(commands: Commands) -> None:
    """Adds ``check``."""
    command = commands.add_parser("check", help="validate data files against the shapes")
    command.description = (
        "Validate data files against the shapes; exit with 1 where they don't fit."
    )
    command.set_defaults(run=_check)
    command.add_argument(
        "files",
        nargs="*",
        type=Path,
        metavar="FILE",
        help="files to check; without any, the packaged seeds",
    )
    command.add_argument("--lang", default="en", help="language of the report, such as it or ja")
    add_setting(command, "ontology")


def _check(arguments: argparse.Namespace) -> int:
    settings = read_settings({"ontology": arguments.ontology}, os.environ)
    files = [file.absolute() for file in arguments.files]
    text, conforms = check(files, settings.ontology, arguments.lang)
    sys.stdout.write(f"{text}\n")
    return 0 if conforms else NOT_CONFORMING
