from __future__ import annotations

import datetime as dt
import random
import shutil
import struct
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl  # type: ignore[import-untyped]  # has no types of its own
import pytest
from openpyxl.styles import Font  # type: ignore[import-untyped]  # has no types of its own

from concepts.listing import concepts, messages, nesting, told
from termsmith.concepts import workbook_parts, xlsx_table
from termsmith.concepts.code_list import CodeList, ListOptions, code_list
from termsmith.concepts.table import UnreadableTableError
from termsmith.concepts.workbook_parts import SheetParts, shown_number
from termsmith.concepts.xlsx_table import read_xlsx_table
from termsmith.model.place import Place

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@pytest.fixture
def book() -> Any:
    """Return a workbook with one sheet, Codes."""
    made = openpyxl.Workbook()
    made.worksheets[0].title = "Codes"
    return made


def listed(book: Any, folder: Path, sheet: str | None = None) -> CodeList:
    """Return the code list of a workbook."""
    path = folder / "codes.xlsx"
    book.save(path)
    found = read_xlsx_table(path, "codes.xlsx", sheet=sheet)
    assert found is not None, "no code table"
    return code_list([found], ListOptions())


def fill(sheet: Any, rows: Sequence[Sequence[Any]]) -> None:
    for row in rows:
        sheet.append(row)


def codes_of(
    values: Sequence[tuple[Any, str]], book: Any, folder: Path
) -> tuple[list[str], list[int | None]]:
    """Return the codes that cells with number formats give, and the rows that are told as changed."""
    sheet = book.worksheets[0]
    sheet.append(["Code", "Name"])
    for row, (value, number_format) in enumerate(values, start=2):
        cell = sheet.cell(row, 1, value)
        cell.number_format = number_format
        sheet.cell(row, 2, "n")
    made = listed(book, folder)
    return [each["code"] for each in concepts(made)], [line for code, line in told(made) if code == "TAB021"]


def test_codes_that_are_text_are_kept_to_the_letter(book: Any, tmp_path: Path) -> None:
    texts = ["007", "1.10", "TRUE", "1E5", "1-2", "2024-01-01"]
    assert codes_of([(text, "@") for text in texts], book, tmp_path) == (texts, [])


def test_codes_that_are_numbers_are_as_the_sheet_shows_them(book: Any, tmp_path: Path) -> None:
    values = [
        (7, "00000"),
        (12, "General"),
        (1.1, "0.00"),
        (123, "00\\-00"),
        (5, "0"),
        (1234567, '"A"000-000'),
    ]
    assert codes_of(values, book, tmp_path) == (["00007", "12", "1.10", "01-23", "5", "A1234-567"], [])


def test_codes_that_a_spreadsheet_changed_are_told(book: Any, tmp_path: Path) -> None:
    values = [
        (1.1, "General"), (100000, "0.00E+00"), (1234567890123456, "0"), (dt.date(2024, 2, 1), "d-mmm"), (True, "General"),
    ]  # fmt: skip
    codes, rows = codes_of(values, book, tmp_path)
    assert codes == ["1.1", "100000", "1234567890123456", "2024-02-01", "TRUE"]
    assert rows == [2, 3, 4, 5, 6]


def test_a_table_may_begin_anywhere(book: Any, tmp_path: Path) -> None:
    sheet = book.worksheets[0]
    sheet["C3"], sheet["C5"], sheet["D5"], sheet["C6"], sheet["D6"] = "List", "Code", "Name", 7, "x"
    sheet["C6"].number_format = "000"
    made = listed(book, tmp_path)
    assert concepts(made) == [{"code": "007", "display": "x"}]
    assert "workbook, sheet 'Codes', header in row 5" in messages(made)


def test_the_first_sheet_with_a_code_table_is_read_and_others_told(book: Any, tmp_path: Path) -> None:
    fill(book.create_sheet("About", 0), [["Nothing"], ["to see"]])
    fill(book["Codes"], [["Code", "Name"], ["A", "a"]])
    fill(book.create_sheet("More"), [["Code", "Name"], ["B", "b"]])
    made = listed(book, tmp_path)
    assert [each["code"] for each in concepts(made)] == ["A"]
    assert told(made) == [("TAB043", 1)]
    assert [each["code"] for each in concepts(listed(book, tmp_path, "More"))] == ["B"]
    with pytest.raises(UnreadableTableError, match="no sheet 'Less', but 'About', 'Codes', 'More'"):
        listed(book, tmp_path, "Less")


