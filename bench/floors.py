"""The least that converting a table could cost, as processes of their own.

    python bench/floors.py csv TABLE DOCUMENT
    python bench/floors.py xlsx TABLE

``csv`` reads all rows with csv.reader, and writes the finished DOCUMENT anew with orjson. How long it took to
read that document, which nobody would do, is printed, to be taken off. ``xlsx`` reads all rows with
python-calamine.
"""

from __future__ import annotations

import csv
import sys
import time
from pathlib import Path


def from_csv(table: Path, document: Path) -> None:
    """Read a table, and write the document that was made of it."""
    import orjson  # noqa: PLC0415  each floor loads what it needs

    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    started = time.perf_counter()
    data = orjson.loads(document.read_bytes())
    taken = time.perf_counter() - started
    assert rows  # noqa: S101  they are held while the document is written
    document.with_suffix(".again").write_bytes(orjson.dumps(data, option=orjson.OPT_INDENT_2))
    print(taken)


def from_xlsx(table: Path) -> None:
    """Read all rows of a workbook's first sheet."""
    import python_calamine  # noqa: PLC0415  as above

    assert python_calamine.load_workbook(table).get_sheet_by_index(0).to_python()  # noqa: S101  all is read


if __name__ == "__main__":
    if sys.argv[1] == "csv":
        from_csv(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        from_xlsx(Path(sys.argv[2]))
