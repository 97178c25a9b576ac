"""Three-way verdicts on fields: what the configuration changed, what the site changed, and both.

The base of a leaf is a pair: `sent` (the desired value when last settled) and `stored` (what the
API then held). The configuration changed if desired differs from sent, the site if live differs
from stored. Objects merge by key at every depth, lists are single values.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from cfsync.contract import Kind
from cfsync.model.base import Base, leaves
from cfsync.model.live import More
from cfsync.model.plan import Edit
from cfsync.model.values import ABSENT, FieldPath, Fields, IdOf, Maybe, at, put
from cfsync.planner.references import mentions
from cfsync.planner.same import fits, inside, same, unchanged

OnConflict: TypeAlias = Literal["fail", "keep-live", "take-config"]
Verdict: TypeAlias = Literal["same", "settle", "update", "keep", "yield", "both", "no-base"]
"""`settle`: equal on both sides, the pair advances. `yield`: a conflict that the site wins."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Who wins. Git always does under `live_edits: overwrite`."""

    overwrites: bool
    on_conflict: OnConflict

    def decide(self, verdict: Verdict) -> Verdict:
        """What a person, or the configuration, has said about a verdict beforehand."""
        if verdict in {"both", "no-base"}:
            if self.overwrites or self.on_conflict == "take-config":
                return "update"
            return "yield" if self.on_conflict == "keep-live" else verdict
        return "update" if verdict == "keep" and self.overwrites else verdict


def three_way(*, config: bool, site: bool, alike: bool) -> Verdict:
    """The verdict where a pair is known: who changed, and whether both sides agree now."""
    if not config and not site:
        return "same"
    if alike:
        return "settle"
    if not site:
        return "update"
    return "both" if config else "keep"


@dataclass(slots=True)
class Merged:
    """The verdicts of one resource. `sent` and `held` are those of the row to come."""

    updates: list[Edit] = field(default_factory=list)
    kept: list[Edit] = field(default_factory=list)
    conflicts: list[Edit] = field(default_factory=list)
    no_base: list[Edit] = field(default_factory=list)
    yielded: list[Edit] = field(default_factory=list)
    """Conflicts that a person gave to the site: settled, and shown this once."""
    sent: Fields = field(default_factory=dict)
    held: list[FieldPath] = field(default_factory=list)
    ignored: int = 0


def in_sync(desired: Fields, base: Base, live: Fields) -> bool:
    """The quick way for nearly every resource: neither side has changed."""
    sent, stored = base.sent, base.stored
    if desired is not sent and not same(desired, sent):
        return False
    if stored is live:
        return True
    if stored is sent and type(live) is More and live.stored is stored:
        return True
    for name, value in sent.items():
        before, now = stored.get(name, ABSENT), live.get(name, ABSENT)
        if now is not before and not unchanged(value, before, now):
            return False
    return True


