"""One file, read and checked: out of the cache if it was found good before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cfsync.contract import Contract
from cfsync.desired import cache
from cfsync.desired.cache import ParseCache
from cfsync.desired.frame import FROM_FILE
from cfsync.desired.memo import Memo
from cfsync.desired.partial import environments_are_sound
from cfsync.desired.references import resolve_references
from cfsync.desired.validation import Part, Validator
from cfsync.desired.yaml_tree import Document, parse
from cfsync.errors import ConfigError, Problem

_NOTHING_REFUSED: Final[frozenset[str]] = frozenset()


def content_digest(raw: bytes) -> bytes:
    return sha256(raw).digest()  # 28 against 67 ms for 50 MB by blake2b: processors know this one


@dataclass(frozen=True, slots=True)
class Checked:
    document: Document | None
    """None where nothing can be made of the file."""
    problems: tuple[Problem, ...] = ()
    is_sound: bool = False
    """Whether it is fit to be asked about its environments."""
    was_parsed: bool = True
    """It was not in the cache."""


class Checker:
    """Of files of one load: equal texts in them become one object."""

    def __init__(self, contract: Contract, environ: Mapping[str, str]) -> None:
        self._memo = Memo()
        self._validator = Validator(contract)
        rules = cache.rules_digest(self._validator.schema)
        folder = cache.folder_for(environ)
        self._cache = ParseCache(folder, rules, frozenset(_values(contract)))

    @property
    def keeps(self) -> bool:
        """Whether what is found good is kept for the next time."""
        return self._cache.keeps

    def file(self, name: str, raw: bytes, content: bytes, part: Part) -> Checked:
        """`content` is the digest of the bytes."""
        document = self._cache.find(name, raw, content, part)
        if document is None:
            return self._parsed(name, raw, content, part)
        # it was without problems, then as now
        sound = environments_are_sound(document.root, _NOTHING_REFUSED)
        return Checked(document, is_sound=sound, was_parsed=False)

    def _parsed(self, name: str, raw: bytes, content: bytes, part: Part) -> Checked:
        try:
            document = parse(name, raw, self._memo)
        except ConfigError as error:
            return Checked(None, error.problems)
        findings = self._validator.check(document, part)
        references = resolve_references(document, findings.refused)
        problems = (*document.problems, *findings.problems, *references)
        if not problems:
            self._cache.keep(raw, content, part, document)
        sound = not references and environments_are_sound(document.root, findings.keys)
        return Checked(document, problems, sound)

    def close(self) -> None:
        self._cache.close()


def _values(contract: Contract) -> Iterator[str]:
    """Fields that hold an object and nothing that is looked at any further."""
    texts = {name for _, name in FROM_FILE}
    for kind in contract.kinds.values():
        for name in kind.content:
            if kind.fields[name].schema.get("type") == "object" and name not in texts:
                yield name
