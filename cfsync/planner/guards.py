"""What is refused until a person decides: the number, the limit, and the way out."""

from collections import Counter
from collections.abc import Iterable

from cfsync.limits import DELETE_FLOOR
from cfsync.model.live import Live
from cfsync.model.plan import ConflictReason, Refusal
from cfsync.planner.context import Context
from cfsync.planner.draft import Draft, Removal
from cfsync.planner.index import BaseIndex, LiveIndex
from cfsync.planner.options import PlanOptions


def refusals(context: Context, draft: Draft) -> Iterable[Refusal]:
    """Everything that a person has to decide before this plan may be applied.

    `deletions` is among them only where the number that was consented to is not the plan's. That
    deletions need consent at all is apply's to ask: `summary.delete` has the number.
    """
    base, live, options = context.forest.base, context.forest.live, context.options
    yield from decisions(draft)
    if not context.forest.roots and base.rows:
        yield _empty(len(base.rows))
    yield from _shrunken(context)
    yield from consent(draft.removals, options)
    if options.allow_deletes != deletions(draft.removals):
        yield from _thresholds(draft.removals, base, live, options)


def deletions(removals: Iterable[Removal]) -> int:
    return sum(len(removal.going) for removal in removals)


def count(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")


def decisions(draft: Draft) -> Iterable[Refusal]:
    """What is undecided, and what is protected."""
    yield from _conflicts(draft)
    yield from _protection(draft)


def _conflicts(draft: Draft) -> Iterable[Refusal]:
    if draft.conflicts:
        addresses = tuple(c.address for _, c in sorted(draft.conflicts, key=lambda entry: entry[0]))
        number = len(addresses)
        are = "conflict has" if number == 1 else "conflicts have"
        yield Refusal(
            "conflict",
            f"{number} {are} to be decided: the site and the configuration disagree about "
            + some(addresses),
            _way_out({c.reason for _, c in draft.conflicts}),
            addresses,
        )


def _way_out(reasons: set[ConflictReason]) -> str:
    """What is really left to do: no flag gives one name to two resources."""
    steps = []
    if reasons - {"taken"}:
        steps.append(
            "write the site's side into the file; or plan again with "
            "--on-conflict keep-live or --on-conflict take-config"
        )
    if "taken" in reasons:
        steps.append("what is taken needs another name in the file, or on the site its holder does")
    return "; ".join(steps)


def _protection(draft: Draft) -> Iterable[Refusal]:
    if draft.protected:
        addresses = tuple(sorted(set(draft.protected)))
        yield Refusal(
            "protected",
            f"{some(addresses)} {'is' if len(addresses) == 1 else 'are'} protected, and this "
            "would delete it" + ("" if len(addresses) == 1 else " all"),
            f"remove 'protect: true' from the configuration, then cfsync unprotect {addresses[0]}",
            addresses,
        )


def _empty(rows: int) -> Refusal:
    return Refusal(
        "empty",
        f"the configuration declares no project at all, but owns {count(rows, 'resource')} here",
        "look whether 'include' names the right files; to delete all of it: cfsync destroy",
    )


def _shrunken(context: Context) -> Iterable[Refusal]:
    """Creates, and rows to be forgotten, on the word of a list that lost most of what is known."""
    forest = context.forest
    if context.options.on_conflict != "fail":
        return
    known = forest.base.rows
    missing = [known[id_] for id_ in forest.unseen if known[id_].stored]
    if len(missing) * 2 <= len(known) or len(missing) <= DELETE_FLOOR:
        return
    creates = any(node.fate == "create" for node in forest.busy())
    if not creates and all(row.id in forest.claimed for row in missing):
        return
    yield Refusal(
        "shrunken",
        f"the site no longer shows {len(missing)} of the {count(len(known), 'resource')} that "
        "cfsync knows: more than half, which looks like a key that sees less or an outage",
        "check the key and the site; if they really are gone: --on-conflict take-config makes "
        "them again, --on-conflict keep-live accepts it",
        tuple(sorted(row.address for row in missing)),
    )


def consent(removals: list[Removal], options: PlanOptions) -> Iterable[Refusal]:
    number = deletions(removals)
    if options.allow_deletes not in {None, number}:
        yield Refusal(
            "deletions",
            f"this plan deletes {count(number, 'resource')}, not {options.allow_deletes}",
            f"--allow-deletes {number}",
            tuple(sorted(removal.address for removal in removals)),
        )


def _thresholds(
    removals: list[Removal], base: BaseIndex, live: LiveIndex, options: PlanOptions
) -> Iterable[Refusal]:
    if not removals:
        return
    number = deletions(removals)
    way_out = f"look at each of them, then consent with --allow-deletes {number}"
    addresses = tuple(sorted(removal.address for removal in removals))
    if number > options.max_deletes:
        yield Refusal(
            "threshold",
            f"this plan deletes {count(number, 'resource')}; the limit is {options.max_deletes} "
            "(safety: max_deletes)",
            way_out,
            addresses,
        )
    owned = Counter(_project(one, live) for id_ in base.rows if (one := live.by_id.get(id_)))
    deleted: Counter[str] = Counter()
    for removal in removals:
        deleted[_project(removal.top, live)] += len(removal.going)
    for project, going in sorted(deleted.items()):
        if going > DELETE_FLOOR and going * 100 > options.max_delete_percent * owned[project]:
            yield Refusal(
                "threshold",
                f"this plan deletes {going} of the {count(owned[project], 'resource')} that "
                f"cfsync owns in {project}; the limit is {options.max_delete_percent} % "
                "(safety: max_delete_percent)",
                way_out,
                tuple(a for a in addresses if a.partition(":")[0] == project),
            )


def _project(one: Live, live: LiveIndex) -> str:
    above: Live | None = one
    while above is not None:
        one = above
        above = live.parent(one)
    return live.address(one)


def some(addresses: tuple[str, ...]) -> str:
    """The first few, so that a message stays one that is read."""
    shown = ", ".join(addresses[:3])
    more = len(addresses) - 3
    return f"{shown} and {more} more" if more > 0 else shown
