import asyncio
import gzip

import pytest

from cfsync import limits
from cfsync.model.ports import Lost
from cfsync.remote.body import whole
from cfsync.remote.lost import TooLarge


def read(*chunks, encoding=""):
    async def stream():
        for chunk in chunks:
            yield chunk

    return asyncio.run(whole(stream(), encoding))


def test_chunks_are_joined():
    assert read(b"ab", b"", b"c") == b"abc"


@pytest.mark.parametrize("encoding", ["gzip", " GZIP ", "identity", ""])
def test_an_empty_body_is_empty_however_packed(encoding):
    assert read(encoding=encoding) == b""


def test_packed_chunks_are_unpacked_as_one():
    packed = gzip.compress(b"abc" * 100)
    assert read(packed[:7], packed[7:], encoding="gzip") == b"abc" * 100


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "zstd", "deflate"])
def test_packing_that_nobody_asked_for_is_refused(encoding):
    with pytest.raises(Lost, match="not asked for"):
        read(b"x", encoding=encoding)


@pytest.mark.parametrize("rest", [b"", b"more"])
def test_packed_data_has_to_end_where_the_answer_ends(rest):
    packed = gzip.compress(b"abc" * 100)
    with pytest.raises(Lost, match="does not end where"):
        read((packed if rest else packed[:-9]) + rest, encoding="gzip")


def test_what_is_not_packed_at_all_is_lost():
    with pytest.raises(Lost, match="cannot be unpacked"):
        read(b"<html>", encoding="gzip")


def test_reading_stops_at_the_limit(monkeypatch):
    monkeypatch.setattr(limits, "MAX_ANSWER_BYTES", 10)
    taken = []

    async def endless():
        while True:
            taken.append(1)
            yield b"1234"

    with pytest.raises(TooLarge, match="MAX_ANSWER_BYTES"):
        asyncio.run(whole(endless(), ""))
    assert len(taken) == 3


def test_a_small_answer_that_unpacks_to_a_large_one_is_refused(monkeypatch):
    monkeypatch.setattr(limits, "MAX_ANSWER_BYTES", 1000)
    with pytest.raises(TooLarge):
        read(gzip.compress(b"0" * 1001), encoding="gzip")
    assert read(gzip.compress(b"0" * 1000), encoding="gzip") == b"0" * 1000
