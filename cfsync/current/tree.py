"""Flat listings to trees, siblings in the order in which they are shown."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from operator import attrgetter

from cfsync.model.live import Item, Live

_ORDER = attrgetter("position", "created_at", "id")


def forest(
    items: Iterable[Item], below: Mapping[str, tuple[Live, ...] | None] | None = None
) -> tuple[Live, ...]:
    """The items of one proven listing as trees, of any depth.

    `below` gives, by id, the children that come from other listings (a page's elements); the
    kinds that nest in themselves have none there.
    """
    children: defaultdict[str | None, list[Item]] = defaultdict(list)
    for item in items:
        children[item.parent].append(item)
    for siblings in children.values():
        if len(siblings) > 1:
            siblings.sort(key=_ORDER)
    parents_first = list(children[None])
    for item in parents_first:  # grows while it is walked
        parents_first.extend(children.get(item.id, ()))
    made: dict[str, Live] = {}
    for item in reversed(parents_first):
        inner = children.get(item.id)
        own = tuple(made.pop(child.id) for child in inner) if inner else ()
        made[item.id] = Live(item, own if below is None else below.get(item.id))
    return tuple(made[item.id] for item in children[None])
