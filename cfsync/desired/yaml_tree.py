"""YAML text to a tree of values that know their places, in one pass over the C parser's events.

Refuses what would mean something else than it looks like: repeated keys, keys that are no strings,
tags, several documents. Anchors, aliases and merge keys have their usual meanings; everything is
counted as if written out, so that a small file cannot become a large one.
"""

from dataclasses import dataclass
from typing import Any, Final, NoReturn

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from cfsync import limits
from cfsync.desired.anchors import Anchors
from cfsync.desired.decode import UNFIT, decode
from cfsync.desired.keys import MERGE, drop_rejected, merge, rejected
from cfsync.desired.marked import Marked, MarkedList, MarkedMap
from cfsync.desired.memo import Memo
from cfsync.desired.nearest import nearest
from cfsync.desired.scalars import resolve
from cfsync.desired.source import SourceFile
from cfsync.desired.syntax import syntax_problem
from cfsync.errors import ConfigError, Problem
from cfsync.model.values import Json

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOW_AND_THEN: Final = (1 << 12) - 1
"""A list's growth is looked at when its length has none of these bits."""
_SEARCHED: Final = 5_000
"""Keys of a mapping in which the first of a repeated key is looked for."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read. With problems, `root` is what could be made of it."""

    source: SourceFile
    root: Json
    problems: tuple[Problem, ...]
    has_references: bool
    """Whether `${` stands in any value or key."""


def parse(name: str, raw: bytes, memo: Memo | None = None) -> Document:
    """Read one file. Raises ConfigError where nothing can be made of it.

    A memo that several files share lets equal strings be one object.
    """
    text = decode(name, raw)
    source = SourceFile(name, text)
    builder = _Builder(source, memo or Memo())
    try:
        root = builder.build(text.encode())
    except yaml.YAMLError as error:
        raise ConfigError([*builder.problems, syntax_problem(source, text, error)]) from None
    except _Hopeless as hopeless:
        raise ConfigError([*builder.problems, hopeless.problem]) from None
    return Document(source, root, tuple(builder.problems), builder.has_references)


