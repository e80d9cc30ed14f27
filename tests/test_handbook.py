"""The pages made from an ontology: current where they are kept, and made from any ontology."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kizuna.__main__ import main
from kizuna.handbook.markdown import table

HERE = Path(__file__).parent
DOCS = HERE.parent / "docs"
LIBRARY = ["--ontology", str(HERE / "library" / "ontology")]
DATA = ["--data", str(HERE / "library" / "data.ttl")]

Print = Callable[..., str]


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Print:
    """What a command prints."""

    def run(*command: str) -> str:
        assert main(command) == 0
        return capsys.readouterr().out

    return run


@pytest.mark.parametrize(
    ("command", "page"), [("codebook", "codebook.md"), ("reference", "ontology.md")]
)
def test_page_is_current(command: str, page: str, printed: Print) -> None:
    kept = (DOCS / page).read_text(encoding="utf-8")
    message = f"docs/{page} is out of date: run `kizuna {command} > docs/{page}`"
    assert printed(command) == kept, message


def section(page: str, heading: str) -> str:
    """What stands under a heading, up to the next."""
    found = page.partition(f"\n{heading}\n")[2]
    assert found, heading
    return found.partition("\n#")[0]


def test_class_has_definition_and_example(printed: Print) -> None:
    book = section(printed("codebook", *LIBRARY, *DATA), "### Book")
    assert "One edition of a written work." in book
    assert "**Example:** Botchan [`botchan`](https://example.org/library/id/botchan)" in book


def test_abstract_class_has_no_example(printed: Print) -> None:
    item = section(printed("codebook", *LIBRARY, *DATA), "### Item")
    assert "An abstract class." in item
    assert "Example" not in item


def test_concept_has_code_definition_and_example(printed: Print) -> None:
    page = printed("codebook", *LIBRARY, *DATA)
    assert "| `OPERA` | **opera**: A play that is sung. |  | La bohème [`boheme`]" in page
    assert section(page, "### Genre").count("\n| `") == 6
    assert "A closed list." in section(page, "### Genre")
    assert "The list may grow." in section(page, "### Topic")


def test_without_data_there_are_no_examples(printed: Print) -> None:
    assert "**Example:**" not in printed("codebook", *LIBRARY)


RULES = """
    @prefix lib: <https://example.org/library/ns#> .
    @prefix genre: <https://example.org/library/vocab/genre/> .
    @prefix ij: <https://w3id.org/italy-japan/ns#> .
    @prefix dcterms: <http://purl.org/dc/terms/> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    @prefix skos: <http://www.w3.org/2004/02/skos/core#> .

    lib:Book skos:scopeNote "Anche un solo volume."@it , "A single volume too."@en ;
        skos:closeMatch <https://schema.org/Book> .
    lib:pages skos:scopeNote "As numbered, | not as counted."@en .
    genre:novel skos:scopeNote "Also in letters."@en ; lib:dewey "833" , "823" .
    lib:dewey rdfs:subPropertyOf ij:codedElsewhere ; rdfs:label "dewey number"@en ;
        skos:definition "Where the shelf is."@en ; skos:scopeNote "Not for poems."@en ;
        dcterms:source "https://example.org/dewey" .
"""


@pytest.fixture
def ruled(tmp_path: Path) -> list[str]:
    """The library's ontology with coding rules and alignments."""
    for file in (HERE / "library" / "ontology").rglob("*.ttl"):
        copy = tmp_path / file.relative_to(HERE / "library" / "ontology")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    (tmp_path / "rules.ttl").write_text(RULES, encoding="utf-8")
    return ["--ontology", str(tmp_path)]


def test_rules_stand_with_their_terms(ruled: list[str], printed: Print) -> None:
    page = printed("codebook", *ruled)
    assert "**Rule:** A single volume too." in section(page, "### Book")
    assert "- **Rule for `pages`:** As numbered, | not" in section(page, "### Printed")
    assert "| `NOVEL` | **novel**: Long fiction. | Also in letters. |" in page


