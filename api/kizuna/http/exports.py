"""The exports over HTTP: the list of them, the files, their checksums, and the JSON-LD context.

A file is made when it is first asked for, kept for as long as the server runs, and sent from disk.
Its ETag is weak (https://www.rfc-editor.org/rfc/rfc9110#section-8.8.1), since the bytes may be
compressed on the way; there is no Last-Modified, since a release bears no time.
"""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from kizuna.dataset.jsonld import Context
from kizuna.dataset.releases import Dataset
from kizuna.errors import NotFound
from kizuna.exporting import BLOCK, CHECKSUM, Export
from kizuna.http.caching import unchanged
from kizuna.http.files import Files
from kizuna.http.negotiation import preferred
from kizuna.http.past import Past
from kizuna.http.problems import HTML, Page

JSON = "application/json"
JSON_LD = "application/ld+json"


class Exports:
    """Answers for what can be taken away whole."""

    def __init__(
        self,
        dataset: Dataset,
        exports: Mapping[str, Export],
        page: Page,
        files: Files,
        past: Past,
    ) -> None:
        self._release = dataset.release
        self._by_name = {export.name: export for export in exports.values()}
        self._page = page
        self._files = files
        self._past = past
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
        """A file or its checksum, of the release that is served here or a past one."""
        name = str(request.path_params["name"])
        export = self._by_name.get(name.removesuffix(CHECKSUM))
        if export is not None:
            file, checksum = await run_in_threadpool(self._files.made, export)
        elif export := await self._past.export(name.removesuffix(CHECKSUM)):
            file, checksum = await self._past.file(export)
        else:
            raise NotFound(_no_such(name, self._by_name))
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


def _no_such(name: str, there: Mapping[str, Export]) -> str:
    listed = ", ".join(there)
    return (
        f"{name!r}: there is no such export; there are {listed}, each also with {CHECKSUM}, and "
        "with another number of a past release."
    )
