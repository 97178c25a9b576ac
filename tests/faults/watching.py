"""How long a value may be changed unseen: from each reading to the write that rests on it.

Both times are the server's own, taken when it carried the request out. On the way back the answer
to the reading still has to travel, and so has the write: all of that is in the window.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cfsync.emulator.answers import Answer
from cfsync.emulator.api import Api


@dataclass(frozen=True, slots=True)
class _Carried:
    method: str
    id: str
    at: float
    """Monotonic, seconds."""
    body: bytes


@dataclass(slots=True)
class Watch:
    """Put around an Api's `handle` while it serves; nothing is looked at before the end."""

    handle: Callable[..., Answer]
    carried: list[_Carried] = field(default_factory=list)

    @classmethod
    def over(cls, api: Api) -> "Watch":
        watch = cls(api.handle)
        api.handle = watch.watched
        return watch

    def watched(self, method: str, target: str, *rest: Any, **more: Any) -> Answer:
        begun = time.monotonic()
        answer = self.handle(method, target, *rest, **more)
        # a reading shows what was there when it began; a write stands once it is done
        at = begun if method == "GET" else time.monotonic()
        id_ = target.partition("?")[0].rpartition("/")[2]
        self.carried.append(_Carried(method, id_, at, answer.body))
        return answer

    def windows(self) -> list[float]:
        """Milliseconds, of each update and deletion. Raises KeyError for one that nobody read."""
        read: dict[str, float] = {}
        found = []
        for one in self.carried:
            if one.method in ("PATCH", "DELETE"):
                found.append(1000 * (one.at - read[one.id]))
            elif one.method == "GET":
                read |= dict.fromkeys(_ids(one.body), one.at)
        return found


def _ids(body: bytes) -> list[str]:
    shown = json.loads(body).get("data", [])
    return [one["id"] for one in (shown if isinstance(shown, list) else [shown])]
