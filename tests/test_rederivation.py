"""Deriving what a change affects comes to what deriving everything comes to."""

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import pytest

from kizuna.dataset.changes import Change, applied, effective, make_change
from kizuna.dataset.derivation import Written, derive
from kizuna.dataset.files import Ontology, distinct, read_ontology
from kizuna.dataset.locality import locality
from kizuna.dataset.rederivation import Rederived, Rederiver
from kizuna.dataset.releases import read_data, seed_files
from kizuna.dataset.store import EmbeddedStore, as_stored
from kizuna.errors import InvalidInput
from kizuna.model import Model, read_model
from kizuna.resources import ONTOLOGY, QUERIES, SEEDS
from kizuna.terms import NamedNode, Quad, local_name
from tests.mutations import Mutations

LIBRARY = Path(__file__).parent / "library"
FULL = 250
SEAS = "https://example.org/seas/"
GRAPH = NamedNode("https://example.org/stated")
MODEL = Model(classes={}, schemes={}, id_bases=(SEAS,))
SUBPROPERTY = "http://www.w3.org/2000/01/rdf-schema#subPropertyOf"
SUBCLASS = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


class Counted(Rederiver):
    """How often everything was derived anew."""

    times = 0

    def _anew(self, store: EmbeddedStore) -> Rederived:
        self.times += 1
        return super()._anew(store)


class Followed:
    """Stated quads, and a store that follows their changes."""

    def __init__(
        self, model: Model, queries: Sequence[tuple[str, str]], fixed: Sequence[Quad]
    ) -> None:
        self.rederiver = Counted(model, queries)
        self.fixed = fixed
        self.stated: frozenset[Quad] = frozenset()
        self.store, self.written = self.whole()

    def whole(self) -> tuple[EmbeddedStore, Written]:
        store = EmbeddedStore([*self.fixed, *self.stated])
        return store, derive(store, self.rederiver.model, self.rederiver.queries)

    def change(self, wanted: Change) -> None:
        """Make the change, and hold what follows from it against deriving everything."""
        standing = {*self.stated, *self.fixed}
        change = effective(wanted, standing)
        change = Change(change.added, tuple(q for q in change.removed if q in self.stated))
        before, self.stated = self.stated, applied([change], self.stated)
        after = EmbeddedStore(self.store.quads())
        after.remove(change.removed)
        after.add(change.added)
        try:
            whole, _ = self.whole()
        except InvalidInput:
            with pytest.raises(InvalidInput):
                self.rederiver.follow(self.store, self.written, after, change)
            self.stated = before
            return
        done = self.rederiver.follow(self.store, self.written, after, change)
        assert set(after.quads()) == set(whole.quads()), change.patch()
        moved = applied([change, Change(done.added, done.removed)], self.store.quads())
        assert moved == set(after.quads())
        self.store, self.written = after, done.written


def packaged() -> tuple[Ontology, list[Quad]]:
    data = read_data(seed_files(SEEDS))
    return read_ontology(ONTOLOGY, QUERIES / "derive"), [
        q for quads in data.values() for q in quads
    ]


def library() -> tuple[Ontology, list[Quad]]:
    (quads,) = read_data([LIBRARY / "data.ttl"]).values()
    return read_ontology(LIBRARY / "ontology"), quads


QUICK = {packaged: 6, library: 25}


@pytest.mark.parametrize("world", QUICK)
def test_changes_made_by_machine(
    world: Callable[[], tuple[Ontology, list[Quad]]], request: pytest.FixtureRequest
) -> None:
    """One upon the other: some small, some of which each takes away and brings back a part."""
    ontology, given = world()
    quads = distinct(as_stored(given))
    model = read_model(ontology.quads, ontology.shapes)
    followed = Followed(model, ontology.derive, as_stored(ontology.quads))
    followed.change(make_change(quads))
    mutations = Mutations(quads, model, seed=11)
    times = FULL if request.config.getoption("full") else QUICK[world]
    followed.rederiver.times = 0
    for _ in range(times):
        _, change = mutations.next()
        if mutations.random.random() < 0.3:
            some = mutations.random.sample(mutations.quads, 30)
            change = make_change([*change.added, *some[:15]], [*change.removed, *some[15:]])
        followed.change(change)
    assert followed.rederiver.times < times / 4


