"""The part of the dataset that is about a thing: what its page says, as quads and as a table.

For a thing: all that is stated of it and all that leads to it; in full what belongs to it and has
no label of its own (a time, a sum, a part played), the claims on a fact and the passages of these,
and the derivations; of everything else that is named, its type and label. For the ontology and for
a graph: the whole.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kizuna import namespaces as ns
from kizuna.dataset.releases import Dataset
from kizuna.dataset.store import Reader
from kizuna.descriptions.evidence import CLAIMS_OF_FACT
from kizuna.descriptions.naming import TYPE, Name, Naming, label
from kizuna.model import Path, Step
from kizuna.terms import Literal, NamedNode, Quad, Term

BATCH = 500

_PASSAGES: Path = (Step(ns.SUPPORTED_BY),)
_MEMBERS: Path = (Step(ns.SKOS_IN_SCHEME, inverse=True),)
_DERIVATIONS: tuple[Path, ...] = (
    (Step(ns.DERIVED_SUBJECT, inverse=True),),
    (Step(ns.DERIVED_OBJECT, inverse=True),),
)

COLUMNS = (
    "subject",
    "subject_label",
    "property",
    "property_label",
    "value",
    "value_label",
    "language",
    "datatype",
    "graph",
)


@dataclass(frozen=True)
class Extracts:
    """Makes extracts of one dataset."""

    dataset: Dataset
    naming: Naming

    def of_thing(self, reader: Reader, node: NamedNode) -> list[Quad]:
        """The quads about a thing."""
        whole = self._belongings(reader, node)
        quads = [*_stated(reader, whole), *_leading(reader, node)]
        named = {term for quad in quads for term in _nodes(quad)} - set(whole)
        quads += self._labels(reader, sorted(named, key=str))
        return list(dict.fromkeys(quads))

    def of_graph(self, reader: Reader, graph: NamedNode) -> list[Quad]:
        """The quads of a graph."""
        rows = reader.select(f"SELECT ?s ?p ?o WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}").rows
        return list(_quads((*row, graph) for row in rows))

    def table(
        self, reader: Reader, quads: Iterable[Quad], language: str
    ) -> Iterator[tuple[str, ...]]:
        """The quads as rows, each term with its label in a language."""
        quads = list(quads)
        terms = (term for quad in quads for term in (*_nodes(quad), quad.predicate))
        names = self.naming.names(reader, terms)
        return (_row(quad, names, language) for quad in quads)

    def _belongings(self, reader: Reader, node: NamedNode) -> list[NamedNode]:
        """The thing, and what is told whole along with it."""
        claims = reader.values({CLAIMS_OF_FACT: [node]})[CLAIMS_OF_FACT].get(node, [])
        nodes = [node, *claims]
        found = reader.values(
            {
                _PASSAGES: nodes,
                _MEMBERS: [node],
                **{path: [node] for path in _DERIVATIONS},
            }
        )
        nodes += [end for by in found.values() for ends in by.values() for end in ends]
        held = [q.object for q in _stated(reader, [n for n in nodes if isinstance(n, NamedNode)])]
        nodes += self._unlabelled(reader, held)
        return [n for n in dict.fromkeys(nodes) if isinstance(n, NamedNode)]

    def _unlabelled(self, reader: Reader, terms: Iterable[Term]) -> list[NamedNode]:
        """Those that have no label, and are of a class that has none."""
        nodes = list(dict.fromkeys(term for term in terms if isinstance(term, NamedNode)))
        found = reader.values(dict.fromkeys((TYPE, *self.naming.label_paths), nodes))
        evidence = {ns.FACT, ns.CLAIM, ns.PASSAGE}
        return [
            node
            for node in nodes
            if (types := found[TYPE].get(node))
            and not any(node in found[path] for path in self.naming.label_paths)
            and not evidence & {str(t.value) for t in types if isinstance(t, NamedNode)}
            and any(getattr(t, "value", "") in self.dataset.model.classes for t in types)
        ]

    def _labels(self, reader: Reader, nodes: Iterable[NamedNode]) -> Iterator[Quad]:
        predicates = [NamedNode(path[0].predicate) for path in (TYPE, *self.naming.label_paths)]
        listed = " ".join(map(str, predicates))
        for batch in _batches(list(nodes)):
            query = (
                f"SELECT ?s ?p ?o ?g WHERE {{ VALUES ?s {{ {' '.join(map(str, batch))} }} "
                f"VALUES ?p {{ {listed} }} GRAPH ?g {{ ?s ?p ?o }} }}"
            )
            yield from _quads(reader.select(query).rows)


def _stated(reader: Reader, nodes: Iterable[NamedNode]) -> Iterator[Quad]:
    for batch in _batches(list(nodes)):
        listed = " ".join(map(str, batch))
        query = f"SELECT ?s ?p ?o ?g WHERE {{ VALUES ?s {{ {listed} }} GRAPH ?g {{ ?s ?p ?o }} }}"
        yield from _quads(reader.select(query).rows)


def _leading(reader: Reader, node: NamedNode) -> Iterator[Quad]:
    rows = reader.select(f"SELECT ?s ?p ?g WHERE {{ GRAPH ?g {{ ?s ?p {node} }} }}").rows
    yield from _quads((s, p, node, g) for s, p, g in rows)


def _quads(rows: Iterable[tuple[Term | None, ...]]) -> Iterator[Quad]:
    for subject, predicate, value, graph in rows:
        if (
            not isinstance(subject, Literal | None)
            and isinstance(predicate, NamedNode)
            and isinstance(graph, NamedNode)
            and value is not None
        ):
            yield Quad(subject, predicate, value, graph)


def _batches(nodes: list[NamedNode]) -> Iterator[list[NamedNode]]:
    return (nodes[start : start + BATCH] for start in range(0, len(nodes), BATCH))


def _nodes(quad: Quad) -> list[NamedNode]:
    return [term for term in (quad.subject, quad.object) if isinstance(term, NamedNode)]


def _row(quad: Quad, names: Mapping[str, Name], language: str) -> tuple[str, ...]:
    value = quad.object
    literal = isinstance(value, Literal)
    return (
        _plain(quad.subject),
        _labelled(quad.subject, names, language),
        quad.predicate.value,
        label(names[quad.predicate.value], language)[0],
        _plain(value),
        _labelled(value, names, language),
        (value.language or "") if isinstance(value, Literal) else "",
        value.datatype.value if isinstance(value, Literal) and literal else "",
        _plain(quad.graph_name),
    )


def _plain(term: object) -> str:
    return str(getattr(term, "value", term))


def _labelled(term: Term, names: Mapping[str, Name], language: str) -> str:
    return label(names[term.value], language)[0] if isinstance(term, NamedNode) else ""
