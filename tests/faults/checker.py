"""Judges histories by the journal's lines and the API's commits alone.

Shares no code with the applier: what an intent is, and what may follow it, is said here again.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from faults.history import Answered, Appended, Committed, Edited, Happening, Seen, Sent, Told
from faults.intents import Intent, is_of, journal_of, told
from faults.verdict import Verdict

_HIDDEN = ("updatedAt", "createdAt")
Known: TypeAlias = tuple[int, float, dict[str, Any]]
"""When a resource was last seen, as a place in the history and a time; and as what."""


class Checker:
    """Reads a history once, from its beginning to its end. `guard_age` in seconds."""

    def __init__(self, guard_age: float) -> None:
        self._guard_age = guard_age
        self.verdict = Verdict()
        self._open: dict[tuple[str, Any, str], Intent] = {}
        self._intents: list[Intent] = []
        self._sent: dict[int, tuple[Sent, Intent | None, dict[str, Known]]] = {}
        """With what the process knew by then: what it reads while that is under way is no guard."""
        self._known: dict[int, dict[str, Known]] = defaultdict(dict)
        """By process."""
        self._changed: dict[str, tuple[int, int]] = {}
        """When a resource was last changed, and by whom: a process, or 0 for the designer."""
        self._place = 0
        self._deleting: set[tuple[str, int]] = set()
        """Runs, and whose, of which all else was written and verified."""
        self._deleted: set[str] = set()
        """By the designer."""
        self._said = ""

    def check(self, history: Sequence[Happening]) -> Verdict:
        for self._place, happening in enumerate(history):
            self._take(happening)
        self.verdict.duplicated.extend(self._counted())
        return self.verdict

    def _take(self, happening: Happening) -> None:
        match happening:
            case Appended():
                self._appended(happening)
            case Seen(process, at, resources) | Answered(process, at, resources):
                for id_, fields in resources.items():
                    self._known[process][id_] = (self._place, at, fields)
            case Sent():
                self._send(happening)
            case Committed():
                self._commit(happening)
            case Edited(verb, id_):
                self._changed[id_] = (self._place, 0)
                if verb == "delete":
                    self._deleted.add(id_)
            case Told():
                self._said += happening.text

    def _appended(self, lines: Appended) -> None:
        for record in lines.records:
            if record.kind == "PHASE" and record.body["phase"] == "deletes_started":
                self._deleting.add((lines.run, journal_of(lines.process)))
            if record.kind not in ("INTENT", "UNDO_INTENT"):
                self._said += told(record.kind, record.body)
                continue
            who = f"{lines.run} of {journal_of(lines.process)}"
            place = (who, record.write, record.kind + record.body.get("part", ""))
            if "verb" in record.body:
                body = record.body
                intent = Intent(
                    lines.process, *place, body["verb"], body["id"], body["body"], body["key"]
                )
                before = self._open.get(place)
                if before is not None and before.verb == intent.verb:
                    intent.commits = before.commits  # another try of the same change
                self._open[place] = intent
                self._intents.append(intent)

    def _send(self, sent: Sent) -> None:
        found = next((one for one in reversed(self._intents) if is_of(sent, one)), None)
        self._sent[sent.number] = (sent, found, dict(self._known[sent.process]))
        if found is None:
            self.verdict.wrong.append(f"{sent.method} {sent.path} was sent without a synced intent")
        elif sent.method == "DELETE" and found.part == "INTENT" and not self._may_delete(found):
            self.verdict.wrong.append(f"{sent.path} is deleted before everything else is proven")
        if sent.deadline > sent.lease_until:
            self.verdict.wrong.append(f"{sent.method} {sent.path} may outlive its lease")

    def _may_delete(self, intent: Intent) -> bool:
        """Until the first delete leaves, an undo restores every id."""
        return (intent.run.partition(" ")[0], journal_of(intent.process)) in self._deleting

    def _commit(self, commit: Committed) -> None:
        sent, intent, known = self._sent[commit.number]
        if intent is not None:
            intent.commits.append(commit.id)
        for id_, before in (commit.before or {}).items():
            self._check_seen(sent, commit, id_, before, known.get(id_))
        for id_ in commit.before or {commit.id: {}}:
            self._changed[id_] = (self._place, sent.process)

    def _check_seen(
        self, sent: Sent, commit: Committed, id_: str, before: dict[str, Any], known: Known | None
    ) -> None:
        """Whatever is written over, or deleted, was read as it was."""
        place, at, seen = known or (-1, float("-inf"), {})
        fields = sent.body if sent.method == "PATCH" else before
        stale = [
            name for name in fields if name not in _HIDDEN and before.get(name) != seen.get(name)
        ]
        if self._was_changed_since(id_, place, sent.process) or commit.at > sent.at:
            self.verdict.lost_in_window += bool(stale)
        elif sent.at - at > self._guard_age:
            self.verdict.wrong.append(f"{sent.method} {id_} rests on nothing newer than {at}")
        elif stale:
            self.verdict.lost.append(f"{sent.method} {id_} overwrote {stale}, never read so")

    def _was_changed_since(self, id_: str, place: int, process: int) -> bool:
        """By somebody else, after the reading: nobody can see that over this API."""
        when, who = self._changed.get(id_, (-1, process))
        return when > place and journal_of(who) != journal_of(process)

    def _counted(self) -> Iterator[str]:
        seen: set[int] = set()
        for intent in self._intents:
            if id(intent.commits) in seen or intent.verb != "create":
                continue  # the same value, or the same deletion, once more does no harm
            seen.add(id(intent.commits))
            stood = [made for made in intent.commits if made not in self._deleted]
            if len(stood) < 2:
                continue  # the designer had deleted the first
            if all(made in self._said for made in stood):
                self.verdict.duplicates_told += 1
            else:
                yield f"{intent.part} {intent.write} made {intent.commits}, and not all were named"
