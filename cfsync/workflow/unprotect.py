"""`cfsync unprotect`: lift a protection that the journal remembers."""

from msgspec import structs

from cfsync.errors import UsageError
from cfsync.model.address import Pattern
from cfsync.model.base import Base, PutBase
from cfsync.model.run import Record
from cfsync.workflow.loop import completed
from cfsync.workflow.protection import declared_protection
from cfsync.workflow.settings import Settings
from cfsync.workflow.wiring import Site, configured


def unprotect(settings: Settings, address: str) -> tuple[str, ...]:
    """The addresses that were protected and no longer are. Sends nothing.

    Raises UsageError where nothing of that address is protected, or the files still protect it;
    LockHeld, RunWaiting.
    """
    site = configured(settings)
    site.nothing_waits()
    rows = _protected(site, address)
    _ensure_undeclared(site, rows)
    completed(_lift(site, rows))
    return tuple(row.address for row in rows)


def _protected(site: Site, address: str) -> list[Base]:
    try:
        pattern = Pattern(address)
    except ValueError as error:
        raise UsageError(str(error), next_step="cfsync unprotect my-website") from error
    protected = [row for row in site.base().rows.values() if row.protect]
    found = sorted(
        (row for row in protected if pattern.matches(row.address)), key=lambda row: row.address
    )
    if not found:
        names = ", ".join(sorted(row.address for row in protected)[:5])
        raise UsageError(
            f"nothing is protected at '{address}'",
            where=site.environment.name,
            why=f"protected: {names}" if names else "nothing is protected here",
            next_step="cfsync list",
        )
    return found


def _ensure_undeclared(site: Site, rows: list[Base]) -> None:
    """Lifted only here it would not keep `destroy` off what the files say is protected."""
    declared = declared_protection(site)
    for row in rows:
        if (mark := declared.get(row.address)) is not None:
            raise UsageError(
                f"the configuration itself protects {row.address}",
                where=f"{mark.file}:{mark.line}",
                why="the next apply would protect it again",
                next_step=f"remove 'protect: true' there, then cfsync unprotect {row.address}",
            )


async def _lift(site: Site, rows: list[Base]) -> None:
    """A run of its own in the journal, whole in one step."""
    from cfsync.applier.means import run_end  # noqa: PLC0415 - not before it is needed

    begin = {
        "name": site.configuration.name,
        "environment": site.environment.name,
        "host": site.environment.host,
        "summary": {"unprotect": len(rows)},
        "writes": 0,
    }
    with site.run() as journal:
        await journal.append(
            [Record("RUN_BEGIN", begin), run_end("applied", (), {})],
            [PutBase(structs.replace(row, protect=False)) for row in rows],
        )
