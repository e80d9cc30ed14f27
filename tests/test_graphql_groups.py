"""``groupBy``: what users ask of it, over the facts at hand and over a library."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from kizuna.dataset.grouping import Aggregate
from kizuna.dataset.releases import Dataset
from kizuna.errors import InvalidInput
from kizuna.graphql.aggregates import aggregated, standing
from kizuna.graphql.limits import Limits
from kizuna.graphql.schema import Api
from kizuna.namespaces import XSD
from kizuna.terms import Literal, NamedNode
from tests.small import a_class, api_of


def asked(api: Api, query: str, **variables: object) -> Any:
    payload = api.execute(query, variables).payload
    assert "errors" not in payload, payload["errors"]
    return payload["data"]


def refusal(api: Api, query: str) -> tuple[str, str, list[str]]:
    (error,) = api.execute(query).payload["errors"]
    return error["extensions"]["code"], error["message"], error["path"]


def test_agreements_by_status(packaged_api: Api) -> None:
    data = asked(
        packaged_api,
        """{ agreements {
          totalCount
          nodes { status { code } }
          groupBy(keys: STATUS) { keys { status { code label { value } } } count }
        } }""",
    )["agreements"]
    codes = Counter(node["status"] and node["status"]["code"] for node in data["nodes"])
    groups = data["groupBy"]
    assert {
        g["keys"]["status"] and g["keys"]["status"]["code"]: g["count"] for g in groups
    } == codes
    assert codes["SIGNED"]
    assert sum(group["count"] for group in groups) == data["totalCount"]


def test_facts_by_theme_and_year(packaged_api: Api) -> None:
    data = asked(
        packaged_api,
        """{ facts {
          nodes { themes { id } time { earliest latest } }
          groupBy(keys: [THEMES, TIME_YEAR], first: 1000) {
            keys { themes { id } timeYear } count timeEarliest { count min max }
          }
        } }""".replace("facts {", "facts(first: 1000) {", 1),
    )["facts"]
    expected: Counter[tuple[str | None, int | None]] = Counter()
    for fact in data["nodes"]:
        expected.update((theme, year(fact["time"])) for theme in themes(fact))
    found = {
        (
            group["keys"]["themes"] and group["keys"]["themes"]["id"],
            group["keys"]["timeYear"],
        ): group
        for group in data["groupBy"]
    }
    assert {place: group["count"] for place, group in found.items()} == expected
    days = [g["timeEarliest"] for (_, known), g in found.items() if known == 2025]
    assert days
    assert all(day["min"] >= "2025-01-01" and day["max"] <= "2025-12-31" for day in days)


def themes(fact: Mapping[str, Any]) -> list[str | None]:
    return [theme["id"] for theme in fact["themes"]] or [None]


def year(time: Mapping[str, str | None] | None) -> int | None:
    """The year in which a time lies as a whole."""
    years = {(day or "")[:4] for day in (time or {"": None}).values()}
    return int(years.pop()) if len(years) == 1 and years != {""} else None


def test_claims_by_modality_and_document(packaged_api: Api) -> None:
    data = asked(
        packaged_api,
        """{ claims(first: 1000) {
          nodes { modality { code } document { id } }
          groupBy(keys: [MODALITY, DOCUMENT], orderBy: {field: COUNT}) {
            keys { modality { code } document { id label { value } } } count
          }
        } }""",
    )["claims"]
    expected = Counter((node["modality"]["code"], node["document"]["id"]) for node in data["nodes"])
    groups = data["groupBy"]
    found = {
        (g["keys"]["modality"]["code"], g["keys"]["document"]["id"]): g["count"] for g in groups
    }
    assert found == expected
    assert [g["count"] for g in groups] == sorted(expected.values())


def test_groups_are_of_what_the_filter_leaves_on_all_pages(packaged_api: Api) -> None:
    query = """query ($first: Int, $after: String) {
      claims(first: $first, after: $after, filter: {modality: {eq: LIKELY}}) {
        totalCount pageInfo { endCursor }
        groupBy(keys: [MODALITY, BASIS]) { keys { modality { code } } count }
      }
    }"""
    whole = asked(packaged_api, query)["claims"]
    assert {group["keys"]["modality"]["code"] for group in whole["groupBy"]} == {"LIKELY"}
    assert sum(group["count"] for group in whole["groupBy"]) == whole["totalCount"] > 1
    page = asked(packaged_api, query, first=1)["claims"]
    after = page["pageInfo"]["endCursor"]
    assert asked(packaged_api, query, first=1, after=after)["claims"]["groupBy"] == whole["groupBy"]


def test_items_of_several_classes_are_grouped_by_what_these_share(packaged_api: Api) -> None:
    query = """{ country(id: "japan") { takesPartIn(first: 100) {
      totalCount nodes { type: __typename ... on Programme { participants { nodes { id } } } }
      groupBy(keys: TYPE, orderBy: {field: TYPE}) { keys { type } count }
      byParticipant: groupBy(keys: [TYPE, PARTICIPANTS], first: 1000) {
        keys { type participants { id } } count
      }
    } } }"""
    found = asked(packaged_api, query)["country"]["takesPartIn"]
    types = Counter(node["type"] for node in found["nodes"])
    assert {g["keys"]["type"]: g["count"] for g in found["groupBy"]} == types
    assert len(types) > 1
    programmes = [node for node in found["nodes"] if node["type"] == "Programme"]
    taking_part = Counter(p["id"] for node in programmes for p in node["participants"]["nodes"])
    assert taking_part == {
        group["keys"]["participants"]["id"]: group["count"]
        for group in found["byParticipant"]
        if group["keys"]["type"] == "Programme"
    }


def test_items_of_several_classes_are_filtered_by_type(packaged_api: Api) -> None:
    def types(condition: str) -> set[str]:
        query = f"""{{ country(id: "japan") {{ takesPartIn(filter: {{type: {condition}}}) {{
          nodes {{ __typename }}
        }} }} }}"""
        nodes = asked(packaged_api, query)["country"]["takesPartIn"]["nodes"]
        return {node["__typename"] for node in nodes}

    assert types("{eq: Programme}") == types("{in: [Programme, Theme]}") == {"Programme"}
    assert types("{eq: Fact}") == {"Event"}
    assert "Event" not in types("{ne: Fact}")
    query = """{ participations(filter: {participatesIn: {some: {type: {eq: Initiative}}}}) {
      nodes { participatesIn { __typename } }
    } }"""
    found = asked(packaged_api, query)["participations"]["nodes"]
    assert {each["participatesIn"]["__typename"] for each in found} <= {
        "Programme",
        "Policy",
        "Forum",
    }


def test_nested_groups_cost_as_many_queries_for_twenty_as_for_one(packaged_api: Api) -> None:
    def run(filter_: object) -> Mapping[str, Any]:
        return packaged_api.execute(
            """query ($filter: CountryFilter) { countries(filter: $filter) { nodes {
              facts(filter: {established: {eq: true}}) {
                totalCount
                byType: groupBy(keys: TYPE) { keys { type } count }
                byTheme: groupBy(keys: THEMES, orderBy: {field: THEMES}) {
                  keys { themes { label { value } broader { label { value } } } } count
                }
              }
            } } }""",
            {"filter": filter_},
        ).payload

    one, many = run({"label": {"eq": "Japan"}}), run(None)
    assert (
        one["extensions"]["kizuna"]["storeQueries"] == many["extensions"]["kizuna"]["storeQueries"]
    )
    countries = [node["facts"] for node in many["data"]["countries"]["nodes"]]
    assert len(countries) > 10
    for facts in countries:
        assert sum(group["count"] for group in facts["byType"]) == facts["totalCount"]
        labels = [
            g["keys"]["themes"]["label"]["value"] for g in facts["byTheme"] if g["keys"]["themes"]
        ]
        assert labels == sorted(labels)


def test_only_what_is_asked_is_read(packaged_api: Api) -> None:
    payload = packaged_api.execute("{ claims { groupBy(keys: MODALITY) { count } } }").payload
    assert payload["extensions"]["kizuna"]["storeQueries"] == 1


LOANS = """
    a: groupBy(keys: [BRANCH, BORROWER], orderBy: {field: FEE_SUM, direction: DESC}) {
      keys { branch { name { value } } borrower { name { value } } }
      count
      fee { count min max sum avg }
    }
    months: groupBy(keys: [DUE_MONTH], orderBy: [{field: DUE_MONTH, nulls: FIRST}]) {
      keys { dueMonth } count
    }
    quarters: groupBy(keys: [START_QUARTER, RETURNED], having: {count: {gte: 2}}) {
      keys { startQuarter returned } count
    }
    all: groupBy(keys: []) { count fee { sum avg } start { min max } dueAt { max } }
