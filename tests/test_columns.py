"""Columns against the SPARQL form of what is asked: the same rows, order, counts and groups."""

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kizuna import namespaces as ns
from kizuna.dataset.columns.conditions import Conditions
from kizuna.dataset.columns.links import MOST_LINKS, Links
from kizuna.dataset.columns.looking import FIRST_LOOK, MORE, Look
from kizuna.dataset.columns.relations import Ints, Mask
from kizuna.dataset.group_patterns import groups_of, groups_query
from kizuna.dataset.grouping import Group, Grouping
from kizuna.dataset.patterns import count_query, rows_query
from kizuna.dataset.releases import Dataset
from kizuna.dataset.selection import (
    After,
    AllOf,
    Among,
    AnyOf,
    Compare,
    Condition,
    Key,
    Linked,
    Not,
    Operator,
    Selection,
)
from kizuna.dataset.store import EmbeddedStore, Row
from kizuna.graphql.scalars import scalar_of
from kizuna.model import Class, Path, Step
from kizuna.terms import BlankNode, Literal, NamedNode, Quad, Term, Triple, python_value
from tests.selections import (
    BASE,
    CLASSES,
    GRAPH,
    LINK,
    OTHER,
    SUBJECTS,
    VALUE,
    World,
    groupings,
    place_of,
    places,
    selections,
    typed,
    worlds,
)

# What is drawn from is much; that it is told at length is no fault.
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

TRUE = Literal("true", datatype=NamedNode(ns.XSD + "boolean"))
CAT, A, B = CLASSES[0], *SUBJECTS[:2]


