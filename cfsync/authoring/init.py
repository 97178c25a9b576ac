"""`cfsync init`: a starter configuration, ready to apply to `local`."""

from importlib.resources import files
from pathlib import Path

from cfsync.authoring.git_ignore import ignore_own_files
from cfsync.authoring.place import CONFIG, check_free, write_new

_SCHEMA = Path(".cfsync", "config.schema.json")


def starter(directory: Path) -> tuple[Path, ...]:
    """Write it below `directory`, made if need be, and return the paths written or added to.

    Asks nothing and overwrites nothing: a `.gitignore` that exists gets one more line, a schema
    that exists is left. Raises UsageError where there is a `cfsync.yaml` already.
    """
    config = directory / CONFIG
    check_free(directory, [config])
    written = [write_new(config, _shipped("authoring/starter.yaml"))]
    if not (directory / _SCHEMA).exists():
        written.append(write_new(directory / _SCHEMA, _shipped("schemas/config.schema.json")))
    written += ignore_own_files(directory)
    return tuple(written)


def _shipped(path: str) -> str:
    return files("cfsync").joinpath(path).read_text(encoding="utf-8")
