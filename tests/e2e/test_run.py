from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from run import STEPS

SCRIPT = Path(__file__).with_name("run.py")


def run(folder: Path, *names: str, ci: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), *names],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PATH": str(folder), "CI": ci},
    )


def test_each_step_is_a_script_that_says_how_it_is_run() -> None:
    for name in STEPS:
        text = SCRIPT.with_name(f"{name}.py").read_text(encoding="utf-8")
        assert f"``python tests/e2e/{name}.py" in text.partition("\n\n")[0]


def test_skipped_steps_are_named_at_the_end(tmp_path: Path) -> None:
    ended = run(tmp_path, "sushi", "validator")
    assert ended.returncode == 0
    last = ended.stdout.partition("\n== e2e\n")[2].splitlines()
    assert [line.partition(" after")[0] for line in last] == ["sushi: SKIPPED", "validator: SKIPPED"]
    assert "skipped: node is not installed; SUSHI was not tried" in ended.stdout


def test_in_continuous_integration_they_fail_and_the_others_still_run(tmp_path: Path) -> None:
    ended = run(tmp_path, "sushi", "validator", ci="true")
    assert ended.returncode == 1
    assert "sushi: FAILED" in ended.stdout
    assert "validator: FAILED" in ended.stdout


def test_an_unknown_step_is_refused(tmp_path: Path) -> None:
    ended = run(tmp_path, "nothing")
    assert (ended.returncode, ended.stderr) == (2, f"no step nothing; there are {', '.join(STEPS)}\n")
