"""The tree of a file to declared resources, with what they inherit."""

from cfsync.contract import Contract
from cfsync.desired.formats import field_path
from cfsync.desired.frame import CHILDREN, FROM_FILE
from cfsync.desired.marked import MarkedMap
from cfsync.desired.nearest import nearest
from cfsync.desired.texts import Texts
from cfsync.errors import Problem
from cfsync.model.address import KindName
from cfsync.model.desired import Desired, IgnoreRule, LiveEdits, Manage


class Tree:
    """Makes resources of mappings that the schema found nothing wrong with."""

    def __init__(self, contract: Contract, texts: Texts) -> None:
        self._texts = texts
        self._names = {kind.name: kind.content for kind in contract.kinds.values()}
        self._set = {kind: frozenset(names) for kind, names in self._names.items()}
        self._known = {name for names in self._names.values() for name in names}
        self._below = {kind: contract.child_kind(kind) for kind in self._names}
        self._from_file = dict(FROM_FILE)
        self.counts: dict[KindName, int] = dict.fromkeys(self._names, 0)
        """Of what is declared to be there."""
        self.problems: list[Problem] = []

    def resource(
        self, kind: KindName, node: MarkedMap, live_edits: LiveEdits, manage: Manage = "merge"
    ) -> Desired:
        manage, live_edits = node.get("manage", manage), node.get("live_edits", live_edits)
        from_file = self._from_file.get(kind, "")
        if isinstance(node.get(from_file), dict):
            fields = node.fields(self._names[kind])
            fields[from_file] = self._texts.text(fields[from_file])
        elif self._set[kind].issuperset(node):
            fields = node
        else:
            fields = node.fields(self._names[kind])
        delete, children = node.get("delete", False), None
        if not delete:
            self.counts[kind] += 1
            below = node.get(CHILDREN[kind])
            if below is not None:
                child = self._below[kind]
                children = tuple([self.resource(child, each, live_edits, manage) for each in below])
        return Desired(
            kind,
            fields,
            children,
            node.mark(),
            manage,
            live_edits,
            node.get("protect", False),
            delete,
            node.get("renamed_from"),
            self._ignore(node) if "ignore" in node else (),
        )

    def _ignore(self, node: MarkedMap) -> tuple[IgnoreRule, ...]:
        return tuple(self._rule(rule) for rule in node["ignore"])

    def _rule(self, rule: MarkedMap) -> IgnoreRule:
        texts = rule.get("fields", [])
        for index, text in enumerate(texts):
            field = field_path(text)[0]
            if field not in self._known:
                self.problems.append(
                    rule.source.problem(
                        texts.place_of(index),
                        f"no resource has a field '{field}'",
                        expected="one of: " + ", ".join(sorted(self._known)),
                        suggestion=nearest(field, self._known),
                    )
                )
        return IgnoreRule(rule["at"], tuple(field_path(text) for text in texts))
