import pytest

from cfsync.cli.progress import Progress


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.mark.parametrize("where", ["terminal", "pipe"])
def test_nothing_is_said_in_the_first_half_second(request, clock, where):
    screen = request.getfixturevalue(where)
    progress = Progress(screen, clock)
    for _ in range(5):
        progress.progress(1, 10, "reading")
        clock.now += 0.09
    assert screen.err.getvalue() == ""
    clock.now += 0.1
    progress.progress(1, 10, "reading")
    assert "1 of 10" in screen.err.getvalue()


def test_a_terminal_has_one_line_that_is_rewritten_and_then_taken_away(terminal, clock):
    progress = Progress(terminal, clock)
    progress.progress(1, 1200, "reading")
    clock.now += 0.6
    progress.progress(1000, 1200, "reading")
    progress.progress(1001, 1200, "reading")  # too soon to be shown
    progress.clear()
    assert terminal.err.getvalue() == "\r\x1b[2K1,000 of 1,200  reading\r\x1b[2K"


def test_a_log_has_a_line_now_and_then(pipe, clock):
    progress = Progress(pipe, clock)
    for _ in range(25):
        progress.progress(1, 0, "reading")
        clock.now += 1
    assert pipe.err.getvalue().splitlines() == ["reading: 1"] * 3


def test_what_is_going_on_is_shown_inert(pipe, clock):
    progress = Progress(pipe, clock)
    progress.progress(0, 1, "::error::\x1b[2J")
    clock.now += 11
    progress.progress(0, 0, "::error::\x1b[2J")
    assert pipe.err.getvalue() == "\\x3a:error::\\x1b[2J: 0\n"


def test_a_status_takes_the_line_away_first(terminal, clock):
    progress = Progress(terminal, clock)
    progress.progress(0, 1, "reading")
    clock.now += 1
    progress.progress(1, 1, "reading")
    progress.status("waiting")
    assert terminal.err.getvalue().endswith("\r\x1b[2Kwaiting\n")


def test_the_next_thing_has_its_own_half_second(terminal, clock):
    progress = Progress(terminal, clock)
    progress.progress(0, 1, "reading")
    clock.now += 1
    progress.clear()
    progress.progress(0, 1, "writing")
    assert terminal.err.getvalue() == ""
