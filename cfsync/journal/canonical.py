"""JSON in one spelling, so that equal values have equal digests."""

import json
import zlib
from collections.abc import Iterator, Sequence
from sys import intern
from typing import Any, Final

import msgspec

from cfsync.model.address import KindName
from cfsync.model.base import NOTHING, AtHand, Base
from cfsync.model.values import Json

_AT_ONCE: Final = 1000
_COMPRESS_FROM: Final = 4096
_ZLIB: Final = b"\x78"
"""No JSON begins with it."""

_ENCODER: Final = msgspec.json.Encoder(order="deterministic")
_encode = _ENCODER.encode
_decode = msgspec.json.Decoder().decode
_decode_fields = msgspec.json.Decoder(dict[str, Any]).decode


class _Row(msgspec.Struct, omit_defaults=True):
    """A Base of which `sent` and `stored` are text; `stored` only where it is another one."""

    id: str
    kind: KindName
    parent: str | None
    address: str
    position: int
    created_at: str
    sent: msgspec.Raw
    stored: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    protect: bool = False


_decode_row = msgspec.json.Decoder(_Row).decode


def encode(value: Json) -> bytes:
    try:
        return _encode(value)
    except UnicodeEncodeError:  # half a surrogate pair: a site may hold one, UTF-8 cannot
        plain = msgspec.to_builtins(value)
        return json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()


def encode_all(values: Sequence[Json]) -> Iterator[bytes]:
    """`encode` of each, in two thirds of the time: many at once, but not all."""
    for start in range(0, len(values), _AT_ONCE):
        some = values[start : start + _AT_ONCE]
        try:
            yield from _ENCODER.encode_lines(some).split(b"\n")[:-1]  # JSON holds no line break
        except UnicodeEncodeError:
            yield from map(encode, some)


def decode(text: bytes) -> Json:
    try:
        return _decode(text)
    except msgspec.DecodeError:
        return json.loads(text)


def encode_row(row: Base) -> bytes:
    """Without `stored` where it is written like `sent`: most rows take half as much."""
    try:
        sent, stored = _encode(row.sent), _encode(row.stored)
    except UnicodeEncodeError:
        return encode(row)
    where = (row.id, row.kind, row.parent, row.address, row.position, row.created_at)
    other = msgspec.UNSET if sent == stored else msgspec.Raw(stored)
    return _encode(_Row(*where, msgspec.Raw(sent), other, row.protect))


def decode_row(text: bytes, at_hand: AtHand = NOTHING) -> Base:
    """`sent` and `stored` are one object where they are alike, as they mostly are.

    It halves what a large site's rows take, and what is at hand already takes nothing. Nobody may
    change them in place.
    """
    try:
        row = _decode_row(text)
        sent = at_hand.get(bytes(row.sent)) or _decode_fields(row.sent)
        stored = sent
        if row.stored is not msgspec.UNSET and row.stored != row.sent:
            stored = _decode_fields(row.stored)
    except msgspec.DecodeError:
        return Base(**json.loads(text))
    parent = None if row.parent is None else intern(row.parent)  # siblings share them
    return Base(
        row.id,
        row.kind,
        parent,
        row.address,
        row.position,
        row.created_at,
        sent,
        stored,
        row.protect,
    )


def packed(text: bytes) -> bytes:
    """As it is kept: a long body (the writes of a plan, a deleted page) is compressed."""
    return text if len(text) < _COMPRESS_FROM else zlib.compress(text, 1)


def unpacked(kept: bytes) -> bytes:
    """Raises ValueError when it cannot be read."""
    try:
        return zlib.decompress(kept) if kept[:1] == _ZLIB else kept
    except zlib.error as error:
        raise ValueError(str(error)) from error
