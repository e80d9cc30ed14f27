"""A reference to hold the executor to: graphql-core's own, with the plainest of resolvers.

The schema is built from the SDL; each field is resolved by its binding, one subject at a time, over
an rdflib graph of the same quads. Filters, orders and pages are worked out in Python from the
GraphQL values. A cursor is told as ``["cursor", the subject's IRI]``.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLResolveInfo,
    build_schema,
    execute_sync,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    parse,
    validate,
)
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, SKOS, XSD
from rdflib.paths import Path as RdfPath
from rdflib.term import Node

from kizuna import namespaces as ns
from kizuna import terms
from kizuna.dataset.releases import Dataset
from kizuna.dataset.search import folded
from kizuna.dataset.times import display
from kizuna.errors import InvalidInput, KizunaError, LimitExceeded, NotFound
from kizuna.graphql import bindings as b
from kizuna.graphql.identifiers import Identifiers
from kizuna.graphql.schema import Api
from kizuna.model import Class, Path, Property
from tests.reference_groups import Grouper, Keys, selected

LARGEST = 1000
Info: TypeAlias = GraphQLResolveInfo[Any]

WHOLE_NUMBERS = {XSD.integer, XSD.int, XSD.nonNegativeInteger, XSD.positiveInteger}
TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": lambda value, operand: bool(value == operand),
    "ne": lambda value, operand: bool(value != operand),
    "in": lambda value, operands: value in operands,
    "lt": lambda value, operand: bool(value < operand),
    "lte": lambda value, operand: bool(value <= operand),
    "gt": lambda value, operand: bool(value > operand),
    "gte": lambda value, operand: bool(value >= operand),
    "contains": lambda value, operand: operand in value,
    "startsWith": lambda value, operand: value.startswith(operand),
    "endsWith": lambda value, operand: value.endswith(operand),
    "between": lambda value, operand: bool(operand[0] <= value <= operand[1]),
    "matches": lambda value, operand: folded(operand) in folded(value),
}


class Hole(Exception):
    """Data that aren't as validation guarantees them."""


@dataclass(frozen=True)
class Subject:
    """A subject, and the languages of who reads about it."""

    node: Node
    languages: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """Part of a connection, from a parent along a field."""

    items: tuple[Node, ...]
    all: tuple[Node, ...]
    has_next: bool
    has_previous: bool
    languages: tuple[str, ...]
    parent: Node | None
    property: Property | None


@dataclass(frozen=True)
class Edge:
    """An item of a page."""

    item: Node
    page: Page


@dataclass(frozen=True)
class Told:
    """What isn't a subject of its own: its parts are values, or nodes that they lead to."""

    parts: Mapping[str, Any]
    languages: tuple[str, ...]


