"""Who has agreed to what. Nothing is written before this has answered."""

from collections.abc import Mapping, Sequence
from shlex import quote

from cfsync.errors import NeedsDecision
from cfsync.model.environment import Environment
from cfsync.model.plan import Plan, Refusal
from cfsync.report.counts import doing
from cfsync.report.words import counted
from cfsync.workflow.settings import Person
from cfsync.workflow.wishes import Consent


def ensure_consent(plan: Plan, environment: Environment, given: Consent, person: Person) -> None:
    """Returns if everything that the plan would send is agreed to, asking where somebody is there.

    Raises NeedsDecision, saying which flag would consent.
    """
    _nothing_undecided(plan)
    if not plan.writes:
        return
    deletes = plan.summary.delete
    asks_name = environment.confirm and given.confirmed != environment.name
    asks_deletes = bool(deletes) and not given.saved and given.allow_deletes != deletes
    if not person.present:
        _flags_consent(plan, environment, given, asks_name=asks_name, asks_deletes=asks_deletes)
        return
    if asks_name or asks_deletes:
        _typed_name(environment, deletes, person)
    elif not (given.yes or given.saved or deletes):
        _agreed(environment, person)


def _nothing_undecided(plan: Plan) -> None:
    refusals = [refusal for refusal in plan.refusals if refusal.reason != "deletions"]
    if refusals:
        raise refused(refusals)


def refused(refusals: "list[Refusal] | tuple[Refusal, ...]") -> NeedsDecision:
    """What a plan refuses, as one error."""
    first, *others = refusals
    return NeedsDecision(
        first.message,
        where=", ".join(first.addresses[:5]),
        why="; ".join(other.message for other in others),
        next_step="\n".join(dict.fromkeys(one.next_step for one in refusals if one.next_step)),
    )


def _flags_consent(
    plan: Plan, environment: Environment, given: Consent, *, asks_name: bool, asks_deletes: bool
) -> None:
    missing: dict[str, str | None] = {}
    if not (given.yes or given.saved):
        missing["--yes"] = None
    if asks_deletes:
        missing["--allow-deletes"] = str(plan.summary.delete)
    if asks_name:
        missing["--confirm"] = environment.name
    if missing:
        named = f"; {environment.name} has 'confirm: true'" if asks_name else ""
        raise NeedsDecision(
            "nothing was applied: there is nobody to ask",
            where=environment.name,
            why=_what(plan, given) + named,
            next_step=_with_flags(given.typed, missing),
        )


def _with_flags(typed: Sequence[str], flags: Mapping[str, str | None]) -> str:
    """The command as it was typed, but with these flags; what it said of them before goes."""
    words = ["cfsync"]
    rest = iter(typed)
    for word in rest:
        name, assigned, _ = word.partition("=")
        if name not in flags:
            words.append(word)
        elif flags[name] is not None and not assigned:
            next(rest, None)
    for name, value in flags.items():
        words += [name] if value is None else [name, value]
    return " ".join(map(quote, words))


def _what(plan: Plan, given: Consent) -> str:
    deletes = plan.summary.delete
    if given.allow_deletes is not None and given.allow_deletes != deletes:
        return f"the plan deletes {deletes}, not {given.allow_deletes}"
    return f"the plan is {doing(plan)}"


def _typed_name(environment: Environment, deletes: int, person: Person) -> None:
    what = f"This deletes {counted(deletes, 'resource')}. " if deletes else ""
    question = f"{what}Type the environment's name, {environment.name}, to apply:"
    if not person.types(question, environment.name):
        raise _declined(f"what was typed is not {environment.name}")


def _agreed(environment: Environment, person: Person) -> None:
    if not person.agrees(f"Apply this to {environment.name}?"):
        raise _declined("the answer was no")


def _declined(why: str) -> NeedsDecision:
    return NeedsDecision("nothing was applied", why=why)
