"""Rows 1 to 13: what may happen to a request on its way. 0 lost, 0 duplicated, no token, always."""

import socket
import ssl
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest
from faults.stage import CANARY, JumpingClock, staged

from cfsync import limits

WRITES = range(1, 5)
"""Of the plan: update a, create c, create d, delete b."""


WAITING = "trying each for up to {:.0f} s before giving up"
MARGIN = 40.0
"""Seconds for the requests themselves, and for the turn of the first one."""


def applied(stage, answer):
    return answer.code == 0 and stage.is_after() and stage.second_plan_is_empty()


def undone(stage, answer):
    return answer.code == 3 and stage.is_before() and "undone" in answer.out


@pytest.mark.parametrize("k", WRITES)
def test_row_01_a_refused_connection_is_tried_again(k, new_stage):
    stage = new_stage(f"refuse@w{k}..{k + 2}")

    assert applied(stage, stage.apply())


def test_row_01_a_connection_refused_for_ever_ends_before_any_write(new_stage):
    stage = new_stage("refuse")

    answer = stage.apply()

    assert (answer.code, stage.is_before()) == (1, True)
    assert "cannot be reached" in answer.said
    assert stage.api.log.writes == 0


def test_row_01_a_connection_refused_at_the_kth_write_is_undone(new_stage):
    for k in WRITES:
        tries = f"refuse@w{k}..{k + limits.WRITE_ATTEMPTS - 1}"
        stage = new_stage(tries, more=", guard_age: 60s")  # so long that nothing is read again
        answer = stage.apply()
        assert undone(stage, answer), (k, answer)


@pytest.mark.parametrize("k", WRITES)
def test_row_02_a_reset_before_the_commit_is_looked_up_and_sent_again(k, new_stage):
    stage = new_stage(f"drop-before@w{k}")

    assert applied(stage, stage.apply())
    assert stage.api.log.writes == 5


@pytest.mark.parametrize("k", WRITES)
def test_row_03_a_lost_answer_is_looked_up_and_adopted(k, new_stage):
    stage = new_stage(f"drop-after-commit@w{k}")

    assert applied(stage, stage.apply())
    assert stage.api.log.writes == 4


@pytest.mark.parametrize("fault", ["cut", "garbage", "empty", "html-502-after", "deep=5000"])
def test_row_04_a_spoiled_answer_to_a_write_is_unknown(fault, new_stage):
    for k in WRITES:
        stage = new_stage(f"{fault}@w{k}")
        answer = stage.apply()
        assert applied(stage, answer), (k, answer)


@pytest.mark.parametrize("fault", ["cut", "garbage", "empty", "html-200", "deep=5000"])
def test_row_04_a_spoiled_answer_to_a_read_is_never_an_empty_list(fault, new_stage):
    stage = new_stage("html-502" if fault == "html-200" else fault)

    answer = stage.apply()

    assert (answer.code, stage.is_before(), stage.api.log.writes) == (1, True, 0)


def test_row_05_an_answer_that_drips_ends_at_the_deadline(new_stage):
    for k in WRITES:
        stage = new_stage(f"drip=10s@w{k}", more=", timeout: 5s")
        began = JumpingClock.passed
        answer = stage.apply()
        assert applied(stage, answer), (k, answer)
        assert JumpingClock.passed - began < 60


@pytest.mark.parametrize("k", WRITES)
def test_row_06_a_commit_within_settle_is_found(k, new_stage):
    stage = new_stage(f"late=35s@w{k}", f"drip=10s@w{k}")

    assert applied(stage, stage.apply())


def test_row_06_a_commit_after_the_last_look_is_named_by_the_next_plan(new_stage):
    stage = new_stage("late=9000s@w2")
    assert stage.apply().code == 0
    stage.api.faults.clear()
    stage.api.deliver_late()
    assert stage.names().count("c") == 2

    listed = stage.run("list", "--json")

    ids = [row.id for row in stage.api.store.rows() if '"name":"c"' in row.body]
    assert len(ids) == 2
    assert all(id_ in listed.out for id_ in ids)
    assert stage.run("plan", "--json").json["summary"]["unmanaged"] == 1