class Reference:
    """Answers operations over the dataset of an API."""

    def __init__(self, dataset: Dataset, api: Api) -> None:
        self.schema = build_schema(api.sdl)
        self.model = dataset.model
        self._dataset = dataset
        self.bindings = api.bindings
        self.graph = Graph()
        for row in dataset.store.reader().select("SELECT ?s ?p ?o WHERE { ?s ?p ?o }").rows:
            if not any(isinstance(term, terms.BlankNode) for term in row):
                self.graph.add(tuple(_node(term) for term in row))  # type: ignore[arg-type]
        self._identifiers = Identifiers(dataset.model)
        self._ends: dict[tuple[Node, Path], list[Node]] = {}

    def execute(
        self, query: str, variables: Mapping[str, Any], languages: Sequence[str]
    ) -> ExecutionResult:
        """graphql-core's answer, validation errors included."""
        document = parse(query)
        if errors := validate(self.schema, document):
            return ExecutionResult(None, errors)
        result = execute_sync(
            self.schema,
            document,
            root_value=Subject(URIRef("urn:root"), (*languages, "en")),
            variable_values=dict(variables),
            field_resolver=self._resolve,
            type_resolver=self._type,
        )
        assert isinstance(result, ExecutionResult)
        return result

    # Terms

    def along(self, node: Node, path: Path) -> list[Node]:
        """The values along the path, each once, sorted."""
        if (node, path) not in self._ends:
            found = set(self.graph.objects(node, _property_path(path)))
            if isinstance(node, Literal):
                found = set()
            self._ends[node, path] = sorted(found, key=lambda term: (str(term), term.n3()))
        return self._ends[node, path]

    def compared(self, term: Node) -> Any:
        """A term as it compares."""
        return _value(term)

    def class_of(self, node: Node) -> str | None:
        """The name of the leaf class that a node is of."""
        types = sorted(str(t) for t in self.graph.objects(node, RDF.type))
        known = (self.model.classes.get(t) for t in types)
        return next((c.name for c in known if c and not c.abstract), None)

    def instances(self, item: Class | None) -> list[Node]:
        """The subjects of a class, by IRI."""
        assert item
        return sorted(self.graph.subjects(RDF.type, URIRef(item.iri)), key=str)

    # Fields

    def _type(self, value: Any, info: Info, abstract: Any) -> str | None:
        return self.class_of(value.node)

    def _resolve(self, source: Any, info: Info, **arguments: Any) -> Any:
        if not isinstance(source, Subject):
            return self._part_of(source, info, arguments)
        binding = self.bindings[info.parent_type.name, info.field_name]
        languages = (*(arguments.get("lang") or ()), *source.languages)
        here = Subject(source.node, languages)
        match binding:
            case b.ReleaseAt():
                return self._release(here, arguments["number"])
            case b.One(item):
                return self._one(here, info, item, arguments["id"])
            case b.Several():
                wanted = [self._identifiers.resolve(given) for given in arguments["ids"]]
                return [self._or_error(here, info, URIRef(iri.value)) for iri in wanted]
            case b.Connection(item, prop):
                return self._connection(here, item, prop, arguments)
            case b.Provenance() | b.InDocuments() | b.Lapsed() | b.Sides():
                return self._evidence(here, binding, arguments)
        return self._subject_field(here, binding, info)

    def _part_of(self, source: Any, info: Info, arguments: Mapping[str, Any]) -> Any:
        """A field of what is no subject."""
        binding = self.bindings[info.parent_type.name, info.field_name]
        match source, binding:
            case Page(), b.GroupBy():
                return self._groups(source, binding, arguments, info)
            case Page(), _:
                return self._page_field(source, info)
            case Keys(), _:
                return self._key(source.values[info.field_name], source, info)
            case Edge(), _:
                return self._edge_field(source, info)
            case Told(), _:
                return self._told(source, info)
        return source[info.field_name]

    def _release(self, here: Subject, number: int) -> Any:
        """The dataset's own release, which is the only one."""
        own = self._dataset.release
        if number != own.number:
            raise NotFound(f"there is no release {number}; the newest is {own.number}.")
        unknown = ("at", "action", "contribution", "contributor", "decidedBy", "message")
        told: dict[str, Any] = dict.fromkeys((*unknown, "additions", "removals"))
        return told | {"number": number, "hash": own.hash, "query": here}

    def _one(self, here: Subject, info: Info, item: Class | None, given: str) -> Any:
        node = URIRef(self._identifiers.resolve(given, item).value)
        name = self.class_of(node)
        if name and (item is None or item.iri in self._superclasses(name)):
            return Subject(node, here.languages)
        if item and name:
            message = f"no {item.name} has the identifier <{node}>: it is of type {name}"
            raise GraphQLError(message, extensions={"code": "NOT_FOUND"})
        raise _not_found(info, node, f"no {item.name}" if item else "nothing")

    def _superclasses(self, name: str) -> set[str]:
        found = self.model.named(name)
        return {found.iri, *found.ancestors}

    def _or_error(self, here: Subject, info: Info, node: Node) -> Any:
        if self.class_of(node):
            return Subject(node, here.languages)
        return _not_found(info, node, "nothing")

    def _end(self, node: Node, here: Subject | Page | Keys | Told, info: Info) -> Any:
        """What a link leads to, if it may lead there."""
        named = get_named_type(info.return_type)
        possible = info.schema.get_possible_types(named) if is_abstract_type(named) else [named]
        if self.class_of(node) in [found.name for found in possible]:
            return Subject(node, here.languages)
        return Hole(node)

    def _subject_field(self, here: Subject, binding: b.Binding | None, info: Info) -> Any:
        match binding:
            case b.Identity():
                return str(here.node)
            case b.Code():
                return self._code(here.node)
            case b.Scalar(prop):
                values = [_shown(term) for term in self.along(here.node, prop.path)]
                return values if not prop.single else values[0] if values else None
            case b.TextField(prop):
                texts = [_text(t) for t in self.preferred(here.node, prop.path, here.languages)]
                return texts if not prop.single else texts[0] if texts else None
            case b.TimeDisplay(path):
                times = self.along(here.node, path)
                return display(str(times[0]), here.languages[0]) if times else None
            case b.Link(path, single):
                ends = [self._end(end, here, info) for end in self.along(here.node, path)]
                return ends if not single else ends[0] if ends else None
        raise AssertionError(binding)

    def _code(self, node: Node) -> str:
        last = re.split("[/#]", str(node))[-1]
        scheme = next(
            s for s in self.model.schemes.values() for c in s.concepts if c.iri == str(node)
        )
        return re.sub(r"\W+", "_", last).upper() if scheme.closed else last

    def preferred(self, node: Node, path: Path, languages: Iterable[str]) -> list[Literal]:
        """The texts in the first of the languages that there are any in, else in any."""
        texts = [text for text in self.along(node, path) if isinstance(text, Literal)]
        texts.sort(key=lambda text: (text.language or "", str(text)))
        for wanted in languages:
            fitting = [text for text in texts if _fits(text, wanted)]
            if fitting:
                return fitting
        return [text for text in texts if text.language == texts[0].language]

    def _groups(
        self, page: Page, binding: b.GroupBy, arguments: Mapping[str, Any], info: Info
    ) -> list[Mapping[str, Any]]:
        languages = (*(arguments.get("lang") or ()), *page.languages)
        grouper = Grouper(self, binding.groupable, arguments, languages)
        return grouper.groups(page.all, selected(info, "keys"))

    def _key(self, value: Any, keys: Keys, info: Info) -> Any:
        """A key's value as its field is to show it."""
        if isinstance(value, URIRef) and is_composite_type(get_named_type(info.return_type)):
            return self._end(value, keys, info)
        return _shown(value) if isinstance(value, Node) else value

    def _page_field(self, page: Page, info: Info) -> Any:
        if info.field_name == "nodes":
            return [self._end(item, page, info) for item in page.items]
        values: dict[str, Any] = {
            "edges": [Edge(item, page) for item in page.items],
            "totalCount": len(page.all),
            "pageInfo": {
                "startCursor": _cursor(page.items[0]) if page.items else None,
                "endCursor": _cursor(page.items[-1]) if page.items else None,
                "hasNextPage": page.has_next,
                "hasPreviousPage": page.has_previous,
            },
        }
        return values[info.field_name]

    def _edge_field(self, edge: Edge, info: Info) -> Any:
        if info.field_name == "cursor":
            return _cursor(edge.item)
        if info.field_name == "node":
            return self._end(edge.item, edge.page, info)
        return [self._end(fact, edge.page, info) for fact in self._facts(edge)]

    def _facts(self, edge: Edge) -> list[Node]:
        """The facts behind the triple that the edge stands for."""
        assert edge.page.property
        assert edge.page.parent
        return self._because(edge.page.parent, edge.page.property.path[0].predicate, edge.item)

    def _because(self, subject: Node, predicate: str, value: Node) -> list[Node]:
        """The facts behind a derived triple."""
        triple = (subject, URIRef(predicate), value)
        places = (ns.DERIVED_SUBJECT, ns.DERIVED_PREDICATE, ns.DERIVED_OBJECT)
        derivations = [
            set(self.graph.subjects(URIRef(place), part))
            for place, part in zip(places, triple, strict=True)
        ]
        found = set.intersection(*derivations)
        facts = {f for d in found for f in self.graph.objects(d, URIRef(ns.BECAUSE))}
        return sorted(facts, key=str)

    # Evidence

    def _evidence(self, here: Subject, binding: b.Binding, arguments: Mapping[str, Any]) -> Any:
        match binding:
            case b.Provenance(fields):
                return list(self._provenance(here, fields, arguments.get("fields")))
            case b.InDocuments(item):
                return list(self._verdicts(here, item, arguments))
            case b.Sides():
                return list(self._sides(here))
        return self._lapsed(here.node, arguments["on"])

    def _told(self, told: Told, info: Info) -> Any:
        value = told.parts[info.field_name]
        if isinstance(value, list):
            return [self._end(node, told, info) for node in value]
        return self._end(value, told, info) if isinstance(value, URIRef) else value

    def _provenance(
        self, here: Subject, fields: Mapping[str, Property], names: Sequence[str] | None
    ) -> Iterator[Told]:
        for name in dict.fromkeys(fields if names is None else names):
            prop = fields.get(name)
            for value in self.along(here.node, prop.path) if prop else ():
                assert prop
                ends = (value, here.node) if prop.path[0].inverse else (here.node, value)
                literal = isinstance(value, Literal)
                parts: dict[str, Any] = {
                    "field": prop.name,
                    "node": None if literal else value,
                    "literal": str(value) if literal else None,
                    "facts": self._because(ends[0], prop.path[0].predicate, ends[1]),
                }
                parts["claims"] = self._step(parts["facts"], ns.ON_FACT, inverse=True)
                parts["passages"] = self._step(parts["claims"], ns.SUPPORTED_BY)
                parts["documents"] = self._step(parts["passages"], ns.IN_SOURCE)
                yield Told(parts, here.languages)

    def _step(self, nodes: Iterable[Node], predicate: str, *, inverse: bool = False) -> list[Node]:
        step = ~URIRef(predicate) if inverse else URIRef(predicate)
        found = {end for node in nodes for end in self.graph.objects(node, step)}
        return sorted(found, key=str)

    def _verdicts(self, here: Subject, item: Class, arguments: Mapping[str, Any]) -> Iterator[Told]:
        page = self._connection(here, item, None, {**arguments, "first": LARGEST})
        claims = self._step([here.node], ns.ON_FACT, inverse=True)
        for document in page.items:
            own = [
                c
                for c in claims
                if document in self._step(self._step([c], ns.SUPPORTED_BY), ns.IN_SOURCE)
            ]
            whole = (document, URIRef(ns.CODED_WHOLE), Literal(True)) in self.graph
            parts = {"document": document, "claims": own, "verdict": self._verdict(own, whole)}
            yield Told(parts, page.languages)

    def _verdict(self, claims: list[Node], whole: bool) -> str:
        signs = self._step(self._step(claims, ns.MODALITY), ns.POLARITY)
        no, yes = URIRef(ns.NEGATIVE) in signs, any(str(s) != ns.NEGATIVE for s in signs)
        if not claims:
            return "SILENT" if whole else "NOT_CODED"
        return {(True, True): "SAYS_BOTH", (True, False): "SAYS_OTHERWISE"}.get((no, yes), "SAYS")

    def _sides(self, here: Subject) -> Iterator[Told]:
        """The sides of a dispute on whether something is so: there is no other in the data."""
        claims = self._step([here.node], ns.DISPUTED_CLAIM)
        for sign in (ns.POSITIVE, ns.NEGATIVE):
            own = [
                c
                for c in claims
                if URIRef(sign) in self._step(self._step([c], ns.MODALITY), ns.POLARITY)
            ]
            own.sort(key=lambda c: -self._certainty(c))
            documents = self._step(self._step(own, ns.SUPPORTED_BY), ns.IN_SOURCE)
            parts = {"polarity": sign.rpartition("/")[2].upper(), "value": None}
            if own:
                yield Told({**parts, "claims": own, "documents": documents}, here.languages)

    def _certainty(self, claim: Node) -> int:
        (value,) = self._step(self._step([claim], ns.MODALITY), ns.CERTAINTY)
        return int(str(value))

    def _lapsed(self, fact: Node, on: str) -> bool | None:
        if (fact, URIRef(ns.OUTCOME), URIRef(ns.OUTCOME_OPEN)) not in self.graph:
            return False
        claims = self._step([fact], ns.ON_FACT, inverse=True)
        times = self._step([fact], ns.FACT_TIME) or self._step(claims, ns.STATED_TIME)
        ends = self._bounds([*times, *self._step(claims, ns.STATED_END)], ns.LATEST)
        starts = self._bounds([*times, *self._step(claims, ns.STATED_START)], ns.EARLIEST)
        if ends and all(end < on for end in ends):
            return True
        for days in (starts, ends):
            if days and all(day >= on for day in days):
                return False
        return None

    def _bounds(self, times: Iterable[Node], bound: str) -> list[str]:
        """The bounds of the times; none where one of them has none."""
        each = [self._step([time], bound) for time in times]
        return [str(days[0]) for days in each] if all(each) else []

    # Connections

    def _connection(
        self, here: Subject, item: Class | None, prop: Property | None, arguments: dict[str, Any]
    ) -> Page:
        self._check_ids(item, arguments.get("filter"))
        backward, size, given = _paging(arguments)
        place = _placed(here.node, given, backward)
        nodes = self.along(here.node, prop.path) if prop else self.instances(item)
        nodes = [n for n in nodes if self._fulfils(n, item, arguments.get("filter"))]
        entries = self._order_entries(item, arguments.get("orderBy"), here.languages)
        nodes = self._sorted(nodes, entries)
        items, has_previous, has_next = _cut(
            nodes, backward, size, self._split(nodes, entries, place)
        )
        return Page(
            tuple(items),
            tuple(nodes),
            has_next,
            has_previous,
            here.languages,
            here.node if prop else None,
            prop,
        )

    def _split(self, nodes: list[Node], entries: "Entries", place: str | None) -> tuple[int, int]:
        """How many nodes come before the place, and how many up to and with it."""
        if place is None:
            return len(nodes), 0
        node = URIRef(place)
        order = self._sorted([*nodes, node] if node not in nodes else nodes, entries)
        before = order.index(node)
        return before, before + (node in nodes)

    def _order_entries(
        self, item: Class | None, given: Any, languages: tuple[str, ...]
    ) -> "Entries":
        if item is None:
            return []
        entries: Entries = []
        for entry in given or ():
            ways = (entry.get("direction") == "DESC", entry.get("nulls") == "FIRST")
            for key in self._keys(item, entry["field"], languages):
                entries.append((key, *ways))
        return entries

    def _sorted(self, nodes: Iterable[Node], entries: "Entries") -> list[Node]:
        """By IRI, then by each key, the least weighty first."""
        order = sorted(nodes, key=str)
        for key, descending, nulls_first in reversed(entries):
            bound = [node for node in order if key(node) is not None]
            bound.sort(key=key, reverse=descending)
            unbound = [node for node in order if key(node) is None]
            order = unbound + bound if nulls_first else bound + unbound
        return order

    def _keys(
        self, item: Class, field: str, languages: tuple[str, ...]
    ) -> Iterator[Callable[[Node], Any]]:
        if field == "ID":
            yield lambda node: str(node)
            return
        wanted = field.replace("_", "").lower()
        prop = next((p for p in item.properties if p.name.lower() == wanted), None)
        if prop is None:
            yield self._key_of_link(item, wanted, languages)
            return
        if prop.targets == (ns.TIME_SPAN,):
            for bound in (ns.EARLIEST, ns.LATEST):
                yield lambda node, bound=bound: self._first(  # type: ignore[misc]
                    time
                    for span in self.along(node, prop.path)
                    for time in self.graph.objects(span, URIRef(bound))
                )
        elif prop.targets:
            yield lambda node: self.displayed(
                [
                    t
                    for c in self.along(node, prop.path)
                    for t in self.graph.objects(c, SKOS.prefLabel)
                ],
                languages,
            )
        elif prop.datatype == ns.RDF_LANG_STRING:
            yield lambda node: self.displayed(self.along(node, prop.path), languages)
        else:
            yield lambda node: self._first(self.along(node, prop.path))

    def _key_of_link(
        self, item: Class, wanted: str, languages: tuple[str, ...]
    ) -> Callable[[Node], Any]:
        """A key of the one that a single link leads to, where there is one."""
        prop, inner = next(
            (p, q)
            for p in item.properties
            if p.single and len(p.targets) == 1
            for q in self.model.classes[p.targets[0]].properties
            if (p.name + q.name).lower() == wanted
        )
        target = self.model.classes[prop.targets[0]]
        (key,) = self._keys(target, inner.name, languages)
        return lambda node: next((key(end) for end in self.along(node, prop.path)), None)

    def _first(self, found: Iterable[Node]) -> Any:
        return next((_value(term) for term in found), None)

    def displayed(self, texts: Iterable[Node], languages: tuple[str, ...]) -> str | None:
        """The text that readers of the languages are shown."""
        literals = [text for text in texts if isinstance(text, Literal)]
        literals.sort(key=lambda text: (text.language or "", str(text)))
        for wanted in languages:
            for text in literals:
                if _fits(text, wanted):
                    return str(text)
        return str(literals[0]) if literals else None

    # Filters

    def _check_ids(self, item: Class | None, asked: Mapping[str, Any] | None) -> None:
        """Raises InvalidInput for what can be no identifier, whether or not it is looked at."""
        for name, value in (asked or {}).items():
            if name in ("and", "or"):
                for part in value or ():
                    self._check_ids(item, part)
            elif name == "not":
                self._check_ids(item, value)
            elif name == "id":
                self._check_operands(item, value)
            elif name == "type":
                continue
            elif item and (prop := item.field(name)).targets and value:
                target = self.model.classes[prop.targets[0]] if len(prop.targets) == 1 else None
                for quantifier in ("some", "every", "none"):
                    self._check_ids(target, value.get(quantifier))
                names = ["all", "any"]
                if target and target.iri in self.model.schemes:
                    names += ["eq", "ne", "in", "broader"]
                self._check_operands(target, {n: value.get(n) for n in names})

    def _check_operands(self, item: Class | None, tests: Mapping[str, Any] | None) -> None:
        for operand in (tests or {}).values():
            for given in operand if isinstance(operand, list) else [operand]:
                if given is not None:
                    self._identifiers.resolve(given, item)

    def _fulfils(self, node: Node, item: Class | None, asked: Mapping[str, Any] | None) -> bool:
        return all(
            self._part(node, item, name, value)
            for name, value in (asked or {}).items()
            if value is not None
        )

    def _part(self, node: Node, item: Class | None, name: str, value: Any) -> bool:
        if name == "and":
            return all(self._fulfils(node, item, part) for part in value)
        if name == "or":
            return any(self._fulfils(node, item, part) for part in value)
        if name == "not":
            return not self._fulfils(node, item, value)
        if name == "id":
            return all(self._identity(node, item, *test) for test in value.items())
        if name == "type":
            return all(self._is_of(node, *test) for test in value.items())
        assert item
        prop = item.field(name)
        tests = [
            (n, o) for n, o in value.items() if n not in ("lang", "certainty") and o is not None
        ]
        return all(self._test(node, prop, n, o, value) for n, o in tests)

    def _is_of(self, node: Node, name: str, operand: Any) -> bool:
        wanted = operand if isinstance(operand, list) else [operand]
        own = self.class_of(node)
        kinds = {self.model.classes[iri].name for iri in self._superclasses(own)} if own else set()
        return operand is None or (not kinds.isdisjoint(wanted)) != (name == "ne")

    def _identity(self, node: Node, item: Class | None, name: str, operand: Any) -> bool:
        if operand is None:
            return True
        given = operand if isinstance(operand, list) else [operand]
        wanted = [self._identifiers.resolve(one, item).value for one in given]
        return (str(node) in wanted) != (name == "ne")

    def _test(
        self, node: Node, prop: Property, name: str, operand: Any, beside: Mapping[str, Any]
    ) -> bool:
        ends = self.along(node, prop.path)
        language = beside.get("lang")
        if language is not None:
            ends = [end for end in ends if isinstance(end, Literal) and _fits(end, language)]
        if name == "exists":
            return bool(ends) is operand
        if prop.targets:
            return self._test_link(ends, prop, name, operand, beside.get("certainty"))
        return any(TESTS[name](value, _operand(prop, operand)) for value in map(_value, ends))

    def _test_link(
        self, ends: list[Node], prop: Property, name: str, operand: Any, certainty: str | None
    ) -> bool:
        target = self.model.classes[prop.targets[0]] if len(prop.targets) == 1 else None
        if name in ("some", "every", "none"):
            found = [self._fulfils(end, target, operand) for end in ends]
            return {"some": any(found), "every": all(found), "none": not any(found)}[name]
        if name in ("all", "any"):
            wanted = [URIRef(self._identifiers.resolve(one, target).value) for one in operand]
            return (all if name == "all" else any)(one in ends for one in wanted)
        assert target
        if name == "broader":
            above = URIRef(self._identifiers.resolve(operand, target).value)
            broader = (set(self.graph.transitive_objects(end, SKOS.broader)) for end in ends)
            return any(above in found for found in broader)
        if target.iri == ns.TIME_SPAN:
            return any(self._in_time(end, name, operand, certainty) for end in ends)
        concepts = self._concepts(target, operand)
        return any(self._identity(end, target, name, concepts) for end in ends)

    def _in_time(self, span: Node, name: str, operand: Any, certainty: str | None) -> bool:
        """Whether all, or possibly some, of the days that a time may cover fit."""
        start, end = (
            self._first(self.graph.objects(span, URIRef(bound)))
            for bound in (ns.EARLIEST, ns.LATEST)
        )
        days = {n: date.fromisoformat(d) for n, d in _days(operand).items()}
        one, last_day = days["from"], days["to"]
        first, last = {
            "on": (one, one),
            "before": (date.min, one - timedelta(days=1)),
            "after": (one + timedelta(days=1), date.max),
            "within": (one, last_day),
        }[name]
        if certainty == "POSSIBLE":
            return (start or date.min) <= last and (end or date.max) >= first
        needs_start, needs_end = name != "before", name != "after"
        return (not needs_start or (start is not None and start >= first)) and (
            not needs_end or (end is not None and end <= last)
        )

    def _concepts(self, target: Class, operand: Any) -> Any:
        """The IRIs for the codes of a closed scheme, else what was given."""
        scheme = self.model.schemes[target.iri]
        if not scheme.closed:
            return operand
        by_code = {self._code(URIRef(c.iri)): c.iri for c in scheme.concepts}
        return [by_code[o] for o in operand] if isinstance(operand, list) else by_code[operand]


