from __future__ import annotations

from pages.printed import assert_lawful, codes, misplaced, outline, read


def test_each_line_is_a_block_and_blank_lines_are_gaps() -> None:
    source = "Formal name\n\n  Acme \t codes\nsecond line\n\n\nlast"
    page = read(source)
    assert outline(page) == ["Formal name", "Acme codes", "+second line", "last"]
    assert page.text == "Formal name\n\nAcme codes\nsecond line\n\nlast"
    assert [page.positions.line_and_column(page.text.index(word)) for word in ("Acme", "codes", "last")] == [
        (3, 3),
        (3, 10),
        (7, 1),
    ]
    assert misplaced(page, source) == []


def test_any_line_end_breaks_the_line_and_only_those_of_editors_count() -> None:
    page = read("a\r\nb\rc\nd\x0be\x0cf\x85g\u2028h\u2029i")
    assert outline(page) == ["a", *(f"+{letter}" for letter in "bcdefghi")]
    assert [page.positions.line_and_column(page.text.index(letter)) for letter in "acdei"] == [
        (1, 1),
        (3, 1),
        (4, 1),
        (4, 3),
        (4, 11),
    ]


def test_the_residue_of_a_line_end_is_one() -> None:
    page = read("first.#13;\nsecond#10; third")
    assert outline(page) == ["first.", "+second", "+third"]
    assert codes(page) == ["PAG105"]
    assert_lawful(page)


def test_directions_and_zero_widths_are_left_out_and_named() -> None:
    page = read("\u200fAcme\u202d co\u200bdes\u2069")
    assert outline(page) == ["Acme codes"]
    assert [finding.message for finding in page.findings] == [
        (
            "4 control or text-direction character(s) (LEFT-TO-RIGHT OVERRIDE, POP DIRECTIONAL ISOLATE, "
            "RIGHT-TO-LEFT MARK, ZERO WIDTH SPACE) were left out"
        )
    ]


def test_lost_characters_are_kept_and_reported() -> None:
    page = read("ISO 3166-2 \ufffd codes")
    assert outline(page) == ["ISO 3166-2 \ufffd codes"]
    assert codes(page) == ["PAG103"]


def test_a_link_in_angle_brackets_is_text() -> None:
    assert read("<http://acme.example>").format == "text"
