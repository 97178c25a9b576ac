"""The planner: three trees in, one plan out. No I/O, no clock.

match → fates → fields → parents → removals → clashes → orders, then requests, their order, and the
guards. Each step only reads what the steps before it decided.
"""

from dataclasses import replace

from cfsync.contract import Contract
from cfsync.model.base import BaseState
from cfsync.model.desired import DesiredState
from cfsync.model.live import LiveState
from cfsync.model.plan import Plan
from cfsync.planner.clashes import decide_clashes
from cfsync.planner.context import Context
from cfsync.planner.draft import Draft
from cfsync.planner.fates import decide_fates
from cfsync.planner.finish import finish
from cfsync.planner.forgetting import decide_forgotten
from cfsync.planner.guards import refusals
from cfsync.planner.ignore import Ignoring
from cfsync.planner.index import BaseIndex, LiveIndex
from cfsync.planner.match import match
from cfsync.planner.options import PlanOptions
from cfsync.planner.removal import decide_removals
from cfsync.planner.renames import suggest_renames
from cfsync.planner.selection import require_known
from cfsync.planner.siblings import decide_orders
from cfsync.planner.verdicts import decide_fields, decide_parents


def plan(
    desired: DesiredState,
    base: BaseState,
    live: LiveState,
    contract: Contract,
    options: PlanOptions,
) -> Plan:
    """What apply would do.

    Raises CfsyncError for a reference to what is not declared, UsageError for a target that is not.
    """
    ignoring = Ignoring(desired.projects, contract.kind("project").key)
    rows, lives = BaseIndex(base, contract), LiveIndex(live, contract)
    may_rest = not (ignoring or options.targets or options.excludes)
    forest = match(desired, rows, lives, contract, may_rest=may_rest)
    context = Context(forest, ignoring, contract, options)
    require_known(context)
    draft = Draft()
    decide_fates(context, draft)
    decide_fields(context, draft)
    decide_parents(context, draft)
    decide_removals(context, draft)
    decide_forgotten(context, draft)
    decide_clashes(context, draft)
    decide_orders(context, draft)
    suggest_renames(context, draft)
    return replace(
        finish(context, draft),
        name=desired.name,
        has_base=base.exists,
        partial=bool(options.targets or options.excludes),
        config_digest=desired.digest,
        refusals=tuple(refusals(context, draft)),
    )
