"""The planner: match, merge (three-way), order, guard. Pure functions of trees: no I/O, no clock.

`plan` compares what is desired, what was last settled and what is live; `destroy_plan` needs no
desired state. Knows nothing of files, requests or the journal's storage.
"""

from cfsync.planner.destroy import destroy_plan
from cfsync.planner.options import PlanOptions
from cfsync.planner.plan import plan

__all__ = ["PlanOptions", "destroy_plan", "plan"]
