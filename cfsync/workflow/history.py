"""`cfsync history`: what the journal knows of past runs."""

from cfsync import limits
from cfsync.errors import JournalUnreadable
from cfsync.model.run import RunSummary
from cfsync.workflow.journal_place import journal_place
from cfsync.workflow.settings import Settings
from cfsync.workflow.wiring import configured


def history(settings: Settings) -> tuple[tuple[RunSummary, ...], JournalUnreadable | None]:
    """Newest first; and what is wrong with the journal, if these could be read all the same.

    Raises JournalUnreadable where nothing can be read.
    """
    place = journal_place(settings)
    runs, damage = place.salvaged(lambda journal: tuple(reversed(journal.runs())))
    if damage is not None and not runs:
        raise damage
    return runs, damage


def prune(settings: Settings) -> int:
    """Empty the page content of all but the newest runs; returns how many lines of the journal."""
    from cfsync.journal.opening import prune_history  # noqa: PLC0415 - rarely

    site = configured(settings)
    return prune_history(site.environment.journal, *site.key, keep=limits.KEPT_RUNS)
