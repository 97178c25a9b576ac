"""JSON in one spelling, so that equal values have equal digests."""

import json
import zlib
from typing import Final

import msgspec

from cfsync.model.base import Base
from cfsync.model.values import Json

_COMPRESS_FROM: Final = 4096
_ZLIB: Final = b"\x78"
"""No JSON begins with it."""

_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder().decode
_decode_row = msgspec.json.Decoder(Base).decode


def encode(value: Json) -> bytes:
    try:
        return _encode(value)
    except UnicodeEncodeError:  # half a surrogate pair: a site may hold one, UTF-8 cannot
        plain = msgspec.to_builtins(value)
        return json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()


def decode(text: bytes) -> Json:
    try:
        return _decode(text)
    except msgspec.DecodeError:
        return json.loads(text)


def decode_row(text: bytes) -> Base:
    try:
        return _decode_row(text)
    except msgspec.DecodeError:
        return Base(**json.loads(text))


def packed(text: bytes) -> bytes:
    """As it is kept: a long body (the writes of a plan, a deleted page) is compressed."""
    return text if len(text) < _COMPRESS_FROM else zlib.compress(text, 1)


def unpacked(kept: bytes) -> bytes:
    """Raises ValueError when it cannot be read."""
    try:
        return zlib.decompress(kept) if kept[:1] == _ZLIB else kept
    except zlib.error as error:
        raise ValueError(str(error)) from error
