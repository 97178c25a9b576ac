"""A saved plan back from its JSON."""

from typing import Any

from cfsync.errors import UsageError
from cfsync.model.base import Base, BaseChange, DropBase, PutBase, Settle
from cfsync.model.live import Item, Live
from cfsync.model.mark import Mark
from cfsync.model.plan import Change, Conflict, Edit, Kept, Plan, Refusal, Summary, Write
from cfsync.model.values import ABSENT, Fields, Id, Json, Made, Maybe
from cfsync.report.jsonvalue import FORMAT_VERSION, decoded


def plan_from_json(form: Json) -> Plan:
    """Raises UsageError for what is not a plan, or is one of another format."""
    version = form.get("formatVersion") if isinstance(form, dict) else None
    if version != FORMAT_VERSION:
        raise UsageError(
            "this is not a saved plan that this version of cfsync can read",
            why=f"formatVersion is {version!r}, expected {FORMAT_VERSION}",
            next_step="cfsync plan --out FILE",
        )
    try:
        return _plan(form)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(
            "this is not a saved plan, or a damaged one",
            why=f"{type(error).__name__}: {error}",
            next_step="cfsync plan --out FILE",
        ) from error


def _plan(form: Fields) -> Plan:
    return Plan(
        name=form["name"],
        environment=form["environment"],
        host=form["host"],
        has_base=form["hasBase"],
        partial=form.get("partial", False),
        changes=tuple(_change(entry) for entry in form["changes"]),
        kept=tuple(_kept(entry) for entry in form["kept"]),
        conflicts=tuple(_conflict(entry) for entry in form["conflicts"]),
        writes=tuple(_write(entry) for entry in form["writes"]),
        settlements=tuple(_base_change(entry) for entry in form["settlements"]),
        refusals=tuple(_refusal(entry) for entry in form["refusals"]),
        suggestions=tuple(form["suggestions"]),
        summary=_summary(form["summary"]),
        config_digest=form["configDigest"],
        live_digest=form["liveDigest"],
    )


def _summary(form: Fields) -> Summary:
    return Summary(**{"keep_live" if key == "keepLive" else key: n for key, n in form.items()})


def _maybe(form: Fields, key: str) -> Maybe:
    return decoded(form[key]) if key in form else ABSENT


def _mark(form: Fields) -> Mark | None:
    return Mark(**form["mark"]) if "mark" in form else None


def _edits(form: Fields) -> tuple[Edit, ...]:
    return tuple(
        Edit(
            path=tuple(entry["path"]),
            before=_maybe(entry, "before"),
            after=_maybe(entry, "after"),
            settled=_maybe(entry, "settled"),
            mark=_mark(entry),
        )
        for entry in form.get("edits", ())
    )


def _seen(form: Fields) -> dict[str, Any]:
    """What a change, a kept edit and a conflict have in common."""
    return {
        "kind": form["kind"],
        "address": form["address"],
        "id": form["id"],
        "edits": _edits(form),
        "mark": _mark(form),
    }


def _change(form: Fields) -> Change:
    return Change(
        action=form["action"],
        moved_from=form.get("movedFrom"),
        reordered=form.get("reordered", False),
        renumbered=form.get("renumbered", 0),
        descendants=form.get("descendants", 0),
        **_seen(form),
    )


def _kept(form: Fields) -> Kept:
    return Kept(what=form["what"], decided=form.get("decided", False), **_seen(form))


def _conflict(form: Fields) -> Conflict:
    others = tuple(form.get("others", ()))
    return Conflict(reason=form["reason"], what=form["what"], others=others, **_seen(form))


def _refusal(form: Fields) -> Refusal:
    return Refusal(
        reason=form["reason"],
        message=form["message"],
        next_step=form["nextStep"],
        addresses=tuple(form.get("addresses", ())),
    )


def _id(value: Json) -> Id | None:
    read: Id | None = decoded(value)
    if read is not None and not isinstance(read, str | Made):
        raise TypeError(f"{value!r} is no id")
    return read


def _write(form: Fields) -> Write:
    return Write(
        number=form["number"],
        change=form["change"],
        verb=form["verb"],
        kind=form["kind"],
        address=form["address"],
        target=_id(form["target"]),
        scope=_id(form["scope"]),
        body=decoded(form.get("body", {})),
        edits=_edits(form),
        subtree=_live(form["subtree"]) if "subtree" in form else None,
        waits=tuple(form.get("waits", ())),
        settle=_settle(form["settle"]) if "settle" in form else None,
        purpose=form.get("purpose", ""),
        twins=tuple(form.get("twins", ())),
    )


def _settle(form: Fields) -> Settle:
    return Settle(
        address=form["address"],
        sent=decoded(form["sent"]),
        held=tuple(tuple(path) for path in form.get("held", ())),
        protect=form["protect"],
        place=form["place"],
        position=form["position"],
        stored=decoded(form.get("stored", {})),
    )


def _live(form: Fields) -> Live:
    children = tuple(_live(child) for child in form["children"]) if "children" in form else None
    return Live(_item(form["item"]), children)


def _item(form: Fields) -> Item:
    return Item(
        kind=form["kind"],
        id=form["id"],
        scope=form["scope"],
        parent=form["parent"],
        position=form["position"],
        fields=decoded(form["fields"]),
        created_at=form["createdAt"],
        updated_at=form["updatedAt"],
    )


def _base_change(form: Fields) -> BaseChange:
    if "drop" in form:
        return DropBase(form["drop"])
    row = form["put"]
    return PutBase(
        Base(
            id=row["id"],
            kind=row["kind"],
            parent=row["parent"],
            address=row["address"],
            position=row["position"],
            created_at=row["createdAt"],
            sent=decoded(row["sent"]),
            stored=decoded(row["stored"]),
            protect=row["protect"],
        )
    )
