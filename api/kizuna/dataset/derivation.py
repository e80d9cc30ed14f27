"""What follows from the asserted data: superclass types, bounds of times, and derived triples.

Each derivation query is a SPARQL 1.1 SELECT (https://www.w3.org/TR/sparql11-query/) of
``?subject ?predicate ?object ?because``: a triple a row and, if there is one, a fact behind it.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from kizuna import namespaces as ns
from kizuna.dataset.store import EmbeddedStore, Row, Store
from kizuna.dataset.times import computed
from kizuna.errors import MalformedData
from kizuna.model import Model
from kizuna.terms import BlankNode, Literal, NamedNode, Quad, Term, Triple

Found: TypeAlias = tuple[Triple, NamedNode | None]  # a derived triple and a fact behind it
Kind: TypeAlias = tuple[str, str | None]
Written: TypeAlias = tuple[frozenset[Kind], ...]  # the sorts of triples that each query found

COLUMNS = ("subject", "predicate", "object", "because")
MOST_ROUNDS = 100

_DERIVED = NamedNode(ns.GRAPH_DERIVED)
_DERIVATION = NamedNode(ns.GRAPH_DERIVATION)
_TYPE = NamedNode(ns.RDF_TYPE)
_SUPERCLASS_TYPES = f"""
    SELECT DISTINCT ?subject ?class WHERE {{
      ?subject a/<{ns.RDFS_SUBCLASS_OF}>+ ?class .
      FILTER NOT EXISTS {{ ?subject a ?class }}
    }}"""


def derive(store: EmbeddedStore, model: Model, queries: Sequence[tuple[str, str]]) -> Written:
    """Adds to the store what follows from what it holds, each triple once; what each query found.

    Superclass types, bounds and derived triples go to the derived graph. The queries, pairs of
    file name and text, run in the order given, each until it finds nothing new, so that it sees
    what it and those before it derived. A derived triple with facts behind it gets one Derivation
    in the graph of derivations; a triple that stands already is left as it is and gets none.

    Raises MalformedData, which begins with the file's name, for a query that can't be used, and
    InvalidInput, which names the subject, for a time that can't be read.
    """
    _add_superclass_types(store)
    bounds = computed(store.find(None, ns.TIME_EDTF), _DERIVED)
    store.add([quad for quad in bounds if not store.holds(quad.triple)])
    derived: set[Triple] = set()
    written = []
    for name, query in queries:
        found, kinds = _run(store, name, query, derived)
        store.add(
            quad for triple, fact in found if fact for quad in derivation(model, triple, fact)
        )
        written.append(kinds)
    _add_superclass_types(store)
    return tuple(written)


def kind(triple: Triple) -> Kind:
    """What sort of triple it is: its predicate, and the class where it gives a type."""
    if triple.predicate == _TYPE and isinstance(triple.object, NamedNode):
        return ns.RDF_TYPE, triple.object.value
    return triple.predicate.value, None


def derivation_iri(model: Model, triple: Triple) -> str:
    """The IRI of the Derivation of a triple: from the SHA-256 of the triple as N-Triples."""
    line = f"{triple.subject} {triple.predicate} {triple.object} ."
    base = model.id_bases[0] if model.id_bases else ns.GRAPH_DERIVATION + "/"
    return f"{base}derivation-{hashlib.sha256(line.encode()).hexdigest()[:16]}"


def _add_superclass_types(store: EmbeddedStore) -> None:
    store.add(
        Quad(subject, _TYPE, above, _DERIVED)
        for subject, above in store.reader().select(_SUPERCLASS_TYPES).rows
        if isinstance(subject, NamedNode | BlankNode) and isinstance(above, NamedNode)
    )


def _run(
    store: EmbeddedStore, name: str, query: str, derived: set[Triple]
) -> tuple[set[Found], frozenset[Kind]]:
    """Adds what the query derives until it finds nothing new; all that it derived, and found."""
    found: set[Found] = set()
    kinds: set[Kind] = set()
    for _ in range(MOST_ROUNDS):
        rows = set(rows_of(store, name, query))
        kinds.update(kind(triple) for triple, _ in rows)
        new = {row for row in rows if row[0] in derived or not store.holds(row[0])} - found
        if not new:
            return found, frozenset(kinds)
        found |= new
        triples = {triple for triple, _ in new}
        store.add(Quad(t.subject, t.predicate, t.object, _DERIVED) for t in triples)
        derived |= triples
    raise MalformedData(f"{name}: still finds new triples after {MOST_ROUNDS} rounds")


def rows_of(store: Store, name: str, query: str) -> Iterator[Found]:
    """What a query finds; raises MalformedData, which begins with its name."""
    try:
        found = store.reader().select(query)
    except MalformedData as error:
        raise MalformedData(f"{name}: {error}") from error
    if found.columns != COLUMNS:
        raise MalformedData(f"{name}: must SELECT {' '.join(f'?{c}' for c in COLUMNS)}")
    yield from (_checked(name, row) for row in found.rows)


def _checked(name: str, row: Row) -> Found:
    match row:
        case (NamedNode() as s, NamedNode() as p, NamedNode() | Literal() as o, because) if (
            because is None or isinstance(because, NamedNode)
        ):
            return Triple(s, p, o), because
    raise MalformedData(
        f"{name}: a row is {' '.join(str(term) for term in row)}; ?subject, ?predicate and "
        "?because must be IRIs, ?object an IRI or a literal, and only ?because may be unbound"
    )


def derivation(model: Model, triple: Triple, because: NamedNode) -> Iterator[Quad]:
    """What is said of the Derivation of a triple by a fact."""
    node = NamedNode(derivation_iri(model, triple))
    said: dict[str, Term] = {
        ns.RDF_TYPE: NamedNode(ns.DERIVATION),
        ns.DERIVED_SUBJECT: triple.subject,
        ns.DERIVED_PREDICATE: triple.predicate,
        ns.DERIVED_OBJECT: triple.object,
        ns.BECAUSE: because,
    }
    return (Quad(node, NamedNode(p), value, _DERIVATION) for p, value in said.items())
