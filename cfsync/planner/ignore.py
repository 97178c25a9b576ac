"""Which fields of a resource are sent on create and never looked at again."""

from cfsync.model.address import Pattern
from cfsync.model.desired import Desired
from cfsync.model.values import FieldPath
from cfsync.planner.node import step_label

NOTHING: frozenset[FieldPath] = frozenset()


class Ignoring:
    """The `ignore` rules of all projects. The empty path stands for every field."""

    def __init__(self, projects: tuple[Desired, ...], key: str) -> None:
        self._rules: dict[str, list[tuple[Pattern, frozenset[FieldPath]]]] = {}
        for project in projects:
            label = step_label(str(project.fields.get(key, "")), 1)
            if project.ignore:
                self._rules[label] = [
                    (Pattern(f"{label}:{rule.at}"), frozenset(rule.paths or ((),)))
                    for rule in project.ignore
                ]

    def __bool__(self) -> bool:
        return bool(self._rules)

    def at(self, *addresses: str) -> frozenset[FieldPath]:
        """The ignored paths of a resource that has these addresses."""
        if not self._rules:
            return NOTHING
        found = NOTHING
        for address in addresses:
            for pattern, paths in self._rules.get(address.partition(":")[0], ()):
                if pattern.matches(address):
                    found |= paths
        return found
