"""Operations kept in files: a GraphQL document or a SPARQL query with notes in its comments.

A note is a line ``# title@it: Chi guida il GCAP?``: its name, its language, its text. A parameter
is a line ``# parameter programme: Programme = id:gcap``: its name, its type, its default.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

NOTE = re.compile(r"#\s*(?P<name>\w+)@(?P<language>[\w-]+):\s*(?P<text>.+)")
PARAMETER = re.compile(r"#\s*parameter\s+(?P<name>\w+):\s*(?P<type>\w+)\s*=\s*(?P<default>.*\S)\s*")

Notes = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Declaration:
    """A parameter as its file declares it; the default is written as in the query."""

    name: str
    type: str
    default: str


@dataclass(frozen=True)
class Saved:
    """A saved operation: the file's name, its document, its notes by name and language."""

    name: str
    document: str
    notes: Notes
    parameters: tuple[Declaration, ...] = ()

    def note(self, name: str, language: str) -> str:
        """A note in a language, else in English, else in any, else empty."""
        texts = self.notes.get(name, {})
        return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def read_saved(folder: Path, suffix: str = ".graphql") -> tuple[Saved, ...]:
    """The saved operations of a folder, in the order of their files' names."""
    return tuple(_read(file) for file in sorted(folder.glob(f"*{suffix}")))


def _read(file: Path) -> Saved:
    notes: dict[str, dict[str, str]] = {}
    parameters: list[Declaration] = []
    kept = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if found := NOTE.fullmatch(line):
            notes.setdefault(found["name"], {})[found["language"]] = found["text"].strip()
        elif found := PARAMETER.fullmatch(line):
            parameters.append(Declaration(found["name"], found["type"], found["default"]))
        else:
            kept.append(line)
    return Saved(file.stem, "\n".join(kept).strip() + "\n", notes, tuple(parameters))
