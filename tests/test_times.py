"""Times: what their bounds are and how they read in each language."""

from calendar import monthrange
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kizuna.dataset.times import Bounds, bounds, computed, display
from kizuna.errors import InvalidInput
from kizuna.namespaces import EDTF, TERMS, XSD
from kizuna.terms import Literal, NamedNode, Quad

GRAPH = NamedNode("https://example.org/graph")
SPAN = NamedNode("https://example.org/id/span")

days = st.dates(date(1000, 1, 1), date(9998, 12, 31))
months = st.builds(lambda day: day.isoformat()[:7], days)
years = st.builds(lambda day: day.isoformat()[:4], days)
seasons = st.builds("{}-{}".format, years, st.sampled_from(["21", "22", "23", "24"]))
decades = st.builds(lambda year: year[:3] + "X", years)
unspecified = st.one_of(
    st.builds("{}-XX".format, months),
    st.builds("{}-XX".format, years),
    st.builds("{}-XX-XX".format, years),
    st.builds(lambda year: year[:2] + "XX", years),
)
plain = st.one_of(st.builds(date.isoformat, days), months, years, seasons, decades, unspecified)
qualified = st.builds("{}{}".format, plain, st.sampled_from(["", "?", "~", "%"]))
without_year = st.builds(lambda day: f"XXXX{day.isoformat()[4:]}", days)
languages = st.sampled_from(["en", "it", "ja", "it-CH", "EN", "de", ""])


@pytest.mark.parametrize(
    ("edtf", "earliest", "latest"),
    [
        ("2025", "2025-01-01", "2025-12-31"),
        ("2025-12", "2025-12-01", "2025-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-12-06", "2025-12-06", "2025-12-06"),
        ("2025-12-06T23:20:30Z", "2025-12-06", "2025-12-06"),
        ("2025-12-06T23:20:30+09:00", "2025-12-06", "2025-12-06"),
        ("2026-01-15/2026-01-17", "2026-01-15", "2026-01-17"),
        ("2024-02/2025", "2024-02-01", "2025-12-31"),
        ("2025-21", "2025-03-01", "2025-05-31"),
        ("2025-22", "2025-06-01", "2025-08-31"),
        ("2025-23", "2025-09-01", "2025-11-30"),
        ("2025-24", "2025-12-01", "2026-02-28"),
        ("2023-24", "2023-12-01", "2024-02-29"),
        ("203X", "2030-01-01", "2039-12-31"),
        ("20XX", "2000-01-01", "2099-12-31"),
        ("2004-XX", "2004-01-01", "2004-12-31"),
        ("1985-04-XX", "1985-04-01", "1985-04-30"),
        ("1985-XX-XX", "1985-01-01", "1985-12-31"),
        ("2025-12~", "2025-12-01", "2025-12-31"),
        ("2004-06-11%/2004-06-20?", "2004-06-11", "2004-06-20"),
        ("0001", "0001-01-01", "0001-12-31"),
    ],
)
def test_bounds(edtf: str, earliest: str, latest: str) -> None:
    assert bounds(edtf) == Bounds(date.fromisoformat(earliest), date.fromisoformat(latest))


@pytest.mark.parametrize(
    ("edtf", "expected"),
    [
        ("2022/", Bounds(date(2022, 1, 1), None)),
        ("2022/..", Bounds(date(2022, 1, 1), None, open_end=True)),
        ("/2024", Bounds(None, date(2024, 12, 31))),
        ("../2024", Bounds(None, date(2024, 12, 31), open_start=True)),
        ("XXXX-12-06", Bounds(None, None)),
        ("XXXX-02-29", Bounds(None, None)),
        ("XXXX-12", Bounds(None, None)),
        ("XXXX-12-06/2026", Bounds(None, date(2026, 12, 31))),
    ],
)
def test_an_end_that_is_not_known_has_no_bound(edtf: str, expected: Bounds) -> None:
    assert bounds(edtf) == expected


