"""Full-text search over what the dataset's subjects are called and described as, in any language.

The index is SQLite's FTS5 with trigrams (https://www.sqlite.org/fts5.html#the_trigram_tokenizer):
every run of three characters, so that it needs no word boundaries and serves Japanese as well.
Case, accents and width don't count.
"""

import sqlite3
import threading
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

LARGEST_QUERY = 200
SHORTEST_INDEXED = 3
# Voicing marks make another letter of a kana; they are no accents.
KANA_MARKS = "\u3099\u309a"

_CREATE = """
    CREATE TABLE texts (
        subject TEXT, of_class TEXT, field TEXT, rank INTEGER, language TEXT, value TEXT, key TEXT
    );
    CREATE VIRTUAL TABLE keys USING fts5(key, content='texts', tokenize='trigram');
"""
_FILL = "INSERT INTO texts VALUES (?, ?, ?, ?, ?, ?, ?)"
_INDEX = "INSERT INTO keys(keys) VALUES ('rebuild')"
_ALL = "SELECT * FROM texts"
_MATCHING = "SELECT * FROM texts WHERE rowid IN (SELECT rowid FROM keys WHERE keys MATCH ?)"

_Row: TypeAlias = tuple[str, str, str, int, str, str, str]


@dataclass(frozen=True)
class Entry:
    """A text of a subject of a class: in which field it stands, of which rank (0 counts most)."""

    subject: str
    of_class: str
    field: str
    rank: int
    language: str
    value: str


@dataclass(frozen=True)
class Hit:
    """A subject found, with the text in which it was found best."""

    subject: str
    field: str
    language: str
    value: str


class SearchIndex:
    """An index of texts; it never changes, and may be read by several threads."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._lock = threading.Lock()
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        with self._database:
            self._database.executescript(_CREATE)
            self._database.executemany(_FILL, map(_row, entries))
            self._database.execute(_INDEX)

    def find(self, text: str, classes: Collection[str] | None = None) -> Iterator[Hit]:
        """The subjects in whose texts all the words stand, best first, each once.

        What is called just so comes first, then what begins so, then names before descriptions
        and the short before the long. With ``classes`` only subjects of these count. Nothing is
        found for an empty text; of one longer than ``LARGEST_QUERY`` only the beginning counts.
        """
        words = folded(text[:LARGEST_QUERY]).split()
        whole = " ".join(words)
        rows = [row for row in self._candidates(words) if all(word in row[-1] for word in words)]
        seen = set()
        for row in sorted(rows, key=lambda row: _place(row, whole)):
            subject, of_class, field, _, language, value, _ = row
            if subject not in seen and (classes is None or of_class in classes):
                seen.add(subject)
                yield Hit(subject, field, language, value)

    def _candidates(self, words: Sequence[str]) -> list[_Row]:
        """Texts in which all words may stand that are long enough for the index."""
        if not words:
            return []
        known = [word.replace('"', '""') for word in words if len(word) >= SHORTEST_INDEXED]
        with self._lock:
            if not known:
                return self._database.execute(_ALL).fetchall()
            match = " AND ".join(f'"{word}"' for word in known)
            return self._database.execute(_MATCHING, (match,)).fetchall()


def folded(text: str) -> str:
    """The text without what doesn't count: case, accents, width, control characters."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    kept = (_kept(character) for character in decomposed)
    return unicodedata.normalize("NFKC", "".join(kept))


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Mn" and character not in KANA_MARKS:
        return ""
    return " " if category.startswith("C") else character


def _row(entry: Entry) -> _Row:
    key = " ".join(folded(entry.value).split())
    text = (entry.field, entry.rank, entry.language, entry.value)
    return entry.subject, entry.of_class, *text, key


def _place(row: _Row, whole: str) -> tuple[object, ...]:
    subject, _, field, rank, language, _, key = row
    return key != whole, not key.startswith(whole), rank, len(key), subject, field, language
