"""What tests share: the option ``--full``, and the two datasets with their APIs."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from kizuna.dataset.files import Ontology, read_ontology
from kizuna.dataset.releases import Dataset, load_dataset, read_data, seed_files
from kizuna.graphql.schema import Api
from kizuna.resources import ONTOLOGY, QUERIES, SEEDS

LIBRARY = Path(__file__).parent / "library"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="run every bar, however long it takes")
    parser.addoption(
        "--dcat-ap", metavar="DIR", help="validate the catalogue by a checkout's shapes"
    )
    parser.addoption(
        "--rdf-tests", metavar="DIR", help="run the tests in a checkout of w3c/rdf-tests"
    )
    parser.addoption(
        "--reconciliation-specs",
        metavar="DIR",
        help="hold the service's answers to the schemas of a checkout of reconciliation-api/specs",
    )
    parser.addoption(
        "--graphql-clients",
        metavar="DIR",
        help="try the GraphQL clients in a folder's node_modules",
    )
    parser.addoption(
        "--sparql-clients", metavar="DIR", help="try the SPARQL clients in a folder's node_modules"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Quick runs try the same examples each time; full ones look for new ones."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    settings.register_profile(
        "quick",
        max_examples=60,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=slow,
    )
    settings.register_profile(
        "full", max_examples=2000, deadline=None, suppress_health_check=slow, print_blob=True
    )
    settings.load_profile("full" if config.getoption("full") else "quick")


@pytest.fixture(scope="session")
def library_ontology() -> Ontology:
    """A second, unrelated ontology."""
    return read_ontology(LIBRARY / "ontology")


@pytest.fixture(scope="session")
def library(library_ontology: Ontology) -> Dataset:
    """The library's dataset."""
    return load_dataset(library_ontology, read_data([LIBRARY / "data.ttl"]))


@pytest.fixture(scope="session")
def library_api(library: Dataset) -> Api:
    """GraphQL over the library's dataset."""
    return Api(library)


@pytest.fixture(scope="session")
def packaged() -> Dataset:
    """The dataset that the package carries."""
    return load_dataset(read_ontology(ONTOLOGY, QUERIES / "derive"), read_data(seed_files(SEEDS)))


@pytest.fixture(scope="session")
def packaged_api(packaged: Dataset) -> Api:
    """GraphQL over the dataset that the package carries."""
    return Api(packaged)
