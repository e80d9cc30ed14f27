"""The ledger: contributions and their fate, and the entries that make the releases.

It is durable and append-only. Entry N, applied to release N - 1, gives release N; entry 0 holds
the seeds. Each entry's hash covers its content and the hash of the entry before it, so that none
can be altered, left out or put elsewhere unnoticed. Writers go one after the other, also from
different processes; what a writer was told has been synced to disk.

SQLite (https://www.sqlite.org/wal.html) by default, PostgreSQL by URL.
"""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine, RowMapping
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from kizuna.dataset.changes import Change, read_change, write_change
from kizuna.dataset.entries import Action, Contribution, Entry, State
from kizuna.errors import (
    BrokenLedger,
    Conflict,
    EngineUnavailable,
    InvalidInput,
    NotFound,
)

FORM = "kizuna-ledger-1"
FILE = "ledger.sqlite"
WRITING = "kizuna_writing"
LOCK = 0x6B697A756E61  # PostgreSQL's advisory locks are told apart by numbers
NO_LEDGER = "there is no ledger here; look at the name, or have kizuna serve make one."
PATIENCE = 60  # seconds that a writer waits for those before it


_METADATA = sa.MetaData()
_CONTRIBUTIONS = sa.Table(
    "contributions",
    _METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("contributor", sa.Text, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("proposed_at", sa.Text, nullable=False),
    sa.Column("base", sa.Integer, nullable=False),
    sa.Column("added", sa.Text, nullable=False),
    sa.Column("removed", sa.Text, nullable=False),
    sa.Column("decided_by", sa.Text),
    sa.Column("decided_at", sa.Text),
    sa.Column("reason", sa.Text),
    sa.Column("entry", sa.Integer, unique=True),
    sqlite_autoincrement=True,
)
_ENTRIES = sa.Table(
    "entries",
    _METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.Text, nullable=False, index=True),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("contribution", sa.ForeignKey(_CONTRIBUTIONS.c.number)),
    sa.Column("contributor", sa.Text),
    sa.Column("decided_by", sa.Text),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("added", sa.Text, nullable=False),
    sa.Column("removed", sa.Text, nullable=False),
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False, unique=True),
)
_UNDOING = sa.select(_ENTRIES.c.number).where(
    _ENTRIES.c.contribution == _CONTRIBUTIONS.c.number,
    _ENTRIES.c.action == Action.REVERSAL.value,
)
_REVERTED = _CONTRIBUTIONS.c.state == State.REVERTED.value
_DECIDED = sa.select(
    _CONTRIBUTIONS, sa.case((_REVERTED, _UNDOING.scalar_subquery()), else_=None).label("undone")
)
_HASHED = [column.name for column in _ENTRIES.columns if column.name != "hash"]
_NEWEST = sa.select(_ENTRIES).order_by(_ENTRIES.c.number.desc()).limit(1)


def _now() -> datetime:
    return datetime.now(UTC)


