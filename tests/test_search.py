"""Search in texts of several languages: what is found, and in which order."""

import re

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
    assert subjects(index, "Japan") == ["japan", "visit", "acsa", "passage"]


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


def test_the_reader_is_told_the_text_in_a_language_of_theirs() -> None:
    named = SearchIndex(
        [
            Entry("gcap", "Thing", "label", 0, "en", "GCAP"),
            Entry("gcap", "Thing", "label", 0, "it-CH", "Programma GCAP"),
            Entry("gcap", "Thing", "label", 0, "ja", "次期戦闘機"),
            Entry("gcap", "Thing", "note", 2, "ja", "GCAP の注"),
        ]
    )

    def told(text: str, *languages: str) -> list[str]:
        return [hit.value for hit in named.find(text, None, languages)]

    assert told("gcap", "it", "en") == ["Programma GCAP"]
    assert told("gcap", "fr", "en") == told("gcap", "*", "it") == ["GCAP"]
    assert told("gcap", "ja") == ["GCAP"]  # in this field it stands in no Japanese text
    assert told("戦闘", "it") == ["次期戦闘機"]


def found(text: str, *entries: tuple[str, str, str], languages: tuple[str, ...] = ()) -> list[str]:
    """What is found, by name, among labels given with name and language."""
    made = [Entry(name, "Thing", "label", 0, language, label) for name, language, label in entries]
    return [hit.subject for hit in SearchIndex(made).find(text, languages=languages)]


MELONI = (
    ("meeting", "it", "Meloni e Takaichi discutono di difesa nel loro incontro."),
    ("meeting", "ja", "Meloni首相とTakaichi首相が会談する。"),
    ("meloni", "it", "Giorgia Meloni"),
    ("meloni", "ja", "Giorgia Meloni"),
)


@pytest.mark.parametrize("language", ["en", "it", "ja"])
def test_a_person_comes_before_what_is_said_of_her(language: str) -> None:
    assert found("Meloni", *MELONI, languages=(language,)) == ["meloni", "meeting"]


def test_whole_words_come_before_beginnings_and_these_before_what_stands_within() -> None:
    labels = (
        ("within", "en", "issuer"),
        ("beginning", "it", "Uerre"),
        ("whole", "it", "Vertice UE"),
    )
    assert found("ue", *labels) == ["whole", "beginning", "within"]


def test_kanji_need_no_boundaries() -> None:
    labels = (
        ("own", "ja", "自主防衛"),
        ("industry", "ja", "防衛産業"),
        ("gcap", "ja", "防衛のGCAP"),
    )
    assert found("防衛", *labels) == ["industry", "own", "gcap"]
    assert found("GCAP", *labels) == ["gcap"]


def test_words_side_by_side_come_before_words_apart() -> None:
    labels = (("apart", "en", "minister, prime"), ("together", "en", "The prime minister of Japan"))
    assert found("prime minister", *labels) == ["together", "apart"]


@pytest.mark.parametrize(
    "text", ["EU-Japan", "EU–Japan", "「EU–Japan」", "Summit, EU-Japan", "l'EU-Japan", "l’EU"]
)
def test_signs_count_only_where_they_are_found(text: str) -> None:
    assert found(text, ("summit", "it", "Il vertice (summit) dell’EU–Japan")) == ["summit"]


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


PIECES = st.text(alphabet="aBbé日本\x01 ハ\"'%", max_size=4)
TEXTS = st.builds(
    Entry,
    st.sampled_from(["one", "two", "three"]),
    st.sampled_from(["Thing", "Passage"]),
    st.sampled_from(["label", "note"]),
    st.integers(0, 2),
    st.sampled_from(["en", "ja"]),
    st.lists(PIECES, max_size=4).map("".join),
)


@given(st.lists(TEXTS, max_size=12), PIECES, st.sampled_from([None, ["Thing"]]))
def test_order_and_choice_are_those_of_reading_all(
    entries: list[Entry], text: str, classes: list[str] | None
) -> None:
    found = [hit.subject for hit in SearchIndex(entries).find(text, classes)]
    assert found == list(dict.fromkeys(read_through(entries, text, classes)))


def read_through(entries: list[Entry], text: str, classes: list[str] | None) -> list[str]:
    words = folded(text).split()
    for sought in (words, [word.strip("\"'") or word for word in words]):
        fitting = [
            (fit, entry.rank > 1, len(key.encode()), entry.rank, entry.subject)
            for entry in entries
            if classes is None or entry.of_class in classes
            for key in [" ".join(folded(entry.value).split())]
            if (fit := fit_of(sought, key, entry.rank)) is not None
        ]
        if fitting:
            return [subject for *_, subject in sorted(fitting)]
    return []


LATIN = "[a-z]"


def fit_of(words: list[str], key: str, rank: int) -> int | None:
    """The number of the step that finds a text with such a key."""
    whole = " ".join(words)

    def has(text: str, *, ended: bool = True) -> bool:
        before = f"(?<!{LATIN})" if re.match(LATIN, text) else ""
        behind = f"(?!{LATIN})" if ended and re.match(LATIN, text[-1]) else ""
        return re.search(before + re.escape(text) + behind, key) is not None

    if not words or not all(word in key for word in words):
        return None
    if key == whole:
        return 0
    if has(whole):
        way = 1
    elif all(map(has, words)):
        way = 2
    else:
        way = 3 if all(has(word, ended=False) for word in words) else 9
    return way if rank < 2 or way == 9 else way + 3


def test_all_of_very_many_are_found_in_order() -> None:
    entries = [Entry(f"{n:05}", "Thing", "label", 0, "en", f"thing {n:05}") for n in range(7000)]
    index = SearchIndex(reversed(entries))
    assert subjects(index, "thing") == [entry.subject for entry in entries]
    assert subjects(index, "g 0 1") == [entry.subject for entry in entries if "1" in entry.value]
