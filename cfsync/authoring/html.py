"""`cfsync import html`: a static site becomes a configuration, one readable file a page."""

import importlib.util
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cfsync import limits
from cfsync.authoring.dump import dump
from cfsync.authoring.html_files import Source, sources
from cfsync.authoring.place import CONFIG, check_free, write_new
from cfsync.contract import Contract
from cfsync.errors import CfsyncError, UsageError
from cfsync.model.values import Fields, Json

_TOO_LARGE = f"larger than MAX_FILE_BYTES, {limits.MAX_FILE_BYTES // limits.MIB} MiB"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of the folder; the paths are those of the files written."""

    files: tuple[Path, ...]
    pages: int
    elements: int
    dropped: dict[str, int]
    """What was left out, in words, and how often; only what occurred."""
    notes: tuple[str, ...]
    """Sentences for a person: pages skipped, what to do next."""


def import_html(folder: Path, root: Path, project: str, contract: Contract) -> ImportReport:
    """Write a page's file for each HTML file below `folder`, and `cfsync.yaml` if there is none.

    All visible text is kept. Nothing that exists is overwritten. Raises UsageError for a folder
    without pages, a project slug that the contract does not allow, or a file in the way.
    """
    _check(folder, project, contract)
    dropped: Counter[str] = Counter()
    found = sources(folder, _slug_limit(contract), dropped)
    if not found:
        raise UsageError(f"no HTML file in {folder}", why="looked for .html, .htm and .xhtml")
    _check_count(len(found))
    targets = {source: _target(root, project, source) for source in found}
    check_free(root, targets.values())
    notes: list[str] = []
    files: list[Path] = []
    count = 0
    for source, fields in _pages(folder, found, dropped, notes):
        text = _page_file(project, source, fields)
        if len(text.encode()) > limits.MAX_FILE_BYTES:
            notes.append(_left_out(source, f"its file would be {_TOO_LARGE}"))
            continue
        files.append(write_new(targets[source], text))
        count += _count(fields["elements"])
    pages = len(files)
    files += _configuration(root, project, notes)
    left_out = {name: number for name, number in sorted(dropped.items()) if number}
    return ImportReport(tuple(files), pages, count, left_out, tuple(notes))


def _check(folder: Path, project: str, contract: Contract) -> None:
    if importlib.util.find_spec("lxml") is None:
        raise CfsyncError(
            "reading HTML needs lxml, which is not installed",
            next_step="pip install 'cfsync[html]'",
        )
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder")
    body = {"slug": project, "name": _title(project)}
    for violation in contract.violations("project", body, "create"):
        raise UsageError(
            f"{project!r} cannot be the slug of a project: {violation.message}",
            next_step="cfsync import html FOLDER --project my-website",
        )


def _check_count(count: int) -> None:
    if count >= limits.MAX_FILES:
        raise UsageError(
            f"{count} HTML files are more than a configuration may have files",
            why=f"the limit is MAX_FILES, {limits.MAX_FILES}",
            next_step="import parts of the site as projects of their own",
        )


def _slug_limit(contract: Contract) -> int:
    return int(contract.kind("page").fields["slug"].schema.get("maxLength", 200))


def _target(root: Path, project: str, source: Source) -> Path:
    return root / "sites" / project / f"{source.slug}.yaml"


def _pages(
    folder: Path, found: tuple[Source, ...], dropped: Counter[str], notes: list[str]
) -> Iterator[tuple[Source, Fields]]:
    from cfsync.authoring.html_page import NotReadable, page  # noqa: PLC0415 - lxml is optional

    for source in found:
        path = folder / source.path
        try:
            if path.stat().st_size > limits.MAX_FILE_BYTES:
                notes.append(_left_out(source, f"it is {_TOO_LARGE}"))
            else:
                yield source, page(path.read_bytes(), source.slug, dropped)
        except OSError as error:
            notes.append(_left_out(source, error.strerror or "it cannot be read"))
        except NotReadable as error:
            notes.append(_left_out(source, str(error)))


def _left_out(source: Source, why: str) -> str:
    return f"{source.path} was left out: {why}"


def _page_file(project: str, source: Source, fields: Fields) -> str:
    return dump({"project": project, "pages": [fields]}, header=f"Imported from {source.path}.")


def _count(elements: list[Fields]) -> int:
    stack, count = list(elements), 0
    while stack:
        count += 1
        stack.extend(stack.pop().get("children", ()))
    return count


def _title(project: str) -> str:
    title = project.replace("-", " ").title()
    return title if len(title) > 2 else f"Site {title}"  # noqa: PLR2004 - the API wants three


def _configuration(root: Path, project: str, notes: list[str]) -> list[Path]:
    """`cfsync.yaml`, or the advice what to add to the one that exists."""
    include = f"sites/{project}/**/*.yaml"
    declared: Mapping[str, Json] = {"slug": project, "name": _title(project)}
    if (root / CONFIG).exists():
        notes.append(
            f"{CONFIG} exists and was left alone; add to it\n"
            f"  include: [{include}]\n"
            f"  projects:\n"
            f"    - {{slug: {declared['slug']}, name: {declared['name']}}}"
        )
        return []
    tree = {
        "version": 1,
        "name": project,
        "include": [include],
        "environments": {"local": {"url": "local:.cfsync/local.db"}},
        "default_environment": "local",
        "projects": [declared],
    }
    header = "Each page has a file of its own, named in `include`.\nNext: cfsync plan"
    return [write_new(root / CONFIG, dump(tree, header=header))]