Entries = list[tuple[Callable[[Node], Any], bool, bool]]


def _paging(arguments: Mapping[str, Any]) -> tuple[bool, int, str | None]:
    """Whether backward, how many, and from the place of which subject."""
    first, after, last, before = (arguments.get(n) for n in ("first", "after", "last", "before"))
    backward = last is not None or (before is not None and first is None)
    wrong = (
        [("first", first), ("after", after)] if backward else [("last", last), ("before", before)]
    )
    for name, given in wrong:
        if given is not None:
            raise InvalidInput(
                f"{name} can't go with {'last or before' if backward else 'first or after'}; "
                "page forward with first and after, or backward with last and before"
            )
    name, size, place = ("last", last, before) if backward else ("first", first, after)
    if size is not None and size < 0:
        raise InvalidInput(f"{name} is {size}; give a number from 0 to {LARGEST}")
    if size is not None and size > LARGEST:
        raise LimitExceeded(
            f"{name} is {size}, the largest page holds {LARGEST}; ask for less at a time"
        )
    return backward, 20 if size is None else size, place


def _placed(parent: Node | None, given: str | None, backward: bool) -> str | None:
    """The subject that a cursor is the place of; below the root it says whose list it is of."""
    if given is None:
        return None
    subject, _, owner = given.partition(" ")
    if owner and owner != str(parent):
        raise InvalidInput(
            f"{'before' if backward else 'after'}: the cursor belongs to this list of another "
            f"item, not of <{parent}>; give it to the item that it came from alone, "
            "as with node(id:), or start again without a cursor"
        )
    return subject


