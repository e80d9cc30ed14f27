"""The documents compared with the data through the command: places and hashes, copying, gaps.

The documents are invented; one test compares the seeds with the real ones where these are at hand.
"""

import hashlib
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import pytest

from kizuna.__main__ import main

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared" / "sources"
DOCUMENT = "https://w3id.org/italy-japan/id/source-one"
PREFIXES = """
    @prefix id: <https://w3id.org/italy-japan/id/> .
    @prefix ij: <https://w3id.org/italy-japan/ns#> .
    @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
TITLE = "Harbours and Bridges"
FIRST = (
    "The old harbour of Aldermere was closed to the ferries of Northland for eleven long winters, "
    "until the Ministry of Canals and Quiet Waters opened it again."
)
SECOND = "Nobody knows why."
TEXT = f"{TITLE}\n{FIRST} {SECOND}\n"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def passage(text: str, start: int, end: int, hashed: str | None = None, more: str = "") -> str:
    found = hashed or digest(unicodedata.normalize("NFC", text[start:end]))
    return (
        f"id:passage-{start}-{end} a ij:Passage ; ij:inSource id:source-one ; {more}\n"
        f'    ij:start {start} ; ij:end {end} ; ij:sha256 "{found}" .\n'
        f"id:claim-{start}-{end} ij:supportedBy id:passage-{start}-{end} .\n"
    )


def document(text: str, characters: int | None = None) -> str:
    return (
        f'id:source-one a ij:SourceDocument ; skos:prefLabel "One"@en, "Uno"@it ;\n'
        f'    ij:sha256 "{digest(text)}" ; '
        f"ij:characters {len(text) if characters is None else characters} .\n"
    )


@dataclass
class Desk:
    """A folder with a document, and a file of data about it."""

    folder: Path
    output: pytest.CaptureFixture[str]

    def holds(self, text: str, name: str = "anything.bin") -> None:
        (self.folder / "held" / "deeper").mkdir(parents=True, exist_ok=True)
        (self.folder / "held" / "deeper" / name).write_bytes(text.encode())

    def say(self, *statements: str) -> None:
        (self.folder / "data.ttl").write_text(PREFIXES + "".join(statements), encoding="utf-8")

    def run(self, command: str, *more: str) -> tuple[int, list[str]]:
        held, data = self.folder / "held", self.folder / "data.ttl"
        status = main(["sources", command, str(held), "--data", str(data), *more])
        return status, self.output.readouterr().out.splitlines()

    def faults(self, *more: str) -> list[str]:
        """What ``verify`` finds wrong; its last line and its status say how many."""
        status, lines = self.run("verify", *more)
        count = len(lines) - 1
        assert status == (1 if count else 0)
        if count:
            assert lines[-1] == f"{count} fault{'s' * (count > 1)}: not proved"
        return lines[:-1]


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    made = Desk(tmp_path, capsys)
    made.holds(TEXT)
    return made


def test_proved(desk: Desk) -> None:
    desk.say(document(TEXT), passage(TEXT, 21, 30))
    status, (line,) = desk.run("verify")
    assert status == 0
    assert line.startswith("1 document and 1 passage proved; none of ")
    assert line.endswith(" texts shares 7 words in a row with a document")


def test_offsets_count_code_points(desk: Desk) -> None:
    """A character beyond the Basic Multilingual Plane is one, though UTF-16 has two units."""
    text = "🎌🎌 " + TEXT
    desk.holds(text)
    start = text.index("harbour")
    assert start == TEXT.index("harbour") + 3
    desk.say(document(text), passage(text, start, start + 7, digest("harbour")))
    assert desk.faults() == []


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_hash_is_of_the_composed_form(desk: Desk, form: str) -> None:
    """The offsets are those of the file as it is, whatever its form; the hash is the same."""
    text = unicodedata.normalize("NFD" if form == "NFD" else "NFC", "Perché? Così.")
    desk.holds(text)
    end = len(text) - 1
    desk.say(document(text), passage(text, 0, end, digest("Perché? Così")))
    assert end == {"NFC": 12, "NFD": 14}[form]
    assert desk.faults() == []


def test_line_ends_are_kept(desk: Desk) -> None:
    text = "One.\r\nTwo.\r\n"
    desk.holds(text)
    desk.say(document(text, 12), passage(text, 6, 10, digest("Two.")))
    assert desk.faults() == []


def test_document_that_is_not_there(desk: Desk) -> None:
    """A file of which a letter was changed is another file, and its passages can't be proved."""
    desk.holds(TEXT.replace("old", "odd"))
    desk.say(document(TEXT), passage(TEXT, 0, 9))
    assert desk.faults() == [f"{DOCUMENT}: no file here has its hash {digest(TEXT)}"]


