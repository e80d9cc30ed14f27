"""A thing: its name and classes, what is stated of it, what follows, and what leads to it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from kizuna import namespaces as ns
from kizuna.dataset.releases import Dataset
from kizuna.dataset.store import Found, Reader
from kizuna.descriptions.naming import TYPE, Name, Naming, kind_of
from kizuna.model import Path, Property, Step, Texts
from kizuna.terms import Literal, NamedNode, Term

MOST_VALUES = 100

Reasons: TypeAlias = Mapping[tuple[Path, Term], Sequence[NamedNode]]

_SUBJECT: Path = (Step(ns.DERIVED_SUBJECT, inverse=True),)
_OBJECT: Path = (Step(ns.DERIVED_OBJECT, inverse=True),)
_DERIVATION = (ns.DERIVED_SUBJECT, ns.DERIVED_PREDICATE, ns.DERIVED_OBJECT, ns.BECAUSE)
# What leads to a thing without saying anything of it: its instances, its derivations, and what its
# scheme lists anyway.
_UNSHOWN = frozenset({ns.RDF_TYPE, ns.SKOS_TOP_CONCEPT_OF, *_DERIVATION[:3]})


@dataclass(frozen=True)
class Value:
    """A value of a field: a term, its name if it is an IRI, and the facts that it follows from."""

    term: Term
    name: Name | None = None
    because: tuple[Name, ...] = ()

    @property
    def language(self) -> str:
        """The language of a text, else empty."""
        return (self.term.language or "") if isinstance(self.term, Literal) else ""


@dataclass(frozen=True)
class Field:
    """The values of one field, of which the first are held; ``total`` counts them all."""

    iri: str
    path: Path
    labels: Texts
    descriptions: Texts
    values: tuple[Value, ...]
    total: int
    derived: bool = False

    @property
    def leading(self) -> bool:
        """Whether it leads to the thing, rather than from it."""
        return self.path[0].inverse


@dataclass(frozen=True)
class Thing:
    """What is known of a thing, its fields in the order of its class."""

    name: Name
    classes: tuple[Name, ...] = ()
    fields: tuple[Field, ...] = ()
    graphs: tuple[str, ...] = ()

    def values(self, *predicates: str) -> tuple[Value, ...]:
        """The values of its own fields of these predicates."""
        paths = [(Step(predicate),) for predicate in predicates]
        return tuple(v for path in paths for f in self.fields if f.path == path for v in f.values)

    def texts(self, *predicates: str) -> dict[str, list[str]]:
        """The texts that it states, by language."""
        texts: dict[str, list[str]] = {}
        for value in self.values(*predicates):
            if isinstance(value.term, Literal):
                texts.setdefault(value.language, []).append(value.term.value)
        return texts


class Things:
    """Describes the things of one dataset."""

    def __init__(self, dataset: Dataset, naming: Naming) -> None:
        self._model = dataset.model
        self._naming = naming

    def thing(self, reader: Reader, node: NamedNode) -> Thing | None:
        """All that is known of a thing, None where nothing is stated of it."""
        stated = reader.select(f"SELECT DISTINCT ?p ?g WHERE {{ GRAPH ?g {{ {node} ?p ?o }} }}")
        if not stated.rows:
            return None
        leading = reader.select(f"SELECT DISTINCT ?p WHERE {{ ?s ?p {node} }}")
        types = reader.values({TYPE: [node]})[TYPE].get(node, [])
        kind = kind_of(self._model, types)
        properties = {p.path: p for p in self._properties(kind)}
        paths = _all_paths(
            properties,
            {row[0].value for row in stated.rows if isinstance(row[0], NamedNode)},
            {row[0].value for row in leading.rows if isinstance(row[0], NamedNode)},
        )
        found = reader.values({path: [node] for path in paths})
        reasons = self._reasons(reader, node)
        fields = self._fields(reader, node, {p: properties.get(p) for p in paths}, found, reasons)
        names = self._naming.names(reader, [node, *types])
        graphs = sorted({row[1].value for row in stated.rows if isinstance(row[1], NamedNode)})
        classes = tuple(names[iri] for iri in self._classes(kind, types))
        return Thing(names[node.value], classes, fields, tuple(graphs))

    def _properties(self, kind: str | None) -> tuple[Property, ...]:
        found = self._model.classes.get(kind or "")
        return found.properties if found else ()

    def _classes(self, kind: str | None, types: Sequence[Term]) -> list[str]:
        """The thing's class and those above it, nearest first; else its types."""
        found = self._model.classes.get(kind or "")
        if found:
            return [found.iri, *found.ancestors]
        return [term.value for term in types if isinstance(term, NamedNode)]

    def _fields(
        self,
        reader: Reader,
        node: NamedNode,
        properties: Mapping[Path, Property | None],
        found: Found,
        reasons: Reasons,
    ) -> tuple[Field, ...]:
        ends = {path: found[path].get(node, []) for path in properties}
        held = {path: values[:MOST_VALUES] for path, values in ends.items() if values}
        because = [fact for facts in reasons.values() for fact in facts]
        predicates = [NamedNode(path[-1].predicate) for path in held]
        named = [term for values in held.values() for term in values]
        names = self._naming.names(reader, [*named, *because, *predicates])
        return tuple(
            replace(
                _field(path, properties[path], names),
                values=tuple(_value(path, term, names, reasons) for term in values),
                total=len(ends[path]),
            )
            for path, values in held.items()
        )

    def _reasons(self, reader: Reader, node: NamedNode) -> Reasons:
        """For each derived value, from this thing or to it, the facts that it follows from."""
        around = reader.values({_SUBJECT: [node], _OBJECT: [node]})
        nodes = [d for by in around.values() for values in by.values() for d in values]
        found = reader.values({(Step(predicate),): nodes for predicate in _DERIVATION})
        reasons: dict[tuple[Path, Term], list[NamedNode]] = defaultdict(list)
        for derivation in nodes:
            subjects, predicates, objects, facts = (
                found[(Step(p),)].get(derivation, []) for p in _DERIVATION
            )
            for key in _ends(node, subjects, predicates, objects):
                others = (fact for fact in facts if fact not in (node, key[1]))
                reasons[key] += [fact for fact in others if isinstance(fact, NamedNode)]
        return reasons


