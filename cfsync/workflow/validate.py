"""`cfsync validate`: everything that can be checked without the site."""

from cfsync.report.validity import Validity
from cfsync.workflow.settings import Settings
from cfsync.workflow.wiring import configured


def validate(settings: Settings) -> Validity:
    """Raises ConfigError with all problems at once."""
    found = configured(settings).configuration
    return Validity(
        name=found.name,
        environments=found.environments,
        files=len(found.files),
        projects=found.counts.get("project", 0),
        pages=found.counts.get("page", 0),
        elements=found.counts.get("element", 0),
    )