HEAD = f"PREFIX : <{SEAS}> SELECT ?subject ?predicate ?object ?because WHERE {{ "
OWN = [
    ("joined", "?because :a ?subject . ?subject :b/:c ?object . BIND(:d AS ?predicate)"),
    ("inverse", "?subject ^:a/:b ?object . ?because :c ?object . BIND(:d AS ?predicate)"),
    (
        "optional",
        "?subject :a ?x OPTIONAL { ?x :b ?y . ?because :c ?y } "
        "BIND(BOUND(?y) AS ?object) BIND(:d AS ?predicate)",
    ),
    (
        "negated",
        "?subject :a ?object FILTER NOT EXISTS { ?object :b ?z . ?z :c ?subject } "
        "BIND(:d AS ?predicate) BIND(?object AS ?because)",
    ),
    ("minus", "?subject :a ?object MINUS { ?subject :b ?object } BIND(:d AS ?predicate)"),
    (
        "union",
        "{ ?subject :a ?object } UNION { ?because :b ?subject . ?because :c ?object } "
        "BIND(:d AS ?predicate)",
    ),
    (
        "computed",
        "?because :a ?object . ?because :b ?x . "
        "BIND(IRI(CONCAT(STR(?x), '-made')) AS ?subject) BIND(:d AS ?predicate)",
    ),
    (
        "counted",
        "{ SELECT ?subject (COUNT(DISTINCT ?x) AS ?object) "
        "WHERE { ?subject :a ?y . ?y :b ?x } GROUP BY ?subject } BIND(:d AS ?predicate)",
    ),
    ("exists", "?subject :a ?x BIND(EXISTS { ?x :b ?y } AS ?object) BIND(:d AS ?predicate)"),
    ("apart", "?subject :a ?x . ?y :b ?object BIND(:d AS ?predicate)"),
    (
        "any property",
        "?property <" + SUBPROPERTY + ">+ :top . ?subject ?property ?object BIND(:d AS ?predicate)",
    ),
    (
        "named properties",
        "VALUES ?property { :a :c } ?subject ?property ?x . ?x :b ?object BIND(:d AS ?predicate)",
    ),
    ("typed", "?subject a :Thing ; :a ?object BIND(:d AS ?predicate)"),
    (
        "two behind one",
        "?because :a ?x . ?x :b ?subject BIND(:n1 AS ?object) BIND(:d AS ?predicate)",
    ),
    (
        "gives types",
        "?subject :a ?because BIND(:Made AS ?object) BIND(<" + TYPE + "> AS ?predicate)",
    ),
]
ANEW = [
    ("itself", "{ ?subject :a ?object } UNION { ?subject :d ?x . ?x :d ?object } "
     "BIND(:d AS ?predicate)"),
    ("anything", "?subject ?any ?object . ?subject :a ?object BIND(:d AS ?predicate)"),
    ("nothing", "?because ^(:a|:b) ?subject BIND(:n1 AS ?object) BIND(:d AS ?predicate)"),
]  # fmt: skip
LATER = "?subject :d ?x . ?x :a ?object BIND(:e AS ?predicate) BIND(?x AS ?because)"
TERMS = [
    (":a", SUBPROPERTY, ":sub"), (":sub", SUBPROPERTY, ":top"), (":c", SUBPROPERTY, ":top"),
    (":Ship", SUBCLASS, ":Vessel"), (":Vessel", SUBCLASS, ":Thing"), (":Made", SUBCLASS, ":Work"),
]  # fmt: skip


def quad(subject: str, predicate: str, value: str) -> Quad:
    return Quad(named(subject), named(predicate), named(value), GRAPH)


def named(name: str) -> NamedNode:
    return NamedNode(SEAS + name[1:] if name.startswith(":") else name)


def seas(body: str) -> Followed:
    queries = [("0.rq", HEAD + body + "}"), ("1.rq", HEAD + LATER + "}")]
    return Followed(MODEL, queries, [quad(*triple) for triple in TERMS])


def some(random: Random) -> list[Quad]:
    nodes = [f":n{number}" for number in range(6)]
    found = []
    for _ in range(random.randint(1, 3)):
        predicate = random.choice([":a", ":a", ":b", ":b", ":c", TYPE])
        value = random.choice([":Ship", ":Vessel"] if predicate == TYPE else nodes)
        found.append(quad(random.choice(nodes), predicate, value))
    return found


@pytest.mark.parametrize("body", [body for _, body in OWN + ANEW], ids=[n for n, _ in OWN + ANEW])
def test_queries_of_every_kind(body: str, request: pytest.FixtureRequest) -> None:
    followed = seas(body)
    random = Random(5)  # noqa: S311 (no secret)
    full = request.config.getoption("full")
    for _ in range(FULL if full else 25):
        gone = random.sample(sorted(followed.stated, key=str), min(len(followed.stated), 2))
        followed.change(make_change(some(random), gone if random.random() < 0.6 else []))
    assert (followed.rederiver.times > 0) == (body in dict(ANEW).values())


def test_what_changes_properties_or_classes_is_followed_too() -> None:
    followed = seas(dict(OWN)["any property"])
    followed.change(make_change([quad(":n1", ":b", ":n2"), quad(":n2", TYPE, ":Ship")]))
    followed.change(make_change([quad(":b", SUBPROPERTY, ":sub")]))
    assert followed.rederiver.times == 0
    followed.change(make_change([quad(":Thing", SUBCLASS, ":All")]))
    assert followed.rederiver.times == 1


def test_stating_what_is_derived_derives_everything_anew() -> None:
    followed = seas(dict(OWN)["joined"])
    links = [quad(":n1", ":a", ":n2"), quad(":n2", ":b", ":n3"), quad(":n3", ":c", ":n4")]
    followed.change(make_change(links))
    followed.change(make_change([quad(":n2", ":d", ":n4")]))
    followed.change(make_change([], [quad(":n2", ":d", ":n4")]))
    assert followed.rederiver.times == 2


def test_every_packaged_query_is_local() -> None:
    """None that a change of one fact makes run over everything."""
    for name, query in read_ontology(ONTOLOGY, QUERIES / "derive").derive:
        found = locality(query)
        assert found, name
        assert {local_name(one) for one in found.apart} <= {"subPropertyOf"}, name
