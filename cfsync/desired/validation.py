"""Files against the schema: every violation as a problem with its place, and a way out."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from cfsync import limits
from cfsync.contract import Contract
from cfsync.desired.formats import FORMATS, fits
from cfsync.desired.frame import OWN
from cfsync.desired.schema import config_schema
from cfsync.desired.violation import Violation, at, violations
from cfsync.desired.wording import problem_of
from cfsync.desired.yaml_tree import Document
from cfsync.errors import Problem
from cfsync.model.values import Fields, Json

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator

Part: TypeAlias = Literal["root", "file"]


@dataclass(frozen=True, slots=True)
class Findings:
    """All that is wrong with a file, up to MAX_PROBLEMS.

    `refused` are the ids of containers that this version cannot read at all, `keys` the top-level
    keys with something wrong below.
    """

    problems: tuple[Problem, ...] = ()
    refused: frozenset[int] = frozenset()
    keys: frozenset[str] = frozenset()


class Validator:
    """Of whole files: `root` is `cfsync.yaml`, `file` one that it includes."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self.schema = config_schema(contract)
        self._compiled: dict[Part, Draft202012Validator] = {}

    def check(self, document: Document, part: Part) -> Findings:
        if self._validator(part).is_valid(document.root):
            return Findings()
        found = _telling(list(self.violations(document.root, part)))
        return Findings(
            tuple(
                problem_of(each, document, self._contract) for each in found[: limits.MAX_PROBLEMS]
            ),
            frozenset(id(node) for each in found for node in _refused(document.root, each)),
            frozenset(str(each.path[0]) for each in found if each.path),
        )

    def violations(self, value: Json, part: Part) -> Iterator[Violation]:
        for error in self._validator(part).iter_errors(value):
            yield from violations(self.schema, error)

    def _validator(self, part: Part) -> "Draft202012Validator":
        if part not in self._compiled:
            import jsonschema_rs  # noqa: PLC0415 - lazy: not every command reads a configuration

            self._compiled[part] = jsonschema_rs.Draft202012Validator(
                schema_of(self.schema, part),
                validate_formats=True,
                formats={name: fits(parse) for name, parse in FORMATS.items()},
            )
        return self._compiled[part]


def schema_of(schema: Fields, part: Part) -> Fields:
    """The schema of one kind of file, out of the whole."""
    if part == "root":
        return schema
    return {"$ref": "#/$defs/file", "$defs": schema["$defs"]}


def _telling(found: list[Violation]) -> list[Violation]:
    """Without the keys that an element lacks only because a component would bring them."""
    waiting = {each.path[:-1] for each in found if _is_component(each)}
    return [each for each in found if each.keyword != "required" or each.path not in waiting]


def _refused(root: Json, violation: Violation) -> Iterator[Json]:
    if violation.keyword == "not":
        yield at(root, violation.path)
        if _is_component(violation):
            yield at(root, violation.path[:-1])


def _is_component(violation: Violation) -> bool:
    return violation.keyword == "not" and violation.path[-1] in OWN["element"]
