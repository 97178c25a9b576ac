"""Which operation of the contract a request means."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, unquote

from cfsync.contract import Contract, Operation
from cfsync.emulator.answers import Refused
from cfsync.model.values import Fields

_INTEGER: Final = re.compile(r"-?[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class _Path:
    pattern: re.Pattern[str]
    methods: dict[str, Operation]


class Routes:
    def __init__(self, contract: Contract) -> None:
        paths: dict[str, _Path] = {}
        for operation in contract.operations:
            pattern = re.sub(r"\\{.*?\\}", "([^/]+)", re.escape(operation.path))
            path = paths.setdefault(operation.path, _Path(re.compile(pattern), {}))
            path.methods[operation.method] = operation
        self._paths = tuple(paths.values())

    def match(self, method: str, path: str) -> tuple[Operation, str]:
        """The operation, and the id in the path or ''. Raises Refused."""
        for known in self._paths:
            match = known.pattern.fullmatch(path)
            if match is not None:
                operation = known.methods.get(method)
                if operation is None:
                    raise Refused(405, headers={"allow": ", ".join(sorted(known.methods))})
                return operation, unquote(match[1]) if match.lastindex else ""
        raise Refused(404, f"No such path: {path}")


def parameters(operation: Operation, query: str) -> Fields:
    """Query parameters as the contract types them, defaults filled in; unknown ones are ignored.

    Raises Refused.
    """
    given = dict(parse_qsl(query, keep_blank_values=True)) if query else {}
    return {
        name: _value(name, schema, given[name]) if name in given else schema.get("default")
        for name, schema in operation.query.items()
    }


def _value(name: str, schema: Fields, text: str) -> str | int:
    if schema["type"] != "integer":
        return text
    least, most = schema["minimum"], schema["maximum"]
    if _INTEGER.fullmatch(text) and least <= int(text) <= most:
        return int(text)
    reason = f"{name.capitalize()} must be an integer from {least} to {most}"
    raise Refused(400, f"Invalid {name}", field=name, reason=reason)