def test_hidden_sheets_come_last_and_are_told(book: Any, tmp_path: Path) -> None:
    fill(book["Codes"], [["Code", "Name"], ["A", "a"]])
    fill(book.create_sheet("Shown"), [["Code", "Name"], ["B", "b"]])
    book["Codes"].sheet_state = "hidden"
    assert [each["code"] for each in concepts(listed(book, tmp_path))] == ["B"]
    made = listed(book, tmp_path, "Codes")
    assert told(made) == [("TAB042", 1)]


def test_hidden_rows_and_columns_are_read_and_told(book: Any, tmp_path: Path) -> None:
    fill(book["Codes"], [["Code", "Name"], ["A", "a"], ["B", "b"]])
    book["Codes"].row_dimensions[3].hidden = True
    book["Codes"].column_dimensions["B"].hidden = True
    made = listed(book, tmp_path)
    assert [each["code"] for each in concepts(made)] == ["A", "B"]
    assert told(made) == [("TAB042", 3), ("TAB042", 1)]


def test_cells_that_are_struck_out_are_read_and_told_by_row(book: Any, tmp_path: Path) -> None:
    fill(book["Codes"], [["Code", "Name"], ["A", "a"], ["B", "b"], ["C", "c"]])
    for cell in ("A1", "A3", "B3", "B4", "C5", "D4"):
        book["Codes"][cell].font = Font(strike=True)
    book["Codes"]["A2"].font = Font(strike=False, bold=True)
    book["Codes"]["D4"] = "beside the table"
    made = listed(book, tmp_path)
    assert [each["code"] for each in concepts(made)] == ["A", "B", "C"]
    assert [(each.message, each.place) for each in made.findings if each.code == "TAB053"] == [
        ("row 3: 'Code', 'Name': struck out in the sheet, and read all the same", Place("codes.xlsx", 3, 1)),
        ("row 4: 'Name': struck out in the sheet, and read all the same", Place("codes.xlsx", 4, 1)),
    ]


def test_outlines_are_hierarchies(book: Any, tmp_path: Path) -> None:
    fill(book.create_sheet("First", 0), [["x"]])
    fill(book["Codes"], [["Code", "Name"], ["A", "a"], ["B", "b"], ["C", "c"], ["D", "d"]])
    for row, level in ((3, 1), (4, 2), (5, 1)):
        book["Codes"].row_dimensions[row].outlineLevel = level
    made = listed(book, tmp_path)
    assert nesting(concepts(made)) == ["A", ["B", ["C"], "D"]]


def test_a_merged_cell_is_of_all_rows_that_it_covers(book: Any, tmp_path: Path) -> None:
    fill(book["Codes"], [["Group", "Code", "Name"], ["g", "A", "a"], [None, "B", "b"], [None, "C", "c"]])
    book["Codes"].merge_cells("A2:A3")
    groups = [each.get("property", [{}])[0].get("valueString") for each in concepts(listed(book, tmp_path))]
    assert groups == ["g", "g", None]


def test_merged_cells_go_on_from_chunk_to_chunk(
    book: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_table, "CHUNK", 2)
    fill(book["Codes"], [["", "Code", "Name", "Group"]])
    fill(book["Codes"], [["", f"C{n}", "n", "g" if n in {1, 7} else None] for n in range(9)])
    book["Codes"].merge_cells("D3:D7")
    book["Codes"].merge_cells("D9:D10")
    made = concepts(listed(book, tmp_path))
    groups = [each.get("property", [{}])[0].get("valueString") for each in made]
    assert groups == [None, "g", "g", "g", "g", "g", None, "g", "g"]


