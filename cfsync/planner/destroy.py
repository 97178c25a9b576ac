"""`cfsync destroy`: what this configuration owns goes, what others added stays.

A delete cascades, so only subtrees that are wholly owned and unchanged are deleted. A resource that
holds something foreign is a conflict; decided either way it stays, released from the journal, while
everything owned around and below it goes.
"""

from dataclasses import replace

from cfsync.contract import Contract
from cfsync.model.base import BaseState, DropBase
from cfsync.model.live import Live, LiveState
from cfsync.model.plan import Conflict, ConflictReason, Kept, Plan, Refusal
from cfsync.planner.context import Context
from cfsync.planner.draft import Draft, Removal
from cfsync.planner.finish import finish
from cfsync.planner.forest import Forest
from cfsync.planner.forgetting import decide_forgotten
from cfsync.planner.guards import consent, decisions, some
from cfsync.planner.ignore import Ignoring
from cfsync.planner.index import BaseIndex, LiveIndex
from cfsync.planner.options import PlanOptions
from cfsync.planner.removal import differs


def destroy_plan(
    base: BaseState, live: LiveState, contract: Contract, options: PlanOptions, *, name: str = ""
) -> Plan:
    """Thresholds do not apply, since everything is meant; the number of deletions still does."""
    forest = Forest(BaseIndex(base, contract), LiveIndex(live, contract), contract)
    context = Context(forest, Ignoring((), ""), contract, options)
    draft = Draft()
    for project in live.projects:
        _Destroyer(context, draft).look(project)
    decide_forgotten(context, draft)
    return replace(
        finish(context, draft),
        name=name,
        has_base=base.exists,
        refusals=(*map(_decide_here, decisions(draft)), *consent(draft.removals, options)),
    )


class _Destroyer:
    def __init__(self, context: Context, draft: Draft) -> None:
        self._context = context
        self._draft = draft
        self._live = context.forest.live
        self._clean: set[str] = set()
        """Ids of what can go with everything below."""

    def look(self, project: Live) -> None:
        everything = list(project.walk())
        for one in reversed(everything):
            if self._may_go(one) and all(c.item.id in self._clean for c in one.children or ()):
                self._clean.add(one.item.id)
        stack = [(project, False)]
        while stack:
            one, reported = stack.pop()
            if one.item.id in self._clean:
                self._remove(one)
                continue
            if self._context.row(one) is None:
                self._draft.unmanaged += 1
            elif self._selects(one):
                self._keep(one, reported=reported)
                reported = True
            stack.extend((child, reported) for child in reversed(one.children or ()))

    def _selects(self, one: Live) -> bool:
        row = self._context.row(one)
        labels = [row.address] if row is not None else []
        return self._context.options.selects(self._live.address(one), *labels)

    def _may_go(self, one: Live) -> bool:
        row = self._context.row(one)
        if row is None or not self._selects(one):
            return False
        if row.protect:
            self._draft.protected.append(self._live.address(one))
            return False
        if _is_unread(one):
            return False
        return self._context.options.on_conflict == "take-config" or not differs(one, row)

    def _remove(self, top: Live) -> None:
        address, sort = self._live.address(top), self._live.sort(top)
        self._draft.removals.append(Removal(top, list(top.walk()), address, sort))

    def _keep(self, one: Live, *, reported: bool) -> None:
        """It stays: a conflict until somebody decides, then no longer ours.

        What only holds something protected, or excluded, stays ours: nobody is to decide there.
        """
        row = self._context.row(one)
        if row is None or row.protect:
            return
        address, sort, item = self._live.address(one), self._live.sort(one), one.item
        others = tuple(
            self._live.address(inner) for inner in one.walk() if self._is_in_the_way(inner)
        )
        if not others and not _is_unread(one):
            if not reported and (excluded := self._excluded(one)):
                self._draft.suggestions.append(
                    f"{address} stays this time: it holds {excluded}, which is excluded"
                )
        elif self._context.options.on_conflict != "fail":
            if not reported:
                self._draft.kept.append(
                    (sort, Kept("delete", item.kind, address, item.id, decided=True))
                )
            self._draft.settlements.append(DropBase(item.id))
        elif not reported:
            reason: ConflictReason = "changed-since" if differs(one, row) else "holds-foreign"
            conflict = Conflict(reason, item.kind, address, item.id, "delete", others=others)
            self._draft.conflicts.append((sort, conflict))

    def _is_in_the_way(self, one: Live) -> bool:
        """Somebody else's, or changed by somebody else; what is excluded stays anyway."""
        row = self._context.row(one)
        if row is None:
            return True
        decided = self._context.options.on_conflict == "take-config"
        return not (row.protect or decided) and self._selects(one) and differs(one, row)

    def _excluded(self, top: Live) -> str | None:
        ours = (one for one in top.walk() if self._context.row(one) is not None)
        return next((self._live.address(one) for one in ours if not self._selects(one)), None)


def _is_unread(one: Live) -> bool:
    """Nobody looked what it holds."""
    return one.item.kind == "project" and one.children is None


def _decide_here(refusal: Refusal) -> Refusal:
    """No file asks for what `destroy` deletes, so no file settles it."""
    if refusal.reason != "conflict":
        return refusal
    return replace(
        refusal,
        message=f"what somebody else added or edited is in the way at {some(refusal.addresses)}",
        next_step="destroy again with --on-conflict take-config to delete also what was edited, or "
        "with --on-conflict keep-live to leave it; what others added stays either way",
    )
