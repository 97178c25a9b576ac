"""`cfsync history`: what the journal knows of past runs."""

from cfsync.model.run import RunSummary
from cfsync.workflow.settings import Settings
from cfsync.workflow.wiring import configured


def history(settings: Settings) -> tuple[RunSummary, ...]:
    """Newest first. Raises JournalUnreadable."""
    with configured(settings).journal() as journal:
        return tuple(reversed(journal.runs()))


def prune(settings: Settings) -> int:
    """Empty the page content of old runs; returns how many lines of the journal."""
    from cfsync.journal.opening import prune_history  # noqa: PLC0415 - rarely

    site = configured(settings)
    return prune_history(site.environment.journal, *site.key)
