"""Resources that an undo had to make again: their addresses beside both ids."""

from collections.abc import Iterable, Iterator, Mapping

from cfsync.contract import Contract
from cfsync.model.address import Address
from cfsync.model.live import Live
from cfsync.model.plan import Write
from cfsync.model.run import MadeAgain


def made_again(
    new_ids: Mapping[str, str], writes: Iterable[Write], contract: Contract
) -> tuple[MadeAgain, ...]:
    """`new_ids` is old to new. Sorted by address; without one where no write is known to tell it.

    An address is the one at which the deleted resource stood.
    """
    if not new_ids:
        return ()
    known: dict[str, str] = {}
    for write in writes:
        if write.subtree is not None:
            known.update(_addresses(write.subtree, write.address, contract))
    again = (MadeAgain(known.get(old, ""), old, new) for old, new in new_ids.items())
    return tuple(sorted(again))


def _addresses(top: Live, address: str, contract: Contract) -> Iterator[tuple[str, str]]:
    stack = [(top, Address.parse(address))]
    while stack:
        live, here = stack.pop()
        yield live.item.id, str(here)
        seen: dict[str, int] = {}
        for child in live.children or ():
            name = contract.name_of(child.item)
            nth = seen[name] = seen.get(name, 0) + 1
            stack.append((child, here.child(name, nth)))
