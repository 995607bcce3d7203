"""Measures of converting code tables: time and memory, for CSV and workbooks, up to a million rows."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import floors
import table_samples as tables
from showing import compare, verdict, within
from timing import (
    TERMSMITH,
    Times,
    alternate,
    process_seconds,
    process_seconds_and_megabytes,
    process_seconds_but,
)

if TYPE_CHECKING:
    from pathlib import Path

MEGABYTES_OF_CSV = 250
MEGABYTES_OF_A_MILLION = 400
FORMS = (
    ("flat", "flat", ()),
    ("flat with parents as properties", "parents", ()),
    ("nested, rows in the order of the hierarchy", "levels", ()),
    ("nested, rows level by level", "parents", ("--hierarchy", "nested")),
)
"""What is made, from which kind of table, with which options."""


def rich_csv(folder: Path, count: int, runs: int) -> None:
    """(h) A CSV of rich rows: time and memory."""
    table = _table(folder, "parents", count, ".csv")
    command = [TERMSMITH, "convert", table.name, "--output", "rich"]
    peaks: list[float] = []

    def ours() -> float:
        shutil.rmtree(folder / "rich", ignore_errors=True)
        seconds, megabytes = process_seconds_and_megabytes(command, folder)
        peaks.append(megabytes)
        return seconds

    ours()
    floor = [sys.executable, floors.__file__, "csv", table.name, "rich/CodeSystem-grades.json"]
    process_seconds_but(floor, folder)
    peaks.clear()
    ours_times, floor_times = alternate(ours, lambda: process_seconds_but(floor, folder), runs=runs)
    compare(
        f"(h) termsmith convert of a CSV of {count:,} rich rows, {tables.FAN_OUT} below each, whole process",
        ours_times,
        "a process in which csv.reader reads it, and orjson writes the finished document",
        floor_times,
        4,
    )
    print(f"    peak memory: {within(max(peaks), MEGABYTES_OF_CSV, 'MB')}\n")
    table.unlink()


def growing(folder: Path, counts: tuple[int, int]) -> None:
    """(i) Longer and longer tables: cost of a row, and memory."""
    print("(i) termsmith convert of a CSV of rich rows, whole process")
    first, last = counts
    for title, kind, options in FORMS:
        costs: dict[int, float] = {}
        for count in counts:
            table = _table(folder, kind, count, ".csv")
            command = [TERMSMITH, "convert", table.name, "--output", "long", *options]
            measured = [
                process_seconds_and_megabytes(command, folder) for _ in range(3 if count == first else 1)
            ]
            times = Times(tuple(seconds for seconds, _ in measured))
            peak = max(megabytes for _, megabytes in measured)
            costs[count] = times.median / count
            print(f"    {count:>9,} rows, {title}: {times}, peak {peak:,.0f} MB")
            shutil.rmtree(folder / "long")
            table.unlink()
        print(f"    cost of a row: {verdict(costs[last] / costs[first], 1.1)}")
        print(f"    peak memory: {within(peak, MEGABYTES_OF_A_MILLION, 'MB')}")
    print()


def workbook(folder: Path, count: int, runs: int) -> None:
    """(j) A workbook of rich rows."""
    table = _table(folder, "parents", count, ".xlsx")
    command = [TERMSMITH, "convert", table.name, "--output", "book"]
    floor = [sys.executable, floors.__file__, "xlsx", table.name]

    def ours() -> float:
        shutil.rmtree(folder / "book", ignore_errors=True)
        return process_seconds(command, folder)

    ours()
    process_seconds(floor, folder)
    ours_times, floor_times = alternate(ours, lambda: process_seconds(floor, folder), runs=runs)
    compare(
        f"(j) termsmith convert of a workbook of {count:,} rich rows, whole process",
        ours_times,
        "a process in which python-calamine reads all its cells",
        floor_times,
        2,
    )
    table.unlink()


def _table(folder: Path, kind: str, count: int, suffix: str) -> Path:
    """Write a table in a process of its own, as a child process begins with the peak memory of its parent."""
    path = folder / f"{kind}{count}{suffix}"
    subprocess.run([sys.executable, tables.__file__, kind, str(count), str(path)], check=True)
    return path
