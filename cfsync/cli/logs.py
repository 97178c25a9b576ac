"""The log on stderr: harmless text, without secrets, one line an entry."""

import json
import logging
import sys
import time
from typing import Final

from cfsync.report.inert import inert
from cfsync.report.jsonvalue import FORMAT_VERSION
from cfsync.workflow.secrets import scrubbed

_TOP: Final = "cfsync"


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        said = scrubbed(record.getMessage())
        return inert(f"{record.levelname.lower()} {record.name}: {said}")


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        entry = {
            "formatVersion": FORMAT_VERSION,
            "at": f"{moment}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": scrubbed(record.getMessage()),
        }
        return json.dumps(entry)  # ASCII only: harmless


def start_logging(level: str, format_: str) -> None:
    """Only cfsync's own loggers speak; those of its libraries may print headers."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if format_ == "json" else _Text())
    logger = logging.getLogger(_TOP)
    logger.handlers[:] = [handler]
    logger.setLevel(level.upper())
    logger.propagate = False
