"""The form of simple values, type by type.

Patterns are those of the StructureDefinitions of primitive types, for full strings, in ASCII mode as in Java:
https://hl7.org/fhir/R4/datatypes.html, https://hl7.org/fhir/R5/datatypes.html. The calendar is asked as
well, which no pattern can do.
"""

from __future__ import annotations

import re
from calendar import monthrange
from typing import TYPE_CHECKING, Any

from termsmith.checks.rule import Hit, hit
from termsmith.checks.structure.form_problems import form_of, problem
from termsmith.checks.structure.words import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from termsmith.checks.columns import Column
    from termsmith.checks.subject import Subject

LONGEST_STRING = 1024 * 1024

_DATE = r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?"
_FULL_DATE = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?"
_ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))"
_BASE64 = r"(?:[0-9a-zA-Z+/]\s*)"
_FORMS = {
    "id": r"[A-Za-z0-9\-.]{1,64}",
    "uri": r"\S*",
    "url": r"\S*",
    "canonical": r"\S*",
    "oid": r"urn:oid:[0-2](?:\.(?:0|[1-9]\d*))+",
    "uuid": r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "code": r"\S+(?: \S+)*",
    "date": _DATE,
    "dateTime": rf"{_DATE}|{_FULL_DATE}T{_TIME}{_ZONE}",
    "instant": rf"{_FULL_DATE}T{_TIME}{_ZONE}",
    "time": _TIME,
    "base64Binary": rf"\s*(?:{_BASE64}{{4}})*(?:{_BASE64}{{2}}==|{_BASE64}{{3}}=)?\s*",
    "integer64": r"0|[-+]?[1-9]\d*",
}
_ASCII = frozenset(_FORMS) - {"code"}
_PATTERNS = {name: re.compile(form, re.ASCII if name in _ASCII else 0) for name, form in _FORMS.items()}
"""Codes have no white space but single blanks: HL7's validator reads the pattern so in all releases."""
_R5_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d{1,9})?"
_PATTERNS_R5 = _PATTERNS | {
    "dateTime": re.compile(rf"{_DATE}|{_FULL_DATE}T{_R5_TIME}{_ZONE}", re.ASCII),
    "instant": re.compile(rf"{_FULL_DATE}T{_R5_TIME}{_ZONE}", re.ASCII),
}
_DATES = frozenset({"date", "dateTime", "instant"})

CODES = {
    "id": "DTY002",
    "uri": "DTY003",
    "url": "DTY003",
    "canonical": "DTY003",
    "oid": "DTY004",
    "uuid": "DTY005",
    "code": "DTY006",
    "date": "DTY007",
    "dateTime": "DTY007",
    "instant": "DTY007",
    "time": "DTY007",
    "base64Binary": "DTY009",
    "integer64": "DTY010",
}
"""The rule that a value of a type breaks when it has not the type's form."""


def lexical_faults(subject: Subject) -> Mapping[str, Sequence[Hit]]:
    """Return the values that have not the form of their type: hits by code of the rule."""
    faults: dict[str, list[Hit]] = {}
    patterns = _PATTERNS_R5 if subject.version == "R5" else _PATTERNS
    for type_name, columns in subject.anatomy.texts.items():
        pattern = patterns.get(type_name)
        for column in columns:
            if type_name == "string":
                _too_long(column, faults)
            elif pattern is None:  # FHIR limits no other type
                continue
            else:
                _misformed(type_name, pattern, column, faults)
    return faults


def _misformed(
    type_name: str, pattern: re.Pattern[str], column: Column[str], faults: dict[str, list[Hit]]
) -> None:
    matches: Callable[[str], Any] = pattern.fullmatch
    values = column.values
    # Codes of properties and languages are few, in however many concepts; each needs but one look.
    if all(map(matches, column.distinct)):
        if type_name in _DATES:
            _no_such_day(column, faults)
        return
    for index, value in enumerate(values):
        if matches(value) is None:
            why = problem(type_name, value)
            facts = {"type": type_name, "value": shown(value), "problem": why, "form": form_of(type_name)}
            faults.setdefault(CODES[type_name], []).append(hit(column.pointer(index), **facts))
        elif type_name in _DATES and not _is_day(value):
            faults.setdefault("DTY008", []).append(hit(column.pointer(index), value=shown(value)))


def _no_such_day(column: Column[str], faults: dict[str, list[Hit]]) -> None:
    for index, value in enumerate(column.values):
        if not _is_day(value):
            faults.setdefault("DTY008", []).append(hit(column.pointer(index), value=shown(value)))


def _is_day(value: str) -> bool:
    """Tell whether a date of the right form is in the calendar."""
    year = int(value[:4])
    if len(value) < len("2024-01-01") or value[8:10] <= "28":
        return year > 0
    return year > 0 and int(value[8:10]) <= monthrange(year, int(value[5:7]))[1]


def _too_long(column: Column[str], faults: dict[str, list[Hit]]) -> None:
    if max(map(len, column.values)) <= LONGEST_STRING:
        return
    for index, value in enumerate(column.values):
        if len(value) > LONGEST_STRING:
            found = hit(column.pointer(index), length=len(value), limit=LONGEST_STRING)
            faults.setdefault("DTY011", []).append(found)
