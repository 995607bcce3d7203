from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from growth import grows_with_size
from hypothesis import given
from hypothesis import strategies as st

from concepts.listing import concepts, listed, messages, table, told
from termsmith.concepts.csv_table import LONGEST_CELL, LONGEST_LINE, read_csv_table
from termsmith.concepts.table import UnreadableTableError

TEXT = "Code{0}Name{0}Größe\nÄ1{0}Käse{0}x\nB{0}„Œuf“{0}\n"


def shape(text: str | bytes) -> str:
    """Return how a file was read, in words."""
    return table(text).shape


@pytest.mark.parametrize(
    ("delimiter", "name"),
    [
        (",", "commas"),
        (";", "semicolons"),
        ("\t", "tabs"),
        ("|", "bars"),
        ("^", "carets"),
        ("~", "tildes"),
        (":", "colons"),
    ],
)
def test_any_delimiter_is_found_out_and_shown(delimiter: str, name: str) -> None:
    text = TEXT.format(delimiter)
    assert shape(text) == f"text separated by {name}, UTF-8"
    assert concepts(listed(text))[0]["code"] == "Ä1"


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16-LE"),
        ("utf-16-be", "UTF-16-BE"),
        ("utf-32", "UTF-32"),
        ("cp1252", "windows-1252 (guessed)"),
    ],
)
def test_any_encoding_is_found_out_and_shown(encoding: str, shown: str) -> None:
    data = TEXT.format(";").encode(encoding)
    assert shape(data) == f"text separated by semicolons, {shown}"
    assert [each["display"] for each in concepts(listed(data))] == ["Käse", "„Œuf“"]
    assert told(listed(data)) == []


def test_an_encoding_is_judged_by_the_whole_file() -> None:
    data = b"Code,Name\n" + b"a,b\n" * 300_000 + "z,Käse\n".encode("cp1252")
    assert "windows-1252" in shape(data)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_ends_a_row(end: str) -> None:
    made = listed(f"Code,Name{end}{end}A,a{end}A,b{end}")
    assert told(made) == [("TAB006", 4)]
    assert concepts(made) == [{"code": "A", "display": "a"}]


def test_quotes_hold_delimiters_line_ends_and_doubled_quotes() -> None:
    made = listed('Code,Name,Definition\nA,"a, ""b""","one\ntwo"\nB,b\nA,c,d\n')
    assert concepts(made)[0] == {"code": "A", "display": 'a, "b"', "definition": "one\ntwo"}
    assert told(made) == [("TAB003", 4), ("TAB006", 5)]


def test_single_quotes_and_escaped_quotes_are_found_out() -> None:
    text = "'Code';'Name'\n'A';'x;y'\n"
    assert shape(text) == "text separated by semicolons, in single quotes, UTF-8"
    assert concepts(listed(text)) == [{"code": "A", "display": "x;y"}]
    text = 'Code,Name\nA,"He said \\"hi\\", then"\nB,x\n'
    assert shape(text) == "text separated by commas, \\ before quotes within, UTF-8"
    assert concepts(listed(text))[0] == {"code": "A", "display": 'He said "hi", then'}


def test_tabs_without_quotes_keep_quotes_as_text() -> None:
    text = 'Code\tName\nA\t5" tube\nB\t"Quoted" term\nC\t"abc\n'
    assert shape(text) == "text separated by tabs, without quotes, UTF-8"
    assert [each["display"] for each in concepts(listed(text))] == ['5" tube', '"Quoted" term', '"abc']


def test_a_quote_that_is_never_closed_costs_its_row_only() -> None:
    rows = "".join(f"C{number},name\n" for number in range(30_000))
    made = listed(f'Code,Name\nA,"x\n{rows}B,"Quoted" term\nD,"fine, one"\n')
    assert made.count == 30_003
    assert concepts(made)[0] == {"code": "A", "display": '"x'}
    assert [each["display"] for each in concepts(made)[-2:]] == ['"Quoted" term', "fine, one"]
    assert told(made) == [("TAB039", 2), ("TAB039", 30_003)]


def test_quotes_that_never_match_take_time_in_proportion() -> None:
    def read(number: int) -> None:
        assert listed("Code,Name\n" + 'A,"x\n' * number).count == 1

    assert grows_with_size(read, 2_500, 20_000)


