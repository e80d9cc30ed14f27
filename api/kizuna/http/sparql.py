"""The SPARQL endpoint: https://www.w3.org/TR/sparql11-protocol/, its query operation.

No query is parsed or run in this process: ``kizuna.dataset.query`` scans it, an engine process runs
it, and what comes back is a file of the serialised answer, sent as it is.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from http import HTTPStatus
from typing import IO, Protocol, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from kizuna import __version__
from kizuna.dataset.engine import Answering, Question
from kizuna.dataset.formats import SOLUTIONS, TRIPLES
from kizuna.dataset.query import Query, read_query, shortened
from kizuna.dataset.releases import Dataset, dataset_hash
from kizuna.errors import EngineUnavailable, InvalidInput, KizunaError, NotOffered
from kizuna.http.caching import tag_of, unchanged
from kizuna.http.description import description
from kizuna.http.negotiation import preferred
from kizuna.http.problems import HTML
from kizuna.http.protocol import Operation, read_operation
from kizuna.terms import Literal, NamedNode

# What many clients ask for when they mean a format that has a media type of its own.
ALIASES = {
    "json": "application/json",
    "jsonld": "application/json",
    "xml": "application/xml",
    "rdf": "application/xml",
}
FOR_PAGE = {True: TRIPLES["ttl"], False: SOLUTIONS["tsv"]}
BLOCK = 1 << 16
VARY = {"vary": "Accept"}
GRAPHS = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"

T = TypeVar("T")


class Page(Protocol):
    """What a reader with a browser sees."""

    def over(self, dataset: Dataset) -> "Page":
        """The same page over another release."""

    def blank(self, request: Request) -> Response:
        """The page without a query."""

    def answered(self, request: Request, query: Query, answer: IO[bytes]) -> Response:
        """The page with a query and its answer."""

    def refused(self, request: Request, text: str, error: KizunaError) -> Response:
        """The page with a query and what is wrong with it."""


NOT_OFFERED = (
    "This server asks another engine for its data and hands no SPARQL of others on to it. "
    "Ask at /graphql, or one of /questions; /export has the whole to ask with an engine of yours."
)


@dataclass(frozen=True)
class Sparql:
    """Answers at the endpoint for one release."""

    dataset: Dataset
    engine: Answering
    page: Page
    max_bytes: int
    max_tokens: int

    async def respond(self, request: Request) -> Response:
        """Answer a query; without one, describe the service, or show the page to ask from.

        Raises NotOffered where the data are another engine's: it gets no stranger's query.
        """
        if self.dataset.remote:
            raise NotOffered(NOT_OFFERED)
        operation = await read_operation(request, self.max_bytes)
        if operation.query is None:
            return await self._described(request, operation)
        query = operation.query
        try:
            return await self._answered(request, operation, query)
        except KizunaError as error:
            if operation.form in (*SOLUTIONS, *TRIPLES) or not _browses(request):
                raise
            return await run_in_threadpool(self.page.refused, request, query, error)

    async def _described(self, request: Request, operation: Operation) -> Response:
        if request.method == "POST":
            raise InvalidInput("A query operation needs the parameter query.")
        chosen = _chosen(request, operation.form, TRIPLES)
        if chosen == HTML:
            return await run_in_threadpool(self.page.blank, request)
        told = await run_in_threadpool(self._told, _endpoint(request), chosen)
        return Response(told, media_type=_typed(chosen), headers=VARY)

    def _told(self, endpoint: str, media_type: str) -> bytes:
        return description(endpoint, self._graphs, sum(self._stored.values()), media_type)

    async def _answered(self, request: Request, operation: Operation, text: str) -> Response:
        query = read_query(text, _endpoint(request), self.max_tokens)
        graphs = _graphs_named(operation, query)
        if graphs:
            await run_in_threadpool(self._require, graphs)
        chosen = _chosen(request, operation.form, TRIPLES if query.gives_triples else SOLUTIONS)
        question = _question(query, _endpoint(request), operation, chosen)
        if chosen == HTML:
            with await _while_connected(request, self.engine.answer(question)) as answer:
                return await run_in_threadpool(self.page.answered, request, query, answer)
        return await self.sent(request, question, chosen)

    async def sent(self, request: Request, question: Question, chosen: str) -> Response:
        """The answer to a question under a media type, unless the client holds it."""
        headers = self._freshness(question)
        tag = headers.get("etag")
        if request.method in ("GET", "HEAD") and tag is not None and unchanged(request, tag):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        answer = await _while_connected(request, self.engine.answer(question))
        return _sent(answer, headers, chosen)

    def over(self, dataset: Dataset, engine: Answering) -> "Sparql":
        """The same endpoint over another release."""
        return replace(self, dataset=dataset, engine=engine, page=self.page.over(dataset))

    def _require(self, graphs: Sequence[str]) -> None:
        for graph in graphs:
            if graph not in self._graphs:
                raise InvalidInput(
                    f"There is no graph {shortened(graph)} here, and none is fetched from "
                    "elsewhere. The description of this service lists those that there are."
                )

    def _freshness(self, question: Question) -> Mapping[str, str]:
        """The headers that tell when the same question may have another answer.

        The tag is weak, since rows without an order may come in another one.
        """
        if question.query.changeable:
            return VARY | {"cache-control": "no-store"}
        parts = [
            self._version,
            question.query.text,
            question.base,
            question.default,
            question.named,
            question.media_type,
        ]
        return VARY | {"etag": tag_of(parts)}

    @cached_property
    def _version(self) -> list[str]:
        """What an answer depends on besides the question."""
        dataset = self.dataset
        hashes = [dataset.release.hash, dataset_hash(dataset.overlaps), dataset.ontology_hash]
        return [str(dataset.release.number), *hashes, __version__]

    @cached_property
    def _stored(self) -> Mapping[str, int]:
        """How many triples stand in each graph of the store, each of them in one."""
        rows = self.dataset.store.reader().select(GRAPHS).rows
        return {
            graph.value: int(count.value)
            for graph, count in rows
            if isinstance(graph, NamedNode) and isinstance(count, Literal)
        }

    @cached_property
    def _graphs(self) -> Mapping[str, int]:
        """How many triples each graph holds."""
        counts = dict(self._stored)
        for quad in self.dataset.overlaps:
            if isinstance(quad.graph_name, NamedNode):
                counts[quad.graph_name.value] = counts.get(quad.graph_name.value, 0) + 1
        return counts


def _graphs_named(operation: Operation, query: Query) -> Sequence[str]:
    """The graphs that the request names, else those that the query does."""
    named = operation if operation.chooses_graphs else query
    return (*named.default, *named.named)


def _question(query: Query, endpoint: str, operation: Operation, chosen: str) -> Question:
    formats = TRIPLES if query.gives_triples else SOLUTIONS
    aliased = {ALIASES[suffix]: formats[suffix] for suffix in formats if suffix in ALIASES}
    return Question(
        query,
        endpoint,
        FOR_PAGE[query.gives_triples] if chosen == HTML else aliased.get(chosen, chosen),
        operation.default if operation.chooses_graphs else None,
        operation.named if operation.chooses_graphs else None,
    )


def _chosen(request: Request, suffix: str, formats: Mapping[str, str]) -> str:
    """The media type to answer in: by the parameter ``format``, else by Accept.

    Some clients send a ``format`` of their own wording with every request: it is not heeded.
    """
    aliases = (ALIASES[suffix] for suffix in formats if suffix in ALIASES)
    offers = (*formats.values(), *aliases, HTML)
    chosen = formats.get(suffix) or preferred(request.headers.get("accept"), offers)
    if chosen is None:
        listed = ", ".join(f"{each} (format={name})" for name, each in formats.items())
        raise HTTPException(
            HTTPStatus.NOT_ACCEPTABLE, f"What there is for this: {listed}, {HTML}.", VARY
        )
    return chosen


def _browses(request: Request) -> bool:
    """Whether a page is liked better than any data."""
    offers = (*SOLUTIONS.values(), *TRIPLES.values(), HTML)
    return preferred(request.headers.get("accept"), offers) == HTML


def _endpoint(request: Request) -> str:
    return str(request.url.replace(query="", fragment=""))


def _typed(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _sent(answer: IO[bytes], headers: Mapping[str, str], media_type: str) -> Response:
    length = {"content-length": str(answer.seek(0, 2))}
    answer.seek(0)
    return StreamingResponse(
        _blocks(answer), headers={**headers, **length}, media_type=_typed(media_type)
    )


async def _blocks(answer: IO[bytes]) -> AsyncIterator[bytes]:
    with answer:
        while block := await run_in_threadpool(answer.read, BLOCK):
            yield block


async def _while_connected(request: Request, work: Coroutine[None, None, T]) -> T:
    """The outcome of the work, which is given up as soon as the client is gone."""
    working = asyncio.ensure_future(work)
    watching = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait((working, watching), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise EngineUnavailable("Nobody waits for this answer any more.")
        return working.result()
    finally:
        watching.cancel()
        working.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
