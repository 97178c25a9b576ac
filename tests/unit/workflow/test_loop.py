import asyncio
import gc

import pytest

from cfsync.workflow.loop import completed


class Large:
    def __repr__(self):
        raise AssertionError("it was written out")


async def story(result):
    await asyncio.sleep(0)
    if isinstance(result, Exception):
        raise result
    return result


def test_a_result_comes_back_and_is_never_written_out():
    large = Large()

    assert completed(story(large)) is large


def test_an_error_comes_through():
    with pytest.raises(KeyError, match="nowhere"):
        completed(story(KeyError("nowhere")))


def test_garbage_is_looked_for_rarely_but_it_is():
    before = gc.get_threshold()
    try:
        completed(story(1))
        assert gc.isenabled()
        assert 10_000 < gc.get_threshold()[0] < 100_000
    finally:
        gc.set_threshold(*before)
