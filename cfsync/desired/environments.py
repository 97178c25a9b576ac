"""Environments: which one is meant, what is wrong with them, and the chosen one, resolved."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from cfsync import limits
from cfsync.desired.files import Refused, Root
from cfsync.desired.marked import MarkedMap
from cfsync.desired.nearest import nearest
from cfsync.desired.quantities import duration, rate
from cfsync.desired.tokens import FromCommand, FromKeyring, FromVariable, NoToken, Origin
from cfsync.desired.trust import ALLOW_HOSTS, API_KEY, host_allowed, is_codefluss
from cfsync.desired.urls import LOCAL, ApiUrl, parse_url
from cfsync.errors import Problem, Untrusted, UsageError
from cfsync.model.environment import Environment

JOURNAL: Final = "CFSYNC_JOURNAL"
DEFAULT_JOURNAL: Final = ".cfsync/journal.db"


def choose(root: MarkedMap, wanted: str | None) -> str:
    """The environment that is meant. Raises UsageError that lists the names."""
    names: list[str] = list(root["environments"])
    if wanted is not None:
        if wanted in names:
            return wanted
        near = nearest(wanted, names)
        raise UsageError(
            f"there is no environment '{wanted}'",
            why="there are: " + ", ".join(names),
            next_step=f"--env {near or names[0]}",
        )
    if "default_environment" in root:
        return str(root["default_environment"])
    if len(names) == 1 and not root["environments"][names[0]].get("confirm"):
        return names[0]
    raise UsageError(
        "no environment is named, and there is no default_environment",
        why="there are: " + ", ".join(names),
        next_step=f"--env {names[0]}",
    )


def problems_of(root: MarkedMap, files: Root) -> Iterator[Problem]:
    """What the schema cannot see of the environments of a root file that it accepts."""
    yield from _default(root)
    if "journal" in root:
        yield from _outside(root, "journal", root["journal"], files)
    for name, environment in root["environments"].items():
        url = environment["url"]
        if url.startswith(LOCAL):
            yield from _outside(environment, "url", url.removeprefix(LOCAL), files)
        elif "token" not in environment and not _tokenless(parse_url(url)):
            yield environment.source.problem(
                environment.key_place("url"),
                f"the environment '{name}' names no token, and {API_KEY} goes to Codefluss only",
                expected="token: {env: CFSYNC_TOKEN_…}",
            )


def _default(root: MarkedMap) -> Iterator[Problem]:
    name, environments = root.get("default_environment"), root["environments"]
    if name is None:
        return
    place = root.place_of("default_environment")
    if name not in environments:
        yield root.source.problem(
            place,
            f"there is no environment '{name}'",
            expected="one of: " + ", ".join(environments),
            suggestion=nearest(name, environments),
        )
    elif environments[name].get("confirm"):
        yield root.source.problem(
            place, f"'{name}' has confirm: true, and such an environment is never the default"
        )


def _outside(node: MarkedMap, key: str, path: str, files: Root) -> Iterator[Problem]:
    try:
        files.below(path)
    except Refused as refused:
        yield node.source.problem(node.place_of(key), f"'{path}' {refused}")


def _tokenless(url: ApiUrl) -> bool:
    return url.loopback or is_codefluss(url.host)


def resolve(root: MarkedMap, name: str, files: Root, environ: Mapping[str, str]) -> Environment:
    """The environment as the other parts want it.

    Raises Untrusted for a host that nobody allowed, UsageError for a malformed variable.
    """
    node = root["environments"][name]
    url, host, settle = _place(node, files, environ)
    safety = root.get("safety", {})
    return Environment(
        name=name,
        url=url,
        host=host,
        journal=_journal(root.get("journal", DEFAULT_JOURNAL), files, environ),
        rate=rate(node["rate"]) if "rate" in node else None,
        parallel=int(node.get("parallel", limits.PARALLEL)),
        timeout=_seconds(node, "timeout", limits.REQUEST_TIMEOUT),
        settle=_seconds(node, "settle", settle),
        guard_age=_seconds(node, "guard_age", limits.GUARD_AGE),
        confirm=node.get("confirm", False),
        max_delete_percent=int(safety.get("max_delete_percent", limits.MAX_DELETE_PERCENT)),
        max_deletes=int(safety.get("max_deletes", limits.MAX_DELETES)),
    )


def token_origin(node: Mapping[str, Any]) -> Origin:
    """Where the key of an environment comes from."""
    if node["url"].startswith(LOCAL):
        return NoToken()
    match node.get("token"):
        case {"env": name}:
            return FromVariable(name)
        case {"keyring": name}:
            return FromKeyring(name)
        case {"command": command}:
            return FromCommand(tuple(command))
        case _:
            return FromVariable(API_KEY) if is_codefluss(parse_url(node["url"]).host) else NoToken()


def _place(node: MarkedMap, files: Root, environ: Mapping[str, str]) -> tuple[str, str, float]:
    """URL, host, and the default of `settle`."""
    text = node["url"]
    if text.startswith(LOCAL):
        return LOCAL + str(files.below(text.removeprefix(LOCAL))), "local", limits.SETTLE_LOCAL
    url = parse_url(text)
    if not host_allowed(url, environ):
        raise Untrusted(
            f"{url.netloc} is not a host that cfsync may send a key to",
            where=str(node.mark_of("url")),
            why="files cannot allow it: a pull request could change them",
            next_step=f"export {ALLOW_HOSTS}={url.netloc}",
        )
    return url.text, url.netloc, limits.SETTLE_LOOPBACK if url.loopback else limits.SETTLE


def _journal(path: str, files: Root, environ: Mapping[str, str]) -> str:
    outside = environ.get(JOURNAL, "")
    if not outside:
        return str(files.below(path))
    if outside.startswith(("postgresql://", "postgres://")):
        return outside
    if "://" in outside:
        raise UsageError(  # the value may hold a password
            f"{JOURNAL} is neither a path nor a postgresql:// URL",
            next_step=f"export {JOURNAL}=postgresql://…",
        )
    return str((files.path / outside).resolve())


def _seconds(node: MarkedMap, key: str, default: float) -> float:
    return duration(node[key]) if key in node else default
