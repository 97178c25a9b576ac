"""Lists that contradict themselves."""

from collections.abc import Callable
from typing import Final

from cfsync.emulator import cursors
from cfsync.emulator.answers import Answer, refusal
from cfsync.emulator.calls import Call
from cfsync.emulator.faults.spoiled import editing
from cfsync.emulator.faults.world import Act, Sayable, Serve, Words, World, always
from cfsync.model.values import Fields


def _list_edit(change: Callable[[Fields], None]) -> Callable[[Words], Act]:
    """Change the envelope in place, where it is one of a list."""

    def edit(envelope: Fields) -> None:
        if "pagination" in envelope:
            change(envelope)

    return always(editing(edit))


def _repeat_cursor(_words: Words) -> Act:
    first: list[str] = []

    def edit(envelope: Fields) -> None:
        pagination = envelope.get("pagination", {})
        if "nextCursor" in pagination:
            first.append(pagination["nextCursor"])
            pagination["nextCursor"] = first[0]

    return editing(edit)


def _no_cursor(envelope: Fields) -> None:
    envelope["pagination"].pop("nextCursor", None)
    envelope["pagination"]["hasMore"] = True


def _wrong_total(envelope: Fields) -> None:
    envelope["pagination"]["total"] += 1


def _no_total(envelope: Fields) -> None:
    del envelope["pagination"]["total"]


def _duplicate(envelope: Fields) -> None:
    envelope["data"] += envelope["data"][:1]


def _empty(envelope: Fields) -> None:
    envelope["data"] = []
    envelope["pagination"] = {"hasMore": False, "total": 0}


def _shortened(envelope: Fields) -> None:
    kept = envelope["data"][: len(envelope["data"]) // 2]
    envelope["data"] = kept
    envelope["pagination"] = {"hasMore": False, "total": len(kept)}


def _bare(envelope: Fields) -> None:
    del envelope["success"], envelope["meta"]


def _expire_cursor(call: Call, serve: Serve, world: World) -> Answer:
    if "cursor=" not in call.query:
        return serve(call)
    return refusal(cursors.invalid(), world.meta(call))


SAYABLE: Final = {
    "repeat-cursor": Sayable("repeat-cursor", "every page names the same next one", _repeat_cursor),
    "no-cursor": Sayable("no-cursor", "hasMore without nextCursor", _list_edit(_no_cursor)),
    "wrong-total": Sayable("wrong-total", "total is one too many", _list_edit(_wrong_total)),
    "no-total": Sayable("no-total", "total is left out", _list_edit(_no_total)),
    "duplicate": Sayable("duplicate", "a resource stands twice in a page", _list_edit(_duplicate)),
    "empty-list": Sayable("empty-list", "lists are empty, and say so", _list_edit(_empty)),
    "short-list": Sayable(
        "short-list", "lists end after half a page, and say so", _list_edit(_shortened)
    ),
    "bare-list": Sayable(
        "bare-list", "lists carry neither success nor meta, as one documented", _list_edit(_bare)
    ),
    "expire-cursor": Sayable(
        "expire-cursor", "a cursor is refused as expired", always(_expire_cursor)
    ),
}
