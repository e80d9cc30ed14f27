"""Releases: each whole, any past one, the difference of two, seeds that change, provenance."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from kizuna import namespaces as ns
from kizuna.dataset.changes import Change, effective, make_change
from kizuna.dataset.entries import Action, Entry
from kizuna.dataset.files import Ontology
from kizuna.dataset.ledger import Ledger, ledger_url
from kizuna.dataset.releases import (
    Dataset,
    LedgerReleases,
    SingleRelease,
    load_dataset,
    read_data,
)
from kizuna.dataset.seeding import take_seeds
from kizuna.dataset.store import EmbeddedStore, apart, copied
from kizuna.errors import NotFound, ShapeViolation
from kizuna.terms import Literal, NamedNode, Quad
from tests.accepting import GRAPH, ID, LIBRARY, book
from tests.conftest import LIBRARY as FOLDER

START = datetime(2026, 1, 1, tzinfo=UTC)
DERIVED = {ns.GRAPH_DERIVED, ns.GRAPH_DERIVATION}


@pytest.fixture(scope="module")
def seeds() -> list[Quad]:
    return [quad for quads in read_data([FOLDER / "data.ttl"]).values() for quad in quads]


@pytest.fixture
def ledger(tmp_path: Path, seeds: list[Quad]) -> Iterator[Ledger]:
    """A ledger with seeds, whose entries are an hour apart."""
    hours = (START + timedelta(hours=hour) for hour in count())
    moments: dict[int | None, datetime] = {}

    def clock() -> datetime:
        head = opened.head()
        return moments.setdefault(head, next(hours))

    with closing(Ledger.open(ledger_url(tmp_path), now=clock)) as opened:
        take_seeds(opened, seeds, "seeds", never)
        yield opened


@pytest.fixture
def releases(library_ontology: Ontology, ledger: Ledger) -> LedgerReleases:
    return LedgerReleases(library_ontology, ledger)


def never(quads: frozenset[Quad]) -> bool:
    raise AssertionError("there is nothing to validate")


def accept(ledger: Ledger, change: Change) -> Entry:
    contribution = ledger.propose("ada", "because", 0, change)
    return ledger.accept(contribution.number, "cora", ledger.head() or 0, change)


def titled(text: str) -> Quad:
    """A title of a book, in a language that it has none in."""
    title = Literal(text, language="fr")
    return Quad(NamedNode(f"{ID}kokoro"), NamedNode(f"{LIBRARY}title"), title, GRAPH)


def titles(dataset: Dataset) -> set[str]:
    query = f"SELECT ?t {{ <{ID}kokoro> <{LIBRARY}title> ?t FILTER (LANG(?t) = 'fr') }}"
    return {term.value for (term,) in dataset.store.reader().select(query).rows if term}  # type: ignore[union-attr]


def without(quads: Iterable[Quad], *graphs: str) -> set[Quad]:
    return {quad for quad in quads if quad.graph_name not in {NamedNode(g) for g in graphs}}


# One release after the other


def test_seeds_make_the_release_that_files_make(
    releases: LedgerReleases, library_ontology: Ontology, seeds: list[Quad]
) -> None:
    files = load_dataset(library_ontology, {"data.ttl": seeds})
    assert releases.current.release == files.release
    assert releases.current.ontology_hash == files.ontology_hash
    assert without(releases.current.store.quads(), ns.GRAPH_LEDGER) == set(files.store.quads())


def test_readers_keep_the_release_that_they_hold(ledger: Ledger, releases: LedgerReleases) -> None:
    held = releases.current
    accept(ledger, make_change([titled("Cœur")]))
    assert releases.current is held
    followed = releases.follow()
    assert releases.current is followed
    assert releases.follow() is followed
    assert (held.release.number, followed.release.number) == (0, 1)
    assert (titles(held), titles(followed)) == (set(), {"Cœur"})


def test_what_is_derived_follows(ledger: Ledger, releases: LedgerReleases) -> None:
    """Step by step comes to the same as all at once; what was derived goes with its ground."""
    first = set(releases.current.store.quads())
    entry = accept(ledger, make_change(book("book", 1)))
    releases.follow()
    assert without(releases.current.store.quads(), ns.GRAPH_LEDGER) > without(
        first, ns.GRAPH_LEDGER
    )
    ledger.revert(1, "cora", "wrong", 1, entry.change.inverse)
    last = releases.follow()
    assert last.release.hash == releases.at(0).release.hash
    assert without(last.store.quads(), ns.GRAPH_LEDGER) == without(first, ns.GRAPH_LEDGER)
    assert set(last.store.quads()) == set(releases.rebuilt(2).store.quads())


def test_a_copy_has_the_same_quads_and_goes_on_by_itself(packaged: Dataset) -> None:
    before = set(packaged.store.quads())
    copy = copied(packaged.store)
    assert set(copy.quads()) == before
    copy.remove(list(before)[:10])
    assert len(copy.quads()) == len(before) - 10
    assert set(packaged.store.quads()) == before


def test_what_sets_a_graph_apart_is_told(library: Dataset) -> None:
    """Whatever the text, and in that graph alone."""
    graph = NamedNode(ns.GRAPH_DERIVED)
    texts = ("a\nb\rc", "\u2028\x0b\x0c", '"', "日本")
    new = [Quad(NamedNode("x:a"), NamedNode("x:b"), Literal(text), graph) for text in texts]
    there = library.store.quads()
    gone = next(quad for quad in there if quad.graph_name == graph)
    more = Quad(NamedNode("x:a"), NamedNode("x:b"), Literal("x"), NamedNode("x:other"))
    left = [quad for quad in there if quad != gone]
    after = EmbeddedStore([*left, *new, more])
    wanted = {gone.triple}, {quad.triple for quad in new}
    assert apart(ns.GRAPH_DERIVED, library.store, after) == wanted
    assert apart(ns.GRAPH_DERIVED, after, after) == (set(), set())


def test_past_releases_are_made_again_and_a_few_kept(
    ledger: Ledger, library_ontology: Ontology
) -> None:
    for text in "abcd":
        accept(ledger, make_change([titled(text)]))
    releases = LedgerReleases(library_ontology, ledger, kept=2)
    assert [titles(releases.at(number)) for number in range(3)] == [set(), {"a"}, {"a", "b"}]
    kept = releases.at(1)
    assert releases.at(3) is releases.at(3)
    assert releases.at(1) is kept
    releases.at(2)
    releases.at(3)
    assert releases.at(1) is not kept
    assert releases.at(4) is releases.current


def test_a_release_that_others_made_is_there(ledger: Ledger, releases: LedgerReleases) -> None:
    accept(ledger, make_change([titled("a")]))
    assert titles(releases.at(1)) == {"a"}
    assert releases.current.release.number == 1


@pytest.mark.parametrize("number", [-1, 2, 10**6])
def test_there_is_no_such_release(
    number: int, ledger: Ledger, releases: LedgerReleases, library: Dataset
) -> None:
    accept(ledger, make_change([titled("a")]))
    for found in (releases, SingleRelease(library)):
        with pytest.raises(NotFound, match=f"there is no release {number}; the newest is"):
            found.at(number)
        with pytest.raises(NotFound, match=f"there is no release {number}"):
            found.difference(number, 0)


def test_release_at_a_moment(ledger: Ledger, releases: LedgerReleases) -> None:
    accept(ledger, make_change([titled("a")]))
    assert releases.at_time(START).release.number == 0
    assert releases.at_time(START + timedelta(minutes=59)).release.number == 0
    assert releases.at_time(START + timedelta(hours=1)).release.number == 1
    with pytest.raises(NotFound, match="no release yet at 2025"):
        releases.at_time(START - timedelta(days=1))


def test_difference_of_two_releases(ledger: Ledger, releases: LedgerReleases) -> None:
    accept(ledger, make_change([titled("a"), titled("b")]))
    accept(ledger, make_change([titled("c")], [titled("a")]))
    assert releases.difference(0, 2) == make_change([titled("b"), titled("c")])
    assert releases.difference(2, 1) == make_change([titled("a")], [titled("c")])
    assert releases.difference(1, 1).empty
    line = f'<{ID}kokoro> <{LIBRARY}title> "{{}}"@fr {GRAPH} .\n'
    patch = releases.difference(1, 2).patch()
    assert patch == f"- {line.format('a')}+ {line.format('c')}"


def test_ledger_without_entries(tmp_path: Path, library_ontology: Ontology) -> None:
    with (
        closing(Ledger.open(ledger_url(tmp_path))) as ledger,
        pytest.raises(NotFound, match="holds no release yet"),
    ):
        LedgerReleases(library_ontology, ledger)


def test_files_are_a_single_release(library: Dataset) -> None:
    releases = SingleRelease(library)
    assert releases.current is releases.at(0) is releases.follow()
    assert releases.difference(0, 0).empty
    with pytest.raises(NotFound, match="without a ledger"):
        releases.at_time(START)


# What of a change makes a difference


def test_effective_change() -> None:
    there = titled("there")
    elsewhere = Quad(there.subject, there.predicate, there.object, NamedNode("https://e.org/g"))
    new = titled("new")
    quads = frozenset([there])
    assert effective(make_change([there, new], [new]), quads) == make_change([new])
    assert effective(make_change([elsewhere]), quads).empty
    assert effective(make_change([], [new, elsewhere]), quads).empty
    moved = effective(make_change([elsewhere], [there]), quads)
    assert moved == make_change([elsewhere], [there])
    assert len(effective(make_change([new, titled("new"), elsewhere]), frozenset()).added) == 2


# Seeds of another version


def test_seeds_are_taken_once(ledger: Ledger, seeds: list[Quad]) -> None:
    assert take_seeds(ledger, reversed(seeds), "again", never) is None
    assert ledger.head() == 0


def test_changed_seeds_are_a_difference(ledger: Ledger, seeds: list[Quad]) -> None:
    entry = take_seeds(ledger, [*seeds[1:], titled("new")], "version 2", never)
    assert entry is not None
    assert (entry.number, entry.action, entry.message) == (1, Action.SEEDS, "version 2")
    assert entry.change == make_change([titled("new")], seeds[:1])


def test_what_contributions_changed_stays_changed(
    ledger: Ledger, releases: LedgerReleases, seeds: list[Quad]
) -> None:
    accept(ledger, make_change([titled("mine")], seeds[:1]))
    seen: list[frozenset[Quad]] = []
    taken = take_seeds(ledger, [*seeds, titled("new")], "2", lambda q: not seen.append(q))  # type: ignore[func-returns-value]
    assert taken is not None
    releases.follow()
    assert seen == [releases.asserted]
    assert titles(releases.current) == {"mine", "new"}
    assert seeds[0] not in releases.asserted
    assert take_seeds(ledger, [*seeds, titled("new")], "2", never) is None


def test_seeds_that_conflict_leave_the_old_release(ledger: Ledger, seeds: list[Quad]) -> None:
    accept(ledger, make_change([titled("mine")]))
    with pytest.raises(ShapeViolation, match=r"new seeds don't conform .* release 1 stays"):
        take_seeds(ledger, [*seeds, titled("new")], "2", lambda quads: False)
    assert (ledger.head(), ledger.verify()) == (1, 2)


# How releases came to be


def test_hashes_are_those_of_the_releases(ledger: Ledger, releases: LedgerReleases) -> None:
    """Worked out from the ledger alone, also where statements come and go."""
    added = accept(ledger, make_change([titled("a"), titled("b")]))
    ledger.revert(1, "max", "wrong", 1, added.change.inverse)
    accept(ledger, make_change([titled("b")]))
    releases.follow()
    for number in reversed(releases.numbers):
        made = releases.made(number)
        assert made.release == releases.at(number).release
        assert made.entry == ledger.entries()[number]
    assert releases.made(0).release.hash == releases.made(2).release.hash


def test_files_have_no_entry(library: Dataset) -> None:
    releases = SingleRelease(library)
    made = releases.made(0)
    assert (made.release, made.entry) == (library.release, None)
    with pytest.raises(NotFound, match="there is no release 1"):
        releases.made(1)
    with pytest.raises(NotFound, match="ask by number"):
        releases.at_time(datetime.now(UTC))


# Provenance


def test_provenance_can_be_asked(ledger: Ledger, releases: LedgerReleases) -> None:
    """Who brought what, who let it in, when and why: https://www.w3.org/TR/prov-o/"""
    entry = accept(ledger, make_change([titled("a")]))
    ledger.revert(1, "max", "wrong", 1, entry.change.inverse)
    query = f"""
        PREFIX prov: <http://www.w3.org/ns/prov#>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT ?release ?before ?why ?at ?who ?curator ?undoing
        WHERE {{ GRAPH <{ns.GRAPH_LEDGER}> {{
          ?release a prov:Entity ; prov:wasGeneratedBy ?entry ; prov:wasRevisionOf ?before .
          ?entry a prov:Activity ; prov:generated ?release ; prov:endedAtTime ?at ;
            <http://purl.org/dc/terms/description> ?why ; prov:used ?contribution ;
            prov:wasAssociatedWith/rdfs:label ?curator .
          ?contribution a prov:Entity ; prov:wasAttributedTo [ a prov:Agent ; rdfs:label ?who ] ;
            prov:wasInvalidatedBy/prov:wasAssociatedWith/rdfs:label ?undoing }} }}"""
    rows = releases.follow().store.reader().select(query).rows
    assert [[getattr(term, "value", None) for term in row] for row in rows] == [
        [
            f"{ID}ledger-release-1",
            f"{ID}ledger-release-0",
            "because",
            "2026-01-01T01:00:00Z",
            "ada",
            "cora",
            "max",
        ]
    ]


def test_provenance_ends_with_its_release(ledger: Ledger, releases: LedgerReleases) -> None:
    accept(ledger, make_change([titled("a")]))
    accept(ledger, make_change([titled("b")]))
    releases.follow()
    for number in range(3):
        dataset = releases.at(number)
        assert isinstance(dataset.store, EmbeddedStore)
        rows = dataset.store.reader().select(
            f"SELECT ?r WHERE {{ ?r <{ns.PROV}wasGeneratedBy> ?e }} ORDER BY ?r"
        )
        found = [getattr(term, "value", "")[-1] for (term,) in rows.rows]
        assert found == [str(n) for n in range(number + 1)]
