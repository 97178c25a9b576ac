"""`cfsync schema`: the JSON Schemas of what people write, and of what cfsync answers."""

from pathlib import Path
from typing import Final, Literal, assert_never

from cfsync import contract

_PLAN: Final = Path(__file__).parents[1] / "schemas" / "plan.schema.json"


def schema(which: Literal["config", "plan"]) -> str:
    """That of configurations is made from the API's contract, so that a new field is in it.

    Raises CfsyncError where the contract cannot be read.
    """
    match which:
        case "config":
            from cfsync.desired.schema import config_schema_text  # noqa: PLC0415 - not for "plan"

            return config_schema_text(contract.load())
        case "plan":
            return _PLAN.read_text(encoding="utf-8")
        case _:
            assert_never(which)
