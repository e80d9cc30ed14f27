"""Selections made up over small, awkward data and over a Model, for hypothesis to vary."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TypeVar

from hypothesis import strategies as st

from kizuna import namespaces as ns
from kizuna.dataset.grouping import (
    Grouping,
    GroupKey,
    Measure,
    PeriodKey,
    ShownKey,
    Unit,
    ValueKey,
)
from kizuna.dataset.selection import (
    After,
    AllOf,
    Among,
    AnyOf,
    Below,
    Compare,
    Condition,
    Key,
    Linked,
    Not,
    Operator,
    Selection,
    matching,
)
from kizuna.dataset.store import Row
from kizuna.model import Path, Step
from kizuna.namespaces import XSD
from kizuna.terms import Literal, NamedNode, Quad

T = TypeVar("T")

BASE = "https://example.org/columns/"
GRAPH = NamedNode(BASE + "graph")
CLASSES = [NamedNode(BASE + name) for name in ("Cat", "Dog")]
SUBJECTS = [NamedNode(BASE + name) for name in ("a", "b", "c", "d", "e", "é", "Z")]
VALUE, OTHER, LINK = (BASE + name for name in ("value", "other", "link"))
JOINING = (LINK, LINK, ns.SKOS_BROADER)
PATHS: Sequence[Path] = (
    (Step(VALUE),),
    (Step(OTHER),),
    (Step(LINK), Step(VALUE)),
    (Step(LINK, inverse=True), Step(VALUE)),
    (Step(LINK), Step(LINK), Step(OTHER)),
)
LINKS: Sequence[Path] = (
    (Step(LINK),),
    (Step(LINK, inverse=True),),
    (Step(LINK), Step(LINK)),
    (Step(LINK), Step(LINK, inverse=True)),
    (Step(ns.SKOS_BROADER),),
)
LANGUAGES = ("en", "EN", "en-gb", "ja", "it", "*", "")


def typed(name: str, *texts: str) -> list[Literal]:
    return [Literal(text, datatype=NamedNode(XSD + name)) for text in texts]


NUMBERS = [
    *typed("integer", "-1", "0", "1", "007", "9007199254740993"),
    *typed("decimal", "1.0", "0.1", "-0.10", "12345678901234567.25"),
]
DOUBLES = typed("double", "1e0", "0.1", "-0", "INF", "-INF", "2.5", "9007199254740992")
FLOATS = typed("float", "0.1", "1", "-INF", "16777217")
DAYS = typed("date", "2024-02-29", "2023-12-31", "-0044-03-15", "12024-01-01", "0000-01-01")
ZONED_DAYS = typed(
    "date", "2024-02-29Z", "2024-02-29+14:00", "2024-03-01+09:00", "2024-02-28-11:30"
)
MOMENTS = typed("dateTime", "2024-01-01T00:00:00", "2023-12-31T24:00:00", "2023-12-31T23:59:59.999")
ZONED_MOMENTS = typed(
    "dateTime",
    *("2024-01-01T00:00:00Z", "2024-01-01T09:00:00+09:00", "2024-01-01T00:00:00-14:00"),
    *("2024-01-01T13:30:00Z", "2024-01-02T14:00:00.5Z"),
)
TEXTS = [
    *(Literal(text) for text in ("", "cat", "Cat", "cats", "cat 2", "日本", "été", 'q"\\\n')),
    *(Literal("cat", language=tag) for tag in ("en", "en-GB", "ja", "it")),
    *(Literal("日本", language=tag) for tag in ("ja", "en")),
    *(Literal("Été", language="it"), Literal("ete", language="en")),
    *typed("boolean", "true", "0"),
    *typed("anyURI", "cat", "https://example.org/"),
    *typed("integer", "many", " 1", "9223372036854775808"),
    *typed("decimal", "1.5E0", ".", "0.1234567890123456789"),
    *typed("date", "2023-02-29", "02024-01-01"),
    *typed("dateTime", "2024-01-01T00:00:60", "2024-01-01T00:00:00+14:01", "2024-01-01"),
]
NOT_A_NUMBER = typed("double", "NaN")
FOREIGN = typed("gYear", "2024", "-0001")
STRINGS = [Literal(text) for text in ("", "a", "A", "aa", "日本", "é", "e\u0301", 'q"\\\n')]
# Literals of one of these are in an order that SPARQL knows; those of the latter don't all compare.
COMPARING = (
    *(NUMBERS, [*DOUBLES, *NUMBERS[:4]], FLOATS, DAYS, ZONED_DAYS, MOMENTS, ZONED_MOMENTS),
    STRINGS,
)
PARTIAL = (TEXTS, [*typed("integer", "3", "1"), *NOT_A_NUMBER])
FAMILIES = (*COMPARING, *PARTIAL)
EVERYTHING = [literal for family in FAMILIES for literal in family]
ORDERED = (
    Operator.EQUAL,
    Operator.NOT_EQUAL,
    Operator.LESS,
    Operator.AT_MOST,
    Operator.GREATER,
    Operator.AT_LEAST,
)
SEARCHING = (Operator.CONTAINS, Operator.STARTS_WITH, Operator.ENDS_WITH)


@dataclass(frozen=True, repr=False)
class World:
    """What selections can be about.

    ``values`` are paths to literals, with operands to compare them with, and of these ``partial``
    those whose values don't all compare; ``links`` are paths to nodes.
    """

    classes: Sequence[NamedNode]
    nodes: Sequence[NamedNode]
    links: Sequence[Path]
    values: Mapping[Path, Sequence[Literal]]
    partial: Set[Path] = frozenset()

    def __repr__(self) -> str:
        return "World(…)"  # the whole of it would be too long to be told


@st.composite
def worlds(draw: st.DrawFn, *, mixed: bool) -> tuple[World, list[Quad]]:
    """Data about a few subjects; where not mixed, values that any engine can put in order."""
    pool = st.just(EVERYTHING) if mixed else st.sampled_from(FAMILIES)
    pools = {VALUE: draw(pool), OTHER: draw(pool)}
    node = st.sampled_from(SUBJECTS)
    types = draw(st.lists(st.tuples(node, st.sampled_from(CLASSES)), min_size=4, max_size=10))
    links = draw(st.lists(st.tuples(st.sampled_from(JOINING), node, node), max_size=8))
    quads = [Quad(one, NamedNode(ns.RDF_TYPE), of_class, GRAPH) for one, of_class in types]
    quads += [Quad(one, NamedNode(link), other, GRAPH) for link, one, other in links]
    for predicate, literals in pools.items():
        pairs = st.lists(st.tuples(node, st.sampled_from(literals)), max_size=12)
        quads += [Quad(one, NamedNode(predicate), value, GRAPH) for one, value in draw(pairs)]
    values = {path: pools[path[-1].predicate] for path in PATHS}
    partial = {path for path, pool in values.items() if pool in PARTIAL}
    return World(CLASSES, SUBJECTS, LINKS, values, partial), list(dict.fromkeys(quads))


@st.composite
def comparisons(draw: st.DrawFn, world: World) -> Condition:
    """A comparison of values along a path, of their strings or as they are."""
    path = draw(_one_of(list(world.values)))
    literals = world.values[path] if draw(st.integers(0, 3)) else EVERYTHING
    operands = tuple(draw(st.lists(_one_of(literals), max_size=3)))
    language = draw(st.sampled_from((None, None, *LANGUAGES)))
    if draw(st.booleans()):
        return Compare(path, draw(st.sampled_from(ORDERED)), operands, language=language)
    operator = draw(st.sampled_from((*ORDERED, *SEARCHING, Operator.MATCHES)))
    texts = [literal.value[: draw(st.integers(0, 5))] for literal in operands]
    if operator is Operator.MATCHES:
        texts = [matching(text) for text in texts]
    plain = tuple(Literal(text) for text in texts)
    return Compare(path, operator, plain, text=True, language=language)


def _one_of(choices: Sequence[T]) -> st.SearchStrategy[T]:
    """One of the choices, of which there may be too many to be told in a repr."""
    return st.integers(0, len(choices) - 1).map(lambda number: choices[number])


def conditions(world: World) -> st.SearchStrategy[Condition]:
    """Conditions of all forms, nested."""
    node = _one_of([*world.nodes, NamedNode(BASE + "unknown")])
    links = _one_of([*world.links, *world.values])
    simple: st.SearchStrategy[Condition] = st.one_of(
        comparisons(world),
        comparisons(world),
        st.builds(Among, st.lists(node, max_size=3).map(tuple)),
        st.builds(Below, node),
        st.builds(Linked, links),
    )
    return st.recursive(
        simple,
        lambda inner: st.one_of(
            st.builds(AllOf, st.lists(inner, max_size=3).map(tuple)),
            st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple)),
            st.builds(Not, inner),
            st.builds(Linked, links, inner),
        ),
        max_leaves=4,
    )


@st.composite
def selections(draw: st.DrawFn, world: World) -> Selection:
    """A selection without a place."""
    key = st.builds(
        Key,
        _one_of([(), *world.values]),
        st.booleans(),
        st.none() | st.lists(st.sampled_from(LANGUAGES), max_size=3).map(tuple),
        st.booleans(),
    )
    keys = draw(st.lists(key, max_size=2, unique_by=lambda key: key.path))
    condition = draw(st.none() | conditions(world))
    order, backward = tuple(keys), draw(st.booleans())
    if draw(st.booleans()):
        of_class = draw(_one_of(world.classes)).value
        return Selection(of_class, (), (), condition, order, backward)
    parents = draw(st.lists(_one_of(world.nodes), min_size=1, max_size=4, unique=True))
    path = draw(_one_of(world.links))
    return Selection(None, tuple(parents), path, condition, order, backward)


@st.composite
def places(draw: st.DrawFn, row: Row, world: World, selection: Selection) -> After:
    """The place of a row, or one near it."""
    place = place_of(row)
    keys = list(place.values)
    for number, key in enumerate(selection.order):
        if key.path and key.languages is None and draw(st.integers(0, 2)) == 0:
            keys[number] = draw(_one_of(world.values[key.path]))
    return After(tuple(keys), place.subject)


def place_of(row: Row) -> After:
    """The place of a row whose subject has an IRI and whose keys are literals."""
    _, subject, *keys, _ = row
    assert isinstance(subject, NamedNode)
    values = tuple(key for key in keys if key is None or isinstance(key, Literal))
    assert len(values) == len(keys)
    return After(values, subject.value)


@st.composite
def groupings(draw: st.DrawFn, world: World) -> Grouping:
    """A selection's subjects by up to two keys, with up to two measures."""
    value = _one_of(list(world.values))
    link = _one_of(list(world.links))
    among = st.just(()) | st.lists(_one_of(world.nodes), max_size=3).map(tuple)
    bounds = st.none() | st.tuples(value, value)
    key: st.SearchStrategy[GroupKey] = st.one_of(
        st.builds(ValueKey, link, among),
        st.builds(ValueKey, value),
        st.builds(ShownKey, value, st.lists(st.sampled_from(LANGUAGES), max_size=3).map(tuple)),
        st.builds(PeriodKey, value | link, st.sampled_from(Unit), bounds),
    )
    keys = draw(st.lists(key, max_size=2))
    measures = draw(st.lists(st.builds(Measure, value, st.booleans()), max_size=2, unique=True))
    return Grouping(draw(selections(world)), tuple(keys), tuple(measures))
