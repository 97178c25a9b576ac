"""`cfsync history`: what the journal knows of past runs."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from cfsync import limits
from cfsync.errors import JournalUnreadable
from cfsync.model.run import RunSummary
from cfsync.workflow.settings import Settings
from cfsync.workflow.wiring import Site, configured

if TYPE_CHECKING:
    from cfsync.journal.reading import OpenJournal

Answer = TypeVar("Answer")


def history(settings: Settings) -> tuple[tuple[RunSummary, ...], JournalUnreadable | None]:
    """Newest first; and what is wrong with the journal, if these could be read all the same.

    Raises JournalUnreadable where nothing can be read.
    """
    site = configured(settings)
    runs, damage = salvaged(site, lambda journal: tuple(reversed(journal.runs())))
    if damage is not None and not runs:
        raise damage
    return runs, damage


def salvaged(
    site: Site, ask: "Callable[[OpenJournal], Answer]"
) -> tuple[Answer, JournalUnreadable | None]:
    """The answer; of a damaged journal the one that can be had without checking it."""
    try:
        with site.journal() as journal:
            return ask(journal), None
    except JournalUnreadable as damage:
        try:
            with site.journal(salvage=True) as journal:
                return ask(journal), damage
        except JournalUnreadable:
            raise damage from None


def prune(settings: Settings) -> int:
    """Empty the page content of all but the newest runs; returns how many lines of the journal."""
    from cfsync.journal.opening import prune_history  # noqa: PLC0415 - rarely

    site = configured(settings)
    return prune_history(site.environment.journal, *site.key, keep=limits.KEPT_RUNS)
