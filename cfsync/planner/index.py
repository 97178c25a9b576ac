"""The site and the base, looked up by id and by place."""

from collections import defaultdict
from collections.abc import Sequence
from operator import attrgetter
from typing import Final

from cfsync.contract import Contract
from cfsync.model.address import Address
from cfsync.model.base import Base, BaseState
from cfsync.model.live import Live, LiveState
from cfsync.planner.node import SortKey, address_below

_ORDER: Final = attrgetter("position", "created_at", "id")


class LiveIndex:
    """What the site holds. Addresses of it use the site's own names, numbered among siblings."""

    def __init__(self, live: LiveState, contract: Contract) -> None:
        self.roots = live.projects
        self._contract = contract
        self._labels: dict[str | None, dict[str, tuple[str, SortKey]]] = {}
        self._names: dict[str | None, dict[str, list[Live]]] = {}
        self.by_id: dict[str, Live] = {}
        level: Sequence[Live] = live.projects
        while level:
            self.by_id.update({node.item.id: node for node in level})
            level = [child for node in level if node.children for child in node.children]

    def parent(self, live: Live) -> Live | None:
        return self.by_id.get(live.item.above or "")

    def children(self, parent: Live | None) -> tuple[Live, ...]:
        return self.roots if parent is None else parent.children or ()

    def named(self, parent: Live | None) -> dict[str, list[Live]]:
        """The children by name, each list in the order shown."""
        key = None if parent is None else parent.item.id
        names = self._names.get(key)
        if names is None:
            names = self._names[key] = {}
            for child in self.children(parent):
                names.setdefault(self._contract.name_of(child.item), []).append(child)
        return names

    def address(self, live: Live) -> str:
        return self._label(live)[0]

    def sort(self, live: Live) -> SortKey:
        return self._label(live)[1]

    def _label(self, live: Live) -> tuple[str, SortKey]:
        chain = [live]
        while (above := self.parent(chain[-1])) is not None:
            chain.append(above)
        label: tuple[str, SortKey] = ("", ())
        parent = None
        for node in reversed(chain):
            label = self._siblings(parent, label)[node.item.id]
            parent = node
        return label

    def _siblings(
        self, parent: Live | None, above: tuple[str, SortKey]
    ) -> dict[str, tuple[str, SortKey]]:
        key = None if parent is None else parent.item.id
        known = self._labels.get(key)
        if known is not None:
            return known
        labels: dict[str, tuple[str, SortKey]] = {}
        seen: dict[str, int] = {}
        for child in self.children(parent):
            name = self._contract.name_of(child.item)
            nth = seen[name] = seen.get(name, 0) + 1
            address = address_below(child.item.kind, above[0] or None, name, nth)
            labels[child.item.id] = (address, (*above[1], (name, nth)))
        return self._labels.setdefault(key, labels)


class BaseIndex:
    """What was settled, by id and by settled parent, siblings in their settled order."""

    def __init__(self, base: BaseState, contract: Contract) -> None:
        self.rows = base.owned()
        self.let_go: dict[str, Base] = {}
        if self.rows is not base.rows:
            self.let_go = {id_: base.rows[id_] for id_ in base.rows.keys() - self.rows.keys()}
        self._contract = contract
        self._names: dict[str | None, dict[str, list[Base]]] = {}
        self._below: defaultdict[str | None, list[Base]] = defaultdict(list)
        for row in self.rows.values():
            self._below[row.parent].append(row)
        for rows in self._below.values():
            if len(rows) > 1:
                rows.sort(key=_ORDER)
        self._adrift = self._by_label()

    def below(self, id_: str | None) -> list[Base]:
        return self._below.get(id_, [])

    def named(self, id_: str | None) -> dict[str, list[Base]]:
        """What was settled below an id, by the name that was sent."""
        names = self._names.get(id_)
        if names is None:
            names = self._names[id_] = {}
            for row in self.below(id_):
                names.setdefault(self.name(row), []).append(row)
        return names

    def name(self, row: Base) -> str:
        return str(row.sent.get(self._contract.kind(row.kind).key, ""))

    def adrift(self, address: str) -> list[Base]:
        """Rows whose parent's row is gone (it was replaced), by the parent's last address."""
        return self._adrift.get(address, [])

    def _by_label(self) -> dict[str, list[Base]]:
        labels: dict[str, list[Base]] = {}
        for parent, rows in self._below.items():
            if parent is None or parent in self.rows:
                continue
            for row in rows:
                labels.setdefault(_label_above(row), []).append(row)
        return labels


def _label_above(row: Base) -> str:
    try:
        return str(Address.parse(row.address).parent)
    except ValueError:
        return ""  # a row that was never given an address is not found by it
