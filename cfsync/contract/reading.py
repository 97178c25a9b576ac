"""Kinds and operations made of the OpenAPI document and its `x-cfsync-` extensions."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from cfsync.contract.contract import Contract
from cfsync.contract.kinds import Field, Kind, Operation, Role, Shape, Verb
from cfsync.errors import CfsyncError
from cfsync.model.address import KindName
from cfsync.model.values import ABSENT, Fields, Json

SHIPPED: Final = Path(__file__).parents[1] / "schemas" / "codefluss.openapi.yaml"

_RANK: Final[dict[Role, int]] = {
    "id": 0,
    "scope": 1,
    "content": 2,
    "parent": 3,
    "position": 4,
    "created": 5,
    "updated": 6,
}


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
