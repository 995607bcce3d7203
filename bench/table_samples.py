"""Invented code tables of any length for measuring conversion: CSV and XLSX, with a sidecar.

    python bench/table_samples.py KIND COUNT FILE

Every row has a code, a display, a definition, a German designation and an integer property. ``flat`` has
nothing else; ``parents`` has a column of parents, each of ten children, level by level; ``levels`` has the
same hierarchy as a column of levels, each concept before those below it.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FAN_OUT = 10
_COLUMNS = ("Code", "Display", "Definition", "German", "Rank")
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
"""


def _cells(number: int) -> list[str]:
    return [
        f"T{number:07}",
        f"Grade {number} of the leaf",
        f"Leaves that taste of number {number}, whole or broken.",
        f"Blattgrad {number}",
        str(number),
    ]


def flat(count: int) -> Iterator[list[str]]:
    """Yield the header and ``count`` rows without a hierarchy."""
    yield list(_COLUMNS)
    yield from map(_cells, range(count))


def parents(count: int) -> Iterator[list[str]]:
    """Yield the header and ``count`` rows, each below the row of a tenth of its number."""
    yield [*_COLUMNS, "Parent"]
    for number in range(count):
        above = f"T{number // FAN_OUT - 1:07}" if number >= FAN_OUT else ""
        yield [*_cells(number), above]


def levels(count: int) -> Iterator[list[str]]:
    """Yield the header and ``count`` rows in the order of the same hierarchy, with their levels."""
    yield [*_COLUMNS, "Level"]
    waiting = [(number, 1) for number in range(min(FAN_OUT, count) - 1, -1, -1)]
    while waiting:
        number, level = waiting.pop()
        yield [*_cells(number), str(level)]
        below = range((number + 1) * FAN_OUT, min((number + 2) * FAN_OUT, count))
        waiting += [(each, level + 1) for each in reversed(below)]


KINDS: dict[str, Callable[[int], Iterator[list[str]]]] = {"flat": flat, "parents": parents, "levels": levels}


def write_csv(path: Path, kind: str, count: int) -> None:
    """Write a table as CSV, and its sidecar."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(KINDS[kind](count))
    path.with_suffix(".toml").write_text(SIDECAR, encoding="utf-8")


def write_xlsx(path: Path, kind: str, count: int) -> None:
    """Write a table as workbook, ranks as numbers, and its sidecar."""
    import openpyxl  # type: ignore[import-untyped]  # noqa: PLC0415  slow; it has no types of its own

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Grades")
    for row in KINDS[kind](count):
        sheet.append([int(cell) if cell.isdecimal() else cell for cell in row])
    book.save(path)
    path.with_suffix(".toml").write_text(SIDECAR, encoding="utf-8")


if __name__ == "__main__":
    target = Path(sys.argv[3])
    (write_xlsx if target.suffix == ".xlsx" else write_csv)(target, sys.argv[1], int(sys.argv[2]))
