"""What libyaml says is wrong with the syntax, in words that help whoever wrote it."""

import yaml

from cfsync import limits
from cfsync.desired.source import SourceFile
from cfsync.errors import Problem

_HINTS = {
    "mapping values are not allowed in this context": (
        "a text with ': ' in it needs quotes, and a key needs the same indentation as its siblings"
    ),
    "did not find expected key": "a key at the same indentation as its siblings, or deeper",
    "did not find expected '-' indicator": "'- ' at the same indentation as the items above",
    "did not find expected ',' or ']'": "a comma, or the closing ']'",
    "did not find expected ',' or '}'": "a comma, or the closing '}'",
    "did not find expected node content": "a value, or the closing bracket",
    "could not find expected ':'": "'key: value'",
    "found unexpected end of stream": "the closing quote",
    "found unknown escape character": "single quotes, in which a backslash is only a backslash",
    "did not find expected <document start>": "one document, with nothing after its end",
}

_TOO_DEEP = "exceeded maximum nesting depth"
"""Newer builds of libyaml look far ahead of the depth at which we stop."""


def syntax_problem(source: SourceFile, text: str, error: yaml.YAMLError) -> Problem:
    """The error with the place where it shows, and where the part in question began."""
    mark = getattr(error, "problem_mark", None)
    message = str(getattr(error, "problem", None) or getattr(error, "reason", error))
    place = min(mark.index, len(text)) if mark is not None else 0
    expected = _HINTS.get(message, "")
    if message == _TOO_DEEP:
        message = f"nested deeper than {limits.MAX_YAML_DEPTH} levels"
    if "cannot start any token" in message:
        message, expected = _bad_start(text[place : place + 1])
    return source.problem(place, message + _context(source, error, place), expected=expected)


def _bad_start(character: str) -> tuple[str, str]:
    if character == "\t":
        return "a tab cannot indent in YAML", "spaces"
    return f"a text cannot begin with {character!r} in YAML", "the text in quotes"


def _context(source: SourceFile, error: yaml.YAMLError, place: int) -> str:
    mark = getattr(error, "context_mark", None)
    if mark is None or mark.index >= place:
        return ""
    began = source.mark(mark.index)
    return f", {error.context} that began at {began.line}:{began.column}"  # type: ignore[attr-defined]
