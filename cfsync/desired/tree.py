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
        self._own = {kind: frozenset(names) for kind, names in self._names.items()}
        self._known = frozenset().union(*self._own.values())
        self._below = {kind: contract.child_kind(kind) for kind in self._names}
        self._from_file = dict(FROM_FILE)
        self.counts: dict[KindName, int] = dict.fromkeys(self._names, 0)
        """Of what is declared to be there."""
        self.problems: list[Problem] = []

    def resource(
        self, kind: KindName, node: MarkedMap, live_edits: LiveEdits, manage: Manage = "merge"
    ) -> Desired:
        from_file = self._from_file.get(kind, "")
        fields = node.fields(self._names[kind])
        if isinstance(node.get(from_file), dict):
            fields[from_file] = self._texts.text(fields[from_file])
        delete = node.get("delete", False)
        self.counts[kind] += not delete
        manage, live_edits = node.get("manage", manage), node.get("live_edits", live_edits)
        return Desired(
            kind,
            fields,
            None if delete else self._children(kind, node, live_edits, manage),
            fields,
            manage,
            live_edits,
            protect=node.get("protect", False),
            delete=delete,
            renamed_from=node.get("renamed_from"),
            ignore=tuple(self._rule(rule) for rule in node.get("ignore", ())),
        )

    def _children(
        self, kind: KindName, node: MarkedMap, live_edits: LiveEdits, manage: Manage
    ) -> tuple[Desired, ...] | None:
        below = node.get(CHILDREN[kind])
        if below is None:
            return None
        child = self._below[kind]
        own, from_file = self._own[child].issuperset, self._from_file.get(child, "")
        # most elements: nothing but fields, which then need no copy
        bare = [own(each) and not isinstance(each.get(from_file), dict) for each in below]
        self.counts[child] += sum(bare)
        return tuple(
            [
                Desired(child, each, None, each, manage, live_edits)
                if is_bare
                else self.resource(child, each, live_edits, manage)
                for each, is_bare in zip(below, bare, strict=True)
            ]
        )

    def _rule(self, rule: MarkedMap) -> IgnoreRule:
        texts = rule.get("fields", [])
        for index, text in enumerate(texts):
            field = field_path(text)[0]
            if field not in self._known:
                problem = rule.source.problem(
                    texts.place_of(index),
                    f"no resource has a field '{field}'",
                    expected="one of: " + ", ".join(sorted(self._known)),
                    suggestion=nearest(field, self._known),
                )
                self.problems.append(problem)
        return IgnoreRule(rule["at"], tuple(field_path(text) for text in texts))