def _cut(
    nodes: list[Node], backward: bool, size: int, split: tuple[int, int]
) -> tuple[list[Node], bool, bool]:
    """The page, and whether there is something before and after it."""
    before, through = split
    start, end = (0, before) if backward else (through, len(nodes))
    if backward:
        start = max(0, end - size)
    else:
        end = min(len(nodes), start + size)
    return nodes[start:end], start > 0, end < len(nodes)


def _property_path(path: Path) -> Any:
    steps: list[Any] = [
        ~URIRef(step.predicate) if step.inverse else URIRef(step.predicate) for step in path
    ]
    whole: RdfPath | URIRef = steps[0]
    for step in steps[1:]:
        whole = whole / step
    return whole


def _node(term: Any) -> Node:
    if isinstance(term, terms.NamedNode):
        return URIRef(term.value)
    assert isinstance(term, terms.Literal)
    if term.language:
        return Literal(term.value, lang=term.language)
    return Literal(term.value, datatype=URIRef(term.datatype.value), normalize=False)


def _shown(term: Node) -> Any:
    """A term as graphql-core is to serialise it."""
    if isinstance(term, Literal):
        if term.datatype in WHOLE_NUMBERS:
            return int(str(term))
        if term.datatype == XSD.boolean:
            return str(term) == "true"
    return str(term)


