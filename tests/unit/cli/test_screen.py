import io
import os
from types import SimpleNamespace

import pytest

from cfsync.cli.screen import Screen, screen
from cfsync.report.sheet import Sheet, Span


@pytest.fixture
def tty(monkeypatch, terminal):
    """pytest puts its own streams back before each test: the module gets a sys of its own."""
    streams = SimpleNamespace(stdin=terminal.out, stdout=terminal.out, stderr=terminal.err)
    monkeypatch.setattr("cfsync.cli.screen.sys", streams)


@pytest.mark.usefixtures("tty")
def test_a_terminal_has_colours_and_somebody_to_ask():
    made = screen({}, json=False, no_color=False)
    assert made.colour_out
    assert made.colour_err
    assert made.interactive


@pytest.mark.usefixtures("tty")
@pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_color_is_honoured(environ):
    assert not screen(environ, json=False, no_color=False).colour_out
    assert not screen({}, json=False, no_color=True).colour_err


@pytest.mark.usefixtures("tty")
def test_an_empty_no_color_means_nothing():
    assert screen({"NO_COLOR": ""}, json=False, no_color=False).colour_out


@pytest.mark.usefixtures("tty")
def test_nobody_is_asked_in_a_pipeline_or_under_json():
    assert not screen({"CI": "true"}, json=False, no_color=False).interactive
    assert not screen({}, json=True, no_color=False).interactive
    assert screen({"CI": "false"}, json=False, no_color=False).interactive


def test_a_pipe_has_neither(monkeypatch):
    def stream():
        return io.TextIOWrapper(io.BytesIO(), encoding="ascii")

    streams = SimpleNamespace(stdin=stream(), stdout=stream(), stderr=stream())
    monkeypatch.setattr("cfsync.cli.screen.sys", streams)
    made = screen({}, json=False, no_color=False)
    assert not made.colour_out
    assert not made.interactive
    made.text("→ ü\n")
    assert streams.stdout.buffer.getvalue() == b"\\u2192 \\xfc\n"


def test_results_go_to_stdout_and_the_rest_to_stderr(pipe):
    sheet = Sheet()
    sheet.line(Span("result", "bold"))
    pipe.result(sheet)
    pipe.document({"a": 1})
    pipe.status("status ", Span("x", "dim"))
    pipe.failure(sheet)
    assert pipe.out.getvalue() == 'result\n{\n  "a": 1\n}\n'
    assert pipe.err.getvalue() == "status x\nresult\n"


def test_a_reader_that_went_away_is_no_error():
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as gone:
        broken = Screen(gone, gone)
        broken.text("x" * 100)
        broken.text("goes nowhere\n")
