"""Full-text search over what the dataset's subjects are called and described as, in any language.

The index is SQLite's FTS5 with trigrams (https://www.sqlite.org/fts5.html#the_trigram_tokenizer):
every run of three characters, so that it needs no word boundaries and serves Japanese as well.
Case, accents and width don't count. Texts are kept best first, names before others and the short
before the long, and read in that order, step by step (``sought``), no further than somebody wants
to know.
"""

import json
import sqlite3
import threading
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeAlias

from kizuna.dataset.seeking import language_fits
from kizuna.dataset.sought import Where, bare, key_of, steps, within, words_of

LARGEST_QUERY = 200
SHORTEST_INDEXED = 3
SMALLEST_BATCH, LARGEST_BATCH = 64, 4096
MOST_TEXTS = 2**62
# Voicing marks make another letter of a kana; they are no accents.
KANA_MARKS = "\u3099\u309a"
ASCII_CONTROLS = dict.fromkeys((*range(0x20), 0x7F), " ")

_CREATE = """
    CREATE TABLE entries (
        subject TEXT, of_class TEXT, field TEXT, rank INTEGER, language TEXT, value TEXT,
        key TEXT, size INTEGER
    )"""
_FILL = "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
# Ranks 0 and 1 are those of names.
_COUNT_NAMES = "SELECT count(*) FROM entries WHERE rank < 2"
_INDEX = """
    CREATE TABLE texts AS SELECT subject, of_class, field, language, value, key
        FROM entries ORDER BY rank >= 2, size, rank, subject, field, language;
    DROP TABLE entries;
    CREATE INDEX by_subject ON texts (subject, field);
    CREATE VIRTUAL TABLE keys USING fts5(key, content='texts', tokenize='trigram');
    INSERT INTO keys(keys) VALUES ('rebuild');
"""
_FOUND = "SELECT texts.rowid, subject, field, language, value FROM "
_INDEXED = f"{_FOUND} keys CROSS JOIN texts ON texts.rowid = keys.rowid WHERE keys MATCH ?"
_SCANNED = f"{_FOUND} texts WHERE true"
_HAS = " AND instr(texts.key, ?)"
_OF_CLASS = " AND of_class IN (SELECT value FROM json_each(?))"
_BATCH = " AND {0}.rowid > ? AND {0}.rowid <= ? ORDER BY {0}.rowid LIMIT ?"
_BESIDE = f"{_FOUND} texts WHERE subject = ? AND field = ?"

_Row: TypeAlias = tuple[int, str, str, str, str]


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
            self._database.execute(_CREATE)
            self._database.executemany(_FILL, map(_row, entries))
            (self._names,) = self._database.execute(_COUNT_NAMES).fetchone()
            self._database.executescript(_INDEX)

    def find(
        self, text: str, classes: Collection[str] | None = None, languages: Sequence[str] = ()
    ) -> Iterator[Hit]:
        """The subjects in whose texts all the words stand, best first, each once.

        What is called just so comes first; then names before descriptions, whole words before
        beginnings of words, and the short before the long; what stands within words is last. With
        ``classes`` only subjects of these count. Where the words stand in several languages of the
        field, the first of ``languages`` is told. Signs around words count only where they are
        found. Nothing is found for an empty text; of one longer than ``LARGEST_QUERY`` only the
        beginning counts.
        """
        words = words_of(folded(text[:LARGEST_QUERY]))
        found = self._found(words, classes, languages)
        first = next(found, None)
        if first is not None:
            return chain((first,), found)
        return found if bare(words) == words else self._found(bare(words), classes, languages)

    def _found(
        self, words: Sequence[str], classes: Collection[str] | None, languages: Sequence[str]
    ) -> Iterator[Hit]:
        seen = set()
        for parts, where in steps(words) if words else ():
            for row in self._rows(parts, where, classes):
                _, subject, *_ = row
                if subject not in seen:
                    seen.add(subject)
                    yield self._told(row, within(words), languages)

    def _rows(
        self, parts: Sequence[str], where: Where, classes: Collection[str] | None
    ) -> Iterator[_Row]:
        """The texts in which all the parts stand, best first."""
        query, given = _query(parts, classes)
        after, batch = self._names if where is Where.OTHERS else 0, SMALLEST_BATCH
        last = self._names if where is Where.NAMES else MOST_TEXTS
        while rows := self._read(query, (*given, after, last, batch)):
            yield from rows
            if len(rows) < batch:
                return
            after, batch = rows[-1][0], min(4 * batch, LARGEST_BATCH)

    def _read(self, query: str, given: Sequence[Any]) -> list[_Row]:
        with self._lock:
            return self._database.execute(query, given).fetchall()

    def _told(self, row: _Row, parts: Sequence[str], languages: Sequence[str]) -> Hit:
        _, subject, *text = row
        if languages and not language_fits(row[3], languages[0]):
            query = _BESIDE + _HAS * len(parts)
            beside = self._read(query, (subject, row[2], *parts))
            fitting = (
                [r for r in beside if language_fits(r[3], language)] for language in languages
            )
            _, subject, *text = next(filter(None, fitting), [row])[0]
        return Hit(subject, *text)


def _query(parts: Sequence[str], classes: Collection[str] | None) -> tuple[str, list[Any]]:
    """How to ask for the texts that have all the parts, from a row on; and what it is given."""
    phrases = [part.replace('"', '""') for part in parts if len(part) >= SHORTEST_INDEXED]
    query, given = (_INDEXED, [_all(phrases)]) if phrases else (_SCANNED, [])
    query += _HAS * len(parts)
    given += parts
    if classes is not None:
        query += _OF_CLASS
        given.append(json.dumps(sorted(classes)))
    return query + _BATCH.format("keys" if phrases else "texts"), given


def _all(phrases: Iterable[str]) -> Any:
    return " AND ".join(f'"{phrase}"' for phrase in phrases)


def folded(text: str) -> str:
    """The text without what doesn't count: case, accents, width, control characters."""
    if text.isascii():
        return text.lower().translate(ASCII_CONTROLS)
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    kept = (_kept(character) for character in decomposed)
    return unicodedata.normalize("NFKC", "".join(kept))


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Mn" and character not in KANA_MARKS:
        return ""
    return " " if category.startswith("C") else character


def _row(entry: Entry) -> tuple[str, str, str, int, str, str, str, int]:
    words = words_of(folded(entry.value))
    text = (entry.field, entry.rank, entry.language, entry.value)
    # Bytes: a character of Japanese says about as much as three of Italian.
    size = len(" ".join(words).encode())
    return entry.subject, entry.of_class, *text, key_of(words), size