def _value(term: Node) -> Any:
    """A term as it compares."""
    if isinstance(term, Literal):
        if term.datatype in WHOLE_NUMBERS or term.datatype == XSD.decimal:
            return Decimal(str(term))
        if term.datatype == XSD.date:
            return date.fromisoformat(str(term))
        if term.datatype == XSD.dateTime:
            return datetime.fromisoformat(str(term))
        if term.datatype == XSD.boolean:
            return str(term) == "true"
    return str(term)


def _operand(prop: Property, operand: Any) -> Any:
    """An operand as it compares with the field's values."""
    if isinstance(operand, list):
        return [_operand(prop, one) for one in operand]
    if isinstance(operand, dict):
        return [_operand(prop, operand["from"]), _operand(prop, operand["to"])]
    datatype = None if prop.datatype is None else URIRef(prop.datatype)
    if datatype in {*WHOLE_NUMBERS, XSD.decimal, XSD.date, XSD.dateTime}:
        return _value(Literal(str(operand), datatype=datatype, normalize=False))
    return operand


def _days(operand: Any) -> Mapping[str, str]:
    return operand if isinstance(operand, dict) else {"from": operand, "to": operand}


def _text(text: Literal) -> Mapping[str, str]:
    return {"value": str(text), "language": text.language or ""}


def _fits(text: Literal, wanted: str) -> bool:
    tag = (text.language or "").lower()
    return tag == wanted.lower() or tag.startswith(wanted.lower() + "-")


def _cursor(item: Node) -> str:
    return f"cursor of {item}"


def _not_found(info: Info, node: Node, what: str) -> GraphQLError:
    message = (
        f"{what} has the identifier <{node}>; `{info.field_name}` takes a full IRI or its last "
        "part, and `search` finds it by name"
    )
    return GraphQLError(message, extensions={"code": "NOT_FOUND"})


__all__ = ["KizunaError", "Reference"]
