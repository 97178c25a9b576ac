import signal
from dataclasses import replace

import pytest

from cfsync.cli.person import AtTerminal
from cfsync.cli.progress import Progress
from cfsync.model.plan import Plan


def at(screen, answer=""):
    return AtTerminal(screen, Progress(screen), lambda: answer)


@pytest.mark.parametrize(
    ("answer", "agreed"),
    [("y\n", True), ("YES\n", True), ("n\n", False), ("\n", False), ("", False), ("yep\n", False)],
)
def test_only_a_yes_is_a_yes(terminal, answer, agreed):
    assert at(terminal, answer).agrees("Apply?") is agreed
    assert terminal.err.getvalue() == "\nApply? [y/N] "
    assert terminal.out.getvalue() == ""


@pytest.mark.parametrize(
    ("answer", "typed"), [("staging\n", True), ("Staging\n", False), ("y\n", False)]
)
def test_a_name_has_to_be_typed_exactly(terminal, answer, typed):
    assert at(terminal, answer).types("Type staging:", "staging") is typed


def test_ctrl_c_at_a_question_ends_it_at_once_and_then_works_as_before(terminal):
    before = signal.getsignal(signal.SIGINT)

    def read():
        signal.raise_signal(signal.SIGINT)
        return "y"

    person = replace(at(terminal), read=read)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with pytest.raises(KeyboardInterrupt):
            person.agrees("Apply?")
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_the_plan_is_seen_as_text_and_under_json_not_at_all(terminal, pipe):
    plan = Plan("acme", "local", "local", has_base=True)
    at(terminal).see(plan)
    assert terminal.out.getvalue().startswith("acme → local\n")
    at(replace(pipe, json=True)).see(plan)
    assert pipe.out.getvalue() == ""


def test_who_is_asked_is_who_is_there(terminal, pipe):
    assert at(terminal).present
    assert not at(pipe).present
