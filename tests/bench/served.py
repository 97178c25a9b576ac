"""The emulator as a process of its own: `served.py [--port P] [--db FILE] [--fault FAULT]`.

Prints its URL. Then each line on stdin is a question, answered by one line of JSON: `counts`
tells what was asked since the last time, and starts the count again. Ends with its stdin.
"""

import argparse
import asyncio
import json
import sys
from pathlib import Path

from cfsync.emulator.api import ANY_TOKEN, Api
from cfsync.emulator.opening import open_api
from cfsync.emulator.server import listen, run, url_of


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--db", type=Path)
    parser.add_argument("--fault", action="append", default=[])
    given = parser.parse_args()
    api = open_api(given.db, token=ANY_TOKEN, faults=given.fault, seed=1)
    try:
        with listen(port=given.port) as sock:
            _say(url_of(sock, api))
            asyncio.run(_until_stdin_ends(api, sock))
    finally:
        api.close()


async def _until_stdin_ends(api: Api, sock) -> None:
    stop = asyncio.Event()

    def asked() -> None:
        line = sys.stdin.readline()
        if line.strip() == "counts":
            _say(json.dumps(_counts(api)))
        elif not line:
            stop.set()

    asyncio.get_running_loop().add_reader(sys.stdin, asked)
    await run(api, sock, stop)


def _counts(api: Api) -> dict[str, object]:
    """Methods, refusals for the rate, and the seconds from the first write to the last."""
    writes = [each.at for each in api.log.exchanges if each.method != "GET"]
    counts = {
        "methods": dict(api.log.methods),
        "limited": sum(each.status == 429 for each in api.log.exchanges),
        "failed": sum(each.status >= 500 or not each.status for each in api.log.exchanges),
        "writing": writes[-1] - writes[0] if writes else 0.0,
    }
    api.count_anew()
    return counts


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