def test_document_without_a_hash(desk: Desk) -> None:
    desk.say("id:source-one a ij:SourceDocument .")
    assert desk.faults() == [f"{DOCUMENT}: states no hash, so that its file can't be recognised"]


@pytest.mark.parametrize(("stated", "told"), [("ij:characters 3 ;", "3"), ("", "none")])
def test_wrong_number_of_characters(desk: Desk, stated: str, told: str) -> None:
    desk.say(f'id:source-one a ij:SourceDocument ; {stated} ij:sha256 "{digest(TEXT)}" .')
    assert desk.faults() == [f"{DOCUMENT}: has {len(TEXT)} characters; the data says {told}"]


def test_passage_moved_by_one(desk: Desk) -> None:
    wrong = digest(TEXT[22:31])
    desk.say(document(TEXT), passage(TEXT, 21, 30, wrong))
    (fault,) = desk.faults()
    assert fault.endswith(
        f"passage-21-30: 21–30 hashes to {digest(TEXT[21:30])}; the data says {wrong}"
    )


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (5, 5), (9, 5), (0, len(TEXT) + 1)])
def test_passage_outside_the_document(desk: Desk, start: int, end: int) -> None:
    desk.say(document(TEXT), passage(TEXT, start, end))
    (fault,) = desk.faults()
    assert fault.endswith(f": {start}–{end} is no stretch of a text of {len(TEXT)} characters")


@pytest.mark.parametrize("extra", ["ij:start 1 ;", "ij:end 8 ;", 'ij:sha256 "0" ;'])
def test_passage_said_twice(desk: Desk, extra: str) -> None:
    desk.say(document(TEXT), passage(TEXT, 0, 9, more=extra))
    (fault,) = desk.faults()
    assert fault.endswith("passage-0-9: needs exactly one start, one end and one hash")


@pytest.mark.parametrize("start", ["true", '"nought"', "id:nought"])
def test_offset_that_is_no_number(desk: Desk, start: str) -> None:
    desk.say(document(TEXT), passage(TEXT, 0, 9).replace("start 0", f"start {start}"))
    (fault,) = desk.faults()
    assert fault.endswith("passage-0-9: needs exactly one start, one end and one hash")


def test_passage_of_an_unknown_document(desk: Desk) -> None:
    desk.say(document(TEXT), passage(TEXT, 0, 9).replace("source-one", "source-two"))
    (fault,) = desk.faults()
    assert fault.endswith("passage-0-9: names no document of the data")


def test_no_document_in_the_data(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.say('id:a skos:prefLabel "A" .')
    data = str(desk.folder / "data.ttl")
    assert main(["sources", "verify", str(desk.folder), "--data", data]) == 2
    assert "no source document" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["verify", "coverage"])