class FieldMerge:
    """Walks one resource. `resolve` turns a reference into an id, itself (to come) or ABSENT."""

    def __init__(
        self,
        kind: Kind,
        policy: Policy,
        ignored: frozenset[FieldPath],
        resolve: Callable[[IdOf], Maybe],
    ) -> None:
        self._kind = kind
        self._policy = policy
        self._ignored = ignored
        self._resolve = resolve
        self._owned = False
        self.merged = Merged()

    def run(self, desired: Fields, base: Base | None, live: Fields) -> Merged:
        self._owned = base is not None
        if base is None:
            self._walk((), desired, ABSENT, ABSENT, live)
        else:
            self._walk((), desired, base.sent, base.stored, live)
        merged = self.merged
        for edits in (merged.updates, merged.kept, merged.conflicts, merged.no_base):
            edits.sort(key=_by_path)
        return merged

    def _walk(self, path: FieldPath, d: Maybe, s: Maybe, st: Maybe, now: Maybe) -> None:
        """`d` desired, `s` sent, `st` stored, `now` live, all of them at `path`."""
        if path in self._ignored:
            self.merged.ignored += len(list(leaves({"": d})))
            self._hold(path, s)
        elif isinstance(d, dict) and (d or not path) and (s is ABSENT or isinstance(s, dict)):
            self._object(path, d, s, st, now)
        elif d == {} and isinstance(s, dict) and s:
            self._object(path, {}, s, st, now)
            if at(self.merged.sent, path) is ABSENT:
                self._leaf(path, {}, ABSENT, ABSENT, now)
        else:
            self._leaf(path, d, s, st, now)

    def _object(self, path: FieldPath, d: Fields, s: Maybe, st: Maybe, now: Maybe) -> None:
        for name, value in d.items():
            deeper = (*path, name)
            self._walk(deeper, value, inside(s, name), inside(st, name), inside(now, name))
        for name, value in s.items() if isinstance(s, dict) else ():
            if name not in d:
                self._dropped((*path, name), value, inside(st, name), inside(now, name))

    def _leaf(self, path: FieldPath, d: Maybe, s: Maybe, st: Maybe, now: Maybe) -> None:
        d = resolved(d, self._resolve)
        if d is ABSENT:  # a reference to something that is not there: left as it is
            self._hold(path, s)
            return
        if s is not ABSENT:
            verdict = three_way(
                config=not same(d, s), site=not unchanged(s, st, now), alike=fits(d, now)
            )
        elif fits(d, now):
            verdict = "settle"
        else:
            verdict = "update" if self._owned and self._unset(path, now) else "no-base"
        self._apply(self._policy.decide(verdict), Edit(path, now, d, st), s)

    def _unset(self, path: FieldPath, now: Maybe) -> bool:
        """Whether a field that is newly declared on an owned resource was nobody's so far."""
        if now is ABSENT or now is None:
            return True
        return len(path) == 1 and same(now, self._kind.fields[path[0]].default)

    def _apply(self, verdict: Verdict, edit: Edit, s: Maybe) -> None:
        path, d, merged = edit.path, edit.after, self.merged
        match verdict:
            case "same" | "settle":
                put(merged.sent, path, d)
            case "update":
                put(merged.sent, path, d)
                merged.updates.append(edit)
            case "yield":
                put(merged.sent, path, d)
                merged.yielded.append(edit)
            case "keep":
                merged.kept.append(edit)
                self._hold(path, s)
            case "both":
                merged.conflicts.append(edit)
                self._hold(path, s)
            case "no-base":
                merged.no_base.append(edit)

    def _dropped(self, path: FieldPath, s: Maybe, st: Maybe, now: Maybe) -> None:
        """No longer declared: a key goes, a top-level field returns to the contract's default."""
        if path in self._ignored:
            self._hold(path, s)
        elif isinstance(s, dict) and s:
            for name, value in s.items():
                self._dropped((*path, name), value, inside(st, name), inside(now, name))
        else:
            target = self._kind.fields[path[0]].default if len(path) == 1 else ABSENT
            if s == {} or (len(path) == 1 and target is ABSENT):
                return  # `{}` asked for no key, and what has no default cannot be taken back
            site = not unchanged(s, st, now)
            verdict = three_way(config=True, site=site, alike=fits(target, now))
            self._undeclare(self._policy.decide(verdict), Edit(path, now, target, st), s)

    def _undeclare(self, verdict: Verdict, edit: Edit, s: Maybe) -> None:
        if verdict == "update":
            self.merged.updates.append(edit)
        elif verdict == "yield":
            self.merged.yielded.append(edit)
        elif verdict == "both":
            self.merged.conflicts.append(edit)
            self._hold(edit.path, s)

    def _hold(self, path: FieldPath, s: Maybe) -> None:
        """Leave the pair of everything at this path as it was."""
        if s is ABSENT:
            return
        if not path:
            self.merged.sent = dict(s)
            self.merged.held.extend(leaves(s))
            return
        put(self.merged.sent, path, s)
        deeper = leaves(s) if isinstance(s, dict) and s else iter([()])
        self.merged.held.extend((*path, *rest) for rest in deeper)


def resolved(value: Maybe, resolve: Callable[[IdOf], Maybe]) -> Any:
    """A value with its references resolved; ABSENT if one of them leads nowhere."""
    if not mentions(value):
        return value
    if isinstance(value, IdOf):
        return resolve(value)
    if isinstance(value, list):
        items = [resolved(item, resolve) for item in value]
        return ABSENT if ABSENT in items else items
    assert isinstance(value, dict)  # noqa: S101 - nothing else mentions anything
    pairs = {name: resolved(item, resolve) for name, item in value.items()}
    return {name: item for name, item in pairs.items() if item is not ABSENT}


def _by_path(edit: Edit) -> FieldPath:
    return edit.path


def without(fields: Fields, path: FieldPath) -> Fields:
    """A copy without what stands at a path; the objects on the way are copied, too."""
    first, *rest = path
    inner = fields.get(first)
    if rest and isinstance(inner, dict):
        return {**fields, first: without(inner, tuple(rest))}
    return {name: value for name, value in fields.items() if name != first}