@pytest.mark.parametrize("k", [2, 3])
def test_row_07_a_post_delivered_twice_is_named_and_never_deleted_on_a_guess(k, new_stage):
    stage = new_stage(f"twice@w{k}")

    answer = stage.apply()

    assert answer.code == 4
    made = [one.id for one in stage.api.log.commits if one.verb == "create"]
    assert len(made) == 3
    assert sum(id_ in answer.said for id_ in made) == 2
    assert "recover" in answer.said
    assert not [one for one in stage.api.log.commits if one.verb == "delete"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("where", ["https://evil.example/v1", "http://127.0.0.1:9/other"])
def test_row_08_a_redirect_is_never_followed(status, where, new_stage):
    stage = new_stage(f"{status} location={where}")

    answer = stage.apply()

    assert (answer.code, stage.is_before()) == (1, True)
    assert where.split("/")[2] in answer.said
    assert all(path.startswith("/projects") for _, path, _ in stage.api.log)


def test_row_08_a_redirect_in_mid_run_changes_nothing_more(new_stage):
    for k in WRITES:
        stage = new_stage(f"307@w{k} location=https://evil.example/")
        answer = stage.apply()
        assert answer.code in (0, 3, 4), answer
        assert stage.is_before() or stage.is_after()
        if answer.code:
            assert "evil.example" in answer.said


class _Recording(BaseHTTPRequestHandler):
    seen: ClassVar[list] = []

    def do_GET(self):
        self.seen.append(dict(self.headers))
        self.send_response(302)
        self.send_header("Location", self.server.target)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Quiet."""


@contextmanager
def listening(target="", context=None):
    server = HTTPServer(("127.0.0.1", 0), _Recording)
    server.target = target
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def real(tmp_path, capfd, monkeypatch):
    """A configuration for a real socket, and the whole program against it."""
    from cfsync.cli.errors import guarded

    monkeypatch.setenv("CFSYNC_TOKEN_STAGE", CANARY)
    monkeypatch.setattr("cfsync.workflow.clock.SystemClock", JumpingClock)
    for name in ("CI", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def run(url, *arguments):
        line = f"  real: {{url: '{url}', token: {{env: CFSYNC_TOKEN_STAGE}}, timeout: 5s}}"
        text = f"version: 1\nname: a\nenvironments:\n{line}\ndefault_environment: real\n"
        (tmp_path / "cfsync.yaml").write_text(text + "projects: []\n")
        capfd.readouterr()
        code = guarded(["-C", str(tmp_path), "--log-level", "debug", *arguments])
        out, err = capfd.readouterr()
        assert CANARY not in out + err
        assert CANARY[:8] not in out + err
        return code, " ".join((out + err).split())

    return run


def test_row_08_the_other_listener_gets_no_request_and_no_key(real):
    _Recording.seen.clear()
    with listening() as other, listening(f"http://127.0.0.1:{other}/v1/projects") as port:
        code, said = real(f"http://127.0.0.1:{port}/v1", "list")

    assert code == 1
    assert "a redirect (302) to 127.0.0.1" in said
    assert len(_Recording.seen) == 1  # of the first listener


@pytest.mark.parametrize("url", ["http://codefluss.com/v1", "http://93.184.216.34/v1"])
def test_row_09_plain_http_beyond_loopback_is_refused_before_any_request(url, real):
    code, said = real(url, "list")

    assert code == 1
    assert "http" in said


def test_row_09_a_certificate_that_nobody_signed_is_refused(real, tmp_path):
    import subprocess

    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-keyout", key, "-out", certificate, "-days", "1", "-nodes", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    _Recording.seen.clear()
    with listening(context=context) as port:
        code, said = real(f"https://127.0.0.1:{port}/v1", "list")

    assert code == 1
    assert not _Recording.seen
    assert "certificate" in said.lower() or "cannot be reached" in said


@pytest.mark.parametrize("hint", ["retry-after=3", "retry-after=date", "", "retry-after=soon",
                                  "retry-after=1000000000"])  # fmt: skip
def test_row_10_one_429_is_one_pause(hint, new_stage):
    for k in WRITES:
        stage = new_stage(f"429@w{k} {hint}")
        began = JumpingClock.passed
        answer = stage.apply()
        assert applied(stage, answer), (k, answer)
        assert JumpingClock.passed - began < limits.RATE_LIMIT_PATIENCE


def test_row_11_429_for_ever_is_given_up_and_undo_has_patience_of_its_own(new_stage):
    stage = new_stage("429@w3.. retry-after=60")
    began = JumpingClock.passed

    answer = stage.apply()

    assert answer.code == 4
    assert "recover" in answer.said
    assert answer.said.count(WAITING.format(limits.RATE_LIMIT_PATIENCE)) == 2
    assert JumpingClock.passed - began < limits.RATE_LIMIT_PATIENCE + limits.UNDO_PATIENCE + MARGIN
    stage.api.faults.clear()
    assert stage.run("recover").code == 3
    assert stage.is_before()


@pytest.mark.parametrize("which", ["w1..", "w1.. retry-after=60"])
def test_row_11_429_for_ever_from_the_first_write_on_changes_nothing(which, new_stage):
    stage = new_stage(f"429@{which}")
    began = JumpingClock.passed

    answer = stage.apply()

    assert answer.code == 1
    assert stage.is_before()
    assert WAITING.format(limits.RATE_LIMIT_PATIENCE) in answer.said
    assert JumpingClock.passed - began < limits.RATE_LIMIT_PATIENCE + MARGIN
    assert stage.run("history", "--json").json["runs"][0]["status"] == "undone"


def test_row_11_429_for_ever_of_one_resource_alone_is_undone(new_stage):
    """Of the last one, which no undo needs."""
    stage = new_stage("429@w1.. on=my-site:index#b")
    began = JumpingClock.passed

    answer = stage.apply()

    assert undone(stage, answer)
    assert JumpingClock.passed - began < limits.RATE_LIMIT_PATIENCE + MARGIN
    assert stage.run("history", "--json").json["runs"][0]["status"] == "undone"


@pytest.mark.parametrize("parallel", ["1", "16"])
@pytest.mark.parametrize(
    ("which", "code", "phases"),
    [("w1..", 1, 1), ("w20..", 4, 2), ("w1.. on=my-site:index#e30", 3, 1)],
)
def test_row_11_however_many_writes_wait_each_phase_ends_within_what_it_said(
    which, code, phases, parallel, *, tmp_path, capfd, monkeypatch
):
    def elements(content):
        return "".join(
            f"          - {{name: e{n}, type: text, content: {content}}}\n" for n in range(60)
        )

    with staged(tmp_path, capfd, monkeypatch) as stage:
        stage.write(elements("old"))
        assert stage.run("apply", "--yes").code == 0
        stage.before = stage.api.state()
        stage.write(elements("new"))
        stage.fault(f"429@{which}")
        began = JumpingClock.passed

        answer = stage.run("apply", "--yes", "--parallel", parallel)

        assert answer.code == code
        assert answer.said.count(WAITING.format(limits.RATE_LIMIT_PATIENCE)) == phases
        assert JumpingClock.passed - began < phases * limits.RATE_LIMIT_PATIENCE + MARGIN
        stage.api.faults.clear()
        assert stage.run("recover").code == (3 if code == 4 else 0)
        assert stage.is_before()


@pytest.mark.parametrize("status", ["500", "502", "503", "504", "500-after", "502-after",
                                    "503-after", "504-after", "html-500", "empty-502"])  # fmt: skip
def test_row_12_a_5xx_on_a_write_is_unknown(status, new_stage):
    for k in WRITES:
        stage = new_stage(f"{status}@w{k}")
        answer = stage.apply()
        assert applied(stage, answer), (k, answer)
        assert stage.api.log.writes == (4 if "after" in status else 5)


def test_row_13_a_5xx_on_a_read_is_read_again(new_stage):
    for k in range(1, 8):
        stage = new_stage(f"503@r{k}..{k + 1}")
        assert applied(stage, stage.apply()), k


def test_row_13_a_5xx_on_reads_for_good_is_never_absence(new_stage):
    for k in range(1, 8):
        stage = new_stage(f"503@r{k}..{k + limits.READ_ATTEMPTS - 1}")
        answer = stage.apply()
        if answer.code == 1:
            assert (stage.api.log.writes, stage.is_before()) == (0, True)
        elif answer.code == 4:
            stage.api.faults.clear()
            assert stage.run("recover").code in (0, 3)
            assert stage.is_before() or stage.is_after()
        else:
            assert undone(stage, answer) or applied(stage, answer), (k, answer)


def test_nothing_listens_where_the_stage_pretends_to_be():
    with socket.socket() as sock, pytest.raises(OSError, match="refused"):
        sock.connect(("127.0.0.1", 9))
