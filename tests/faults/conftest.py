"""Options of the fault harness, and the figures that its last full run leaves behind."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from faults.figures import Figures
from faults.stage import Stage, staged


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
def figures(request: pytest.FixtureRequest, full: bool) -> Iterator[Figures]:
    """Gathers what the tests measured; a full run writes the page of it."""
    figures = Figures()
    yield figures
    if full and not request.session.testsfailed:
        figures.write()


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