def test_no_such_folder(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sources", command, str(tmp_path / "nowhere")]) == 2
    assert "nowhere: no such folder" in capsys.readouterr().err


def test_document_that_is_not_utf8(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    content = "perché".encode("latin-1")
    (desk.folder / "held" / "latin.txt").write_bytes(content)
    hashed = hashlib.sha256(content).hexdigest()
    desk.say(f'id:source-one a ij:SourceDocument ; ij:sha256 "{hashed}" .')
    data = str(desk.folder / "data.ttl")
    assert main(["sources", "verify", str(desk.folder / "held"), "--data", data]) == 2
    assert "latin.txt: not UTF-8 text (byte 5)" in capsys.readouterr().err


SEVEN = "closed to the ferries of Northland for"
SIX = "closed to the ferries of Northland"


@pytest.fixture
def coded(desk: Desk) -> Desk:
    desk.say(document(TEXT))
    return desk


def label(text: str, name: str = "thing", predicate: str = "skos:definition") -> str:
    return f'id:{name} {predicate} "{text}"@en .\n'


def test_seven_words_in_a_row_are_a_copy(desk: Desk) -> None:
    desk.say(document(TEXT), "\n\n", label(f"It stayed {SEVEN} good."))
    line = (desk.folder / "data.ttl").read_text(encoding="utf-8").count("\n")
    place = f"{desk.folder / 'data.ttl'}:{line}"
    assert desk.faults() == [f"{place}: shares 7 words in a row with a document: {SIX.lower()} …"]


def test_six_words_in_a_row_are_none(desk: Desk) -> None:
    desk.say(document(TEXT), label(f"It stayed {SIX} only."))
    assert desk.faults() == []


def test_case_and_punctuation_hide_no_copy(desk: Desk) -> None:
    desk.say(document(TEXT), label("Closed: TO THE FERRIES (of Northland) – for …"))
    assert len(desk.faults()) == 1


def test_copies_in_the_ontology_are_found(coded: Desk, tmp_path: Path) -> None:
    ontology = tmp_path / "ontology"
    (ontology / "shapes").mkdir(parents=True)
    text = PREFIXES + label(f"Stayed {SEVEN} good.")
    (ontology / "shapes" / "one.ttl").write_text(text, encoding="utf-8")
    (fault,) = coded.faults("--ontology", str(ontology))
    assert "one.ttl:5: shares 7 words" in fault


def test_copies_in_other_texts_are_found(coded: Desk) -> None:
    page = coded.folder / "page.md"
    words = SEVEN.split()
    page.write_text(f"# A page\n\nIt stayed {' '.join(words[:3])}\n{' '.join(words[3:])} good.\n")
    (fault,) = coded.faults("--also", str(page))
    assert fault.startswith(f"{page}:3: shares 7 words")


def test_other_text_that_is_not_utf8(coded: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    page = coded.folder / "page.md"
    page.write_bytes(b"\xff")
    data, held = str(coded.folder / "data.ttl"), str(coded.folder / "held")
    assert main(["sources", "verify", held, "--data", data, "--also", str(page)]) == 2
    assert "page.md: not UTF-8 text (byte 0)" in capsys.readouterr().err


def test_front_matter_may_be_repeated(desk: Desk) -> None:
    title = "Seven plain words that make a title"
    text = f"{title}\n{FIRST}\n"
    desk.holds(text)
    desk.say(document(text), label(title))
    assert desk.faults() == []


def test_without_a_long_line_all_counts(desk: Desk) -> None:
    text = "Seven plain words that make a text"
    desk.holds(text)
    desk.say(document(text), label(text))
    assert len(desk.faults()) == 1


NAMED = "the Ministry of Canals and Quiet Waters opened it again"


def test_name_counts_as_one_word(desk: Desk) -> None:
    """Ten words, of which six are a name: five count."""
    name = label("Ministry of Canals and Quiet Waters", "ministry", "skos:altLabel")
    desk.say(document(TEXT), label(NAMED))
    assert len(desk.faults()) == 1
    desk.say(document(TEXT), label(NAMED), name)
    assert desk.faults() == []


def test_label_in_small_letters_is_no_name(desk: Desk) -> None:
    name = label("ministry of canals and quiet waters", "ministry", "skos:prefLabel")
    desk.say(document(TEXT), label(NAMED), name)
    assert len(desk.faults()) == 1


def test_label_of_a_fact_is_no_name(desk: Desk) -> None:
    name = label("Ministry of Canals and Quiet Waters", "ministry", "skos:prefLabel")
    desk.say(document(TEXT), label(NAMED), name, "id:claim ij:onFact id:ministry .\n")
    assert len(desk.faults()) == 1


def test_figures_do_not_count(desk: Desk) -> None:
    text = f"{FIRST} It cost 150 of 93.5 in 2023, all told."
    desk.holds(text)
    desk.say(document(text), label("it cost 150 of 93.5 in 2023 all"))
    assert desk.faults() == []
    desk.say(document(text), label("again it cost 150 of 93.5 in 2023 all told"))
    assert len(desk.faults()) == 1


def test_runs_side_by_side_are_each_told(desk: Desk) -> None:
    """The second begins within the first, in another place of the document."""
    text = f"{FIRST} for eleven short summers and one autumn night."
    desk.holds(text)
    desk.say(document(text), label(f"{SEVEN} eleven short summers and one autumn"))
    assert [fault.split(": ", 2)[1:] for fault in desk.faults()] == [
        ["shares 8 words in a row with a document", f"{SIX.lower()} …"],
        ["shares 7 words in a row with a document", "for eleven short summers and one …"],
    ]


def test_all_is_covered(desk: Desk) -> None:
    """Behind a claim or marked as read; a stretch without letter or digit needs neither."""
    first, second = TEXT.index(FIRST), TEXT.index(SECOND)
    silent = passage(TEXT, 0, len(TITLE), more="ij:withoutFact true ;").split("id:claim")[0]
    desk.say(
        document(TEXT),
        silent,
        passage(TEXT, first, second - 2),
        passage(TEXT, second, len(TEXT)),
    )
    status, (line,) = desk.run("coverage")
    assert status == 0
    claimed = (second - 2 - first) + (len(TEXT) - second)
    assert line == (
        f"{DOCUMENT} (One): {len(TEXT)} characters, {claimed} behind claims, "
        f"{len(TITLE)} read without a codable fact, 0 left in 0 stretches"
    )


def test_what_is_left_is_told_by_sentence(desk: Desk) -> None:
    """A passage that no claim rests on covers nothing; no more than six words are shown."""
    alone = passage(TEXT, 0, len(TITLE)).split("id:claim")[0]
    start = TEXT.index("closed")
    end = start + len("closed to the ferries")
    desk.say(document(TEXT), alone, passage(TEXT, start, end))
    status, (line, *left) = desk.run("coverage")
    assert status == 1
    whole, second = TEXT.index(FIRST), TEXT.index(SECOND)
    assert left == [
        f"  0–{len(TITLE)} ({len(TITLE)} characters, 3 words): {TITLE}",
        f"  {whole}–{start - 1} ({start - 1 - whole} characters, 6 words): "
        "The old harbour of Aldermere was",
        f"  {end + 1}–{second - 2} ({second - 3 - end} characters, 17 words): "
        "of Northland for eleven long winters …",
        f"  {second}–{len(TEXT) - 2} (16 characters, 3 words): Nobody knows why",
    ]
    assert line.endswith(
        f"{end - start} behind claims, 0 read without a codable fact, "
        f"{sum((len(TITLE), start - 1 - whole, second - 3 - end, 16))} left in 4 stretches"
    )


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three? Four", 4),
        ("One.\r\nTwo", 2),
        ("He said “Stop.” Then he left.", 2),
        ("The U.S. navy has 3.5 boats.", 1),
        ("Because of this, i.e. for no reason.", 1),
    ],
)
def test_sentences(desk: Desk, text: str, count: int) -> None:
    desk.holds(text)
    desk.say(document(text))
    _, (_, *left) = desk.run("coverage")
    assert len(left) == count


def test_passages_beyond_the_text_cover_no_more_than_it(desk: Desk) -> None:
    desk.say(document(TEXT), passage(TEXT, -5, len(TEXT) + 5, digest("")))
    status, (line,) = desk.run("coverage")
    assert status == 0
    assert f"{len(TEXT)} behind claims" in line


def test_passage_without_offsets_covers_nothing(desk: Desk) -> None:
    unplaced = "id:p a ij:Passage ; ij:inSource id:source-one ; ij:withoutFact true .\n"
    desk.say(document(TEXT), unplaced)
    _, (_, *left) = desk.run("coverage")
    assert len(left) == 3


def test_coverage_of_a_document_that_is_not_there(desk: Desk) -> None:
    desk.say(document("Another text."))
    status, lines = desk.run("coverage")
    assert status == 1
    assert lines == [f"{DOCUMENT}: no file here has its hash {digest('Another text.')}"]


def test_packaged_seeds_are_compared_unless_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sources", "verify", str(tmp_path)]) == 1
    assert "/id/source-8036c7dc: no file here has its hash" in capsys.readouterr().out


real = pytest.mark.skipif(not REAL.is_dir(), reason="the documents don't lie beside the checkout")


@real
def test_seeds_are_proved_against_the_documents(capsys: pytest.CaptureFixture[str]) -> None:
    pages = [str(page) for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]]
    status = main(["sources", "verify", str(REAL), "--also", *pages])
    assert (status, capsys.readouterr().out.splitlines()[:-1]) == (0, [])


@real
def test_every_sentence_of_the_documents_was_coded(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["sources", "coverage", str(REAL)])
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if "0 left in 0 stretches" not in line] == []
    assert (status, len(lines)) == (0, 2)
