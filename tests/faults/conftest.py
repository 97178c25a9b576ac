"""Options of the fault harness, and the figures that its last full run leaves behind."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from faults.figures import Figures
from faults.page import write
from faults.stage import CANARY, Stage, staged


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("faults", "the fault harness")
    group.addoption(
        "--replay",
        metavar="CHOICES",
        help="run one schedule again, as a failure names it: 0,0,3,1 (with --scenario, --budget)",
    )
    group.addoption("--scenario", default="four", help="of --replay: four, six, or SEED/CHANGES")
    group.addoption("--budget", default="crashes=3", help="of --replay: crashes=1,faults=1,...")
    group.addoption(
        "--faults",
        choices=("slice", "full"),
        default="slice",
        help="full: every schedule and seed, an hour or more; writes tests/faults/README.md",
    )


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    return request.config.getoption("--faults", default="slice") == "full"


@pytest.fixture(scope="session")
def figures(
    request: pytest.FixtureRequest, full: bool, tmp_path_factory: pytest.TempPathFactory
) -> Figures:
    """Where tests leave what they measured; without a cache it is not kept."""
    return Figures(_kept(request.config) or tmp_path_factory.mktemp("figures"), full)


def _kept(config: pytest.Config) -> Path | None:
    cache: pytest.Cache | None = getattr(config, "cache", None)
    return cache.mkdir("faults") if cache is not None else None


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A full run writes the page, once all of its processes are done; from the cache alone."""
    is_worker = hasattr(session.config, "workerinput")
    full = session.config.getoption("--faults", default="slice") == "full"
    folder = _kept(session.config)
    if folder is not None and full and exitstatus == 0 and not is_worker:
        write(folder)


@pytest.fixture
def plain_environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of real processes: a key, and nothing of the person's who runs the tests."""
    monkeypatch.setenv("CFSYNC_TOKEN_STAGE", CANARY)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("CI", "NO_COLOR", "CFSYNC_JOURNAL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def new_stage(
    tmp_path_factory: pytest.TempPathFactory,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[..., Stage]]:
    """Another folder and another API, settled as before; as often as wanted."""
    with ExitStack() as stack:

        def make(*faults: str, more: str = "") -> Stage:
            folder = tmp_path_factory.mktemp("site")
            stage = stack.enter_context(staged(folder, capfd, monkeypatch, more))
            stage.begin()
            stage.fault(*faults)
            return stage

        yield make


@pytest.fixture
def stage(new_stage: Callable[..., Stage]) -> Stage:
    return new_stage()
