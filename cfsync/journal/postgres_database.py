"""A connection to PostgreSQL that takes the same statements as SQLite's."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from cfsync.errors import JournalUnreadable
from cfsync.journal.database import Result
from cfsync.journal.refusals import unwritable

try:
    import psycopg
except ModuleNotFoundError as missing:
    raise JournalUnreadable(
        "a journal in PostgreSQL needs the extra `postgres`",
        where="CFSYNC_JOURNAL",
        why=f"the package {missing.name} is not installed",
        next_step="pip install 'cfsync[postgres]'",
    ) from missing

_CONNECT_SECONDS = 10


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

    def rollback(self) -> None:
        """Ends a transaction that was not committed; a broken connection has none."""
        if self._connection.closed or self._connection.broken:
            return
        if self._connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            self._connection.execute("ROLLBACK")

    def close(self) -> None:
        self._connection.close()


def connect(url: str) -> PostgresDatabase:
    """Raises JournalUnreadable, which never shows the URL's password."""
    try:
        connection = psycopg.connect(
            url,
            autocommit=True,
            connect_timeout=_CONNECT_SECONDS,
            application_name="cfsync",
            options="-c synchronous_commit=on -c search_path=cfsync",
        )
    except (psycopg.Error, ValueError) as error:
        # libpq's own words may repeat the connection string
        why = "it cannot be reached, or refuses the login"
        raise unwritable(redacted(url), why) from error
    return PostgresDatabase(connection)


def redacted(url: str) -> str:
    """The URL as it may be shown: no user, no password, no parameters."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def _translated(statement: str) -> str:
    return statement.replace("?", "%s")
