"""The saved questions: SPARQL and GraphQL give the one expected answer, and claims carry it."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from graphql import OperationDefinitionNode, parse
from graphql.utilities import value_from_ast_untyped

from kizuna import namespaces as ns
from kizuna.dataset.files import Ontology
from kizuna.dataset.releases import Dataset, load_dataset, read_data, read_ontology, seed_files
from kizuna.graphql.schema import Api
from kizuna.questions import DATE, LANGUAGE, Questions, variables
from kizuna.resources import ONTOLOGY, QUERIES, SEEDS
from kizuna.saved import read_saved
from kizuna.terms import NamedNode, Quad
from tests.tables import Table, from_csv, from_graphql, from_sparql

FOLDER = QUERIES / "questions"
NAMES = sorted(file.stem for file in FOLDER.glob("*.csv"))
LANGUAGES = {"en", "it", "ja"}
OTHER_DATES = ("1999-12-31", "2026-06-30", "2031-01-01")
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


@pytest.fixture(scope="module")
def questions(dataset: Dataset) -> Questions:
    return Questions(dataset, FOLDER)


def read(name: str, suffix: str) -> str:
    return (FOLDER / name).with_suffix(suffix).read_text(encoding="utf-8")


def by_sparql(dataset: Dataset, name: str) -> Table:
    return from_sparql(dataset.store.reader().select(read(name, ".rq")))


def test_each_question_has_its_three_files() -> None:
    for suffix in (".rq", ".graphql", ".csv"):
        assert sorted(file.stem for file in FOLDER.glob(f"*{suffix}")) == NAMES
    assert len(NAMES) >= 23


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
def test_the_answer_falls_with_the_claims_that_carry_it(
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


@pytest.mark.parametrize("name", NAMES)
def test_graphql_declares_the_same_parameters(questions: Questions, name: str) -> None:
    question = questions.find(name)
    (operation,) = parse(question.graphql).definitions
    assert isinstance(operation, OperationDefinitionNode)
    declared = {
        stated.variable.name.value: value_from_ast_untyped(stated.default_value)
        for stated in operation.variable_definitions or ()
        if stated.default_value
    }
    assert declared == {p.name: questions.written(p.default) for p in question.parameters}


def other_values(questions: Questions, name: str) -> Iterator[Mapping[str, str]]:
    """Each value that a parameter can have, the others at their defaults."""
    for parameter in questions.find(name).parameters:
        if parameter.type == DATE:
            yield from ({parameter.name: text} for text in OTHER_DATES)
        else:
            choices = questions.choices(parameter)
            assert len(choices) > 1
            yield from ({parameter.name: questions.written(term)} for term in choices)


def grounded(answer: Table) -> Table:
    """The rows that have a passage: GraphQL tells of a subject even where nothing is said of it."""
    return frozenset(row for row in answer if "passage" in dict(row))


@pytest.mark.parametrize("name", NAMES)
def test_both_engines_agree_on_other_values(
    dataset: Dataset, api: Api, questions: Questions, name: str
) -> None:
    question = questions.find(name)
    for given in other_values(questions, name):
        values = questions.values(question, given)
        by_sparql = from_sparql(dataset.store.reader().select(question.query(values)))
        payload = api.execute(question.graphql, variables(question, values)).payload
        assert "errors" not in payload, given
        assert by_sparql == grounded(from_graphql(payload["data"])), given


@pytest.mark.parametrize(
    "name", [name for name in NAMES if read(name, ".rq").count("# parameter ")]
)
def test_another_value_has_another_answer(
    dataset: Dataset, questions: Questions, name: str
) -> None:
    """At least one value of each parameter leads to other rows than the default does."""
    question = questions.find(name)
    expected = from_csv((FOLDER / name).with_suffix(".csv"))
    changing = set()
    for given in other_values(questions, name):
        query = question.query(questions.values(question, given))
        if from_sparql(dataset.store.reader().select(query)) != expected:
            changing |= set(given)
    assert changing == {parameter.name for parameter in question.parameters}


@pytest.mark.parametrize("name", NAMES)
def test_header_speaks_three_languages(questions: Questions, name: str) -> None:
    question = questions.find(name)
    titles = {saved.name: saved.notes["title"] for saved in read_saved(FOLDER)}
    assert question.titles == titles[name]
    wanted = {"title", *(p.name for p in question.parameters)}
    if any(p.type != LANGUAGE for p in question.parameters):
        wanted.add("general")
    for note in wanted | set(question.notes):
        assert set(question.notes[note]) == LANGUAGES, note
