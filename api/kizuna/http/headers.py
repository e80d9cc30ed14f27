"""Headers that every answer carries: nothing from another host, nowhere framed."""

from collections.abc import Mapping
from types import MappingProxyType

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# https://www.w3.org/TR/CSP3/: what is not named here is not loaded at all.
DIRECTIVES: Mapping[str, str] = MappingProxyType(
    {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
)
# GraphiQL's editor writes styles of its own, in which fonts and images stand, and has workers.
OF_GRAPHIQL: Mapping[str, str] = MappingProxyType(
    {
        "style-src": "'self' 'unsafe-inline'",
        "font-src": "'self' data:",
        "img-src": "'self' data:",
        "worker-src": "'self'",
    }
)


def policy(more: Mapping[str, str] = MappingProxyType({})) -> str:
    """The policy of a page that needs more than others, or else of any."""
    return "; ".join(f"{name} {sources}" for name, sources in {**DIRECTIVES, **more}.items())


POLICY = "content-security-policy"
HEADERS = {
    POLICY: policy(),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}


class SecurityHeaders:
    """Adds the headers to whatever the application answers; a page may have a policy of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)
