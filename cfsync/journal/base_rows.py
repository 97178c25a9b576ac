"""Rows of the table `base`: what was last settled, and a running sum that shows a lost one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain as chained
from typing import Final, TypeAlias

from cfsync.journal import chain
from cfsync.journal.canonical import encode_row
from cfsync.journal.database import Database
from cfsync.journal.lease_rows import LeaseRow
from cfsync.model.base import Base, BaseChange, DropBase, PutBase

_ADDRESS: Final = b'"address":"'

Kept: TypeAlias = tuple[str, bytes, bytes]
"""A row as it stands in the file: id, row, digest."""


def change(db: Database, lease: LeaseRow, changes: Sequence[BaseChange]) -> None:
    """Carry out the changes; the lease's row learns the new sum."""
    for one in changes:
        match one:
            case PutBase(row):
                _forget(db, lease, row.id)
                _keep(db, lease, row)
            case DropBase(id_):
                _forget(db, lease, id_)


def _keep(db: Database, lease: LeaseRow, base: Base) -> None:
    row = encode_row(base)
    digest = chain.row_digest(base.id, row)
    lease.rows = chain.added(lease.rows, digest)
    db.execute("INSERT INTO base VALUES (?, ?, ?, ?)", (lease.id, base.id, row, digest))


def _forget(db: Database, lease: LeaseRow, id_: str) -> None:
    query = "DELETE FROM base WHERE lease = ? AND id = ? RETURNING digest"
    for (digest,) in db.execute(query, (lease.id, id_)).fetchall():
        lease.rows = chain.added(lease.rows, digest, sign=-1)


def copy(source: Database, old: LeaseRow, target: Database, new: LeaseRow) -> None:
    """The rows as they are, digests included."""
    rows = [(new.id, *kept) for kept in all_of(source, old)]
    target.executemany("INSERT INTO base VALUES (?, ?, ?, ?)", rows)
    new.rows = old.rows


def all_of(db: Database, lease: LeaseRow) -> Iterator[Kept]:
    query = "SELECT id, row, digest FROM base WHERE lease = ? ORDER BY id"
    yield from db.execute(query, (lease.id,))


def some_of(db: Database, lease: LeaseRow, ids: Collection[str]) -> Iterator[Kept]:
    query = "SELECT id, row, digest FROM base WHERE lease = ? AND id = ?"
    for id_ in ids:
        yield from db.execute(query, (lease.id, id_))


def page_by_page(texts: Iterable[bytes]) -> Iterator[bytes]:
    """Rows in an order in which what is compared together lies together in memory.

    Measured on a plan of 100,000 elements, whose ids are random: 0.15 of 3.6 s.
    """
    pages: defaultdict[bytes, list[bytes]] = defaultdict(list)
    for text in texts:
        start = text.find(_ADDRESS)
        pages[text[start : text.find(b"#", start)]].append(text)
    return chained.from_iterable(pages.values())
