"""Pages of connections: what the arguments ask, cursors, and cutting rows to a page.

https://relay.dev/graphql/connections.htm; a cursor is a place in an order (keyset), so that a page
stays right when items come and go.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import orjson

from kizuna import namespaces as ns
from kizuna.dataset.selection import After, Condition, Key
from kizuna.dataset.store import Row
from kizuna.errors import InvalidInput, LimitExceeded
from kizuna.terms import Literal, NamedNode, Term

DEFAULT_SIZE = 20
# Of hashes so many characters stand in a cursor: for the list, and for the item whose list it is.
SIGNED = 16
OWNED = 8


class Item(NamedTuple):
    """A subject of a page with the values of its order keys, where those are needed."""

    subject: NamedNode
    keys: tuple[Literal | None, ...] = ()


@dataclass(frozen=True)
class Page:
    """Part of a connection, in its order; ``total`` is None where nobody asked.

    For its cursors ``signature`` names what list the page is of, and ``parent`` whose.
    """

    items: tuple[Item, ...]
    has_next: bool
    has_previous: bool
    total: int | None = None
    signature: str = ""
    parent: Term | None = None

    def cursor(self, item: Item) -> str:
        """The item's place in the list, opaque to the client."""
        keys = [None if key is None else [key.value, key.datatype.value] for key in item.keys]
        packed = orjson.dumps([self._signed, keys, item.subject.value])
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @cached_property
    def _signed(self) -> str:
        return self.signature + _owner(self.parent)


@dataclass(frozen=True)
class PageRequest:
    """What a connection's arguments ask.

    ``signature`` names list, order, filter and release: a cursor made under another is refused.
    So is one of another item's list of the same kind (``misplaced``); ``owner`` says whose the
    cursor is that was given.
    """

    size: int
    backward: bool
    condition: Condition | None
    order: tuple[Key, ...]
    place: After | None
    signature: str
    owner: str = ""

    def page(
        self, rows: Sequence[Item], parent: Term | None, *, more_behind: bool, total: int | None
    ) -> Page:
        """The page that the rows past the place make, given in the direction of the request."""
        items = tuple(rows[: self.size])
        beyond = len(rows) > self.size
        if self.backward:
            return Page(items[::-1], more_behind, beyond, total, self.signature, parent)
        return Page(items, beyond, more_behind, total, self.signature, parent)

    def misplaced(self, parent: Term | None) -> InvalidInput | None:
        """Why the parent's list can't be read from the place on, where it can't."""
        if self.place is None or self.owner == _owner(parent):
            return None
        return InvalidInput(
            f"{'before' if self.backward else 'after'}: the cursor belongs to this list of another "
            f"item, not of {parent}; give it to the item that it came from alone, "
            "as with node(id:), or start again without a cursor"
        )


def page_request(
    arguments: Mapping[str, Any],
    condition: Condition | None,
    order: tuple[Key, ...],
    listed: str,
    largest: int,
) -> PageRequest:
    """What the arguments ``first``, ``after``, ``last`` and ``before`` ask.

    ``listed`` names the list and the release, so that a cursor fits no other.
    Raises InvalidInput where they contradict each other or a cursor belongs elsewhere,
    LimitExceeded for a page larger than ``largest``.
    """
    backward = arguments.get("last") is not None or (
        arguments.get("before") is not None and arguments.get("first") is None
    )
    forbidden = ("first", "after") if backward else ("last", "before")
    if clash := [name for name in forbidden if arguments.get(name) is not None]:
        raise InvalidInput(
            f"{clash[0]} can't go with {'last or before' if backward else 'first or after'}; "
            "page forward with first and after, or backward with last and before"
        )
    name, place = ("last", "before") if backward else ("first", "after")
    size = page_size(name, arguments.get(name), largest)
    signature = _signature(order, condition, listed)
    given = arguments.get(place)
    if given is None:
        return PageRequest(size, backward, condition, order, None, signature)
    after, owner = _place(place, given, signature, len(order))
    return PageRequest(size, backward, condition, order, after, signature, owner)


def item_of(row: Row) -> Item:
    """The item of a row of a selection: parent, subject, keys, whether it is past the place."""
    subject, keys = row[1], row[2:-1]
    if not isinstance(subject, NamedNode):
        raise InvalidInput(f"{subject} has no IRI and can't stand in a page; load it with an IRI")
    return Item(subject, tuple(map(_literal, keys)))


def is_past(row: Row) -> bool:
    """Whether a row of a selection is past the place."""
    past = row[-1]
    return isinstance(past, Literal) and past.value == "true"


def page_size(name: str, given: int | None, largest: int) -> int:
    """How many items a page holds; raises InvalidInput or LimitExceeded for a number it can't."""
    if given is None:
        return min(DEFAULT_SIZE, largest)
    if given < 0:
        raise InvalidInput(f"{name} is {given}; give a number from 0 to {largest}")
    if given > largest:
        raise LimitExceeded(
            f"{name} is {given}, the largest page holds {largest}; ask for less at a time"
        )
    return given


def _literal(term: Term | None) -> Literal | None:
    return term if term is None or isinstance(term, Literal) else Literal(str(term))


def _signature(order: tuple[Key, ...], condition: Condition | None, listed: str) -> str:
    return _hash(repr((order, condition, listed)))[:SIGNED]


def _owner(parent: Term | None) -> str:
    """The item whose list it is, as its cursors say; nothing at the root."""
    return "" if parent is None else _hash(str(parent))[:OWNED]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _place(name: str, given: str, signature: str, keys: int) -> tuple[After, str]:
    """The place that a cursor stands for, and whose list it is of."""
    try:
        made, values, subject = orjson.loads(
            base64.urlsafe_b64decode(given + "=" * (-len(given) % 4))
        )
        place, made = After(tuple(_key(value) for value in values), str(subject)), str(made)
    except (ValueError, TypeError, binascii.Error) as error:
        raise InvalidInput(
            f"{name}: {given!r} is no cursor; take one from an answer's pageInfo or edges"
        ) from error
    if made[:SIGNED] != signature or len(place.values) != keys:
        raise InvalidInput(
            f"{name}: the cursor belongs to another list, filter, order, language or release; "
            "keep those as they were, or start again without a cursor"
        )
    return place, made[SIGNED:]


def _key(value: list[str] | None) -> Literal | None:
    if value is None:
        return None
    text, datatype = value
    if datatype == ns.XSD + "string":
        return Literal(text)
    return Literal(text, datatype=NamedNode(datatype))
