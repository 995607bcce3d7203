"""Tables whose concepts are written as they are made."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli.pages import listing, termsmith
from cli.test_process import COMMAND

COUNT = 30_000
SIDECAR = """\
title = "Grades of Tea"
canonical_url = "https://tasters.example/id/grades"
publisher = "Guild of Tasters"
description = "The grades by which the tasters sort leaves."
version = "1"
status = "active"
date = "2025-03-01"
id = "grades"

[concepts]
content = "complete"
hierarchy_meaning = "is-a"
"""


def write_table(count: int = COUNT, last: str = "last") -> None:
    rows = [f"T{number},Grade {number},Leaves {number},Grad {number},{number}," for number in range(count)]
    rows = [row + (f"T{number // 10 - 1}" if number >= 10 else "") for number, row in enumerate(rows)]
    header = "Code,Display,Definition,German,Item weight,Parent\n"
    Path("tea.csv").write_text(header + "\n".join(rows) + f"\nZ,{last},{last} of all,,,\n", encoding="utf-8")
    Path("tea.toml").write_text(SIDECAR, encoding="utf-8")


@pytest.mark.parametrize("hierarchy", ["nested", "parent-child"])
def test_check_finds_nothing_in_what_a_clean_table_gave(hierarchy: str) -> None:
    write_table()
    made = termsmith("convert", "tea.csv", "-o", "out", "--hierarchy", hierarchy)
    assert made.exit_code == 0
    written = json.loads(Path("out/CodeSystem-grades.json").read_bytes())
    assert written["count"] == COUNT + 1
    assert len(written["concept"]) == (11 if hierarchy == "nested" else COUNT + 1)
    checked = termsmith("check", "out/CodeSystem-grades.json", "--format", "json")
    findings = [
        each["code"] for source in json.loads(checked.stdout)["sources"] for each in source["findings"]
    ]
    assert [code for code in findings if code not in WITHOUT_NARRATIVE] == []


WITHOUT_NARRATIVE = {"INV006"}
"""We write no narrative, as everybody is told."""


def test_what_would_not_change_is_not_touched() -> None:
    write_table()
    assert "CodeSystem-grades.json (new)" in termsmith("convert", "tea.csv", "-o", "out").stdout
    for path in Path("out").iterdir():
        os.utime(path, (1, 1))
    assert "CodeSystem-grades.json (" not in termsmith("convert", "tea.csv", "-o", "out").stdout
    assert {path.stat().st_mtime for path in Path("out").iterdir()} == {1}
    write_table(last="very last")
    assert "CodeSystem-grades.json (changed)" in termsmith("convert", "tea.csv", "-o", "out").stdout


def test_check_mode_compares_and_writes_nothing() -> None:
    write_table()
    assert termsmith("convert", "tea.csv", "-o", "out", "--check").exit_code == 1
    assert not Path("out").exists()
    termsmith("convert", "tea.csv", "-o", "out")
    before = listing("out")
    assert termsmith("convert", "tea.csv", "-o", "out", "--check").exit_code == 0
    write_table(last="other")
    result = termsmith("convert", "tea.csv", "-o", "out", "--check")
    assert (result.exit_code, result.stdout) == (1, "tea.csv -> CodeSystem-grades.json (changed)\n")
    assert listing("out") == before


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("hierarchy", ["nested", "parent-child"])
def test_being_stopped_while_writing_leaves_the_old_file(hierarchy: str) -> None:
    write_table(200_000)
    Path("out").mkdir()
    Path("out/CodeSystem-grades.json").write_bytes(b"old")
    process = subprocess.Popen(
        [*COMMAND, "convert", "tea.csv", "-o", "out", "--hierarchy", hierarchy],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not list(Path().glob("out/.termsmith-*/CodeSystem-*.json")) and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert (stdout, stderr, process.returncode) == (b"", b"interrupted\n", 130)
    assert listing("out") == {"CodeSystem-grades.json": b"old"}
