"""`cfsync schema`: the JSON Schemas, as they are shipped."""

from pathlib import Path
from typing import Final, Literal

_FILES: Final = {"config": "config.schema.json", "plan": "plan.schema.json"}


def schema(which: Literal["config", "plan"]) -> str:
    folder = Path(__file__).parents[1] / "schemas"
    return (folder / _FILES[which]).read_text(encoding="utf-8")
