"""What stands behind a fact and between two entities, as GraphQL tells it."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from kizuna import namespaces as ns
from kizuna.dataset.derivation import derivation_iri
from kizuna.dataset.files import read_ontology
from kizuna.dataset.releases import Dataset, load_dataset, read_data, seed_files
from kizuna.graphql.limits import Limits
from kizuna.graphql.schema import Api
from kizuna.resources import ONTOLOGY, QUERIES, SEEDS
from kizuna.terms import NamedNode, Triple
from tests.test_graphql import data, error, ids

IDS = "https://w3id.org/italy-japan/id/"


def query_count(api: Api, query: str) -> int:
    return int(api.execute(query).payload["extensions"]["kizuna"]["storeQueries"])


# lapsed


@pytest.mark.parametrize(
    ("fact", "on", "lapsed"),
    [
        ("fact-meloni-visit-japan", "2026-01-17", False),  # its last day isn't over
        ("fact-meloni-visit-japan", "2026-01-18", True),
        ("fact-meloni-visit-oman", "2026-01-14", False),  # "in the coming days": begun at earliest
        ("fact-meloni-visit-oman", "2030-01-01", None),  # but no end is known
        ("fact-meloni-takaichi-meeting", "2030-01-01", None),  # no time at all
        ("fact-acsa-in-force", "2030-01-01", False),  # never only foreseen
    ],
)
def test_lapsed(packaged_api: Api, fact: str, on: str, lapsed: bool | None) -> None:
    query = "query ($id: ID!, $on: Date!) { fact(id: $id) { lapsed(on: $on) } }"
    assert data(packaged_api, query, id=fact, on=on) == {"fact": {"lapsed": lapsed}}


def test_lapsed_needs_a_day(packaged_api: Api) -> None:
    answer = packaged_api.execute('{ fact(id: "fact-acsa-in-force") { lapsed(on: "tomorrow") } }')
    assert not answer.executed


# provenance

PROVENANCE = """query ($id: ID!, $fields: [EntityDerivedField!]) {
  entity(id: $id) { provenance(fields: $fields) {
    field node { id } literal
    facts { id } claims { id fact { id } } passages { id } documents { id }
  } }
}"""


def test_a_status_leads_back_to_passages(packaged_api: Api) -> None:
    asked = {"id": "gcap", "fields": ["STATUS"]}
    (row,) = data(packaged_api, PROVENANCE, **asked)["entity"]["provenance"]
    assert row["field"] == "status"
    assert ids([row["node"]]) == ["in-preparation"]
    assert row["literal"] is None
    facts = [fact["id"] for fact in row["facts"]]
    assert {claim["fact"]["id"] for claim in row["claims"]} == set(facts)
    assert ids(row["documents"]) == ["source-8036c7dc"]
    assert row["passages"]


def test_each_value_has_its_own_facts(packaged: Dataset, packaged_api: Api) -> None:
    asked = {"id": "gcap", "fields": ["LEADERS", "STATUS", "LEADERS"]}
    rows = data(packaged_api, PROVENANCE, **asked)["entity"]["provenance"]
    assert [row["field"] for row in rows] == ["leaders"] * 3 + ["status"]
    for row in rows[:3]:
        value = NamedNode(row["node"]["id"])
        triple = Triple(NamedNode(IDS + "gcap"), NamedNode(ns.TERMS + "leader"), value)
        node = NamedNode(derivation_iri(packaged.model, triple))
        behind = {q.object.value for q in packaged.store.find(node, ns.BECAUSE)}  # type: ignore[union-attr]
        assert {fact["id"] for fact in row["facts"]} == behind != set()


def test_an_inverse_field_has_provenance_too(packaged_api: Api) -> None:
    asked = {"id": "sanae-takaichi", "fields": ["OFFICES"]}
    (row,) = data(packaged_api, PROVENANCE, **asked)["entity"]["provenance"]
    assert ids([row["node"]]) == ["prime-minister-of-japan"]
    assert row["facts"]


def test_a_literal_is_told_as_text(packaged_api: Api) -> None:
    asked = {"id": "gcap", "fields": ["DISPUTED"]}
    (row,) = data(packaged_api, PROVENANCE, **asked)["entity"]["provenance"]
    assert (row["node"], row["literal"]) == (None, "false")


def test_all_fields_where_none_are_named(packaged_api: Api) -> None:
    rows = data(packaged_api, PROVENANCE, id="gcap")["entity"]["provenance"]
    assert {"status", "leaders", "participants", "disputed"} <= {row["field"] for row in rows}


def test_a_field_of_another_type_is_left_out(packaged_api: Api) -> None:
    rows = data(packaged_api, PROVENANCE, id="italy", fields=["STATUS"])["entity"]["provenance"]
    assert rows == []


def test_what_a_fact_amounts_to_has_provenance(packaged_api: Api) -> None:
    query = """{ fact(id: "fact-italian-indo-pacific-strategy-adopted") {
      provenance(fields: [STANDING]) { node { id } facts { id } claims { id } }
      claims { nodes { id } }
    } }"""
    fact = data(packaged_api, query)["fact"]
    (row,) = fact["provenance"]
    assert ids(row["facts"]) == ["fact-italian-indo-pacific-strategy-adopted"]
    assert row["claims"] == fact["claims"]["nodes"]


def test_provenance_costs_the_same_for_many(packaged_api: Api) -> None:
    query = """{ entities(first: %d) { nodes { provenance {
      field facts { id } claims { id } passages { id } documents { id } } } } }"""
    assert query_count(packaged_api, query % 1) == query_count(packaged_api, query % 200)


# inDocuments

VERDICTS = """query ($id: ID!, $filter: SourceDocumentFilter) {
  fact(id: $id) { inDocuments(filter: $filter) { document { id } verdict claims { id } } }
}"""


def verdicts(api: Api, fact: str, **variables: object) -> dict[str, str]:
    rows = data(api, VERDICTS, id=fact, **variables)["fact"]["inDocuments"]
    return {row["document"]["id"].rpartition("-")[2]: row["verdict"] for row in rows}


def test_one_document_says_and_one_is_silent(packaged_api: Api) -> None:
    found = verdicts(packaged_api, "fact-acsa-in-force")
    assert found == {"8036c7dc": "SAYS", "0c88c5e9": "SILENT"}


def test_one_document_says_otherwise(packaged_api: Api) -> None:
    (dispute,) = data(packaged_api, "{ disputes { nodes { fact { id } } } }")["disputes"]["nodes"]
    found = verdicts(packaged_api, dispute["fact"]["id"])
    assert "SAYS_OTHERWISE" in found.values() or "SAYS_BOTH" in found.values()


def test_documents_are_chosen_by_filter(packaged_api: Api) -> None:
    chosen = {"id": {"eq": "source-0c88c5e9"}}
    assert verdicts(packaged_api, "fact-acsa-in-force", filter=chosen) == {"0c88c5e9": "SILENT"}


def test_too_many_documents(packaged: Dataset) -> None:
    answer = Api(packaged, Limits(page=1)).execute(VERDICTS, {"id": "fact-acsa-in-force"})
    code, message, path = error(answer)
    assert (code, path) == ("LIMIT_EXCEEDED", ["fact", "inDocuments"])
    assert "max_page_size" in message


@pytest.fixture(scope="module")
def half_coded() -> Api:
    """The seeds, with no word on whether a document was coded whole."""
    files = read_data(seed_files(SEEDS))
    kept = {n: [q for q in qs if q.predicate.value != ns.CODED_WHOLE] for n, qs in files.items()}
    return Api(load_dataset(read_ontology(ONTOLOGY, QUERIES / "derive"), kept))


def test_not_coded_is_not_silent(half_coded: Api) -> None:
    found = verdicts(half_coded, "fact-acsa-in-force")
    assert found == {"8036c7dc": "SAYS", "0c88c5e9": "NOT_CODED"}


def test_a_verdict_agrees_with_the_claims(packaged_api: Api) -> None:
    query = """{ facts(first: 1000) { nodes {
      claims { nodes { id document { id } modality { polarity { code } } } }
      inDocuments { document { id } verdict claims { id } }
    } } }"""
    for fact in data(packaged_api, query)["facts"]["nodes"]:
        for row in fact["inDocuments"]:
            own = [c for c in fact["claims"]["nodes"] if c["document"] == row["document"]]
            denied = {c["modality"]["polarity"]["code"] == "NEGATIVE" for c in own}
            assert [c["id"] for c in row["claims"]] == [c["id"] for c in own]
            names = {(): "SILENT", (False,): "SAYS", (True,): "SAYS_OTHERWISE"}
            assert row["verdict"] == names.get(tuple(denied), "SAYS_BOTH")


def test_a_matrix_costs_the_same_for_many(packaged_api: Api) -> None:
    query = "{ facts(first: %d) { nodes { inDocuments { document { id } verdict } } } }"
    assert query_count(packaged_api, query % 1) == query_count(packaged_api, query % 200)


# sides

SIDES = """{ disputes { nodes { id detail { code } fact { id } claims { nodes { id } } sides {
  polarity value { id ... on TimeSpan { edtf } }
  claims { id modality { certainty polarity { code } } } documents { id }
} } } }"""


def test_the_sides_of_whether_it_is_so(packaged_api: Api) -> None:
    (dispute,) = data(packaged_api, SIDES)["disputes"]["nodes"]
    assert [side["polarity"] for side in dispute["sides"]] == ["POSITIVE", "NEGATIVE"]
    assert [side["value"] for side in dispute["sides"]] == [None, None]
    assert [ids(side["documents"]) for side in dispute["sides"]] == [
        ["source-0c88c5e9"],
        ["source-8036c7dc"],
    ]
    claims = [c["id"] for side in dispute["sides"] for c in side["claims"]]
    assert sorted(claims) == sorted(c["id"] for c in dispute["claims"]["nodes"])


ANOTHER_YEAR = """
PREFIX id: <https://w3id.org/italy-japan/id/>
PREFIX ij: <https://w3id.org/italy-japan/ns#>
PREFIX vocab: <https://w3id.org/italy-japan/vocab/>
PREFIX edtf: <http://id.loc.gov/datatypes/edtf/>
id:time-later a ij:TimeSpan ; ij:edtf "2027"^^edtf:EDTF ;
  ij:timeBasis <https://w3id.org/italy-japan/vocab/time-basis/stated> .
