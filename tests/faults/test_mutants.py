"""Tests the tests: mistakes that somebody could make, each found by the harness."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from faults import play as playing
from faults import world as worlds
from faults.chooser import explore
from faults.play import Broken, Tally, play
from faults.pruning import pruned
from faults.scenarios import four_changes
from faults.world import Budget, Scenario

from cfsync.applier import apply as applying
from cfsync.applier import forward, undo
from cfsync.applier.courier import Courier
from cfsync.applier.forward_notes import ForwardNotes
from cfsync.applier.recreate import Recreate
from cfsync.applier.settling import Settling
from cfsync.applier.undo_steps import UndoSteps
from cfsync.errors import JournalUnreadable, NotFound
from cfsync.journal.group_commit import InlineCommit
from cfsync.model.run import NotDone
from cfsync.planner import digest
from cfsync.remote import trouble

FOUR = four_changes()


@dataclass(frozen=True)
class Mutant:
    mutate: Callable[[pytest.MonkeyPatch], None]
    budget: Budget
    scenario: Scenario = FOUR


def intent_after_send(patch: pytest.MonkeyPatch) -> None:
    begun, done, unknown = ForwardNotes.begun, ForwardNotes.done, ForwardNotes.unknown
    kept: dict[int, Any] = {}

    async def later(self, *given):
        kept[id(self)] = given

    async def first(self):
        if id(self) in kept:
            await begun(self, *kept.pop(id(self)))

    async def now_done(self, *given, **named):
        await first(self)
        await done(self, *given, **named)

    async def now_unknown(self, *given):
        await first(self)
        await unknown(self, *given)

    patch.setattr(ForwardNotes, "begun", later)
    patch.setattr(ForwardNotes, "done", now_done)
    patch.setattr(ForwardNotes, "unknown", now_unknown)


async def _nothing(*_given: Any, **_named: Any) -> None:
    """Leaves it out."""


def no_resolve_on_restart(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(forward, "resolve_open", _nothing)


def undo_skips_unresolved(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(undo, "resolve_open", _nothing)


def direction_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        applying,
        "_goes_forward",
        lambda ledger, _, direction: (
            direction == "forward" or (direction is None and ledger.deleting)
        ),
    )


def undo_delete_without_a_look_up(patch: pytest.MonkeyPatch) -> None:
    make = Recreate._make

    async def blind(self, write, was, row, *, is_root):
        self._ledger.part(write.number, was.id).intent.clear()
        await make(self, write, was, row, is_root=is_root)

    patch.setattr(Recreate, "_make", blind)


def no_compare_before_undo(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(UndoSteps, "_reason_to_keep", lambda *_: "")
    patch.setattr(UndoSteps, "_may_restore", lambda *_: True)


def a_5xx_means_not_done(patch: pytest.MonkeyPatch) -> None:
    told = trouble.Trouble.as_outcome

    def outcome(self):
        return NotDone(self.failure) if self.failure.status >= 500 else told(self)

    patch.setattr(trouble.Trouble, "as_outcome", outcome)


def a_403_means_gone(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(trouble._BY_STATUS, 403, NotFound)


def deletes_first(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(forward, "after_deletes", lambda _: set())


def no_fsync(patch: pytest.MonkeyPatch) -> None:
    restored = worlds.restored_store

    def careless(journal):
        store = restored(journal)
        store.db.execute("PRAGMA synchronous = OFF")
        return store

    patch.setattr(worlds, "restored_store", careless)


def a_failed_fsync_is_ignored(patch: pytest.MonkeyPatch) -> None:
    append = InlineCommit.append

    async def bold(self, entry):
        try:
            await append(self, entry)
        except JournalUnreadable:
            self._hold.extended()

    patch.setattr(InlineCommit, "append", bold)


def settle_is_zero(patch: pytest.MonkeyPatch) -> None:
    async def at_once(self, seconds):
        """Looks up while the request may still be under way."""

    patch.setattr(Settling, "wait", at_once)


def no_family_lock(patch: pytest.MonkeyPatch) -> None:
    """A look-up while another create may still land."""
    halted = Courier.look_up

    async def never(self, operation, notes, *, wait):
        return await halted(self, operation, notes, wait=wait) and False

    patch.setattr(Courier, "look_up", never)


def _without_waits() -> Scenario:
    """What an executor that puts deletes first would be given."""
    writes = tuple(
        replace(write, waits=()) if write.verb == "delete" else write for write in FOUR.plan.writes
    )
    return replace(FOUR, plan=replace(FOUR.plan, writes=writes))


MUTANTS = {
    "intent after send": Mutant(intent_after_send, Budget()),
    "no resolve on restart": Mutant(no_resolve_on_restart, Budget(crashes=1)),
    "undo skips unresolved": Mutant(undo_skips_unresolved, Budget(crashes=1)),
    "direction forgotten": Mutant(direction_forgotten, Budget(crashes=2)),
    "undo of a delete without a look-up": Mutant(undo_delete_without_a_look_up, Budget(crashes=2)),
    "no compare before undo": Mutant(no_compare_before_undo, Budget(edits=1, faults=1)),
    "5xx means not done": Mutant(a_5xx_means_not_done, Budget(faults=1)),
    "403 means gone": Mutant(a_403_means_gone, Budget(faults=1, reads=2)),
    "deletes first": Mutant(deletes_first, Budget(), _without_waits()),
    "no fsync": Mutant(no_fsync, Budget(crashes=1)),
    "a failed fsync is ignored": Mutant(a_failed_fsync_is_ignored, Budget(faults=1)),
    "settle is zero": Mutant(settle_is_zero, Budget(late=1)),
    "a look-up is not believed": Mutant(no_family_lock, Budget(faults=1)),
}

SIBLINGS = "digest of siblings dropped"
"""Made in the planner, so that no schedule of the applier's shows it."""


@contextmanager
def _mutated(mutant: Mutant) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        playing._ends(mutant.scenario)  # what is right is known before anything is wrong
        mutant.mutate(patch)
        yield


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_is_killed(name, figures):
    mutant = MUTANTS[name]
    tally = Tally()
    on_crash = pruned(not mutant.budget.late)

    def run(choose):
        play(mutant.scenario, choose, mutant.budget, tally, on_crash=on_crash)

    with figures.mutant(name):
        with _mutated(mutant), pytest.raises(Broken) as found:
            for _ in explore(run):
                pass
        assert "--replay" in str(found.value)
        assert not tally.is_good


def test_the_page_knows_every_mutant(figures):
    figures.mutants([*MUTANTS, SIBLINGS])

    assert SIBLINGS not in MUTANTS


@pytest.mark.parametrize("name", MUTANTS)
def test_without_the_mutation_the_same_schedules_are_fine(name):
    mutant = MUTANTS[name]
    tally = Tally()
    budget = mutant.budget
    if budget.crashes > 1 or (budget.faults and (budget.edits or budget.reads > 1)):
        pytest.skip("explored in full elsewhere")

    for _ in explore(lambda choose: play(FOUR, choose, budget, tally)):
        pass

    assert tally.schedules


def test_the_mutant_that_drops_the_digest_of_siblings_is_killed(stage, monkeypatch, figures):
    monkeypatch.setattr(digest, "_siblings", lambda *_: [])
    plan = str(stage.path / "plan.json")
    assert stage.run("plan", "--out", plan).code == 0
    stage.api.designer.add("my-site:index", name="other", type="text")

    with figures.mutant(SIBLINGS):
        answer = stage.run("apply", plan)
        assert answer.code != 5  # test_row_38 requires it: [sibling]
