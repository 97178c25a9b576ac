"""What JSON Schema cannot say of a text is a format of ours: a parser that raises ValueError."""

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Final

from cfsync.desired import quantities, trust, urls
from cfsync.model.address import Address, Pattern
from cfsync.model.values import FieldPath


def environment_url(text: str) -> None:
    if text.startswith(urls.LOCAL):
        below_root(text.removeprefix(urls.LOCAL))
    else:
        urls.parse_url(text)


def below_root(text: str) -> PurePosixPath:
    """A path that stays below the root as far as its words say. Raises ValueError."""
    path = PurePosixPath(text)
    if "://" in text:
        raise ValueError("this is a path; database URLs come only from CFSYNC_JOURNAL")
    if not path.parts or path == PurePosixPath():
        raise ValueError("a path is missing")
    if path.is_absolute() or ".." in path.parts or text.startswith("~"):
        raise ValueError(f"{text!r} is not below the folder of the configuration")
    return path


def former_name(text: str) -> None:
    """A name among the same siblings, or a whole address. Raises ValueError."""
    if ":" in text or "#" in text:
        Address.parse(text)


def field_path(text: str) -> FieldPath:
    """`props.color` to its steps. Raises ValueError."""
    steps = tuple(text.split("."))
    if not all(steps):
        raise ValueError(f"{text!r} is not a field, or a key in one: 'styles', 'props.color'")
    return steps


FORMATS: Final[dict[str, Callable[[str], object]]] = {
    "cfsync-url": environment_url,
    "cfsync-path": below_root,
    "cfsync-duration": quantities.duration,
    "cfsync-positive-duration": quantities.positive_duration,
    "cfsync-rate": quantities.rate,
    "cfsync-token-variable": trust.token_variable,
    "cfsync-pattern": Pattern,
    "cfsync-former-name": former_name,
    "cfsync-field-path": field_path,
}


def fits(parse: Callable[[str], object]) -> Callable[[object], bool]:
    """A format as validators want it: a predicate, true for whatever is no text."""

    def check(value: object) -> bool:
        try:
            parse(value) if isinstance(value, str) else None
        except ValueError:
            return False
        return True

    return check
