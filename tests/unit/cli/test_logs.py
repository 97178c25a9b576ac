import json
import logging

import pytest

from cfsync.cli.logs import start_logging
from cfsync.workflow import secrets


@pytest.fixture(autouse=True)
def _quiet_afterwards(monkeypatch):
    monkeypatch.setattr(secrets, "_hidden", set())
    yield
    logging.getLogger("cfsync").handlers.clear()


def test_a_line_of_the_log_is_harmless_and_without_secrets(capsys):
    secrets.hide("cf_key_123456")
    start_logging("debug", "text")
    logging.getLogger("cfsync.remote").debug("sent %s\x1b[2J\n::x", "cf_key_123456")
    assert capsys.readouterr().err == "debug cfsync.remote: sent ********\\x1b[2J⏎::x\n"


def test_as_json_each_line_is_a_document(capsys):
    secrets.hide("cf_key_123456")
    start_logging("info", "json")
    logging.getLogger("cfsync.remote").warning("cf_key_123456 \x1b\nü")
    logging.getLogger("cfsync.remote").debug("not shown")
    [line] = capsys.readouterr().err.splitlines()
    entry = json.loads(line)
    assert (entry["level"], entry["message"]) == ("warning", "******** \x1b\nü")
    assert entry["at"].endswith("Z")


def test_libraries_do_not_speak(capsys):
    start_logging("debug", "text")
    logging.getLogger("httpx").info("Authorization: Bearer x")
    assert capsys.readouterr().err == ""


def test_a_second_start_does_not_double_the_lines(capsys):
    start_logging("info", "text")
    start_logging("info", "text")
    logging.getLogger("cfsync").info("once")
    assert capsys.readouterr().err == "info cfsync: once\n"
