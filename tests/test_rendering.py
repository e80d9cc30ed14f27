"""A report as people read it, whole, in three languages."""

# ruff: noqa: RUF001 - Japanese punctuation is full-width

from dataclasses import replace

import pytest

from kizuna.validation import Report, Result, render
from kizuna.validation.results import collect

FAULT = Result(
    severity="Violation",
    focus="https://example.org/id/kokoro",
    focus_labels={"en": "Kokoro", "ja": "こころ"},
    path="lib:pages",
    path_labels={"en": "pages", "it": "pagine"},
    value='"many"',
    value_labels={},
    messages={"en": "Pages are a number.", "it": "Le pagine sono un numero."},
    constraint="https://example.org/shapes/pages",
    file="books.ttl",
    line=12,
)
WARNING = replace(
    FAULT,
    severity="Warning",
    focus="https://example.org/id/loan",
    focus_labels={},
    path="",
    value=None,
    messages={"en": "It is late."},
    file="loans.ttl",
    line=None,
)

ENGLISH = """\
books.ttl
  Kokoro <https://example.org/id/kokoro>
    Violation (line 12): Pages are a number.
      pages (lib:pages)
      = "many"
      <https://example.org/shapes/pages>

loans.ttl
  <https://example.org/id/loan>
    Warning: It is late.
      <https://example.org/shapes/pages>

1 violation, 1 warning in 2 files: does not conform"""


def test_report_in_english() -> None:
    assert render(Report((FAULT, WARNING)), "en") == ENGLISH


def test_every_fixed_phrase_is_translated() -> None:
    italian = render(Report((FAULT, WARNING)), "it").splitlines()
    assert italian[2:4] == [
        "    Violazione (riga 12): Le pagine sono un numero.",
        "      pagine (lib:pages)",
    ]
    assert italian[-1] == "1 violazione, 1 avviso in 2 file: non conforme"
    japanese = render(Report((FAULT, WARNING)), "ja").splitlines()
    assert japanese[1:3] == [
        "  こころ <https://example.org/id/kokoro>",
        "    違反（12 行目）：Pages are a number.",
    ]
    assert japanese[-1] == "違反 1 件、警告 1 件（2 ファイル）：適合していません"


def test_a_language_that_is_not_spoken_gets_english() -> None:
    assert render(Report((FAULT, WARNING)), "fr") == ENGLISH


def test_one_node_is_headed_once() -> None:
    lines = render(Report((FAULT, replace(FAULT, value='"few"'))), "en").splitlines()
    assert lines.count("books.ttl") == 1
    assert sum(line.startswith("  Kokoro") for line in lines) == 1
    assert lines[-1] == "2 violations in 1 file: does not conform"


def test_a_node_without_an_iri_stands_without_brackets() -> None:
    assert "  Kokoro _:1" in render(Report((replace(FAULT, focus="_:1"),)), "en").splitlines()


@pytest.mark.parametrize(
    ("language", "conforms", "warned"),
    [
        ("en", "conforms", "1 warning in 1 file: conforms"),
        ("it", "conforme", "1 avviso in 1 file: conforme"),
        ("ja", "適合しています", "警告 1 件（1 ファイル）：適合しています"),
    ],
)
def test_verdict(language: str, conforms: str, warned: str) -> None:
    assert render(Report(()), language) == conforms
    assert render(Report((WARNING,)), language).splitlines()[-1] == warned


def test_results_are_collected_once_by_file_node_and_severity() -> None:
    info = replace(FAULT, severity="Info")
    warning = replace(FAULT, severity="Warning")
    collected = collect([WARNING, info, FAULT, warning, FAULT])
    assert collected.results == (FAULT, warning, info, WARNING)
