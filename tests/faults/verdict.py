"""What the checker makes of a history."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Verdict:
    lost: list[str] = field(default_factory=list)
    """Somebody else's value was written over, or deleted, though it could have been seen."""
    duplicated: list[str] = field(default_factory=list)
    """One intent made several resources, and not all of them were named."""
    wrong: list[str] = field(default_factory=list)
    """Any other promise that was broken."""
    lost_in_window: int = 0
    """Edits overwritten that were made after the reading: they cannot be seen."""
    duplicates_told: int = 0
    """Intents that were carried out twice, and whose resources were all named."""

    @property
    def complaints(self) -> list[str]:
        return [*self.lost, *self.duplicated, *self.wrong]
