"""What commands load before they start."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from kizuna import resources
from kizuna.dataset.attaching import attached
from kizuna.dataset.endpoint import Endpoint, EndpointLimits
from kizuna.dataset.files import Ontology, read_ontology
from kizuna.dataset.ledger import Ledger
from kizuna.dataset.releases import Dataset, load_dataset, read_data, seed_files
from kizuna.dataset.remote import RemoteStore
from kizuna.errors import InvalidInput, KizunaError, ShapeViolation
from kizuna.history import open_ledger
from kizuna.model import read_model
from kizuna.settings import Settings, read_settings
from kizuna.validation import Data, render, validate


def ontology_and_data(arguments: argparse.Namespace) -> Settings:
    """The settings of a command that is told of data and an ontology alone."""
    return read_settings({"data": arguments.data, "ontology": arguments.ontology}, os.environ)


def data_files(settings: Settings) -> Sequence[Path]:
    """The files given as data, else the seeds that come with the packaged ontology."""
    return settings.data or (seed_files(resources.SEEDS) if settings.packaged else [])


def load(settings: Settings) -> Dataset:
    """The dataset of the files; raises ShapeViolation for files that the shapes refuse."""
    ontology, data = read(settings)
    return load_dataset(ontology, data, overlapping=not settings.check)


def read(settings: Settings) -> tuple[Ontology, Data]:
    """The ontology and the files' data; raises ShapeViolation for files that the shapes refuse."""
    ontology = read_ontology(settings.ontology, settings.queries / "derive")
    data = read_data(data_files(settings))
    if settings.data and settings.check:
        _require_conforming(data, ontology)
    return ontology, data


def load_attached(settings: Settings, url: str) -> Dataset:
    """The dataset that the store at an endpoint holds; raises KizunaError that says where."""
    taken = {"--data": settings.data, "--data-dir": settings.data_dir, "--ledger": settings.ledger}
    if clash := [option for option, value in taken.items() if value]:
        raise InvalidInput(
            f"{clash[0]} can't go with --store, whose data is read only; choose one."
        )
    limits = EndpointLimits(settings.store_timeout, settings.store_max_bytes)
    endpoint = Endpoint(url, limits)
    ontology = read_ontology(settings.ontology, settings.queries / "derive")
    try:
        return attached(ontology, RemoteStore(endpoint))
    except KizunaError as error:
        raise type(error)(f"--store {endpoint.address}: {error}") from error


def _require_conforming(data: Data, ontology: Ontology) -> None:
    report = validate(data, ontology, read_model(ontology.quads, ontology.shapes))
    if not report.conforms:
        sys.stderr.write(render(report, "en") + "\n")
        raise ShapeViolation("the shapes refuse the data; mend them, or serve with --no-check.")


def ledger_of(arguments: argparse.Namespace, *, create: bool = False) -> Ledger:
    """The ledger that a command is told of."""
    given = {"data_dir": arguments.data_dir, "ledger": arguments.ledger}
    return open_ledger(read_settings(given, os.environ), create=create)
