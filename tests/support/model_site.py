"""A made-up Codefluss for plans: a dict of items that obeys the API's rules, and a base beside it.

`apply` carries out a plan write by write and fails where the API, or a guard, would refuse: a slug
taken twice, a circle of parents, an unknown parent, a `before` that is not what is there.
"""

from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

from msgspec import structs

from cfsync.contract import Contract, load
from cfsync.model.base import Base, BaseState, DropBase, PutBase, settled
from cfsync.model.desired import Desired, DesiredState, IgnoreRule
from cfsync.model.live import Item, Live, LiveState
from cfsync.model.mark import Mark
from cfsync.model.plan import Plan, Write
from cfsync.model.values import ABSENT, Made, at, equal, put
from cfsync.planner import PlanOptions, plan

MARK = Mark("site.yaml", 1)


def project(slug: str, *pages: Desired, below: bool = True, **more: Any) -> Desired:
    return _declared("project", slug, pages if below else None, more)


def page(slug: str, *elements: Desired, below: bool = True, **more: Any) -> Desired:
    return _declared("page", slug, elements if below else None, more)


def element(name: str, *children: Desired, below: bool = True, **more: Any) -> Desired:
    more.setdefault("type", "container")
    return _declared("element", name, children if below else None, more)


_TRAITS = {"manage", "live_edits", "protect", "delete", "renamed_from", "ignore"}


def _declared(
    kind: Any, name: str, children: tuple[Desired, ...] | None, more: dict[str, Any]
) -> Desired:
    traits = {key: more.pop(key) for key in list(more) if key in _TRAITS}
    key = "name" if kind == "element" else "slug"
    fields = {key: name, **({} if kind == "element" else {"name": f"The {name}"}), **more}
    return Desired(kind, fields, children, MARK, **traits)


def ignore(at_: str, *fields: str) -> IgnoreRule:
    return IgnoreRule(at_, tuple(tuple(one.split(".")) for one in fields))


def state(*projects: Desired) -> DesiredState:
    return DesiredState("acme", tuple(_inherit(one, {}) for one in projects), "digest")


def _inherit(one: Desired, above: dict[str, Any]) -> Desired:
    """What the loader of files does: `manage` and `live_edits` of the nearest that says so."""
    plain = Desired("element", {}, None, MARK)
    said = {
        name: getattr(one, name) if getattr(one, name) != getattr(plain, name) else above[name]
        for name in ("manage", "live_edits")
        if name in above or getattr(one, name) != getattr(plain, name)
    }
    children = None if one.children is None else tuple(_inherit(c, said) for c in one.children)
    return structs.replace(one, children=children, **said)


def options(**more: Any) -> PlanOptions:
    return PlanOptions("local", "local", **more)