def test_codes_of_other_schemes_stand_in_a_table(ruled: list[str], printed: Print) -> None:
    found = section(printed("codebook", *ruled), "### Dewey number")
    assert "Where the shelf is.\n\nNot for poems.\n\nSource: https://example.org/dewey\n" in found
    assert "| `Genre NOVEL` | `823`, `833` |" in found
    without = found.partition("No counterpart: ")[2]
    assert "`Genre OPERA`" in without
    assert "`Genre NOVEL`" not in without
    assert "Book" not in without


def test_classes_without_a_counterpart_are_told(ruled: list[str], printed: Print) -> None:
    rules = Path(ruled[1]) / "rules.ttl"
    rules.write_text(RULES + 'lib:Book lib:dewey "800" .', encoding="utf-8")
    without = printed("codebook", *ruled).partition("No counterpart: ")[2].partition("\n")[0]
    assert "`Magazine`" in without
    assert "`Item`" not in without


def test_alignments_stand_by_vocabulary(ruled: list[str], printed: Print) -> None:
    found = section(printed("codebook", *ruled), "### <https://schema.org/>")
    assert "| `Book` | close to | [`Book`](https://schema.org/Book) |" in found


CLAIMED = """
    @prefix id: <https://example.org/library/id/> .
    @prefix ij: <https://w3id.org/italy-japan/ns#> .
    @prefix lib: <https://example.org/library/ns#> .
    @prefix skos: <http://www.w3.org/2004/02/skos/core#> .

    id:sure skos:prefLabel "for sure"@en .
    id:botchan a lib:Book ; skos:prefLabel "Botchan"@en .
    id:claim ij:onFact id:botchan ; ij:modality id:sure ; lib:copy id:loan .
    id:loan a lib:Loan .
"""


def test_example_tells_how_firmly_it_is_claimed(tmp_path: Path, printed: Print) -> None:
    """A thing without a label is told by the fact that it has to do with."""
    data = tmp_path / "data.ttl"
    data.write_text(CLAIMED, encoding="utf-8")
    page = printed("codebook", *LIBRARY, "--data", str(data))
    assert "**Example:** Botchan (for sure) [`botchan`]" in section(page, "### Book")
    assert "**Example:** Botchan (for sure) [`loan`]" in section(page, "### Loan")


def test_reference_tells_fields(printed: Print) -> None:
    author = section(printed("reference", *LIBRARY), "### Author")
    assert "`lib:Author`; author · autore · 著者; a kind of [Agent](#agent)" in author
    assert "| `born` | `lib:born` | `xsd:date` | at most 1 | The day of birth" in author
    assert "| `publishers` | `^lib:author/lib:publisher` | [Publisher](#publisher) |" in author
    assert "Who borrowed a book by the author. Derived. |" in author
    assert "`homepage`" not in author


def test_reference_tells_constraints(printed: Print) -> None:
    agent = section(printed("reference", *LIBRARY), "### Agent")
    assert "| `Agent-homepage` | Violation | A home page is one address. |" in agent


def test_reference_tells_constraints_in_sparql_and_their_gravity(printed: Print) -> None:
    page = printed("reference")
    assert "| `StatusChange-inForceBeforeSigned` | Violation |" in page
    assert "| `MonetaryAmount-amount-small` | Warning |" in page
    assert "`Agreement-status`" not in page, "what is derived isn't the submitter's to mend"


def test_reference_tells_properties(printed: Print) -> None:
    properties = section(printed("reference"), "## Properties")
    assert "| `ij:holder`<br>holder · titolare · 在任者 | link | [Tenure](#tenure) |" in properties
    assert "A subproperty of `ij:involves`." in properties


def test_cells_keep_to_their_row() -> None:
    assert table(["a"], [["x | y\nz"]]) == ["| a |", "| --- |", "| x \\| y z |", ""]
