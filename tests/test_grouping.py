"""Groupings over a store, held to a plain grouping in Python."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kizuna import namespaces as ns
from kizuna.dataset.group_patterns import groups_of, groups_query
from kizuna.dataset.grouping import (
    Aggregate,
    Group,
    Grouping,
    GroupKey,
    Measure,
    PeriodKey,
    ShownKey,
    Unit,
    ValueKey,
)
from kizuna.dataset.selection import After, Compare, Operator, Selection
from kizuna.dataset.store import EmbeddedStore
from kizuna.graphql.texts import preferred
from kizuna.model import Path, Step
from kizuna.terms import Literal, NamedNode, Quad, Term, python_value
from tests.small import NS, quads

ID = "https://example.org/small/id/"
THING = NS + "Thing"


def step(name: str, *, inverse: bool = False) -> Path:
    return (Step(NS + name, inverse),)


KIND, LINK, TEXT, DAY, SPAN = map(step, ("kind", "link", "text", "day", "span"))
NUMBER, EXACT, WORD = map(step, ("number", "exact", "word"))
BOUNDS = (step("first"), step("last"))
KEYS: Sequence[GroupKey] = (
    ValueKey(KIND),
    ValueKey((*LINK, *KIND)),
    ValueKey(step("link", inverse=True)),
    ValueKey(NUMBER),
    ValueKey((Step(ns.RDF_TYPE),), (NamedNode(NS + "Leaf"), NamedNode(NS + "Other"))),
    ShownKey(TEXT, ("it", "en")),
    *(PeriodKey(DAY, unit) for unit in Unit),
    *(PeriodKey(SPAN, unit, BOUNDS) for unit in Unit),
    PeriodKey((*LINK, *SPAN), Unit.YEAR, BOUNDS),
)
MEASURES = (
    Measure(NUMBER),
    Measure(EXACT),
    Measure((*LINK, *EXACT)),
    Measure(DAY),
    Measure(WORD, text=True),
)

THINGS = tuple(NamedNode(f"{ID}t{number}") for number in range(5))
SPANS = tuple(NamedNode(f"{ID}s{number}") for number in range(3))
DAYS = ("2023-12-31", "2024-01-01", "2024-02-29", "2024-04-01", "2025-01-01", "0987-06-05")


def typed(datatype: str, values: Iterable[object]) -> st.SearchStrategy[Literal]:
    literals = [Literal(str(v), datatype=NamedNode(ns.XSD + datatype)) for v in values]
    return st.sampled_from(literals)


def a_quad(
    subjects: Sequence[NamedNode], predicate: str, values: st.SearchStrategy[Any]
) -> st.SearchStrategy[Quad]:
    graph = NamedNode("https://example.org/small/graph")
    return st.builds(
        lambda s, o: Quad(s, NamedNode(predicate), o, graph), st.sampled_from(subjects), values
    )


QUADS = st.lists(
    st.one_of(
        a_quad(
            THINGS, ns.RDF_TYPE, st.sampled_from([NamedNode(NS + n) for n in ("Leaf", "Other")])
        ),
        a_quad(THINGS, NS + "kind", st.sampled_from([NamedNode(ID + k) for k in "abc"])),
        a_quad(THINGS, NS + "link", st.sampled_from(THINGS)),
        a_quad(
            THINGS,
            NS + "text",
            st.builds(
                lambda text, tag: Literal(text, language=tag),
                st.sampled_from(["sole", "luna"]),
                st.sampled_from(["it", "en", "it-ch", "ja"]),
            ),
        ),
        a_quad(THINGS, NS + "day", typed("date", DAYS)),
        a_quad(THINGS, NS + "day", typed("dateTime", [f"{day}T23:30:00Z" for day in DAYS[:3]])),
        a_quad(THINGS, NS + "span", st.sampled_from(SPANS)),
        a_quad(SPANS, NS + "first", typed("date", DAYS)),
        a_quad(SPANS, NS + "last", typed("date", DAYS)),
        a_quad(THINGS, NS + "number", typed("integer", [-1, 0, 7, 2**31])),
        a_quad(THINGS, NS + "exact", typed("decimal", ["0.1", "0.2", "150000000000.5"])),
        a_quad(THINGS, NS + "word", typed("anyURI", ["urn:a", "urn:b"])),
    ),
    max_size=40,
)
SELECTIONS = (
    Selection(of_class=THING, limit=1, after=After((), f"{ID}t3")),
    Selection(of_class=THING, condition=Compare(KIND, Operator.EQUAL, (NamedNode(f"{ID}a"),))),
    Selection(parents=THINGS, path=LINK),
    Selection(parents=THINGS[:2], path=(*LINK, *LINK)),
)


class World:
    """Quads, looked at one by one."""

    def __init__(self, given: Iterable[Quad]) -> None:
        self.quads = list(given)

    def along(self, subject: Term, path: Path) -> set[Term]:
        ends: set[Term] = {subject}
        for one in path:
            ends = {
                quad.subject if one.inverse else quad.object
                for quad in self.quads
                for start in ends
                if quad.predicate.value == one.predicate
                and start == (quad.object if one.inverse else quad.subject)
            }
        return ends

    def subjects(self, selection: Selection) -> Iterator[tuple[Term | None, Term]]:
        if selection.parents:
            for parent in selection.parents:
                yield from ((parent, subject) for subject in self.along(parent, selection.path))
            return
        for thing in THINGS:
            condition = selection.condition
            if not isinstance(condition, Compare) or self.along(thing, condition.path) & {
                *condition.operands
            }:
                yield None, thing

    def values(self, subject: Term, key: GroupKey) -> set[Any]:
        match key:
            case ValueKey(path, among):
                found = self.along(subject, path)
                return {v for v in found if not among or v in among}
            case ShownKey(path, languages):
                texts = [t for t in self.along(subject, path) if isinstance(t, Literal)]
                return {preferred(texts, languages)[0].value} if texts else set()
            case PeriodKey(path, unit, None):
                return {cut(day, unit) for day in self.along(subject, path)}
            case PeriodKey(path, unit, (first, last)):
                return {
                    cut(start, unit)
                    for span in self.along(subject, path)
                    for start, end in product(self.along(span, first), self.along(span, last))
                    if cut(start, unit) == cut(end, unit)
                }
        raise AssertionError(key)

    def groups(self, grouping: Grouping) -> dict[Any, Any]:
        members: dict[Any, set[Term]] = defaultdict(set)
        for parent, subject in self.subjects(grouping.selection):
            choices = [self.values(subject, key) or {None} for key in grouping.keys]
            for chosen in product(*choices):
                members[parent, *chosen].add(subject)
        return {
            place: (len(found), *(self.aggregate(found, m) for m in grouping.measures))
            for place, found in members.items()
        }

    def aggregate(self, subjects: Iterable[Term], measure: Measure) -> Any:
        terms = [term for subject in subjects for term in self.along(subject, measure.path)]
        values = [comparable(term) for term in terms]
        numbers = [v for v in values if isinstance(v, int | Decimal)]
        return (
            len(values),
            min(values, default=None),
            max(values, default=None),
            sum(numbers) if numbers else None,
        )


def cut(day: Term, unit: Unit) -> int | str:
    assert isinstance(day, Literal)
    year, month = day.value[:4], day.value[5:7]
    if unit is Unit.YEAR:
        return int(year)
    return f"{year}-{month}" if unit is Unit.MONTH else f"{year}-Q{(int(month) + 2) // 3}"


def comparable(term: Term | None) -> Any:
    """Days and times compare by their text here: all are in one zone, and a day is its start."""
    return python_value(term) if isinstance(term, Literal) else term


def served(given: Iterable[Quad]) -> set[Quad]:
    """The quads, all things of the class, with at most one text in each language."""
    graph = NamedNode("https://example.org/small/graph")
    typed_things = {Quad(t, NamedNode(ns.RDF_TYPE), NamedNode(THING), graph) for t in THINGS}
    texts: dict[Any, Quad] = {}
    for quad in given:
        language = quad.object.language if isinstance(quad.object, Literal) else None
        texts[(quad.subject, language) if language else quad] = quad
    return {*texts.values(), *typed_things}


def plain(group: Group) -> tuple[Any, Any]:
    return (group.parent, *map(seen, group.keys)), (group.count, *map(measured, group.measures))


def seen(key: Term | None) -> Any:
    """A text or a period as the plain grouping has it, other terms whole."""
    if isinstance(key, Literal) and key.datatype.value == ns.XSD + "string":
        return key.value
    is_year = isinstance(key, Literal) and key.value in ("2023", "2024", "2025", "987")
    return int(key.value) if is_year and isinstance(key, Literal) else key


def measured(found: Aggregate) -> Any:
    return (
        found.count,
        *(comparable(t) for t in (found.least, found.greatest, found.total)),
    )


@given(
    QUADS,
    st.sampled_from(SELECTIONS),
    st.lists(st.sampled_from(KEYS), max_size=3, unique=True),
    st.lists(st.sampled_from(MEASURES), max_size=2, unique=True),
)
def test_groups_are_those_of_a_plain_grouping(
    given: list[Quad], selection: Selection, keys: list[GroupKey], measures: list[Measure]
) -> None:
    world = World(served(given))
    reader = EmbeddedStore(world.quads).reader()
    grouping = Grouping(selection, tuple(keys), tuple(measures))
    expected = world.groups(grouping)
    assert dict(map(plain, reader.groups(grouping))) == expected
    assert reader.queries == 1
    by_sparql = groups_of(grouping, reader.select(groups_query(grouping)).rows)
    assert dict(map(plain, by_sparql)) == expected


def test_no_more_groups_come_than_the_limit() -> None:
    data = "".join(f"id:t{n} a :Thing ; :number {n}, {n + 10} ." for n in range(9))
    reader = EmbeddedStore(quads(data)).reader()
    selection = Selection(of_class=THING)
    keys, measures = (ValueKey(NUMBER),), (Measure(NUMBER), Measure(EXACT))
    assert len(reader.groups(Grouping(selection, keys, measures, limit=18))) == 18
    assert 5 <= len(reader.groups(Grouping(selection, keys, measures, limit=5))) < 18


def test_a_value_counts_once_for_each_subject_whatever_else_there_is() -> None:
    """Neither several keys, nor several measures, nor several ways to a value multiply it."""
    reader = EmbeddedStore(
        quads("""
            id:t1 a :Thing ; :kind id:a, id:b ; :number 1, 2 ; :exact 0.5 ; :link id:t2, id:t3 .
            id:t2 a :Thing ; :exact 0.1 . id:t3 a :Thing ; :exact 0.1 .
        """)
    ).reader()
    measures = (Measure(NUMBER), Measure(EXACT), Measure((*LINK, *EXACT)), Measure(WORD))
    groups = reader.groups(Grouping(Selection(of_class=THING), (ValueKey(KIND),), measures))
    exact, linked = (1, *[Decimal("0.5")] * 3), (1, *[Decimal("0.1")] * 3)
    none = (0, None, None, None)
    assert dict(map(plain, groups)) == {
        (None, NamedNode(f"{ID}a")): (1, (2, 1, 2, 3), exact, linked, none),
        (None, NamedNode(f"{ID}b")): (1, (2, 1, 2, 3), exact, linked, none),
        (None, None): (2, none, (2, *[Decimal("0.1")] * 2, Decimal("0.2")), none, none),
    }
