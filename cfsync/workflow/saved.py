"""A saved plan: what was reviewed. Not what is executed: what would be done now has to equal it."""

import contextlib
import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cfsync.errors import PlanStale, UsageError
from cfsync.limits import MAX_PLAN_BYTES
from cfsync.model.plan import Change, Plan
from cfsync.model.values import Fields
from cfsync.report.jsonform import digest_of_changes, plan_to_json
from cfsync.report.jsonread import plan_from_json
from cfsync.report.jsonvalue import dumps
from cfsync.workflow.wishes import PlanWishes

_NAMED: Final = 20
"""Differences that a message shows."""


@dataclass(frozen=True, slots=True)
class SavedPlan:
    plan: Plan
    wishes: PlanWishes
    """What was asked of it, to be asked again."""
    digest: str
    """Of the file, so that it can be used once."""
    based_on: str | None
    """The journal's last run when it was planned."""


def save(plan: Plan, wishes: PlanWishes, based_on: str | None, path: Path) -> None:
    """Write the plan, readable only by its owner: it holds page content. Whole, or not at all.

    Raises UsageError.
    """
    form = plan_to_json(plan) | {"basedOn": based_on, "options": _options(wishes)}
    write_file(path, dumps(form, indent=-1))


def write_file(path: Path, text: str) -> None:
    """Raises UsageError."""
    try:
        _replace(path, text)
    except OSError as error:
        raise UsageError(
            "the plan could not be saved", where=str(path), why=error.strerror or str(error)
        ) from error


def _replace(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(prefix=".cfsync-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _options(wishes: PlanWishes) -> Fields:
    return {
        "target": list(wishes.target),
        "exclude": list(wishes.exclude),
        "allowDeletes": wishes.allow_deletes,
        "onConflict": wishes.on_conflict,
    }


def _wishes(form: Fields) -> PlanWishes:
    return PlanWishes(
        target=tuple(form.get("target", ())),
        exclude=tuple(form.get("exclude", ())),
        allow_deletes=form.get("allowDeletes"),
        on_conflict=form.get("onConflict", "fail"),
    )


def load_saved(path: Path) -> SavedPlan:
    """Raises UsageError for what is no plan."""
    try:
        content = _content(path)
        form = json.loads(content)
    except OSError as error:
        raise UsageError(
            "the saved plan cannot be read",
            where=str(path),
            why=error.strerror or str(error),
            next_step=f"cfsync plan --out {path}",
        ) from error
    except (ValueError, RecursionError) as error:
        raise UsageError(
            "this is not a saved plan",
            where=str(path),
            why=str(error),
            next_step=f"cfsync plan --out {path}",
        ) from error
    return SavedPlan(
        plan_from_json(form),
        _wishes(form.get("options", {})),
        hashlib.sha256(content).hexdigest(),
        form.get("basedOn"),
    )


def _content(path: Path) -> bytes:
    """Raises ValueError for more than MAX_PLAN_BYTES."""
    with path.open("rb") as file:
        content = file.read(MAX_PLAN_BYTES + 1)
    if len(content) > MAX_PLAN_BYTES:
        raise ValueError(f"larger than {MAX_PLAN_BYTES:,} bytes")
    return content


def require_same(saved: SavedPlan, now: Plan, path: Path) -> None:
    """Raises PlanStale, naming what differs, unless both would do the same to the same things."""
    if digest_of_changes(saved.plan) != digest_of_changes(now):
        raise PlanStale(
            "the saved plan is no longer what would be done; nothing was written",
            where=str(path),
            why="\n".join(_differences(saved.plan, now)),
            next_step=f"cfsync plan --out {path}",
        )


def _differences(saved: Plan, now: Plan) -> list[str]:
    for name in ("name", "environment", "host"):
        before, after = getattr(saved, name), getattr(now, name)
        if before != after:
            return [f"it was made for the {name} {before}, not {after}"]
    then, today = _told(saved.changes), _told(now.changes)
    lines = [f"only in the saved plan: {line}" for line in then if line not in today]
    lines += [f"only now: {line}" for line in today if line not in then]
    if not lines:
        lines = ["what the plan rests on was changed on the site, or its conflicts were"]
    more = len(lines) - _NAMED
    return lines[:_NAMED] + ([f"… and {more:,} more differences"] if more > 0 else [])


def _told(changes: tuple[Change, ...]) -> dict[str, None]:
    """Each change in a line, with its values' digest, so that a changed value shows as well."""
    return {_line(change): None for change in changes}


def _line(change: Change) -> str:
    fields = ", ".join(f"{'.'.join(edit.path)} → {edit.after!r:.40}" for edit in change.edits)
    return f"{change.action} {change.address}" + (f" ({fields})" if fields else "")
