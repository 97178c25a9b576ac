"""What is known of the API, read from `schemas/codefluss.openapi.yaml`: kinds, paths, fields.

No path and no field list of the API stands anywhere else. Every operation and field says whether
it is documented by Codefluss or assumed by this project.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from cfsync.errors import CfsyncError
from cfsync.model.address import KindName
from cfsync.model.live import Item
from cfsync.model.values import ABSENT, Fields, Json, Maybe

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator, ValidationError

Role: TypeAlias = Literal[
    "content",  # a client writes it, the configuration may declare it
    "parent",  # parentId: follows from the place in the tree
    "position",  # follows from the place in the tree
    "id",
    "scope",  # projectId of a page, pageId of an element
    "created",
    "updated",
]
Source: TypeAlias = Literal["documented", "assumed"]
Shape: TypeAlias = Literal["create", "update", "resource"]
Verb: TypeAlias = Literal["list", "create", "get", "update", "delete"]

SHIPPED: Final = Path(__file__).parent / "schemas" / "codefluss.openapi.yaml"

_RANK: Final[dict[Role, int]] = {
    "id": 0,
    "scope": 1,
    "content": 2,
    "parent": 3,
    "position": 4,
    "created": 5,
    "updated": 6,
}
_NONE: Final = "none"  # told from a scope by identity
_PLAIN_ID: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    schema: Fields
    """JSON Schema 2020-12 of the value, self-contained."""
    role: Role
    source: Source
    default: Maybe
    """What a field goes back to when it is no longer declared; ABSENT where there is none.

    Shared: copy before changing it.
    """
    immutable: bool
    """Sent on create only; another value means a replacement."""
    required: bool
    """On create."""


@dataclass(frozen=True, slots=True)
class Kind:
    name: KindName
    parent: KindName | None
    """Whose id scopes the collection."""
    collection: str
    """Path template with at most one `{...}`: `/pages/{pageId}/elements`."""
    single: str
    fields: Mapping[str, Field]
    """Ids first, then what a create requires, the rest, place and times: the order for people."""
    key: str
    """The natural key among siblings: `slug` or `name`."""
    key_unique: bool
    """Whether the API enforces it."""
    content: tuple[str, ...]
    """Names that a configuration may declare."""
    roles: Mapping[Role, str]
    """The one field of each role but `content`."""
    id_prefix: str
    """What ids begin with. For making some up; never for judging one."""

    def field_of(self, role: Role) -> str | None:
        """The name of the one field with this role (not for `content`)."""
        return self.roles.get(role)

    def collection_path(self, scope: str | None) -> str:
        """Raises ValueError for an id that no path can hold."""
        return _filled(self.collection, scope)

    def single_path(self, id_: str) -> str:
        """Raises ValueError for an id that no path can hold."""
        return _filled(self.single, id_)


@dataclass(frozen=True, slots=True)
class Operation:
    kind: KindName
    verb: Verb
    method: str
    path: str
    """Template, as in Kind."""
    source: Source
    query: Mapping[str, Fields]
    """JSON Schema of each query parameter, `default` included."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A value that the contract does not allow."""

    path: tuple[str | int, ...]
    """Of the offending value; for a missing or an unknown field, where it is or would be."""
    message: str
    """Goes on after the path: `must be at least 3 characters`."""
    keyword: str


@dataclass(frozen=True, slots=True)
class Contract:
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
                yield from _violations(error)
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

    def _validator(self, name: KindName, shape: Shape) -> "Draft202012Validator":
        validator = self._validators.get((name, shape))
        if validator is None:
            import jsonschema_rs  # noqa: PLC0415 - lazy: half of the commands never validate

            validator = jsonschema_rs.Draft202012Validator(
                self.shapes[name, shape], validate_formats=True
            )
            self._validators[name, shape] = validator
        return validator


@cache
def load(path: Path | None = None) -> Contract:
    """The contract that ships with cfsync, or another copy of it.

    Raises CfsyncError where the file is missing, is no YAML, or lacks what cfsync needs of it.
    """
    import yaml  # noqa: PLC0415 - lazy: costs more than all else here

    path = path or SHIPPED
    try:
        # libyaml, built in tens of times the speed of the pure loader; equally safe
        document = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
        return _contract(document)
    except (OSError, yaml.YAMLError, LookupError, TypeError, AttributeError) as error:
        raise CfsyncError(
            "the API's contract cannot be read",
            where=str(path),
            why=f"{type(error).__name__}: {error}",
            next_step="pip install --force-reinstall cfsync",
        ) from error


