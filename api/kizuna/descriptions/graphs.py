"""The dataset's graphs: which there are, how many statements each holds, and on what."""

from dataclasses import dataclass

from kizuna.dataset.store import Reader
from kizuna.descriptions.naming import Name, Naming
from kizuna.terms import Literal, NamedNode, Term

_GRAPHS = """
    SELECT ?g (COUNT(*) AS ?count) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY STR(?g)"""


@dataclass(frozen=True)
class Contents:
    """A graph's statements, counted, and a part of its subjects in order of their IRIs."""

    statements: int
    total: int
    subjects: tuple[Name, ...]


class Graphs:
    """Reads the graphs of a dataset."""

    def __init__(self, naming: Naming) -> None:
        self._naming = naming

    def all(self, reader: Reader) -> dict[str, int]:
        """How many statements each graph holds, by its IRI."""
        rows = reader.select(_GRAPHS).rows
        return {g.value: _number(count) for g, count in rows if isinstance(g, NamedNode)}

    def contents(self, reader: Reader, graph: NamedNode, start: int, most: int) -> Contents:
        """What a graph holds; of its subjects at most so many, from the one at ``start`` on."""
        where = f"GRAPH {graph} {{ ?s ?p ?o }}"
        ((statements, total),) = reader.select(
            f"SELECT (COUNT(*) AS ?statements) (COUNT(DISTINCT ?s) AS ?total) WHERE {{ {where} }}"
        ).rows
        rows = reader.select(
            f"SELECT DISTINCT ?s WHERE {{ {where} }} "
            f"ORDER BY STR(?s) LIMIT {most:d} OFFSET {start:d}"
        ).rows
        names = self._naming.names(reader, [subject for (subject,) in rows])
        return Contents(_number(statements), _number(total), tuple(names.values()))


def _number(term: Term | None) -> int:
    return int(term.value) if isinstance(term, Literal) else 0
