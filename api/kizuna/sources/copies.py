"""Texts of ours that copy a document: seven or more of its words in a row.

What counts is decided thus. Words are compared without regard to letter case and punctuation. A
document's front matter, all before its first line of over 100 characters, doesn't count. In a
shared run a proper name counts as one word, however many it has, and a figure (a word with a digit)
as none. Proper names are the data's own labels, other names included, of what no claim is on,
where each word of over three letters begins with a capital or a digit.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kizuna import namespaces as ns
from kizuna.dataset.files import read_lines
from kizuna.errors import MalformedData
from kizuna.sources.words import SHOWN, Word, body, is_name, words
from kizuna.terms import Literal, Quad

LEAST = 7

_LABELS = frozenset({ns.SKOS_PREF_LABEL, ns.SKOS_ALT_LABEL})


@dataclass(frozen=True)
class OwnText:
    """A text of ours: its file, the line before it, and how it reads."""

    file: str
    line: int
    text: str


def literals(files: Iterable[Path]) -> Iterator[OwnText]:
    """Every literal of the RDF files."""
    for file in files:
        for quad, line in read_lines(file).items():
            if isinstance(quad.object, Literal):
                yield OwnText(str(file), line - quad.object.value.count("\n"), quad.object.value)


def whole(files: Iterable[Path]) -> Iterator[OwnText]:
    """Each of the files as one text; raises MalformedData for what isn't UTF-8."""
    for file in files:
        try:
            yield OwnText(str(file), 1, file.read_text(encoding="utf-8"))
        except UnicodeDecodeError as error:
            raise MalformedData(f"{file}: not UTF-8 text (byte {error.start})") from error


def proper_names(quads: Sequence[Quad]) -> frozenset[tuple[str, ...]]:
    """The proper names among the labels of what no claim is on, as words."""
    claimed = {quad.object for quad in quads if quad.predicate.value == ns.ON_FACT}
    return frozenset(
        tuple(word.text for word in words(quad.object.value))
        for quad in quads
        if quad.predicate.value in _LABELS
        and isinstance(quad.object, Literal)
        and quad.subject not in claimed
        and is_name(quad.object.value)
    )


def copies(
    texts: Iterable[OwnText], documents: Iterable[str], names: Iterable[tuple[str, ...]]
) -> Iterator[str]:
    """A line for each run of words that a text shares with a document and that counts as copied."""
    known = _Documents(documents)
    counted = _Names(names)
    for text in texts:
        for run in known.runs(words(text.text)):
            count = counted.count([word.text for word in run])
            if count >= LEAST:
                place = f"{text.file}:{text.line + run[0].line - 1}"
                shown = " ".join(word.text for word in run[:SHOWN])
                yield f"{place}: shares {count} words in a row with a document: {shown} …"


class _Documents:
    """The documents' words, each run of the least length with the places where it stands."""

    def __init__(self, documents: Iterable[str]) -> None:
        self._words = [[word.text for word in words(body(text))] for text in documents]
        self._places: Mapping[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
        for number, text in enumerate(self._words):
            for i in range(len(text) - LEAST + 1):
                self._places[tuple(text[i : i + LEAST])].append((number, i))

    def runs(self, text: Sequence[Word]) -> Iterator[Sequence[Word]]:
        """The longest runs that the text shares with a document, from left to right."""
        plain = [word.text for word in text]
        i = 0
        while i + LEAST <= len(text):
            places = self._places.get(tuple(plain[i : i + LEAST]), ())
            length = max((_shared(plain[i:], self._words[n][at:]) for n, at in places), default=0)
            if length:
                yield text[i : i + length]
            i += length - LEAST + 1 if length else 1


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words the two have in common at their beginning."""
    return next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )


class _Names:
    """Proper names, longest first, by their first word."""

    def __init__(self, names: Iterable[tuple[str, ...]]) -> None:
        self._by_first: Mapping[str, list[tuple[str, ...]]] = defaultdict(list)
        for name in sorted(filter(None, names), key=len, reverse=True):
            self._by_first[name[0]].append(name)

    def count(self, run: Sequence[str]) -> int:
        """The words of the run, a name counted as one and a figure as none."""
        count = i = 0
        while i < len(run):
            names = self._by_first.get(run[i], ())
            length = next((len(n) for n in names if tuple(run[i : i + len(n)]) == n), 1)
            figure = length == 1 and any(character.isdigit() for character in run[i])
            count += not figure
            i += length
        return count
