"""Operations kept in files: a GraphQL document with notes in its leading comments.

A note is a line ``# title@it: Chi guida il GCAP?``: its name, its language, its text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

NOTE = re.compile(r"#\s*(?P<name>\w+)@(?P<language>[\w-]+):\s*(?P<text>.+)")
QUESTION_LANGUAGES = ("en", "it", "ja")

Notes = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Saved:
    """A saved operation: the file's name, its document, and its notes by name and language."""

    name: str
    document: str
    notes: Notes

    def note(self, name: str, language: str) -> str:
        """A note in a language, else in English, else in any, else empty."""
        texts = self.notes.get(name, {})
        return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def read_saved(folder: Path) -> tuple[Saved, ...]:
    """The saved operations of a folder, in the order of their files' names."""
    return tuple(_read(file) for file in sorted(folder.glob("*.graphql")))


def read_questions(folder: Path) -> tuple[Saved, ...]:
    """The saved SPARQL queries of a folder, in the order of their files' names.

    The first lines of each are comments: its title in each of ``QUESTION_LANGUAGES``.
    """
    return tuple(_question(file) for file in sorted(folder.glob("*.rq")))


def _question(file: Path) -> Saved:
    text = file.read_text(encoding="utf-8")
    comments = takewhile(lambda line: line.startswith("#"), text.splitlines())
    titles = (line.lstrip("# ") for line in comments)
    return Saved(file.stem, text, {"title": dict(zip(QUESTION_LANGUAGES, titles, strict=False))})


def _read(file: Path) -> Saved:
    lines = file.read_text(encoding="utf-8").splitlines()
    notes: dict[str, dict[str, str]] = {}
    for found in filter(None, map(NOTE.fullmatch, lines)):
        notes.setdefault(found["name"], {})[found["language"]] = found["text"].strip()
    document = "\n".join(line for line in lines if not NOTE.fullmatch(line)).strip() + "\n"
    return Saved(file.stem, document, notes)
