"""What a reconciliation client asks, read from its JSON:
https://reconciliation-api.github.io/specs/0.2/#structure-of-a-reconciliation-query
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from kizuna.errors import InvalidInput, LimitExceeded

MOST_QUERIES = 100
MOST_ROWS = 1000
MOST_CANDIDATES = 50
USUAL_CANDIDATES = 5
MEMBERS = frozenset({"query", "type", "type_strict", "limit", "properties"})


@dataclass(frozen=True)
class Wish:
    """What is asked for one cell: its text, the types that it may be of, and other cells."""

    text: str
    types: tuple[str, ...] = ()
    known: tuple[tuple[str, tuple[str, ...]], ...] = ()
    limit: int = USUAL_CANDIDATES


@dataclass(frozen=True)
class Column:
    """A property to extend rows by: at most so many values (0 is all), texts in one language."""

    name: str
    limit: int = 0
    language: str = ""


def read_queries(text: str) -> dict[str, Wish]:
    """A batch of queries by name; raises InvalidInput, LimitExceeded."""
    queries = _object("queries", text)
    if len(queries) > MOST_QUERIES:
        raise LimitExceeded(f"There are {len(queries)} queries; send at most {MOST_QUERIES}.")
    return {name: _wish(name, query) for name, query in queries.items()}


def read_extension(text: str) -> tuple[list[str], list[Column]]:
    """The rows and the columns to extend them by; raises InvalidInput, LimitExceeded."""
    asked = _object("extend", text)
    ids, properties = asked.get("ids"), asked.get("properties")
    if not isinstance(ids, list) or not isinstance(properties, list):
        raise InvalidInput("extend: give ids, a list of strings, and properties, a list.")
    if len(ids) > MOST_ROWS:
        raise LimitExceeded(f"There are {len(ids)} ids; send at most {MOST_ROWS}.")
    return [str(name) for name in ids], [_column(each) for each in properties]


def _column(given: object) -> Column:
    if not isinstance(given, dict) or not isinstance(given.get("id"), str):
        raise InvalidInput('extend: each of the properties is an object, such as {"id": "label"}.')
    settings = given.get("settings")
    settings = settings if isinstance(settings, dict) else {}
    limit = str(settings.get("limit") or 0)
    if not limit.isdecimal():
        raise InvalidInput(f"extend: limit is {limit!r}; give a number from 0 on.")
    return Column(given["id"], int(limit), str(settings.get("lang") or ""))


def _wish(name: str, query: object) -> Wish:
    """A query of the batch; raises InvalidInput where it is none."""
    if not isinstance(query, dict):
        raise InvalidInput(f'{name}: a query is an object, such as {{"query": "Japan"}}.')
    if unknown := sorted(query.keys() - MEMBERS):
        there = ", ".join(sorted(MEMBERS))
        raise InvalidInput(f"{name}: a query has no {unknown[0]}; it may have {there}.")
    text, types = query.get("query", ""), query.get("type") or ()
    known = query.get("properties") or ()
    if not isinstance(text, str) or not all(isinstance(each, dict) for each in known):
        raise InvalidInput(f"{name}: query is a string, and properties a list of objects.")
    if not all(isinstance(each.get("pid"), str) and "v" in each for each in known):
        raise InvalidInput(f"{name}: each of the properties has its name, pid, and a value, v.")
    if not text and not known:
        raise InvalidInput(f"{name}: give a query, or properties.")
    limit = query.get("limit")
    return Wish(
        text,
        (types,) if isinstance(types, str) else tuple(map(str, types)),
        tuple((each["pid"], tuple(_wanted(each["v"]))) for each in known),
        min(limit, MOST_CANDIDATES) if isinstance(limit, int) and limit > 0 else USUAL_CANDIDATES,
    )


def _wanted(value: object) -> Iterator[str]:
    """The values of a property in a query as texts."""
    match value:
        case list():
            for each in value:
                yield from _wanted(each)
        case {"id": name}:
            yield str(name)
        case bool():
            yield str(value).lower()
        case None:
            return
        case _:
            yield str(value)


def _object(name: str, text: str) -> dict[str, Any]:
    try:
        value = orjson.loads(text)
    except ValueError as error:
        raise InvalidInput(f"{name} is no JSON: {error}.") from error
    if not isinstance(value, dict):
        raise InvalidInput(f"{name} is a JSON object.")
    return value
