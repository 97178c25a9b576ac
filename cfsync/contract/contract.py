"""The contract as the rest of the package asks it: what is valid, and what an answer means."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cfsync.contract.kinds import Kind, Operation, Role, Shape
from cfsync.contract.violations import Violation, violations
from cfsync.model.address import KindName
from cfsync.model.live import Item
from cfsync.model.values import ABSENT, Fields, Json

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator

_NONE: Final = "none"  # told from a scope by identity


@dataclass(frozen=True, slots=True, eq=False)
class Contract:
    """Read once, and the same as itself alone."""

    kinds: Mapping[KindName, Kind]
    """Parents before children."""
    document: Fields
    """The OpenAPI document itself."""
    operations: tuple[Operation, ...]
    shapes: Mapping[tuple[KindName, Shape], Fields]
    """JSON Schemas of whole bodies, self-contained."""
    _validators: "dict[tuple[KindName, Shape], Draft202012Validator]" = field(
        default_factory=dict, repr=False, compare=False
    )

    def kind(self, name: KindName) -> Kind:
        return self.kinds[name]

    def child_kind(self, name: KindName) -> KindName:
        """Project -> page, page -> element, element -> element."""
        return next((kind.name for kind in self.kinds.values() if kind.parent == name), name)

    def is_valid(self, name: KindName, body: Json, shape: Shape) -> bool:
        """Whether `violations` would find nothing, in a few microseconds."""
        try:
            return self._validator(name, shape).is_valid(body)
        except ValueError:  # not JSON at all: NaN, a lone surrogate, bytes, a key that is no string
            return False

    def violations(self, name: KindName, body: Json, shape: Shape) -> Iterator[Violation]:
        """What is wrong with a request body, or with a resource that was answered."""
        try:
            for error in self._validator(name, shape).iter_errors(body):
                yield from violations(error)
        except ValueError as error:
            yield Violation((), f"is not JSON: {error}", "json")

    def item(self, name: KindName, resource: Fields) -> Item:
        """A resource as answered, sorted into its roles. Raises ValueError naming the field."""
        kind = self.kinds[name]
        roles, get = kind.roles, resource.get
        scope = get(roles["scope"]) if "scope" in roles else _NONE
        parent = get(roles["parent"], ABSENT) if "parent" in roles else None
        position = get(roles["position"]) if "position" in roles else 0
        id_, created, updated = get(roles["id"]), get(roles["created"]), get(roles["updated"])
        if not (
            (type(position) is int or (type(position) is float and position.is_integer()))
            and (parent is None or (type(parent) is str and parent))
            and type(id_) is type(scope) is type(created) is type(updated) is str
            and id_
            and scope
        ):
            raise ValueError(_wrong_role(kind, resource))
        fields = {field: resource[field] for field in kind.content if field in resource}
        if kind.key not in fields:
            raise ValueError(f"{_a(name)} without {kind.key}")
        return Item(
            name,
            id_,
            None if scope is _NONE else scope,
            parent,
            int(position),
            fields,
            created,
            updated,
        )

    def name_of(self, item: Item) -> str:
        """What people tell it apart from its siblings by; the id of one without."""
        return str(item.fields.get(self.kinds[item.kind].key, item.id))

    def _validator(self, name: KindName, shape: Shape) -> "Draft202012Validator":
        validator = self._validators.get((name, shape))
        if validator is None:
            import jsonschema_rs  # noqa: PLC0415 - lazy: half of the commands never validate

            validator = jsonschema_rs.Draft202012Validator(
                self.shapes[name, shape], validate_formats=True
            )
            self._validators[name, shape] = validator
        return validator


def _wrong_role(kind: Kind, resource: Fields) -> str:
    """Which of the fields that place a resource is missing or of a wrong type."""
    wrong = next(
        name
        for role, name in kind.roles.items()
        if name not in resource or not _fits(role, resource[name])
    )
    value = f"with {wrong} {resource[wrong]!r}" if wrong in resource else f"without {wrong}"
    return f"{_a(kind.name)} {value}"


def _fits(role: Role, value: Json) -> bool:
    if role == "position":
        return type(value) is int or (type(value) is float and value.is_integer())
    if role in {"created", "updated"}:
        return isinstance(value, str)
    return (role == "parent" and value is None) or (isinstance(value, str) and value != "")


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"
