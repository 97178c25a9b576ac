"""Clock, chance, network and disk enter applier, journal and remote through four objects alone.

Otherwise the harness in tests/faults would not decide everything, and no schedule could be run
again. The objects are Clock, Transport and Store of model.ports, and random.Random.
"""

import ast
import builtins
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "cfsync"
PACKAGES = ("applier", "journal", "remote")

BANNED = (
    "time", "datetime.datetime.now", "datetime.datetime.today", "datetime.datetime.utcnow",
    "datetime.date.today", "random", "secrets", "uuid", "os.urandom", "os.getrandom",
    "asyncio.sleep", "asyncio.timeout", "asyncio.wait_for", "threading.Timer",
    "open", "io.open", "os.open", "os.read", "os.write",
    "os.pwrite", "os.fsync", "os.link", "os.rename", "os.replace", "shutil", "tempfile", "fcntl",
    "sqlite3.connect", "psycopg.connect", "socket", "ssl", "urllib.request", "http.client",
    "aiohttp", "httpx", "httpx_aiohttp", "subprocess",
    ".read_text", ".read_bytes", ".write_text", ".write_bytes", ".unlink", ".mkdir",
)  # fmt: skip
"""Names, and everything below them; those that begin with a dot are methods of whatever."""

ALLOWED = {
    "random.Random": "the type of the object that chance enters through",
}

EXCEPTIONS = {
    # the disk, behind Store
    ("journal/sqlite_file.py", "os.open"): "a journal's file is made whole or not at all",
    ("journal/sqlite_file.py", "os.link"): "likewise",
    ("journal/sqlite_file.py", "os.fsync"): "likewise",
    ("journal/sqlite_file.py", ".mkdir"): "likewise",
    ("journal/sqlite_file.py", ".unlink"): "likewise",
    ("journal/sqlite_file.py", "sqlite3.connect"): "this is what SqliteStore is made of",
    ("journal/memory.py", "sqlite3.connect"): "this is what MemoryStore is made of",
    ("journal/postgres_database.py", "psycopg.connect"): "this is what PostgresStore is made of",
    ("journal/filelock.py", "fcntl"): "the system frees this lock when its holder dies",
    ("journal/filelock.py", "os.open"): "likewise",
    ("journal/filelock.py", "os.pwrite"): "likewise; says who holds it",
    ("journal/filelock.py", ".read_bytes"): "likewise",
    ("journal/filelock.py", ".read_text"): "/proc/self/mounts: no journal on a network",
    # who this process is; harnesses pass a Holder instead
    ("journal/holder.py", ".read_text"): "/proc: whether the process that holds a lease lives",
    ("journal/holder.py", "subprocess"): "ps, where there is no /proc",
    # the network, behind Transport
    ("remote/network.py", "aiohttp"): "this is what the Transport over a network is made of",
    ("remote/network.py", "urllib.request"): "reads proxies from the environment, sends nothing",
    ("remote/network.py", "ssl"): "likewise",
    ("remote/network.py", "asyncio.timeout"): "likewise; a whole request's",
    ("remote/inprocess.py", "asyncio.timeout"): "likewise",
    ("remote/inprocess.py", "httpx"): "this is what the Transport into this process is made of",
    # no time passes
    ("applier/families.py", "asyncio.sleep"): "sleep(0): lets others have their turn",
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def used(tree: ast.Module) -> Iterator[str]:
    """What a module imports, and names of what it imported, whole."""
    imported: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                imported[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                imported[alias.asname or alias.name] = whole
                yield whole
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield _whole(node.id, imported)
        elif isinstance(node, ast.Attribute):
            yield _dotted(node, imported)
            yield f".{node.attr}"


def _dotted(node: ast.expr, imported: dict[str, str]) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value, imported)}.{node.attr}"
    return _whole(node.id, imported) if isinstance(node, ast.Name) else ""


def _whole(name: str, imported: dict[str, str]) -> str:
    """Empty for what a module calls its own, such as a parameter named `random`."""
    return imported.get(name, name if hasattr(builtins, name) else "")


def banned(tree: ast.Module) -> set[str]:
    found = set()
    for name in set(used(tree)) - ALLOWED.keys():
        for ban in BANNED:
            if name == ban or name.startswith(f"{ban}."):
                found.add(ban)
    return found


def names_of(*statements: str) -> set[str]:
    return banned(ast.parse("\n".join(statements)))


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (("import time", "time.time()"), {"time"}),
        (("from time import monotonic as now",), {"time"}),
        (("import random as r", "r.random()"), {"random"}),
        (("from random import Random", "def f(r: Random): r.random()"), set()),
        (("from random import SystemRandom",), {"random"}),
        (("from datetime import datetime, UTC", "datetime.now(UTC)"), {"datetime.datetime.now"}),
        (("from datetime import datetime", "datetime.fromtimestamp(0)"), set()),
        (("open('x')",), {"open"}),
        (("from pathlib import Path", "Path('x').read_text()"), {".read_text"}),
        (("import asyncio", "asyncio.sleep(1)"), {"asyncio.sleep"}),
        (("import os", "os.urandom(8)", "os.getpid()"), {"os.urandom"}),
        (("def f(clock): clock.time(); store.open()",), set()),
    ],
)
def test_the_rule_sees_what_it_is_meant_to_see(statements, found):
    assert names_of(*statements) == found


@pytest.mark.parametrize(
    ("path", "tree"), [pytest.param(*module, id=module[0]) for module in modules()]
)
def test_time_chance_network_and_disk_come_from_outside(path, tree):
    allowed = {name for where, name in EXCEPTIONS if where == path}
    assert banned(tree) - allowed == set(), f"{path} must be handed these"


def test_no_exception_is_made_for_what_is_not_there():
    needed = {(path, name) for path, tree in modules() for name in banned(tree)}
    assert EXCEPTIONS.keys() - needed == set()
