"""The nouns of the contract: kinds with their fields and paths, and the operations on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from cfsync.model.address import KindName
from cfsync.model.values import Fields, Maybe

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
Shape: TypeAlias = Literal["create", "update", "resource"]
Verb: TypeAlias = Literal["list", "create", "get", "update", "delete"]

_PLAIN_ID: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    schema: Fields
    """JSON Schema 2020-12 of the value, self-contained."""
    role: Role
    source: Source
    default: Maybe
    """What a field goes back to when it is no longer declared; ABSENT where there is none.

    Shared: copy before changing it.
    """
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
    """Ids first, then what a create requires, the rest, place and times: the order for people."""
    key: str
    """The natural key among siblings: `slug` or `name`."""
    key_unique: bool
    """Whether the API enforces it."""
    content: tuple[str, ...]
    """Names that a configuration may declare."""
    roles: Mapping[Role, str]
    """The one field of each role but `content`."""
    id_prefix: str
    """What ids begin with. For making some up; never for judging one."""

    @property
    def traits(self) -> tuple[str, ...]:
        """What is written once and then never changes: what a resource is."""
        return tuple(name for name in self.content if self.fields[name].immutable)

    @property
    def telling(self) -> str | None:
        """The one field that says most in one word: a trait, or else a choice among few."""
        choices = (name for name in self.content if "enum" in self.fields[name].schema)
        return next(iter(self.traits), next(choices, None))

    def field_of(self, role: Role) -> str | None:
        """The name of the one field with this role (not for `content`)."""
        return self.roles.get(role)

    def collection_path(self, scope: str | None) -> str:
        """Raises ValueError for an id that no path can hold."""
        return _filled(self.collection, scope)

    def single_path(self, id_: str) -> str:
        """Raises ValueError for an id that no path can hold."""
        return _filled(self.single, id_)


@dataclass(frozen=True, slots=True)
class Operation:
    kind: KindName
    verb: Verb
    method: str
    path: str
    """Template, as in Kind."""
    source: Source
    query: Mapping[str, Fields]
    """JSON Schema of each query parameter, `default` included."""


def _filled(template: str, id_: str | None) -> str:
    start, end = template.find("{"), template.find("}")
    if start < 0:
        return template
    if not id_ or not id_.strip("."):  # `..` would climb to another path
        raise ValueError(f"{id_!r} cannot stand in {template}")
    if not _PLAIN_ID.issuperset(id_):
        from urllib.parse import quote  # noqa: PLC0415 - lazy: no id of the API needs it

        id_ = quote(id_, safe="")
    return template[:start] + id_ + template[end + 1 :]
