"""What a run works with, in one hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from cfsync.applier.codec import from_left
from cfsync.applier.images import Images
from cfsync.applier.ledger import Ledger
from cfsync.applier.stop import StopRequest
from cfsync.model.base import BaseChange
from cfsync.model.environment import Environment
from cfsync.model.ports import Clock, Progress, Reader, RunJournal, Writer
from cfsync.model.run import Left, Record, RunStatus


@dataclass(slots=True)
class Means:
    reader: Reader
    writer: Writer
    journal: RunJournal
    clock: Clock
    random: Random
    images: Images
    environment: Environment
    progress: Progress
    stop: StopRequest
    ledger: Ledger

    async def log(self, *records: Record, base: Sequence[BaseChange] = ()) -> None:
        """Durable first, believed after."""
        await self.journal.append(records, base)
        for record in records:
            self.ledger.fold(record)

    def new_key(self) -> str:
        return f"{self.journal.run}-{self.random.getrandbits(64):016x}"


def run_end(status: RunStatus, left: Sequence[Left], new_ids: dict[str, str]) -> Record:
    return Record(
        "RUN_END",
        {"status": status, "left": [from_left(one) for one in left], "new_ids": new_ids},
    )
