"""The command that proposes a contribution."""

import argparse
import os
import sys
from contextlib import closing
from pathlib import Path

from kizuna.app import document_limits, make_review
from kizuna.commands.loading import read
from kizuna.commands.options import NOT_CONFORMING, Commands, add_setting
from kizuna.dataset.files import read_ontology
from kizuna.dataset.releases import LedgerReleases, load_dataset
from kizuna.history import open_ledger
from kizuna.proposing import answer, examined, kept, outcome
from kizuna.settings import Settings, read_settings


def add(commands: Commands) -> None:
    """Adds ``propose``."""
    propose = commands.add_parser("propose", help="propose a contribution, or only try it")
    propose.description = (
        "Examine a contribution: whether it conforms, what it looks like, what follows from it. "
        "Where it conforms, keep it in the ledger for a curator to decide on; else exit with 1."
    )
    propose.set_defaults(run=_propose)
    kinds = "Turtle, TriG, N-Triples, N-Quads, JSON-LD, RDF/XML or CSV"
    propose.add_argument("file", nargs="?", type=Path, metavar="FILE", help=f"to add: {kinds}")
    propose.add_argument("--remove", type=Path, metavar="FILE", help="what to remove, likewise")
    propose.add_argument("--dry-run", action="store_true", help="keep nothing")
    propose.add_argument("--contributor", metavar="NAME", help="who proposes it")
    propose.add_argument("--message", default="", metavar="TEXT", help="why, in a few words")
    propose.add_argument("--json", action="store_true", help="answer in JSON")
    propose.add_argument("--lang", default="en", help="language of the answer, such as it or ja")
    for name in ("data", "ontology", "data_dir", "ledger"):
        add_setting(propose, name)


def _propose(arguments: argparse.Namespace) -> int:
    settings = read_settings(vars(arguments), os.environ)
    if not arguments.dry_run:
        return _keep(arguments, settings)
    ontology, data = read(settings)
    in_ledger = settings.ledger or settings.data_dir
    dataset = (
        LedgerReleases(ontology, open_ledger(settings)).current
        if in_ledger
        else load_dataset(ontology, data)
    )
    files = (arguments.file, arguments.remove)
    limits = document_limits(settings)
    questions = settings.queries / "questions"
    found = examined(dataset, ontology, questions, files, arguments.lang, limits)
    sys.stdout.write(answer(found, as_data=arguments.json) + "\n")
    return 0 if found.conforms else NOT_CONFORMING


def _keep(arguments: argparse.Namespace, settings: Settings) -> int:
    files = (arguments.file, arguments.remove)
    ontology = read_ontology(settings.ontology, settings.queries / "derive")
    with closing(open_ledger(settings)) as ledger:
        review = make_review(settings, LedgerReleases(ontology, ledger))
        who, said = arguments.contributor, arguments.message
        proposed = kept(review, files, who, said, arguments.lang, document_limits(settings))
    sys.stdout.write(outcome(proposed, as_data=arguments.json) + "\n")
    return 0 if proposed.examination.conforms else NOT_CONFORMING
