"""What `--target` and `--exclude` name has to exist: a slip of the pen must not widen a plan."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from cfsync.errors import UsageError
from cfsync.model.address import Pattern
from cfsync.planner.context import Context


def require_known(context: Context) -> None:
    """Raises UsageError for an address without wildcards that nobody has."""
    options = context.options
    exact = [
        (option, pattern.text)
        for option, patterns in (("--target", options.targets), ("--exclude", options.excludes))
        for pattern in patterns
        if _is_exact(pattern)
    ]
    if not exact:
        return
    known = set(_addresses(context))
    for option, text in exact:
        if text not in known:
            raise _unknown(option, text, known)


def _is_exact(pattern: Pattern) -> bool:
    return "*" not in pattern.text


def _addresses(context: Context) -> Iterator[str]:
    """As the configuration names things, as the site does, and as they were last settled."""
    forest = context.forest
    yield from (node.address for node in forest.nodes())
    yield from map(forest.live.address, forest.live.by_id.values())
    yield from (row.address for row in forest.base.rows.values())


def _unknown(option: str, text: str, known: Iterable[str]) -> UsageError:
    near = get_close_matches(text, sorted(known), n=1)
    return UsageError(
        f"{option} {text}: nothing of that address is declared, owned or on the site",
        why=f"did you mean {near[0]}?" if near else "",
        next_step="cfsync list",
    )
