"""`cfsync import html`: a static site becomes a configuration, one readable file a page."""

import importlib.util
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from posixpath import join, normpath
from urllib.parse import unquote

from cfsync import limits
from cfsync.authoring.dump import dump
from cfsync.authoring.git_ignore import ignore_own_files
from cfsync.authoring.html_files import Source, sources
from cfsync.authoring.place import CONFIG, check_free, write_new
from cfsync.contract import Contract
from cfsync.errors import CfsyncError, UsageError
from cfsync.model.slug import slug_of
from cfsync.model.values import Fields

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
    site = _Import(folder, root, project)
    found = sources(folder, _slug_limit(contract), site.dropped)
    _check_found(folder, found)
    check_free(root, map(site.target, found))
    for source in found:
        site.add(source)
    site.count_links(found)
    site.configure()
    return site.report()


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
            next_step=f"cfsync import html FOLDER --project {slug_of(project) or 'my-website'}",
        )


def _check_found(folder: Path, found: tuple[Source, ...]) -> None:
    if not found:
        raise UsageError(f"no HTML file in {folder}", why="looked for .html, .htm and .xhtml")
    if len(found) >= limits.MAX_FILES:
        raise UsageError(
            f"{len(found)} HTML files are more than a configuration may have files",
            why=f"the limit is MAX_FILES, {limits.MAX_FILES}",
            next_step="import parts of the site as projects of their own",
        )


def _slug_limit(contract: Contract) -> int:
    return int(contract.kind("page").fields["slug"].schema.get("maxLength", 200))


class _Import:
    """One folder on its way into one project."""

    def __init__(self, folder: Path, root: Path, project: str) -> None:
        self._folder = folder
        self._root = root
        self._project = project
        self._files: list[Path] = []
        self._pages = 0
        self._elements = 0
        self._links: list[str] = []
        self._notes: list[str] = []
        self.dropped: Counter[str] = Counter()

    def target(self, source: Source) -> Path:
        return self._root / "sites" / self._project / f"{source.slug}.yaml"

    def add(self, source: Source) -> None:
        """Write one page; where that would lose text or is not possible, note why not."""
        from cfsync.authoring.html_page import NotReadable, page  # noqa: PLC0415 - lxml is optional

        path = self._folder / source.path
        try:
            if path.stat().st_size > limits.MAX_FILE_BYTES:
                return self._leave_out(source, f"it is {_TOO_LARGE}")
            links: list[str] = []
            fields = page(path.read_bytes(), source.slug, self.dropped, links)
        except OSError as error:
            return self._leave_out(source, error.strerror or "it cannot be read")
        except NotReadable as error:
            return self._leave_out(source, str(error))
        return self._write(source, fields, links)

    def _write(self, source: Source, fields: Fields, links: list[str]) -> None:
        tree = {"project": self._project, "pages": [fields]}
        text = dump(tree, header=f"Imported from {source.path}.")
        if len(text.encode()) > limits.MAX_FILE_BYTES:
            return self._leave_out(source, f"its file would be {_TOO_LARGE}")
        self._files.append(write_new(self.target(source), text))
        self._pages += 1
        self._elements += _count(fields["elements"])
        self._links += [_leads_to(source, link) for link in links]
        return None

    def _leave_out(self, source: Source, why: str) -> None:
        self._notes.append(f"{source.path} was left out: {why}")

    def count_links(self, found: tuple[Source, ...]) -> None:
        """A page's address on the site is its slug, not its file: somebody has to know."""
        paths = {str(source.path) for source in found}
        if count := sum(link in paths for link in self._links):
            self._notes.append(
                f"{count} links name pages of this site by their file; they were kept so"
            )

    def configure(self) -> None:
        """Write `cfsync.yaml`, or advise what to add to the one that exists."""
        include = f"sites/{self._project}/**/*.yaml"
        name = _title(self._project)
        if (self._root / CONFIG).exists():
            self._notes.append(
                f"{CONFIG} exists and was left alone; add to it\n"
                f"  include: [{include}]\n"
                f"  projects:\n"
                f"    - {{slug: {self._project}, name: {name}}}"
            )
            return
        tree = {
            "version": 1,
            "name": self._project,
            "include": [include],
            "environments": {"local": {"url": "local:.cfsync/local.db"}},
            "default_environment": "local",
            "projects": [{"slug": self._project, "name": name}],
        }
        header = "Each page has a file of its own, named in `include`.\nNext: cfsync plan"
        self._files.append(write_new(self._root / CONFIG, dump(tree, header=header)))
        self._files += ignore_own_files(self._root)

    def report(self) -> ImportReport:
        left_out = {name: number for name, number in sorted(self.dropped.items()) if number}
        files, notes = tuple(self._files), tuple(self._notes)
        return ImportReport(files, self._pages, self._elements, left_out, notes)


def _leads_to(source: Source, link: str) -> str:
    """The path within the folder that a relative link names."""
    path = unquote(link.partition("#")[0].partition("?")[0])
    return normpath(join(source.path.parent, path)) if path else ""


def _count(elements: list[Fields]) -> int:
    stack, count = list(elements), 0
    while stack:
        count += 1
        stack.extend(stack.pop().get("children", ()))
    return count


def _title(project: str) -> str:
    title = project.replace("-", " ").title()
    return title if len(title) > 2 else f"Site {title}"  # noqa: PLR2004 - the API wants three
