"""Commands that compare the data with the documents that it was coded from."""

import argparse
import sys
from pathlib import Path

from kizuna.commands.loading import data_files, ontology_and_data
from kizuna.commands.options import NOT_CONFORMING, Commands, add_setting
from kizuna.sources.report import uncoded, verify


def add(top: Commands) -> None:
    """Adds ``sources``."""
    sources = top.add_parser("sources", help="compare the data with its documents")
    sources.description = "Compare the data with the documents that it was coded from."
    commands = sources.add_subparsers(required=True, metavar="COMMAND")
    proof = commands.add_parser("verify", help="prove every passage; find text that was copied")
    proof.description = (
        "Prove each document's hash and length and each passage's place and hash, and report "
        "text of ours that shares seven or more words in a row with a document; exit with 1 where "
        "something is wrong. A document's lines before the first of over 100 characters don't "
        "count; a proper name, as in the data's labels, counts as one word, a figure as none."
    )
    proof.set_defaults(run=_verify)
    coverage = commands.add_parser("coverage", help="list what no passage covers")
    coverage.description = (
        "List what of each document is neither behind a claim nor marked as read without a "
        "codable fact; exit with 1 where something is left."
    )
    coverage.set_defaults(run=_coverage)
    for command in (proof, coverage):
        sense = "folder with the documents, known by their hashes"
        command.add_argument("folder", type=Path, metavar="DIR", help=sense)
        add_setting(command, "data")
        add_setting(command, "ontology")
    proof.add_argument(
        "--also",
        nargs="+",
        type=Path,
        default=[],
        metavar="FILE",
        help="other texts of ours to compare with the documents",
    )


def _verify(arguments: argparse.Namespace) -> int:
    settings = ontology_and_data(arguments)
    text, proved = verify(arguments.folder, data_files(settings), settings.ontology, arguments.also)
    sys.stdout.write(f"{text}\n")
    return 0 if proved else NOT_CONFORMING


def _coverage(arguments: argparse.Namespace) -> int:
    text, whole = uncoded(arguments.folder, data_files(ontology_and_data(arguments)))
    sys.stdout.write(f"{text}\n")
    return 0 if whole else NOT_CONFORMING
