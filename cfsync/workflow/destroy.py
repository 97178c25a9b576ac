"""`cfsync destroy`: delete what the configuration owns, and nothing that others added."""

from cfsync.workflow.consent import ensure_consent
from cfsync.workflow.executing import execute
from cfsync.workflow.loop import completed
from cfsync.workflow.outcome import Applied
from cfsync.workflow.planning import plan_options, read_live
from cfsync.workflow.protection import protected_by_files
from cfsync.workflow.settings import Person, Settings
from cfsync.workflow.wiring import configured, opened
from cfsync.workflow.wishes import Order


def destroy(settings: Settings, order: Order, person: Person) -> Applied:
    """Raises what `apply` raises."""
    return completed(_destroy(settings, order, person))


async def _destroy(settings: Settings, order: Order, person: Person) -> Applied:
    from cfsync.planner.destroy import destroy_plan  # noqa: PLC0415 - not before it is needed

    site = configured(settings, order.wishes)
    site.nothing_waits()
    async with opened(site, settings.listener) as remote:
        base = protected_by_files(site, site.base())
        live = await read_live(site, remote, base, settings.listener)
        options = plan_options(site.environment, order.wishes)
        name = site.configuration.name
        plan = destroy_plan(base, live, site.contract, options, name=name)
        person.see(plan)
        ensure_consent(plan, site.environment, order.consent, person)
        return await execute(site, remote, plan, order.on_error, settings.listener)
