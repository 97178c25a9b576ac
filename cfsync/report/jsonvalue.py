"""JSON as cfsync writes it: the same bytes for the same facts, harmless wherever it is shown."""

import json
from collections.abc import Mapping
from typing import Final

from cfsync.model.values import Fields, IdOf, Json, Made
from cfsync.report.inert import COMMAND, UNSEEN

FORMAT_VERSION: Final = 1

_MADE: Final = "$made"
_ID_OF: Final = "$idOf"
_VALUE: Final = "$value"
_MARKS: Final = {_MADE, _ID_OF, _VALUE}


def dumps(document: Fields, *, indent: int = 2) -> str:
    """Sorted keys, one line break at the end; what cannot be seen is escaped, as JSON allows.

    `indent` -1: nothing but the values.
    """
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, allow_nan=False)
    text = UNSEEN.sub(lambda match: json.dumps(match[0])[1:-1], text)
    return COMMAND.sub(r"#\\u0023", _laid_out(text, indent)) + "\n"


def _laid_out(text: str, indent: int) -> str:
    from msgspec import DecodeError  # noqa: PLC0415 - not for errors that are one line
    from msgspec.json import format as laid_out  # noqa: PLC0415 - json's own layout is slow

    try:
        return laid_out(text, indent=indent)
    except DecodeError:  # a lone surrogate, which msgspec takes for no JSON
        return json.dumps(json.loads(text), sort_keys=True, indent=indent)


def encoded(value: Json) -> Json:
    """`Made` becomes `{"$made": n}`; an object that only looks like one is wrapped."""
    if isinstance(value, Made):
        return {_MADE: value.write}
    if isinstance(value, IdOf):
        return {_ID_OF: value.address}
    if isinstance(value, Mapping):
        inner = {key: encoded(entry) for key, entry in value.items()}
        return {_VALUE: inner} if _looks_marked(value) else inner
    if isinstance(value, list | tuple):
        return [encoded(entry) for entry in value]
    return value


def decoded(value: Json) -> Json:
    if isinstance(value, list):
        return [decoded(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    if _looks_marked(value):
        if _MADE in value:
            return Made(int(value[_MADE]))
        if _ID_OF in value:
            return IdOf(str(value[_ID_OF]))
        value = value[_VALUE]
    return {key: decoded(entry) for key, entry in value.items()}


def _looks_marked(value: Mapping[str, Json]) -> bool:
    return len(value) == 1 and not _MARKS.isdisjoint(value)
