"""Printed dates as FHIR dates, with the precision that is printed; nothing is guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner janvier janv", "february feb februar février fevrier févr fév",
            "march mar märz maerz mär mars", "april apr avril avr", "may mai", "june jun juni juin",
            "july jul juli juillet juil", "august aug août aout", "september sept sep septembre",
            "october oct oktober okt octobre", "november nov novembre",
            "december dec dezember dez décembre déc",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
"""English, German and French, in full and short; none of them means two months."""
_MONTH = r"(?P<month>[^\W\d_]{3,9})\.?"
_TH = r"(?:st|nd|rd|th|er|\.)?"
_EARLIEST, _LATEST = 1800, 2200
_CENTURY = 2000
"""Two-digit years are of this century: HL7 and its pages are no older."""

_FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?(?!\d)"),
        "numbers",
    ),
    (re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})(?![\d-])"), "numbers"),
    (re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?!\d)"), "numbers"),
    (re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?!\d)"), "numbers"),
    (re.compile(r"(?P<y>\d{4})[/.](?P<m>\d{1,2})[/.](?P<d>\d{1,2})(?!\d)"), "numbers"),
    (re.compile(rf"(?P<d>\d{{1,2}}){_TH}[ -]?{_MONTH},?[ -]?(?P<y>\d{{4}})(?!\d)"), "name"),
    (re.compile(rf"(?P<d>\d{{1,2}})[ -]?{_MONTH}[ -]?(?P<y2>\d{{2}})(?!\d)"), "name"),
    (re.compile(rf"{_MONTH} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}})(?!\d)"), "name"),
    (re.compile(rf"{_MONTH},? ?(?P<y>\d{{4}})(?!\d)"), "name"),
    (re.compile(r"(?P<a>\d{1,2})(?P<sep>[/.])(?P<b>\d{1,2})(?P=sep)(?P<y>\d{4})(?!\d)"), "either"),
    (re.compile(r"(?P<a>\d{1,2})(?P<sep>/)(?P<b>\d{1,2})(?P=sep)(?P<y2>\d{2})(?!\d)"), "either"),
    (re.compile(r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})日)?"), "numbers"),
    (re.compile(r"(?P<y>\d{4})(?![\d/.年-])"), "numbers"),
)
_TIME = re.compile(
    r",? \d{1,2}:\d{2}(?::\d{2})?(?: ?[AP]M\b)?(?: ?(?:[+-]\d{2}:?\d{2}|UTC|GMT|Z\b))?", re.IGNORECASE
)
"""A time of day behind a date, which a FHIR date leaves out."""


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date found at the start of a text."""

    value: str
    """FHIR date: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``."""
    end: int
    """Offset in the text behind the date."""


class InvalidDateError(ValueError):
    """Why a text is no date that can be read with certainty."""


def parse_date(text: str, *, month_first: bool = False) -> PrintedDate:
    """Return the date at the start of a text, as precise as it is printed.

    Text behind it, even without a blank between, is left to the caller; but a time of day belongs to it.

    Args:
        text: Text that begins with the date.
        month_first: ``11/3/20`` is known to be the third of November, not to be ambiguous.

    Raises:
        InvalidDateError: When there is none, when it does not exist in the calendar, or when day and month
            can't be told apart.

    >>> parse_date("April 2021").value
    '2021-04'
    >>> parse_date("16Jun22Davera Gabriel")
    PrintedDate(value='2022-06-16', end=7)
    >>> parse_date("31 October 2025").value
    '2025-10-31'
    """
    text = text.replace("\u2010", "-").replace("\u2011", "-")
    for pattern, kind in _FORMS:
        match = pattern.match(text)
        if match is None:
            continue
        parts = match.groupdict()
        if kind == "name" and parts["month"].casefold() not in _MONTHS:
            continue
        time = _TIME.match(text, match.end())
        return PrintedDate(
            value=_value(parts, kind, month_first=month_first),
            end=match.end() if time is None else time.end(),
        )
    msg = "no known form of a date"
    raise InvalidDateError(msg)


def _value(parts: dict[str, str | None], kind: str, *, month_first: bool) -> str:
    year = int(parts.get("y") or 0) or _CENTURY + int(parts.get("y2") or 0)
    if kind == "either":
        first, second = int(parts["a"] or 0), int(parts["b"] or 0)
        month, day = (first, second) if month_first else _month_and_day(first, second)
        return _checked(year, month, day)
    month_number = _MONTHS[(parts["month"] or "").casefold()] if kind == "name" else _number(parts.get("m"))
    return _checked(year, month_number, _number(parts.get("d")))


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _month_and_day(first: int, second: int) -> tuple[int, int]:
    """Tell month from day where only one reading exists."""
    months = 12
    if first == second or first > months >= second:
        return second, first
    if second > months >= first:
        return first, second
    msg = "day and month can be read either way"
    raise InvalidDateError(msg)


def _checked(year: int, month: int | None, day: int | None) -> str:
    try:
        date(year, month if month is not None else 1, day if day is not None else 1)
    except ValueError as error:
        msg = "no such day in the calendar"
        raise InvalidDateError(msg) from error
    if not _EARLIEST <= year <= _LATEST:
        msg = f"the year {year} is not plausible"
        raise InvalidDateError(msg)
    text = f"{year:04d}"
    if month is not None:
        text += f"-{month:02d}"
    if day is not None:
        text += f"-{day:02d}"
    return text