def test_merged_cells_before_the_first_column_with_text_are_of_no_column(book: Any, tmp_path: Path) -> None:
    for row, cells in enumerate([("Code", "Name"), ("A", "a"), ("B", "b")], start=1):
        for column, cell in enumerate(cells, start=2):
            book["Codes"].cell(row, column, cell)
    book["Codes"].merge_cells("A2:A3")
    assert [each["display"] for each in concepts(listed(book, tmp_path))] == ["a", "b"]


@pytest.mark.parametrize("block", [100, 256, 1000, 5000])
def test_grouped_rows_are_found_wherever_blocks_of_the_sheet_end(
    block: int, book: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_parts, "_BLOCK", block)
    fill(book["Codes"], [["Code", "Name"], *([f"C{number}", 7**30] for number in range(60))])
    for row in range(2, 62):
        book["Codes"].row_dimensions[row].outlineLevel = row % 3
    path = tmp_path / "codes.xlsx"
    book.save(path)
    levels = {row: row % 3 for row in range(2, 62) if row % 3}
    assert SheetParts(path, "Codes").seen().outline == levels


def test_formulas_without_result_and_errors_are_told(book: Any, tmp_path: Path) -> None:
    fill(book["Codes"], [["Code", "Name", "Note"], ["A", "=B9", "x"], ["B", "b", None]])
    cell = book["Codes"]["C3"]
    cell.value, cell.data_type = "#N/A", "e"
    made = listed(book, tmp_path)
    assert ("TAB041", 2) in told(made)
    assert ("TAB041", 3) in told(made)
    assert "#N/A" in messages(made)


def test_values_of_other_columns_are_text_as_shown(book: Any, tmp_path: Path) -> None:
    row = ["A", "a", 3.0, 0.1 + 0.2, dt.date(2024, 1, 2), True, 1e-7]
    fill(book["Codes"], [["Code", "Name", "I", "D", "T", "B", "S"], row])
    (concept,) = concepts(listed(book, tmp_path))
    assert [next(v for k, v in p.items() if k != "code") for p in concept["property"]] == [
        3, 0.3, "2024-01-02", True, 1e-7,
    ]  # fmt: skip


def test_macros_do_no_harm(book: Any, tmp_path: Path) -> None:
    fill(book["Codes"], [["Code", "Name"], ["A", "a"]])
    book.save(tmp_path / "a.xlsx")
    shutil.copy(tmp_path / "a.xlsx", tmp_path / "a.xlsm")
    found = read_xlsx_table(tmp_path / "a.xlsm", "a.xlsm")
    assert found is not None


def test_a_workbook_without_code_table_has_none(book: Any, tmp_path: Path) -> None:
    book.save(tmp_path / "a.xlsx")
    assert read_xlsx_table(tmp_path / "a.xlsx", "a.xlsx") is None