def _contract(document: Fields) -> Contract:
    kinds: dict[KindName, Kind] = {}
    shapes: dict[tuple[KindName, Shape], Fields] = {}
    operations: list[Operation] = []
    for schema in document["components"]["schemas"].values():
        if "x-cfsync-kind" not in schema:
            continue
        about = schema["x-cfsync-kind"]
        name: KindName = about["name"]
        collection, single = (document["paths"][about[path]] for path in ("collection", "single"))
        shapes[name, "create"] = _plain(document, _body(collection["post"]))
        shapes[name, "update"] = _plain(document, _body(single["patch"]))
        shapes[name, "resource"] = _plain(document, schema)
        kinds[name] = _kind(about, _resolved(document, schema), shapes[name, "create"])
        operations += _operations(about, collection, single)
    return Contract(kinds, document, tuple(operations), shapes)


def _kind(about: Fields, schema: Fields, create: Fields) -> Kind:
    fields = [
        _field(name, value, name in create["required"])
        for name, value in _properties(schema).items()
    ]
    fields.sort(key=lambda each: (_RANK[each.role], not each.required))
    return Kind(
        name=about["name"],
        parent=about["parent"],
        collection=about["collection"],
        single=about["single"],
        fields={each.name: each for each in fields},
        key=about["key"],
        key_unique=about["keyUnique"],
        content=tuple(each.name for each in fields if each.role == "content"),
        roles={each.role: each.name for each in fields if each.role != "content"},
        id_prefix=about["idPrefix"],
    )


def _field(name: str, schema: Fields, required: bool) -> Field:
    return Field(
        name=name,
        schema={
            key: value
            for key, value in schema.items()
            if key != "default" and not key.startswith("x-")
        },
        role=schema.get("x-cfsync-role", "content"),
        source=schema["x-cfsync-source"],
        default=schema.get("default", ABSENT),
        immutable=schema.get("x-cfsync-immutable", False),
        required=required,
    )


def _operations(about: Fields, collection: Fields, single: Fields) -> Iterator[Operation]:
    verbs: tuple[tuple[Verb, str, str, Fields], ...] = (
        ("list", "get", about["collection"], collection),
        ("create", "post", about["collection"], collection),
        ("get", "get", about["single"], single),
        ("update", "patch", about["single"], single),
        ("delete", "delete", about["single"], single),
    )
    for verb, method, path, item in verbs:
        if method in item:
            yield Operation(
                kind=about["name"],
                verb=verb,
                method=method.upper(),
                path=path,
                source=item[method]["x-cfsync-source"],
                query={
                    parameter["name"]: parameter["schema"]
                    for parameter in item[method].get("parameters", ())
                    if parameter["in"] == "query"
                },
            )


def _body(operation: Fields) -> Fields:
    schema: Fields = operation["requestBody"]["content"]["application/json"]["schema"]
    return schema


def _resolved(document: Fields, schema: Json) -> Any:
    """The schema with every local `$ref` replaced by what it points to."""
    if isinstance(schema, list):
        return [_resolved(document, each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        target: Json = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
    return {key: _resolved(document, value) for key, value in schema.items()}


def _properties(schema: Fields) -> Fields:
    """Of a resolved schema, what `allOf` takes from elsewhere included."""
    properties: Fields = {}
    for part in (*schema.get("allOf", ()), schema):
        properties |= part.get("properties", {})
    return properties


def _plain(document: Fields, schema: Fields) -> Fields:
    """The schema without references and without what only cfsync understands."""
    resolved: Fields = _resolved(document, schema)
    return {key: value for key, value in resolved.items() if not key.startswith("x-")}


def _filled(template: str, id_: str | None) -> str:
    start, end = template.find("{"), template.find("}")
    if start < 0:
        return template
    if not id_ or not id_.strip("."):  # `..` would climb to another path
        raise ValueError(f"{id_!r} cannot stand in {template}")
    if not _PLAIN_ID.issuperset(id_):
        from urllib.parse import quote  # noqa: PLC0415 - lazy: no id of the API needs it

        id_ = quote(id_, safe="")
    return template[:start] + id_ + template[end + 1 :]


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


def _violations(error: "ValidationError") -> Iterator[Violation]:
    path, keyword = tuple(error.instance_path), error.kind.name
    facts = error.kind.as_dict()
    match keyword:
        case "required":
            yield Violation((*path, facts["property"]), "is required", keyword)
        case "additionalProperties":
            for name in facts["unexpected"]:
                yield Violation((*path, name), "is not a field that can be written", keyword)
        case _:
            yield Violation(path, _message(keyword, facts) or error.message, keyword)


_WORDING: Final = {
    "minLength": "must be at least {limit} characters",
    "maxLength": "must be at most {limit} characters",
    "minimum": "must be at least {limit}",
    "maximum": "must be at most {limit}",
    "pattern": "must match {pattern}",
    "format": "must be a {format}",
}


def _message(keyword: str, facts: Fields) -> str:
    """Empty where jsonschema's own words do."""
    if keyword == "type":
        return f"must be of type {' or '.join(sorted(facts['types'], key='null'.__eq__))}"
    if keyword == "enum":
        return f"must be one of {', '.join(map(str, facts['options']))}"
    if facts.get("limit") == 1 and keyword == "minLength":
        return "must not be empty"
    return _WORDING.get(keyword, "").format(**facts)
