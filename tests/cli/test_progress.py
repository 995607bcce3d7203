"""`--progress`: how far the work has come, on standard error."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli import pages
from cli.test_process import run
from termsmith.cli import progress
from termsmith.cli.progress import Lines

SIDECAR = """\
title = "Grades of Tea"
canonical_url = "https://tasters.example/id/grades"
publisher = "Guild of Tasters"
description = "Grades."
version = "1"
status = "active"
date = "2025-03-01"

[concepts]
content = "complete"
"""


def write_table(name: str, count: int) -> None:
    rows = "".join(f"T{number},Grade {number}\n" for number in range(count))
    Path(name).write_text(f"Code,Display\n{rows}", encoding="utf-8")
    Path(name).with_suffix(".toml").write_text(SIDECAR, encoding="utf-8")


@pytest.fixture
def _always_due(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_SECONDS_OF_LINES", 0)


@pytest.mark.usefixtures("_always_due")
def test_pages_and_rows_are_counted_in_lines_where_there_is_no_terminal() -> None:
    write_table("tea.csv", 25_000)
    pages.write_page("ale.txt", "Ale")
    result = pages.termsmith("convert", "ale.txt", "tea.csv", "-o", "out", "--progress")
    lines = [line for line in result.stderr.splitlines() if "rows" in line or " of 2 pages" in line]
    assert lines == [
        "note: 1 of 2 pages",
        "note: tea.csv: 10,000 rows read",
        "note: tea.csv: 20,000 rows read",
        "note: tea.csv: 25,000 rows read",
        "note: tea.csv: 10,000 of 25,000 rows",
        "note: tea.csv: 20,000 of 25,000 rows",
        "note: tea.csv: 25,000 of 25,000 rows",
        "note: 2 of 2 pages",
    ]
    assert [line.partition(" -> ")[0] for line in result.stdout.splitlines()] == ["ale.txt", "tea.csv"]


@pytest.mark.usefixtures("_always_due")
def test_nobody_is_told_who_did_not_ask() -> None:
    write_table("tea.csv", 25_000)
    result = pages.termsmith("convert", "tea.csv", "-o", "out")
    assert "rows" not in result.stderr
    assert " of 1 page" not in result.stderr


def test_lines_come_only_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([0.0, 1.0, 1.9, 2.1, 3.0, 4.2])
    monkeypatch.setattr("termsmith.cli.progress.time.monotonic", lambda: next(clock))
    lines = Lines(10)
    for _ in range(5):
        lines.page()
    assert capsys.readouterr().err == "note: 3 of 10 pages\nnote: 5 of 10 pages\n"


def test_several_processes_convert_large_tables_all_the_same() -> None:
    write_table("tea.csv", 25_000)
    for number in range(3):
        pages.write_page(f"page{number}.txt", f"Tea{number}", number=number)
    arguments = ("convert", "page0.txt", "tea.csv", "page1.txt", "page2.txt")
    one = run(*arguments, "-o", "one")
    two = run(*arguments, "-o", "two", "--jobs", "2", "--progress")
    assert (one.stdout, one.returncode) == (two.stdout, two.returncode)
    assert pages.listing("one") == pages.listing("two")
    assert one.returncode == 0
    assert len(pages.listing("one")) == 8
