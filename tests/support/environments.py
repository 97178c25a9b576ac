"""An environment for a served emulator, added to a configuration that a test copied."""

from pathlib import Path

from support.emulator import Serving

TOKEN_VARIABLE = "CFSYNC_TOKEN_TEST"


def add_environment(config: Path, name: str, emulator: Serving) -> None:
    text = config.read_text(encoding="utf-8")
    line = f'  {name}: {{url: "{emulator.url}", token: {{env: {TOKEN_VARIABLE}}}}}\n'
    head, found, rest = text.partition("\nenvironments:\n")
    assert found
    config.write_text(head + found + line + rest, encoding="utf-8")