def test_other_archives_are_no_workbooks(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", "<x/>")
    with pytest.raises(UnreadableTableError, match=r"no \.xlsx workbook"):
        read_xlsx_table(path, "a.xlsx")


def test_what_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("termsmith.concepts.workbook_parts.LARGEST", 1_000_000)
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", " " * 5_000_000)
    with pytest.raises(UnreadableTableError, match="unpacks to more than"):
        read_xlsx_table(path, "a.xlsx")
    # Now it lies about the size.
    data = path.read_bytes().replace(struct.pack("<L", 5_000_000), struct.pack("<L", 5_000))
    path.write_bytes(data)
    with pytest.raises(UnreadableTableError, match="damaged"):
        read_xlsx_table(path, "a.xlsx")


def test_a_cell_in_the_last_corner_takes_no_memory(book: Any, tmp_path: Path) -> None:
    sheet = book.worksheets[0]
    fill(sheet, [["Code", "Name"], ["A", "a"]])
    sheet["XFD1048576"] = "far"
    with pytest.raises(UnreadableTableError, match="spans more than 20,000,000 cells"):
        listed(book, tmp_path)
    sheet["XFD1048576"] = None
    sheet["K100001"] = "nearer"
    assert concepts(listed(book, tmp_path))[0] == {"code": "A", "display": "a"}


def parts_of(cells: Sequence[str], book: Any, folder: Path) -> SheetParts:
    for cell in cells:
        book["Codes"][cell] = "far"
    book.save(folder / "codes.xlsx")
    return SheetParts(folder / "codes.xlsx", "Codes")


@pytest.mark.parametrize(
    "cells", [["P1048576"], ["Q1048576"], ["T999999"], ["AD1", "A600000"], ["SFF1", "A1500"]]
)
def test_sheets_that_span_less_than_is_too_much_are_read(cells: list[str], book: Any, tmp_path: Path) -> None:
    assert parts_of(cells, book, tmp_path).size > 0


@pytest.mark.parametrize("cells", [["T1000001"], ["U999999"], ["AD1", "A700000"], ["SFF1", "A1600"]])
def test_what_spans_too_much_is_refused_before_it_is_read(
    cells: list[str], book: Any, tmp_path: Path
) -> None:
    with pytest.raises(UnreadableTableError, match="spans more than"):
        parts_of(cells, book, tmp_path)


def rewritten(book: Any, folder: Path, part: str, old: bytes, new: bytes) -> Path:
    """Return a workbook of two codes with something else in one of its parts."""
    fill(book["Codes"], [["Code", "Name"], ["A", "a"], ["B", "b"]])
    book.save(folder / "a.xlsx")
    with (
        zipfile.ZipFile(folder / "a.xlsx") as before,
        zipfile.ZipFile(folder / "b.xlsx", "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            data = before.read(name)
            assert name != part or old in data
            after.writestr(name, data.replace(old, new) if name == part else data)
    return folder / "b.xlsx"


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    "written",
    [
        b" r='XFD1048576'",
        b'\nr="XFD1048576"',
        b' r = "xfd1048576"',
        b" r=" + b" " * 12 + b'"XFD1048576"',
        b' r="XFD00000000000000000001048576"',
        b' s="0" r="XFD1048576"',
        b' x=">" r="XFD1048576"',
        b' x="row>" r="XFD1048576"',
        b" " * 17_000_000 + b' r="XFD1048576"',
    ],
    ids=["quotes", "newline", "case", "blanks", "zeros", "second", "bracket", "row", "long"],
)
def test_however_that_cell_is_written(book: Any, tmp_path: Path, written: bytes) -> None:
    path = rewritten(book, tmp_path, SHEET, b' r="B3"', written)
    with pytest.raises(UnreadableTableError, match="spans more than"):
        read_xlsx_table(path, "b.xlsx")


@pytest.mark.parametrize(
    "cells",
    [
        b'<row r="1048576">' + b"<c><v>1</v></c>" * 16_384 + b"</row>",
        b'<row r="4294967290"><c><v>1</v></c></row>',
        b'<row r="1048576"><c r="XFC1048576"><v>1</v></c><c><v>1</v></c></row>',
        b'<x:row xmlns:x="y" r="1048576">' + b"<x:c><x:v>1</x:v></x:c>" * 20 + b"</x:row>",
        b'<row r="1048575"/>' + b"<row>" + b"<c><v>1</v></c>" * 20 + b"</row>",
        b'<!-- <c a="> --><row r="1048576"><c r="XFD1048576"><v>1</v></c></row><!-- "> -->',
    ],
    ids=["corner", "beyond", "next", "prefixed", "next-row", "comment"],
)
def test_cells_stand_where_they_are_counted(book: Any, tmp_path: Path, cells: bytes) -> None:
    path = rewritten(book, tmp_path, SHEET, b"</sheetData>", cells + b"</sheetData>")
    with pytest.raises(UnreadableTableError, match="spans more than"):
        read_xlsx_table(path, "b.xlsx")


def test_cells_that_do_not_say_where_they_stand_are_read(book: Any, tmp_path: Path) -> None:
    cells = b"<row>" + b"<c><v>7</v></c>" * 2 + b"</row>"
    path = rewritten(book, tmp_path, SHEET, b"</sheetData>", cells * 3 + b"</sheetData>")
    found = read_xlsx_table(path, "b.xlsx")
    assert found is not None
    assert [line for rows in found.reader.rows() for line in rows.lines] == [2, 3, 4, 5, 6]


def test_a_dtd_does_not_tell_where_cells_stand(book: Any, tmp_path: Path) -> None:
    path = rewritten(
        book,
        tmp_path,
        SHEET,
        b"<worksheet",
        b'<!DOCTYPE worksheet [<!ATTLIST c r CDATA "A1">]><worksheet',
    )
    path = rewritten_again(path, SHEET, b' r="B3"', b"")
    with pytest.raises(UnreadableTableError, match="its XML has a DTD"):
        read_xlsx_table(path, "b.xlsx")


def rewritten_again(path: Path, part: str, old: bytes, new: bytes) -> Path:
    with zipfile.ZipFile(path) as before:
        parts = {name: before.read(name) for name in before.namelist()}
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w") as after:
        for name, data in parts.items():
            after.writestr(name, data)
    return path


WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"


@pytest.mark.parametrize(
    ("part", "old", "new", "problem"),
    [
        (WORKBOOK, b"</sheets>", b'<sheet name="Codes" sheetId="9" r:id="rId1"/></sheets>', "two sheets"),
        (WORKBOOK, b"<sheet ", b'<sheet xmlns:q="q" q:id="rId9" ', "two relations"),
        (RELATIONS, b"</Rel", b'<Relationship Id="rId1" Target="x.xml"/></Rel', "two relations"),
        ("_rels/.rels", b"xl/workbook.xml", b"xl/other.xml", r"its workbook is \/?xl/other\.xml"),
    ],
    ids=["name", "relation", "target", "workbook"],
)
def test_what_holds_a_sheet_is_told_in_one_way(
    part: str, old: bytes, new: bytes, problem: str, book: Any, tmp_path: Path
) -> None:
    path = rewritten(book, tmp_path, part, old, new)
    with pytest.raises(UnreadableTableError, match=problem):
        SheetParts(path, "Codes")


@pytest.mark.parametrize(
    "name", ["xl/worksheets/SHEET1.xml", "xl/../xl/worksheets/sheet1.xml", "xl/worksheets/sheet&#49;.xml"]
)
def test_parts_are_not_taken_for_each_other(name: str, book: Any, tmp_path: Path) -> None:
    path = rewritten(book, tmp_path, SHEET, b"<sheetData>", b"<sheetData>")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, "<worksheet/>")
    with pytest.raises(UnreadableTableError, match="it has two parts named"):
        SheetParts(path, "Codes")


def test_damaged_workbooks_are_refused_or_read(book: Any, tmp_path: Path) -> None:
    fill(book["Codes"], [["Code", "Name"], *([f"C{n}", n] for n in range(50))])
    good = tmp_path / "good.xlsx"
    book.save(good)
    with zipfile.ZipFile(good) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    chance = random.Random(7)  # noqa: S311  the same damages each time
    path = tmp_path / "bad.xlsx"
    refused = 0
    for _ in range(150):
        name = chance.choice([each for each in parts if each.startswith("xl/")])
        data = bytearray(parts[name])
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with zipfile.ZipFile(path, "w") as archive:
            for each, content in parts.items():
                archive.writestr(each, bytes(data) if each == name else content)
        try:
            found = read_xlsx_table(path, "bad.xlsx")
            if found is not None:
                code_list([found], ListOptions())
        except UnreadableTableError:
            refused += 1
    assert 0 < refused < 150
    whole = good.read_bytes()
    for _ in range(150):
        data = bytearray(whole)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
        try:
            found = read_xlsx_table(path, "bad.xlsx")
            if found is not None:
                code_list([found], ListOptions())
        except UnreadableTableError:
            refused += 1
    assert 0 < refused < 300
    cut = whole
    for end in range(0, len(cut), 97):
        path.write_bytes(cut[:end])
        with pytest.raises(UnreadableTableError):
            read_xlsx_table(path, "bad.xlsx")


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (7.0, "", "7"),
        (7.0, "000", "007"),
        (12345.0, "000", "12345"),
        (1.5, "0.000", "1.500"),
        (123456789.0, "000\\.000\\.000", "123.456.789"),
        (-7.0, "000", "-7"),
        (7.0, "#,##0", "7"),
    ],
)
def test_numbers_are_shown_by_their_format(value: float, number_format: str, shown: str) -> None:
    assert shown_number(value, number_format) == (shown, None)
