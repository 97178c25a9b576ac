"""A limiter against made-up APIs that count in buckets or windows, in virtual time."""

import asyncio
import collections
import math
import random

import pytest

from cfsync import limits
from cfsync.remote.pace import FLOOR
from cfsync.remote.rate import Limiter


class Bucket:
    """Fills at `rate`, holds `size`."""

    def __init__(self, rate, size):
        self.rate, self.size = rate, size
        self.level, self.at = float(size), 0.0

    def refuses(self, now):
        """Seconds until a request would be taken, or None: this one is."""
        self.level = min(self.size, self.level + (now - self.at) * self.rate)
        self.at = now
        if self.level >= 1:
            self.level -= 1
            return None
        return (1 - self.level) / self.rate


class Window:
    """Takes `rate` times `seconds` requests in each window of so many seconds."""

    def __init__(self, rate, seconds, begin=0.0):
        self.most, self.seconds, self.begin = rate * seconds, seconds, begin
        self.number, self.taken = -1, 0

    def refuses(self, now):
        number = (now + self.begin) // self.seconds
        if number != self.number:
            self.number, self.taken = number, 0
        self.taken += 1
        return None if self.taken <= self.most else (number + 1) * self.seconds - now - self.begin


def whole_seconds(wait):
    return float(max(1, math.ceil(wait)))


def nothing(_wait):
    return None


class Sliding:
    """Takes `rate` requests in any stretch of a second."""

    def __init__(self, rate):
        self.most, self.taken = rate, collections.deque()

    def refuses(self, now):
        while self.taken and self.taken[0] <= now - 1:
            self.taken.popleft()
        if len(self.taken) == self.most:
            return self.taken[0] + 1 - now
        self.taken.append(now)
        return None


class Once:
    """Refuses one request, whatever the rate."""

    def __init__(self, number):
        self.left = number

    def refuses(self, now):
        self.left -= 1
        return None if self.left else 0.5


def absurd(_wait):
    return 1e9


async def drive(
    api, calls, *, header, clock, rate=None, workers=16, latency=0.005, far=0.0, cost=0.0, seed=1
):
    """All calls done by so many workers: (seconds taken, times of refusals).

    Seconds: each way takes half of `far` and up to `latency`, the program `cost` for each call.
    """
    limiter = Limiter(clock, random.Random(seed), rate, workers)
    refused = []
    dice = random.Random(seed + 2)
    todo = iter(range(calls))
    program = asyncio.Lock()

    async def call():
        while True:
            admitted = await limiter.admit()
            if cost:
                async with program:
                    await asyncio.sleep(cost * (0.5 + dice.random()))
            await asyncio.sleep(far / 2 + latency * dice.random())
            wait = api.refuses(clock.monotonic())
            await asyncio.sleep(far / 2 + latency * dice.random())
            if wait is None:
                return limiter.passed()
            refused.append(clock.monotonic())
            assert limiter.refused(admitted, header(wait))

    async def work():
        for _ in todo:
            await call()

    await asyncio.gather(*(work() for _ in range(workers)))
    return clock.monotonic(), refused


APIS = {
    "bucket": lambda rate: Bucket(rate, rate),
    "window": lambda rate: Window(rate, 1),
    "window-begun": lambda rate: Window(rate, 1, 0.5),
}


@pytest.mark.parametrize("header", [whole_seconds, nothing])
@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("rate", [20, 50, 200])
def test_the_limit_is_met_once_and_then_nearly_reached(virtually, clock, api, header, rate):
    seconds, refused = virtually(drive(APIS[api](rate), 10 * rate, header=header, clock=clock))
    assert seconds <= 1.1 * 10
    assert refused[-1] - refused[0] < 1.5  # one episode: those that were under way when it began


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("far", [0.0, 0.05])
@pytest.mark.parametrize("rate", [20, 50, 100, 200, 500])
def test_what_a_bucket_of_a_second_allows_is_reached_after_one_refusal(
    virtually, clock, rate, far, seed
):
    seconds, refused = virtually(
        drive(Bucket(rate, rate), 2000, header=whole_seconds, clock=clock, far=far,
              cost=0.00125, seed=seed)
    )  # fmt: skip
    fastest = max(2000 / rate, 2000 * max(0.00125, (far + 0.005) / 16))
    assert seconds <= 1.1 * fastest
    assert not refused or refused[-1] - refused[0] < 0.5


