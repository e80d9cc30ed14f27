"""Search in texts of several languages: what is found, and in which order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kizuna.dataset.search import Entry, SearchIndex, folded

ENTRIES = [
    Entry("japan", "Thing", "label", 0, "en", "Japan"),
    Entry("japan", "Thing", "label", 0, "it", "Giappone"),
    Entry("japan", "Thing", "label", 0, "ja", "日本"),
    Entry("acsa", "Thing", "label", 0, "en", "ACSA between Italy and Japan"),
    Entry("visit", "Thing", "label", 0, "en", "Giorgia Meloni visits Japan"),
    Entry("passage", "Passage", "paraphrase", 2, "en", "Japan is a pillar"),
    Entry("passage", "Passage", "paraphrase", 2, "ja", "日本は柱である。"),
    Entry("agriculture", "Thing", "label", 0, "it", "Attività agricole"),
    Entry("gap", "Thing", "label", 0, "ja", "ハバナ"),
    Entry("percent", "Thing", "label", 0, "en", "100% sure_thing"),
]


@pytest.fixture(scope="module")
def index() -> SearchIndex:
    return SearchIndex(ENTRIES)


def subjects(index: SearchIndex, text: str, *classes: str) -> list[str]:
    return [hit.subject for hit in index.find(text, classes or None)]


@pytest.mark.parametrize("name", ["Japan", "japan", "GIAPPONE", "日本", "\uff2a\uff41\uff50an"])
def test_a_name_in_any_language_finds_it_first(index: SearchIndex, name: str) -> None:
    assert subjects(index, name)[0] == "japan"


def test_names_come_before_descriptions_and_the_short_before_the_long(index: SearchIndex) -> None:
    assert subjects(index, "Japan") == ["japan", "passage", "visit", "acsa"]


def test_all_words_must_stand_in_one_text_in_any_order(index: SearchIndex) -> None:
    assert subjects(index, "japan italy") == ["acsa"]
    assert subjects(index, "japan giappone") == []


def test_the_text_that_matched_is_told(index: SearchIndex) -> None:
    (hit,) = index.find("柱")
    assert (hit.subject, hit.field, hit.language, hit.value) == (
        "passage",
        "paraphrase",
        "ja",
        "日本は柱である。",
    )


def test_only_the_classes_asked_for_count(index: SearchIndex) -> None:
    assert subjects(index, "日本", "Passage") == ["passage"]
    assert subjects(index, "日本", "Nothing") == []


def test_accents_do_not_count_but_kana_marks_do(index: SearchIndex) -> None:
    assert subjects(index, "attivita") == ["agriculture"]
    assert subjects(index, "ハバナ") == ["gap"]
    assert subjects(index, "ハハナ") == []


@pytest.mark.parametrize("text", ["", "  ", "%", "100%", "e_t", '"', "a OR b", "NEAR(", "*"])
def test_signs_stand_for_themselves(index: SearchIndex, text: str) -> None:
    expected = {"100%": ["percent"], "%": ["percent"], "e_t": ["percent"]}.get(text, [])
    assert subjects(index, text) == expected


@given(st.text(max_size=30))
def test_whatever_stands_in_a_text_finds_it(text: str) -> None:
    words = folded(text).split()
    found = [
        hit.subject
        for hit in SearchIndex([Entry("it", "Thing", "label", 0, "en", text)]).find(text)
    ]
    assert found == (["it"] if words else [])