class Ledger:
    """A ledger, open for reading and writing from any thread."""

    def __init__(self, engine: Engine, now: Callable[[], datetime] = _now) -> None:
        self._engine = engine
        self._now = now

    @classmethod
    def open(cls, url: str, *, create: bool = True, now: Callable[[], datetime] = _now) -> "Ledger":
        """The ledger at a URL, made there if ``create`` is set and there is none.

        Raises NotFound where there is none, InvalidInput for a URL that can't be used,
        EngineUnavailable for a database that can't be reached.
        """
        ledger = cls(_engine(url, create), now)
        try:
            ledger._prepare(create)
        except BaseException:
            ledger.close()
            raise
        return ledger

    def _prepare(self, create: bool) -> None:
        if create:
            with self.writing() as connection:
                _METADATA.create_all(connection)
        with self.reading() as connection:
            if not sa.inspect(connection).has_table(_ENTRIES.name):
                raise NotFound(f"{_shown(self._engine.url)}: {NO_LEDGER}")

    def close(self) -> None:
        """Lets go of the database."""
        self._engine.dispose()

    # Contributions

    def propose(self, contributor: str, message: str, base: int, change: Change) -> Contribution:
        """A new contribution that waits for a decision."""
        added, removed = write_change(change)
        values = {
            "state": State.PROPOSED.value,
            "contributor": contributor,
            "message": message,
            "proposed_at": _text(self._now()),
            "base": base,
            "added": added,
            "removed": removed,
        }
        with self.writing() as connection:
            insert = sa.insert(_CONTRIBUTIONS).values(values).returning(_CONTRIBUTIONS)
            return _contribution(connection.execute(insert).mappings().one())

    def contribution(self, number: int) -> Contribution:
        """A contribution by its number; raises NotFound."""
        with self.reading() as connection:
            return _contribution(_row_of(connection, number))

    def contributions(
        self, state: State | None = None, after: int = 0, most: int = 100
    ) -> list[Contribution]:
        """The contributions in a state, or in any, whose numbers follow ``after``, in order."""
        query = _DECIDED.where(_CONTRIBUTIONS.c.number > after)
        if state:
            query = query.where(_CONTRIBUTIONS.c.state == state.value)
        query = query.order_by(_CONTRIBUTIONS.c.number).limit(most)
        with self.reading() as connection:
            return [_contribution(row) for row in connection.execute(query).mappings()]

    def contributions_said(self, after: int) -> list[tuple[int, str]]:
        """What each contribution after a number, whatever its state, would add, in N-Quads."""
        return self._said(_CONTRIBUTIONS, after)

    def reject(self, number: int, by: str, reason: str) -> Contribution:
        """The contribution, refused; raises NotFound, and Conflict where it has been decided."""
        return self._close(number, State.REJECTED, by, reason)

    def withdraw(self, number: int, by: str, reason: str = "") -> Contribution:
        """The contribution, taken back; raises NotFound, and Conflict where it has been decided."""
        return self._close(number, State.WITHDRAWN, by, reason)

    def _close(self, number: int, state: State, by: str, reason: str) -> Contribution:
        with self.writing() as connection:
            _require(_row_of(connection, number), State.PROPOSED)
            _decide(connection, number, state, by, self._now(), reason)
            return _contribution(_row_of(connection, number))

    # Entries

    def accept(self, number: int, by: str, expected: int, change: Change) -> Entry:
        """The entry that takes in a contribution, as the change that was validated.

        ``expected`` is the release against which it was. Raises NotFound, and Conflict where the
        contribution has been decided or there is a newer release: nothing is changed then.
        """
        with self.writing() as connection:
            row = _row_of(connection, number)
            _require(row, State.PROPOSED)
            said = {"contributor": row["contributor"], "message": row["message"]}
            entry = self._append(
                connection, expected, Action.ACCEPTANCE, change, contribution=number, by=by, **said
            )
            _decide(connection, number, State.ACCEPTED, by, entry.at, None, entry.number)
            return entry

    def revert(self, number: int, by: str, reason: str, expected: int, change: Change) -> Entry:
        """The entry that undoes an accepted contribution by the change given.

        Raises as ``accept`` does.
        """
        with self.writing() as connection:
            row = _row_of(connection, number)
            _require(row, State.ACCEPTED)
            entry = self._append(
                connection,
                expected,
                Action.REVERSAL,
                change,
                contribution=number,
                by=by,
                message=reason,
            )
            _decide(connection, number, State.REVERTED, by, entry.at, reason, row["entry"])
            return entry

    def add_seeds(self, message: str, expected: int | None, change: Change) -> Entry:
        """The entry that takes in seeds, or what has changed in them since the last such entry.

        ``expected`` is None for the first entry. Raises Conflict where there is a newer release.
        """
        with self.writing() as connection:
            return self._append(connection, expected, Action.SEEDS, change, message=message)

    def head(self) -> int | None:
        """The number of the newest entry, None where there is none yet."""
        with self.reading() as connection:
            return connection.execute(sa.select(sa.func.max(_ENTRIES.c.number))).scalar()

    def entries(self, after: int = -1, to: int | None = None) -> list[Entry]:
        """The entries that follow ``after``, up to ``to`` or the newest, in order."""
        query = sa.select(_ENTRIES).where(_ENTRIES.c.number > after).order_by(_ENTRIES.c.number)
        if to is not None:
            query = query.where(_ENTRIES.c.number <= to)
        with self.reading() as connection:
            return [_entry(row) for row in connection.execute(query).mappings()]

    def entries_said(self, after: int) -> list[tuple[int, str]]:
        """What each entry after a number adds, in N-Quads."""
        return self._said(_ENTRIES, after)

    def _said(self, table: sa.Table, after: int) -> list[tuple[int, str]]:
        query = sa.select(table.c.number, table.c.added).where(table.c.number > after)
        with self.reading() as connection:
            return [(row.number, row.added) for row in connection.execute(query)]

    def entry_at(self, moment: datetime) -> int | None:
        """The number of the newest entry at a moment, None where there was none yet."""
        query = sa.select(sa.func.max(_ENTRIES.c.number)).where(_ENTRIES.c.at <= _text(moment))
        with self.reading() as connection:
            return connection.execute(query).scalar()

    def verify(self) -> int:
        """Proves the chain, and that each decision has its entry; how many entries there are.

        Raises BrokenLedger that names the first entry that is wrong.
        """
        with self.reading() as connection:
            count, previous, last = 0, "", ""
            query = sa.select(_ENTRIES).order_by(_ENTRIES.c.number)
            for row in connection.execute(query).mappings():
                _prove(row, count, previous, last)
                count, previous, last = count + 1, row["hash"], row["at"]
            _prove_decisions(connection)
        return count

    def _append(
        self,
        connection: Connection,
        expected: int | None,
        action: Action,
        change: Change,
        *,
        message: str,
        contribution: int | None = None,
        contributor: str | None = None,
        by: str | None = None,
    ) -> Entry:
        newest = connection.execute(_NEWEST).mappings().one_or_none()
        _require_newest(expected, newest["number"] if newest else None)
        added, removed = write_change(change)
        values: dict[str, Any] = {
            "number": newest["number"] + 1 if newest else 0,
            "at": max(_text(self._now()), newest["at"] if newest else ""),
            "action": action.value,
            "contribution": contribution,
            "contributor": contributor,
            "decided_by": by,
            "message": message,
            "added": added,
            "removed": removed,
            "previous": newest["hash"] if newest else "",
        }
        values["hash"] = _hash(values)
        connection.execute(sa.insert(_ENTRIES).values(values))
        return _entry(values)

    # The database

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads, also for what else is kept in the database."""
        with self._faults(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that begins when no other writes, and is all there or not at all."""
        engine = self._engine.execution_options(**{WRITING: True})
        with self._faults(), engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
            yield connection

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, sqlite3.Error) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            reason = " ".join(str(cause).split())
            where = _shown(self._engine.url)
            raise EngineUnavailable(f"{where}: the ledger can't be used: {reason}.") from error


