"""`cfsync emulator`: the local API on a port, until somebody ends it."""

from collections.abc import Callable
from pathlib import Path


def sayable_faults() -> str:
    """What `--fault` takes, a line each."""
    from cfsync.emulator.faults import sayable  # noqa: PLC0415 - for those who ask

    return "\n".join(sayable()) + "\n"


def emulate(
    *,
    host: str,
    port: int,
    db: Path | None,
    faults: tuple[str, ...],
    announce: Callable[[str], None],
) -> None:
    """`announce` gets the URL once connections are taken. Raises CfsyncError."""
    from cfsync.emulator.server import serve  # noqa: PLC0415 - uvicorn is for this command alone

    if db is not None:
        db.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    serve(host, port, db, faults, announce=announce)