"""


def test_exact_sums_and_means(library_api: Api) -> None:
    loans = asked(library_api, f"{{ loans {{ nodes {{ fee start due }} {LOANS} }} }}")["loans"]
    fees = [Decimal(node["fee"]) for node in loans["nodes"] if node["fee"] is not None]
    (whole,) = loans["all"]
    assert whole["count"] == len(loans["nodes"])
    assert Decimal(whole["fee"]["sum"]) == sum(fees)
    mean = Fraction(sum(fees)) / len(fees)
    assert abs(Fraction(Decimal(whole["fee"]["avg"])) - mean) < Fraction(1, 10**18)
    assert whole["start"]["min"] == min(node["start"] for node in loans["nodes"])
    for group in loans["a"]:
        assert group["fee"]["count"] <= group["count"]
        assert (group["fee"]["sum"] is None) is (group["fee"]["count"] == 0)
    sums = [Decimal(g["fee"]["sum"]) for g in loans["a"] if g["fee"]["sum"] is not None]
    assert sums == sorted(sums, reverse=True)


def test_periods(library_api: Api) -> None:
    loans = asked(library_api, f"{{ loans {{ nodes {{ due }} {LOANS} }} }}")["loans"]
    months = Counter(node["due"] and node["due"][:7] for node in loans["nodes"])
    found = [(group["keys"]["dueMonth"], group["count"]) for group in loans["months"]]
    assert found[0][0] is None
    assert dict(found) == months
    assert [month for month, _ in found[1:]] == sorted(month for month in months if month)
    quarters = [g["keys"]["startQuarter"] for g in loans["quarters"] if g["keys"]["startQuarter"]]
    assert quarters
    assert all(quarter[4:6] == "-Q" for quarter in quarters)


def test_texts_are_grouped_as_they_are_shown(library_api: Api) -> None:
    query = """query ($lang: [String!]) {
      items(lang: $lang) { groupBy(keys: TITLE, orderBy: {field: TITLE}) { keys { title } } }
    }"""
    english = asked(library_api, query, lang=["en"])["items"]["groupBy"]
    japanese = asked(library_api, query, lang=["ja"])["items"]["groupBy"]
    assert english != japanese


def test_having(library_api: Api) -> None:
    def counts(having: str) -> list[int]:
        query = f"{{ items {{ groupBy(keys: GENRE, having: {having}) {{ count }} }} }}"
        return [group["count"] for group in asked(library_api, query)["items"]["groupBy"]]

    every = counts("{}")
    assert every == sorted(every, reverse=True)
    least, most = every[-1], every[0]
    assert least < most
    assert counts(f"{{count: {{gt: {least}}}}}") == [n for n in every if n > least]
    assert counts(f"{{not: {{count: {{in: [{most}]}}}}}}") == [n for n in every if n != most]
    between = f"{{from: {most}, to: {most}}}"
    both = f"{{count: {{eq: {least}}}}}, {{count: {{between: {between}}}}}"
    assert counts(f"{{or: [{both}]}}") == [n for n in every if n in (least, most)]
    assert counts("{digitalCopy: {min: {exists: false}}, count: {gte: 1000}}") == []
    with_copy = counts('{digitalCopy: {min: {startsWith: "http", ne: "x"}}}')
    without = counts("{digitalCopy: {max: {exists: false}}}")
    assert sorted(with_copy + without) == sorted(every)


def test_names_of_types_and_aliases(packaged_api: Api) -> None:
    data = asked(
        packaged_api,
        """{ claims { __typename groupBy(keys: MODALITY, first: 1) {
          __typename
          of: keys { __typename modality { __typename } }
          items: count
          modalityCertainty { __typename highest: max }
        } } }""",
    )["claims"]
    (group,) = data["groupBy"]
    assert (data["__typename"], group["__typename"]) == ("ClaimConnection", "ClaimGroup")
    assert group["of"] == {"__typename": "ClaimGroupKeys", "modality": {"__typename": "Modality"}}
    assert group["modalityCertainty"]["__typename"] == "IntAggregates"
    assert group["items"] > 1
    assert group["modalityCertainty"]["highest"] in range(1, 6)


def test_variables_and_defaults(library_api: Api) -> None:
    query = """query ($keys: [LoanGroupKey!]!, $having: LoanGroupHaving, $since: DateTime) {
      loans {
        groupBy(keys: $keys, having: $having) { count }
        late: groupBy(keys: DUE_AT, having: {dueAt: {max: {gte: $since}}}) { count }
      }
    }"""
    having = {"start": {"min": {"lt": "2025-03-01"}}}
    given = {"keys": ["START_YEAR"], "having": having, "since": "2025-09-01T20:00:00+02:00"}
    loans = asked(library_api, query, **given)["loans"]
    assert len(loans["groupBy"]) == len(loans["late"]) == 1
    later = {**given, "since": "2025-09-01T20:00:01+02:00"}
    assert asked(library_api, query, **later)["loans"]["late"] == []
    error = library_api.execute(query).payload["errors"][0]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


def test_windows(packaged_api: Api) -> None:
    query = "{ facts { groupBy(keys: THEMES, first: %d, offset: %d) { keys { themes { id } } } } }"
    whole = asked(packaged_api, query % (1000, 0))["facts"]["groupBy"]
    assert asked(packaged_api, query % (3, 2))["facts"]["groupBy"] == whole[2:5]
    assert asked(packaged_api, query % (3, 900))["facts"]["groupBy"] == []
    default = asked(packaged_api, "{ facts { groupBy(keys: THEMES) { count } } }")["facts"][
        "groupBy"
    ]
    assert len(default) == 20 < len(whole)


KEYS = "keys { status { id } }"


@pytest.mark.parametrize(
    ("arguments", "selection", "code", "message"),
    [
        ("keys: DISPUTED", KEYS, "BAD_USER_INPUT", "keys asks for status"),
        (
            "keys: STATUS, orderBy: {field: DISPUTED}",
            KEYS,
            "BAD_USER_INPUT",
            "add DISPUTED to the keys of groupBy",
        ),
        ("keys: STATUS, first: 1001", KEYS, "LIMIT_EXCEEDED", "first is 1001"),
        ("keys: STATUS, offset: -1", KEYS, "BAD_USER_INPUT", "offset is -1"),
        ("keys: [FACTS, CLAIMS, SOURCES]", "count", "LIMIT_EXCEEDED", "several values 2"),
        (
            "keys: [STATUS, STATUS_STAGE, DISPUTED, LABEL, DESCRIPTION]",
            "count",
            "LIMIT_EXCEEDED",
            "at most 4 keys",
        ),
        (f"keys: LABEL, lang: {[f'x{n}' for n in range(30)]}", "count", "LIMIT_EXCEEDED", "lang"),
    ],
)
def test_what_cant_be_asked(
    packaged_api: Api, arguments: str, selection: str, code: str, message: str
) -> None:
    arguments = arguments.replace("'", '"')
    query = f"{{ agreements {{ groupBy({arguments}) {{ {selection} }} }} }}"
    told, text, path = refusal(packaged_api, query)
    assert (told, path) == (code, ["agreements", "groupBy"])
    assert message in text


def test_limits(library: Dataset) -> None:
    api = Api(library, Limits(groups=2, conditions=3))
    query = "{ loans { groupBy(keys: START%s) { count } } }"
    assert refusal(api, query % "")[:2] == (
        "LIMIT_EXCEEDED",
        "there are more than 2 groups (max_groups); filter, or group by less",
    )
    having = ", having: {or: [{count: {gt: 1}}, {count: {lt: 9}}]}"
    code, message, _ = refusal(api, query % having)
    assert (code, "max_conditions" in message) == ("LIMIT_EXCEEDED", True)


def test_values_that_the_type_cant_hold() -> None:
    api = api_of(
        a_class(
            "Thing",
            "",
            "number a sh:PropertyShape ; sh:path :number ; sh:datatype xsd:integer ; sh:maxCount 1",
            "exact a sh:PropertyShape ; sh:path :exact ; sh:datatype xsd:decimal ; sh:maxCount 1",
        ),
        "id:a a :Thing ; :number 9999999999 ; :exact 170000000000000000000.0 ."
        "id:b a :Thing ; :number 1 ; :exact 170000000000000000000.0 .",
    )
    payload = api.execute(
        "{ things { groupBy(keys: []) { number { min max sum avg } exact { max sum } } } }"
    ).payload
    (group,) = payload["data"]["things"]["groupBy"]
    assert group["number"] == {"min": 1, "max": None, "sum": "10000000000", "avg": "5000000000"}
    assert group["exact"] == {"max": "170000000000000000000", "sum": None}
    assert [error["path"][-2:] for error in payload["errors"]] == [
        ["number", "max"],
        ["exact", "sum"],
    ]
    assert "more than the store can add up" in payload["errors"][1]["message"]


def test_names_that_clash() -> None:
    single = "a sh:PropertyShape ; sh:path :{0} ; sh:datatype {1} ; sh:maxCount 1"
    with pytest.raises(InvalidInput, match="dayYear"):
        api_of(
            a_class(
                "Thing",
                "",
                "day " + single.format("day", "xsd:date"),
                "dayYear " + single.format("dayYear", "xsd:integer"),
            )
        )
    with pytest.raises(InvalidInput, match=r"FEE_SUM would stand for feeSum and fee\.sum"):
        api_of(
            a_class(
                "Thing",
                "",
                "fee " + single.format("fee", "xsd:decimal"),
                "feeSum " + single.format("feeSum", "xsd:decimal"),
            )
        )
    with pytest.raises(InvalidInput, match="the name count"):
        api_of(a_class("Thing", "", "count " + single.format("count", "xsd:integer")))


def test_means_and_standings() -> None:
    third = Aggregate(3, total=Literal("1", datatype=NamedNode(XSD + "decimal")))
    assert aggregated(third, "avg") == Literal(
        "0.333333333333333333", datatype=NamedNode(XSD + "decimal")
    )
    half = Aggregate(2, total=Literal(1.0))
    assert aggregated(half, "avg") == Literal(0.5)
    zoned, utc = "2025-01-01T02:00:00+02:00", "2025-01-01T00:00:00"
    moment = NamedNode(XSD + "dateTime")
    assert standing(Literal(zoned, datatype=moment)) == standing(Literal(utc, datatype=moment))
    assert standing(Literal("no time", datatype=moment)) == (1, "no time")
    assert standing(float("nan")) > standing(10.0**300) > standing(5)
