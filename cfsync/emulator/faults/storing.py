"""A server that stores something else than was sent, or reads from a copy that lags behind."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import msgspec

from cfsync.emulator.answers import Answer
from cfsync.emulator.calls import Call
from cfsync.emulator.faults import measures
from cfsync.emulator.faults.world import Act, Sayable, Serve, Words, World
from cfsync.model.values import ABSENT, Fields, Json, at, put

_CHANGES: Final[dict[str, Callable[[str], str]]] = {"trim": str.strip, "lower": str.lower}


def _rewriting(change: Callable[[Fields], Fields]) -> Act:
    """Change the body of a write before it is carried out; what is no object passes."""

    def act(call: Call, serve: Serve, _world: World) -> Answer:
        try:
            body = msgspec.json.decode(call.body, type=dict[str, object])
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return serve(call)
        return serve(replace(call, body=msgspec.json.encode(change(body))))

    return act


def _normalise(words: Words) -> Act:
    change = _CHANGES.get(words.argument)
    if change is None:
        raise ValueError(f"knows {' and '.join(_CHANGES)}, not {words.argument!r}")
    return _rewriting(lambda body: {name: _each(value, change) for name, value in body.items()})


def _each(value: Json, change: Callable[[str], str]) -> Json:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_each(each, change) for each in value]
    if isinstance(value, dict):
        return {key: _each(each, change) for key, each in value.items()}
    return value


def _ignore(words: Words) -> Act:
    path = tuple(words.argument.split("."))
    if not all(path):
        raise ValueError("needs the name of a field: ignore=seo or ignore=props.color")

    def change(body: Fields) -> Fields:
        put(body, path, ABSENT)
        return body

    return _rewriting(change)


def _fill(words: Words) -> Act:
    name, _, text = words.argument.partition("=")
    path, value = tuple(name.split(".")), measures.value(text)
    if not all(path) or not text:
        raise ValueError("needs a field and a value: fill=seo.noindex=false")

    def change(body: Fields) -> Fields:
        if path[0] in body and at(body, path) is ABSENT:
            put(body, path, value)
        return body

    return _rewriting(change)


def _lag(words: Words) -> Act:
    reads = measures.whole(words.argument)
    hidden: deque[list[int]] = deque()  # for each write: the step before it, and reads to go

    def act(call: Call, serve: Serve, world: World) -> Answer:
        store = world.store
        store.keep_history()
        if call.is_write:
            hidden.append([store.step(), reads])
            return serve(call)
        while hidden and hidden[0][1] <= 0:
            hidden.popleft()
        if not hidden:
            store.forget_history()
            return serve(call)
        for write in hidden:
            write[1] -= 1
        with store.rewound(hidden[0][0]):
            return serve(call)

    return act


SAYABLE: Final = {
    "normalise": Sayable("normalise=trim|lower", "strings are stored changed", _normalise),
    "ignore": Sayable("ignore=seo.title", "this field is silently not stored", _ignore),
    "fill": Sayable("fill=seo.noindex=false", "an object gets this key where it has none", _fill),
    "lag": Sayable("lag=3", "a write is seen only after this many reads", _lag),
}
