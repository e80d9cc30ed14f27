"""Tokens: who may propose and who may decide, kept in the ledger's database.

A token is shown once, when it is made; kept is its SHA-256. It has 256 random bits, so there is
nothing to guess that a slow hash such as scrypt would protect, and a quick one costs no request
anything. https://www.rfc-editor.org/rfc/rfc6750 is how it travels.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from kizuna.dataset.ledger import Ledger
from kizuna.errors import Conflict, InvalidInput, NotFound

BYTES = 32
START = "kizuna_"
ANONYMOUS = "anonymous"
LONGEST_NAME = 200

_METADATA = sa.MetaData()
_TOKENS = sa.Table(
    "tokens",
    _METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("name", sa.Text, nullable=False, index=True),
    sa.Column("hash", sa.Text, nullable=False, unique=True),
    sa.Column("scopes", sa.Text, nullable=False),
    sa.Column("created_at", sa.Text, nullable=False),
    sa.Column("revoked_at", sa.Text),
)


class Scope(StrEnum):
    """What a token allows."""

    PROPOSE = "propose"
    CURATE = "curate"


@dataclass(frozen=True)
class Token:
    """Who holds a token, and what it allows; never the token itself."""

    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    revoked_at: datetime | None


class Tokens:
    """The tokens of a ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        with ledger.writing() as connection:
            _METADATA.create_all(connection)

    def create(self, name: str, scopes: Iterable[Scope]) -> str:
        """A new token for a contributor of that name: the only time that it is told.

        Raises InvalidInput for a name that can't be borne, Conflict where someone bears it.
        """
        require_name(name)
        token = START + secrets.token_urlsafe(BYTES)
        values = {
            "name": name,
            "hash": _hash(token),
            "scopes": " ".join(sorted(scopes)),
            "created_at": _now(),
        }
        with self._ledger.writing() as connection:
            if connection.execute(sa.select(_TOKENS).where(_standing(name))).first():
                raise Conflict(f"{name} has a token already; revoke it first.")
            connection.execute(sa.insert(_TOKENS).values(values))
        return token

    def revoke(self, name: str) -> None:
        """Ends the token of a contributor; raises NotFound where there is none."""
        with self._ledger.writing() as connection:
            update = sa.update(_TOKENS).where(_standing(name)).values(revoked_at=_now())
            if not connection.execute(update).rowcount:
                raise NotFound(f"{name} has no token.")

    def all(self) -> list[Token]:
        """Every token there has been, the oldest first."""
        with self._ledger.reading() as connection:
            query = sa.select(_TOKENS).order_by(_TOKENS.c.number)
            return [_token(row) for row in connection.execute(query).mappings()]

    def holder(self, token: str) -> Token | None:
        """Who holds a token; None where it is unknown or revoked."""
        known = (_TOKENS.c.hash == _hash(token)) & _TOKENS.c.revoked_at.is_(None)
        with self._ledger.reading() as connection:
            row = connection.execute(sa.select(_TOKENS).where(known)).mappings().one_or_none()
            return _token(row) if row else None


def _standing(name: str) -> sa.ColumnElement[bool]:
    return (_TOKENS.c.name == name) & _TOKENS.c.revoked_at.is_(None)


def require_name(name: str) -> None:
    """Raises InvalidInput for a name that no contributor can bear."""
    if name == ANONYMOUS:
        raise InvalidInput(f"{ANONYMOUS} is who brings no token; choose another name.")
    if not name.isprintable() or name != name.strip() or not 0 < len(name) <= LONGEST_NAME:
        raise InvalidInput(
            f"a contributor's name is one line of at most {LONGEST_NAME} characters."
        )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _token(row: RowMapping) -> Token:
    revoked = row["revoked_at"]
    return Token(
        name=row["name"],
        scopes=frozenset(Scope(scope) for scope in row["scopes"].split()),
        created_at=datetime.fromisoformat(row["created_at"]),
        revoked_at=datetime.fromisoformat(revoked) if revoked else None,
    )
