"""Long tables are never in memory as a whole, whatever becomes of their hierarchy."""

from __future__ import annotations

import io
import tracemalloc
from typing import TYPE_CHECKING, BinaryIO, cast

import pytest

from termsmith.concepts import csv_table, survey
from termsmith.concepts.code_list import ListOptions, code_list
from termsmith.concepts.csv_table import read_csv_table
from termsmith.concepts.hierarchy import Hierarchy
from termsmith.outputs.files import write_concepts

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 10_000
BYTES_OF_A_ROW = 350
"""What is kept of each row, its code above all. A concept of these tables takes 1,500 bytes and more."""


class _Nowhere(io.RawIOBase):
    """Takes bytes, and only counts them."""

    written = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        number = len(cast("bytes", data))
        self.written += number
        return number


def table(path: Path, parent: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("Code,Display,Definition,German,Rank,Parent\n")
        for number in range(COUNT):
            above = {"none": "", "behind": f"T{number - 1}" if number % 20 else "", "far": f"T{number // 10}"}
            file.write(f"T{number},Grade {number},Leaves {number},Grad {number},{number},{above[parent]}\n")


@pytest.mark.parametrize(
    ("hierarchy", "parent"),
    [
        (Hierarchy.AS_STATED, "none"),
        (Hierarchy.PARENT_CHILD, "far"),
        (Hierarchy.NESTED, "behind"),
        (Hierarchy.NESTED, "far"),
    ],
)
def test_of_each_row_only_little_is_kept(
    hierarchy: Hierarchy, parent: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_table, "CHUNK", 1000)
    monkeypatch.setattr(csv_table, "_KEPT", 1000)
    monkeypatch.setattr(survey, "_MOST_TEXTS", 1000)
    path = tmp_path / "tea.csv"
    table(path, parent)
    sink = _Nowhere()
    tracemalloc.start()
    try:
        read = read_csv_table(lambda: cast("BinaryIO", path.open("rb")), "tea.csv")
        assert read is not None
        made = code_list([read], ListOptions(hierarchy=hierarchy))
        head = {"resourceType": "CodeSystem"}
        write_concepts(head, made.one_by_one, cast("BinaryIO", sink), nesting=made.nesting)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert made.nested == (hierarchy is Hierarchy.NESTED)
    assert sink.written > 250 * COUNT
    assert peak < BYTES_OF_A_ROW * COUNT + 3_000_000
