"""Where a value was written."""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

import msgspec

from cfsync.model.values import FieldPath, Json


class Mark(msgspec.Struct, frozen=True, order=True, gc=False):
    """A place in a file. `file` is relative to the configuration's root; line and column from 1."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Placed(Protocol):
    """Something that was written somewhere."""

    def mark(self) -> Mark: ...


@runtime_checkable
class Marked(Protocol):
    """An object of a desired state that knows where its values were written."""

    def mark_along(self, path: FieldPath, /) -> Mark:
        """As `mark_at`; the first key is there."""
        ...


def mark_at(fields: Json, path: FieldPath) -> Mark | None:
    """Where the value at a path was written; of the nearest object above, if it was not.

    None for what was not read from a file.
    """
    if not path or not isinstance(fields, Mapping) or path[0] not in fields:
        return None
    return fields.mark_along(path) if isinstance(fields, Marked) else None
