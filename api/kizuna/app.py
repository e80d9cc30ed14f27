"""The web application, built from its parts."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial

from graphql import OperationType
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from kizuna import __version__
from kizuna.catalogue import Catalogue
from kizuna.contributions.callers import Callers
from kizuna.contributions.documents import Limits as DocumentLimits
from kizuna.contributions.examination import Examiner
from kizuna.contributions.rate import Rate
from kizuna.contributions.review import Review
from kizuna.dataset.engine import Answering, Engine, EngineLimits
from kizuna.dataset.forwarding import Forwarder
from kizuna.dataset.releases import Dataset, LedgerReleases, Releases, SingleRelease
from kizuna.dataset.remote import RemoteStore
from kizuna.dataset.tokens import Tokens
from kizuna.descriptions.evidence import Evidence
from kizuna.descriptions.naming import Naming
from kizuna.errors import KizunaError
from kizuna.exporting import exports
from kizuna.graphql.documents import Documents, KeptDocuments, read_trusted
from kizuna.graphql.limits import Limits
from kizuna.graphql.schema import Api
from kizuna.graphql.view import GraphQLView
from kizuna.http.caching import version_of
from kizuna.http.catalogue import Catalogues, structured
from kizuna.http.changes import Changes
from kizuna.http.compression import compression
from kizuna.http.contribution_page import ContributionPage
from kizuna.http.contributions import Contributions
from kizuna.http.exports import Exports
from kizuna.http.feed import Feed
from kizuna.http.files import Files
from kizuna.http.following import Following
from kizuna.http.front import Front
from kizuna.http.headers import SecurityHeaders
from kizuna.http.looking import Looking
from kizuna.http.openapi import OpenApi
from kizuna.http.operations import OperationReader
from kizuna.http.pages import GRAPHIQL, STATIC, Pages
from kizuna.http.past import Past
from kizuna.http.permalinks import Permalinks
from kizuna.http.problems import Problems
from kizuna.http.question_page import QuestionPage
from kizuna.http.questions import AskedQuestions
from kizuna.http.reconcile import Reconciliation
from kizuna.http.releases import ReleasePages
from kizuna.http.resource import Resources
from kizuna.http.sights import Sights
from kizuna.http.sparql import Sparql
from kizuna.http.sparql_page import SparqlPage
from kizuna.http.streaming import Streaming
from kizuna.http.streams import Streams
from kizuna.questions import Questions
from kizuna.reconciling.reconciler import Reconciler
from kizuna.saved import read_saved
from kizuna.settings import Settings

METHODS = ("GET", "POST")
# What pages of other origins may send, the headers by which GraphQL clients say who they are too.
ALLOWED_HEADERS = (
    "accept",
    "accept-language",
    "apollo-require-preflight",
    "apollographql-client-name",
    "apollographql-client-version",
    "authorization",
    "content-type",
    "if-none-match",
    "x-apollo-operation-id",
    "x-apollo-operation-name",
)
NOTHING_ASKED = "SELECT (1 AS ?one) WHERE {}"


def create_server(settings: Settings, releases: Releases) -> Following:
    """The application that serves the current release, whichever it is, as the settings say.

    Where the releases are those of a ledger, it takes contributions.
    """
    review = make_review(settings, releases) if isinstance(releases, LedgerReleases) else None
    api = Api(releases.current, _limits(settings), review, releases, settings.public_url)
    documents = _documents(settings, api)
    past = Past(releases, _engine_limits(settings), settings.queries)
    streams = Streams(api, releases, settings.max_subscribers)
    safe = frozenset({OperationType.QUERY, OperationType.SUBSCRIPTION})
    reader = OperationReader(documents, settings.max_body_bytes, settings.max_tokens, safe)
    streaming = Streaming(streams, reader, _headers(settings), settings.cors_origins)

    @asynccontextmanager
    async def lasting() -> AsyncIterator[None]:
        async with past.running(), streams.running():
            yield

    def make(dataset: Dataset) -> Starlette:
        return create_app(settings, dataset, api.over(dataset), review, documents, past)

    def prepare() -> None:
        releases.current.prepare()
        if review:
            review.prepare()

    return Following(releases, make, lasting=lasting, aside=streaming, prepare=prepare)


def document_limits(settings: Settings) -> DocumentLimits:
    """What reading a proposal may take."""
    return DocumentLimits(
        size=settings.max_body_bytes,
        triples=settings.max_proposal_triples,
        literal=settings.max_proposal_text,
        seconds=settings.proposal_timeout,
        memory=settings.proposal_max_memory,
    )


def make_review(settings: Settings, releases: LedgerReleases) -> Review:
    """What contributors and curators may do to the releases, as the settings say."""
    model, ontology = releases.current.model, releases.ontology
    questions = read_saved(settings.queries / "questions", ".rq")
    return Review(
        releases,
        Examiner(ontology, model, questions, document_limits(settings)),
        Callers(Tokens(releases.ledger), anonymous=settings.anonymous_proposals),
        Rate(settings.max_proposals),
        own_acceptance=settings.own_acceptance,
    )


def create_app(
    settings: Settings,
    dataset: Dataset,
    api: Api | None = None,
    review: Review | None = None,
    documents: Documents | None = None,
    past: Past | None = None,
) -> Starlette:
    """The application that serves one release as the settings say; ``api`` is GraphQL over it.

    ``review`` is what takes contributions, if any are taken; ``documents`` those of GraphQL that
    clients may name, from one release to the next; ``past`` serves other releases.
    """
    api = api or Api(dataset, _limits(settings), public_url=settings.public_url)
    limits = _engine_limits(settings)
    past = past or Past(SingleRelease(dataset), limits, settings.queries)
    found = exports(dataset, settings.queries)
    front = _front(settings, dataset, api)
    catalogue = Catalogue(dataset, found.values(), front.about)
    pages = _pages(settings, dataset, front, catalogue, contributions=review is not None)
    problems = Problems(pages.page)
    engine = _engine(dataset, limits)
    sparql = _sparql(settings, dataset, engine, pages)
    reader = OperationReader(
        documents or _documents(settings, api), settings.max_body_bytes, settings.max_tokens
    )
    view = GraphQLView(api, pages.query, reader, version_of(dataset))
    return Starlette(
        routes=[
            *_routes(dataset, api, pages, view),
            *Permalinks(api, pages.query, reader).routes(),
            *Exports(dataset, found, pages.page, Files(), past).routes(),
            *ReleasePages(past, sparql, pages.page, list(found)).routes(),
            *Changes(past.releases).routes(),
            *Catalogues(dataset, catalogue).routes(),
            Route("/sparql", sparql.respond, methods=METHODS),
            *_feed(dataset, past.releases, front),
            *_questions(settings, dataset, sparql, pages),
            *Reconciliation(Reconciler(dataset), pages.page, settings.max_body_bytes).routes(),
            *_openapi(settings, dataset, contributions=review is not None),
            *(_contributions(settings, dataset, pages, review) if review else ()),
        ],
        lifespan=lambda app: engine.running(),
        middleware=_middleware(settings),
        exception_handlers={
            HTTPException: problems.refused,
            KizunaError: problems.failed,
            Exception: problems.failed,
        },
    )


def _routes(dataset: Dataset, api: Api, pages: Pages, view: GraphQLView) -> Sequence[BaseRoute]:
    readiness = _readiness(dataset)

    async def schema(request: Request) -> Response:
        return PlainTextResponse(api.sdl)

    async def alive(request: Request) -> Response:
        return JSONResponse({"status": "alive", "version": __version__})

    async def ready(request: Request) -> Response:
        await run_in_threadpool(dataset.store.reader().select, NOTHING_ASKED)
        return JSONResponse(readiness)

    return [
        Route("/", pages.front),
        Route("/graphql", view.respond, methods=METHODS),
        Route("/schema.graphql", schema),
        Route("/healthz", alive),
        Route("/readyz", ready),
        *_resources(api, pages).routes(),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]


def _resources(api: Api, pages: Pages) -> Resources:
    looking = Looking(api.core)

    def past(number: int) -> Resources:
        dataset = api.at(number).dataset
        sights = Sights(dataset, looking, past=True, public_url=api.public_url)
        return Resources(dataset, pages.page, sights, past=True)

    sights = Sights(api.dataset, looking, public_url=api.public_url)
    return Resources(api.dataset, pages.page, sights, past)


def _documents(settings: Settings, api: Api) -> Documents:
    """The documents of GraphQL that clients may name: trusted ones, else those that they send."""
    if settings.trusted_documents is not None:
        return read_trusted(settings.trusted_documents, api.faults)
    return KeptDocuments(settings.max_persisted_bytes)


def _front(settings: Settings, dataset: Dataset, api: Api) -> Front:
    saved = read_saved(settings.queries / "front")
    return Front(api, dataset.model, saved, Looking(api.core))


def _pages(
    settings: Settings,
    dataset: Dataset,
    front: Front,
    catalogue: Catalogue,
    *,
    contributions: bool,
) -> Pages:
    questions = read_saved(settings.queries / "questions")
    said = partial(structured, catalogue)
    return Pages(
        front,
        questions,
        dataset.release,
        settings.packaged,
        said,
        contributions=contributions,
        graphiql=GRAPHIQL.is_file() and settings.trusted_documents is None,
        sparql=not dataset.remote,
    )


def _engine(dataset: Dataset, limits: EngineLimits) -> Answering:
    """What runs SPARQL: a copy of the dataset, or, for saved questions alone, a remote store."""
    if isinstance(dataset.store, RemoteStore):
        return Forwarder(dataset.store)
    return Engine(dataset, limits)


def _sparql(settings: Settings, dataset: Dataset, engine: Answering, pages: Pages) -> Sparql:
    questions = read_saved(settings.queries / "questions", ".rq")
    page = SparqlPage(pages.page, questions, dataset.model, dataset.release)
    return Sparql(dataset, engine, page, settings.max_body_bytes, settings.max_tokens)


def _questions(
    settings: Settings, dataset: Dataset, sparql: Sparql, pages: Pages
) -> Sequence[BaseRoute]:
    questions, naming = Questions(dataset, settings.queries / "questions"), Naming(dataset)
    page = QuestionPage(pages.page, dataset, questions, naming, Evidence(dataset, naming))
    asked = AskedQuestions(dataset, questions, sparql, page)
    return asked.routes()


def _openapi(settings: Settings, dataset: Dataset, *, contributions: bool) -> Sequence[BaseRoute]:
    questions = Questions(dataset, settings.queries / "questions")
    return OpenApi(dataset, questions, contributions).routes()


def _contributions(
    settings: Settings, dataset: Dataset, pages: Pages, review: Review
) -> Sequence[BaseRoute]:
    page = ContributionPage(pages.page, dataset, Naming(dataset))
    return Contributions(review, page, settings.max_body_bytes).routes()


def _feed(dataset: Dataset, releases: Releases, front: Front) -> Sequence[BaseRoute]:
    """Without a ledger there is none, since releases bear no time."""
    if not isinstance(releases, LedgerReleases):
        return []
    return Feed(releases.ledger, front.about("en")["title"], dataset.release.number).routes()


def _engine_limits(settings: Settings) -> EngineLimits:
    return EngineLimits(
        seconds=settings.sparql_timeout,
        size=settings.sparql_max_bytes,
        memory=settings.sparql_max_memory,
        processes=settings.sparql_processes,
    )


def _limits(settings: Settings) -> Limits:
    return Limits(
        page=settings.max_page_size,
        depth=settings.max_depth,
        aliases=settings.max_aliases,
        conditions=settings.max_conditions,
        releases=settings.max_releases,
        path_length=settings.max_path_length,
        path_links=settings.max_path_links,
        groups=settings.max_groups,
        tokens=settings.max_tokens,
        values=settings.max_values,
        cost=settings.max_cost,
        seconds=settings.graphql_timeout,
    )


def _readiness(dataset: Dataset) -> Mapping[str, object]:
    model, release = dataset.model, dataset.release
    return {
        "status": "ready",
        "version": __version__,
        "release": {"number": release.number, "hash": release.hash},
        "ontology": {
            "iri": model.ontology,
            "version": model.version,
            "hash": dataset.ontology_hash,
        },
    }


def _middleware(settings: Settings) -> Sequence[Middleware]:
    return [*_headers(settings), compression()]


def _headers(settings: Settings) -> Sequence[Middleware]:
    return [
        Middleware(SecurityHeaders),
        Middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=METHODS,
            expose_headers=["etag", "link", "location", "retry-after"],
            allow_headers=ALLOWED_HEADERS,
        ),
    ]