@pytest.mark.parametrize(
    ("edtf", "english", "italian", "japanese"),
    [
        ("2025", "2025", "2025", "2025年"),
        ("2025-12", "December 2025", "dicembre 2025", "2025年12月"),
        ("2025-12-06", "6 December 2025", "6 dicembre 2025", "2025年12月6日"),
        ("2025-12-06T23:20:30Z", "6 December 2025", "6 dicembre 2025", "2025年12月6日"),
        (
            "XXXX-12-06",
            "6 December, year not stated",
            "6 dicembre, anno non indicato",
            "12月6日、年の記載なし",
        ),
        (
            "XXXX-12",
            "December, year not stated",
            "dicembre, anno non indicato",
            "12月、年の記載なし",
        ),
        (
            "1985-04-XX",
            "April 1985, day not stated",
            "aprile 1985, giorno non indicato",
            "1985年4月、日の記載なし",
        ),
        (
            "2004-XX",
            "2004, month not stated",
            "2004, mese non indicato",
            "2004年、月の記載なし",
        ),
        (
            "2026-01-15/2026-01-17",
            "15–17 January 2026",
            "15–17 gennaio 2026",
            "2026年1月15日～17日",
        ),
        (
            "2026-01-30/2026-02-01",
            "30 January – 1 February 2026",
            "30 gennaio – 1 febbraio 2026",
            "2026年1月30日～2月1日",
        ),
        (
            "2025-12-30/2026-01-02",
            "30 December 2025 – 2 January 2026",
            "30 dicembre 2025 – 2 gennaio 2026",
            "2025年12月30日～2026年1月2日",
        ),
        ("2026-01-15/2026-01-15", "15 January 2026", "15 gennaio 2026", "2026年1月15日"),
        (
            "2025-06/2025-08",
            "June – August 2025",
            "giugno–agosto 2025",
            "2025年6月～8月",
        ),
        ("2025/2027", "2025–2027", "2025–2027", "2025年～2027年"),
        ("2025~/2027", "about 2025 – 2027", "circa 2025 – 2027", "2025年頃から2027年まで"),
        (
            "2025-22/2026",
            "summer 2025 – 2026",
            "estate 2025 – 2026",
            "2025年夏から2026年まで",
        ),
        ("2022/..", "since 2022", "dal 2022", "2022年以降"),
        ("2022-05/..", "since May 2022", "da maggio 2022", "2022年5月以降"),
        (
            "2022-05-11/..",
            "since 11 May 2022",
            "dall’11 maggio 2022",
            "2022年5月11日以降",
        ),
        ("2022-24/..", "since winter 2022/23", "dall’inverno 2022/23", "2022/23年冬以降"),
        ("2022-21/..", "since spring 2022", "dalla primavera 2022", "2022年春以降"),
        ("203X/..", "since the 2030s", "dagli anni 2030", "2030年代以降"),
        ("../2024", "until 2024", "fino al 2024", "2024年まで"),
        (
            "2022/",
            "since 2022, end not stated",
            "dal 2022, fine non indicata",
            "2022年以降、終了時期の記載なし",
        ),
        (
            "/2024",
            "until 2024, start not stated",
            "fino al 2024, inizio non indicato",
            "2024年まで、開始時期の記載なし",
        ),
        ("2025-22", "summer 2025", "estate 2025", "2025年夏"),
        ("2025-23", "autumn 2025", "autunno 2025", "2025年秋"),
        ("2025-24", "winter 2025/26", "inverno 2025/26", "2025/26年冬"),
        ("203X", "the 2030s", "anni 2030", "2030年代"),
        ("20XX", "2000–2099", "2000–2099", "2000年～2099年"),
        ("2025~", "about 2025", "circa 2025", "2025年頃"),
        ("2025-04?", "April 2025 (uncertain)", "aprile 2025 (incerto)", "2025年4月、不確か"),
        ("2025%", "about 2025 (uncertain)", "circa 2025 (incerto)", "2025年頃、不確か"),
    ],
)
def test_display(edtf: str, english: str, italian: str, japanese: str) -> None:
    texts = [display(edtf, language) for language in ("en", "it", "ja")]
    thin_space = "\u2009"  # as CLDR sets some dashes
    assert [text.replace(thin_space, " ") for text in texts] == [english, italian, japanese]


