"""A folder to the desired state of one environment, or all that is wrong with its files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final

from cfsync.collector import collector_paused
from cfsync.contract import Contract
from cfsync.desired import environments, fragments
from cfsync.desired.ahead import Ahead
from cfsync.desired.checked import Checked, Checker, content_digest
from cfsync.desired.files import Refused, Root
from cfsync.desired.included import included, root_file
from cfsync.desired.marked import MarkedMap
from cfsync.desired.partial import texts_named
from cfsync.desired.texts import Texts
from cfsync.desired.tokens import TokenSource
from cfsync.desired.tree import Tree
from cfsync.desired.twins import twins
from cfsync.desired.validation import Part
from cfsync.desired.yaml_tree import Document
from cfsync.errors import ConfigError, Problem
from cfsync.model.address import KindName
from cfsync.model.desired import Desired, DesiredState, LiveEdits
from cfsync.model.environment import Environment
from cfsync.model.values import Json

FORMAT: Final = b"cfsync-config-1"


@dataclass(frozen=True, slots=True)
class Configuration:
    name: str
    """Names it in the journal."""
    root: Path
    environments: tuple[str, ...]
    environment: Environment
    token: TokenSource
    state: DesiredState
    files: tuple[str, ...]
    """Everything that was read, relative to the root: the root file first, then sorted."""
    counts: dict[KindName, int]
    """Declared resources, those to be deleted left out."""


def load(
    root: Path, *, environment: str | None, environ: Mapping[str, str], contract: Contract
) -> Configuration:
    """Read the configuration in a folder for one environment, the default one if None.

    Reads no token and opens no connection. Raises ConfigError with every problem of all files,
    UsageError for an environment that is not there, Untrusted for a host that nobody allowed, and
    CfsyncError where there is no configuration.
    """
    with collector_paused():
        return _Loading(Root(root), contract, environ).configuration(environment, environ)


class _Loading:
    def __init__(self, root: Root, contract: Contract, environ: Mapping[str, str]) -> None:
        self._root = root
        self._contract = contract
        self._checker = Checker(contract, environ)
        self._ahead = Ahead(root.path, environ)
        self._problems: list[Problem] = []
        self._read: dict[str, None] = {}
        self._digest = blake2b(FORMAT, digest_size=32)
        self._documents: list[Document] = []
        self._good: list[Document] = []
        self._bad: list[Document] = []

    def configuration(self, wanted: str | None, environ: Mapping[str, str]) -> Configuration:
        root = self._everything()
        name = environments.choose(root, wanted) if root is not None else ""
        node = root["environments"][name] if root is not None else {}
        texts = Texts(self._root, self._note)
        tree = Tree(self._contract, texts)
        projects = self._projects(tree, node.get("live_edits", "keep"))
        self._problems += [*texts.problems, *tree.problems, *self._unread()]
        if self._problems or root is None:
            raise ConfigError(self._problems)
        self._digest.update(name.encode())
        resolved = environments.resolve(root, name, self._root, environ)
        for document in self._documents:
            document.source.forget_text()
        return Configuration(
            name=root["name"],
            root=self._root.path,
            environments=tuple(root["environments"]),
            environment=resolved,
            token=TokenSource(name, environments.token_origin(node), environ, self._root.path),
            state=DesiredState(root["name"], projects, self._digest.hexdigest(), self._refers()),
            files=tuple(self._read),
            counts=tree.counts,
        )

    def _everything(self) -> MarkedMap | None:
        """Read and check all files; the root's mapping if nothing is wrong with that one."""
        name = root_file(self._root)
        try:
            raw = self._root.read(name)
        except Refused as refused:
            raise ConfigError([Problem(name, 0, 0, f"{name} {refused}")]) from None
        checked = self._file(name, raw, "root")
        document = checked.document
        if document is None:
            return None
        self._included(document)
        self._checker.close()
        declared = list(self._declared(self._documents))
        self._problems += fragments.join(declared, self._documents, self._contract)
        self._problems += twins(declared, "project", self._contract)
        if not checked.is_sound:
            return None
        problems = list(environments.problems_of(document.root, self._root))
        self._problems += problems
        return None if problems or document in self._bad else document.root

    def _included(self, document: Document) -> None:
        places = included(document, self._root, self._problems)
        names = list(places)
        try:
            for number, (name, place) in enumerate(places.items(), 1):
                try:
                    raw = self._root.read(name)
                except Refused as refused:
                    self._problems.append(document.source.problem(place, f"'{name}' {refused}"))
                    continue
                if self._file(name, raw, "file").was_parsed and self._checker.keeps:
                    self._ahead.parsed(len(raw), names[number:])
        finally:
            self._ahead.close()

    def _file(self, name: str, raw: bytes, part: Part) -> Checked:
        checked = self._checker.file(name, raw, self._note(name, raw), part)
        self._problems += checked.problems
        if checked.document is not None:
            self._documents.append(checked.document)
            (self._bad if checked.problems else self._good).append(checked.document)
        return checked

    def _refers(self) -> bool:
        return any(document.has_references for document in self._documents)

    def _projects(self, tree: Tree, live_edits: LiveEdits) -> tuple[Desired, ...]:
        declared = self._declared(self._good)
        return tuple([tree.resource("project", node, live_edits) for node in declared])

    def _unread(self) -> list[Problem]:
        """Files with texts that cannot be read, named by files that are wrong otherwise, too."""
        texts = Texts(self._root, self._note)
        for document in self._bad:
            for node in texts_named(document.root):
                texts.text(node)
        told = {(one.file, one.line, one.column) for one in self._problems}
        return [one for one in texts.problems if (one.file, one.line, one.column) not in told]

    def _declared(self, documents: list[Document]) -> Iterator[Json]:
        for document in documents:
            projects = document.root.get("projects") if isinstance(document.root, dict) else None
            yield from projects if isinstance(projects, list) else ()

    def _note(self, name: str, raw: bytes) -> bytes:
        """Let a file be part of the digest, which does not depend on where the root is.

        Returns the digest of the bytes.
        """
        content = content_digest(raw)
        if name not in self._read:
            self._read[name] = None
            self._digest.update(b"%s\0" % name.encode(errors="surrogateescape") + content)
        return content
