"""`cfsync list`: what is live, and what cfsync makes of it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cfsync.contract import Contract
from cfsync.errors import UsageError
from cfsync.model.address import Address, Pattern
from cfsync.model.base import BaseState
from cfsync.model.desired import Desired
from cfsync.model.live import Item, Live, LiveState
from cfsync.report.listing import Listed
from cfsync.workflow.loop import completed
from cfsync.workflow.planning import read_live
from cfsync.workflow.settings import Settings
from cfsync.workflow.wiring import Site, configured, opened


@dataclass(frozen=True, slots=True)
class Listing:
    environment: str
    host: str
    rows: tuple[Listed, ...]


def list_live(settings: Settings, address: str | None) -> Listing:
    """`address`: only this resource and what stands below it. Raises UsageError, RemoteError."""
    wanted = Pattern("**") if address is None else _pattern(address)
    site = configured(settings)
    base, live = completed(_read(site, settings))
    rows = tuple(row for row in _rows(site, base, live) if wanted.matches_below(row.address))
    return Listing(site.environment.name, site.environment.host, rows)


def _pattern(address: str) -> Pattern:
    try:
        return Pattern(address)
    except ValueError as error:
        raise UsageError(str(error), next_step="cfsync list 'my-website:index#hero'") from error


async def _read(site: Site, settings: Settings) -> tuple[BaseState, LiveState]:
    base = site.base()
    async with opened(site, settings.listener, makes=False) as remote:
        return base, await read_live(site, remote, base, settings.listener)


def _rows(site: Site, base: BaseState, live: LiveState) -> Iterator[Listed]:
    key = site.contract.kind("project").key
    declared = {project.fields[key]: project for project in site.configuration.state.projects}
    for project in sorted(live.projects, key=lambda node: str(node.item.fields.get(key))):
        slug = str(project.item.fields.get(key))
        rules = _Rules(site.contract, declared.get(slug), base)
        for address, depth, item in _walk(site, project, Address(slug), 0):
            yield rules.listed(address, depth, item)


def _walk(
    site: Site, node: Live, address: Address, depth: int
) -> Iterator[tuple[Address, int, Item]]:
    yield address, depth, node.item
    seen: Counter[str] = Counter()
    for child in node.children or ():
        name = str(child.item.fields.get(site.contract.kind(child.item.kind).key))
        seen[name] += 1
        yield from _walk(site, child, address.child(name, seen[name]), depth + 1)


class _Rules:
    """What is ignored and protected in one project."""

    def __init__(self, contract: Contract, declared: Desired | None, base: BaseState) -> None:
        self._contract = contract
        self._owned = base.owned()
        self._ignored = [Pattern(rule.at) for rule in declared.ignore] if declared else []

    def listed(self, address: Address, depth: int, item: Item) -> Listed:
        row = self._owned.get(item.id)
        below = str(address).partition(":")[2]
        return Listed(
            address=str(address),
            kind=item.kind,
            id=item.id,
            depth=depth,
            state="unmanaged" if row is None else "owned",
            detail=str(item.fields.get(self._contract.kind(item.kind).telling or "", "")),
            ignored=bool(below) and any(pattern.matches(below) for pattern in self._ignored),
            protected=row is not None and row.protect,
        )
