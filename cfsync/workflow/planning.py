"""Comparing what the files say, what was settled, and what is live."""

from dataclasses import dataclass
from typing import Final

from cfsync.collector import collector_paused
from cfsync.errors import UsageError
from cfsync.model.address import KindName, Pattern
from cfsync.model.base import NO_ROWS, BaseState
from cfsync.model.environment import Environment
from cfsync.model.live import Item, LiveState
from cfsync.model.plan import Plan
from cfsync.model.ports import ListPage, Pages
from cfsync.planner.options import PlanOptions
from cfsync.remote.client import Remote
from cfsync.report.words import counted
from cfsync.workflow.settings import Listener
from cfsync.workflow.wiring import Site
from cfsync.workflow.wishes import PlanWishes

_MINUTE: Final = 60
_FAST: Final = 10
"""Requests a second from which a rate is told by the second."""


@dataclass(frozen=True, slots=True)
class Compared:
    plan: Plan
    cost: str
    """Requests that were needed and will be, in a sentence; empty where nothing would be sent."""


async def compare(
    site: Site,
    remote: Remote,
    base: BaseState,
    wishes: PlanWishes,
    listener: Listener,
) -> Compared:
    """The plan for the files as they are and the site as it is now."""
    from cfsync.planner.plan import plan  # noqa: PLC0415 - not before it is needed

    with collector_paused():
        live = await read_live(site, remote, base, listener)
        state = site.configuration.state
        planned = plan(state, base, live, site.contract, plan_options(site.environment, wishes))
    return Compared(planned, _cost(planned, live, site.environment))


async def read_live(
    site: Site,
    remote: Remote,
    base: BaseState,
    listener: Listener,
) -> LiveState:
    """The projects that the configuration names or owns; of the others only that they exist."""
    from cfsync.current.state import read  # noqa: PLC0415 - not before it is needed

    key = site.contract.kind("project").key
    declared = {str(project.fields[key]) for project in site.configuration.state.projects}
    owned = {row.id for row in base.rows.values() if row.kind == "project"}
    what = f"Reading {site.environment.name}"
    watched = _Watched(remote, listener, what)
    remote.remember(base.rows)
    try:
        return await read(watched, site.contract, declared | owned, site.environment.parallel)
    finally:
        remote.remember(NO_ROWS)


class _Watched:
    """Pages that tell how many resources have come."""

    def __init__(self, pages: Pages, listener: Listener, what: str) -> None:
        self._pages = pages
        self._listener = listener
        self._what = what
        self._resources = 0

    async def page(self, kind: KindName, scope: str | None, cursor: str | None) -> ListPage:
        page = await self._pages.page(kind, scope, cursor)
        self._resources += len(page.items)
        self._listener.progress(self._resources, 0, self._what)
        return page

    async def get(self, kind: KindName, id_: str) -> Item:
        return await self._pages.get(kind, id_)


def plan_options(environment: Environment, wishes: PlanWishes) -> PlanOptions:
    """Raises UsageError for a target that is no address."""
    return PlanOptions(
        environment=environment.name,
        host=environment.host,
        targets=tuple(_pattern(text, "--target") for text in wishes.target),
        excludes=tuple(_pattern(text, "--exclude") for text in wishes.exclude),
        on_conflict=wishes.on_conflict,
        allow_deletes=wishes.allow_deletes,
        max_delete_percent=environment.max_delete_percent,
        max_deletes=environment.max_deletes,
    )


def _pattern(text: str, option: str) -> Pattern:
    try:
        return Pattern(text)
    except ValueError as error:
        raise UsageError(
            f"{option}: {error}", next_step=f"{option} 'my-website:index#hero/*'"
        ) from error


def _cost(plan: Plan, live: LiveState, environment: Environment) -> str:
    if not plan.writes:
        return ""
    guards = len({(write.kind, write.scope) for write in plan.writes if write.verb != "create"})
    requests = len(plan.writes) + guards
    read = counted(live.requests, "request")
    text = f"Read with {read}; applying takes about {requests:,} more"
    if environment.rate:
        seconds = requests / environment.rate
        text += f", {_duration(seconds)} at {_rate(environment.rate)}"
    return text + "."


def _rate(per_second: float) -> str:
    fast = per_second >= _FAST
    return f"{per_second:g}/s" if fast else f"{per_second * _MINUTE:g}/min"


def _duration(seconds: float) -> str:
    if seconds < _MINUTE:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / _MINUTE)} min"
