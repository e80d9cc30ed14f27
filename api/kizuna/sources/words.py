"""Texts as words: what counts as one, and where it stands."""

import re
import unicodedata
from dataclasses import dataclass

LONG_LINE = 100  # characters; a title or another line of front matter has no more
SHOWN = 6  # words of a text that a message repeats

_WORD = re.compile(r"\w+(?:['’]\w+)?")


@dataclass(frozen=True)
class Word:
    """A word with letter case and compatibility forms levelled, and the line it stands on."""

    text: str
    line: int


def words(text: str) -> list[Word]:
    """The words of a text: letters, digits and underscores in a row, an apostrophe among them."""
    found = []
    for number, line in enumerate(unicodedata.normalize("NFKC", text).split("\n"), 1):
        found += [Word(match.group().casefold(), number) for match in _WORD.finditer(line)]
    return found


def count_words(text: str) -> int:
    """How many words the text has."""
    return len(_WORD.findall(text))


def beginning(text: str) -> str:
    """The first few words of the text, on one line."""
    found = list(_WORD.finditer(text))
    if len(found) <= SHOWN:
        return " ".join(text.split())
    return " ".join(text[: found[SHOWN - 1].end()].split()) + " …"


def body(text: str) -> str:
    """The text without its front matter: from its first line of over a hundred characters on."""
    lines = text.splitlines()
    first = next((i for i, line in enumerate(lines) if len(line) > LONG_LINE), 0)
    return "\n".join(lines[first:])


def is_name(label: str) -> bool:
    """Whether a label is a proper name.

    It is where each of its words of more than three letters begins with a capital or a digit:
    "Bank for Reconstruction" is one, "Bank for rebuilding" isn't.
    """
    return all(len(w) <= 3 or not w[0].islower() for w in _WORD.findall(label))
