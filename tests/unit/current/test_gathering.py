import asyncio

import pytest

from cfsync.current.gathering import gathered


def test_answers_come_in_the_order_of_the_questions():
    async def ask(turns):
        for _ in range(turns):
            await asyncio.sleep(0)
        return turns

    assert asyncio.run(gathered(ask, [5, 1, 3], 2)) == [5, 1, 3]


def test_no_question_needs_nobody():
    async def ask(question):
        raise AssertionError(question)

    assert asyncio.run(gathered(ask, [], 4)) == []


def test_the_first_error_stops_the_others():
    finished = []

    async def ask(question):
        if question == 1:
            raise ValueError("first")
        await asyncio.sleep(3600)
        finished.append(question)

    with pytest.raises(ValueError, match="first"):
        asyncio.run(gathered(ask, [0, 1, 2], 3))
    assert finished == []
