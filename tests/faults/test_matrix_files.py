"""Rows 43 to 48: hostile files, hostile text, and the key."""

import json
import os
import re
import resource
from html.parser import HTMLParser

import pytest
from faults.stage import CANARY, HEAD, URL
from support.measured import run

from cfsync.report.formats import FORMATS

BOMB = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
)
BOMBS = {
    "alias bomb": BOMB,
    "self-alias": "vars: &a [*a]\n",
    "3,000 brackets": "vars: " + "[" * 3000,
    "5,000-digit number": f"version: {'9' * 5000}\n",
    "deep block": "".join(f"{' ' * n}a:\n" for n in range(3000)),
}


def measured(folder, *arguments):
    """Exit code, what was said, CPU seconds, and MiB, of a process of its own."""
    ended = run(folder, {**os.environ, "HOME": str(folder)}, *arguments)
    return ended.code, ended.said, ended.seconds, ended.bytes / 1024**2


@pytest.mark.parametrize("name", BOMBS)
def test_row_43_a_bomb_is_refused_in_little_time_and_memory(name, tmp_path):
    (tmp_path / "cfsync.yaml").write_text(BOMBS[name])

    code, said, seconds, size = measured(tmp_path, "validate")

    assert code == 1
    assert "Traceback" not in said
    assert re.search(r"cfsync\.yaml:\d+:\d+", said)
    assert seconds < 3  # of which a third is Python's own beginning on a busy machine
    assert size < 200


def test_row_43_a_huge_file_is_refused_unread(tmp_path):
    with (tmp_path / "cfsync.yaml").open("wb") as file:
        file.truncate(1024**3)

    code, said, seconds, size = measured(tmp_path, "validate")

    assert code == 1
    assert "16 MiB" in said
    assert (seconds < 3, size < 200) == (True, True)
    assert resource.getpagesize()


WRONG = {
    "duplicate key": "version: 1\nname: a\nname: b\n",
    "python tag": "version: 1\nname: !!python/object/apply:os.system [id]\n",
    "lone surrogate": 'version: 1\nname: "\\ud800"\n',
    "NUL": 'version: 1\nname: "a\\0b"\n',
    "sexagesimal port": "version: 1\nname: 1:30\nenvironments: {x: {url: 1:30}}\n",
    "octal": "version: 010\nname: a\n",
}


@pytest.mark.parametrize("name", WRONG)
def test_row_44_what_yaml_parsers_disagree_on_is_refused_with_its_place(name, stage):
    (stage.path / "cfsync.yaml").write_text(WRONG[name])

    answer = stage.run("validate")

    assert answer.code == 1, answer
    assert re.search(r"cfsync\.yaml:\d+:\d+", answer.said)


def test_row_44_a_file_in_utf_16_is_refused(stage):
    (stage.path / "cfsync.yaml").write_bytes("version: 1\nname: a\n".encode("utf-16"))

    answer = stage.run("validate")

    assert answer.code == 1
    assert "UTF-8" in answer.said


def test_row_44_no_and_on_are_words(stage):
    stage.write("          - {name: no, type: text, content: on}\n")

    shown = stage.run("plan", "--json", "--on-conflict", "take-config").out

    assert '"name": "no"' in shown or "#no" in shown


@pytest.fixture
def outside(tmp_path_factory):
    folder = tmp_path_factory.mktemp("outside")
    (folder / "secret").write_text("the secret of the outside")
    (folder / "evil.yaml").write_text("vars: {x: the secret of the outside}\n")
    return folder


@pytest.mark.parametrize("how", ["absolute", "dots", "symlink", "fifo", "device", "cycle"])
def test_row_45_a_file_that_leads_out_is_refused(how, stage, outside):
    target = stage.path / "inside"
    match how:
        case "absolute":
            name = str(outside / "secret")
        case "dots":
            name = f"../../../../{outside}/secret"
        case "symlink":
            target.symlink_to(outside / "secret")
            name = "inside"
        case "fifo":
            os.mkfifo(target)
            name = "inside"
        case "device":
            name = "/dev/zero"
        case "cycle":
            target.symlink_to(target)
            name = "inside"
    stage.write(f"          - {{name: a, type: text, content: {{file: {name}}}}}\n")

    answer = stage.run("plan")

    assert answer.code == 1
    assert "the secret of the outside" not in answer.said
    assert re.search(r"cfsync\.yaml:\d+:\d+", answer.said)


