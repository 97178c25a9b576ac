"""How the API behaves: what a create, an update or a delete does to the rows, and what it refuses.

Every kind and field comes from the contract.
"""

from collections.abc import Callable
from random import Random
from typing import Literal

import msgspec

from cfsync.contract import Contract, Kind, Violation
from cfsync.emulator.answers import Refused
from cfsync.emulator.stamps import iso
from cfsync.emulator.store import Row, Store, Taken
from cfsync.model.address import KindName
from cfsync.model.values import ABSENT, Fields, Json


class Resources:
    def __init__(
        self, store: Store, contract: Contract, now: Callable[[], float], random: Random
    ) -> None:
        """`now` in seconds since the epoch."""
        self.store = store
        self.contract = contract
        self._now = now
        self._random = random

    def get(self, kind: Kind, id_: str) -> str:
        """The resource as JSON. Raises Refused, as everything here."""
        return self._text(kind, self._row(kind, id_))

    def page(
        self, kind: Kind, scope: str, after: int, limit: int
    ) -> tuple[list[str], int | None, int]:
        """Resources as JSON, the number to continue after (None at the end), how many in all."""
        if kind.parent:
            self._row(self.contract.kinds[kind.parent], scope)
        rows = self.store.page(kind.name, scope, after, limit + 1)
        more, rows = len(rows) > limit, rows[:limit]
        name = kind.roles["updated"]
        texts = [f'{body},"{name}":"{updated}"}}' for _, body, updated in rows]
        return texts, rows[-1][0] if more else None, self.store.total(kind.name, scope)

    def create(self, kind: Kind, scope: str, body: Json) -> tuple[str, str]:
        """The new id, and the resource as JSON."""
        self._check(kind, body, "create")
        with self.store.writing():
            if kind.parent:
                self._row(self.contract.kinds[kind.parent], scope)
            self._check_parent(kind, body, scope, None)
            tick = self._tick()
            row = _row_of(kind, scope, self._new(kind, scope, body, tick), tick)
            self._save(self.store.insert, kind, row)
            self._touch(kind, scope, row.updated)
            return row.id, self._text(kind, row)

    def update(self, kind: Kind, id_: str, body: Json) -> str:
        """The resource as JSON after each named field was replaced whole."""
        self._check(kind, body, "update")
        with self.store.writing():
            old = self._row(kind, id_)
            if not body:
                return self._text(kind, old)
            self._check_parent(kind, body, old.scope, id_)
            row = _row_of(kind, old.scope, fields_of(old) | body, self._tick())
            self._save(self.store.replace, kind, row)
            self._touch(kind, old.scope, row.updated)
            return self._text(kind, row)

    def delete(self, kind: Kind, id_: str) -> str:
        """What a delete is answered with; everything below goes, too."""
        with self.store.writing():
            row = self._row(kind, id_)
            self.store.delete(id_)
            self._touch(kind, row.scope, iso(self._tick()))
        return msgspec.json.encode({"id": id_, "deleted": True}).decode()

    def _row(self, kind: Kind, id_: str) -> Row:
        row = self.store.find(id_)
        if row is None or row.kind != kind.name:
            raise Refused(
                404, field=kind.roles["id"], reason=f"There is no {kind.name} with this id"
            )
        return row

    def _text(self, kind: Kind, row: Row) -> str:
        return f'{row.body},"{kind.roles["updated"]}":"{row.updated}"}}'

    def _touch(self, kind: Kind, scope: str, stamp: str) -> None:
        """A change moves what holds the collection, and what holds that."""
        if kind.parent is None:
            return
        holders = [scope]
        above = self.contract.kinds[kind.parent]
        while above.parent is not None:
            holders.append(self._row(above, holders[-1]).scope)
            above = self.contract.kinds[above.parent]
        self.store.touch(holders, stamp)

    def _tick(self) -> int:
        return self.store.tick(round(self._now() * 1_000_000))

    def _new(self, kind: Kind, scope: str, body: Fields, tick: int) -> Fields:
        made = {
            "id": f"{kind.id_prefix}{self._random.getrandbits(64):016x}",
            "scope": scope,
            "created": iso(tick),
        }
        fields: Fields = {}
        for name, field in kind.fields.items():
            value = body.get(name, made.get(field.role, field.default))
            if value is not ABSENT:
                fields[name] = value
        return fields

    def _save(self, save: Callable[[Row], None], kind: Kind, row: Row) -> None:
        try:
            save(row)
        except Taken as error:
            reason = f"{_title(kind.key)} {row.key!r} is already taken"
            raise _invalid(kind.name, kind.key, reason) from error

    def _check(self, kind: Kind, body: Json, shape: Literal["create", "update"]) -> None:
        if not self.contract.is_valid(kind.name, body, shape):
            raise _refused(kind, next(self.contract.violations(kind.name, body, shape)))

    def _check_parent(self, kind: Kind, body: Fields, scope: str, id_: str | None) -> None:
        name = kind.field_of("parent")
        parent = body.get(name) if name else None
        if name is None or parent is None:
            return
        row = self.store.find(parent)
        if row is None or row.kind != kind.name:
            raise _invalid(kind.name, name, f"There is no {kind.name} {parent!r}")
        if row.scope != scope:
            raise _invalid(kind.name, name, f"{parent!r} stands on another {kind.parent}")
        if id_ is not None and self.store.is_above(id_, parent):
            raise _invalid(kind.name, name, f"{parent!r} stands below {id_!r} itself")


def _row_of(kind: Kind, scope: str, fields: Fields, tick: int) -> Row:
    return Row(
        seq=tick,
        id=fields[kind.roles["id"]],
        kind=kind.name,
        scope=scope,
        parent=fields.get(kind.roles["parent"]) if "parent" in kind.roles else None,
        key=fields[kind.key] if kind.key_unique else None,
        body=msgspec.json.encode(fields).decode()[:-1],
        updated=iso(tick),
    )


def fields_of(row: Row) -> Fields:
    """All of the resource but when it was updated."""
    fields: Fields = msgspec.json.decode(row.body + "}")
    return fields


def _refused(kind: Kind, violation: Violation) -> Refused:
    if not violation.path:
        return _invalid(kind.name, "body", f"Body {violation.message}")
    name, message = ".".join(map(str, violation.path)), violation.message
    if violation.keyword == "additionalProperties" and name in kind.fields:
        immutable = kind.fields[name].immutable
        message = "cannot be changed after creation" if immutable else "is set by the server"
    return _invalid(kind.name, name, f"{_title(name)} {message}")


def _invalid(kind: KindName, field: str, reason: str) -> Refused:
    return Refused(400, f"Invalid {kind} {field}", field=field, reason=reason)


def _title(name: str) -> str:
    return name[:1].upper() + name[1:]