@settings(max_examples=settings().max_examples // 3)
@given(data=st.data())
def test_same_rows_in_the_same_order(data: st.DataObject) -> None:
    world, quads = data.draw(worlds(mixed=False))
    store = EmbeddedStore(quads)
    for _ in range(3):
        compare(store, world, data)


@settings(max_examples=settings().max_examples // 4)
@given(data=st.data())
def test_same_rows_over_the_packaged_data(packaged: Dataset, data: st.DataObject) -> None:
    assert isinstance(packaged.store, EmbeddedStore)
    found = data.draw(st.sampled_from(sorted(packaged.model.classes)))
    compare(packaged.store, world_of(packaged, packaged.model.classes[found]), data)


@settings(max_examples=settings().max_examples // 5)
@given(data=st.data())
def test_what_no_engine_can_order_is_there_and_paged(data: st.DataObject) -> None:
    world, quads = data.draw(worlds(mixed=True))
    store = EmbeddedStore(quads)
    for _ in range(3):
        selection = data.draw(selections(world))
        ours, theirs = both(store, selection)
        assert Counter(ours) == Counter(theirs)
        pages_lose_nothing(store, selection, ours)


@settings(max_examples=settings().max_examples // 4)
@given(data=st.data())
def test_same_groups(data: st.DataObject) -> None:
    world, quads = data.draw(worlds(mixed=data.draw(st.booleans())))
    store = EmbeddedStore(quads)
    for _ in range(3):
        same_groups(store, data.draw(groupings(world)))


@settings(max_examples=settings().max_examples // 8)
@given(data=st.data())
def test_same_groups_of_the_packaged_data(packaged: Dataset, data: st.DataObject) -> None:
    assert isinstance(packaged.store, EmbeddedStore)
    found = packaged.model.classes[data.draw(st.sampled_from(sorted(packaged.model.classes)))]
    same_groups(packaged.store, data.draw(groupings(world_of(packaged, found))))


def same_groups(store: EmbeddedStore, grouping: Grouping) -> None:
    """Holds the groups to the engine's; of equal values either may be the least."""
    reader, engine = store.reader(), store.reader()
    ours = reader.groups(grouping)
    theirs = groups_of(grouping, engine.select(groups_query(grouping)).rows)
    assert told(ours) == told(theirs)
    assert len(ours) == len(theirs)
    assert reader.queries == 1
    assert len(store.reader().groups(replace(grouping, limit=1))) >= min(1, len(ours))


def told(groups: Sequence[Group]) -> Mapping[object, object]:
    return {
        (group.parent, *group.keys): (
            group.count,
            *((m.count, value(m.least), value(m.greatest), m.total) for m in group.measures),
        )
        for group in groups
    }


def value(term: Term | None) -> object:
    return python_value(term) if isinstance(term, Literal) else term


def compare(store: EmbeddedStore, world: World, data: st.DataObject) -> None:
    """Holds columns to the engine, from the beginning and from a place, with a limit and without.

    Of rows that the order leaves equal any may come first.
    """
    selection = data.draw(selections(world))
    rows = same(store, selection)
    raw = {key.path for key in selection.order if key.languages is None}
    if rows and not raw & world.partial:
        row = rows[data.draw(st.integers(0, len(rows) - 1))]
        after = replace(selection, after=data.draw(places(row, world, selection)))
        same(store, after)
        same(store, replace(after, limit=data.draw(st.integers(0, 3))))


def same(store: EmbeddedStore, selection: Selection) -> list[Row]:
    ours, theirs = both(store, selection)
    assert [subject_of(row) for row in ours] == [subject_of(row) for row in theirs]
    if selection.limit is None:
        assert Counter(ours) == Counter(theirs)
    return ours


def both(store: EmbeddedStore, selection: Selection) -> tuple[list[Row], list[Row]]:
    """The rows from columns and from the engine, whose counts must be the same."""
    reader, engine = store.reader(), store.reader()
    ours, theirs = reader.subjects(selection), engine.select(rows_query(selection)).rows
    assert (reader.queries, reader.rows) == (1, len(theirs))
    ((count,),) = engine.select(count_query(selection)).rows
    assert isinstance(count, Literal)
    assert store.reader().count(selection) == int(count.value)
    return ours, theirs


def subject_of(row: Row) -> tuple[Term | None, ...]:
    return row[0], row[1], row[-1]


def pages_lose_nothing(store: EmbeddedStore, selection: Selection, whole: Sequence[Row]) -> None:
    """Past the place of a row are all that come after it, but for the same subject's."""
    for number, row in enumerate(whole):
        found = store.reader().subjects(replace(selection, after=place_of(row)))
        past = Counter(r[:-1] for r in found if r[0] == row[0] and r[-1] == TRUE)
        after = [r for r in whole[number + 1 :] if r[0] == row[0]]
        assert Counter(r[:-1] for r in after if r[1] != row[1]) <= past
        assert past <= Counter(r[:-1] for r in after)


def world_of(dataset: Dataset, found: Class) -> World:
    """What can be asked of a class: its links, and the literals that it has one of at most.

    By several texts at once the engine orders too slowly.
    """
    reader = dataset.store.reader()
    nodes = [row[1] for row in reader.subjects(Selection(found.iri, limit=30))]
    links = [p.path for p in found.properties if p.targets]
    literals: dict[Path, Sequence[Literal]] = {(Step(ns.SKOS_PREF_LABEL),): [Literal("nothing")]}
    partial = {*literals}
    for prop in found.properties:
        if prop.single and not prop.targets:
            ends = reader.values({prop.path: [n for n in nodes if n]})[prop.path].values()
            values = {v for some in ends for v in some if isinstance(v, Literal)}
            literals[prop.path] = sorted(values, key=str)[:20] or [Literal("nothing")]
            if not scalar_of(prop.datatype).ordered:
                partial.add(prop.path)
    named = [node for node in nodes if isinstance(node, NamedNode)]
    return World(
        [NamedNode(found.iri)], named or [NamedNode(BASE)], links or [TYPE], literals, partial
    )


@pytest.fixture(scope="module")
def many() -> EmbeddedStore:
    """Thousands of one class: most with a number, all with texts and a link to one of a few."""
    hubs = [NamedNode(f"{BASE}hub{n}") for n in range(40)]
    quads = []
    for n in range(MANY):
        one = NamedNode(f"{BASE}{n}")
        about: list[tuple[str, NamedNode | Literal]] = [
            (ns.RDF_TYPE, CAT),
            (LINK, hubs[n % 40]),
            (OTHER, Literal(f"no. {n % 1000}")),
            *((VALUE, number) for number in typed("integer", str(n * 7 % MANY)) if n % 10),
        ]
        quads += [Quad(one, NamedNode(p), o, GRAPH) for p, o in about]
    quads += [Quad(hub, NamedNode(ns.RDF_TYPE), CLASSES[1], GRAPH) for hub in hubs]
    return EmbeddedStore(quads)


MANY = 4001
FIRST, MIDDLE, LAST = typed("integer", "3", "2000", "3998")
VALUES, OTHERS, LINKS = (Step(VALUE),), (Step(OTHER),), (Step(LINK),)
BACK_ALONG = (Step(LINK, inverse=True),)
AMONG_MANY: Mapping[str, Condition] = {
    "one": Compare(VALUES, Operator.EQUAL, (MIDDLE,)),
    "the last": Compare(VALUES, Operator.AT_LEAST, (LAST,)),
    "the first": Compare(VALUES, Operator.LESS, (FIRST,)),
    "half": Compare(VALUES, Operator.GREATER, (MIDDLE,)),
    "neither end": AllOf(
        (
            Compare(VALUES, Operator.GREATER, (FIRST,)),
            Compare(VALUES, Operator.LESS, (MIDDLE,)),
        )
    ),
    "all but one": Compare(VALUES, Operator.NOT_EQUAL, (MIDDLE,)),
    "not known": Not(Linked(VALUES)),
    "nothing": Compare(VALUES, Operator.EQUAL, (Literal("2000"),)),
    "words": Compare(OTHERS, Operator.CONTAINS, (Literal(". 99"),), text=True),
    "few by a link": Linked(LINKS, Among((NamedNode(f"{BASE}hub7"), NamedNode(f"{BASE}hub9")))),
    "one or few": AnyOf(
        (
            Among((NamedNode(f"{BASE}5"), NamedNode(f"{BASE}hub1"))),
            Compare(OTHERS, Operator.STARTS_WITH, (Literal("no. 12"),), text=True),
        )
    ),
    "some of few": AllOf(
        (
            Linked(LINKS, Among((NamedNode(f"{BASE}hub3"),))),
            Compare(VALUES, Operator.AT_MOST, (MIDDLE,)),
        )
    ),
}


@pytest.mark.parametrize("name", AMONG_MANY)
def test_same_pages_of_many(many: EmbeddedStore, name: str) -> None:
    """However many fit, wherever in the order they are."""
    condition = AMONG_MANY[name]
    for key in (Key(VALUES), Key(VALUES, True, None, True), Key(OTHERS, languages=("en",))):
        selection = Selection(CAT.value, condition=condition, order=(key,))
        rows = same(many, selection)
        for backward in (False, True):
            page = replace(selection, backward=backward, limit=5)
            same(many, page)
            if rows:
                same(many, replace(page, after=place_of(rows[len(rows) // 3])))


@pytest.mark.parametrize("name", AMONG_MANY)
def test_what_was_looked_at_is_told_again_and_looked_on_from(
    many: EmbeddedStore, name: str
) -> None:
    """Pages of any size, in turn, are the beginning of the same rows."""
    selection = Selection(CAT.value, condition=AMONG_MANY[name], order=(Key(VALUES),))
    for backward in (False, True):
        asked = replace(selection, backward=backward)
        rows = both(many, asked)[0]
        for limit in (0, 3, 500, 3, 2_000, 700):
            assert many.reader().subjects(replace(asked, limit=limit)) == rows[:limit]


def test_rows_leave_out_keys_that_nobody_needs(many: EmbeddedStore) -> None:
    selection = Selection(CAT.value, condition=AMONG_MANY["half"], order=(Key(VALUES),), limit=5)
    whole = many.reader().subjects(selection)
    bare = many.reader().subjects(replace(selection, keyed=False))
    assert bare == [(parent, subject, past) for parent, subject, _, past in whole]


def test_a_look_goes_no_further_than_is_needed() -> None:
    looked: list[int] = []

    def hold(places: Ints) -> Mask:
        looked.extend(places.tolist())
        even: Mask = places % 2 == 0
        return even

    look = Look.none(range(4_000)).further(hold)
    assert (look.enough(64), look.enough(65)) == (True, False)
    assert look.found.tolist() == list(range(0, FIRST_LOOK, 2))
    look = look.further(hold)
    assert looked == list(range(FIRST_LOOK * (1 + MORE)))
    assert look.further(hold).further(hold).enough(10_000)
    assert looked == list(range(4_000))


@pytest.mark.parametrize("name", [None, *AMONG_MANY])
def test_same_pages_of_many_links(many: EmbeddedStore, name: str | None) -> None:
    """Of hubs with a hundred links each, wherever the page is and whatever fits."""
    hubs = tuple(NamedNode(f"{BASE}hub{n}") for n in (*range(11), 1000))
    condition = AMONG_MANY[name] if name else None
    for keys in ((), (Key(VALUES, True),), (Key(OTHERS, languages=("en",)),)):
        selection = Selection(None, hubs, BACK_ALONG, condition, keys)
        rows = same(many, selection)
        for backward in (False, True):
            page = replace(selection, backward=backward, limit=3)
            same(many, page)
            if rows:
                same(many, replace(page, after=place_of(rows[len(rows) // 3])))


TYPE = (Step(ns.RDF_TYPE),)
BACK = (Step(VALUE), Step(VALUE, inverse=True))
YEARS = typed("gYear", "2024", "-0001", "2023")
PLAIN = [Quad(A, NamedNode(VALUE), Literal("x"), GRAPH), Quad(B, NamedNode(VALUE), A, GRAPH)]
LEFT_TO_THE_ENGINE: Mapping[str, tuple[list[Quad], list[Selection]]] = {
    "years": (
        [
            Quad(one, NamedNode(VALUE), year, GRAPH)
            for one, year in zip(SUBJECTS[:3], YEARS, strict=True)
        ],
        [
            Selection(CAT.value, order=(Key(VALUES),)),
            Selection(CAT.value, condition=Compare(VALUES, Operator.GREATER, (YEARS[1],))),
        ],
    ),
    "nodes as keys": (PLAIN, [Selection(CAT.value, order=(Key(VALUES),))]),
    "nodes as shown texts": (
        PLAIN,
        [Selection(CAT.value, order=(Key(VALUES, languages=("en",)),))],
    ),
    "strings of nodes": (
        PLAIN,
        [
            Selection(
                CAT.value,
                condition=Compare(VALUES, Operator.CONTAINS, (Literal("example"),), text=True),
            )
        ],
    ),
    "functions of literals as they are": (
        PLAIN,
        [Selection(CAT.value, condition=Compare(VALUES, Operator.CONTAINS, (Literal("x"),)))],
    ),
    "operands that are no literals": (
        PLAIN,
        [Selection(CAT.value, condition=Compare(VALUES, Operator.EQUAL, (A,)))],
    ),
    "operands of strings in a language": (
        PLAIN,
        [
            Selection(
                CAT.value,
                condition=Compare(
                    VALUES, Operator.EQUAL, (Literal("x", language="en"),), text=True
                ),
            )
        ],
    ),
    "paths through literals": (
        [*PLAIN, Quad(B, NamedNode(VALUE), Literal("x"), GRAPH)],
        [
            Selection(parents=(A,), path=BACK),
            Selection(CAT.value, condition=Linked(BACK, Among((B,)))),
            Selection(CAT.value, condition=Linked(VALUES, Linked((Step(VALUE, inverse=True),)))),
        ],
    ),
    "literals as subjects": (PLAIN, [Selection(parents=(A,), path=VALUES)]),
    "triples": (
        [*PLAIN, Quad(A, NamedNode(LINK), Triple(A, NamedNode(LINK), B), GRAPH)],
        [
            Selection(CAT.value, condition=Linked(LINKS)),
            Selection(CAT.value, condition=Not(Linked(LINKS, AllOf(())))),
        ],
    ),
    "blank nodes": (
        [Quad(BlankNode(), NamedNode(ns.RDF_TYPE), CAT, GRAPH)],
        [Selection(CAT.value)],
    ),
}


@pytest.mark.parametrize("name", LEFT_TO_THE_ENGINE)
def test_the_engine_answers_what_columns_do_not_hold(name: str) -> None:
    quads, asked = LEFT_TO_THE_ENGINE[name]
    store = EmbeddedStore([*quads, *(Quad(s, NamedNode(ns.RDF_TYPE), CAT, GRAPH) for s in (A, B))])
    for selection in asked:
        same(store, selection)
        page = replace(selection, limit=1)
        assert store.reader().subjects(page) == store.reader().select(rows_query(page)).rows


@pytest.mark.parametrize("most", [0, 4_001, 100_000, MOST_LINKS])
def test_same_pages_however_many_links_are_put_in_order(many: EmbeddedStore, most: int) -> None:
    predicates = many._columns._predicates
    links = Links(predicates, Conditions(predicates), most)
    for path in (BACK_ALONG, LINKS, (*LINKS, *BACK_ALONG)):
        parents = tuple(NamedNode(f"{BASE}{name}") for name in ("hub3", "hub1", "7", "nobody"))
        for condition in (None, Compare(VALUES, Operator.GREATER, (MIDDLE,))):
            selection = Selection(None, parents, path, condition, (Key(VALUES),), limit=4)
            assert links.rows(selection) == many.reader().select(rows_query(selection)).rows


def test_columns_follow_what_is_added_and_removed() -> None:
    store = EmbeddedStore([Quad(A, NamedNode(ns.RDF_TYPE), CAT, GRAPH)])
    other = [Quad(B, NamedNode(ns.RDF_TYPE), CAT, GRAPH)]
    assert store.reader().count(Selection(CAT.value)) == 1
    store.add(other)
    assert store.reader().count(Selection(CAT.value)) == 2
    store.remove(other)
    assert store.reader().count(Selection(CAT.value)) == 1


def test_what_names_much_is_not_kept(many: EmbeddedStore) -> None:
    """A condition may name as many things as a request has room for."""
    reader, columns = many.reader(), many._columns
    for number, light in ((1, True), (10_000, False)):
        named = Among(tuple(NamedNode(f"{BASE}none-{n}") for n in range(number)))
        condition = AllOf((Not(named),))
        page = Selection(CAT.value, condition=condition, limit=1)
        assert len(reader.subjects(page)) == 1
        looked = range(reader.count(page))
        assert bool(columns._looks.find((CAT.value, (), condition, looked))) == light
        assert bool(columns._counts.find((CAT.value, condition))) == light


@pytest.mark.parametrize("order", [(), (Key(()),)], ids=["unordered", "by-iri"])
@pytest.mark.parametrize("condition", [None, Not(Among((A,)))], ids=["all", "some"])
def test_a_page_stays_right_when_nodes_come_to_be_known_meanwhile(
    order: tuple[Key, ...], condition: Condition | None
) -> None:
    """Nodes that another thread reads move those that are being put in order."""
    things = [NamedNode(f"{BASE}{n:02}") for n in range(40)]
    before = [NamedNode(f"{BASE}!{n:02}") for n in range(40)]
    store = EmbeddedStore(
        [
            *(Quad(thing, NamedNode(ns.RDF_TYPE), CAT, GRAPH) for thing in things),
            *(Quad(things[0], NamedNode(LINK), node, GRAPH) for node in before),
        ]
    )

    class Meanwhile(After):
        def __getattribute__(self, name: str) -> object:
            if name == "subject":
                store.reader().count(Selection(None, (things[0],), (Step(LINK),)))
            return super().__getattribute__(name)

    after = Meanwhile(tuple(Literal(things[20].value) for _ in order), things[20].value)
    page = Selection(CAT.value, condition=condition, order=order, after=after, limit=2)
    found = [subject for _, subject, *_ in store.reader().subjects(page)]
    assert found == things[21:23]


def test_many_threads_get_the_same(packaged: Dataset) -> None:
    """Columns are made once, whoever asks first."""
    quads = packaged.store.quads()
    asked = [
        Selection(found.iri, order=(Key(prop.path, languages=("en",)),), limit=5)
        for found in packaged.model.classes.values()
        for prop in found.properties
        if prop.datatype == ns.RDF_LANG_STRING
    ]
    store = EmbeddedStore(quads)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda one: store.reader().subjects(one), asked * 2))
    alone = EmbeddedStore(quads).reader()
    assert found == [alone.subjects(one) for one in asked] * 2
