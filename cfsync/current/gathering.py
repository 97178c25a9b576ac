"""Many readings at once, but not too many."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

Asked = TypeVar("Asked")
Got = TypeVar("Got")


async def gathered(
    ask: Callable[[Asked], Awaitable[Got]], questions: Sequence[Asked], parallel: int
) -> list[Got]:
    """The answers in the order of the questions. The first error ends all, and is raised alone."""
    answers: dict[int, Got] = {}
    waiting = iter(enumerate(questions))

    async def work() -> None:
        for index, question in waiting:  # one iterator for all workers
            answers[index] = await ask(question)

    try:
        async with asyncio.TaskGroup() as workers:
            for _ in range(min(parallel, len(questions))):
                workers.create_task(work())
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from None
    return [answers[index] for index in range(len(questions))]