def test_cells_of_a_megabyte_are_read_and_longer_ones_refused() -> None:
    before = csv.field_size_limit()
    long = "x" * (LONGEST_CELL - 1)
    assert concepts(listed(f"Code,Name\nA,{long}\n"))[0]["display"] == long
    with pytest.raises(UnreadableTableError, match="more than 1,048,576 characters"):
        listed(f"Code,Name\nA,{long}xxxx\n")
    with pytest.raises(UnreadableTableError, match="a line of more than"):
        listed("Code,Name\n" + "x" * (LONGEST_LINE + 2_000_000))
    assert csv.field_size_limit() == before


def test_control_characters_are_left_out_and_told() -> None:
    made = listed("Code,Name\nA,x\0y\x07\nB,fine\nC,lost \ufffd\n")
    assert [each["display"] for each in concepts(made)] == ["xy", "fine", "lost \ufffd"]
    assert told(made) == [("TAB040", 2), ("TAB040", 4)]
    assert "U+0000, U+0007" in messages(made)


def test_characters_that_were_lost_in_windows_1252_are_told() -> None:
    assert told(listed(b"Code,Name\nA,\x81\xe4\n")) == [("TAB040", 2)]


def test_rows_above_the_header_and_empty_rows_are_passed_over() -> None:
    found = table("Codes of Tea\n\nas of 2024,\nCode,Name,\n,,\nA,a,\n")
    assert (found.header_line, found.preamble) == (4, 2)
    made = listed("Codes of Tea\n\nas of 2024,\nCode,Name,\n,,\nA,a,\n , \nB,b\n")
    assert [each["code"] for each in concepts(made)] == ["A", "B"]
    assert told(made) == []


def test_delimiters_at_the_end_of_lines_are_no_fault_but_cells_too_many_are() -> None:
    made = listed("Code,Name\nA,a,,,\nB,b,more\nC\n")
    assert sorted(told(made)) == [("TAB003", 3), ("TAB003", 4), ("TAB011", 4)]
    assert "left out: more" in messages(made)


def test_a_file_with_nothing_but_codes_is_a_table() -> None:
    made = listed("Code\n01\n1.10\n")
    assert concepts(made) == [{"code": "01"}, {"code": "1.10"}]


def test_a_header_alone_gives_no_codes() -> None:
    assert listed("Code,Name\n").count == 0


@pytest.mark.parametrize("text", ["", "\n\n", "just words\nand more\n", "a,b\n1,2\n", "\0\0\0\0"])
def test_other_files_have_no_table(text: str) -> None:
    assert read_csv_table(lambda: io.BytesIO(text.encode()), "x.csv") is None


def test_stated_columns_are_taken_at_their_word() -> None:
    stated = {"X": "code", "Y": "designation:de", "Z": "property:colour:string"}
    made = listed("X,Y,Z\n1,eins,1\n", stated=stated)
    assert concepts(made) == [
        {
            "code": "1",
            "designation": [{"language": "de", "value": "eins"}],
            "property": [{"code": "colour", "valueString": "1"}],
        }
    ]


@given(st.binary(max_size=400))
def test_any_bytes_give_a_table_or_none(data: bytes) -> None:
    for start in (b"", b"Code,Name\n", b"Code\tName\r"):
        _all_of(start + data)


def _all_of(data: bytes) -> Any:
    try:
        found = read_csv_table(lambda: io.BytesIO(data), "x.csv")
    except UnreadableTableError:
        return
    if found is not None:
        width = len(found.columns)
        for rows in found.reader.rows():
            assert len(rows.columns) == width
            assert {len(column) for column in rows.columns} == {len(rows.lines)}
            assert list(rows.lines) == sorted(set(rows.lines))


@given(
    st.lists(
        st.lists(st.text(st.sampled_from("ab,;\"\t\n\r' "), max_size=5), min_size=2, max_size=2),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_the_csv_module_writes_is_read_back(rows: list[list[str]], delimiter: str, quoting: int) -> None:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(["Code", "Name"])
    writer.writerows(rows)
    found = table(file.getvalue())
    got = [list(cells) for part in found.reader.rows() for cells in zip(*part.columns, strict=True)]
    expected = [[cell.strip() for cell in row] for row in rows]
    assert got == [row for row in expected if any(row)]
    assert list(found.reader.oddities) == []
