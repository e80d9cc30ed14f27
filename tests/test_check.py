"""What ``kizuna check`` says of files."""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from kizuna import namespaces as ns
from kizuna import resources
from kizuna.check import check
from kizuna.dataset.files import read_file
from kizuna.dataset.releases import seed_files
from kizuna.errors import InvalidInput, MalformedData

LIBRARY = Path(__file__).parent / "library"
ON_FACT, SUPPORTED_BY, SPEAKER = (ns.TERMS + name for name in ("onFact", "supportedBy", "speaker"))


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    file = tmp_path / "broken.ttl"
    text = (LIBRARY / "data.ttl").read_text(encoding="utf-8")
    file.write_text(text.replace("lib:pages 256", "lib:page 256"), encoding="utf-8")
    return file


def test_files_stand_alone_under_another_ontology() -> None:
    assert check([LIBRARY / "data.ttl"], LIBRARY / "ontology", "en") == ("conforms", True)


def test_fault_is_told_with_file_and_line_in_the_language(broken: Path) -> None:
    text, conforms = check([broken], LIBRARY / "ontology", "it")
    assert not conforms
    assert text.splitlines()[:3] == [
        str(broken),
        "  Il cuore delle cose <https://example.org/library/id/kokoro>",
        "    Violazione (riga 43): proprietà sconosciuta lib:page; si intendeva lib:pages?",
    ]
    assert text.splitlines()[-1] == "1 violazione in 1 file: non conforme"


def test_files_are_checked_together(tmp_path: Path) -> None:
    """The second refers to what only the first describes."""
    more = tmp_path / "more.ttl"
    more.write_text(
        "@prefix id: <https://example.org/library/id/> .\n"
        "@prefix lib: <https://example.org/library/ns#> .\n"
        'id:more a lib:Book ; lib:author id:soseki ; lib:title "More"@en ; lib:heldAt id:hill ;\n'
        "    lib:genre <https://example.org/library/vocab/genre/novel> .\n",
        encoding="utf-8",
    )
    assert check([LIBRARY / "data.ttl", more], LIBRARY / "ontology", "en")[1]
    assert not check([more], LIBRARY / "ontology", "en")[1]


def test_malformed_file_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "bad.ttl"
    file.write_text("<a:b> <a:c> 1 .\n<a:b> <a:c> @ .\n", encoding="utf-8")
    with pytest.raises(MalformedData, match=r"bad\.ttl:2: "):
        check([file], LIBRARY / "ontology", "en")


def test_another_ontology_needs_files() -> None:
    with pytest.raises(InvalidInput, match="nothing to check"):
        check([], LIBRARY / "ontology", "en")


# Under the packaged ontology, on top of the packaged seeds

PREFIXES = """
@prefix basis: <https://w3id.org/italy-japan/vocab/basis/> .
@prefix id: <https://w3id.org/italy-japan/id/> .
@prefix ij: <https://w3id.org/italy-japan/ns#> .
@prefix modality: <https://w3id.org/italy-japan/vocab/modality/> .
"""


@pytest.fixture
def candidate(tmp_path: Path) -> Callable[[str], Path]:
    def candidate(text: str) -> Path:
        file = tmp_path / "candidate.ttl"
        file.write_text(PREFIXES + text, encoding="utf-8")
        return file

    return candidate


@pytest.fixture(scope="module")
def claim() -> dict[str, str]:
    """What a claim of the seeds states that reports no speaker, by predicate; and its IRI."""
    described: dict[str, dict[str, str]] = defaultdict(dict)
    for file in seed_files(resources.SEEDS):
        for quad in read_file(file):
            described[str(quad.subject)][quad.predicate.value] = str(quad.object)
    claims = (iri for iri in described if ON_FACT in described[iri])
    iri = next(iri for iri in claims if SPEAKER not in described[iri])
    return {"iri": iri, **described[iri]}


def test_packaged_seeds_conform() -> None:
    text, conforms = check([], resources.ONTOLOGY, "en")
    assert conforms, text


def test_a_seed_file_is_checked_in_its_place() -> None:
    facts = resources.SEEDS / "facts.ttl"
    assert check([facts], resources.ONTOLOGY, "en") == ("conforms", True)


def test_only_what_concerns_the_files_is_told(candidate: Callable[[str], Path]) -> None:
    """The seeds' own warnings aren't; what is added to a thing of theirs is."""
    text, conforms = check([candidate('id:italy ij:capitol "X" .')], resources.ONTOLOGY, "en")
    assert not conforms
    assert text.splitlines()[1] == "  Italy <https://w3id.org/italy-japan/id/italy>"
    assert text.splitlines()[-1] == "1 violation in 1 file: does not conform"


def test_fault_that_files_bring_upon_the_seeds_is_told(
    candidate: Callable[[str], Path], claim: dict[str, str]
) -> None:
    """A second reading of the same passage, for the same fact and voice, refutes the seeds' own."""
    second = (
        f"id:zzz a ij:Claim ; ij:onFact {claim[ON_FACT]} ; "
        f"ij:supportedBy {claim[SUPPORTED_BY]} ; "
        "ij:modality modality:not-the-case ; ij:basis basis:recorded ."
    )
    text, conforms = check([candidate(second)], resources.ONTOLOGY, "en")
    assert not conforms
    assert claim["iri"] in text
    assert "https://w3id.org/italy-japan/id/zzz" in text
