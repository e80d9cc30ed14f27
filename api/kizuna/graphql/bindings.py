"""What each GraphQL field stands for: the executor's view of the schema.

The schema is built from the Model together with a table from (type name, field name) to one of
these; plans and execution read the table and never a name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from kizuna.graphql.groupable import Groupable, KeyField, MeasureField
from kizuna.model import Class, Path, Property


@dataclass(frozen=True)
class Identity:
    """The subject's IRI."""


@dataclass(frozen=True)
class Code:
    """A concept's code; ``codes`` gives it by the concept's IRI, others show their last part."""

    codes: Mapping[str, str]


@dataclass(frozen=True)
class Scalar:
    """The literal, or list of literals, of a field."""

    property: Property


@dataclass(frozen=True)
class TextField:
    """The text, or list of texts, of a field."""

    property: Property


@dataclass(frozen=True)
class TextPart:
    """The ``value`` or ``language`` of a text."""

    name: str


@dataclass(frozen=True)
class TimeDisplay:
    """A time as readers of a language write it, made from the EDTF along the path."""

    path: Path


@dataclass(frozen=True)
class Citation:
    """The subject's citation in a style."""


@dataclass(frozen=True)
class Link:
    """The subject, or short list of subjects, that a path leads to."""

    path: Path
    single: bool


@dataclass(frozen=True)
class Connection:
    """A connection: of a class at the root, or along a field's path from a subject.

    ``item`` is the class whose fields filter and order it, None for a union.
    """

    item: Class | None
    property: Property | None


@dataclass(frozen=True)
class ConnectionPart:
    """``nodes``, ``edges``, ``pageInfo`` or ``totalCount`` of a connection."""

    name: str


@dataclass(frozen=True)
class GroupBy:
    """The groups of a connection's items."""

    groupable: Groupable


@dataclass(frozen=True)
class GroupPart:
    """``keys`` or ``count`` of a group."""

    name: str


@dataclass(frozen=True)
class GroupKeyPart:
    """A key of a group."""

    key: KeyField


@dataclass(frozen=True)
class Measured:
    """What a group's values of a measure come to."""

    measure: MeasureField


@dataclass(frozen=True)
class AggregatePart:
    """``count``, ``min``, ``max``, ``sum`` or ``avg`` of a group's values."""

    name: str


@dataclass(frozen=True)
class EdgePart:
    """``node`` or ``cursor`` of an edge."""

    name: str


@dataclass(frozen=True)
class PageInfoPart:
    """A field of ``PageInfo``."""

    name: str


@dataclass(frozen=True)
class One:
    """A subject by its identifier: of a class, of any where that is None."""

    item: Class | None


@dataclass(frozen=True)
class Several:
    """Subjects by their identifiers."""


@dataclass(frozen=True)
class Search:
    """Subjects in whose texts certain words stand."""


@dataclass(frozen=True)
class HitPart:
    """``node``, ``field`` or ``text`` of what a search found."""

    name: str


@dataclass(frozen=True)
class ReleaseAt:
    """A release of the dataset, by its number or by a moment."""


@dataclass(frozen=True)
class Changes:
    """What differs between two releases."""


@dataclass(frozen=True)
class ReleaseEvent:
    """The release that an event of a subscription tells of."""


@dataclass(frozen=True)
class ReleaseList:
    """The releases of the dataset, newest first."""


@dataclass(frozen=True)
class ReleasePart:
    """A field of a release; ``query`` is the root of an operation on it."""

    name: str


@dataclass(frozen=True)
class Lapsed:
    """Whether what was foreseen has lapsed on a day."""


@dataclass(frozen=True)
class Provenance:
    """What derived values of the subject rest on, value by value; its fields by enum name."""

    fields: Mapping[str, Property]


@dataclass(frozen=True)
class InDocuments:
    """What each of several documents, of the class ``item``, says of the subject, a fact."""

    item: Class


@dataclass(frozen=True)
class Sides:
    """The subject's claims, it being a dispute, by what they say."""


@dataclass(frozen=True)
class Connecting:
    """Paths from one entity, of the class ``item``, to another through facts, of ``fact``."""

    item: Class
    fact: Class


@dataclass(frozen=True)
class RecordPart:
    """A part of a record: of what isn't a subject of its own."""

    name: str


@dataclass(frozen=True)
class RecordList:
    """A part of a record that is a connection of records."""

    name: str


Binding: TypeAlias = (
    Identity
    | Code
    | Scalar
    | TextField
    | TextPart
    | TimeDisplay
    | Citation
    | Link
    | Connection
    | ConnectionPart
    | GroupBy
    | GroupPart
    | GroupKeyPart
    | Measured
    | AggregatePart
    | EdgePart
    | PageInfoPart
    | One
    | Several
    | Search
    | HitPart
    | ReleaseAt
    | Changes
    | ReleaseEvent
    | ReleaseList
    | ReleasePart
    | Lapsed
    | Provenance
    | InDocuments
    | Sides
    | Connecting
    | RecordPart
    | RecordList
)
Bindings: TypeAlias = Mapping[tuple[str, str], Binding]
