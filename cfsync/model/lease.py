"""Who may write: one lease for each configuration, environment and host."""

from dataclasses import dataclass

from cfsync.model.base import BaseChange
from cfsync.model.run import Record


@dataclass(frozen=True, slots=True, order=True)
class JournalKey:
    """What keeps the runs, the base and the lease of several configurations apart."""

    name: str
    environment: str
    host: str
    """Of the API."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A process, named so that it can be told from a later one with the same number."""

    pid: int
    started: str
    """As the system tells it; in no particular unit."""
    boot: str
    """Changes with each start of the machine, and from container to container."""
    machine: str
    user: str
    nonce: str


@dataclass(frozen=True, slots=True)
class Lease:
    key: JournalKey
    epoch: int
    """One more at each take-over, so that a stale holder's lines are refused."""
    holder: Holder | None
    """None: free."""
    since: float
    expires: float
    """Wall times, seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Lines of one run that become durable together with what they do to the base."""

    run: str
    at: str
    records: tuple[Record, ...]
    base: tuple[BaseChange, ...] = ()