def ledger_url(folder: Path) -> str:
    """The URL of the ledger in a folder."""
    return f"sqlite:///{folder / FILE}"


def _engine(url: str, create: bool) -> Engine:
    """Raises InvalidInput for a URL that can't be used, NotFound where there is no such file."""
    try:
        parsed = sa.make_url(url)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        backend = parsed.get_backend_name()
    except (ArgumentError, NoSuchModuleError) as error:
        raise InvalidInput(
            "the ledger's URL can't be used; it is like sqlite:///FILE or postgresql://HOST/NAME."
        ) from error
    if backend == "postgresql":
        return _postgresql(parsed)
    if backend != "sqlite" or not parsed.database:
        raise InvalidInput(f"{_shown(parsed)}: a ledger is an SQLite file or in PostgreSQL.")
    return _sqlite(parsed, Path(parsed.database), create)


def _postgresql(url: sa.URL) -> Engine:
    try:
        return sa.create_engine(url, pool_pre_ping=True)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise InvalidInput(
            f"{_shown(url)}: there is no driver for PostgreSQL; pip install 'kizuna[postgresql]'."
        ) from error


def _sqlite(url: sa.URL, file: Path, create: bool) -> Engine:
    if create:
        file.parent.mkdir(parents=True, exist_ok=True)
    elif not file.exists():
        raise NotFound(f"{file}: {NO_LEDGER}")
    engine = sa.create_engine(url, connect_args={"timeout": PATIENCE})
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: Any, record: object) -> None:
    """Every commit is synced to disk: https://www.sqlite.org/pragma.html#pragma_synchronous"""
    connection.isolation_level = None  # transactions begin where we say, not where the driver does
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get(WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _shown(url: sa.URL) -> str:
    """The URL without its password."""
    return url.database or "" if url.get_backend_name() == "sqlite" else str(url)


def _row_of(connection: Connection, number: int) -> RowMapping:
    query = _DECIDED.where(_CONTRIBUTIONS.c.number == number)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no contribution {number}.")
    return row


def _require(contribution: RowMapping, state: State) -> None:
    if contribution["state"] != state:
        raise Conflict(
            f"contribution {contribution['number']} is {contribution['state']}, not {state}."
        )


def _require_newest(expected: int | None, newest: int | None) -> None:
    if expected != newest:
        raise Conflict(
            f"release {newest} is the newest; the change was checked against release {expected}."
        )


def _decide(
    connection: Connection,
    number: int,
    state: State,
    by: str,
    at: datetime,
    reason: str | None,
    entry: int | None = None,
) -> None:
    decision = {
        "state": state.value,
        "decided_by": by,
        "decided_at": _text(at),
        "reason": reason,
        "entry": entry,
    }
    where = _CONTRIBUTIONS.c.number == number
    connection.execute(sa.update(_CONTRIBUTIONS).where(where).values(decision))


def _contribution(row: RowMapping) -> Contribution:
    return Contribution(
        number=row["number"],
        state=State(row["state"]),
        contributor=row["contributor"],
        message=row["message"],
        proposed_at=_time(row["proposed_at"]),
        base=row["base"],
        change=read_change(row["added"], row["removed"]),
        decided_by=row["decided_by"],
        decided_at=_time(row["decided_at"]) if row["decided_at"] else None,
        reason=row["reason"],
        entry=row["entry"],
        undone=row.get("undone"),
    )


def _entry(row: "RowMapping | dict[str, Any]") -> Entry:
    return Entry(
        number=row["number"],
        at=_time(row["at"]),
        action=Action(row["action"]),
        contribution=row["contribution"],
        contributor=row["contributor"],
        decided_by=row["decided_by"],
        message=row["message"],
        change=read_change(row["added"], row["removed"]),
        previous=row["previous"],
        hash=row["hash"],
    )


def _hash(row: "RowMapping | dict[str, Any]") -> str:
    """The SHA-256 of the form's name and the entry's columns, in order, as one JSON array."""
    content = json.dumps(
        [FORM, *(row[name] for name in _HASHED)], ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(content.encode()).hexdigest()


def _prove(row: RowMapping, number: int, previous: str, last: str) -> None:
    if row["number"] != number:
        raise BrokenLedger(f"entry {number} is missing.")
    if row["previous"] != previous:
        raise BrokenLedger(f"entry {number} doesn't follow the entry before it.")
    if row["hash"] != _hash(row):
        raise BrokenLedger(f"entry {number} has been altered.")
    if row["at"] < last:
        raise BrokenLedger(f"entry {number} is older than the entry before it.")


def _prove_decisions(connection: Connection) -> None:
    """Each contribution's state against the entries that took it in and undid it."""
    entries = sa.select(_ENTRIES).where(_ENTRIES.c.contribution.is_not(None))
    recorded: dict[tuple[int, str], RowMapping] = {
        (row["contribution"], row["action"]): row for row in connection.execute(entries).mappings()
    }
    query = sa.select(_CONTRIBUTIONS).order_by(_CONTRIBUTIONS.c.entry)
    for row in connection.execute(query).mappings():
        taken = recorded.get((row["number"], Action.ACCEPTANCE))
        undone = recorded.get((row["number"], Action.REVERSAL))
        if _told(row) != _recorded(taken, undone):
            entry = taken["number"] if taken else row["entry"]
            raise BrokenLedger(f"entry {entry} contradicts contribution {row['number']}.")


def _told(row: RowMapping) -> tuple[object, ...]:
    """What a contribution says of its entries."""
    if row["state"] not in (State.ACCEPTED, State.REVERTED):
        return (row["entry"], False)
    reverted = row["state"] == State.REVERTED
    return (row["entry"], reverted, row["contributor"], row["message"])


def _recorded(taken: RowMapping | None, undone: RowMapping | None) -> tuple[object, ...]:
    """What the entries say of their contribution."""
    if taken is None:
        return (None, undone is not None)
    return (taken["number"], undone is not None, taken["contributor"], taken["message"])


def _text(moment: datetime) -> str:
    """A moment in UTC, of one length, so that its text sorts as it does."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
