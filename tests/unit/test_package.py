"""What is shipped: a wheel, installed where there is no checkout."""

import json
import subprocess
import zipfile
from pathlib import Path

import pytest
from support.checkout import clean_environ, copy_of_checkout
from support.registry import pip, venv

pytestmark = pytest.mark.slow

SCHEMAS = {"codefluss.openapi.yaml", "config.schema.json", "plan.schema.json"}


@pytest.fixture(scope="module")
def programs(tmp_path_factory) -> Path:
    """Of a virtual environment that has the wheel and what it depends on, and nothing else."""
    return venv(tmp_path_factory.mktemp("installed") / "venv")


@pytest.fixture(scope="module")
def wheel(programs, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    checkout = copy_of_checkout(folder / "checkout")
    pip(programs, "wheel", "--no-deps", "--wheel-dir", folder, checkout)
    (built,) = folder.glob("cfsync-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(programs, wheel):
    pip(programs, "install", wheel)

    def run(folder: Path, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [programs / "cfsync", *arguments],
            env=clean_environ(folder), cwd=folder, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        return done

    return run


def test_the_wheel_holds_the_package_its_schemas_and_its_types_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()

    assert {Path(name).name for name in names if name.startswith("cfsync/schemas/")} == SCHEMAS
    assert "cfsync/py.typed" in names
    assert "cfsync/authoring/starter.yaml" in names
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"cfsync"}
    assert not [name for name in names if "_cache" in name or "pycache" in name]


def test_installed_it_takes_a_new_site_from_init_to_no_changes(installed, tmp_path):
    assert installed(tmp_path, "--version").stdout.startswith("cfsync ")
    installed(tmp_path, "init")
    installed(tmp_path, "validate")
    installed(tmp_path, "apply", "--yes")
    assert "No changes." in installed(tmp_path, "plan", "--detailed-exitcode").stdout
    installed(tmp_path, "list")
    installed(tmp_path, "history")


@pytest.mark.parametrize("which", ["config", "plan"])
def test_installed_it_prints_the_schemas_that_were_shipped(installed, tmp_path, which):
    printed = installed(tmp_path, "schema", which).stdout

    assert printed == shipped(which).read_text(encoding="utf-8")
    assert json.loads(printed)["$schema"].endswith("2020-12/schema")


def shipped(which: str) -> Path:
    return Path(__file__).parents[2] / "schemas" / f"{which}.schema.json"


def test_without_the_extra_for_html_the_import_says_what_to_install(installed, tmp_path):
    (tmp_path / "index.html").write_text("<p>Hello", encoding="utf-8")

    refused = installed(tmp_path, "import", "html", ".", "--project", "site", code=1).stderr

    assert "pip install 'cfsync[html]'" in refused
