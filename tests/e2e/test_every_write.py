"""A plan with every action in it, of which each write in turn goes wrong."""

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from support.console import console
from support.emulator import TOKEN, serving
from support.environments import TOKEN_VARIABLE

from cfsync.cli.errors import guarded
from cfsync.emulator.api import Api
from cfsync.emulator.calls import Call
from cfsync.emulator.faults import Fault

pytestmark = pytest.mark.slow

SITES = Path(__file__).parent / "sites"
WRITES = 30
EVERY_WRITE = pytest.mark.parametrize("k", range(1, WRITES + 1))
SUMMARY = {
    "create": 13, "update": 8, "move": 1, "replace": 1, "delete": 6, "adopt": 1,
    "keepLive": 0, "conflict": 0, "ignored": 0, "unmanaged": 0,
}  # fmt: skip
APPLY = ("apply", "--yes", "--allow-deletes", 6)


@dataclass(frozen=True, slots=True)
class World:
    """A site that was applied, then edited by a designer; the files already ask for more."""

    api: Api
    folder: Path
    saved: sqlite3.Connection
    before: list
    """What a visitor sees of it, and ..."""
    after: list
    """... once the files were applied."""
    names: dict[str, str]
    """Of everything by its id, as the files call it."""

    def restore(self) -> None:
        """Site and journal as they were when the designer had gone."""
        self.saved.backup(self.api.store._db)
        shutil.rmtree(self.folder / ".cfsync", ignore_errors=True)
        shutil.copytree(self.folder / "saved", self.folder / ".cfsync")
        self.api.faults.clear()
        self.api.count_anew()

    def fail(self, what: str, k: int) -> "Spoiled":
        spoiled = Spoiled(k, self.names)
        self.api.faults.append(Fault(Fault.parse(what).act, spoiled.matches))
        return spoiled


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    with (
        pytest.MonkeyPatch.context() as patch,
        closing(sqlite3.connect(":memory:", check_same_thread=False)) as saved,
        serving() as served,
    ):
        patch.setenv(TOKEN_VARIABLE, TOKEN)
        api = served.api
        apply(folder, "before.yaml", served.url)
        design(api)
        before, names = api.state(), names_of(api)
        (folder / ".cfsync").rename(folder / "saved")
        api.store._db.backup(saved)
        shutil.copytree(folder / "saved", folder / ".cfsync")
        apply(folder, "after.yaml", served.url)
        yield World(api, folder, saved, before, api.state(), names | names_of(api))


def names_of(api: Api) -> dict[str, str]:
    found, trees = {}, api.state(ids=True)
    while trees:
        tree = trees.pop()
        found[tree["id"]] = tree.get("slug", tree["name"])
        trees.extend(tree["children"])
    return found


def apply(folder: Path, name: str, url: str) -> None:
    text = (SITES / name).read_text(encoding="utf-8").replace("URL", url)
    (folder / "cfsync.yaml").write_text(text, encoding="utf-8")
    assert guarded(["-C", str(folder), *map(str, APPLY)]) == 0


def design(api: Api) -> None:
    """Something to adopt; and two pages change their slugs, which the files will not have."""
    designer = api.designer
    designer.add("acme:index", name="found", type="text", content="A designer's", position=100_000)
    designer.edit("acme:about", slug="between")
    designer.edit("acme:team", slug="about")
    designer.edit("acme:between", slug="team")


@pytest.fixture
def cfsync(world, capfd, monkeypatch):
    for name in ("CI", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(TOKEN_VARIABLE, TOKEN)
    world.restore()
    return console(world.folder, capfd)


@dataclass(slots=True)
class Spoiled:
    """The k-th write, each time it is tried; all others get through."""

    k: int
    names: dict[str, str]
    name: str = ""
    """Of what the write is about, as the files call it."""
    request_ids: list[str] = field(default_factory=list)
    """Of every try."""
    _write: tuple[str, str, bytes] | None = None

    def matches(self, call: Call, api: Api) -> bool:
        write = (call.method, call.path, call.body)
        if self._write is None and call.is_write and call.nth == self.k:
            self._write, self.name = write, self._named(call, api)
        if write != self._write:
            return False
        self.request_ids.append(api.meta(call).request_id)
        return True

    def _named(self, call: Call, api: Api) -> str:
        id_ = call.path.rsplit("/", 1)[1]
        if call.method != "POST" and id_ in self.names:
            return self.names[id_]
        about = json.loads(call.body) if call.method == "POST" else api.designer.get(id_)
        return str(about.get("slug", about["name"]))


def lines(out: str, head: str) -> list[str]:
    """What stands behind `head` on each line that begins with it."""
    return [
        line.strip()[len(head) :].strip() for line in out.splitlines() if line[2:].startswith(head)
    ]


def test_the_plan_has_every_action_in_thirty_writes_and_is_applied(cfsync, world):
    planned = cfsync("plan", "--json", "--allow-deletes", 6, code=0).json
    assert planned["summary"] == SUMMARY
    assert len(planned["writes"]) == WRITES

    cfsync(*APPLY, code=0)

    assert world.api.log.writes == WRITES
    assert world.api.state() == world.after != world.before
    assert "No changes." in cfsync("plan", "--detailed-exitcode", code=0).out


@pytest.mark.parametrize("what", ["400", "500"])
@EVERY_WRITE
def test_a_write_that_the_server_refuses_is_named_once_and_all_is_undone(cfsync, world, k, what):
    spoiled = world.fail(what, k)

    answer = cfsync(*APPLY, "--parallel", 1, code=3)

    assert world.api.state() == world.before
    assert answer.out.count("Failed, and undone: test is as before") == 1
    taken_back = "1 write taken back" if k == 2 else f"{k - 1} writes taken back"
    assert (taken_back if k > 1 else "nothing had been written") in answer.out
    (failed,) = lines(answer.out, "failed")
    assert spoiled.name in failed
    (said,) = lines(answer.out, "answer")
    assert said == f"HTTP {what}  {spoiled.request_ids[-1]}"
    assert "Error" not in answer.err
    assert cfsync("plan", "--json", "--allow-deletes", 6, code=0).json["summary"] == SUMMARY


@EVERY_WRITE
def test_a_write_that_never_arrives_is_named_once_and_all_is_undone(cfsync, world, k):
    spoiled = world.fail("drop-before", k)

    answer = cfsync(*APPLY, code=3)

    assert world.api.state() == world.before
    assert answer.out.count("Failed, and undone: test is as before") == 1
    (failed,) = lines(answer.out, "failed")
    assert spoiled.name in failed
    assert len(spoiled.request_ids) > 1, "tried again once it was proven not to be done"


@EVERY_WRITE
def test_a_write_whose_answer_is_lost_is_found_done_and_the_run_goes_on(cfsync, world, k):
    spoiled = world.fail("drop-after-commit", k)

    cfsync(*APPLY, code=0)

    assert world.api.state() == world.after
    assert len(spoiled.request_ids) == 1, "never sent again"
    assert "No changes." in cfsync("plan", "--detailed-exitcode", code=0).out


@pytest.mark.parametrize("what", ["500", "drop-before"])
@EVERY_WRITE
def test_a_write_that_failed_by_chance_is_sent_again_and_the_run_goes_on(cfsync, world, k, what):
    world.api.faults.append(Fault.parse(f"{what}@w{k}"))

    cfsync(*APPLY, code=0)

    assert world.api.state() == world.after
    assert world.api.log.writes == WRITES + 1
