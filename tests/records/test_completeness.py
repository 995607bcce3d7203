from __future__ import annotations

import pytest

from records.pages import conversion_of, rows_of, told


def words(**cells: str) -> list[str]:
    return [text for code, text in told(conversion_of(rows_of(**cells))) if code == "REC031"]


@pytest.mark.parametrize(
    ("notes", "quote"),
    [
        ("This code system was retired in 2019.", "This code system was retired in 2019."),
        ("Retired in 2019. Use Tea Cups instead.", "Retired in 2019. Use Tea Cups instead."),
        ("Deprecated. Superseded by Tea Grades 2.", "Deprecated. Superseded by Tea Grades 2."),
        ("Of old times. Withdrawn", "Of old times. Withdrawn"),
        (
            "All the grades of tea that have been superseded by Tea 2.",
            "grades of tea that have been superseded by Tea 2.",
        ),
        ("The list is no longer maintained by us.", "The list is no longer maintained by us."),
    ],
)
def test_words_of_retirement_are_told_in_whole_words(notes: str, quote: str) -> None:
    assert words(notes=notes) == [f"the page says {quote!r}, but the status is active"]


@pytest.mark.parametrize(
    "notes",
    [
        "A code that is retired stays in the list.",
        "Codes were retired in 2019.",
        "Concepts that are no longer maintained are inactive.",
        "The 2018 release is superseded by each later one.",
        "Retired codes are kept. Deprecated terms too.",
        "It says which of the teas is not obsolete.",
    ],
)
def test_words_about_codes_tell_nothing_of_the_system(notes: str) -> None:
    assert words(notes=notes) == []


@pytest.mark.parametrize(
    "title", ["Tea Sets (retired)", "Tea Sets [Deprecated in 2019]", "Tea Sets - retired"]
)
def test_titles_tell_retirement(title: str) -> None:
    assert len(words(title=title)) == 1


def test_a_retired_system_is_expected_to_say_so() -> None:
    assert words(title="Tea Sets (retired)", status="Retired") == []


def test_a_status_with_a_question_mark_is_none() -> None:
    conversion = conversion_of(rows_of(status="Retired?"))
    assert (
        "RES004",
        "what the page says of its status can't be read ('Retired?'); draft is assumed",
    ) in told(conversion)
    assert {each.data["status"] for each in conversion.resources} == {"draft"}
