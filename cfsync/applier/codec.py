"""Nouns as the JSON that the journal keeps, and back."""

from dataclasses import fields
from typing import Final

from cfsync.applier.parts import with_parts
from cfsync.model.base import Base, BaseChange, DropBase, PutBase, Settle
from cfsync.model.live import Item, Live
from cfsync.model.plan import Edit, Write
from cfsync.model.run import Failure, Left
from cfsync.model.values import ABSENT, Fields, Id, Json, Made, Maybe

_MADE: Final = "$made"
_PLAIN: Final = "$plain"
"""Wraps an object of a site that happens to look like one of these two."""
_ITEM: Final = Item.__struct_fields__
_BASE: Final = Base.__struct_fields__
_FAILURE: Final = tuple(field.name for field in fields(Failure))


def from_item(item: Item) -> Fields:
    return {name: getattr(item, name) for name in _ITEM}


def to_item(json: Fields) -> Item:
    return Item(**json)


def from_live(live: Live) -> Fields:
    children = None if live.children is None else [from_live(child) for child in live.children]
    return {"item": from_item(live.item), "children": children}


def to_live(json: Fields) -> Live:
    children = json["children"]
    below = None if children is None else tuple(to_live(child) for child in children)
    return Live(to_item(json["item"]), below)


def from_base(row: Base) -> Fields:
    return {name: getattr(row, name) for name in _BASE}


def to_base(json: Fields) -> Base:
    return Base(**json)


def from_base_change(change: BaseChange) -> Fields:
    match change:
        case PutBase(row):
            return {"put": from_base(row)}
        case DropBase(id_):
            return {"drop": id_}


def to_base_change(json: Fields) -> BaseChange:
    return PutBase(to_base(json["put"])) if "put" in json else DropBase(json["drop"])


def from_failure(failure: Failure) -> Fields:
    return {name: getattr(failure, name) for name in _FAILURE}


def to_failure(json: Fields) -> Failure:
    return Failure(**json)


def from_left(left: Left) -> Fields:
    return {"address": left.address, "id": left.id, "why": left.why}


def to_left(json: Fields) -> Left:
    return Left(**json)


def from_maybe(value: Maybe) -> list[Json]:
    """No entry for ABSENT, else one."""
    return [] if value is ABSENT else [from_value(value)]


def to_maybe(json: list[Json]) -> Maybe:
    return to_value(json[0]) if json else ABSENT


def from_value(value: Json) -> Json:
    """Values that may hold Made, at any depth."""
    if isinstance(value, Made):
        return {_MADE: value.write}
    looks_like_ours = isinstance(value, dict) and (_MADE in value or _PLAIN in value)
    inner = with_parts(value, from_value)
    return {_PLAIN: inner} if looks_like_ours else inner


def to_value(json: Json) -> Json:
    if isinstance(json, list):
        return [to_value(one) for one in json]
    if not isinstance(json, dict):
        return json
    if _MADE in json:
        return Made(json[_MADE])
    inner = json.get(_PLAIN, json)
    return {name: to_value(one) for name, one in inner.items()}


def from_write(write: Write) -> Fields:
    """Without what only people need: marks, and what was last settled."""
    return {
        "number": write.number,
        "change": write.change,
        "verb": write.verb,
        "kind": write.kind,
        "address": write.address,
        "target": from_value(write.target),
        "scope": from_value(write.scope),
        "body": from_value(write.body),
        "edits": [
            [list(edit.path), from_maybe(edit.before), from_maybe(edit.after)]
            for edit in write.edits
        ],
        "subtree": None if write.subtree is None else from_live(write.subtree),
        "waits": list(write.waits),
        "settle": None if write.settle is None else _from_settle(write.settle),
        "purpose": write.purpose,
        "twins": list(write.twins),
    }


def to_write(json: Fields) -> Write:
    edits = (
        Edit(tuple(path), to_maybe(before), to_maybe(after), ABSENT)
        for path, before, after in json["edits"]
    )
    return Write(
        number=json["number"],
        change=json["change"],
        verb=json["verb"],
        kind=json["kind"],
        address=json["address"],
        target=_to_id(json["target"]),
        scope=_to_id(json["scope"]),
        body=to_value(json["body"]),
        edits=tuple(edits),
        subtree=None if json["subtree"] is None else to_live(json["subtree"]),
        waits=tuple(json["waits"]),
        settle=None if json["settle"] is None else _to_settle(json["settle"]),
        purpose=json["purpose"],
        twins=tuple(json["twins"]),
    )


def _to_id(json: Json) -> Id | None:
    return Made(json[_MADE]) if isinstance(json, dict) else json


def _from_settle(settle: Settle) -> Fields:
    return {
        "address": settle.address,
        "sent": from_value(settle.sent),
        "held": [list(path) for path in settle.held],
        "protect": settle.protect,
        "place": settle.place,
        "position": settle.position,
        **({"stored": settle.stored} if settle.stored else {}),
    }


def _to_settle(json: Fields) -> Settle:
    held = tuple(tuple(path) for path in json["held"])
    return Settle(**{**json, "sent": to_value(json["sent"]), "held": held})