@pytest.mark.parametrize("api", [Sliding, lambda rate: Window(rate, 1, 0.3)])
@pytest.mark.parametrize("rate", [20, 50, 200])
def test_what_is_counted_by_the_second_is_met_once_and_loses_only_the_time_of_the_first_burst(
    virtually, clock, api, rate
):
    seconds, refused = virtually(
        drive(api(rate), 2000, header=whole_seconds, clock=clock, cost=0.00125)
    )
    burst = rate * 0.00125
    assert seconds <= (1.06 + burst) * 2000 / rate
    assert refused[-1] - refused[0] < 0.5


@pytest.mark.parametrize("header", [whole_seconds, nothing])
def test_a_long_run_is_not_refused_again(virtually, clock, header):
    seconds, refused = virtually(drive(Window(50, 1), 5000, header=header, clock=clock))
    assert seconds <= 1.1 * 100
    assert refused[-1] - refused[0] < 0.5


@pytest.mark.parametrize(("rate", "size"), [(100, 10), (50, 10), (500, 50)])
def test_a_bucket_smaller_than_what_is_under_way_is_found_out_by_a_second_refusal(
    virtually, clock, rate, size
):
    api = Bucket(rate, size)
    seconds, refused = virtually(
        drive(api, 60 * rate, header=whole_seconds, clock=clock, cost=0.00125)
    )
    assert seconds <= 1.15 * 60
    assert refused[-1] < 12.0
    assert len(refused) < 30


def test_an_absurd_wait_costs_the_pause_alone(virtually, clock):
    seconds, refused = virtually(
        drive(Bucket(200, 200), 2000, header=absurd, clock=clock, cost=0.00125)
    )
    assert seconds <= limits.RETRY_AFTER_CAP + 1.1 * 10
    assert refused[-1] - refused[0] < 0.5


@pytest.mark.parametrize("number", [1, 5, 300])
def test_a_single_refusal_without_a_limit_behind_it_is_left_behind(virtually, clock, number):
    seconds, _ = virtually(
        drive(Once(number), 20_000, header=whole_seconds, clock=clock, cost=0.00125)
    )
    assert seconds <= 25.0 + 12.0


def test_windows_of_a_minute_are_learnt_even_where_the_api_says_nothing(virtually, clock):
    seconds, _ = virtually(drive(Window(2, 60), 600, header=nothing, clock=clock))
    assert seconds <= 1.25 * 300


@pytest.mark.parametrize("rate", [2, 10, 50, 1000])
def test_a_configured_rate_is_kept_and_nearly_reached(virtually, clock, rate):
    api = Window(rate, 1, 0.3)
    seconds, refused = virtually(
        drive(api, 20 * rate, header=whole_seconds, clock=clock, rate=rate)
    )
    assert refused == []
    assert 20 * 0.9 <= seconds <= 20 * 1.1


@pytest.mark.parametrize(("api", "most"), [(Bucket(50, 50), 1.1), (Window(50, 1), 1.65)])
def test_a_configured_rate_that_is_too_high_is_lowered(virtually, clock, api, most):
    seconds, refused = virtually(drive(api, 1000, header=whole_seconds, clock=clock, rate=80))
    assert seconds <= most * 20
    assert len(refused) <= 20


def test_nothing_is_held_back_before_anything_is_known(virtually, clock):
    async def main():
        limiter = Limiter(clock, random.Random(1))
        for _ in range(1000):
            await limiter.admit()
            limiter.passed()
        return clock.monotonic()

    assert virtually(main()) == 0.0


def test_one_pause_holds_everybody_and_ends_with_jitter(virtually, clock):
    async def main():
        limiter = Limiter(clock, random.Random(1))
        admitted = await limiter.admit()
        assert limiter.refused(admitted, 10.0)
        assert limiter.refused(admitted, None)  # another that was under way
        times = []

        async def go():
            await limiter.admit()
            times.append(clock.monotonic())

        await asyncio.gather(*(go() for _ in range(3)))
        return times

    times = virtually(main())
    assert 10.0 < times[0] < 11.0
    assert times == sorted(times)


def test_a_later_refusal_may_lengthen_the_pause_but_not_shorten_it(virtually, clock):
    async def main():
        limiter = Limiter(clock, random.Random(1))
        admitted = await limiter.admit()
        limiter.refused(admitted, 10.0)
        limiter.refused(admitted, 20.0)
        limiter.refused(admitted, 1.0)
        await limiter.admit()
        return clock.monotonic()

    assert 20.0 <= virtually(main()) <= 21.0


