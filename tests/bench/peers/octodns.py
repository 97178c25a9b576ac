"""octoDNS against PowerDNS (Debian's pdns-server, SQLite) on loopback.

A lighter record (an A with two values: 6 lines of YAML) and a bulk API: one GET for the zone, one
PATCH for all changes.
"""

import shutil
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Final
from urllib.request import Request, urlopen

from bench.elements import is_changed
from bench.process import Measured, measure
from bench.venvs import OCTODNS

SERVER: Final = "pdns_server"
_SCHEMA: Final = Path("/usr/share/doc/pdns-backend-sqlite3/schema.sqlite3.sql")
_KEY: Final = "benchmark"
_CONFIG: Final = """\
providers:
  config:
    class: octodns.provider.yaml.YamlProvider
    directory: {folder}
    enforce_order: false
  pdns:
    class: octodns_powerdns.PowerDnsProvider
    host: 127.0.0.1
    port: {port}
    api_key: {key}
    timeout: 300
zones:
  bench.test.:
    sources: [config]
    targets: [pdns]
"""


def missing() -> str:
    """What is not installed, or nothing."""
    if shutil.which(SERVER) is None or not _SCHEMA.exists():
        return "apt-get install --no-install-recommends pdns-server pdns-backend-sqlite3"
    return ""


class OctoDns:
    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        self._port = port
        self._output = folder / "output.txt"

    @contextmanager
    def prepared(self, count: int) -> Iterator[None]:
        """A zone of N records, applied."""
        self._folder.mkdir(parents=True)
        for name, changed in (("same", False), ("changed", True)):
            self._write(name, count, changed=changed)
        with self._powerdns():
            self._sync("same", "--doit")
            yield

    def plan(self) -> Measured:
        return self._sync("same")

    def plan_changed(self) -> Measured:
        return self._sync("changed")

    def _sync(self, name: str, *words: str) -> Measured:
        program = str(OCTODNS.bin / "octodns-sync")
        config = str(self._folder / f"{name}.yaml")
        return measure([program, "--config-file", config, *words], self._output)

    def _write(self, name: str, count: int, *, changed: bool) -> None:
        folder = self._folder / name
        folder.mkdir()
        lines = ["---", "? ''", ": - type: NS", "    values: [ns1.bench.test., ns2.bench.test.]"]
        for number in range(count):
            random = Random(number)
            ttl = 301 if changed and is_changed(number) else 300
            lines += [f"host-{number:06d}:", f"  ttl: {ttl}", "  type: A", "  values:"]
            for _ in range(2):
                parts = ".".join(str(random.randrange(256)) for _ in range(3))
                lines.append(f"  - 10.{parts}")
        (folder / "bench.test.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        config = _CONFIG.format(folder=folder, port=self._port, key=_KEY)
        (self._folder / f"{name}.yaml").write_text(config, encoding="utf-8")

    @contextmanager
    def _powerdns(self) -> Iterator[None]:
        database = self._folder / "powerdns.db"
        with sqlite3.connect(database) as connection:
            connection.executescript(_SCHEMA.read_text(encoding="utf-8"))
            connection.execute("PRAGMA journal_mode = WAL")
        connection.close()
        (self._folder / "socket").mkdir()
        with (self._folder / "powerdns.log").open("w") as log:
            process = subprocess.Popen(self._command(database), stdout=log, stderr=log)
        try:
            self._wait()
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)

    def _command(self, database: Path) -> list[str]:
        options = {
            "config-dir": self._folder, "launch": "gsqlite3", "gsqlite3-database": database,
            "gsqlite3-pragma-synchronous": 1, "socket-dir": self._folder / "socket",
            "local-address": "127.0.0.1", "local-port": _free_port(), "api": "yes",
            "api-key": _KEY, "webserver": "yes", "webserver-address": "127.0.0.1",
            "webserver-port": self._port, "webserver-allow-from": "127.0.0.1",
            "webserver-max-bodysize": 200, "daemon": "no", "guardian": "no", "loglevel": 0,
        }  # fmt: skip
        return [SERVER, "--no-config", *(f"--{name}={value}" for name, value in options.items())]

    def _wait(self) -> None:
        url = f"http://127.0.0.1:{self._port}/api/v1/servers"
        for _ in range(100):
            try:
                with urlopen(Request(url, headers={"X-API-Key": _KEY})):
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError((self._folder / "powerdns.log").read_text(encoding="utf-8"))


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
