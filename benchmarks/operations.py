"""What is asked in the benchmarks: each question as GraphQL, by hand in SPARQL, and of tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from benchmarks import by_hand, postgraphile
from benchmarks.by_hand import Form, Variables
from benchmarks.triples import iri
from benchmarks.world import MORE, STATUSES, THEMES, WORDS, World


@dataclass(frozen=True)
class Tables:
    """The question as it is asked of PostGraphile, and what its variables are made of ours."""

    document: str
    variables: Callable[[Variables], Variables]


@dataclass(frozen=True)
class Operation:
    """A question: ``vary`` gives the variables for one asking of it."""

    name: str
    document: str
    vary: Callable[[Random, World], Variables]
    forms: Mapping[str, Form]
    tables: Tables | None = None


ENTITY = """query ($id: ID!) {
  agreement(id: $id) {
    id
    label { value }
    facts(first: 10) {
      nodes {
        id
        label { value }
        claims(first: 10) {
          nodes {
            id
            modality { code }
            basis { code }
            passages { id start end paraphrase { value } document { id label { value } } }
          }
        }
      }
    }
  }
}"""
PAGE = """query ($status: [StatusCode!]!, $direction: OrderDirection!) {
  agreements(
    first: 20
    filter: { status: { in: $status } }
    orderBy: [{ field: LABEL, direction: $direction }]
  ) {
    nodes {
      id
      label { value }
      status { code }
      parties { nodes { id label { value } } }
      claims { nodes { id modality { code } } }
    }
  }
}"""
NODES = """query ($lang: [String!]!) {
  passages(first: 1000, lang: $lang) {
    nodes { id start end sha256 withoutFact paraphrase { value } document { id label { value } } }
  }
}"""
GROUPS = """query ($theme: ID!) {
  statusChanges(filter: { themes: { any: [$theme] } }) {
    groupBy(keys: [STATUS], orderBy: [{ field: COUNT, direction: DESC }]) {
      keys { status { code } }
      count
    }
  }
}"""
SEARCH = "query ($text: String!) { search(text: $text) { node { id } text { value } } }"


def _entity(random: Random, world: World) -> Variables:
    return {"id": iri(f"agreement-{random.randrange(world.size)}").value}


def _page(random: Random, _: World) -> Variables:
    chosen = random.sample(STATUSES, random.randint(3, 6))
    codes = [code.upper().replace("-", "_") for code in STATUSES if code in chosen]
    return {"status": codes, "direction": random.choice(["ASC", "DESC"])}


def _page_of_tables(variables: Variables) -> Variables:
    statuses = [by_hand.status(code) for code in variables["status"]]
    return {"status": statuses, "order": [f"LABEL_{variables['direction']}", "ROW_ID_ASC"]}


OPERATIONS = (
    Operation(
        "one entity with claims and passages",
        ENTITY,
        _entity,
        by_hand.ENTITY,
        Tables(postgraphile.ENTITY, lambda variables: variables),
    ),
    Operation(
        "a page of 20, filtered and ordered",
        PAGE,
        _page,
        by_hand.PAGE,
        Tables(postgraphile.PAGE, _page_of_tables),
    ),
    Operation(
        "1,000 nodes of 8 fields",
        NODES,
        lambda random, _: {"lang": [random.choice(["en", "it", "ja"])]},
        by_hand.NODES,
        Tables(postgraphile.NODES, lambda _: {}),
    ),
    Operation(
        "groups and their sizes",
        GROUPS,
        lambda random, _: {"theme": random.choice(THEMES)},
        by_hand.GROUPS,
    ),
    Operation(
        "a search",
        SEARCH,
        lambda random, _: {"text": f"{random.choice(WORDS)} {random.choice(MORE)}"},
        by_hand.SEARCH,
    ),
)
