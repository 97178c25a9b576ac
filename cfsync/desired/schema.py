"""`config.schema.json`: the frame, filled with the fields that the API's contract knows."""

import json

from cfsync.contract import Contract, Field, Kind
from cfsync.desired import frame
from cfsync.model.values import ABSENT, Fields


def config_schema(contract: Contract) -> Fields:
    """JSON Schema 2020-12 of `cfsync.yaml`; `#/$defs/file` is that of an included file.

    Raises ValueError where a field of the contract has the name of a word of the frame.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "cfsync configuration",
        "description": "The desired state of Codefluss sites. "
        "Included files are described by #/$defs/file.",
        "type": "object",
        "additionalProperties": False,
        "required": list(frame.REQUIRED),
        "properties": frame.ROOT,
        "$defs": {
            "file": {
                "title": "Included file",
                "description": "A file named by `include`.",
                "type": "object",
                "additionalProperties": False,
                "if": {"not": {"anyOf": [{"required": [name]} for name in frame.TOGETHER]}},
                "else": {"required": list(frame.TOGETHER)},
                "properties": frame.INCLUDED,
            },
            "environment": frame.ENVIRONMENT,
            **{kind.name: _resource(kind) for kind in contract.kinds.values()},
        },
    }


def config_schema_text(contract: Contract) -> str:
    """What `cfsync schema config` prints, and `schemas/config.schema.json` holds."""
    return json.dumps(config_schema(contract), indent=2, ensure_ascii=False) + "\n"


def _resource(kind: Kind) -> Fields:
    """To delete one its natural key is enough; else what the API needs to create it."""
    own = {**frame.RESOURCE, **frame.OWN[kind.name]}
    fields = {name: _field(kind, kind.fields[name]) for name in kind.content}
    if clash := sorted(own.keys() & fields):
        raise ValueError(f"the {kind.name}'s fields {clash} have names of the configuration's own")
    needed = [name for name in fields if kind.fields[name].required and name != kind.key]
    return {
        "title": kind.name.capitalize(),
        "description": f"One {kind.name} of a Codefluss site.",
        "type": "object",
        "additionalProperties": False,
        "required": [kind.key],
        "if": {"required": ["delete"], "properties": {"delete": {"const": True}}},
        "else": {"required": needed},
        "properties": {**fields, **own},
    }


def _field(kind: Kind, field: Field) -> Fields:
    source = "documented by Codefluss" if field.source == "documented" else "assumed by cfsync"
    about = field.schema.get("description", "")
    schema: Fields = {
        "title": f"{field.name.capitalize()} of the {kind.name}",
        **field.schema,
        "description": f"{about} A field of the API, {source}.".strip(),
    }
    if field.default is not ABSENT:
        schema["default"] = field.default
    if (kind.name, field.name) in frame.EXAMPLES:
        schema.setdefault("examples", list(frame.EXAMPLES[kind.name, field.name]))
    if (kind.name, field.name) in frame.FROM_FILE:
        schema |= {**frame.FILE_TEXT, "type": [*_types(schema), "object"]}
        schema["description"] += " Or {file: PATH}."
    return schema


def _types(schema: Fields) -> list[str]:
    types = schema["type"]
    return types if isinstance(types, list) else [types]
