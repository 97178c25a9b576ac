"""The person who edits the site meanwhile: no request, no fault, no count."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy

from cfsync.contract import Kind, Verb
from cfsync.emulator.answers import Refused
from cfsync.emulator.resources import Resources, fields_of
from cfsync.emulator.store import Row
from cfsync.emulator.tree import Node, addresses, nodes
from cfsync.model.address import KindName
from cfsync.model.values import Fields, Json, put


class CannotEdit(ValueError):
    """Nothing, or more than one thing, has this name; or the API would refuse the edit."""


class Designer:
    """Names things by id, by address (`my-website:index#hero/cta`), or by a name that is unique."""

    def __init__(self, resources: Resources, commit: Callable[[Verb, KindName, str], None]) -> None:
        self._resources = resources
        self._commit = commit

    def find(self, target: str) -> str:
        """The id. Raises CannotEdit, as everything here."""
        return self._row(target).id

    def get(self, target: str) -> Fields:
        """All fields but `updatedAt`."""
        return fields_of(self._row(target))

    def edit(self, target: str, values: Fields | None = None, /, **more: Json) -> None:
        """Set fields; `{"props.color": "red"}` sets one key and leaves its neighbours."""
        row = self._row(target)
        now, body = fields_of(row), Fields()
        for name, value in {**(values or {}), **more}.items():
            first, *rest = name.split(".")
            body.setdefault(first, deepcopy(now.get(first)))
            put(body, (first, *rest), value)
        self._update(row, body)

    def add(self, under: str | None, values: Fields | None = None, /, **more: Json) -> str:
        """A project (under None), a page, or an element below a page or an element; its id."""
        fields = {**(values or {}), **more}
        if under is None:
            return self._create(next(iter(self._resources.contract.kinds.values())), "", fields)
        row = self._row(under)
        kind = self._kind(row)
        child = self._resources.contract.kinds[self._resources.contract.child_kind(kind.name)]
        if child is kind:
            return self._create(child, row.scope, {kind.roles["parent"]: row.id, **fields})
        return self._create(child, row.id, fields)

    def delete(self, target: str) -> None:
        row = self._row(target)
        with _trying_to(f"delete {target!r}"):
            self._resources.delete(self._kind(row), row.id)
        self._commit("delete", self._kind(row).name, row.id)

    def move(self, target: str, *, under: str | None = None, position: int | None = None) -> None:
        """To another parent (a page means its top), another place among siblings, or both."""
        row = self._row(target)
        roles, body = self._kind(row).roles, Fields()
        if under is not None:
            above = self._row(under)
            body[roles["parent"]] = above.id if above.kind == row.kind else None
        if position is not None:
            body[roles["position"]] = position
        self._update(row, body)

    def copy(self, target: str) -> str:
        """A twin beside it, without what stands below; the twin's id."""
        row = self._row(target)
        kind, fields = self._kind(row), fields_of(row)
        hidden = {kind.roles[role] for role in kind.roles if role not in {"parent", "position"}}
        twin = {name: value for name, value in fields.items() if name not in hidden}
        return self._create(kind, row.scope, twin)

    def load(self, projects: Iterable[Fields]) -> None:
        """Build whole trees, as `Api.state()` gives them, in one transaction."""
        with self._resources.store.writing():
            for project in projects:
                self._load(None, project)

    def _load(self, under: str | None, tree: Fields) -> None:
        fields = {name: value for name, value in tree.items() if name != "children"}
        made = self.add(under, fields)
        for child in tree.get("children", ()):
            self._load(made, child)

    def _create(self, kind: Kind, scope: str, fields: Fields) -> str:
        with _trying_to(f"add a {kind.name}"):
            made, _ = self._resources.create(kind, scope, fields)
        self._commit("create", kind.name, made)
        return made

    def _update(self, row: Row, body: Fields) -> None:
        with _trying_to(f"edit {row.id!r}"):
            self._resources.update(self._kind(row), row.id, body)
        self._commit("update", self._kind(row).name, row.id)

    def _kind(self, row: Row) -> Kind:
        return next(
            kind for kind in self._resources.contract.kinds.values() if kind.name == row.kind
        )

    def _row(self, target: str) -> Row:
        row = self._resources.store.find(target)
        if row is not None:
            return row
        known = list(addresses(nodes(self._resources.store.rows(), self._resources.contract)))
        found = [node for address, node in known if address == target]
        found = found or [node for _, node in known if target in _names(node)]
        if len(found) != 1:
            count = "nothing is" if not found else f"{len(found)} things are"
            raise CannotEdit(f"{count} called {target!r}; an id or an address says which")
        return found[0].row


def _names(node: Node) -> tuple[Json, ...]:
    return (node.name, node.fields.get("name"))


@contextmanager
def _trying_to(what: str) -> Iterator[None]:
    """Turns a refusal of the API into an error that says what was tried."""
    try:
        yield
    except Refused as refused:
        reason = refused.reason or refused.message
        raise CannotEdit(f"cannot {what}: {reason}") from refused
