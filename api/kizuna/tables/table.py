"""What a table is, before it is written in any format."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

from kizuna.model import Texts


class Missing(Enum):
    """Why a cell is empty; the value is how CSV and Stata write it."""

    NOT_STATED = ".a"
    NOT_APPLICABLE = ".b"
    NOT_CODED = ".c"

    @property
    def words(self) -> str:
        """The reason in words: ``not stated``."""
        return self.name.lower().replace("_", " ")


class Kind(Enum):
    """What kind of value a column holds."""

    TEXT = "string"
    INTEGER = "integer"
    NUMBER = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    CODE = "code"


Cell: TypeAlias = str | int | Decimal | bool | date | Missing
Row: TypeAlias = tuple[Cell, ...]


@dataclass(frozen=True)
class Column:
    """A column: its name, its kind, what it is called and what it means in each language.

    ``codes`` are a CODE's values with their labels; ``reference`` is the table whose ``id`` the
    values name, where it is one table.
    """

    name: str
    kind: Kind
    titles: Texts
    descriptions: Texts = field(default_factory=dict)
    codes: Mapping[str, Texts] = field(default_factory=dict)
    reference: str | None = None


@dataclass(frozen=True)
class Table:
    """A table: rows in order, each with a cell a column; ``key`` names what tells rows apart.

    ``folder`` says of which sort it is: ``classes``, ``links`` or ``units``.
    """

    folder: str
    name: str
    titles: Texts
    descriptions: Texts
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    key: tuple[str, ...] = ()

    def column(self, name: str) -> list[Cell]:
        """The cells of a column."""
        place = [column.name for column in self.columns].index(name)
        return [row[place] for row in self.rows]


CLASSES, LINKS, UNITS = "classes", "links", "units"


def in_english(texts: Texts) -> str:
    """The English text, else any, else empty."""
    return texts.get("en") or next(iter(texts.values()), "")
