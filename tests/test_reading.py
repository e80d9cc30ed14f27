"""What it takes to read an answer: as many queries for one result as for all, and few rows."""

import pytest

from kizuna.graphql.schema import Api
from tests.readings import OPERATIONS, RESULTS, reading


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_bar(packaged_api: Api, name: str) -> None:
    found = [reading(packaged_api, OPERATIONS[name], results) for results in RESULTS]
    assert found[0].values < found[-1].values
    assert len({each.queries for each in found}) == 1
    assert max(each.ratio for each in found) <= 3
