"""Other processes fill the cache; whatever becomes of them, the configuration is the same."""

import subprocess
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from cfsync import limits
from cfsync.desired import ahead, parse_ahead
from cfsync.desired.ahead import Ahead
from cfsync.errors import ConfigError

from .conftest import HEAD

NAMES = [f"sites/p{number}.yaml" for number in range(4)]


def page(number, type_="text"):
    words = "many words " * 500
    element = f"{{name: e, type: {type_}, content: {words}}}"
    return f"project: s\npages:\n- {{slug: p{number}, name: Page, elements: [{element}]}}\n"


@pytest.fixture
def site(folder):
    root = HEAD + "include: [sites/*.yaml]\nprojects: [{slug: s, name: Site}]\n"
    return folder.root(root, **{name: page(number) for number, name in enumerate(NAMES)})


@pytest.fixture(autouse=True)
def two_processors(monkeypatch):
    monkeypatch.setattr(ahead, "_processors", lambda: 2)
    monkeypatch.setattr(limits, "AHEAD_AFTER_BYTES", 1)
    monkeypatch.setattr(limits, "MIN_AHEAD_BYTES", 1)


@pytest.fixture
def environ(tmp_path_factory):
    return {"XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache"))}


@pytest.fixture
def started(monkeypatch):
    """Processes that were started, with the environment that each was given."""
    found = []
    start = subprocess.Popen

    def popen(command, **options):
        process = start(command, **options)
        found.append((process, options["env"]))
        return process

    monkeypatch.setattr(subprocess, "Popen", popen)
    return found


def let_others_finish(site, environ, started):
    others = Ahead(site.path, environ)
    others.parsed(1, NAMES)
    assert [process.wait(60) for process, _ in started] == [0]
    others.close()


def test_what_another_process_kept_is_not_parsed(site, environ, started, parsed):
    let_others_finish(site, environ, started)
    assert site.load(**environ).counts["element"] == len(NAMES)
    assert parsed == ["cfsync.yaml"]


def test_the_configuration_is_the_same_with_others_and_without(site, environ, started):
    alone = site.load()
    assert started == []
    together = site.load(**environ)
    assert len(started) == 1
    assert repr(together.state) == repr(alone.state)
    assert together.state.digest == alone.state.digest


def test_others_are_gone_when_loading_ends_whether_it_went_well_or_not(site, environ, started):
    site.write_all({NAMES[3]: page(3, type_="7")})
    with pytest.raises(ConfigError):
        site.load(**environ)
    assert all(process.returncode is not None for process, _ in started)


def test_a_file_with_a_problem_is_left_to_the_first_process(site, environ, started, parsed):
    site.write_all({NAMES[3]: page(3, type_="7"), NAMES[2]: "}"})
    let_others_finish(site, environ, started)
    alone, together = site.problems(), site.problems(**environ)
    assert together == alone
    assert {each.file for each in together} == {NAMES[2], NAMES[3]}


def test_others_are_not_given_a_key(site, environ, started):
    site.load(**environ, CODEFLUSS_API_KEY="secret", CFSYNC_TOKEN_X="secret", HOME="/h")
    ((_, given),) = started
    assert given == {**environ, "HOME": "/h"}


def test_others_take_no_modules_from_the_working_directory(site, environ, started, monkeypatch):
    site.write_all({"yaml.py": "open('marker', 'w')", "cfsync.py": "open('marker', 'w')"})
    monkeypatch.chdir(site.path)
    let_others_finish(site, environ, started)
    assert not (site.path / "marker").exists()
    assert len(list(Path(environ["XDG_CACHE_HOME"], "cfsync").iterdir())) == len(NAMES)


def test_nobody_helps_on_one_processor(site, environ, started, monkeypatch):
    monkeypatch.setattr(ahead, "_processors", lambda: 1)
    site.load(**environ)
    assert started == []


def test_nobody_helps_where_little_is_left(site, environ, started, monkeypatch):
    monkeypatch.setattr(limits, "MIN_AHEAD_BYTES", 10**9)
    site.load(**environ)
    assert started == []


def test_nobody_helps_before_enough_had_to_be_parsed(site, environ, started, monkeypatch):
    monkeypatch.setattr(limits, "AHEAD_AFTER_BYTES", 10**9)
    site.load(**environ)
    assert started == []


def test_nobody_helps_where_nothing_is_kept(site, environ, started):
    site.load(**environ, CFSYNC_CACHE="0")
    assert started == []


def test_a_system_without_room_for_a_process_is_no_problem(site, environ, monkeypatch):
    def refused(*_, **__):
        raise BlockingIOError

    monkeypatch.setattr(subprocess, "Popen", refused)
    assert site.load(**environ).counts["page"] == len(NAMES)


def test_several_take_turns_from_the_far_end(site, environ, monkeypatch):
    monkeypatch.setattr(ahead, "_processors", lambda: 3)
    given = []

    def start(_, names):
        given.append(names)
        raise OSError

    monkeypatch.setattr(Ahead, "_start", start)
    Ahead(site.path, environ).parsed(1, NAMES)
    assert given == [[NAMES[3], NAMES[1]]]


@pytest.mark.parametrize(
    ("quota", "usable"),
    [("200000 100000", 2), ("50000 100000", 0), ("max 100000", 8), ("", 8), (None, 8)],
)
def test_a_container_uses_no_more_than_it_is_given(tmp_path, monkeypatch, quota, usable):
    monkeypatch.undo()
    monkeypatch.setattr(ahead.os, "sched_getaffinity", lambda _: range(8), raising=False)
    monkeypatch.setattr(ahead, "_QUOTA", tmp_path / "cpu.max")
    if quota is not None:
        (tmp_path / "cpu.max").write_text(quota)
    assert ahead._processors() == usable


def test_a_program_that_cannot_be_started_again_is_alone(monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(ahead.sys, "executable", "")
    assert ahead._processors() == 1


def test_files_that_are_gone_by_now_are_passed_over(site, environ, monkeypatch, parsed):
    names = "\0".join([NAMES[0], "sites/gone.yaml", "../outside.yaml", NAMES[1]])
    monkeypatch.setattr(parse_ahead.sys, "argv", ["parse_ahead", str(site.path)])
    monkeypatch.setattr(parse_ahead.sys, "stdin", TextIOWrapper(BytesIO(names.encode())))
    monkeypatch.setattr(parse_ahead.os, "environ", environ)
    parse_ahead.main()
    assert parsed == NAMES[:2]
    parsed.clear()
    site.load(**environ)
    assert parsed == ["cfsync.yaml", *NAMES[2:]]
