"""Where past runs are told: what `history` and `show` need, though the files may be broken.

Whoever looks at night what an apply has done cannot always mend the files first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cfsync import contract as contracts
from cfsync.desired import environments
from cfsync.desired.files import Refused, Root
from cfsync.desired.included import root_file
from cfsync.desired.marked import MarkedMap
from cfsync.desired.partial import environments_are_sound
from cfsync.desired.references import resolve_references
from cfsync.desired.validation import Validator
from cfsync.desired.yaml_tree import parse
from cfsync.errors import ConfigError, JournalUnreadable
from cfsync.journal.locations import secrets_of, shown
from cfsync.report.words import counted, listed
from cfsync.workflow.secrets import hide
from cfsync.workflow.settings import Settings, command_line
from cfsync.workflow.wiring import configured

if TYPE_CHECKING:
    from cfsync.journal.reading import OpenJournal

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class JournalPlace:
    root: Path
    location: str
    name: str
    environment: str
    host: str

    def opened(self, *, salvage: bool = False) -> "OpenJournal":
        """Read-only. Raises JournalUnreadable."""
        from cfsync.journal.reading import open_reader  # noqa: PLC0415 - not before it is needed

        return open_reader(self.location, self.name, self.environment, self.host, salvage=salvage)

    def salvaged(
        self, ask: "Callable[[OpenJournal], Answer]"
    ) -> tuple[Answer, JournalUnreadable | None]:
        """The answer; of a damaged journal the one that can be had without checking it."""
        try:
            with self.opened() as journal:
                return ask(journal), None
        except JournalUnreadable as damage:
            try:
                with self.opened(salvage=True) as journal:
                    return ask(journal), damage
            except JournalUnreadable:
                raise damage from None

    def command(self, *words: str) -> str:
        """A command of cfsync to type for this very environment."""
        return command_line(self.root, *words, "-e", self.environment)


def journal_place(settings: Settings) -> JournalPlace:
    """The journal of the environment that is meant.

    Raises ConfigError only where neither the files nor the journal itself tell it.
    """
    try:
        site = configured(settings)
    except ConfigError as error:
        place = _of_the_environments(settings) or _of_the_journal(settings)
        if place is None:
            raise
        for secret in secrets_of(place.location):
            hide(secret)
        settings.listener.status(
            f"Warning: {counted(len(error.problems), 'problem')} in the configuration "
            f"({command_line(settings.root, 'validate')}); "
            f"this is what {shown(place.location)} has of {place.environment}."
        )
        return place
    return JournalPlace(settings.root, site.environment.journal, *site.key)


def _of_the_environments(settings: Settings) -> JournalPlace | None:
    """From the root file, if what is wrong is elsewhere. Raises UsageError, Untrusted."""
    files = Root(settings.root)
    try:
        name = root_file(files)
        root = _readable(name, files.read(name))
    except (ConfigError, Refused):
        return None
    if root is None or any(environments.problems_of(root, files)):
        return None
    chosen = environments.choose(root, settings.environment)
    found = environments.resolve(root, chosen, files, settings.environ)
    return JournalPlace(settings.root, found.journal, root["name"], found.name, found.host)


def _readable(name: str, raw: bytes) -> MarkedMap | None:
    document = parse(name, raw)
    findings = Validator(contracts.load()).check(document, "root")
    wrong = findings.keys | ({"environments"} if document.problems else set())
    sound = environments_are_sound(document.root, wrong) and "name" in document.root
    if not sound or "name" in wrong or any(resolve_references(document, findings.refused)):
        return None
    root: MarkedMap = document.root
    return root


def _of_the_journal(settings: Settings) -> JournalPlace | None:
    """From the only entry that the usual journal has, or has of this environment."""
    from cfsync.journal.places import open_readonly  # noqa: PLC0415 - rarely

    outside = settings.environ.get(environments.JOURNAL)
    location = outside or str(settings.root / environments.DEFAULT_JOURNAL)
    if outside and "://" not in outside:
        location = str(settings.root / outside)
    store = open_readonly(location)
    if store is None:
        return None
    try:
        keys = store.keys()
    finally:
        store.close()
    wanted = [key for key in keys if settings.environment in (None, key.environment)]
    if len(wanted) != 1:
        known = listed(sorted({key.environment for key in keys}), "or")
        if known:
            settings.listener.status(f"The journal can be asked all the same, with -e {known}.")
        return None
    (key,) = wanted
    return JournalPlace(settings.root, location, key.name, key.environment, key.host)
