import asyncio
import time

from cfsync.workflow.clock import SystemClock


def test_the_system_clock_is_the_systems():
    clock = SystemClock()
    assert abs(clock.now() - time.time()) < 5
    before = clock.monotonic()
    asyncio.run(clock.sleep(0))
    assert before <= clock.monotonic() <= time.monotonic()
