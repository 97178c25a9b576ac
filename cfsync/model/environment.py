"""How one environment is reached and treated; resolved, checked, and safe to print: no token."""

from dataclasses import dataclass

from cfsync import limits


@dataclass(frozen=True, slots=True)
class Environment:
    """`url` is `local:PATH` (absolute) or http(s). Times in seconds, `rate` in requests/s."""

    name: str
    url: str
    host: str
    """For the journal's key and for people: `api.codefluss.com`, `127.0.0.1:8787`, `local`."""
    journal: str
    """Path (absolute) of the SQLite file, or a postgresql:// URL."""
    rate: float | None = None
    parallel: int = limits.PARALLEL
    timeout: float = limits.REQUEST_TIMEOUT
    settle: float = limits.SETTLE
    guard_age: float = limits.GUARD_AGE
    confirm: bool = False
    max_delete_percent: int = limits.MAX_DELETE_PERCENT
    max_deletes: int = limits.MAX_DELETES
