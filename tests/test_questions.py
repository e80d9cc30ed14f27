"""The saved questions: SPARQL and GraphQL give the one expected answer, and claims carry it."""

from pathlib import Path

import pytest

from kizuna import namespaces as ns
from kizuna.dataset.files import Ontology
from kizuna.dataset.releases import Dataset, load_dataset, read_data, read_ontology, seed_files
from kizuna.graphql.schema import Api
from kizuna.resources import ONTOLOGY, QUERIES, SEEDS
from kizuna.terms import NamedNode, Quad
from tests.tables import Table, from_csv, from_graphql, from_sparql

FOLDER = QUERIES / "questions"
NAMES = sorted(file.stem for file in FOLDER.glob("*.csv"))
SUPPORTED_BY = NamedNode(ns.TERMS + "supportedBy")

Data = dict[str, list[Quad]]


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return read_ontology(ONTOLOGY, QUERIES / "derive")


@pytest.fixture(scope="module")
def seeds() -> Data:
    return read_data(seed_files(SEEDS))


@pytest.fixture(scope="module")
def dataset(ontology: Ontology, seeds: Data) -> Dataset:
    return load_dataset(ontology, seeds)


@pytest.fixture(scope="module")
def api(dataset: Dataset) -> Api:
    return Api(dataset)


def read(name: str, suffix: str) -> str:
    return (FOLDER / name).with_suffix(suffix).read_text(encoding="utf-8")


def by_sparql(dataset: Dataset, name: str) -> Table:
    return from_sparql(dataset.store.reader().select(read(name, ".rq")))


def test_each_question_has_its_three_files() -> None:
    for suffix in (".rq", ".graphql", ".csv"):
        assert sorted(file.stem for file in FOLDER.glob(f"*{suffix}")) == NAMES
    assert len(NAMES) >= 11


@pytest.mark.parametrize("name", NAMES)
def test_sparql_gives_the_expected_answer(dataset: Dataset, name: str) -> None:
    assert by_sparql(dataset, name) == from_csv(Path(FOLDER / name).with_suffix(".csv"))


@pytest.mark.parametrize("name", NAMES)
def test_graphql_gives_the_expected_answer(api: Api, name: str) -> None:
    payload = api.execute(read(name, ".graphql")).payload
    assert "errors" not in payload
    assert from_graphql(payload["data"]) == from_csv((FOLDER / name).with_suffix(".csv"))


@pytest.mark.parametrize("name", NAMES)
def test_a_question_names_no_fact_claim_passage_or_document(name: str) -> None:
    for suffix in (".rq", ".graphql"):
        text = read(name, suffix)
        for kind in ("fact-", "claim-", "passage-", "source-", "involvement-"):
            assert f"id:{kind}" not in text
            assert f'"{kind}' not in text
            assert f"/id/{kind}" not in text


@pytest.mark.parametrize("name", NAMES)
def test_the_answer_falls_with_each_claim_that_carries_it(
    ontology: Ontology, seeds: Data, name: str
) -> None:
    expected = from_csv((FOLDER / name).with_suffix(".csv"))
    passages = {value for row in expected for column, value in row if column == "passage"}
    assert passages
    claims = {
        quad.subject
        for quads in seeds.values()
        for quad in quads
        if quad.predicate == SUPPORTED_BY
        and isinstance(quad.object, NamedNode)
        and quad.object.value in passages
    }
    without = {
        file: [quad for quad in quads if quad.subject not in claims]
        for file, quads in seeds.items()
    }
    fallen = by_sparql(load_dataset(ontology, without), name)
    assert not {value for row in fallen for column, value in row if column == "passage"} & passages
