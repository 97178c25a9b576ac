"""A connection to PostgreSQL that takes the same statements as SQLite's."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, Final

import psycopg

from cfsync.journal.database import Result
from cfsync.journal.locations import secrets_of, shown
from cfsync.journal.refusals import unreachable

_CONNECT_SECONDS: Final = 10
_SESSION: Final[dict[str, str]] = {
    "synchronous_commit": "on",
    "search_path": "cfsync",
    # a writer that is cut off in the middle of a transaction is in nobody's way for long
    "lock_timeout": "30s",
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "60s",
    # and the server gives back the lock of a machine that has vanished
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
_LINE: Final[dict[str, Any]] = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # milliseconds
}
"""A line that is dead is noticed well within a lease."""

_RESERVED: Final = re.compile(r"[/?#@\[\]:]")


class PostgresDatabase:
    """Implements database.Database. Transactions are begun and ended by statements."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._connection = connection

    def execute(self, statement: str, values: Sequence[Any] = (), /) -> Result:
        return self._connection.execute(_translated(statement), tuple(values) or None)

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]], /) -> object:
        with self._connection.cursor() as cursor:
            cursor.executemany(_translated(statement), rows)
        return None

    @property
    def broken(self) -> bool:
        """Whether the connection is gone, as far as this side has noticed."""
        return self._connection.closed or self._connection.broken

    def rollback(self) -> None:
        """Ends a transaction that was not committed; a broken connection has none."""
        if self.broken:
            return
        if self._connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            with suppress(psycopg.Error):  # the line broke just now, and the server rolls back
                self._connection.execute("ROLLBACK")

    def close(self) -> None:
        self._connection.close()


def connect(url: str) -> PostgresDatabase:
    """Raises JournalUnreadable, which never shows the URL's password."""
    session = " ".join(f"-c {name}={value}" for name, value in _SESSION.items())
    try:
        connection = psycopg.connect(
            url,
            autocommit=True,
            connect_timeout=_CONNECT_SECONDS,
            application_name="cfsync",
            client_encoding="utf8",
            options=session,
            **_LINE,
        )
    except (psycopg.Error, ValueError) as error:
        raise unreachable(shown(url), _harmless(error, url)) from None  # it may repeat the URL
    return PostgresDatabase(connection)


def _harmless(error: Exception, url: str) -> str:
    """The first line of what libpq says, unless something of the URL's secrets stands in it.

    A password that ought to have been percent-encoded falls apart: then any word may be of it.
    """
    lines = str(error).strip().splitlines()
    text = lines[0] if lines else type(error).__name__
    secrets = secrets_of(url)
    if any(secret in text for secret in (url, *secrets)) or any(map(_RESERVED.search, secrets)):
        return "it cannot be reached, or refuses the login"
    return text


def _translated(statement: str) -> str:
    return statement.replace("?", "%s")
