"""What the other tests rely on."""

import asyncio

import pytest
from support.emulator import InProcess, in_process

from cfsync.model.ports import Lost, Request


class Clock:
    def __init__(self):
        self.slept = []

    async def sleep(self, seconds):
        self.slept.append(seconds)


def send(*faults, **request):
    clock = Clock()
    with in_process(faults=faults) as api:
        asked = Request("GET", "/projects", **request)
        answer = asyncio.run(InProcess(api, clock).send(asked))
    return answer, clock.slept


def test_an_answer_comes_without_waiting():
    answer, slept = send()
    assert (answer.status, slept) == (200, [])
    assert answer.headers["content-type"] == "application/json"


def test_a_delay_passes_on_the_given_clock():
    assert send("latency=20s")[1] == [20]


@pytest.mark.parametrize("fault", ["latency=31s", "drip=1s", "cut", "drop-before"])
def test_an_answer_that_is_not_whole_in_time_is_lost(fault):
    with pytest.raises(Lost):
        send(fault)


def test_header_names_are_read_in_any_case():
    with in_process() as api:
        request = Request(
            "POST", "/projects", {"Content-Type": "application/json"}, b'{"name":"Acme","slug":"a"}'
        )
        assert asyncio.run(InProcess(api, Clock()).send(request)).status == 201
