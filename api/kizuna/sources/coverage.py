"""What of the documents was not coded: no claim rests on it, nor is it marked as without a fact."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kizuna.sources.coded import Passage
from kizuna.sources.words import beginning, count_words

_SENTENCE_END = re.compile(r"""[.!?]["'”’»)\]]*\s+(?!\W*[a-z])|[\r\n]+""")


@dataclass(frozen=True)
class Stretch:
    """A part of a document, its offsets in Unicode code points."""

    start: int
    end: int


@dataclass(frozen=True)
class Coverage:
    """How many characters were coded, how many read without a codable fact, and what is left."""

    characters: int
    claimed: int
    without_fact: int
    left: tuple[Stretch, ...]


def coverage(text: str, passages: Sequence[Passage]) -> Coverage:
    """What the passages, all of the text's own, cover of it.

    What is left is told sentence by sentence; white space and punctuation alone don't count.
    """
    claimed = _covered(text, [p for p in passages if p.claimed])
    silent = _covered(text, [p for p in passages if p.without_fact]) - claimed
    left = tuple(_left(text, claimed | silent))
    return Coverage(len(text), len(claimed), len(silent), left)


def described(text: str, stretch: Stretch) -> str:
    """A line on a stretch: where it is, how long, and its first few words."""
    part = text[stretch.start : stretch.end]
    size = f"{len(part)} characters, {count_words(part)} words"
    return f"{stretch.start}–{stretch.end} ({size}): {beginning(part)}"


def sentences(text: str) -> Iterator[Stretch]:
    """The text's sentences, which end with their line, or with a full stop and the like before
    anything but a small letter."""
    start = 0
    for end in _SENTENCE_END.finditer(text):
        yield Stretch(start, end.end())
        start = end.end()
    yield Stretch(start, len(text))


def _covered(text: str, passages: Sequence[Passage]) -> set[int]:
    length = len(text)
    return {
        i
        for passage in passages
        if passage.start is not None and passage.end is not None
        for i in range(max(passage.start, 0), min(passage.end, length))
    }


def _left(text: str, covered: set[int]) -> Iterator[Stretch]:
    for sentence in sentences(text):
        start = sentence.start
        for i in range(sentence.start, sentence.end + 1):
            if i == sentence.end or i in covered:
                yield from _trimmed(text, start, i)
                start = i + 1


def _trimmed(text: str, start: int, end: int) -> Iterator[Stretch]:
    """The stretch from its first to its last letter or digit, if it has any."""
    found = [i for i in range(start, end) if text[i].isalnum()]
    if found:
        yield Stretch(found[0], found[-1] + 1)
