"""What a line of the journal announces, and which request is the one that it announced."""

from dataclasses import dataclass, field
from typing import Any

from faults.history import Sent

_VERBS = {"POST": "create", "PATCH": "update", "DELETE": "delete"}


@dataclass(slots=True)
class Intent:
    process: int
    run: str
    write: Any
    part: str
    verb: str
    id: str | None
    body: dict[str, Any]
    key: str
    commits: list[str] = field(default_factory=list)


def told(kind: str, body: dict[str, Any]) -> str:
    """What a person can read of it: what is known to be done, and all candidates."""
    if kind in ("OUTCOME", "UNDO_OUTCOME") and body.get("result") == "done":
        return f" {body['id']} "
    return str(body) if kind == "RESOLVED" else ""


def journal_of(process: int) -> int:
    """Whose: the designer's (none), ours, or a rival's, whose processes count from 1000."""
    return 0 if process == 0 else 1 + process // 1000


def is_of(sent: Sent, intent: Intent) -> bool:
    if intent.process != sent.process or intent.verb != _VERBS[sent.method]:
        return False
    if sent.method == "POST":
        return intent.key == sent.key and intent.body == sent.body
    return intent.id == sent.path.rpartition("/")[2] and (
        sent.method == "DELETE" or intent.body == sent.body
    )
