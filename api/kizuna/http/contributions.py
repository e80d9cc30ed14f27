"""Contributions over HTTP: proposing, the queue, one contribution, and what is decided on it.

Who acts sends a token as https://www.rfc-editor.org/rfc/rfc6750#section-2.1 has it, and in no other
way: a browser never adds it by itself, so no page can act in somebody's name. Pages only show.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import TypeAlias
from urllib.parse import urlencode

import anyio
from anyio import CapacityLimiter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from kizuna.contributions import telling
from kizuna.contributions.answers import as_json
from kizuna.contributions.callers import Credentials
from kizuna.contributions.examination import Examination
from kizuna.contributions.review import MOST, Decision, Proposed, Review
from kizuna.dataset.entries import Contribution, State
from kizuna.errors import InvalidInput, NotFound, ShapeViolation
from kizuna.http.contribution_page import ContributionPage
from kizuna.http.negotiation import languages_of, preferred
from kizuna.http.phrases import page_language
from kizuna.http.problems import HTML, problem
from kizuna.http.submissions import (
    JSON,
    credentials_of,
    flag,
    read_reason,
    read_submission,
)
from kizuna.kinds import KINDS

VARY = {"vary": "Accept, Accept-Language"}
KEPT = 100  # examinations
LONGEST_NUMBER = 9  # digits of a number
EXAMINING = 4  # examinations at once: more wait, and readers don't wait for them
DOES_NOT_CONFORM = "The submission doesn't conform to the shapes; nothing has been kept."

# Who decides, on which contribution, why, and in which language to tell.
Deciding: TypeAlias = Callable[[Credentials, int, str, str], Decision]


@dataclass(frozen=True)
class Contributions:
    """Answers for the contributions to the releases that the server follows."""

    review: Review
    page: ContributionPage
    max_bytes: int
    examining: CapacityLimiter = field(default_factory=partial(CapacityLimiter, EXAMINING))
    examined: dict[tuple[int, str], Examination] = field(default_factory=dict)

    def routes(self) -> list[BaseRoute]:
        """The queue, one contribution, and the decisions on it."""
        decisions = [
            Route(f"/contributions/{{number}}/{name}", self._deciding(decide), methods=["POST"])
            for name, decide in self._decisions().items()
        ]
        return [
            Route("/contributions", self.listed),
            Route("/contributions", self.propose, methods=["POST"]),
            Route("/contributions/{number}", self.one),
            *decisions,
        ]

    async def propose(self, request: Request) -> Response:
        """Examine what is submitted; keep it where it conforms, unless that isn't wanted."""
        dry_run, credentials = flag(request, "dryRun"), credentials_of(request)
        submitted = await read_submission(request, self.max_bytes)
        language = _language(request)

        def propose() -> Proposed:
            return self.review.propose(
                credentials, submitted.submission, submitted.message, language, dry_run=dry_run
            )

        proposed = await anyio.to_thread.run_sync(propose, limiter=self.examining)
        return _answer(request, proposed, dry_run=dry_run)

    async def listed(self, request: Request) -> Response:
        """The contributions, or those in a state: a page for browsers, else JSON."""
        state, after = _state(request), _after(request)
        found = await run_in_threadpool(self.review.contributions, state, after)
        more = f"/contributions?{_query(state, found[-1].number)}" if len(found) == MOST else None
        if _wants_page(request):
            return await run_in_threadpool(self.page.listed, request, found, state, more)
        told = [_summary(request, contribution) for contribution in found]
        return JSONResponse({"contributions": told, "next": more}, headers=VARY)

    async def one(self, request: Request) -> Response:
        """A contribution; one that waits, with what would come of it now."""
        found = await run_in_threadpool(self.review.contribution, _number(request))
        language = _language(request)
        examination = await self._examination(found, language)
        if _wants_page(request):
            return await run_in_threadpool(self.page.one, request, found, examination)
        content = {
            **_summary(request, found),
            **telling.difference(found.change),
            "examination": as_json(examination) if examination else None,
        }
        return JSONResponse(content, headers=VARY)

    async def _examination(self, found: Contribution, language: str) -> Examination | None:
        """What would come of a contribution that waits: worked out once for each release."""
        if found.state is not State.PROPOSED:
            return None
        key = (found.number, language)
        if key not in self.examined:
            if len(self.examined) >= KEPT:
                self.examined.clear()
            self.examined[key] = await anyio.to_thread.run_sync(
                self.review.examined, found, language, limiter=self.examining
            )
        return self.examined[key]

    def _decisions(self) -> dict[str, Deciding]:
        review = self.review
        return {
            "accept": lambda who, number, why, lang: review.accept(who, number, lang),
            "reject": lambda who, number, why, lang: review.reject(who, number, why),
            "revert": review.revert,
            "withdraw": lambda who, number, why, lang: review.withdraw(who, number),
        }

    def _deciding(self, decide: Deciding) -> Callable[[Request], object]:
        async def respond(request: Request) -> Response:
            number, language = _number(request), _language(request)
            reason = await read_reason(request, self.max_bytes)
            decision = await anyio.to_thread.run_sync(
                decide, credentials_of(request), number, reason, language, limiter=self.examining
            )
            return JSONResponse(telling.decision(decision))

        return respond


def _answer(request: Request, proposed: Proposed, *, dry_run: bool) -> Response:
    told = as_json(proposed.examination)
    kept = proposed.contribution
    if kept is not None:
        headers = {"location": _url(request, kept.number)}
        content = {**told, "id": kept.number, "state": kept.state.value}
        return JSONResponse(content, HTTPStatus.CREATED, headers)
    if dry_run:
        return JSONResponse({**told, "id": None, "state": None})
    kind = KINDS[ShapeViolation]
    return problem(kind.status, DOES_NOT_CONFORM, kind.code, told)


def _summary(request: Request, contribution: Contribution) -> telling.Told:
    return {**telling.summary(contribution), "url": _url(request, contribution.number)}


def _url(request: Request, number: int) -> str:
    return str(request.base_url.replace(path=f"/contributions/{number}"))


def _wants_page(request: Request) -> bool:
    return preferred(request.headers.get("accept"), (JSON, HTML)) == HTML


def _language(request: Request) -> str:
    return page_language(languages_of(request))


def _number(request: Request) -> int:
    text = str(request.path_params["number"])
    if not text.isascii() or not text.isdigit() or len(text) > LONGEST_NUMBER:
        raise NotFound(f"There is no contribution {text!r}; they have numbers.")
    return int(text)


def _state(request: Request) -> State | None:
    text = request.query_params.get("state")
    if text is None:
        return None
    if text not in list(State):
        raise InvalidInput(f"state is one of {', '.join(State)}.")
    return State(text)


def _after(request: Request) -> int:
    text = request.query_params.get("after", "0")
    if not text.isascii() or not text.isdigit() or len(text) > LONGEST_NUMBER:
        raise InvalidInput("after is the number of a contribution.")
    return int(text)


def _query(state: State | None, after: int) -> str:
    return urlencode({**({"state": state.value} if state else {}), "after": after})
