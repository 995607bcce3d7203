from __future__ import annotations

import pytest

from records.pages import conversion_of, rows_of, told


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("case insensitive", False),
        ("Not case sensitive", False),
        ("case-sensitive", True),
        ("FALSE", False),
        ("yes", True),
    ],
)
def test_words_for_case_sensitivity_are_values(printed: str, value: bool) -> None:  # noqa: FBT001  a parameter
    conversion = conversion_of(rows_of(case_sensitive=printed))
    assert told(conversion) == []
    assert [each.data["caseSensitive"] for each in conversion.resources if each.type == "CodeSystem"] == [
        value
    ]


def test_what_cannot_be_read_is_not_said_to_be_missing() -> None:
    conversion = conversion_of(rows_of(case_sensitive="maybe", status="RETIRED (2019)", date="04/05/2021"))
    found = dict(told(conversion))
    assert (
        found["RES002"]
        == "what the page says of its codes' case can't be read ('maybe'); caseSensitive = true is assumed"
    )
    assert found["RES003"].startswith(
        "what the page says of its date can't be read ('04/05/2021'); 2026-01-31"
    )
    assert (
        found["RES004"]
        == "what the page says of its status can't be read ('RETIRED (2019)'); draft is assumed"
    )
    assert [each.place.line for each in conversion.findings if each.code == "RES004" and each.place] == [12]


def test_a_value_that_is_not_known_names_its_section_and_those_that_are() -> None:
    messages = [text for code, text in told(conversion_of(rows_of(status="Gone"))) if code == "REC002"]
    assert messages == [
        (
            "left over: 'Gone' (no known value of 'Value' in 'HTA endorsement status'; known are Draft, In review, "
            "Endorsed for use, Pending re-endorsement, Retired)"
        )
    ]
