"""The releases over HTTP: the list of them, each with what made it, and SPARQL over a past one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from kizuna.dataset.releases import Made
from kizuna.errors import NotFound
from kizuna.exporting import file_name
from kizuna.http.contribution_page import moment
from kizuna.http.negotiation import languages_of, preferred
from kizuna.http.past import Past
from kizuna.http.phrases import page_language
from kizuna.http.problems import HTML, Page
from kizuna.http.release_wording import WORDS
from kizuna.http.sparql import Sparql

JSON = "application/json"
VARY = {"vary": "Accept, Accept-Language"}
MOST = 50
LONGEST_NUMBER = 9  # digits


@dataclass(frozen=True)
class ReleasePages:
    """Answers for the releases, the current one being that of ``sparql``.

    ``variants`` are the exports that there are of each.
    """

    past: Past
    sparql: Sparql
    page: Page
    variants: Sequence[str]

    def routes(self) -> list[BaseRoute]:
        """The list, one release, and SPARQL over it."""
        return [
            Route("/releases", self.listed),
            Route("/releases/{number}", self.one),
            Route("/releases/{number}/sparql", self.asked, methods=["GET", "POST"]),
        ]

    async def listed(self, request: Request) -> Response:
        """The releases, newest first: a page for browsers, else JSON."""
        found, more = await run_in_threadpool(self._page_of, request)
        if _wants_page(request):
            parts = {"found": found, "following": f"{more}&{_lang(request)}" if more else ""}
            return self._shown(request, "releases.html", parts)
        told = [told_of(request, made) for made in found]
        return JSONResponse({"releases": told, "next": more}, headers=VARY)

    def _page_of(self, request: Request) -> tuple[Sequence[Made], str | None]:
        releases = self.past.releases
        before = request.query_params.get("before")
        last = releases.numbers[-1] if before is None else _number(before) - 1
        numbers = [number for number in releases.numbers if number <= last][::-1]
        found = [releases.made(number) for number in numbers[:MOST]]
        more = f"/releases?before={found[-1].number}" if len(numbers) > MOST else None
        return found, more

    async def one(self, request: Request) -> Response:
        """A release: a page for browsers, else JSON."""
        number = _number(request.path_params["number"])
        made = await run_in_threadpool(self.past.releases.made, number)
        if not _wants_page(request):
            return JSONResponse(told_of(request, made), headers=VARY)
        files = [file_name(number, variant) for variant in self.variants]
        query = f"query @asOf(release: {number}) {{\n  __typename\n}}\n"
        asking = f"/graphql?{_lang(request)}&{urlencode({'query': query})}"
        parts = {"made": made, "files": files, "asking": asking}
        return self._shown(request, "release.html", parts)

    async def asked(self, request: Request) -> Response:
        """SPARQL over a release: as at /sparql, its answers those of that release."""
        number = _number(request.path_params["number"])
        if number == self.sparql.dataset.release.number:
            return await self.sparql.respond(request)
        dataset = await self.past.at(number)
        async with self.past.engine(dataset) as engine:
            return await self.sparql.over(dataset, engine).respond(request)

    def _shown(self, request: Request, template: str, parts: Mapping[str, object]) -> Response:
        language = page_language(languages_of(request))
        tell = {"here": "releases", "tell": WORDS[language], "moment": moment(language)}
        return self.page(request, template, {**tell, **parts})


def told_of(request: Request, made: Made) -> Mapping[str, object]:
    """A release as JSON, with where more is to be had."""
    number = made.number
    url = str(request.base_url.replace(path=f"/releases/{number}"))
    return {**made.told, "hash": made.release.hash, "url": url, "sparql": f"{url}/sparql"}


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > LONGEST_NUMBER:
        raise NotFound(f"{text!r} is no number of a release; /releases lists them.")
    return int(text)


def _wants_page(request: Request) -> bool:
    return preferred(request.headers.get("accept"), (JSON, HTML)) == HTML


def _lang(request: Request) -> str:
    return urlencode({"lang": page_language(languages_of(request))})