@dataclass
class Site:
    """The site and the journal's base of it."""

    items: dict[str, Item] = field(default_factory=dict)
    base: BaseState = field(default_factory=BaseState)
    contract: Contract = field(default_factory=load)
    clock: int = 0

    def copy(self) -> "Site":
        return Site(
            dict(self.items),
            BaseState(dict(self.base.rows), self.base.exists),
            self.contract,
            self.clock,
        )

    # What the API does

    def live(self, *unread: str) -> LiveState:
        below: dict[str | None, list[Item]] = {}
        for item in self.items.values():
            below.setdefault(item.parent or item.scope, []).append(item)

        def grow(item: Item) -> Live:
            if item.id in unread:
                return Live(item, None)
            children = sorted(below.get(item.id, []), key=lambda one: one.order)
            return Live(item, tuple(map(grow, children)))

        roots = sorted(below.get(None, []), key=lambda one: one.order)
        return LiveState(tuple(map(grow, roots)), 1)

    def create(
        self,
        kind: Any,
        fields: dict[str, Any],
        *,
        scope: str | None = None,
        parent: str | None = None,
        position: int = 0,
    ) -> Item:
        self.clock += 1
        known = self.contract.kind(kind)
        defaults = {
            name: deepcopy(known.fields[name].default)
            for name in known.content
            if known.fields[name].default is not ABSENT
        }
        id_ = f"{kind[:4]}_{self.clock:06}"
        time = f"2026-01-01T00:00:00.{self.clock:06}Z"
        item = Item(
            kind, id_, scope, parent, position, {**defaults, **deepcopy(fields)}, time, time
        )
        self._check(item)
        self.items[id_] = item
        return item

    def update(self, id_: str, **changes: Any) -> Item:
        """Fields of the API; `parent` and `position` too."""
        item = self.items[id_]
        place = {name: changes.pop(name) for name in ("parent", "position") if name in changes}
        kind = self.contract.kind(item.kind)
        assert not any(kind.fields[name].immutable for name in changes), "immutable"
        item = structs.replace(item, fields={**item.fields, **deepcopy(changes)}, **place)
        self._check(item)
        self.items[id_] = item
        return item

    def delete(self, id_: str) -> list[str]:
        gone = [id_]
        for one in gone:
            gone += [
                i.id
                for i in self.items.values()
                if one in (i.parent or i.scope, i.scope) and i.id not in gone
            ]
        for one in gone:
            del self.items[one]
        return gone

    def _check(self, item: Item) -> None:
        kind = self.contract.kind(item.kind)
        for other in self.items.values():
            if (
                kind.key_unique
                and other.id != item.id
                and (other.kind, other.scope) == (item.kind, item.scope)
            ):
                assert other.fields[kind.key] != item.fields[kind.key], "slug taken"
        assert item.scope is None or item.scope in self.items, "unknown scope"
        above = item.parent
        while above is not None:
            assert above != item.id, "circle of parents"
            assert above in self.items, "unknown parent"
            assert self.items[above].scope == item.scope, "a parent of another page"
            above = self.items[above].parent

    # What people look for

    def find(self, address: str) -> Item:
        """By `project:page#element/element`, the first of each name."""
        left, _, path = address.partition("#")
        slug, _, page_ = left.partition(":")
        names = [slug, *([page_] if page_ else []), *(path.split("/") if path else [])]
        nodes: Iterable[Live] = self.live().projects
        found: Live | None = None
        for name in names:
            found = next(n for n in nodes if _name(n.item) == name)
            nodes = found.children or ()
        assert found is not None
        return found.item

    def names(self, address: str) -> list[str]:
        """Of the children, as shown."""
        id_ = self.find(address).id
        node = next(n for p in self.live().projects for n in p.walk() if n.item.id == id_)
        return [_name(child.item) for child in node.children or ()]

    # What cfsync does

    def plan(self, desired: DesiredState, **more: Any) -> Plan:
        return plan(desired, self.base, self.live(), self.contract, options(**more))

    def apply(self, made: Plan, order: Iterable[int] | None = None) -> None:
        """Every write as planned, in the plan's order or another that `waits` allows."""
        ids: dict[int, str] = {}
        for number in order if order is not None else range(len(made.writes)):
            write = made.writes[number]
            assert write.number == number
            assert all(wait in ids for wait in write.waits), "sent before what it waits for"
            ids[number] = self._write(write, ids)
        rows = dict(self.base.rows)
        for change in made.settlements:
            match change:
                case PutBase(row):
                    rows[row.id] = row
                case DropBase(id_):
                    rows.pop(id_, None)
        self.base = BaseState(rows, exists=True)

    def settle(self, desired: DesiredState, **more: Any) -> None:
        self.apply(self.plan(desired, **more))

    def _write(self, write: Write, ids: dict[int, str]) -> str:
        match write.verb:
            case "create":
                item = self._create(write, ids)
            case "update":
                item = self._update(write, ids)
            case "delete":
                return self._delete(write)
        if write.settle is not None:
            settle = replace(write.settle, sent=_known(write.settle.sent, ids))
            self.base.rows[item.id] = settled(self.base.rows.get(item.id), item, settle)
        return item.id

    def _create(self, write: Write, ids: dict[int, str]) -> Item:
        body = _known(write.body, ids)
        kind = self.contract.kind(write.kind)
        parent = body.pop(kind.field_of("parent"), None)
        position = body.pop(kind.field_of("position"), 0)
        scope = _known(write.scope, ids)
        return self.create(write.kind, body, scope=scope, parent=parent, position=position)

    def _update(self, write: Write, ids: dict[int, str]) -> Item:
        assert write.edits
        item = self.items[_known(write.target, ids)]
        assert item.scope == _known(write.scope, ids)
        kind = self.contract.kind(write.kind)
        fields = deepcopy(item.fields)
        place: dict[str, Any] = {}
        for edit in write.edits:
            after = _known(edit.after, ids)
            if edit.path == (kind.field_of("parent"),):
                assert edit.before == item.parent
                place["parent"] = after
            elif edit.path == (kind.field_of("position"),):
                assert edit.before == item.position
                place["position"] = after
            else:
                if isinstance(write.target, str):
                    assert equal(edit.before, at(item.fields, edit.path)), "the guard would object"
                put(fields, edit.path, after)
        changed = {k: v for k, v in fields.items() if not equal(v, item.fields.get(k, ABSENT))}
        return self.update(item.id, **changed, **place)

    def _delete(self, write: Write) -> str:
        assert isinstance(write.target, str)
        tree = next(n for p in self.live().projects for n in p.walk() if n.item.id == write.target)
        assert write.subtree is not None
        assert _plain(tree) == _plain(write.subtree), "the guard would object"
        for id_ in self.delete(write.target):
            self.base.rows.pop(id_, None)
        return write.target


def _plain(live: Live) -> Any:
    item = live.item
    return (
        item.id,
        item.parent,
        item.position,
        item.fields,
        [_plain(c) for c in live.children or ()],
    )


def _known(value: Any, ids: dict[int, str]) -> Any:
    if isinstance(value, Made):
        return ids[value.write]
    if isinstance(value, dict):
        return {name: _known(inner, ids) for name, inner in value.items()}
    if isinstance(value, list):
        return [_known(inner, ids) for inner in value]
    return value


def _name(item: Item) -> str:
    return str(item.fields["name" if item.kind == "element" else "slug"])


def rows_of(site: Site) -> Iterator[Base]:
    yield from site.base.rows.values()