@pytest.mark.parametrize(
    ("language", "text"),
    [("it-CH", "maggio 2022"), ("JA", "2022年5月"), ("de", "May 2022"), ("", "May 2022")],
)
def test_a_language_is_met_as_nearly_as_can_be(language: str, text: str) -> None:
    assert display("2022-05", language) == text


@pytest.mark.parametrize(
    ("edtf", "why"),
    [
        ("", "isn't written as an EDTF date"),
        ("last year", "isn't written as an EDTF date"),
        ("6 December 2025", "isn't written as an EDTF date"),
        ("\uff12\uff10\uff12\uff15", "isn't written as an EDTF date"),
        ("2025\n", "isn't written as an EDTF date"),
        ("2025-1-5", "isn't written as an EDTF date"),
        ("-2025", "isn't written as an EDTF date"),
        ("2025/2026/2027", "isn't written as an EDTF date"),
        ("2026-01-15T10:00:00Z/2026-01-16", "isn't written as an EDTF date"),
        ("0000", "year 0 is out of range"),
        ("9999-24", "year 10000 is out of range"),
        ("2025-13", "month must be in 1..12"),
        ("2025-22-01", "month must be in 1..12"),
        ("2025-02-29", "day is out of range for month"),
        ("2025-XX-01", "a day needs its month"),
        ("2025-12-06T25:00:00", "hour must be in 0..23"),
        ("203X-01", "what stands after unspecified digits"),
        ("XXXX", "a date without its year needs a month"),
        ("XXXX-21", "a date without its year needs a month"),
        ("XXXX-XX-01", "a date without its year needs a month"),
        ("XXXX-02-30", "day is out of range for month"),
        ("../..", "an interval has at least one date"),
        ("/", "an interval has at least one date"),
        ("2025/2024", "it ends before it starts"),
    ],
)
def test_a_wrong_time_is_refused_with_what_would_be_right(edtf: str, why: str) -> None:
    for attempt in (lambda: bounds(edtf), lambda: display(edtf, "en")):
        with pytest.raises(InvalidInput, match="write EDTF such as 2025, 2025-12") as caught:
            attempt()
        assert why in str(caught.value)


def test_a_long_wrong_time_is_not_repeated_whole() -> None:
    with pytest.raises(InvalidInput) as caught:
        bounds("2" * 100_000)
    assert len(str(caught.value)) < 300


@given(st.text() | st.text("0123456789X-/.?~%T:Z+"), languages)
@example("2025-12-06T23:20:30+99:99", "en")
def test_garbage_is_read_or_refused(edtf: str, language: str) -> None:
    try:
        found = bounds(edtf)
    except InvalidInput:
        with pytest.raises(InvalidInput):
            display(edtf, language)
    else:
        assert display(edtf, language)
        assert not (found.open_start and found.earliest)
        assert not (found.open_end and found.latest)


@given(qualified, languages)
def test_a_date_starts_before_it_ends_and_has_words(edtf: str, language: str) -> None:
    found = bounds(edtf)
    assert found.earliest is not None
    assert found.latest is not None
    assert found.earliest <= found.latest
    assert display(edtf, language)


@given(plain, st.sampled_from(["?", "~", "%"]))
def test_a_qualifier_changes_the_words_but_not_the_bounds(edtf: str, qualifier: str) -> None:
    assert bounds(edtf + qualifier) == bounds(edtf)
    assert display(edtf, "en") in display(edtf + qualifier, "en")