"""
CLAIM = """
id:claim-{name} a ij:Claim ; ij:onFact id:fact-defence-industry-dialogue-launched ;
  ij:supportedBy id:passage-0c88c5e9-171-257 ; ij:statedTime id:time-later ;
  ij:modality <https://w3id.org/italy-japan/vocab/modality/{name}> ;
  ij:basis <https://w3id.org/italy-japan/vocab/basis/recorded> .
"""


@pytest.fixture(scope="module")
def two_years(tmp_path_factory: pytest.TempPathFactory) -> Api:
    """The seeds, and two claims more that give a plan another year."""
    file = tmp_path_factory.mktemp("data") / "later.ttl"
    claims = [CLAIM.format(name=name) for name in ("likely", "planned")]
    file.write_text(ANOTHER_YEAR + "".join(claims), encoding="utf-8")
    files = read_data([*seed_files(SEEDS), file])
    return Api(load_dataset(read_ontology(ONTOLOGY, QUERIES / "derive"), files))


def test_the_sides_of_a_detail(two_years: Api) -> None:
    disputes = data(two_years, SIDES)["disputes"]["nodes"]
    (found,) = [each for each in disputes if each["detail"]["code"] == "TIME"]
    sooner, later = found["sides"]
    assert (sooner["value"]["edtf"], later["value"]["edtf"]) == ("2026", "2027")
    assert ids(later["claims"]) == ["claim-planned", "claim-likely"]  # the surest first
    assert {side["polarity"] for side in found["sides"]} == {"POSITIVE"}


def test_a_disputed_time_is_over_when_all_the_times_are(two_years: Api) -> None:
    query = """{ fact(id: "fact-defence-industry-dialogue-launched") {
      before: lapsed(on: "2026-12-31") between: lapsed(on: "2027-01-01")
      last: lapsed(on: "2027-12-31") after: lapsed(on: "2028-01-01") time { edtf } disputed } }"""
    assert list(data(two_years, query)["fact"].values()) == [False, None, None, True, None, True]


# What claims of a plan state, and whether it has lapsed at the beginning of 2026, in the middle of
# 2027 and at the beginning of 2029.
STATED: list[tuple[list[tuple[str, str]], list[bool | None]]] = [
    ([("statedEnd", "2027")], [False, False, True]),
    ([("statedStart", "2027")], [False, None, None]),  # when it ends nobody says
    ([("statedStart", "2027"), ("statedEnd", "2028")], [False, False, True]),
    ([("statedTime", "2026"), ("statedEnd", "2028")], [False, None, True]),
    ([("statedTime", "2026"), ("statedTime", "2028")], [False, None, True]),
    ([("statedTime", "2026"), ("statedTime", "2028/")], [False, None, None]),
    ([("statedTime", "/2028")], [False, False, True]),
]
PLAN = """
id:fact-plan-{plan} a ij:Assertion ; <http://www.w3.org/2004/02/skos/core#prefLabel> "A plan."@en .
id:time-{plan}-{claim} a ij:TimeSpan ; ij:edtf "{edtf}"^^edtf:EDTF .
id:claim-{plan}-{claim} a ij:Claim ; ij:onFact id:fact-plan-{plan} ;
  ij:supportedBy id:passage-0c88c5e9-171-257 ; ij:{stated} id:time-{plan}-{claim} ;
  ij:modality <https://w3id.org/italy-japan/vocab/modality/planned> ;
  ij:basis <https://w3id.org/italy-japan/vocab/basis/recorded> .
