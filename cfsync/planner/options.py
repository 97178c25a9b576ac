"""What a person or the environment says about one plan."""

from dataclasses import dataclass

from cfsync import limits
from cfsync.model.address import Pattern
from cfsync.planner.merge import OnConflict


@dataclass(frozen=True, slots=True)
class PlanOptions:
    environment: str
    host: str
    targets: tuple[Pattern, ...] = ()
    """Only these and what stands below them; ancestors that must be created come along."""
    excludes: tuple[Pattern, ...] = ()
    on_conflict: OnConflict = "fail"
    allow_deletes: int | None = None
    """The exact number of deletions consented to, descendants counted. Lifts the thresholds."""
    max_delete_percent: int = limits.MAX_DELETE_PERCENT
    max_deletes: int = limits.MAX_DELETES

    def selects(self, *addresses: str) -> bool:
        """Whether something of these addresses (the site's, the configuration's) takes part."""
        wanted = not self.targets or any(
            pattern.matches_below(address) for pattern in self.targets for address in addresses
        )
        return wanted and not self.excluded(*addresses)

    def excluded(self, *addresses: str) -> bool:
        return any(
            pattern.matches_below(address) for pattern in self.excludes for address in addresses
        )
