"""What is known of the API, read from `schemas/codefluss.openapi.yaml`: kinds, paths, fields.

No path and no field list of the API stands anywhere else. Every operation and field says whether
it is documented by Codefluss or assumed by this project.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

from cfsync.model.address import KindName
from cfsync.model.live import Item
from cfsync.model.values import Fields, Json, Maybe

Role: TypeAlias = Literal[
    "content",  # a client writes it, the configuration may declare it
    "parent",  # parentId: follows from the place in the tree
    "position",  # follows from the place in the tree
    "id",
    "scope",  # projectId of a page, pageId of an element
    "created",
    "updated",
]
Source: TypeAlias = Literal["documented", "assumed"]


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    schema: Fields
    """JSON Schema 2020-12 of the value, self-contained."""
    role: Role
    source: Source
    default: Maybe
    """What a field goes back to when it is no longer declared; ABSENT where there is none."""
    immutable: bool
    """Sent on create only; another value means a replacement."""
    required: bool
    """On create."""


@dataclass(frozen=True, slots=True)
class Kind:
    name: KindName
    parent: KindName | None
    """Whose id scopes the collection."""
    collection: str
    """Path template with at most one `{...}`: `/pages/{pageId}/elements`."""
    single: str
    fields: Mapping[str, Field]
    key: str
    """The natural key among siblings: `slug` or `name`."""
    key_unique: bool
    """Whether the API enforces it."""

    @property
    def content(self) -> tuple[str, ...]:
        """Names that a configuration may declare."""

    def field_of(self, role: Role) -> str | None:
        """The name of the one field with this role (not for `content`)."""

    def collection_path(self, scope: str | None) -> str: ...

    def single_path(self, id_: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Violation:
    """A value that the contract does not allow."""

    path: tuple[str | int, ...]
    message: str
    keyword: str


@dataclass(frozen=True, slots=True)
class Contract:
    kinds: Mapping[KindName, Kind]
    document: Fields
    """The OpenAPI document itself."""

    def kind(self, name: KindName) -> Kind: ...

    def child_kind(self, name: KindName) -> KindName:
        """Project -> page, page -> element, element -> element."""

    def violations(
        self, name: KindName, body: Json, shape: Literal["create", "update", "resource"]
    ) -> Iterator[Violation]:
        """What is wrong with a request body, or with a resource that was answered."""

    def item(self, name: KindName, resource: Fields) -> Item:
        """A resource as answered, sorted into its roles. Raises ValueError naming the field."""


@cache
def load(path: Path | None = None) -> Contract:
    """The contract that ships with cfsync, or another copy of it."""
