"""Why a simple value has not the form of its type, and what that form is, in words."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from termsmith.checks.oids import problem_of_form

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST_ID = 64
_FORM_OF = {
    "date": "Write YYYY, YYYY-MM or YYYY-MM-DD.",
    "dateTime": "Write YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss and a zone: Z or +zz:zz.",
    "instant": "Write YYYY-MM-DDThh:mm:ss and a zone: Z or +zz:zz.",
    "time": "Write hh:mm:ss, without a zone.",
}
_MOMENT = re.compile(
    r"(?:(?P<year>\d+)(?:-(?P<month>\d+)(?:-(?P<day>\d+))?)?)?"
    r"(?:(?P<mark>[Tt ]|\A)(?P<hour>\d+):(?P<minute>\d+)(?::(?P<second>\d+)(?P<fraction>\.\d+)?)?"
    r"(?P<zone>[Zz]|[+-](?P<zone_hour>\d+)(?::(?P<zone_minute>\d*))?)?)?",
    re.ASCII,
)
_YEAR_LAST = re.compile(r"\d{1,2}([./-])\d{1,2}\1\d{4}", re.ASCII)
_OTHER_MARKS = re.compile(r"\d{4}([./])\d{1,2}(?:\1\d{1,2})?|\d{8}", re.ASCII)
_LENGTHS = {"year": 4, "month": 2, "day": 2, "hour": 2, "minute": 2, "second": 2}
_HIGHEST = {"month": 12, "day": 31, "hour": 23, "minute": 59, "second": 60}
_FARTHEST_ZONE = 14
_NOT_IN_IDS = re.compile(r"[^A-Za-z0-9.-]", re.ASCII)
_NOT_IN_BASE64 = re.compile(r"[^0-9A-Za-z+/=\s]", re.ASCII)
_UUID_URN = "urn:uuid:"
_OID_URN = "urn:oid:"
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_BLANKS = {
    "\t": "a tab",
    "\n": "a line end",
    "\r": "a line end",
    "\xa0": "a no-break space (U+00A0)",
}


def form_of(type_name: str) -> str:
    """Return how a value of a type is written; for dates and times."""
    return _FORM_OF.get(type_name, "")


def problem(type_name: str, value: str) -> str:
    """Return what is wrong with a value that has not the form of its type."""
    if type_name in _FORM_OF:
        return _of_moment(type_name, value)
    if type_name == "integer64":
        return "it is no whole number without leading zeros"
    of_type = _OF_TYPE.get(type_name)
    return "it has white space" if of_type is None else of_type(value)


def _of_id(value: str) -> str:
    if len(value) > _LONGEST_ID:
        return f"it has {len(value)} characters"
    other = _NOT_IN_IDS.search(value)
    return f"it has the character {other[0]!r}" if other is not None else "it has another form"


def _of_code(value: str) -> str:
    if value != value.strip():
        return "it begins or ends with white space"
    for character in value:
        if character.isspace() and character != " ":
            return f"it has {_blank(character)} inside"
    return "it has more than one blank in a row inside"


def _blank(character: str) -> str:
    name = unicodedata.name(character, "white space").lower()
    return _BLANKS.get(character, f"white space of another kind ({name}, U+{ord(character):04X})")


def _of_oid(value: str) -> str:
    bare = value.removeprefix(_OID_URN)
    if bare != value:
        return problem_of_form(bare) or "it has something behind the OID"
    if problem_of_form(value) is None:
        return f"it lacks {_OID_URN}"
    return f"it does not begin with {_OID_URN}"


def _of_uuid(value: str) -> str:
    bare = value.removeprefix(_UUID_URN)
    if _UUID.fullmatch(bare.lower()) is None:
        return "it has not the form 8-4-4-4-12 hexadecimal digits behind urn:uuid:"
    return f"it lacks {_UUID_URN}" if bare == value else "it has capital letters"


def _of_base64(value: str) -> str:
    found = _NOT_IN_BASE64.search(value)
    if found is not None:
        return f"it has the character {found[0]!r}, which base64 does not use"
    return "its length does not fit: characters come in fours, the last four filled up with ="


def _of_moment(type_name: str, value: str) -> str:
    """Say what is wrong with a date or time."""
    if value != value.strip():
        return "it begins or ends with white space"
    if _YEAR_LAST.fullmatch(value):
        return "the year stands last, and FHIR has it first"
    if _OTHER_MARKS.fullmatch(value):
        return "year, month and day are not divided by hyphens"
    found = _MOMENT.fullmatch(value)
    if found is None:
        return "it has not the form of one"
    parts = {name: text for name, text in found.groupdict().items() if text is not None}
    return (
        _of_parts(parts)
        or (_of_time(parts) if type_name == "time" else _of_date(type_name, parts))
        or _of_zone(parts)
        or "it has not the form of one"
    )


def _of_parts(parts: Mapping[str, str]) -> str | None:
    """Look at each number by itself."""
    for name, length in _LENGTHS.items():
        text = parts.get(name)
        if text is None:
            continue
        if len(text) != length:
            return f"the {name} has {len(text)} digit{'s' * (len(text) != 1)}, and needs {length}"
        lowest = 1 if name in {"month", "day"} else 0
        highest = _HIGHEST.get(name, int(text))
        if name == "hour" and text == "24":
            return "the hour is 24; hours end with 23, and midnight is 00:00:00 of the next day"
        if not lowest <= int(text) <= highest:
            return f"the {name} is {text}, and goes from {lowest:02} to {highest}"
    return None


def _of_time(parts: Mapping[str, str]) -> str | None:
    if "year" in parts or "mark" not in parts or parts["mark"]:
        return "it is no time alone"
    if "second" not in parts:
        return "a time needs seconds"
    return "a time has no time zone" if "zone" in parts else None


def _of_date(type_name: str, parts: Mapping[str, str]) -> str | None:
    if "year" not in parts:
        return "it has no day"
    if "hour" in parts:
        return "a date has no time of day" if type_name == "date" else _of_time_of_day(parts)
    return "it has no time of day, which an instant needs" if type_name == "instant" else None


def _of_time_of_day(parts: Mapping[str, str]) -> str | None:
    if "day" not in parts:
        return "a time of day needs a whole date before it"
    if parts["mark"] != "T":
        return "date and time are divided by a capital T"
    if "second" not in parts:
        return "a time needs seconds"
    return None if "zone" in parts else "a time needs a time zone, such as Z or +01:00"


def _of_zone(parts: Mapping[str, str]) -> str | None:
    zone = parts.get("zone", "Z")
    if zone == "z":
        return "the zone is a capital Z"
    if zone != "Z":
        hour, minute = parts["zone_hour"], parts.get("zone_minute", "")
        if len(hour) != len("00") or len(minute) != len("00"):
            return f"the time zone is {zone[:20]}, and is written as +01:00"
        if (int(hour), int(minute)) > (_FARTHEST_ZONE, 0):
            return f"the time zone is {zone}, and zones go from -14:00 to +14:00"
        if int(minute) > _HIGHEST["minute"]:
            return f"the minute of the time zone is {minute}, and goes from 00 to 59"
    if len(parts.get("fraction", "")) > len(".123456789"):
        return "its fraction of a second has more than 9 digits"
    return None


_OF_TYPE = {"code": _of_code, "id": _of_id, "oid": _of_oid, "uuid": _of_uuid, "base64Binary": _of_base64}
