"""Why a journal cannot be used, or not now: what is wrong, that nothing was written, what next."""

from datetime import UTC, datetime

from cfsync.errors import JournalUnreadable, LockHeld
from cfsync.model.lease import Lease


def damaged(location: str, what: str) -> JournalUnreadable:
    return JournalUnreadable(
        f"the journal {location} is damaged: {what}",
        where=location,
        why="nothing was written, neither to the site nor to the journal",
        next_step="put back a copy of the file; `cfsync history` shows what can still be read",
    )


def newer(location: str, found: int, known: int) -> JournalUnreadable:
    return JournalUnreadable(
        f"the journal {location} was written by a newer cfsync "
        f"(format {found}; this one reads up to {known})",
        where=location,
        why="nothing was written, neither to the site nor to the journal",
        next_step="pip install --upgrade cfsync",
    )


def unwritable(
    location: str, why: str, *, remedy: str = "make room or repair the disk"
) -> JournalUnreadable:
    """The disk or the database failed: nothing more may be sent, since it could not be noted."""
    return JournalUnreadable(
        f"the journal {location} takes no more entries: {why}",
        where=location,
        why="nothing is sent to the site that the journal does not know of",
        next_step=f"{remedy}, then `cfsync recover`",
    )


def unreachable(location: str, why: str) -> JournalUnreadable:
    """Of a database: nothing is known of what it holds, so nothing may be done."""
    return JournalUnreadable(
        f"the journal {location} cannot be opened: {why}",
        where="CFSYNC_JOURNAL",
        why="nothing was written, neither to the site nor to the journal",
        next_step="correct CFSYNC_JOURNAL, or start the database; then type the command again",
    )


def unreadable(location: str, why: str) -> JournalUnreadable:
    """The database answers, and refuses."""
    return JournalUnreadable(
        f"the journal {location} cannot be read: {why}",
        where="CFSYNC_JOURNAL",
        why="nothing was written, neither to the site nor to the journal",
        next_step="give the role USAGE on the schema cfsync and SELECT on its tables: "
        "that is all that `plan` needs",
    )


def postgres_missing(why: str) -> JournalUnreadable:
    return JournalUnreadable(
        "a journal in PostgreSQL needs the extra `postgres`",
        where="CFSYNC_JOURNAL",
        why=why,
        next_step="pip install 'cfsync[postgres]'",
    )


def lease_lost(location: str) -> JournalUnreadable:
    return JournalUnreadable(
        "another process took over the lease of this environment",
        where=location,
        why="this one was silent for longer than its lease, and sends nothing more",
        next_step="cfsync history",
    )


def lock_held(lease: Lease) -> LockHeld:
    holder = lease.holder
    who = f"process {holder.pid} of {holder.user} on {holder.machine}" if holder else "a process"
    return LockHeld(
        f"another apply holds {lease.key.environment}: {who}, since {utc(lease.since)}",
        where=f"{lease.key.name}, {lease.key.environment}, {lease.key.host}",
        why="two at once could undo each other's work; nothing was written",
        next_step=f"wait for it to end; its lease runs until {utc(lease.expires)}, "
        "and is renewed while it works",
    )


def utc(moment: float) -> str:
    """ISO 8601, to the millisecond."""
    text = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
