"""How many requests a second the served emulator answers: by wrk, or where it is missing by us."""

import asyncio
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

KEY: Final = "benchmark-key"
CONNECTIONS: Final = 16


@dataclass(frozen=True, slots=True)
class Load:
    method: str
    path: str
    """With the base path and the query."""
    body: str = ""

    def rate(self, url: str, folder: Path, seconds: float = 3.0) -> float:
        """Requests a second on 16 connections."""
        if shutil.which("wrk"):
            return self._by_wrk(url, folder, seconds)
        return asyncio.run(self._by_sockets(url, seconds))

    def _by_wrk(self, url: str, folder: Path, seconds: float) -> float:
        script = folder / "load.lua"
        script.write_text(
            f'wrk.method = "{self.method}"\nwrk.path = "{self.path}"\nwrk.body = [[{self.body}]]\n'
            f'wrk.headers["Authorization"] = "Bearer {KEY}"\n'
            'wrk.headers["Content-Type"] = "application/json"\n',
            encoding="utf-8",
        )
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", "-s", str(script), url]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        if "Non-2xx" in output:
            raise RuntimeError(output)
        found = re.search(r"Requests/sec:\s+([0-9.]+)", output)
        assert found is not None, output
        return float(found[1])

    async def _by_sockets(self, url: str, seconds: float) -> float:
        start = time.perf_counter()
        until = start + seconds
        counts = await asyncio.gather(*(self._one(url, until) for _ in range(CONNECTIONS)))
        return sum(counts) / (time.perf_counter() - start)

    async def _one(self, url: str, until: float) -> int:
        address = urlsplit(url)
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        body = self.body.encode()
        request = (
            f"{self.method} {self.path} HTTP/1.1\r\nHost: {address.netloc}\r\n"
            f"Authorization: Bearer {KEY}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode() + body
        count = 0
        while time.perf_counter() < until:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 2"), head
            found = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
            assert found is not None, head
            await reader.readexactly(int(found[1]))
            count += 1
        writer.close()
        return count
