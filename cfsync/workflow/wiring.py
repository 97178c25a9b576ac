"""Plugs the real parts together: files, journal, remote, clock and chance."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random, SystemRandom
from typing import Final

from cfsync import contract as contracts
from cfsync.contract import Contract
from cfsync.desired import loader
from cfsync.desired.loader import Configuration
from cfsync.journal.opening import open_reader, open_run, run_waiting
from cfsync.journal.reading import OpenJournal
from cfsync.journal.run import OpenRun
from cfsync.model.environment import Environment
from cfsync.workflow.clock import SystemClock
from cfsync.workflow.secrets import hide
from cfsync.workflow.settings import Settings

_LOCAL: Final = "local:"


@dataclass(frozen=True, slots=True)
class Site:
    """One environment of one configuration, and what it takes to reach it."""

    configuration: Configuration
    contract: Contract
    environment: Environment
    """The configuration's, with what the command line says otherwise."""
    clock: SystemClock = field(default_factory=SystemClock)
    random: Random = field(default_factory=SystemRandom)

    @property
    def key(self) -> tuple[str, str, str]:
        """Of the journal: configuration, environment, host."""
        return self.configuration.name, self.environment.name, self.environment.host

    def journal(self, *, salvage: bool = False) -> OpenJournal:
        """Read-only; makes nothing. Raises JournalUnreadable."""
        return open_reader(self.environment.journal, *self.key, salvage=salvage)

    def run(self, *, resume: bool = False) -> OpenRun:
        """A run under the lease. Raises LockHeld, RunWaiting, JournalUnreadable."""
        return open_run(
            self.environment.journal,
            *self.key,
            clock=self.clock,
            random=self.random,
            resume=resume,
            timeout=self.environment.timeout,
            settle=self.environment.settle,
        )

    def nothing_waits(self) -> None:
        """Raises RunWaiting where a run never ended: it has to be recovered first."""
        with self.journal() as journal:
            waiting = journal.waiting()
        if waiting is not None:
            raise run_waiting(waiting)
