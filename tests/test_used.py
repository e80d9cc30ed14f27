"""Which IRIs were ever used."""

from contextlib import closing
from pathlib import Path

from kizuna.dataset.changes import make_change
from kizuna.dataset.files import Ontology
from kizuna.dataset.ledger import Ledger, ledger_url
from kizuna.dataset.used import Used
from kizuna.terms import NamedNode, Quad
from tests.accepting import GRAPH, ID, LIBRARY, TYPE, book
from tests.reviewing import PREFIXES, desk


def test_what_entries_brought_stays_used_when_it_is_gone(tmp_path: Path) -> None:
    with closing(Ledger.open(ledger_url(tmp_path))) as ledger:
        used = Used(ledger)
        ledger.add_seeds("seeds", None, make_change(book("x", 0)))
        assert f"{ID}x-0" not in used
        assert f"{ID}x-0" in used.read()
        ledger.add_seeds("none", 0, make_change([], book("x", 0)))
        assert f"{ID}x-0" in used.read()
        assert f"{ID}x-0" in Used(ledger).read()


def test_what_any_contribution_would_bring_is_used(tmp_path: Path) -> None:
    with closing(Ledger.open(ledger_url(tmp_path))) as ledger:
        ledger.add_seeds("seeds", None, make_change(book("x", 0)))
        used = Used(ledger).read()
        number = ledger.propose("ada", "y", 0, make_change(book("y", 0))).number
        assert f"{ID}y-0" in used.read()
        ledger.reject(number, "cora", "no")
        assert f"{ID}y-0" in Used(ledger).read()
        assert f"{ID}y" not in used.read()


def test_an_iri_that_seeds_gave_up_is_not_minted_again(
    tmp_path: Path, library_ontology: Ontology
) -> None:
    document = f'{PREFIXES}[] a lib:Person ; skos:prefLabel "Old reader"@en .'
    with desk(tmp_path, library_ontology) as at:
        (first,) = at.propose(document, dryRun="true").json()["minted"]
        quad = Quad(NamedNode(first), TYPE, NamedNode(f"{LIBRARY}Person"), GRAPH)
        seeds = make_change([quad])
        at.releases.ledger.add_seeds("more", 0, seeds)
        at.releases.ledger.add_seeds("fewer", 1, seeds.inverse)
        at.releases.follow()
        assert at.propose(document, dryRun="true").json()["minted"] == [f"{first}-2"]