def _ends(
    node: NamedNode, subjects: Sequence[Term], predicates: Sequence[Term], objects: Sequence[Term]
) -> Iterator[tuple[Path, Term]]:
    """The field and the value of it that a derivation leads to, as this thing sees them."""
    for subject, predicate, end in zip(subjects, predicates, objects, strict=False):
        if isinstance(predicate, NamedNode):
            inverse = subject != node
            yield (Step(predicate.value, inverse),), subject if inverse else end


def _all_paths(
    known: Iterable[Path], predicates: Iterable[str], leading: Iterable[str]
) -> list[Path]:
    """The fields of the class in order, then whatever else is stated of it, or leads to it."""
    paths = list(known)
    ways = {(path[0].predicate, path[0].inverse) for path in paths}
    for predicate, inverse in (
        *((predicate, False) for predicate in sorted(predicates)),
        *((predicate, True) for predicate in sorted(leading)),
    ):
        unshown = predicate in _UNSHOWN and (inverse or predicate not in _DERIVATION)
        if not unshown and (predicate, inverse) not in ways:
            paths.append((Step(predicate, inverse),))
    return paths


def _field(path: Path, stated: Property | None, names: Mapping[str, Name]) -> Field:
    predicate = path[-1].predicate
    if stated is None:
        return Field(predicate, path, names[predicate].labels, {}, (), 0)
    return Field(
        iri=predicate,
        path=path,
        labels=stated.labels or names[predicate].labels,
        descriptions=stated.descriptions,
        values=(),
        total=0,
        derived=stated.read_only,
    )


def _value(path: Path, term: Term, names: Mapping[str, Name], reasons: Reasons) -> Value:
    name = names[term.value] if isinstance(term, NamedNode) else None
    because = dict.fromkeys(reasons.get((path, term), ()))
    return Value(term, name, tuple(names[fact.value] for fact in because))
