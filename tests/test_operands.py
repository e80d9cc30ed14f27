"""Dates, moments and decimals that operations give: read, or refused where they stand."""

from typing import Any

import pytest

from kizuna.graphql.schema import Api

ASKED = {
    "Date": "{ branches(filter: { opened: { lt: GIVEN } }) { totalCount } }",
    "DateTime": "{ release(at: GIVEN) { number } }",
    "Decimal": """{ books {
        groupBy(keys: [], having: { pages: { avg: { gt: GIVEN } } }) { count }
    } }""",
}


def refusal(payload: Any) -> tuple[str, Any, str]:
    (error,) = payload["errors"]
    return error["message"], error["locations"][0]["column"], error["extensions"]["code"]


@pytest.mark.parametrize(
    ("scalar", "given", "message"),
    [
        ("Date", '"tomorrow"', "'tomorrow' is no Date; give a day as ISO 8601 has it"),
        ("Date", '"2026-02-30"', "'2026-02-30' is no Date"),
        ("Date", "2026", "2026 is no Date"),
        ("DateTime", '"noon"', "'noon' is no DateTime; give a moment as ISO 8601 has it"),
        ("DateTime", '"9999-12-31T23:59:59-12:00"', "is no DateTime"),
        ("DateTime", '"0001-01-01T00:00:00+12:00"', "is no DateTime"),
        ("Decimal", '"much"', "'much' is no Decimal; give a number such as '12.50'"),
        ("Decimal", '"NaN"', "'NaN' is no Decimal"),
        ("Decimal", '"sNaN"', "'sNaN' is no Decimal"),
        ("Decimal", '"-Infinity"', "'-Infinity' is no Decimal"),
        ("Decimal", '"1e1001"', "'1e1001' is no Decimal"),
        ("Decimal", '"1e-999999999"', "of at most 1000 digits"),
        ("Decimal", "[1]", "[1] is no Decimal"),
    ],
)
def test_what_cannot_be_read_is_refused(
    library_api: Api, scalar: str, given: str, message: str
) -> None:
    query = ASKED[scalar].replace("GIVEN", given)
    (line,) = (line for line in query.splitlines() if given in line)
    told, column, code = refusal(library_api.execute(query).payload)
    assert message in told
    assert column == line.index(given) + 1
    assert code == "GRAPHQL_VALIDATION_FAILED"

    variable = f"query ($given: {scalar}!) {ASKED[scalar].replace('GIVEN', '$given')}"
    told, _, code = refusal(library_api.execute(variable, {"given": given.strip('"')}).payload)
    assert f"is no {scalar}; give" in told
    assert code == "BAD_USER_INPUT"


def test_a_moment_may_be_the_last_that_there_is(library_api: Api) -> None:
    payload = library_api.execute(
        ASKED["DateTime"].replace("GIVEN", '"9999-12-31T23:59:59Z"')
    ).payload
    assert payload["errors"][0]["extensions"]["code"] == "NOT_FOUND"


@pytest.mark.parametrize("given", ['"12.50"', "12", "1.25e1", '"1e-1000"'])
def test_a_decimal_is_a_number_or_its_text(library_api: Api, given: str) -> None:
    payload = library_api.execute(ASKED["Decimal"].replace("GIVEN", given)).payload
    assert "errors" not in payload
    assert payload["data"]["books"]["groupBy"]
