"""The way to the API: connections that fail, answers that are lost, late or slow."""

from dataclasses import replace
from typing import Final

from cfsync.emulator.answers import Answer
from cfsync.emulator.calls import Call
from cfsync.emulator.faults import measures
from cfsync.emulator.faults.world import Act, Sayable, Serve, Words, World, always
from cfsync.model.ports import Lost, NotSent

_CLOSED: Final = "the server closed the connection without an answer"


def _refuse(_call: Call, _serve: Serve, _world: World) -> Answer:
    raise NotSent("connection refused")


def _drop_before(_call: Call, _serve: Serve, _world: World) -> Answer:
    raise Lost(_CLOSED)


def _drop_after(call: Call, serve: Serve, _world: World) -> Answer:
    serve(call)
    raise Lost(_CLOSED)


def _twice(call: Call, serve: Serve, _world: World) -> Answer:
    answer = serve(call)
    serve(call)
    return answer


def _late(words: Words) -> Act:
    seconds = measures.duration(words.argument)

    def act(call: Call, _serve: Serve, world: World) -> Answer:
        world.later(seconds, call)
        raise Lost(_CLOSED)

    return act


def _latency(words: Words) -> Act:
    seconds = measures.duration(words.argument)

    def act(call: Call, serve: Serve, _world: World) -> Answer:
        answer = serve(call)
        return replace(answer, delay=answer.delay + seconds)

    return act


def _drip(words: Words) -> Act:
    seconds = measures.duration(words.argument)

    def act(call: Call, serve: Serve, _world: World) -> Answer:
        return replace(serve(call), pace=seconds)

    return act


SAYABLE: Final = {
    "refuse": Sayable(
        "refuse", "the connection is refused: provably nothing was sent", always(_refuse)
    ),
    "drop-before": Sayable("drop-before", "not carried out, no answer", always(_drop_before)),
    "drop-after-commit": Sayable(
        "drop-after-commit", "carried out, no answer", always(_drop_after)
    ),
    "late": Sayable("late=2s", "no answer; carried out after this time", _late),
    "twice": Sayable("twice", "carried out twice, answered once", always(_twice)),
    "latency": Sayable("latency=50ms", "the answer takes this long", _latency),
    "drip": Sayable("drip=10s", "each byte of the answer takes this long", _drip),
}
