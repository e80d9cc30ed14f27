"""Operations over any data of ours for so many results, and what it takes to read the answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kizuna.graphql.schema import Api

RESULTS = (1, 20, 1000)

OPERATIONS: Mapping[str, str] = {
    "labels of a page": "{ agreements(first: $n) { nodes { label { value } } } }",
    "a page with links": """{ passages(first: $n) { nodes {
        id start end paraphrase { value } document { id label { value } }
    } } }""",
    "a page in order, with its place": """{
        facts(first: $n, orderBy: [{ field: LABEL, direction: DESC }]) {
            totalCount pageInfo { hasNextPage endCursor } nodes { id label { value } }
        }
    }""",
    "a page that a filter leaves": """{
        claims(first: $n, filter: { modality: { in: [HAPPENED] } }) {
            nodes { id modality { code } fact { id } }
        }
    }""",
    "a page below one item": """{ agreements(first: 1) { nodes {
        id facts(first: $n) { nodes { id } }
    } } }""",
    "the same from its end, with its place": """{ agreements(first: 1) { nodes {
        id facts(last: $n) { totalCount pageInfo { hasPreviousPage } edges { cursor node { id } } }
    } } }""",
    "a page below one item, in order": """{ agreements(first: 1) { nodes {
        id facts(first: $n, orderBy: [{ field: LABEL }]) { nodes { id label { value } } }
    } } }""",
    "a page below one item that a filter leaves": """{ agreements(first: 1) { nodes {
        id facts(first: $n, filter: { disputed: { eq: false } }) { nodes { id disputed } }
    } } }""",
    "pages below pages": """{ agreements(first: $n) { nodes {
        id claims(first: 2) { nodes { id fact { id label { value } } } }
    } } }""",
    "pages two levels below": """{ agreements(first: $n) { nodes { id facts(first: 2) { nodes {
        id claims(first: 1, orderBy: [{ field: MODALITY }]) { nodes { id modality { code } } }
    } } } } }""",
    "how many there are": """{ agreements(first: $n) { nodes {
        id facts { totalCount } claims(filter: { modality: { in: [HAPPENED] } }) { totalCount }
    } } }""",
}


@dataclass(frozen=True)
class Reading:
    """How many store queries an answer took and how many rows they gave, for how many values."""

    queries: int
    rows: int
    values: int

    @property
    def ratio(self) -> float:
        """How many rows were read for a value."""
        return self.rows / self.values


def reading(api: Api, operation: str, results: int) -> Reading:
    """What an answer with so many results takes to be read.

    It is asked to be explained, so that nothing that was told before is told again.
    """
    query = operation.replace("$n", str(results))
    payload = api.execute(query, extensions={"kizuna": {"explain": True}}).payload
    if "errors" in payload:
        raise ValueError(payload["errors"])
    taken = payload["extensions"]["kizuna"]
    return Reading(taken["storeQueries"], taken["rowsRead"], values(payload["data"]))


def values(answer: Any) -> int:
    """How many values an answer holds."""
    if isinstance(answer, dict):
        return sum(map(values, answer.values()))
    return sum(map(values, answer)) if isinstance(answer, list) else int(answer is not None)
