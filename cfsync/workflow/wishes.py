"""What a person may ask of a plan, and what they consent to before it is known."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

OnConflict: TypeAlias = Literal["fail", "keep-live", "take-config"]
OnError: TypeAlias = Literal["undo", "stop"]


@dataclass(frozen=True, slots=True)
class PlanWishes:
    target: tuple[str, ...] = ()
    """Addresses or patterns; what is below them, too. Empty: everything."""
    exclude: tuple[str, ...] = ()
    allow_deletes: int | None = None
    on_conflict: OnConflict = "fail"
    parallel: int | None = None
    """None: as the environment says."""


@dataclass(frozen=True, slots=True)
class Consent:
    yes: bool = False
    """To creates, updates and moves."""
    allow_deletes: int | None = None
    """To exactly so many deletions."""
    confirmed: str | None = None
    """The environment's name, for one with `confirm: true`."""
    saved: bool = False
    """A saved plan is its own consent."""
    typed: tuple[str, ...] = ("apply",)
    """The words behind `cfsync`, for saying which command would consent."""


@dataclass(frozen=True, slots=True)
class Order:
    """Everything that a person says to a story that may write."""

    wishes: PlanWishes = PlanWishes()
    consent: Consent = Consent()
    on_error: OnError = "undo"
