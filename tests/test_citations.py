"""Citations in four styles; what isn't known is left out."""

import json

import pytest

from kizuna.citations import Collection, Style, Work, cite
from kizuna.graphql.schema import Api

DATASET = Collection("Kizuna", ("Kizuna contributors",), 3)
BASE = "https://example.org/id/"
FACT = Work(BASE + "fact-lead", "Three countries lead the programme.")
PASSAGE = Work(BASE + "passage-10-20", "Press release", "2026-01-14", "A publisher", (10, 20))


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        (
            Style.APA,
            "Kizuna contributors. (n.d.). Three countries lead the programme. In Kizuna "
            "(Version 3). https://example.org/id/fact-lead",
        ),
        (
            Style.CHICAGO,
            "Kizuna contributors. n.d. “Three Countries Lead the Programme”. In Kizuna, "
            "version 3. https://example.org/id/fact-lead.",
        ),
    ],
)
def test_a_fact_without_a_date_is_cited_without_one(style: Style, expected: str) -> None:
    assert cite(FACT, DATASET, style) == expected


def test_a_passage_is_cited_with_its_place_and_its_documents_date() -> None:
    citation = cite(PASSAGE, DATASET, Style.APA)
    assert "(2026)" in citation
    assert "Characters 10–20 of: Press release" in citation
    assert citation.endswith(BASE + "passage-10-20")


@pytest.mark.parametrize(
    ("language", "title", "told"),
    [
        ("it", "Comunicato stampa sul viaggio in Asia", "Comunicato stampa sul viaggio in Asia"),
        ("it-CH", "Il viaggio di una ministra.", "Il viaggio di una ministra"),
        ("ja", "イタリアと日本がACSAに署名した。", "イタリアと日本がACSAに署名した"),
        ("en", "Press release on a tour of Asia", "Press Release on a Tour of Asia"),
    ],
)
def test_titles_are_put_in_title_case_in_english_alone(
    language: str, title: str, told: str
) -> None:
    ours = Collection("Kizuna: un’ontologia delle relazioni", ("Collaboratori",), 3)
    work = Work(BASE + "x", title, language=language)
    chicago = cite(work, ours, Style.CHICAGO)
    assert f"“{told}”" in chicago
    assert ("Kizuna: un’ontologia delle relazioni" in chicago) is (language != "en")
    assert title.rstrip(".。") in cite(work, ours, Style.APA)
    assert json.loads(cite(work, ours, Style.CSL_JSON))["language"] == language


def test_the_place_of_a_passage_is_told_in_the_language_of_its_title() -> None:
    for language, told in (
        ("it", "Caratteri 10–20 di: X"),
        ("ja", "X、10–20文字目"),
        ("de", "Characters 10–20 of: X"),
    ):
        work = Work(BASE + "x", "X", characters=(10, 20), language=language)
        assert told in cite(work, DATASET, Style.APA)


@pytest.mark.parametrize("style", ["APA", "CHICAGO"])
def test_an_italian_document_is_cited_as_it_is_called(packaged_api: Api, style: str) -> None:
    query = f"""{{ sourceDocument(id: "source-8036c7dc") {{
      label {{ value }} citation(style: {style}) passages(first: 1) {{ nodes {{ citation }} }}
    }} }}"""
    payload = packaged_api.execute(query, languages=("it",)).payload
    document = payload["data"]["sourceDocument"]
    assert document["label"]["value"].startswith("Comunicato stampa del")
    assert document["label"]["value"] in document["citation"]
    assert "Caratteri " in document["passages"]["nodes"][0]["citation"]


def test_bibtex_holds_what_is_known_and_no_more() -> None:
    whole, bare = cite(PASSAGE, DATASET, Style.BIBTEX), cite(FACT, DATASET, Style.BIBTEX)
    assert whole.startswith("@misc{passage-10-20,")
    assert 'year = "2026"' in whole
    assert "publisher" in whole
    assert "year" not in bare
    assert "publisher" not in bare


def test_csl_json_is_what_reference_managers_read() -> None:
    item = json.loads(cite(PASSAGE, DATASET, Style.CSL_JSON))
    assert item["issued"] == {"date-parts": [[2026, 1, 14]]}
    assert item["version"] == "3"
    assert item["URL"] == PASSAGE.iri


@pytest.mark.parametrize("edtf", ["XXXX-12-06", "2025-07/2025-08", "2022/..", "2025~"])
def test_a_date_that_csl_cannot_tell_is_left_out(edtf: str) -> None:
    item = json.loads(cite(Work(BASE + "x", "X", edtf), DATASET, Style.CSL_JSON))
    assert "issued" not in item


def test_graphql_cites_a_passage_by_its_document_and_release(packaged_api: Api) -> None:
    query = """{ programme(id: "gcap") { citation facts(first: 1) { nodes {
      claims(first: 1) { nodes { citation passages { start end citation(style: CSL_JSON) } } }
    } } } }"""
    programme = packaged_api.execute(query).payload["data"]["programme"]
    assert "Global Combat Air Programme. In Kizuna" in programme["citation"]
    assert programme["citation"].endswith("https://w3id.org/italy-japan/id/gcap")
    (claim,) = programme["facts"]["nodes"][0]["claims"]["nodes"]
    (passage,) = claim["passages"]
    item = json.loads(passage["citation"])
    assert item["title"].startswith(f"Characters {passage['start']}–{passage['end']} of: ")
    assert item["version"] == "0"


def test_an_ontology_without_facts_has_no_citations(library_api: Api) -> None:
    assert "citation(" not in library_api.sdl
