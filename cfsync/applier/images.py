"""Resources as flat sets of fields, compared and merged leaf by leaf."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cfsync.applier.parts import with_parts
from cfsync.contract import Contract
from cfsync.model.address import KindName
from cfsync.model.base import leaves
from cfsync.model.live import Item, Live
from cfsync.model.values import ABSENT, FieldPath, Fields, Json, Made, Maybe, at, equal, put


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value that a write sets: what it was, and what it becomes."""

    path: FieldPath
    before: Maybe
    after: Maybe


class Images:
    """What of a resource counts, by the contract: its written fields, parent and position."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        kinds = contract.kinds
        self._parent = {name: kind.field_of("parent") for name, kind in kinds.items()}
        self._position = {name: kind.field_of("position") for name, kind in kinds.items()}

    def whole(self, item: Item) -> Fields:
        """Under the names by which a client writes them."""
        fields = dict(item.fields)
        if parent := self._parent[item.kind]:
            fields[parent] = item.parent
        if position := self._position[item.kind]:
            fields[position] = item.position
        return fields

    def parent_of(self, kind: KindName, body: Fields) -> str | None:
        name = self._parent[kind]
        parent: str | None = body.get(name) if name else None
        return parent

    def parent_field(self, kind: KindName) -> str | None:
        return self._parent[kind]

    def key_of(self, kind: KindName, fields: Fields) -> str:
        """What a person tells siblings apart by; case and outer spaces do not count."""
        return str(fields.get(self._contract.kind(kind).key, "")).strip().casefold()

    def is_like(self, item: Item, body: Fields) -> bool:
        """Whether a person may take a resource for what a create sent: by place, name and type."""
        return item.parent == self.parent_of(item.kind, body) and self._is_namesake(item, body)

    def is_like_elsewhere(self, item: Item, body: Fields) -> bool:
        """Whether it may be what a create sent, and somebody has moved since."""
        if item.parent == self.parent_of(item.kind, body) or not self._is_namesake(item, body):
            return False
        place = (self._parent[item.kind], self._position[item.kind])
        return self.holds(item, {name: body[name] for name in body if name not in place})

    def _is_namesake(self, item: Item, body: Fields) -> bool:
        kind = self._contract.kind(item.kind)
        fixed = (field for field in kind.fields.values() if field.immutable)
        return self.key_of(item.kind, item.fields) == self.key_of(item.kind, body) and all(
            equal(at(item.fields, (field.name,)), at(body, (field.name,)))
            for field in fixed
            if field.role == "content" and not kind.key_unique
        )

    def same(self, left: Item, right: Item) -> bool:
        """Equal in everything that a client writes."""
        return equal(self.whole(left), self.whole(right))

    def same_tree(self, left: Live, right: Live) -> bool:
        if left.item.id != right.item.id or not self.same(left.item, right.item):
            return False
        if left.children is None or right.children is None:
            return True  # what was never read cannot be compared
        if len(left.children) != len(right.children):
            return False
        mine = {child.item.id: child for child in right.children}
        return all(
            child.item.id in mine and self.same_tree(child, mine[child.item.id])
            for child in left.children
        )

    def holds(self, item: Item, body: Fields) -> bool:
        """Whether a resource has what a create sent. The server may have trimmed and added."""
        fields = self.whole(item)
        return all(alike(at(fields, path), at(body, path)) for path in leaves(body))

    def body(self, item: Item, edits: Iterable[Leaf]) -> Fields:
        """Top-level fields to send, whole: the edits merged into what is live."""
        live = self.whole(item)
        body: Fields = {}
        for edit in edits:
            name = edit.path[0]
            if name not in body and name in live:
                body[name] = _copied(live[name])
            put(body, edit.path, edit.after)
            if name not in body:
                body[name] = self._default(item.kind, name)
        return {name: value for name, value in body.items() if value is not ABSENT}

    def _default(self, kind: KindName, name: str) -> Maybe:
        """What a field goes back to that is to be absent: the API cannot take it away."""
        field = self._contract.kind(kind).fields.get(name)
        return ABSENT if field is None else field.default


def resolved(value: Json, made: Mapping[int, str]) -> Json:
    """With ids where writes stood that have been done by now; itself, where none stood."""
    if isinstance(value, Made):
        return made[value.write]
    return with_parts(value, lambda part: resolved(part, made))


def translated(value: Json, ids: Mapping[str, str]) -> Json:
    """With new ids in the place of old ones; itself, where none stood."""
    if isinstance(value, str):
        return ids.get(value, value)
    return with_parts(value, lambda part: translated(part, ids), strings=True)


def differences(sent: Fields, stored: Fields) -> Iterator[FieldPath]:
    """Leaves that the server stored otherwise; what it added is none of them."""
    for name, value in sent.items():
        held = stored.get(name, ABSENT)
        if isinstance(value, dict) and isinstance(held, dict) and value:
            for path in differences(value, held):
                yield (name, *path)
        elif not equal(value, held):
            yield (name,)


def alike(left: Maybe, right: Maybe) -> bool:
    """Equal, but for spaces around it that a server may have trimmed."""
    if isinstance(left, str) and isinstance(right, str):
        return left.strip() == right.strip()
    return equal(left, right)


def _copied(value: Json) -> Json:
    return {name: _copied(one) for name, one in value.items()} if isinstance(value, dict) else value
