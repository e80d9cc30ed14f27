"""The command that writes the data to files."""

import argparse
import os
import sys
from contextlib import closing
from pathlib import Path

from kizuna.commands.loading import load
from kizuna.commands.options import Commands, add_setting
from kizuna.dataset.files import read_ontology
from kizuna.dataset.releases import Dataset, LedgerReleases
from kizuna.exporting import chosen, exports, save
from kizuna.history import open_ledger
from kizuna.settings import Settings, read_settings


def add(commands: Commands) -> None:
    """Adds ``export``."""
    export = commands.add_parser("export", help="write the data to files")
    export.description = "Write the data to files with their checksums, which are printed."
    export.set_defaults(run=_export)
    which = export.add_mutually_exclusive_group()
    which.add_argument(
        "tables", nargs="?", choices=["tables"], help="tables and networks for research, in a zip"
    )
    which.add_argument(
        "--format",
        nargs="+",
        metavar="FORMAT",
        help="formats, such as trig, ttl.gz or jsonld.zst. Default: trig.",
    )
    which.add_argument("--all", action="store_true", help="everything that there is")
    sense = "folder to write to. Default: this one."
    export.add_argument("--out", type=Path, default=Path(), metavar="DIR", help=sense)
    sense = "number of the release to write, of a ledger. Default: the newest."
    export.add_argument("--release", type=int, metavar="N", help=sense)
    for name in ("data", "ontology", "check", "data_dir", "ledger"):
        add_setting(export, name)


def _export(arguments: argparse.Namespace) -> int:
    settings = read_settings(vars(arguments), os.environ)
    found = exports(_dataset(settings, arguments.release), settings.queries)
    wanted = ["tables.zip"] if arguments.tables else arguments.format or ["trig"]
    for variant in found if arguments.all else wanted:
        sys.stdout.write(save(chosen(found, variant), arguments.out))
    return 0


def _dataset(settings: Settings, release: int | None) -> Dataset:
    """A release of the ledger, if one is named, else what the files hold."""
    if release is None and not settings.ledger and not settings.data_dir:
        return load(settings)
    ontology = read_ontology(settings.ontology, settings.queries / "derive")
    with closing(open_ledger(settings)) as ledger:
        releases = LedgerReleases(ontology, ledger)
        return releases.current if release is None else releases.at(release)
