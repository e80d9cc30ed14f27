"""Who asks for a change, and whether they may."""

from dataclasses import dataclass, field

from kizuna.dataset.tokens import ANONYMOUS, Scope, Tokens
from kizuna.errors import NotAllowed, NotAuthenticated

SCHEME = "bearer"


@dataclass(frozen=True)
class Credentials:
    """What a request says of its sender: the header Authorization, and the network address.

    The header is never shown: it holds a token.
    """

    authorization: str | None = field(default=None, repr=False)
    address: str = ""


@dataclass(frozen=True)
class Caller:
    """Who asks; what they do is counted by ``key``."""

    name: str
    key: str


class Callers:
    """Knows callers by their tokens; without one they may propose if ``anonymous`` is set."""

    def __init__(self, tokens: Tokens, *, anonymous: bool) -> None:
        self._tokens = tokens
        self._anonymous = anonymous

    def allowed(self, credentials: Credentials, scope: Scope) -> Caller:
        """The caller, who may do what the scope names.

        Raises NotAuthenticated for who isn't known, NotAllowed for who may not.
        """
        header = credentials.authorization
        if header is None and scope is Scope.PROPOSE and self._anonymous:
            return Caller(ANONYMOUS, f"address {credentials.address}")
        return self.known(credentials, scope)

    def known(self, credentials: Credentials, scope: Scope) -> Caller:
        """The caller by their token, which must allow what the scope names; raises as above."""
        if credentials.authorization is None:
            raise NotAuthenticated(
                f"This takes a token with the scope {scope}: send it as Authorization: Bearer …."
            )
        scheme, _, token = credentials.authorization.partition(" ")
        holder = self._tokens.holder(token.strip()) if scheme.lower() == SCHEME else None
        if holder is None:
            raise NotAuthenticated("The token is unknown, or has been revoked.")
        if scope not in holder.scopes:
            raise NotAllowed(f"{holder.name}'s token doesn't have the scope {scope}.")
        return Caller(holder.name, f"name {holder.name}")
