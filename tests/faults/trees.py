"""Sites as trees: compared by what a visitor sees, and as a designer would have changed them."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from faults.world import Edit


def tree_paths(trees: Sequence[dict[str, Any]], above: str = "") -> Counter[tuple[str, str]]:
    """Every resource of a tree as its path of names and its fields, however often."""
    found: Counter[tuple[str, str]] = Counter()
    for tree in trees:
        path = f"{above}/{tree.get('slug', tree.get('name'))}"
        fields = {name: value for name, value in tree.items() if name != "children"}
        found[path, repr(sorted(fields.items(), key=lambda pair: pair[0]))] += 1
        found += tree_paths(tree["children"], path)
    return found


def edited(trees: list[dict[str, Any]], edits: list[Edit]) -> list[dict[str, Any]]:
    """A tree as it would be, had the designer edited just this."""
    copy = _copied(trees)
    for edit in edits:
        for above, tree in everything(copy):
            if tree.get("name") == edit.target:
                _edit(copy, above, tree, edit)
                break
    return copy


def _edit(
    top: list[dict[str, Any]], above: list[dict[str, Any]], tree: dict[str, Any], edit: Edit
) -> None:
    match edit.verb:
        case "edit":
            for name, value in edit.values.items():
                first, _, rest = name.partition(".")
                if rest:
                    tree[first] = {**tree[first], rest: value}
                else:
                    tree[first] = value
        case "delete":
            above[:] = [one for one in above if one is not tree]
        case "add":
            plain = {"content": None, "props": {}, "styles": {}, "visible": True, "position": 0}
            tree["children"].append({**plain, **edit.values, "children": []})
        case "move":
            above[:] = [one for one in above if one is not tree]
            for _, other in everything(top):
                if other.get("name") == edit.under:
                    other["children"].append(tree)


def everything(trees: list[dict[str, Any]]) -> list[tuple[list[dict[str, Any]], dict[str, Any]]]:
    found = [(trees, tree) for tree in trees]
    for tree in trees:
        found += everything(tree["children"])
    return found


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copied(one) for name, one in value.items()}
    return [_copied(one) for one in value] if isinstance(value, list) else value
