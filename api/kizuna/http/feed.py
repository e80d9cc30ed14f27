"""The releases as an Atom feed: https://www.rfc-editor.org/rfc/rfc4287

A feed and its entries are named by the hashes of the ledger's chain, so that each keeps its name
wherever the ledger is served, and no other ledger's bears it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import cached_property
from http import HTTPStatus
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from kizuna import __version__
from kizuna.dataset.entries import Entry
from kizuna.dataset.ledger import Ledger
from kizuna.http.caching import tag_of, unchanged

PATH = "/releases.atom"
MEDIA_TYPE = "application/atom+xml"
ATOM = "http://www.w3.org/2005/Atom"
MOST = 50

register_namespace("", ATOM)


@dataclass(frozen=True)
class Feed:
    """Answers with the newest entries of the ledger up to a release."""

    ledger: Ledger
    title: str
    newest: int

    def routes(self) -> list[BaseRoute]:
        """The feed's own route."""
        return [Route(PATH, self.respond)]

    async def respond(self, request: Request) -> Response:
        """The feed, unless the client holds it."""
        entries = await run_in_threadpool(self._newest)
        base = str(request.base_url).rstrip("/")
        headers = {
            "etag": tag_of([base, self.title, entries[0].hash, __version__]),
            "last-modified": format_datetime(entries[0].at, usegmt=True),
        }
        if _holds(request, headers["etag"], entries[0].at):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        feed = _feed(base, self.title, self._origin, entries)
        return Response(feed, 200, headers, MEDIA_TYPE)

    def _newest(self) -> Sequence[Entry]:
        """Newest first."""
        after = max(-1, self.newest - MOST)
        return self.ledger.entries(after=after, to=self.newest)[::-1]

    @cached_property
    def _origin(self) -> str:
        """What the feed is named by: the first link of the chain."""
        (first,) = self.ledger.entries(to=0)
        return f"{first.hash}{PATH}"


def _feed(base: str, title: str, origin: str, entries: Sequence[Entry]) -> bytes:
    feed = Element(f"{{{ATOM}}}feed")
    _add(feed, "id", _name(origin))
    _add(feed, "title", title)
    _add(feed, "updated", entries[0].at.isoformat())
    _add(SubElement(feed, f"{{{ATOM}}}author"), "name", title)
    _link(feed, "self", base + PATH, MEDIA_TYPE)
    _link(feed, "alternate", f"{base}/releases", "text/html")
    _add(feed, "generator", "Kizuna").set("version", __version__)
    for entry in entries:
        _entry(SubElement(feed, f"{{{ATOM}}}entry"), base, entry)
    content: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return content


def _entry(element: Element, base: str, entry: Entry) -> None:
    _add(element, "id", _name(entry.hash))
    _add(element, "title", " ".join(entry.message.split()) or f"Release {entry.number}")
    _add(element, "updated", entry.at.isoformat())
    if name := entry.contributor or entry.decided_by:
        _add(SubElement(element, f"{{{ATOM}}}author"), "name", name)
    release = f"{base}/releases/{entry.number}"
    if entry.contribution is None:
        _link(element, "alternate", release, "text/html")
    else:
        _link(element, "alternate", f"{base}/contributions/{entry.contribution}", "text/html")
        _link(element, "related", release, "text/html")
    SubElement(element, f"{{{ATOM}}}category", {"term": entry.action.value})
    counts = f"+{len(entry.change.added)} -{len(entry.change.removed)}"
    _add(element, "summary", f"Release {entry.number}: {counts}")


def _add(parent: Element, name: str, text: str) -> Element:
    element = SubElement(parent, f"{{{ATOM}}}{name}")
    element.text = text
    return element


def _link(parent: Element, relation: str, href: str, media_type: str) -> None:
    SubElement(parent, f"{{{ATOM}}}link", {"rel": relation, "href": href, "type": media_type})


def _name(key: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, key)}"


def _holds(request: Request, tag: str, modified: datetime) -> bool:
    """Whether the client has it: https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2"""
    if "if-none-match" in request.headers:
        return unchanged(request, tag)
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except ValueError:
        return False
    return since.tzinfo is not None and modified.replace(microsecond=0) <= since
