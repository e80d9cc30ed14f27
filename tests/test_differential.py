"""Our executor against graphql-core's own with plain resolvers: same data, errors and paths."""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

import orjson
import pytest
from graphql import GraphQLError
from hypothesis import given, note
from hypothesis import strategies as st

from kizuna.dataset.files import Ontology
from kizuna.dataset.releases import Dataset, load_dataset, read_data
from kizuna.errors import KizunaError
from kizuna.graphql.codes import BAD_USER_INPUT, VALIDATION_FAILED
from kizuna.graphql.schema import Api
from kizuna.kinds import INTERNAL, kind_of
from tests.conftest import LIBRARY
from tests.operations import Operation, World, operations
from tests.reference import Hole, Reference


@pytest.fixture(scope="module")
def library_world(library: Dataset, library_api: Api) -> World:
    return World(library_api, Reference(library, library_api))


@pytest.fixture(scope="module")
def packaged_world(packaged: Dataset, packaged_api: Api) -> World:
    return World(packaged_api, Reference(packaged, packaged_api))


@pytest.fixture(scope="module")
def holed_world(library_ontology: Ontology) -> World:
    """The library with every seventh triple lost."""
    quads = read_data([LIBRARY / "data.ttl"])
    holed = {name: [q for n, q in enumerate(found) if n % 7] for name, found in quads.items()}
    dataset = load_dataset(library_ontology, holed)
    api = Api(dataset)
    return World(api, Reference(dataset, api))


@given(data=st.data())
def test_holed(holed_world: World, data: st.DataObject) -> None:
    compare(holed_world, data.draw(operations(holed_world)))


@given(data=st.data())
def test_library(library_world: World, data: st.DataObject) -> None:
    compare(library_world, data.draw(operations(library_world)))


@given(data=st.data())
def test_packaged(packaged_world: World, data: st.DataObject) -> None:
    compare(packaged_world, data.draw(operations(packaged_world)))


EVIDENCE = """{
  facts(first: 1000) { nodes {
    lapsed(on: "2026-01-17") provenance { ...Because }
    inDocuments(orderBy: { field: LABEL }) { document { label { value } } verdict claims { id } }
  } }
  entities(first: 1000) { nodes { provenance { ...Because } } }
  disputes { nodes { sides {
    polarity value { id } claims { id modality { code } } documents { label { value } }
  } } }
}
fragment Because on Provenance {
  field literal node { __typename id ... on Country { label { value } } }
  facts { label { value } } claims { id } passages { id } documents { id }
}"""


def test_evidence(packaged_world: World) -> None:
    hold(packaged_world, Operation(EVIDENCE, {}, {}, ("ja",)))


def compare(world: World, operation: Operation) -> None:
    """Holds our answer to the reference's, and shows the operation where they differ."""
    note(operation.query)
    note(str(operation.variables))
    hold(world, operation)


def hold(world: World, operation: Operation) -> None:
    def answer(*, written: bool = False) -> dict[str, Any]:
        query, variables = operation.query, operation.variables
        return world.api.execute(
            query, variables, languages=operation.languages, written=written
        ).payload

    ours, again = answer(), orjson.loads(orjson.dumps(answer(written=True)))
    if too_large(ours):
        return  # the reference knows no limits for a whole operation
    assert dumped(again.get("data")) == dumped(ours.get("data"))  # told from what was kept
    theirs = world.reference.execute(
        operation.query, operation.reference_variables, operation.languages
    )
    assert [our_error(e) for e in ours.get("errors", ())] == [
        their_error(e) for e in theirs.errors or ()
    ]
    assert dumped(without_cursors(ours.get("data"))) == dumped(theirs.data)


def too_large(answer: Mapping[str, Any]) -> bool:
    """Whether the operation was refused for its size or cost."""
    errors = answer.get("errors", ())
    return any(e["extensions"]["code"] == "LIMIT_EXCEEDED" and "path" not in e for e in errors)


def dumped(data: Any) -> str:
    """The data as text, in which the order of keys counts."""
    return json.dumps(data, ensure_ascii=False, indent=1)


def our_error(error: Mapping[str, Any]) -> tuple[str, Any, str]:
    code = error["extensions"]["code"]
    return ("" if code == INTERNAL.code else error["message"], error.get("path"), code)


def their_error(error: GraphQLError) -> tuple[str, Any, str]:
    code = their_code(error)
    return ("" if code == INTERNAL.code else error.message, error.path, code)


def their_code(error: GraphQLError) -> str:
    """The code that fits an error; what is wrong with the data is a fault of the server."""
    if error.extensions and "code" in error.extensions:
        return str(error.extensions["code"])
    cause = error.original_error
    if isinstance(cause, KizunaError):
        return kind_of(cause).code
    if isinstance(cause, Hole) or (cause is not None and "non-nullable" in error.message):
        return INTERNAL.code
    return BAD_USER_INPUT if error.path or "Variable" in error.message else VALIDATION_FAILED


def without_cursors(value: Any) -> Any:
    """The data with each cursor told as what it is the place of."""
    if isinstance(value, dict):
        return {key: without_cursors(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [without_cursors(inner) for inner in value]
    return without_cursor(value) if isinstance(value, str) else value


def without_cursor(text: str) -> str:
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        signature, keys, subject = json.loads(packed)
    except (ValueError, TypeError, binascii.Error):
        return text
    return f"cursor of {subject}" if isinstance(keys, list) and signature else text
