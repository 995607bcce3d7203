from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from termsmith.records.dates import InvalidDateError, parse_date


@pytest.mark.parametrize(
    ("printed", "value", "rest"),
    [
        ("20190430", "2019-04-30", ""),
        ("April 2021", "2021-04", ""),
        ("Oct 2025", "2025-10", ""),
        ("202306", "2023-06", ""),
        ("16Jun22Davera Gabriel", "2022-06-16", "Davera Gabriel"),
        ("31 October 2025", "2025-10-31", ""),
        ("3rd March 2020", "2020-03-03", ""),
        ("Mar 20, 2019, 12:00:00 AM", "2019-03-20", ""),
        ("2021-05-24T10:11:12.000Z", "2021-05-24", ""),
        ("2021-04", "2021-04", ""),
        ("2021", "2021", ""),
        ("18/09/2015", "2015-09-18", ""),
        ("09/18/2015", "2015-09-18", ""),
        ("2015/9/8", "2015-09-08", ""),
        ("29 February 2024", "2024-02-29", ""),
        ("3. Mai 2021", "2021-05-03", ""),
        ("März 2021", "2021-03", ""),
        ("avril 2021", "2021-04", ""),
        ("1er août 2021", "2021-08-01", ""),
        ("2021年4月3日", "2021-04-03", ""),
        ("2021年4月", "2021-04", ""),
    ],
)
def test_a_printed_date_keeps_its_precision(printed: str, value: str, rest: str) -> None:
    found = parse_date(printed)
    assert (found.value, printed[found.end :]) == (value, rest)


@pytest.mark.parametrize(
    ("printed", "problem"),
    [
        ("03/04/2025", "either way"),
        ("20190231", "no such day"),
        ("30 February 2024", "no such day"),
        ("soon", "no known form"),
        ("Version 4", "no known form"),
        ("0001", "not plausible"),
        ("5", "no known form"),
        ("99999999", "no such day"),
        ("Spring 2020", "no known form"),
    ],
)
def test_what_is_no_certain_date_is_refused(printed: str, problem: str) -> None:
    with pytest.raises(InvalidDateError, match=problem):
        parse_date(printed)


@given(st.dates(min_value=__import__("datetime").date(1800, 1, 1)).filter(lambda d: d.year <= 2200))
def test_every_iso_date_is_read_as_it_is(day: object) -> None:
    assert parse_date(str(day)).value == str(day)


@given(st.text(max_size=30))
def test_no_text_gives_anything_but_a_fhir_date_or_a_refusal(text: str) -> None:
    try:
        found = parse_date(text)
    except InvalidDateError:
        return
    assert re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", found.value)
    assert 0 < found.end <= len(text)
