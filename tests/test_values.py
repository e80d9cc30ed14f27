"""Values read for many subjects at once against the same read one by one."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BaseDirection

from kizuna import namespaces as ns
from kizuna.dataset.columns.predicates import Predicates
from kizuna.dataset.columns.values import ColumnValues
from kizuna.dataset.patterns import values_query
from kizuna.dataset.releases import Dataset
from kizuna.dataset.seeking import Along, OneOf, Shown, Sought
from kizuna.dataset.store import EmbeddedStore
from kizuna.dataset.values import MANY, Values
from kizuna.graphql.texts import texts_of
from kizuna.model import Step
from kizuna.terms import BlankNode, Literal, NamedNode, Quad, Term, Triple, place
from tests.selections import (
    BASE,
    CLASSES,
    GRAPH,
    LINK,
    LINKS,
    OTHER,
    PATHS,
    SUBJECTS,
    VALUE,
    worlds,
)

NOBODY = [NamedNode(f"{BASE}nobody-{n}") for n in range(MANY)]
EVERY_PATH = (*PATHS, *LINKS, (Step(ns.RDF_TYPE),), (Step(VALUE, inverse=True), Step(LINK)))
A, B = SUBJECTS[:2]


def same(store: EmbeddedStore, sought: Sought, subjects: list[Term]) -> Along:
    """Holds what is read at once to what is read one by one; gives it."""
    at_once = store.reader()
    found = at_once.values({sought: [*subjects, *NOBODY]})[sought]
    alone = {s: store.reader().values({sought: [s]})[sought].get(s, []) for s in subjects}
    assert found == {subject: values for subject, values in alone.items() if values}
    assert at_once.rows == sum(map(len, found.values()))
    return found


def same_as_sparql(store: EmbeddedStore, sought: Sought) -> None:
    """Holds what is read to the SPARQL by which other engines are asked for it."""
    rows = store.reader().select(values_query([(sought, SUBJECTS)])).rows
    found: Along = {}
    for _, subject, value in rows:
        if subject is not None and value is not None:
            found.setdefault(subject, []).append(value)
    ours = same(store, sought, [*SUBJECTS])
    assert ours == {subject: sorted(values, key=place) for subject, values in found.items()}


@settings(max_examples=settings().max_examples // 2)
@given(data=st.data())
def test_same_values(data: st.DataObject) -> None:
    _, quads = data.draw(worlds(mixed=data.draw(st.booleans())))
    store = EmbeddedStore(quads)
    for path in data.draw(st.permutations(EVERY_PATH)):
        same(store, path, [*SUBJECTS])


@settings(max_examples=settings().max_examples // 2)
@given(data=st.data())
def test_same_values_where_some_are_sought(data: st.DataObject) -> None:
    _, quads = data.draw(worlds(mixed=data.draw(st.booleans())))
    store = EmbeddedStore(quads)
    terms = data.draw(st.frozensets(st.sampled_from([*SUBJECTS, *CLASSES]), max_size=4))
    for path in data.draw(st.permutations([*LINKS, (Step(ns.RDF_TYPE),)])):
        same_as_sparql(store, OneOf(path, terms))
    languages = data.draw(st.lists(st.sampled_from(["en", "EN", "en-gb", "ja", "it"]), max_size=3))
    for path in data.draw(st.permutations(PATHS)):
        same_as_sparql(store, Shown(path, tuple(languages)))


def test_same_values_of_the_packaged_data(packaged: Dataset) -> None:
    store = EmbeddedStore(packaged.store.quads())
    for found in packaged.model.classes.values():
        query = f"SELECT ?s WHERE {{ ?s a {NamedNode(found.iri)} }}"
        members = [row[0] for row in store.reader().select(query).rows[:MANY] if row[0]]
        for prop in found.properties:
            same(store, prop.path, members)
            same(store, texts_of(prop, ["ja", "*", "en"]), members)


EXOTIC: dict[str, list[Term]] = {
    "a triple": [Triple(A, NamedNode(LINK), B)],
    "a node and a literal": [B, Literal("b")],
    "a text with a direction": [Literal("b", language="en", direction=BaseDirection.LTR)],
    "a blank node": [BlankNode("z"), BlankNode("a")],
    "numbers": [Literal(n) for n in (9, 10, 2)],
    "nodes that have no type": [NamedNode(BASE + n) for n in ("y", "x", "é")],
}


@pytest.mark.parametrize("name", EXOTIC)
def test_same_values_whatever_they_are(name: str) -> None:
    quads = [Quad(A, NamedNode(VALUE), value, GRAPH) for value in EXOTIC[name]]
    store = EmbeddedStore([*quads, Quad(A, NamedNode(ns.RDF_TYPE), B, GRAPH)])
    found = same(store, (Step(VALUE),), [A, B, *EXOTIC[name]])
    assert found == {A: sorted(EXOTIC[name], key=place)}


class Counted:
    """A source of so many pairs, which counts how often it is read."""

    def __init__(self, pairs: int) -> None:
        self._pairs = pairs
        self.read = 0
        self.counted = 0

    def pairs(self, predicate: str) -> Iterator[tuple[Term, Term]]:
        self.read += predicate == VALUE
        yield from ((NamedNode(f"{BASE}{n}"), Literal(n)) for n in range(self._pairs))

    def exceeds(self, predicate: str, number: int) -> bool:
        self.counted += 1
        return self._pairs > number

    def matches(self, predicate: str, pattern: str) -> list[Literal]:
        raise NotImplementedError


def test_columns_are_made_when_enough_was_asked_for() -> None:
    """Few of many are no reason to read all, however often the question is put."""
    source = Counted(10_000)
    values = ColumnValues(Predicates(source))
    path = (Step(VALUE),)
    asked = [values.worth(path, 100) for _ in range(49)]
    assert not any(asked)
    assert source.read == 0
    assert source.counted <= 6
    assert any(values.worth(path, 100) for _ in range(40))
    found = values.found([path], [NamedNode(f"{BASE}7")])
    assert found == {path: {NamedNode(f"{BASE}7"): [Literal(7)]}}
    assert values.worth(path, 1)
    assert source.read == 1


def test_a_path_is_worth_it_only_with_all_its_steps() -> None:
    values = ColumnValues(Predicates(Counted(10_000)))
    values.found([(Step(VALUE),)], [])
    assert values.worth((Step(VALUE),), 1)
    assert not values.worth((Step(VALUE), Step(OTHER)), 1)


@pytest.mark.parametrize(("languages", "reads"), [(1, 3), (20, 4)])
def test_what_is_sought_takes_room_beside_what_is_found(languages: int, reads: int) -> None:
    """Languages are the reader's to choose."""
    asked = []

    def matching(*pattern: object) -> Iterator[Quad]:
        asked.append(pattern)
        return iter(())

    values = Values(matching, ColumnValues(Predicates(Counted(0))), most_known=50)
    tags = [tuple(f"x-{n}-{m}" for m in range(languages)) for n in range(3)]
    for each in (*tags, tags[0]):
        assert list(values.found([Shown((Step(VALUE),), each)], [A])) != []
    assert len(asked) == reads
