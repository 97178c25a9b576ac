"""Where a run stands, folded from its journal line by line.

A run that goes on after a crash and one that never crashed have the same ledger, since both get it
from the same lines. While a run is under way the ledger forgets images: they are in the journal.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from cfsync.applier.codec import to_failure, to_item, to_left
from cfsync.model.live import Item
from cfsync.model.run import Event, Failure, Left, Record, RunStatus
from cfsync.model.values import Fields

State: TypeAlias = Literal["planned", "open", "done", "not_done", "ambiguous", "conflict"]
"""`open`: begun, and not known to be done or not done."""


@dataclass(slots=True)
class Step:
    """What became of one write."""

    state: State = "planned"
    id: str | None = None
    """Of what was created; of the others their own."""
    attempts: int = 0
    touched: bool = False
    """A request changed something: False while planned, and for what was as wanted already."""
    doubtful: bool = False
    """Its outcome was once unknown, so something of it may still land."""
    deadline: float = 0.0
    why: str = ""
    candidates: tuple[str, ...] = ()
    intent: Fields = field(default_factory=dict)
    """Empty while the run is under way."""
    siblings_of: int | None = None
    """The write whose intent lists the siblings."""


@dataclass(slots=True)
class Part:
    """One operation of an undo: a write may need several, such as a deleted page's elements."""

    state: State = "planned"
    id: str | None = None
    attempts: int = 0
    deadline: float = 0.0
    intent: Fields = field(default_factory=dict)
    siblings: frozenset[str] = frozenset()