async def refused_for_ever(limiter, retry_after):
    what = object()
    while limiter.refused(await limiter.admit(), retry_after, what):
        pass


@pytest.mark.parametrize("retry_after", [None, 0.0, 1.0, 60.0, 1e9])
def test_waiting_is_bounded_in_total_and_undo_has_its_own(virtually, clock, retry_after):
    async def main():
        limiter = Limiter(clock, random.Random(1))
        await refused_for_ever(limiter, retry_after)
        applied = clock.monotonic()
        limiter.begin_undo()
        await refused_for_ever(limiter, retry_after)
        return applied, clock.monotonic() - applied

    applied, undone = virtually(main())
    assert 0.4 * limits.RATE_LIMIT_PATIENCE <= applied <= limits.RATE_LIMIT_PATIENCE
    turn = 1 / FLOOR  # the first one waits for its turn before it is refused
    assert 0.4 * limits.UNDO_PATIENCE <= undone <= turn + limits.UNDO_PATIENCE


@pytest.mark.parametrize("retry_after", [None, 1.0, 60.0])
def test_however_many_wait_and_whatever_was_learnt_all_give_up_together(
    virtually, clock, retry_after
):
    async def main():
        limiter = Limiter(clock, random.Random(1), parallel=16)
        for _ in range(3):  # a slow rate is learnt
            limiter.refused(await limiter.admit(), 60.0)
        await limiter.admit()
        begun = clock.monotonic()
        await asyncio.gather(*(refused_for_ever(limiter, retry_after) for _ in range(50)))
        together = clock.monotonic() - begun
        await refused_for_ever(limiter, retry_after)
        return together, clock.monotonic() - begun - together

    together, afterwards = virtually(main())
    assert together <= limits.RATE_LIMIT_PATIENCE + limits.RETRY_AFTER_CAP
    assert afterwards == 0.0


def test_what_goes_on_is_never_given_up_however_often_it_is_refused(virtually, clock):
    async def main():
        limiter = Limiter(clock, random.Random(1))
        for _ in range(100):
            assert limiter.refused(await limiter.admit(), 20.0)
            await limiter.admit()
            limiter.passed()
        return clock.monotonic()

    assert virtually(main()) > 3 * limits.RATE_LIMIT_PATIENCE


def test_each_phase_says_once_how_long_it_waits_at_most(virtually, clock):
    async def main():
        limiter, said = Limiter(clock, random.Random(1)), []
        limiter.told = said.append
        await refused_for_ever(limiter, 20.0)
        limiter.begin_undo()
        await refused_for_ever(limiter, 20.0)
        return said

    said = virtually(main())
    assert len(said) == 2
    assert all("429" in text and "300 s" in text for text in said)


def test_a_configured_rate_holds_also_once_given_up(virtually, clock):
    async def main():
        limiter = Limiter(clock, random.Random(1), rate=10)
        await refused_for_ever(limiter, 20.0)
        begun = clock.monotonic()
        for _ in range(20):
            limiter.refused(await limiter.admit(), 20.0, object())
        return clock.monotonic() - begun

    assert 1.9 <= virtually(main()) <= 2.5


def test_a_straggler_from_before_a_pause_begins_no_other(virtually, clock):
    async def main():
        limiter = Limiter(clock, random.Random(1))
        first, straggler = await limiter.admit(), await limiter.admit()
        for _ in range(100):
            limiter.passed()
        limiter.refused(first, 10.0)
        await limiter.admit()
        assert limiter.refused(straggler, 10.0)
        await limiter.admit()
        return clock.monotonic()

    assert virtually(main()) < 20.0


def test_a_pause_is_capped_whatever_the_api_asks_for(virtually, clock):
    async def main():
        limiter = Limiter(clock, random.Random(1))
        limiter.refused(await limiter.admit(), 1e9)
        await limiter.admit()
        return clock.monotonic()

    assert limits.RETRY_AFTER_CAP <= virtually(main()) <= limits.RETRY_AFTER_CAP + 1


def test_whoever_would_leave_too_late_gives_its_turn_to_the_next(virtually, clock):
    async def main():
        limiter = Limiter(clock, random.Random(1))
        limiter.refused(await limiter.admit(), 10.0)
        late = asyncio.ensure_future(limiter.admit(clock.monotonic() + 5))
        other = asyncio.ensure_future(limiter.admit())
        return await late, await other

    late, other = virtually(main())
    assert late is None
    assert 10.0 <= other <= 11.1
