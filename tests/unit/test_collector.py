import gc

import pytest

from cfsync.collector import collector_paused


def test_nothing_is_collected_while_it_is_paused():
    with collector_paused():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_an_error():
    with pytest.raises(KeyError), collector_paused():
        raise KeyError
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off():
    gc.disable()
    try:
        with collector_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_was_built_is_not_looked_at_again():
    before = gc.get_freeze_count()
    with collector_paused():
        built = [[] for _ in range(1000)]
    try:
        assert gc.get_freeze_count() >= before + len(built)
    finally:
        gc.unfreeze()
