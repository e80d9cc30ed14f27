"""Tokens as the commands need them: made, ended, listed."""

from collections.abc import Iterable

from kizuna.dataset.tokens import Scope, Token, Tokens


def created(tokens: Tokens, name: str, scopes: Iterable[Scope]) -> str:
    """A new token alone on its line, so that a script can take it."""
    return f"{tokens.create(name, scopes)}\n"


def revoked(tokens: Tokens, name: str) -> str:
    """What there is to say of a token that has been ended."""
    tokens.revoke(name)
    return f"{name}'s token is revoked.\n"


def told(tokens: Tokens) -> str:
    """The tokens, a line each: since when, for what, whose, until when; never the token."""
    return "".join(_line(token) for token in tokens.all())


def _line(token: Token) -> str:
    until = f"  revoked {token.revoked_at.isoformat()}" if token.revoked_at else ""
    return (
        f"{token.created_at.isoformat()}  {','.join(sorted(token.scopes))}  {token.name}{until}\n"
    )
