from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("server.py")


def run(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PATH": str(folder), "CI": ""} | environment,
    )


def tool(folder: Path, name: str, version: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n", encoding="utf-8")
    path.chmod(0o755)


def test_without_java_the_upload_to_a_real_server_is_skipped_and_says_so(tmp_path: Path) -> None:
    ended = run(tmp_path)
    assert (ended.returncode, ended.stdout.splitlines()[-1]) == (
        77,
        "skipped: java is not installed; the upload to a real server was not tried",
    )


def test_without_maven_or_with_an_old_java_as_well(tmp_path: Path) -> None:
    tool(tmp_path, "java", "11.0.2")
    assert "skipped: mvn is not installed" in run(tmp_path).stdout
    tool(tmp_path, "mvn", "3.8")
    assert "skipped: Java 17 or newer is not installed" in run(tmp_path).stdout


def test_in_continuous_integration_a_missing_tool_is_a_failure(tmp_path: Path) -> None:
    ended = run(tmp_path, CI="true")
    assert ended.returncode == 1
    assert "FAILED: java is not installed; with CI set, nothing is skipped" in ended.stdout
