from __future__ import annotations

import pytest

from checks.samples import code_system, messages_of
from termsmith.checks.checking import faults, finding_of
from termsmith.checks.structure.form_problems import form_of, problem
from termsmith.checks.subject import Subject


@pytest.mark.parametrize(
    ("type_name", "value", "told"),
    [
        ("dateTime", "2024-01-01T24:00:00Z", "the hour is 24; hours end with 23"),
        ("time", "24:00:00", "the hour is 24; hours end with 23"),
        (
            "dateTime",
            "2024-01-01T10:00:00+15:00",
            "the time zone is +15:00, and zones go from -14:00 to +14:00",
        ),
        ("dateTime", "2024-01-01T10:00:00+01:75", "the minute of the time zone is 75"),
        ("dateTime", "2024-01-01T10:00:00+0100", "the time zone is +0100, and is written as +01:00"),
        ("dateTime", "2024-01-01T10:00:61Z", "the second is 61, and goes from 00 to 60"),
        ("dateTime", "01/03/2025", "the year stands last, and FHIR has it first"),
        ("dateTime", "2025.03.01", "year, month and day are not divided by hyphens"),
        ("dateTime", "2025-3-1", "the month has 1 digit, and needs 2"),
        ("dateTime", "2025-13", "the month is 13, and goes from 01 to 12"),
        ("dateTime", "2025-00", "the month is 00, and goes from 01 to 12"),
        ("dateTime", "2025-01-01 10:00:00Z", "date and time are divided by a capital T"),
        ("dateTime", "2025-01-01T10:00:00z", "the zone is a capital Z"),
        ("dateTime", "2025-01-01T10:00Z", "a time needs seconds"),
        ("dateTime", "2025-01-01T10:00:00", "a time needs a time zone, such as Z or +01:00"),
        ("dateTime", "2025-01-01T10:00:00.1234567890Z", "its fraction of a second has more than 9 digits"),
        ("dateTime", "1" * 5000, "the year has 5000 digits, and needs 4"),
        ("dateTime", " 2025", "it begins or ends with white space"),
        ("dateTime", "soon", "it has not the form of one"),
        ("date", "2025-01-01T10:00:00Z", "a date has no time of day"),
        ("instant", "2025-01-01", "it has no time of day, which an instant needs"),
        ("time", "10:00", "a time needs seconds"),
        ("time", "10:00:00Z", "a time has no time zone"),
        ("time", "2025-01-01", "it is no time alone"),
        ("code", "A\tB", "it has a tab inside"),
        ("code", "A\xa0B", "it has a no-break space (U+00A0) inside"),
        ("code", "A\u2003B", "it has white space of another kind (em space, U+2003) inside"),
        ("code", "A  B", "it has more than one blank in a row inside"),
        ("code", " A", "it begins or ends with white space"),
        ("id", "#o", "it has the character '#'"),
        ("id", "x" * 65, "it has 65 characters"),
        ("oid", "1.2.3", "it lacks urn:oid:"),
        ("oid", "urn:oid:3.1.2", "its first arc is 3, which can only be 0, 1 or 2"),
        ("oid", "urn:oid:1.02", "an arc has a leading zero"),
        ("oid", "tea", "it does not begin with urn:oid:"),
        ("uuid", "550e8400-e29b-41d4-a716-446655440000", "it lacks urn:uuid:"),
        ("uuid", "urn:uuid:550E8400-e29b-41d4-a716-446655440000", "it has capital letters"),
        ("uuid", "urn:uuid:550e8400", "it has not the form 8-4-4-4-12 hexadecimal digits"),
        ("base64Binary", "YWJ", "its length does not fit"),
        ("base64Binary", "YW$j", "it has the character '$', which base64 does not use"),
        ("integer64", "01", "it is no whole number without leading zeros"),
        ("uri", "a b", "it has white space"),
    ],
)
def test_a_malformed_value_is_told_what_is_wrong_with_it(type_name: str, value: str, told: str) -> None:
    assert problem(type_name, value).startswith(told)


@pytest.mark.parametrize(
    ("kind", "value", "hint"),
    [
        ("valueDate", "2025-13", "Write YYYY, YYYY-MM or YYYY-MM-DD."),
        ("valueInstant", "2025", "Write YYYY-MM-DDThh:mm:ss and a zone: Z or +zz:zz."),
        ("valueTime", "24:00:00", "Write hh:mm:ss, without a zone."),
    ],
)
def test_the_hint_is_the_form_of_the_type(kind: str, value: str, hint: str) -> None:
    data = code_system(extension=[{"url": "https://tea.example.net/x", kind: value}])
    subject = Subject(data, version="R5", today="2026-01-01")
    found = [finding_of(each, subject) for each in faults(subject) if each.rule.code == "DTY007"]
    assert [each.hint for each in found] == [hint]


def test_types_without_a_form_of_their_own_have_none() -> None:
    assert form_of("code") == ""


def test_a_code_is_told_which_white_space_it_has() -> None:
    data = code_system(concept=[{"code": "A\tB"}], count=1)
    assert messages_of("DTY006", data) == [r"'A\tB' is no code: it has a tab inside"]
