"""Reading an answer's body whole, within the size limit, as sent and as unpacked."""

import zlib
from collections.abc import AsyncIterator
from typing import Final

from cfsync import limits
from cfsync.model.ports import Lost
from cfsync.remote.lost import TooLarge

ACCEPT_ENCODING: Final = "gzip"
_GZIP: Final = 16 + zlib.MAX_WBITS


async def whole(chunks: AsyncIterator[bytes], encoding: str) -> bytes:
    """The body, unpacked. Raises TooLarge, and Lost for packing that is unknown or cut."""
    parts: list[bytes] = []
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > limits.MAX_ANSWER_BYTES:
            raise TooLarge
        parts.append(chunk)
    return _unpacked(b"".join(parts), encoding.strip().lower())


def _unpacked(packed: bytes, encoding: str) -> bytes:
    if encoding in ("", "identity") or not packed:
        return packed
    if encoding != ACCEPT_ENCODING:
        # several layers of packing would also multiply what a small answer can grow to
        raise Lost(f"the answer is packed as {encoding[:40]!r}, which was not asked for")
    unpacker = zlib.decompressobj(_GZIP)
    try:
        body = unpacker.decompress(packed, limits.MAX_ANSWER_BYTES + 1)
    except zlib.error as error:
        raise Lost(f"the answer cannot be unpacked: {error}") from error
    if len(body) > limits.MAX_ANSWER_BYTES:
        raise TooLarge
    if not unpacker.eof or unpacker.unused_data:
        raise Lost("the answer does not end where its packed data does")
    return body
