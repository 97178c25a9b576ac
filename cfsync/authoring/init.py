"""`cfsync init`: a starter configuration, ready to apply to `local`."""

from importlib.resources import files
from pathlib import Path

from cfsync.authoring.place import CONFIG, check_free, write_new
from cfsync.errors import CfsyncError

_IGNORED = ".cfsync/"
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
    written += _git_ignore(directory / ".gitignore")
    return tuple(written)


def _shipped(path: str) -> str:
    return files("cfsync").joinpath(path).read_text(encoding="utf-8")


def _git_ignore(path: Path) -> list[Path]:
    """The journal, the local site and the schema are of this machine."""
    if not path.exists():
        return [write_new(path, f"{_IGNORED}\n")]
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        if {_IGNORED, _IGNORED.rstrip("/"), f"/{_IGNORED}"}.isdisjoint(map(str.strip, lines)):
            with path.open("a", encoding="utf-8") as file:
                file.write("\n" * (bool(lines) and not _ends_a_line(path)) + f"{_IGNORED}\n")
            return [path]
    except (OSError, UnicodeDecodeError) as error:
        raise CfsyncError(
            f"{path} cannot be added to: {error}",
            next_step=f"add the line {_IGNORED} to it by hand",
        ) from error
    return []


def _ends_a_line(path: Path) -> bool:
    return path.read_bytes().endswith((b"\n", b"\r"))
