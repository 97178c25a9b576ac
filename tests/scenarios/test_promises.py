"""What holds for every command: one document, no secrets, harmless text, the same bytes."""

import base64
import json

import pytest
from support.emulator import TOKEN

HOSTILE = "\x1b[2J\x1b]0;owned\x07 \u202egnp.exe ##[add-mask]x\r\n::error::owned"


@pytest.fixture
def applied(cfsync, served):
    assert cfsync("apply", "--yes").code == 0
    return served


@pytest.mark.parametrize(
    "arguments",
    [
        ("plan",),
        ("list",),
        ("history",),
        ("validate",),
        ("apply",),
        ("apply", "--yes"),
        ("destroy",),
        ("recover",),
        ("undo", "x"),
        ("show", "x"),
        ("unprotect", "x"),
        ("init",),
        ("plan", "-e", "x"),
        ("nonsense",),
        ("plan", "--nonsense"),
    ],
)
def test_under_json_there_is_exactly_one_document(cfsync, served, arguments):
    answer = cfsync(*arguments, "--json")
    form = answer.json
    assert form["formatVersion"] == 1
    assert form["code"]
    assert form.get("exitCode", answer.code) == answer.code


def test_the_same_inputs_give_the_same_bytes(cfsync, applied, site):
    site.replace("content: Hello", "content: Changed")
    for arguments in (("plan",), ("plan", "--json")):
        assert cfsync(*arguments).out == cfsync(*arguments).out
    cfsync("plan", "--out", "one.json")
    cfsync("plan", "--out", "two.json")
    assert (site.path / "one.json").read_bytes() == (site.path / "two.json").read_bytes()


def test_the_key_is_in_nothing_that_is_written_or_said(cfsync, served, site, faults, tmp_path):
    faults("400@w3")
    said = ""
    for arguments in (
        ("plan", "--out", "plan.json", "--json-into", "beside.json"),
        ("apply", "--yes", "--log-level", "debug"),
        ("apply", "--yes", "--log-level", "debug", "--log-format", "json", "--json"),
        ("list", "--json"),
        ("history",),
    ):
        answer = cfsync(*arguments)
        said += answer.out + answer.err
    for path in tmp_path.rglob("*"):
        if path.is_file():
            said += path.read_bytes().decode("latin-1")
    raw = TOKEN.encode()
    assert len(said) > 10_000
    for form in (TOKEN, raw.hex(), base64.b64encode(raw).decode(), TOKEN[:8], TOKEN[-8:]):
        assert form not in said


def test_text_of_the_site_is_harmless_wherever_it_is_shown(cfsync, applied):
    applied.designer.edit("my-website:index#hero/title", content=HOSTILE)
    applied.designer.add("my-website:index", name=HOSTILE, type="text")
    for arguments in (("plan",), ("plan", "--json"), ("list",), ("list", "--json")):
        answer = cfsync(*arguments)
        assert answer.code == 0
        for text in (answer.out, answer.err):
            assert all(c.isprintable() or c == "\n" for c in text), arguments
            assert "##[" not in text
            assert not any(line.lstrip().startswith("::") for line in text.splitlines())


def test_hostile_text_in_the_files_is_harmless_too(cfsync, site, served):
    site.replace("content: Hello", "content: " + json.dumps(HOSTILE, ensure_ascii=True))
    for arguments in (("plan",), ("validate",), ("plan", "--json")):
        answer = cfsync(*arguments)
        assert answer.code == 1  # control characters are refused, and the message shows the line
        assert all(c.isprintable() or c == "\n" for c in answer.out + answer.err)


def test_text_of_the_files_that_a_pipeline_would_obey_is_shown_harmless(cfsync, site, served):
    site.replace("content: Hello", 'content: "::error::x\\n::error::y ##[error]z"')
    for arguments in (("plan",), ("apply", "--yes"), ("list",)):
        answer = cfsync(*arguments)
        assert answer.code == 0
        assert "##[" not in answer.out
        assert not any(line.lstrip().startswith("::") for line in answer.out.splitlines())


def test_variables_set_what_options_set(cfsync, served, monkeypatch):
    monkeypatch.setenv("CFSYNC_ENV", "local")
    monkeypatch.setenv("CFSYNC_YES", "1")
    monkeypatch.setenv("CFSYNC_JSON", "true")
    assert cfsync("apply").json["plan"]["environment"] == "local"
    assert cfsync("plan", "-e", "staging").json["environment"] == "staging"


@pytest.mark.parametrize("which", ["config", "plan"])
def test_a_schema_can_be_printed(cfsync, which):
    assert cfsync("schema", which).json["$schema"].endswith("2020-12/schema")


def test_a_static_site_becomes_a_configuration(cfsync, site, tmp_path):
    (tmp_path / "html").mkdir()
    (tmp_path / "html/index.html").write_text("<h1>Hello</h1><p>World, <b>bold</b></p>")
    answer = cfsync("import", "html", tmp_path / "html", "--project", "my-website")
    assert answer.code == 0, answer.err
    assert "1 page" in answer.out
    assert cfsync("apply", "--yes").code == 0
    assert "my-website:index" in cfsync("--json", "list").out
    taken = cfsync("import", "html", tmp_path / "html", "--project", "my-website", "--json")
    assert taken.code == 64
    assert taken.json["code"] == "usage"


def test_a_static_site_imported_is_told_as_json(cfsync, tmp_path):
    (tmp_path / "index.html").write_text("<h1>Hello</h1>")
    form = cfsync("import", "html", tmp_path, "--project", "my-website", "--json").json
    assert form["pages"] == 1
    assert form["code"] == "ok"


def test_init_says_what_it_wrote_and_never_overwrites(cfsync, site):
    form = cfsync("init", "--json").json
    assert str(site.path / "cfsync.yaml") in form["written"]
    assert cfsync("init").code == 64
