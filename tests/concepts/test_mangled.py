from __future__ import annotations

import pytest

from concepts.listing import listed, told


def mangled(*codes: str) -> list[str]:
    """Return the codes that are told as changed by a spreadsheet."""
    made = listed("Code,Name\n" + "".join(f"{code},n\n" for code in codes))
    return [codes[line - 2] for code, line in told(made) if code == "TAB021" and line is not None]


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["123456789012345", "1.23457E+14"], ["1.23457E+14"]),
        (["1E+05", "A1"], ["1E+05"]),
        (["1-2", "2-1", "Jan-02"], ["Jan-02"]),
        (["1.2", "3.4", "02-Feb"], ["02-Feb"]),
        (["01", "02", "3", "10"], ["3"]),
        (["0", "01", "02"], []),
        (["01", "02", "03", "1", "10", "11"], []),  # 01 is there, too: so 1 is another
        (["A", "#REF!"], ["#REF!"]),
    ],
)
def test_codes_that_a_spreadsheet_changed_are_told(codes: list[str], expected: list[str]) -> None:
    assert mangled(*codes) == expected


@pytest.mark.parametrize(
    "codes",
    [
        ["1", "2", "10"],
        ["01", "0101", "1"],
        ["Jan-02", "Feb-03"],
        ["JAN", "Feb"],
        ["1E+05", "2E+05"],
        ["1.10", "1.1", "1.2"],
        ["TRUE", "FALSE"],
        ["001", "12", "34", "56", "7"],
        ["2024-01-01", "x"],
    ],
)
def test_codes_that_may_be_meant_are_not_told(codes: list[str]) -> None:
    assert mangled(*codes) == []
