"""A plan: what would change, what is kept, what has to be decided, and the ordered writes.

A value: shown, saved, compared, applied. It holds no clock, no retries and no durations, so that
the same inputs give the same bytes.
"""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from cfsync.model.address import KindName
from cfsync.model.base import BaseChange, Settle
from cfsync.model.live import Live
from cfsync.model.mark import Mark
from cfsync.model.values import FieldPath, Fields, Id, Maybe

Action: TypeAlias = Literal["create", "update", "move", "replace", "delete", "adopt", "forget"]
"""`forget`: gone from the configuration and from the site; only the journal still knows it."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One leaf: what is live now, what it becomes, and what cfsync last settled there."""

    path: FieldPath
    before: Maybe
    after: Maybe
    """For a kept edit or a conflict: what the configuration asks for."""
    settled: Maybe
    """`stored` of the base; ABSENT also where there is no base."""
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What apply does to one resource."""

    action: Action
    kind: KindName
    address: str
    """As the configuration names it; of something to delete, as the site does."""
    id: str | None
    """None: not there yet."""
    edits: tuple[Edit, ...] = ()
    """Sorted by path. Of a create: every field sent, `before` ABSENT."""
    moved_from: str | None = None
    """Address, when parent or name changed."""
    reordered: bool = False
    renumbered: int = 0
    """How many siblings get a new number only so that this one finds its place."""
    descendants: int = 0
    """Of a delete: how many resources go with it."""
    mark: Mark | None = None


KeptWhat: TypeAlias = Literal["fields", "deleted", "order", "parent", "delete"]
"""`deleted`: the site did, and it is not made again. `delete`: was to be deleted, stays, let go."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Only the live site changed: it stays, and is reported."""

    what: KeptWhat
    kind: KindName
    address: str
    id: str | None
    edits: tuple[Edit, ...] = ()
    mark: Mark | None = None
    decided: bool = False
    """It was a conflict, and a person gave it to the site: settled, and not asked again."""


ConflictReason: TypeAlias = Literal[
    "both-changed",  # a field, the order or the parent changed on both sides, differently
    "no-base",  # declared and live differ, and nothing is known of who changed
    "deleted-live",  # the site deleted what the configuration still declares
    "changed-since",  # to be deleted, but edited on the site since
    "holds-foreign",  # to be deleted, but something that is to stay stands below it
    "undeclared",  # to be deleted, but it holds content that no file declares
    "taken",  # a unique key that something on the site has and keeps
]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A person decides: nothing is written to this resource's conflicting part until then."""

    reason: ConflictReason
    kind: KindName
    address: str
    id: str | None
    what: KeptWhat = "fields"
    edits: tuple[Edit, ...] = ()
    others: tuple[str, ...] = ()
    """Addresses that stand in the way of a delete."""
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Write:
    """One request that changes something. `number` is its place in `Plan.writes`."""

    number: int
    change: int
    """Index into `Plan.changes`."""
    verb: Literal["create", "update", "delete"]
    kind: KindName
    address: str
    target: Id | None
    """What is updated or deleted; None for a create."""
    scope: Id | None
    """Whose collection it stands in: None for a project, else the project or the page."""
    body: Fields = field(default_factory=dict)
    """Create only: everything sent, `parentId` and `position` too; values may be Made."""
    edits: tuple[Edit, ...] = ()
    """Update only: leaves to set. They are merged into the live value when sent, since the API
    replaces a top-level field whole. `("parentId",)` and `("position",)` may be among them, and
    `after` may be Made. `before` is compared with the guard reading."""
    subtree: Live | None = None
    """Delete only: what is expected to be there, compared whole before the write."""
    waits: tuple[int, ...] = ()
    """Writes that must be done first; all smaller than `number`."""
    settle: Settle | None = None
    """None: the base is left alone (a temporary slug, an unowned sibling's new number)."""
    purpose: Literal["", "temporary-slug", "renumber", "publish", "reparent"] = ""
    twins: tuple[str, ...] = ()
    """Create only: who stands there under the same name already. Any other one is a surprise."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why this plan needs a person's consent beyond `--yes`."""

    reason: Literal["conflict", "protected", "threshold", "shrunken", "deletions", "empty"]
    message: str
    next_step: str
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    create: int = 0
    update: int = 0
    move: int = 0
    replace: int = 0
    delete: int = 0
    """Descendants counted."""
    adopt: int = 0
    keep_live: int = 0
    conflict: int = 0
    ignored: int = 0
    unmanaged: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """Sorted by address; writes in an order that may be sent one after another."""

    name: str
    environment: str
    host: str
    has_base: bool
    changes: tuple[Change, ...] = ()
    kept: tuple[Kept, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    writes: tuple[Write, ...] = ()
    settlements: tuple[BaseChange, ...] = ()
    """Written to the journal at the end of a good run, without any request: what is adopted, what
    became equal on both sides, what is gone on both sides."""
    refusals: tuple[Refusal, ...] = ()
    suggestions: tuple[str, ...] = ()
    """Likely renames that nobody declared."""
    summary: Summary = Summary()
    partial: bool = False
    """Made with `--target` or `--exclude`: it says nothing of the rest."""
    config_digest: str = ""
    live_digest: str = ""
    """Of everything that the plan rests on: each resource touched and its sibling list."""
