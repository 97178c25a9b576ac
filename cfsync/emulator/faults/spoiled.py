"""Answers that are not of the contract: cut, empty, HTML, too large, too deep, wrong inside."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import msgspec

from cfsync.emulator.answers import Answer
from cfsync.emulator.calls import Call
from cfsync.emulator.faults import measures
from cfsync.emulator.faults.world import Act, Sayable, Serve, Words, World, always
from cfsync.model.values import Fields, Json


def spoiling(change: Callable[[Answer], Answer]) -> Act:
    """Carry out, then change the answer."""

    def act(call: Call, serve: Serve, _world: World) -> Answer:
        return change(serve(call))

    return act


def with_body(answer: Answer, body: bytes, content_type: str = "application/json") -> Answer:
    headers = {"content-type": content_type, "content-length": str(len(body))}
    return replace(answer, headers=answer.headers | headers, body=body)


def editing(change: Callable[[Fields], None]) -> Act:
    """Carry out, then change the envelope; answers that are no success stay as they are."""

    def edited(answer: Answer) -> Answer:
        envelope: Json = msgspec.json.decode(answer.body) if answer.status < 300 else {}  # noqa: PLR2004 - HTTP's own number
        if "data" not in envelope:
            return answer
        change(envelope)
        return with_body(answer, msgspec.json.encode(envelope))

    return spoiling(edited)


def _half(answer: Answer) -> Answer:
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def _empty(answer: Answer) -> Answer:
    return with_body(answer, b"")


def _garbage(answer: Answer) -> Answer:
    return with_body(answer, b'\x00\xff{"success": tru')


def _huge(words: Words) -> Act:
    bytes_ = measures.size(words.argument)
    return spoiling(lambda answer: with_body(answer, b'{"data":"' + b"x" * bytes_ + b'"}'))


def _deep(words: Words) -> Act:
    levels = measures.whole(words.argument)
    return spoiling(
        lambda answer: with_body(answer, b'{"data":' + b"[" * levels + b"]" * levels + b"}")
    )


def _without(words: Words) -> Act:
    name = words.argument
    if not name:
        raise ValueError("needs the name of a field: without=id")

    def change(envelope: Fields) -> None:
        for resource in _resources(envelope):
            resource.pop(name, None)

    return editing(change)


def _wrong_type(words: Words) -> Act:
    name = words.argument
    if not name:
        raise ValueError("needs the name of a field: wrong-type=position")

    def change(envelope: Fields) -> None:
        for resource in _resources(envelope):
            resource[name] = {"wrong": "type"}

    return editing(change)


def _resources(envelope: Fields) -> list[Fields]:
    found = envelope["data"]
    return found if isinstance(found, list) else [found]


SAYABLE: Final = {
    "cut": Sayable(
        "cut",
        "carried out; half of the answer, then the connection closes",
        always(spoiling(_half)),
    ),
    "empty": Sayable("empty", "carried out; the answer has no body", always(spoiling(_empty))),
    "garbage": Sayable(
        "garbage", "carried out; the answer is not JSON", always(spoiling(_garbage))
    ),
    "huge": Sayable("huge=100MiB", "carried out; the answer is that large", _huge),
    "deep": Sayable("deep=100000", "carried out; the answer nests that deep", _deep),
    "without": Sayable("without=id", "carried out; the answer lacks this field", _without),
    "wrong-type": Sayable(
        "wrong-type=position", "carried out; this field of the answer is an object", _wrong_type
    ),
}
