"""Outline levels of a workbook's rows, read in blocks."""

from __future__ import annotations

import io
import tracemalloc

import pytest

from termsmith.concepts import xlsx_table


@pytest.mark.parametrize("block", [40, 64, 1000, 5000])
@pytest.mark.parametrize("length", [1, 30, 700])
def test_grouped_rows_are_found_wherever_blocks_end(
    block: int, length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_table, "_BLOCK", block)
    monkeypatch.setattr(xlsx_table, "_LONGEST_TAG", 100)
    rows = [
        f'<row r="{number}" spans="1:2"{level}><c r="A{number}"><v>{"7" * length}</v></c></row>'
        for number in range(1, 60)
        for level in [f' outlineLevel="{number % 3}"' if number % 3 else ""]
    ]
    sheet = f"<worksheet><sheetData>{''.join(rows)}</sheetData></worksheet>".encode()
    found = dict(xlsx_table.outline_levels(io.BytesIO(sheet)))
    assert found == {number: number % 3 for number in range(1, 60) if number % 3}


def test_a_row_without_end_takes_no_memory() -> None:
    class Endless(io.RawIOBase):
        """A row that goes on for 200 MB."""

        left = 200

        def read(self, size: int = -1, /) -> bytes:
            self.left -= 1
            return (
                b'<row r="1" outlineLevel="1">' if self.left == 199 else b"x" * size if self.left > 0 else b""
            )

    tracemalloc.start()
    found = dict(xlsx_table.outline_levels(Endless()))  # type: ignore[arg-type]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == {1: 1}
    assert peak < 10_000_000
