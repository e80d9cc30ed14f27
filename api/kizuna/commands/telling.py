"""Commands that tell and prove the history of a ledger."""

import argparse
import os
import sys
from contextlib import closing

from kizuna.commands.loading import ledger_of
from kizuna.commands.options import Commands, add_setting
from kizuna.dataset.files import read_ontology
from kizuna.history import compared, listed, rebuilt, verified
from kizuna.settings import read_settings


def add(commands: Commands) -> None:
    """Adds ``releases``, ``diff`` and ``ledger``."""
    releases = commands.add_parser("releases", help="list the releases of a ledger")
    releases.description = "List the releases: number, time, what changed, by whom and why."
    diff = commands.add_parser("diff", help="compare two releases of a ledger")
    diff.description = (
        "Print what leads from one release to another as N-Quads, added ones behind +, removed "
        "ones behind -."
    )
    diff.add_argument("old", type=int, metavar="N", help="number of the release to start from")
    diff.add_argument("new", type=int, metavar="M", help="number of the release to come to")
    ledger = commands.add_parser("ledger", help="prove a ledger, or make its dataset anew")
    ledger.description = "Prove a ledger, or make its dataset anew."
    ledgers = ledger.add_subparsers(required=True, metavar="COMMAND")
    verify = ledgers.add_parser("verify", help="prove that the ledger is as it was written")
    verify.description = (
        "Prove the chain of entries and that each decision has its entry; exit with 1 and name "
        "the first entry that is wrong where one is."
    )
    rebuild = ledgers.add_parser("rebuild", help="make the newest release anew from the ledger")
    rebuild.description = "Make the newest release anew from the ledger alone; print its hash."
    for command, run in (
        (releases, _list_releases),
        (diff, _diff),
        (verify, _verify),
        (rebuild, _rebuild),
    ):
        command.set_defaults(run=run)
        add_setting(command, "data_dir")
        add_setting(command, "ledger")
    add_setting(rebuild, "ontology")


def _list_releases(arguments: argparse.Namespace) -> int:
    with closing(ledger_of(arguments)) as ledger:
        sys.stdout.write(listed(ledger))
    return 0


def _diff(arguments: argparse.Namespace) -> int:
    with closing(ledger_of(arguments)) as ledger:
        sys.stdout.write(compared(ledger, arguments.old, arguments.new))
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    with closing(ledger_of(arguments)) as ledger:
        sys.stdout.write(verified(ledger))
    return 0


def _rebuild(arguments: argparse.Namespace) -> int:
    settings = read_settings({"ontology": arguments.ontology}, os.environ)
    ontology = read_ontology(settings.ontology, settings.queries / "derive")
    with closing(ledger_of(arguments)) as ledger:
        sys.stdout.write(rebuilt(ledger, ontology))
    return 0
