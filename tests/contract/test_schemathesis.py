"""The served emulator against its own contract, judged by schemathesis.

Several seeds, since one finds only some bugs; the stateful phase follows ids from answer to
request.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.emulator import TOKEN, serving

ROOT = Path(__file__).parents[2]
CONTRACT = ROOT / "schemas" / "codefluss.openapi.yaml"
JUDGE = Path(__file__).with_name("schemathesis_judge.py")
EXAMPLES = 20


def _program():
    beside = Path(sys.executable).with_name("schemathesis")
    found = str(beside) if beside.exists() else shutil.which("schemathesis")
    if found is None and os.environ.get("CI") == "true":
        pytest.fail("schemathesis is required here: pip install 'schemathesis>=4.32'")
    return found or pytest.skip("schemathesis is not installed: pip install 'schemathesis>=4.32'")


def _judged(url, seed, folder):
    report = folder / "report.json"
    done = subprocess.run(
        [
            _program(), "--no-color", "run", str(CONTRACT), "--url", url,
            "--header", f"Authorization: Bearer {TOKEN}",
            "--max-examples", str(EXAMPLES), "--seed", str(seed),
            "--exclude-checks", "positive_data_acceptance",
            "--report", "json", "--report-json-path", str(report),
        ],
        cwd=folder,  # it leaves .hypothesis and .schemathesis behind
        env={**os.environ, "SCHEMATHESIS_HOOKS": str(JUDGE)},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    return done, json.loads(report.read_text(encoding="utf-8")) if report.exists() else None


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 20, 300])
def test_schemathesis_finds_nothing_in_the_served_emulator(seed, tmp_path):
    with serving(token=TOKEN, seed=seed) as server:
        done, report = _judged(server.url, seed, tmp_path)
        writes = server.api.log.writes

    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert report["failures"] == []
    assert report["errors"] == []
    assert report["operations"]["tested"] == report["operations"]["total"] == 15
    assert report["phases"]["stateful"]["status"] == "success"
    assert writes > 100
