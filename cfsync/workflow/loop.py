"""Running a story to its end."""

import asyncio
import gc
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

T = TypeVar("T")

_COLLECT_AFTER: Final = (50_000, 20, 20)
"""Python's own 700 looks through all that is kept every few thousand objects: in an apply of
10,000 elements 2 of 8.6 s. What a request leaves behind is still gone after a thousand more."""


def completed(story: Coroutine[Any, Any, T]) -> T:
    """`asyncio.run`, which would also write out the result as text: seconds for a large plan.

    It does so unseen: to restore the handler of Ctrl-C it looks it up in an enumeration, whose
    error message, dropped at once, holds the main task and with it the result.
    """
    gc.set_threshold(*_COLLECT_AFTER)
    results: list[T] = []

    async def kept() -> None:
        results.append(await story)

    asyncio.run(kept())
    return results[0]
