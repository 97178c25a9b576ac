"""Which files belong to a configuration: the root file, and what its `include` names."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cfsync import limits
from cfsync.desired.files import Refused, Root
from cfsync.desired.formats import below_root
from cfsync.desired.marked import MarkedList, MarkedMap
from cfsync.desired.yaml_tree import Document
from cfsync.errors import CfsyncError, ConfigError, Problem

ROOT_FILES: Final = ("cfsync.yaml", "cfsync.yml")
_MAGIC: Final = frozenset("*?[")


def root_file(root: Root) -> str:
    """The name of the root file. Raises CfsyncError where there is none, or more than one."""
    found = [name for name in ROOT_FILES if (root.path / name).exists()]
    if not found and not root.path.is_dir():
        raise CfsyncError(
            "there is no such folder", where=str(root.path), next_step="cfsync -C DIR"
        )
    if not found:
        raise CfsyncError(
            f"there is no {ROOT_FILES[0]} here", where=str(root.path), next_step="cfsync init"
        )
    if len(found) > 1:
        raise CfsyncError(
            f"there is both {' and '.join(found)}",
            where=str(root.path),
            why="only one of them can be the configuration",
            next_step=f"rm {found[1]}",
        )
    return found[0]


def included(document: Document, root: Root, problems: list[Problem]) -> dict[str, int]:
    """The included files by name, sorted, each once, with the place that names it.

    Adds a problem for each pattern that names none.
    """
    seen: dict[Path, tuple[str, int]] = {_identity(document.source.name, root): ("", 0)}
    for index, pattern in enumerate(include := _include(document)):
        place = include.place_of(index)
        try:
            names = sorted(_named(pattern, root))
        except Refused as refused:
            problems.append(document.source.problem(place, f"'{pattern}' {refused}"))
            continue
        for name in names:
            seen.setdefault(_identity(name, root), (name, place))
    found = dict(sorted(entry for entry in seen.values() if entry[0]))
    if len(found) > limits.MAX_FILES:
        message = f"{len(found)} files are included; the limit is {limits.MAX_FILES}"
        raise ConfigError([document.source.problem(include.place, message)])
    return found


def _include(document: Document) -> MarkedList:
    include = document.root.get("include") if isinstance(document.root, MarkedMap) else None
    return include if isinstance(include, MarkedList) else MarkedList()


def _named(pattern: object, root: Root) -> Iterator[str]:
    if not isinstance(pattern, str) or not _stays_below(pattern):
        return  # the schema has told already
    if not _MAGIC.intersection(pattern):
        yield str(below_root(pattern))
        return
    found = False
    try:
        for name in root.matching(pattern):
            found = True
            yield name
    except (ValueError, NotImplementedError) as error:
        raise Refused(f"is not a pattern: {error}") from None
    if not found:
        raise Refused("matches no file")


def _stays_below(pattern: str) -> bool:
    try:
        below_root(pattern)
    except ValueError:
        return False
    return True


def _identity(name: str, root: Root) -> Path:
    """Two names of one file are one; what cannot be resolved is told when it is read."""
    try:
        return root.below(name)
    except Refused:
        return Path(name)
