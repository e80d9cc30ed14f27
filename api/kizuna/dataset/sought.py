"""What is looked for in the texts of a search index, and in which order.

Words are told apart by marks in the text, so that a whole word, its beginning and what stands
within it are found by the same means. Kana and kanji run on, and bear no marks.
"""

import re
from collections.abc import Iterator, Sequence
from enum import Enum

# They stand around each text, and around each of its words; what is folded has no such characters.
BEGINNING, END = "\x02", "\x03"
OPEN, CLOSE = "\x04", "\x05"
# Letters and digits of the scripts that part words by spaces.
_WORD = re.compile(r"[^\W_\u3005-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
# Quotation marks and dashes, each as it is typed.
_FORMS = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    }
)
# What may stand around a word that is sought.
_SIGNS = "!\"'(),-./:;?[]{}«»¿¡、。・「」『』【】〈〉《》…"


class Where(Enum):
    """In which texts to look."""

    ALL = "all"
    NAMES = "names"
    OTHERS = "others"


def words_of(folded: str) -> list[str]:
    """The words of a folded text, quotation marks and dashes as they are typed."""
    return folded.translate(_FORMS).split()


def bare(words: Sequence[str]) -> list[str]:
    """The words without the signs around them."""
    return [word.strip(_SIGNS) or word for word in words]


def key_of(words: Sequence[str]) -> str:
    """The words as they stand in the index."""
    return f"{BEGINNING}{_marked(' '.join(words))}{END}"


def steps(words: Sequence[str]) -> Iterator[tuple[tuple[str, ...], Where]]:
    """What to look for, step by step: parts that a text must have, all of them.

    What is called just so comes first. Then names come before other texts, the words side by side
    before the words apart, and these before beginnings of words; what stands within words is last.
    """
    whole = tuple(map(_marked, words))
    beginnings = tuple(word.removesuffix(CLOSE) for word in whole)
    ways = dict.fromkeys([(_marked(" ".join(words)),), whole, beginnings])
    yield (key_of(words),), Where.ALL
    yield from ((parts, Where.NAMES) for parts in ways)
    yield from ((parts, Where.OTHERS) for parts in ways)
    if within(words) not in ways:
        yield within(words), Where.ALL


def within(words: Sequence[str]) -> tuple[str, ...]:
    """The parts of any text in which all the words stand."""
    return tuple(_marked(word).removeprefix(OPEN).removesuffix(CLOSE) for word in words)


def _marked(text: str) -> str:
    return _WORD.sub(f"{OPEN}\\g<0>{CLOSE}", text)
