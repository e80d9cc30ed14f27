"""What is looked for in the texts of a search index, and in which order.

In the index words stand apart from signs, and from kana and kanji, by a space: so a whole word, the
beginning of one and what stands within are all found as parts of the text.
"""

import re
from collections.abc import Iterator, Sequence
from enum import Enum

# They stand around each text in the index, and in no text: what is folded has no such characters.
BEGINNING, END = "\x02 ", " \x03"
# A letter or digit of a script that parts words by spaces; and what is none.
_LETTER = r"[^\W_\u3005-\u30ff\u3400-\u9fff\uf900-\ufaff]"
_SIGN = rf"[^a-z0-9\s](?<!{_LETTER})"  # the first part says nothing new, and says it fast
_SIGNS = re.compile(f"{_SIGN}(?:{_SIGN})*")
# Quotation marks and dashes, each as it is typed.
_FORMS = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    }
)
# What may stand around a word that is sought.
_AROUND = "!\"'(),-./:;?[]{}«»¿¡、。・「」『』【】〈〉《》…"


class Where(Enum):
    """In which texts to look."""

    ALL = "all"
    NAMES = "names"
    OTHERS = "others"


def words_of(folded: str) -> list[str]:
    """The words of a folded text, quotation marks and dashes as they are typed."""
    return (folded if folded.isascii() else folded.translate(_FORMS)).split()


def bare(words: Sequence[str]) -> list[str]:
    """The words without the signs around them."""
    return [word.strip(_AROUND) or word for word in words]


def key_of(words: Sequence[str]) -> str:
    """The words as they stand in the index."""
    return f"{BEGINNING}{_parted(' '.join(words))}{END}"


def steps(words: Sequence[str]) -> Iterator[tuple[tuple[str, ...], Where]]:
    """What to look for, step by step: parts that a text must have, all of them.

    What is called just so comes first. Then names come before other texts, the words side by side
    before the words apart, and these before beginnings of words; what stands within words is last.
    """
    whole = tuple(map(_whole, words))
    ways = dict.fromkeys([(_whole(" ".join(words)),), whole, tuple(map(_beginning, words))])
    yield (key_of(words),), Where.ALL
    yield from ((parts, Where.NAMES) for parts in ways)
    yield from ((parts, Where.OTHERS) for parts in ways)
    if within(words) not in ways:
        yield within(words), Where.ALL


def within(words: Sequence[str]) -> tuple[str, ...]:
    """The parts of any text in which all the words stand."""
    return tuple(map(_parted, words))


def _parted(text: str) -> str:
    """The text with words apart from what they are written together with."""
    return " ".join(_SIGNS.sub(r" \g<0> ", text).split())


def _beginning(word: str) -> str:
    return " " * bool(re.match(_LETTER, word)) + _parted(word)


def _whole(text: str) -> str:
    return _beginning(text) + " " * bool(re.match(_LETTER, text[-1:]))
