"""What ``kizuna check`` says of files."""

from pathlib import Path

import pytest

from kizuna import resources
from kizuna.check import check
from kizuna.errors import InvalidInput, MalformedData

LIBRARY = Path(__file__).parent / "library"


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
