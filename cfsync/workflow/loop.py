"""Running a story to its end."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def completed(story: Coroutine[Any, Any, T]) -> T:
    """`asyncio.run`, which would also write out the result as text: seconds for a large plan.

    It does so unseen: to restore the handler of Ctrl-C it looks it up in an enumeration, whose
    error message, dropped at once, holds the main task and with it the result.
    """
    results: list[T] = []

    async def kept() -> None:
        results.append(await story)

    asyncio.run(kept())
    return results[0]
