"""Plugs the real parts together: files, journal, remote, clock and chance.

Journal and remote are imported when they are opened: `validate` needs neither.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random, SystemRandom
from typing import TYPE_CHECKING, Final

from cfsync import contract as contracts
from cfsync.contract import Contract
from cfsync.desired import loader
from cfsync.desired.loader import Configuration
from cfsync.journal.locations import secrets_of
from cfsync.model.base import NOTHING, AtHand, BaseState
from cfsync.model.environment import Environment
from cfsync.model.ports import Clock
from cfsync.workflow.secrets import hide
from cfsync.workflow.settings import Listener, Settings, command_line
from cfsync.workflow.wishes import PlanWishes

if TYPE_CHECKING:
    from cfsync.emulator.api import Api
    from cfsync.journal.reading import OpenJournal
    from cfsync.journal.run import OpenRun
    from cfsync.remote.client import Remote

_LOCAL: Final = "local:"


def _clock() -> Clock:
    from cfsync.workflow.clock import SystemClock  # noqa: PLC0415 - brings asyncio along

    return SystemClock()


@dataclass(frozen=True, slots=True)
class Site:
    """One environment of one configuration, and what it takes to reach it."""

    root: Path
    """As it was typed."""
    configuration: Configuration
    contract: Contract
    environment: Environment
    """The configuration's, with what the command line says otherwise."""
    clock: Clock = field(default_factory=_clock)
    random: Random = field(default_factory=SystemRandom)

    @property
    def key(self) -> tuple[str, str, str]:
        """Of the journal: configuration, environment, host."""
        return self.configuration.name, self.environment.name, self.environment.host

    def journal(self, *, salvage: bool = False) -> "OpenJournal":
        """Read-only; makes nothing. Raises JournalUnreadable."""
        from cfsync.journal.reading import open_reader  # noqa: PLC0415 - see above

        return open_reader(self.environment.journal, *self.key, salvage=salvage)

    def run(self, *, resume: bool = False) -> "OpenRun":
        """A run under the lease. Raises LockHeld, RunWaiting, JournalUnreadable."""
        from cfsync.journal.opening import open_run  # noqa: PLC0415 - see above

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
        """Raises LockHeld while another run goes on, and RunWaiting where one never ended."""
        from cfsync.journal.opening import run_waiting  # noqa: PLC0415 - see above

        with self.journal() as journal:
            self.nobody_writes(journal)
            waiting = journal.waiting()
        if waiting is not None:
            error = run_waiting(waiting)
            error.next_step = self.command("recover")
            raise error

    def nobody_writes(self, journal: "OpenJournal") -> None:
        """Raises LockHeld while another run goes on."""
        from cfsync.journal.opening import refuse_held  # noqa: PLC0415 - see above

        settle = self.environment.settle
        refuse_held(journal, clock=self.clock, random=self.random, settle=settle)

    def base(self, at_hand: AtHand = NOTHING) -> BaseState:
        """As `Store.base`."""
        with self.journal() as journal:
            return journal.base(at_hand)

    def command(self, *words: str) -> str:
        """A command of cfsync to type for this very environment."""
        return command_line(self.root, *words, "-e", self.environment.name)


def configured(settings: Settings, wishes: PlanWishes | None = None) -> Site:
    """The configuration of the folder for the environment that is meant.

    Raises ConfigError, UsageError, Untrusted, CfsyncError.
    """
    contract = contracts.load()
    found = loader.load(
        settings.root,
        environment=settings.environment,
        environ=settings.environ,
        contract=contract,
    )
    environment = found.environment
    for secret in secrets_of(environment.journal):
        hide(secret)
    if wishes is not None and wishes.parallel is not None:
        environment = replace(environment, parallel=wishes.parallel)
    return Site(settings.root, found, contract, environment)


@asynccontextmanager
async def opened(site: Site, listener: Listener, *, makes: bool = True) -> "AsyncIterator[Remote]":
    """The API of the environment. `makes` False: a local site that is not there stays so.

    Raises TokenUnavailable, Untrusted, UsageError.
    """
    from cfsync.remote.client import open_remote  # noqa: PLC0415 - see above

    token = site.configuration.token.read()
    hide(token)
    api = _local_api(site, makes=makes)
    app = None
    if api is not None:
        from cfsync.emulator.app import create_app  # noqa: PLC0415 - for local: alone

        app = create_app(api)
    try:
        async with open_remote(
            site.environment,
            token,
            site.contract,
            app=app,
            clock=site.clock,
            random=site.random,
        ) as remote:
            remote.tell(listener.status)
            yield remote
    finally:
        if api is not None:
            api.close()


def _local_api(site: Site, *, makes: bool) -> "Api | None":
    if not site.environment.url.startswith(_LOCAL):
        return None
    from cfsync.emulator.opening import open_api  # noqa: PLC0415 - for local: alone

    path = Path(site.environment.url.removeprefix(_LOCAL))
    if not makes and not path.exists():
        return open_api(None, contract=site.contract)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return open_api(path, contract=site.contract)
