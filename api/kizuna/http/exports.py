"""The exports over HTTP: the list of them, the files, their checksums, and the JSON-LD context.

A file is made when it is first asked for, kept for as long as the server runs, and sent from disk.
Its ETag is weak (https://www.rfc-editor.org/rfc/rfc9110#section-8.8.1), since the bytes may be
compressed on the way; there is no Last-Modified, since a release bears no time.
"""

import shutil
import tempfile
import weakref
from collections.abc import AsyncIterator, Mapping
from functools import cached_property
from pathlib import Path
from threading import Lock

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from kizuna.dataset.jsonld import Context
from kizuna.dataset.releases import Dataset, Release
from kizuna.errors import NotFound
from kizuna.exporting import BLOCK, CHECKSUM, Export, save
from kizuna.http.caching import unchanged
from kizuna.http.negotiation import preferred
from kizuna.http.problems import HTML, Page

JSON = "application/json"
JSON_LD = "application/ld+json"


class Files:
    """The exports as files of a folder of their own, each made once, when it is first asked for."""

    def __init__(self) -> None:
        self._lock = Lock()

    @cached_property
    def _folder(self) -> Path:
        folder = tempfile.mkdtemp(prefix="kizuna-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return Path(folder)

    def made(self, export: Export) -> tuple[Path, str]:
        """The file, and its line of checksum."""
        with self._lock:
            file = self._folder / export.name
            if not file.exists():
                save(export, self._folder)
        return file, (self._folder / (export.name + CHECKSUM)).read_text(encoding="utf-8")


class Exports:
    """Answers for what can be taken away whole."""

    def __init__(
        self, dataset: Dataset, exports: Mapping[str, Export], page: Page, files: Files
    ) -> None:
        self._release = dataset.release
        self._by_name = {export.name: export for export in exports.values()}
        self._page = page
        self._files = files
        self._context = Context(dataset).text()

    def routes(self) -> list[BaseRoute]:
        """The list, the files, and the context."""
        return [
            Route("/export", self.listed),
            Route("/export/{name}", self.file),
            Route("/context.jsonld", self.context),
        ]

    async def listed(self, request: Request) -> Response:
        """What there is: a page for browsers, else JSON."""
        exports = self._by_name.values()
        if preferred(request.headers.get("accept"), (JSON, HTML)) == HTML:
            parts = {"here": "exports", "exports": exports, "checksum": CHECKSUM}
            return self._page(request, "exports.html", parts)
        content = {
            "release": {"number": self._release.number, "hash": self._release.hash},
            "exports": [_listed(request, export) for export in exports],
        }
        return JSONResponse(content, headers={"vary": "Accept"})

    async def file(self, request: Request) -> Response:
        """A file or its checksum."""
        name = str(request.path_params["name"])
        export = self._by_name.get(name.removesuffix(CHECKSUM))
        if export is None:
            raise NotFound(_no_such(name, self._release, self._by_name))
        file, checksum = await run_in_threadpool(self._files.made, export)
        if name.endswith(CHECKSUM):
            return Response(checksum, media_type="text/plain")
        return _sent(request, export, file, checksum.split()[0])

    async def context(self, request: Request) -> Response:
        """The JSON-LD context."""
        return Response(self._context, media_type=JSON_LD)


def _listed(request: Request, export: Export) -> Mapping[str, str]:
    url = str(request.base_url.replace(path=f"/export/{export.name}"))
    return {
        "name": export.name,
        "title": export.title,
        "mediaType": export.media_type,
        "url": url,
        "sha256": url + CHECKSUM,
    }


def _sent(request: Request, export: Export, file: Path, digest: str) -> Response:
    headers = {
        "etag": f'W/"{digest}"',
        "vary": "Accept-Encoding",
        "content-disposition": f'attachment; filename="{export.name}"',
    }
    if unchanged(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    headers["content-length"] = str(file.stat().st_size)
    if request.method == "HEAD":
        return Response(headers=headers, media_type=export.media_type)
    return StreamingResponse(_blocks(file), headers=headers, media_type=export.media_type)


async def _blocks(file: Path) -> AsyncIterator[bytes]:
    async with await anyio.open_file(file, "rb") as content:
        while block := await content.read(BLOCK):
            yield block


def _no_such(name: str, release: Release, there: Mapping[str, Export]) -> str:
    named, listed = f"kizuna-{release.number}", ", ".join(there)
    if name.startswith("kizuna-") and not name.startswith((f"{named}.", f"{named}-")):
        return f"{name!r}: release {release.number} is the one served here; there are {listed}."
    return f"{name!r}: there is no such export; there are {listed}, each also with {CHECKSUM}."