"""


def test_lapsed_by_what_claims_state(tmp_path: Path) -> None:
    lines = [
        PLAN.format(plan=plan, claim=claim, stated=stated, edtf=edtf)
        for plan, (claims, _) in enumerate(STATED)
        for claim, (stated, edtf) in enumerate(claims)
    ]
    file = tmp_path / "plans.ttl"
    file.write_text(ANOTHER_YEAR + "".join(lines), encoding="utf-8")
    files = read_data([*seed_files(SEEDS), file])
    api = Api(load_dataset(read_ontology(ONTOLOGY, QUERIES / "derive"), files))
    query = """query ($id: ID!) { fact(id: $id) {
      a: lapsed(on: "2026-01-01") b: lapsed(on: "2027-06-01") c: lapsed(on: "2029-01-01")
    } }"""
    for plan, (claims, lapsed) in enumerate(STATED):
        fact = data(api, query, id=f"fact-plan-{plan}")["fact"]
        assert list(fact.values()) == lapsed, claims


# path

PATH = """query ($from: ID!, $to: ID!, $maxLength: Int, $first: Int, $filter: FactFilter) {
  path(from: $from, to: $to, maxLength: $maxLength, first: $first, filter: $filter) {
    length steps { from { id } fact { id } to { id } }
  }
}"""


def paths(api: Api, start: str, goal: str, **variables: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = data(api, PATH, **{"from": start, "to": goal}, **variables)[
        "path"
    ]
    return found


def all_paths(dataset: Dataset, start: str, goal: str, longest: int) -> list[tuple[str, ...]]:
    """Every path by brute force, as the IRIs that it goes through."""
    involved: dict[str, list[str]] = {}
    for quad in dataset.store.find(None, ns.INVOLVES):
        involved.setdefault(quad.subject.value, []).append(quad.object.value)  # type: ignore[union-attr]
    found: list[tuple[str, ...]] = []
    walks: list[tuple[str, ...]] = [(IDS + start,)]
    for _ in range(longest):
        walks = [
            (*walk, fact, end)
            for walk in walks
            for fact, ends in involved.items()
            if walk[-1] in ends and fact not in walk
            for end in ends
            if end not in walk
        ]
        found += sorted(w for w in walks if w[-1] == IDS + goal)
        walks = [w for w in walks if w[-1] != IDS + goal]
    return found


@pytest.mark.parametrize(
    ("start", "goal", "longest"),
    [("guido-crosetto", "sanae-takaichi", 2), ("italy", "south-korea", 1), ("gcap", "safe", 2)],
)
def test_all_paths_are_found(
    packaged: Dataset, packaged_api: Api, start: str, goal: str, longest: int
) -> None:
    expected = all_paths(packaged, start, goal, longest)
    found = [
        (
            path["steps"][0]["from"]["id"],
            *(s[k]["id"] for s in path["steps"] for k in ("fact", "to")),
        )
        for path in paths(packaged_api, start, goal, maxLength=longest, first=1000)
    ]
    assert sorted(found) == sorted(expected)
    assert [len(p) for p in found] == sorted(len(p) for p in found)
    assert found


def test_a_path_is_joined_up(packaged_api: Api) -> None:
    for path in paths(packaged_api, "guido-crosetto", "china", maxLength=4, first=200):
        assert path["length"] == len(path["steps"])
        assert all(one["to"] == next_["from"] for one, next_ in pairwise(path["steps"]))


def test_a_path_is_the_same_backwards(packaged_api: Api) -> None:
    there = paths(packaged_api, "guido-crosetto", "china", maxLength=2, first=1000)
    back = paths(packaged_api, "china", "guido-crosetto", maxLength=2, first=1000)
    forward = {tuple(s["fact"]["id"] for s in p["steps"]) for p in there}
    assert forward == {tuple(s["fact"]["id"] for s in p["steps"])[::-1] for p in back}


def test_facts_on_a_path_fulfil_the_filter(packaged_api: Api) -> None:
    chosen = {"established": {"eq": True}}
    found = paths(packaged_api, "italy", "china", maxLength=2, first=1000, filter=chosen)
    facts = {step["fact"]["id"] for path in found for step in path["steps"]}
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Fact { established } } }"
    told = data(packaged_api, query, ids=sorted(facts))["nodes"]
    assert {fact["established"] for fact in told} == {True}


def test_first_cuts_the_paths(packaged_api: Api) -> None:
    all_of_them = paths(packaged_api, "italy", "japan", maxLength=2, first=30)
    assert paths(packaged_api, "italy", "japan", maxLength=2, first=3) == all_of_them[:3]
    assert len(paths(packaged_api, "italy", "japan")) == 20


@pytest.mark.parametrize(
    ("variables", "code", "said"),
    [
        ({"from": "nobody", "to": "italy"}, "NOT_FOUND", "`from`"),
        ({"from": "italy", "to": "fact-acsa-in-force"}, "NOT_FOUND", "no Entity"),
        ({"from": "italy", "to": IDS + "italy"}, "BAD_USER_INPUT", "differ"),
        ({"from": "italy", "to": "no identifier"}, "BAD_USER_INPUT", "identifier"),
        ({"from": "italy", "to": "japan", "maxLength": 7}, "LIMIT_EXCEEDED", "max_path_length"),
        ({"from": "italy", "to": "japan", "maxLength": 0}, "BAD_USER_INPUT", "from 1 to 6"),
        ({"from": "italy", "to": "japan", "first": 1001}, "LIMIT_EXCEEDED", "1000"),
    ],
)
def test_a_path_that_cannot_be_asked(
    packaged_api: Api, variables: dict[str, Any], code: str, said: str
) -> None:
    answer = packaged_api.execute(PATH, variables)
    assert answer.payload["data"] == {"path": None}
    found, message, path = error(answer)
    assert (found, path) == (code, ["path"])
    assert said in message


def test_a_path_looks_at_so_many_links_only(packaged: Dataset) -> None:
    api = Api(packaged, Limits(path_links=50))
    code, message, _ = error(api.execute(PATH, {"from": "italy", "to": "japan"}))
    assert code == "LIMIT_EXCEEDED"
    assert "max_path_links" in message


def test_the_length_of_a_path_is_what_it_costs(packaged_api: Api) -> None:
    query = '{ path(from: "italy", to: "japan", maxLength: 1, first: %d) { length } }'
    assert query_count(packaged_api, query % 1) == query_count(packaged_api, query % 50)


# Another ontology


def test_another_ontology_has_none_of_these(library_api: Api) -> None:
    for name in ("provenance", "lapsed", "inDocuments", "path(", "Verdict"):
        assert name not in library_api.sdl