@given(days)
def test_the_narrower_lies_within_the_wider(day: date) -> None:
    text = day.isoformat()
    season = (day.month // 3 + 3) % 4 + 21
    season_year = day.year - 1 if day.month <= 2 else day.year
    spans = [text, text[:7], text[:4], text[:3] + "X", text[:2] + "XX"]
    for narrow, wide in pairwise(spans):
        assert_within(narrow, wide)
    assert_within(text[:7], f"{season_year:04}-{season}")


def assert_within(narrow: str, wide: str) -> None:
    inner, outer = bounds(narrow), bounds(wide)
    assert inner.earliest is not None
    assert inner.latest is not None
    assert outer.earliest is not None
    assert outer.latest is not None
    assert outer.earliest <= inner.earliest <= inner.latest <= outer.latest


@given(days)
def test_a_precision_can_be_told_from_its_bounds(day: date) -> None:
    text = day.isoformat()
    a_month = bounds(text[:7])
    length = timedelta(days=monthrange(day.year, day.month)[1] - 1)
    assert bounds(text) == Bounds(day, day)
    assert a_month.earliest == day.replace(day=1)
    assert a_month.latest == day.replace(day=1) + length
    assert bounds(text[:4]) == Bounds(date(day.year, 1, 1), date(day.year, 12, 31))


@given(years)
def test_seasons_follow_one_another_without_a_gap(year: str) -> None:
    spans = [bounds(f"{year}-{season}") for season in (21, 22, 23, 24)]
    for before, after in pairwise(spans):
        assert before.latest is not None
        assert after.earliest == before.latest + timedelta(days=1)


@given(qualified, qualified)
def test_an_interval_spans_its_two_dates_or_is_refused(start: str, end: str) -> None:
    earliest, latest = bounds(start).earliest, bounds(end).latest
    assert earliest is not None
    assert latest is not None
    if earliest <= latest:
        assert bounds(f"{start}/{end}") == Bounds(earliest, latest)
    else:
        with pytest.raises(InvalidInput, match="ends before it starts"):
            bounds(f"{start}/{end}")


@given(qualified | without_year, languages)
def test_an_end_left_out_leaves_the_other_as_it_is(edtf: str, language: str) -> None:
    known = bounds(edtf)
    assert bounds(f"{edtf}/..") == Bounds(known.earliest, None, open_end=True)
    assert bounds(f"../{edtf}") == Bounds(None, known.latest, open_start=True)
    assert bounds(f"{edtf}/") == Bounds(known.earliest, None)
    assert bounds(f"/{edtf}") == Bounds(None, known.latest)
    assert display(f"{edtf}/..", language) != display(f"../{edtf}", language)


def stating(edtf: str) -> Quad:
    time = Literal(edtf, datatype=NamedNode(EDTF))
    return Quad(SPAN, NamedNode(TERMS + "edtf"), time, NamedNode("https://example.org/source"))


def test_computed_bounds_stand_in_the_graph_that_is_asked_for() -> None:
    label = Quad(SPAN, NamedNode(TERMS + "label"), Literal("2025"), GRAPH)
    day, boolean = NamedNode(XSD + "date"), NamedNode(XSD + "boolean")
    assert computed([label, stating("2022-05/..")], GRAPH) == [
        Quad(SPAN, NamedNode(TERMS + "earliest"), Literal("2022-05-01", datatype=day), GRAPH),
        Quad(SPAN, NamedNode(TERMS + "openStart"), Literal("false", datatype=boolean), GRAPH),
        Quad(SPAN, NamedNode(TERMS + "openEnd"), Literal("true", datatype=boolean), GRAPH),
    ]


def test_a_wrong_time_names_its_subject() -> None:
    with pytest.raises(InvalidInput, match=r"<https://example\.org/id/span>: '2025-13'"):
        computed([stating("2025-13")], GRAPH)


def test_a_time_that_is_no_text_is_refused() -> None:
    with pytest.raises(InvalidInput, match="isn't written as an EDTF date"):
        computed([Quad(SPAN, NamedNode(TERMS + "edtf"), SPAN, GRAPH)], GRAPH)