@dataclass(slots=True)
class Ledger:
    """`images` True keeps intents and after-images: for undo and recovery."""

    images: bool = False
    steps: dict[int, Step] = field(default_factory=dict)
    """By write number; a write that is not in it is planned."""
    begin: Fields = field(default_factory=dict)
    plans: list[Fields] = field(default_factory=list)
    """Chunks of writes and settlements."""
    verified: bool = False
    deleting: bool = False
    undoing: bool = False
    ended: RunStatus | None = None
    halted: tuple[str, Failure] | None = None
    """The first error: where, and what."""
    interrupted: bool = False
    made: dict[int, str] = field(default_factory=dict)
    """Ids by the number of the write that created them."""
    ours: set[str] = field(default_factory=set)
    """Every id that this run made, in undo too."""
    last: dict[str, Item] = field(default_factory=dict)
    """What this run last knew to be stored, by id."""
    siblings: dict[int, frozenset[str]] = field(default_factory=dict)
    parts: dict[tuple[int | None, str], Part] = field(default_factory=dict)
    undone: set[int] = field(default_factory=set)
    skipped: dict[int, Left] = field(default_factory=dict)
    failed_undos: dict[int, Left] = field(default_factory=dict)
    new_ids: dict[str, str] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    """As the end of the run names it."""
    warnings: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, events: Iterable[Event]) -> "Ledger":
        ledger = cls(images=True)
        for event in events:
            ledger.fold(event.record)
        return ledger

    def step(self, number: int) -> Step:
        step = self.steps.get(number)
        if step is None:
            step = self.steps[number] = Step()
        return step

    def part(self, number: int | None, name: str) -> Part:
        return self.parts.setdefault((number, name), Part())

    def open(self) -> list[int]:
        """Begun, and neither done nor not done: to be resolved before anything else."""
        return [n for n, step in self.steps.items() if step.state in ("open", "ambiguous")]

    def open_creates(self) -> list[Fields]:
        """What was sent, of creates that an earlier process left open, as far as it is known."""
        intents = [self.step(number).intent for number in self.open()]
        intents += [part.intent for part in self.parts.values() if part.state == "open"]
        return [intent["body"] for intent in intents if intent.get("verb") == "create"]

    def now(self, id_: str) -> str:
        """The id that a resource has by now."""
        return self.new_ids.get(id_, id_)

    def siblings_for(self, number: int) -> frozenset[str]:
        carrier = self.step(number).siblings_of
        return frozenset() if carrier is None else self.siblings.get(carrier, frozenset())

    def fold(self, record: Record) -> None:
        match record.kind:
            case "RUN_BEGIN":
                self.begin = record.body
            case "PLAN":
                if self.images:
                    self.plans.append(record.body)
            case "INTENT":
                self._intent(record)
            case "OUTCOME" | "RESOLVED":
                self._outcome(record)
            case "PHASE":
                self._phase(record.body)
            case "RUN_END":
                self.ended = record.body["status"]
                self.left = [to_left(left) for left in record.body["left"]]
            case _:
                self._fold_undo(record)

    def _fold_undo(self, record: Record) -> None:
        self.undoing = True
        match record.kind:
            case "UNDO_INTENT":
                self._undo_intent(record)
            case "UNDO_OUTCOME":
                self._undo_outcome(record)
            case "UNDO_SKIPPED":
                self._undo_skipped(record)

    def _intent(self, record: Record) -> None:
        number, body = _number(record), record.body
        step = self.step(number)
        step.state = "open"
        step.attempts = record.attempt
        step.deadline = body["deadline"]
        if "siblings" in body:
            self.siblings[number] = frozenset(body["siblings"])
        if step.siblings_of is None:  # of the first try: a late commit of it is still a candidate
            step.siblings_of = body.get("siblings_of")
        if self.images and "verb" in body:
            step.intent = body

    def _outcome(self, record: Record) -> None:
        number, body = _number(record), record.body
        step = self.step(number)
        match body["result"]:
            case "done":
                self._done(number, step, body)
            case "unknown":
                step.state = "open"
                step.doubtful = True
            case "ambiguous" | "conflict" | "not_done" as state:
                step.state = state
                step.why = body.get("why", "")
                step.candidates = tuple(body.get("ids", ()))

    def _done(self, number: int, step: Step, body: Fields) -> None:
        step.state = "done"
        step.id = body["id"]
        step.touched = body["touched"]
        if self.images and not step.touched:
            step.intent = body
        self.warnings.extend(body.get("warnings", ()))
        if body.get("created"):
            self.made[number] = body["id"]
            self.ours.add(body["id"])
        self._remember(body)

    def _remember(self, body: Fields) -> None:
        item = body.get("item")
        if item is not None and self.images:
            self.last[item["id"]] = to_item(item)

    def _phase(self, body: Fields) -> None:
        match body["phase"]:
            case "writes_verified":
                self.verified = True
            case "deletes_started":
                self.deleting = True
            case "interrupted":
                self.interrupted = True
            case "halted":
                self.halted = self.halted or (body["address"], to_failure(body["failure"]))

    def _undo_intent(self, record: Record) -> None:
        part = self.part(record.write, record.body["part"])
        part.state = "open"
        part.attempts = record.attempt
        part.deadline = record.body["deadline"]
        if "verb" in record.body:
            part.intent = record.body
            if not part.siblings:
                part.siblings = frozenset(record.body.get("siblings", ()))

    def _undo_outcome(self, record: Record) -> None:
        body = record.body
        part = self.part(record.write, body["part"])
        match body["result"]:
            case "done":
                part.state = "done"
                part.id = body["id"]
                self._recreated(body)
            case "unknown":
                part.state = "open"
            case "ambiguous" | "conflict" | "not_done" as state:
                part.state = state
        if record.write is not None and body.get("final"):
            self.undone.add(record.write)
            self.failed_undos.pop(record.write, None)
        if record.write is not None and "left" in body:
            self.failed_undos[record.write] = to_left(body["left"])

    def _recreated(self, body: Fields) -> None:
        if "old" in body:
            self.new_ids[body["old"]] = body["id"]
            self.ours.add(body["id"])
        self._remember(body)

    def _undo_skipped(self, record: Record) -> None:
        self.skipped[_number(record)] = to_left(record.body)
        self.failed_undos.pop(_number(record), None)


def _number(record: Record) -> int:
    if record.write is None:
        raise ValueError(f"a line {record.kind} of the journal names no write")
    return record.write