class _Hopeless(Exception):
    """Reading on makes no sense."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class _Builder:
    def __init__(self, source: SourceFile, memo: Memo) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self._memo = memo
        self._anchors = Anchors()
        self._unsettled: list[Marked] = []
        self._documents = 0
        self.has_references = False

    def build(self, raw: bytes) -> Json:  # noqa: C901, PLR0912, PLR0915 - inlined: ten elements a call
        """One turn of the loop reads a container's end, or a value with its key, if it has one."""
        get = _LOADER(raw).get_event
        anchors, unsettled = self._anchors, self._unsettled
        plain, quoted, keys = self._memo.plain, self._memo.quoted, self._memo.keys
        source, places = self.source, self.source.nodes
        add = places.append
        top: list[Json] = []
        stack: list[Any] = []
        node: Any = top
        in_map, key, most = False, "", limits.MAX_YAML_NODES
        adorned = b"&" in raw or b"!" in raw  # else there is neither an anchor nor a tag
        while True:
            event = get()
            kind = type(event)
            if in_map:
                if kind is ScalarEvent:
                    add(event.start_mark.index)
                    text = event.value
                    try:
                        key = keys[text]
                    except KeyError:
                        key = self._key(event, node)
                    if adorned and (event.anchor is not None or event.tag is not None):
                        self._adorned(event, key, len(stack))
                    if key in node:
                        key = self._repeated(node, key)
                elif kind is not MappingEndEvent:
                    key = self._other_key(event, node, len(stack))
                else:
                    node.end = size = len(places)
                    if size > most:
                        self._bounded()
                    if unsettled and unsettled[-1] is node:
                        self._settle(node, event)
                    node = stack.pop()
                    in_map = type(node) is MarkedMap
                    continue
                event = get()
                kind = type(event)
            if kind is ScalarEvent:
                add(event.start_mark.index)
                text = event.value
                try:
                    value = quoted[text] if event.style else plain[text]
                except KeyError:
                    value = self._scalar(event)
                if adorned and (event.anchor is not None or event.tag is not None):
                    self._adorned(event, value, len(stack))
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                value = MarkedMap() if kind is MappingStartEvent else MarkedList()
                value.source, value.start = source, len(places)
                add(event.start_mark.index)
                if len(stack) >= anchors.deepest:
                    self._deeper(len(stack) + 1)
                if adorned and (event.anchor is not None or event.tag is not None):
                    self._adorned(event, value, len(stack))
                stack.append(node)
                if in_map:
                    node[key] = value
                else:
                    node.append(value)
                node, in_map = value, kind is MappingStartEvent
                continue
            elif kind is SequenceEndEvent:
                node.end = size = len(places)
                if size > most:
                    self._bounded()
                if unsettled and unsettled[-1] is node:
                    self._settle(node, event)
                node = stack.pop()
                in_map = type(node) is MarkedMap
                continue
            elif kind is AliasEvent:
                add(event.start_mark.index)
                value = self._alias(event, len(stack))
            elif kind is StreamEndEvent:
                break
            else:
                self._around(event)
                continue
            if in_map:
                node[key] = value
            else:
                node.append(value)
                if not len(node) & _NOW_AND_THEN:
                    self._bounded()
        self._bounded()
        return top[0] if top else None

    def _other_key(self, event: Any, node: MarkedMap, depth: int) -> str:
        self.source.nodes.append(event.start_mark.index)
        if not isinstance(event, AliasEvent):
            self._hopeless("a key cannot be a mapping or a list", expected="a text as key")
        key = self._alias(event, depth)
        if not isinstance(key, str):
            return self._no_key(node, key)
        return self._repeated(node, key) if key in node else key

    def _scalar(self, event: ScalarEvent) -> Json:
        """The value of a scalar that was not met before."""
        self._bounded()
        text: str = event.value
        if (unfit := UNFIT.search(text)) is not None:
            self._report(f"the character U+{ord(unfit[0]):04X} is not allowed in a value")
            return UNFIT.sub("\ufffd", text)
        try:
            value = text if event.style else resolve(text)
        except ValueError as error:
            self._report(str(error), expected="a number, or a text in quotes")
            return text
        if "${" in text:
            self.has_references = True
        else:
            self._memo.remember(text, value, quoted=bool(event.style))
        return value

    def _adorned(self, event: Any, value: Json, depth: int) -> None:
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._report(f"tags are not supported: {tag}", expected="the value alone")
        if event.anchor is None:
            return
        if isinstance(value, MarkedMap | MarkedList):
            self._anchors.begin(event.anchor, value, depth + 1)
            self._unsettled.append(value)
        else:
            self._anchors.scalar(event.anchor, value, len(event.value))

    def _alias(self, event: Any, depth: int) -> Json:
        anchor = self._anchors.use(event.anchor, depth)
        if anchor is None:
            known = nearest(event.anchor, self._anchors.names())
            self._hopeless(
                f"nothing above is anchored as '&{event.anchor}'",
                suggestion=f"*{known}" if known else "",
            )
        if anchor.open:
            self._hopeless(f"*{event.anchor} stands inside of what it names")
        self._deep_enough(self._anchors.deepest)
        self._bounded()
        return anchor.value

    def _key(self, event: ScalarEvent, node: MarkedMap) -> str:
        """The text of a key that was not met before."""
        if event.value == "<<" and not event.style:
            self._unsettled.append(node)
            return MERGE
        key = self._scalar(event)
        if not isinstance(key, str):
            return self._no_key(node, key)
        if "${" not in key:
            self._memo.remember_key(key)
        return key

    def _no_key(self, node: MarkedMap, key: Json) -> str:
        """Report it. The name under which its value is kept for now."""
        if isinstance(key, MarkedMap | MarkedList):
            self._hopeless("a key cannot be a mapping or a list", expected="a text as key")
        self._report(f"the key {_written(key)} is not a text", expected="the key in quotes")
        return self._set_aside(node)

    def _repeated(self, node: MarkedMap, key: str) -> str:
        """Report it. The name under which its value is kept for now."""
        shown = "<<" if key == MERGE else key
        self._report(f"the key '{shown}' stands here twice{self._first(node, key)}")
        return self._set_aside(node)

    def _set_aside(self, node: MarkedMap) -> str:
        self._unsettled.append(node)
        return rejected(len(self.source.nodes) - 1)

    def _first(self, node: MarkedMap, key: str) -> str:
        if len(node) > _SEARCHED:
            return ""
        mark = self.source.mark(node.place_so_far(key))
        return f"; first at {mark.line}:{mark.column}"

    def _settle(self, node: Marked, end: Any) -> None:
        """Finish a container that is anchored, or has a merge key or refused keys."""
        while self._unsettled and self._unsettled[-1] is node:
            self._unsettled.pop()
        if isinstance(node, MarkedMap):
            drop_rejected(node)
            if MERGE in node and not merge(node):
                self.problems.append(
                    self.source.problem(
                        node.place, "'<<' takes a mapping, or a list of mappings", expected="*name"
                    )
                )
        self._anchors.end(node, end.end_mark.index - node.place)

    def _deeper(self, depth: int) -> None:
        self._anchors.deepest = depth
        self._deep_enough(depth)

    def _deep_enough(self, depth: int) -> None:
        if depth > limits.MAX_YAML_DEPTH:
            self._hopeless(f"nested deeper than {limits.MAX_YAML_DEPTH} levels")

    def _bounded(self) -> None:
        if len(self.source.nodes) + self._anchors.nodes > limits.MAX_YAML_NODES:
            self._hopeless(f"more than {limits.MAX_YAML_NODES} values, aliases written out")
        if self._anchors.text > limits.MAX_FILE_BYTES:
            self._hopeless(f"more than {limits.MAX_FILE_BYTES} characters, aliases written out")

    def _around(self, event: Any) -> None:
        place = event.start_mark.index
        if not isinstance(event, DocumentStartEvent):
            return
        self._documents += 1
        if self._documents > 1:
            raise _Hopeless(self.source.problem(place, "a second document", expected="one a file"))
        if event.version not in (None, (1, 2)) or event.tags:
            self.problems.append(
                self.source.problem(place, "%-directives are not supported: cfsync reads YAML 1.2")
            )

    def _report(self, message: str, *, expected: str = "") -> None:
        """A problem of the node that was read last."""
        if len(self.problems) >= limits.MAX_PROBLEMS:
            self._hopeless("too many problems in this file: the rest of it was not read")
        place = self.source.nodes[-1]
        self.problems.append(self.source.problem(place, message, expected=expected))

    def _hopeless(self, message: str, *, expected: str = "", suggestion: str = "") -> NoReturn:
        place = self.source.nodes[-1]
        raise _Hopeless(
            self.source.problem(place, message, expected=expected, suggestion=suggestion)
        )


def _written(key: Json) -> str:
    return "null" if key is None else str(key).lower()
