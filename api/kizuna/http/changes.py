"""What differs between two releases, as JSON: what GraphQL tells by ``changes``, page by page.

Releases don't change, so that a place in a list is told by how much goes before it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlencode

import anyio
from anyio import CapacityLimiter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from kizuna.dataset.releases import Releases
from kizuna.descriptions.naming import LANGUAGES
from kizuna.errors import InvalidInput
from kizuna.graphql.comparing import LISTS, LONGEST, Difference, Differences
from kizuna.graphql.connections import page_size
from kizuna.graphql.records import Record, Value
from kizuna.graphql.records import Releases as Told
from kizuna.graphql.releasing import Editions
from kizuna.http.negotiation import languages_of
from kizuna.http.releases import told_of
from kizuna.model import Model

SIDES = 2  # releases that are looked into
COMPARING = 2  # comparisons at once: more wait, and readers don't wait for them
LONGEST_NUMBER = 9  # digits


@dataclass(frozen=True)
class Changes:
    """Answers for what differs between any two of the releases."""

    releases: Releases
    comparing: CapacityLimiter = field(default_factory=partial(CapacityLimiter, COMPARING))

    def routes(self) -> list[BaseRoute]:
        """The one address."""
        return [Route("/changes", self.respond)]

    async def respond(self, request: Request) -> Response:
        """What leads from one release to another, as much of each list as a page holds."""
        work = partial(self._content, request)
        content = await anyio.to_thread.run_sync(work, limiter=self.comparing)
        return JSONResponse(content, headers={"vary": "Accept-Language"})

    def _content(self, request: Request) -> Mapping[str, Any]:
        asked = _asked(request, self.releases.current.model)
        changed = Editions(self.releases, SIDES).changes(asked.ends)
        differences = Differences(changed, languages_of(request) or LANGUAGES)
        lists = {name: differences.listed(name, asked.types) for name in LISTS}
        ends = {"from": told_of(request, changed.first), "to": told_of(request, changed.last)}
        pages = {name: asked.page(differences, listed) for name, listed in lists.items()}
        return {**ends, **pages, "next": asked.following(max(map(len, lists.values())))}


@dataclass(frozen=True)
class _Asked:
    """The releases to compare, and the page of each list; ``given`` asks for the same anew."""

    ends: Mapping[str, int]
    types: Sequence[str] | None
    start: int
    size: int
    given: Mapping[str, object]

    def page(self, differences: Differences, listed: Sequence[Difference]) -> Mapping[str, Any]:
        """Some of a list, and how much there is of it."""
        shown = listed[self.start : self.start + self.size]
        nodes = [_json(record) for record in differences.told(shown)]
        return {"totalCount": len(listed), "nodes": nodes}

    def following(self, longest: int) -> str | None:
        """Where the next page is to be had, unless all lists end before."""
        start = self.start + self.size
        if not self.size or start >= longest:
            return None
        return f"/changes?{urlencode({**self.given, 'after': start}, doseq=True)}"


def _asked(request: Request, model: Model) -> _Asked:
    given = request.query_params
    ends = {name: _number(name, given.get(name)) for name in ("from", "to")}
    first = _number("first", given["first"]) if "first" in given else None
    types = given.getlist("type")
    kept = {name: given.getlist(name) for name in ("from", "to", "type", "first", "lang")}
    return _Asked(
        ends,
        _classes(model, types) if types else None,
        _number("after", given.get("after", "0")),
        page_size("first", first, LONGEST),
        kept,
    )


def _json(value: Value) -> Any:
    if isinstance(value, Record):
        return {name: _json(part) for name, part in value.parts.items()}
    if isinstance(value, tuple):
        return [_json(each) for each in value]
    return [made.told for made in value.made] if isinstance(value, Told) else value


def _classes(model: Model, names: Sequence[str]) -> list[str]:
    classes = {found.name: iri for iri, found in model.classes.items()}
    if unknown := [name for name in names if name not in classes]:
        known = ", ".join(sorted(classes))
        raise InvalidInput(f"type: there is no type {unknown[0]!r}; there are {known}.")
    return [classes[name] for name in names]


def _number(name: str, text: str | None) -> int:
    if text is None or not text.isascii() or not text.isdigit() or len(text) > LONGEST_NUMBER:
        raise InvalidInput(f"{name} is a whole number: say /changes?from=0&to=1.")
    return int(text)
