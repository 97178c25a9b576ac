"""Which files of a folder are pages, and under which slugs."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from cfsync.authoring.names import Names
from cfsync.model.slug import slug_of

_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
_LANGUAGE = re.compile(r"\.([a-z]{2,3}(?:-[a-z]{2,4})?)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """A file that becomes a page. `path` is relative to the folder, with slashes."""

    path: PurePosixPath
    slug: str


def sources(folder: Path, slug_limit: int, ignored: Counter[str]) -> tuple[Source, ...]:
    """The pages of a folder, the home page first, then by slug; counts what it leaves out.

    `index.html` is the page of its folder, at the top `index`. A language that every file carries
    (`faq.en.html`) is left out of the slugs.
    """
    paths = sorted(_pages(folder, ignored), key=str)
    common = {_language(path) for path in paths}
    same_language = len(common) == 1 and None not in common
    names = Names()
    found = [
        Source(path, names.unique(slug(path, slug_limit, drop_language=same_language), slug_limit))
        for path in paths
    ]
    return tuple(sorted(found, key=lambda source: (source.slug != "index", source.slug)))


def slug(path: PurePosixPath, limit: int, *, drop_language: bool = False) -> str:
    """`about/Team Members.html` is `about/team-members`; never empty, at most `limit` long."""
    stem = _LANGUAGE.sub("", path.stem) if drop_language else path.stem
    is_index = stem.lower() == "index" and len(path.parts) > 1
    parts = [_segment(part) for part in (*path.parts[:-1], *(() if is_index else (stem,)))]
    return "/".join(parts)[:limit].rstrip("-/")


def _segment(text: str) -> str:
    return slug_of(text) or "page"


def _language(path: PurePosixPath) -> str | None:
    match = _LANGUAGE.search(path.stem)
    return match[1].lower() if match else None


def _pages(folder: Path, ignored: Counter[str]) -> Iterator[PurePosixPath]:
    """Real files only: a link leads out of the folder, or to what is imported anyway."""
    top = folder.resolve()
    for directory, folders, files in os.walk(top):
        here = Path(directory)
        linked = {name for name in (*folders, *files) if (here / name).is_symlink()}
        ignored["symbolic links"] += len(linked)
        folders[:] = [name for name in folders if name not in linked and not name.startswith(".")]
        for name in files:
            path = here / name
            if name in linked:
                continue
            if path.suffix.lower() not in _SUFFIXES or name.startswith("."):
                ignored["files that are no HTML"] += 1
            elif path.is_file():
                yield PurePosixPath(path.relative_to(top).as_posix())