@pytest.mark.parametrize("how", ["absolute", "symlink"])
def test_row_45_an_include_that_leads_out_is_refused(how, stage, outside):
    name = {"absolute": str(outside / "evil.yaml"), "symlink": "in.yaml"}
    (stage.path / "in.yaml").symlink_to(outside / "evil.yaml")
    config = stage.path / "cfsync.yaml"
    config.write_text(f"include: [{name[how]}]\n" + config.read_text())

    answer = stage.run("plan")

    assert answer.code == 1
    assert "the secret of the outside" not in answer.said


def test_row_45_a_file_that_includes_itself_is_read_once_or_refused(stage):
    config = stage.path / "cfsync.yaml"
    plain = stage.run("plan").out
    config.write_text(config.read_text() + "include: [cfsync.yaml]\n")

    answer = stage.run("plan")

    assert answer.code == 1 or answer.out == plain


def test_row_45_a_symlink_that_stays_inside_is_followed(stage):
    (stage.path / "real").write_text("new\n")
    (stage.path / "link").symlink_to("real")
    stage.write("          - {name: a, type: text, content: {file: link}}\n")

    assert stage.run("plan").code == 0


HOSTILE = [
    "\x1b[2J\x1b]0;owned\x07",
    "a\rb",
    "\u202egnp.exe",
    "\u2066x\u2069",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://evil.example/x.png)",
    "`a` | b | @team <!-- c -->",
    "\n::error::owned",
    "##[add-mask]x",
]


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.csp = [], [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        facts = dict(attrs)
        if facts.get("http-equiv", "").lower() == "content-security-policy":
            self.csp = facts["content"] or ""


def html_is_inert(text):
    parser = _Tags()
    parser.feed(text)
    assert "script" not in parser.tags
    assert "img" not in parser.tags
    assert not [name for name in parser.attributes if name.startswith("on")]
    assert "default-src 'none'" in parser.csp
    assert "script-src" not in parser.csp or "script-src 'none'" in parser.csp


def markdown_is_inert(text):
    assert len(text) < 65_536
    assert "<script>" not in text
    assert "<img" not in text
    assert "![x](" not in text
    assert "<!-- c" not in text
    assert not re.search(r"(?<![\\`\w/])@team", text)


PARSED = {"html": html_is_inert, "markdown": markdown_is_inert}
"""What a format needs beyond what all of them do."""


@pytest.mark.parametrize("format_", FORMATS)
def test_row_46_hostile_text_is_inert_in_every_format(format_, stage):
    names = [{"name": f"n{n} {text}"} for n, text in enumerate(HOSTILE)]
    for n, name in enumerate(names):
        stage.api.designer.add(
            "my-site:index", name, type="text", content=HOSTILE[n], position=9000 + n
        )
    head = HEAD.format(url=URL, more="")
    lines = "".join(
        f"          - {{name: e{n}, type: text, content: {json.dumps(text)}}}\n"
        for n, text in enumerate(HOSTILE)
        if "\x1b" not in text
    )
    (stage.path / "cfsync.yaml").write_text(
        head.replace("    name: My Site", "    name: My Site\n    manage: mirror") + lines
    )

    answer = stage.run("plan", "--format", format_)

    assert answer.code in (0, 6), answer
    shown = answer.out
    assert "e4" in shown
    seen = shown.replace("\n", "")
    assert all(c.isprintable() for c in seen), [c for c in seen if not c.isprintable()]
    assert not [line for line in shown.splitlines() if line.lstrip().startswith("::")]
    assert "##[" not in shown
    PARSED.get(format_, lambda _: None)(shown)


def test_row_46_hostile_text_of_the_api_is_inert_in_errors(new_stage):
    reason = "\x1b[2J::error::x ##[add-mask]y"
    stage = new_stage(f"400@w1 field=content reason='{reason}'")

    answer = stage.apply()

    assert answer.code == 3
    assert "\x1b" not in answer.out + answer.err
    assert "##[" not in answer.out + answer.err


def test_row_47_the_key_is_in_nothing_that_any_command_writes(new_stage):
    """The stage searches all that was written at debug level: here by every command."""
    stage = new_stage("400@w3")
    plan = str(stage.path / "plan.json")
    for arguments in (
        ("validate",), ("plan", "--out", plan, "--json-into", str(stage.path / "p.json")),
        ("plan", "--json"), ("show", plan), ("apply", "--yes", "--allow-deletes", "2"),
        ("list",), ("history",), ("history", "--json"), ("plan", "--log-format", "json"),
        ("apply", "--json", "--yes", "--allow-deletes", "2"), ("destroy",), ("recover",),
        ("--json", "nonsense"), ("schema", "config"),
    ):  # fmt: skip
        answer = stage.run(*arguments)
        assert CANARY[:8] not in answer.out + answer.err
    assert len(stage.written) > 20
    assert stage.find_secret() == []


def test_row_47_a_key_pasted_into_the_configuration_is_refused_and_not_shown(stage):
    config = stage.path / "cfsync.yaml"
    text = config.read_text()
    config.write_text(text.replace("{env: CFSYNC_TOKEN_STAGE}", f'"{CANARY}"'))

    answer = stage.run("plan")

    config.write_text(text)
    assert answer.code == 1
    assert CANARY[:8] not in answer.out + answer.err


def test_row_47_a_search_for_the_key_finds_it_where_it_is(stage):
    for spelled in (CANARY, CANARY[5:13], CANARY.encode().hex()):
        stage.written[:] = [f"... {spelled} ..."]
        assert stage.find_secret() == ["output 0"]
    stage.written.clear()


@pytest.mark.parametrize(
    "environment",
    [
        "{url: 'https://evil.example/v1', token: {env: CFSYNC_TOKEN_STAGE}}",
        "{url: 'https://codefluss.com.evil.example/v1', token: {env: CFSYNC_TOKEN_STAGE}}",
        "{url: 'https://codefluss.com@evil.example/v1', token: {env: CFSYNC_TOKEN_STAGE}}",
        "{url: 'http://127.0.0.1.evil.example/v1', token: {env: CFSYNC_TOKEN_STAGE}}",
        "{url: 'http://api.codefluss.com/v1', token: {env: CFSYNC_TOKEN_STAGE}}",
        "{url: 'http://127.0.0.1:9/v1', token: {command: [sh, -c, 'touch owned; echo x']}}",
        "{url: 'http://127.0.0.1:9/v1', token: {file: /etc/passwd}}",
        "{url: 'http://127.0.0.1:9/v1', token: {env: HOME}}",
        "{url: 'http://127.0.0.1:9/v1', token: {env: AWS_SECRET_ACCESS_KEY}}",
        "{url: 'local:../../outside.db'}",
    ],
)
def test_row_48_a_pull_request_cannot_send_or_read_what_is_not_its_own(environment, stage):
    text = f"version: 1\nname: acme\nenvironments:\n  pr: {environment}\n"
    config = stage.path / "cfsync.yaml"
    config.write_text(text + "default_environment: pr\nprojects: []\n")
    stage.api.count_anew()

    answer = stage.run("plan")

    assert answer.code == 1, answer
    assert len(stage.api.log.exchanges) == 0
    assert not (stage.path / "owned").exists()
    assert not list(stage.path.parent.glob("outside.db"))


def test_row_48_variables_of_the_environment_are_no_values(stage, monkeypatch):
    monkeypatch.setenv("SECRET", "of the machine")
    stage.write('          - {name: a, type: text, content: "${env.SECRET}"}\n')

    answer = stage.run("plan")

    assert answer.code == 1
    assert "of the machine" not in answer.said
