"""A folder to the desired state of one environment, or all that is wrong with its files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final

from cfsync.collector import collector_paused
from cfsync.contract import Contract
from cfsync.desired import cache, environments, fragments
from cfsync.desired.cache import ParseCache
from cfsync.desired.files import Refused, Root
from cfsync.desired.frame import FROM_FILE
from cfsync.desired.included import included, root_file
from cfsync.desired.marked import MarkedMap
from cfsync.desired.memo import Memo
from cfsync.desired.partial import environments_are_sound, texts_named
from cfsync.desired.references import resolve_references
from cfsync.desired.texts import Texts
from cfsync.desired.tokens import TokenSource
from cfsync.desired.tree import Tree
from cfsync.desired.twins import twins
from cfsync.desired.validation import Part, Validator
from cfsync.desired.yaml_tree import Document, parse
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
        loading = _Loading(Root(root), contract, cache.folder_for(environ))
        return loading.configuration(environment, environ)


class _Loading:
    def __init__(self, root: Root, contract: Contract, folder: Path | None) -> None:
        self._root = root
        self._contract = contract
        self._memo = Memo()
        self._validator = Validator(contract)
        rules = cache.rules_digest(self._validator.schema)
        self._cache = ParseCache(folder, rules, frozenset(_values(contract)))
        self._problems: list[Problem] = []
        self._read: dict[str, None] = {}
        self._digest = blake2b(FORMAT, digest_size=32)
        self._documents: list[Document] = []
        self._good: list[Document] = []
        self._bad: list[Document] = []
        self._sound = False
        """Whether the file read last is fit to be asked about its environments."""

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
        document = self._file(name, raw, "root")
        if document is None:
            return None
        sound = self._sound
        for each, place in included(document, self._root, self._problems).items():
            try:
                self._file(each, self._root.read(each), "file")
            except Refused as refused:
                self._problems.append(document.source.problem(place, f"'{each}' {refused}"))
        self._cache.close()
        declared = list(self._declared(self._documents))
        self._problems += fragments.join(declared, self._documents, self._contract)
        self._problems += twins(declared, "project", self._contract)
        if not sound:
            return None
        problems = list(environments.problems_of(document.root, self._root))
        self._problems += problems
        return None if problems or document in self._bad else document.root

    def _file(self, name: str, raw: bytes, part: Part) -> Document | None:
        content = self._note(name, raw)
        document = self._cache.find(name, raw, content, part)
        if document is not None:  # it was without problems, then as now
            self._documents.append(document)
            self._good.append(document)
            self._sound = environments_are_sound(document.root, frozenset())
            return document
        return self._parsed(name, raw, content, part)

    def _parsed(self, name: str, raw: bytes, content: bytes, part: Part) -> Document | None:
        try:
            document = parse(name, raw, self._memo)
        except ConfigError as error:
            self._problems += error.problems
            return None
        self._documents.append(document)
        findings = self._validator.check(document, part)
        references = resolve_references(document, findings.refused)
        problems = [*document.problems, *findings.problems, *references]
        self._problems += problems
        (self._bad if problems else self._good).append(document)
        if not problems:
            self._cache.keep(raw, content, part, document)
        self._sound = not references and environments_are_sound(document.root, findings.keys)
        return document

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
        content = blake2b(raw, digest_size=32).digest()
        if name not in self._read:
            self._read[name] = None
            self._digest.update(b"%s\0" % name.encode(errors="surrogateescape") + content)
        return content


def _values(contract: Contract) -> Iterator[str]:
    """Fields that hold an object and nothing that is looked at any further."""
    texts = {name for _, name in FROM_FILE}
    for kind in contract.kinds.values():
        for name in kind.content:
            if kind.fields[name].schema.get("type") == "object" and name not in texts:
                yield name
