from __future__ import annotations

from pages.printed import assert_lawful, misplaced, outline, read


def rows(source: str) -> list[str]:
    page = read(source)
    assert page.format == "pipes"
    assert_lawful(page)
    assert misplaced(page, source) == []
    return outline(page)


def test_rows_end_with_a_pipe() -> None:
    assert rows("Name | Acme |\nShort name |  |\nOID | 2.999 |\n|\n") == [
        "1: Name | Acme",
        "1: Short name | ",
        "1: OID | 2.999",
        "1: ",
    ]


def test_cells_go_over_lines_and_blank_lines() -> None:
    assert rows("Owner | Acme\nHigh St\n\n+44 1 |\nScope | one\n\ntwo | |\nOID | 2.999 | |\n") == [
        "1: Owner | Acme / +High St / +44 1",
        "1: Scope | one / two | ",
        "1: OID | 2.999 | ",
    ]


def test_leading_pipes_separate_nothing_where_rows_have_them() -> None:
    assert rows("| URI | http://acme.example |\n||\n| OID | — |\n| |\n") == [
        "1: URI | http://acme.example",
        "1: ",
        "1: OID | —",
        "1: ",
    ]


def test_a_leading_pipe_among_rows_without_is_an_empty_cell() -> None:
    assert rows("Owner | Name | Acme |\n| Website | x |\nNames | Formal | Acme codes |\n") == [
        "1: Owner | Name | Acme",
        "1:  | Website | x",
        "1: Names | Formal | Acme codes",
    ]


def test_lines_without_pipes_stand_above_between_and_below() -> None:
    assert rows("Title\nName | Acme |\n\nOID | 2.999 |\n\nbetween\n\nURI | x |\n• No labels\n") == [
        "Title",
        "1: Name | Acme",
        "1: OID | 2.999",
        "between",
        "2: URI | x",
        "* No labels <page labels and likes>",
    ]


def test_a_line_right_above_a_row_of_the_table_is_in_its_first_cell() -> None:
    assert rows("Name | Acme |\nScope statement\n(Official) | codes |\nOID | 2.999 |\n") == [
        "1: Name | Acme",
        "1: Scope statement / +(Official) | codes",
        "1: OID | 2.999",
    ]


def test_a_row_that_nobody_ended_does_not_swallow_the_next() -> None:
    assert rows("Name | Acme |\nScope | codes\nOID | 2.999 |\nURI | x |\n") == [
        "1: Name | Acme",
        "1: Scope | codes",
        "1: OID | 2.999",
        "1: URI | x",
    ]


def test_without_ends_a_line_is_a_row() -> None:
    assert rows("Name | Acme\nOID | 2.999\nURI | x\nmore text\n") == [
        "1: Name | Acme",
        "1: OID | 2.999",
        "1: URI | x",
        "more text",
    ]


def test_an_escaped_pipe_is_text() -> None:
    assert rows("a \\| b | c |\nd | e |\n") == ["1: a \\| b | c", "1: d | e"]


def test_a_menu_with_pipes_is_text() -> None:
    assert read("Home | About | Contact\n\nName\n\nAcme").format == "text"


def test_bullets_in_cells() -> None:
    assert rows("Roles | * owner\n* steward |\nName | Acme |\n") == [
        "1: Roles | * owner / +* steward",
        "1: Name | Acme",
    ]
