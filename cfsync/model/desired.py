"""Desired state: what the YAML (or another source) says. A tree, whatever it was read from."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import msgspec

from cfsync.model.address import KindName
from cfsync.model.mark import Mark, Placed
from cfsync.model.values import FieldPath, Fields

Manage: TypeAlias = Literal["merge", "mirror", "add"]
LiveEdits: TypeAlias = Literal["keep", "overwrite"]


@dataclass(frozen=True, slots=True)
class IgnoreRule:
    """Fields that are sent on create, then never compared or sent again."""

    at: str
    """A pattern relative to the project: `index#hero/**`."""
    paths: tuple[FieldPath, ...]
    """Empty: every field."""


class Desired(msgspec.Struct, frozen=True, gc=False):
    """One declared resource.

    `fields` holds what is declared under the API's names, natural key included; never `parentId`
    or `position`, which follow from the place in the tree. A key that is not there is not managed.
    `children` is None where nothing below is declared (then only what the base owns there is
    managed), and () where it is declared that there are none. Their order is the order on the page.
    """

    kind: KindName
    fields: Fields
    children: "tuple[Desired, ...] | None"
    place: Mark | Placed
    """Where it is declared, or who can tell: few are ever asked."""
    manage: Manage = "merge"
    """Already inherited: from the nearest ancestor that says something."""
    live_edits: LiveEdits = "keep"
    """Already inherited, the environment's first."""
    protect: bool = False
    delete: bool = False
    """`delete: true`: declared to be gone. Nothing below is looked at."""
    renamed_from: str | None = None
    """A former name among the same siblings, or a whole former address."""
    ignore: tuple[IgnoreRule, ...] = ()
    """Only projects carry rules."""

    @property
    def mark(self) -> Mark:
        return self.place if isinstance(self.place, Mark) else self.place.mark()


@dataclass(frozen=True, slots=True)
class DesiredState:
    """Everything that one configuration declares for one environment."""

    name: str
    """Names the configuration in the journal."""
    projects: tuple[Desired, ...]
    digest: str
    """Of the files and the environment that this was read from; hex."""
    refers: bool = True
    """Whether any field may refer to another resource: where False, none does."""
