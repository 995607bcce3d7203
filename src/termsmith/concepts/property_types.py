"""Types of properties, inferred from all their values."""

from __future__ import annotations

import re
from datetime import date
from math import isfinite
from typing import TYPE_CHECKING, Any

from termsmith.model.exact_decimal import exact_decimal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,9}", re.ASCII)
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,18})?", re.ASCII)
_EXPONENT = re.compile(r"[eE][+-]?[0-9]{1,3}\Z", re.ASCII)
_MOST_DIGITS = 18
"""Digits that every reader of FHIR has to keep: https://hl7.org/fhir/R4/datatypes.html#decimal."""
_DATE_TIME = re.compile(
    r"(?P<date>[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?P<day>0[1-9]|[12][0-9]|3[01]))?)?)"
    r"(?P<time>T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?"
    r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00)))?",
    re.ASCII,
)
_CODE = re.compile(r"\S+(?: \S+)*")
_CODING = re.compile(r"(?P<system>[a-z][a-z0-9+.-]*:[^\s|]+)\|(?P<code>[^\s|]+(?: [^\s|]+)*)", re.ASCII)
_LARGEST = 2**31
_TRUE = frozenset({"true", "yes", "y", "x", "1", "ja", "oui", "sí", "si", "✓", "✔"})
_FALSE = frozenset({"false", "no", "n", "0", "nein", "non", "nee", "-"})
_MOST_VALUES = 100_000
_NUMBERS = frozenset({"integer", "decimal"})


def _is_integer(value: str) -> bool:
    return _INTEGER.fullmatch(value) is not None and -_LARGEST <= int(value) < _LARGEST


def _are_integers(values: Collection[str]) -> bool:
    """Tell the same of many values at once."""
    try:
        numbers = list(map(int, values))
    except ValueError:
        return False
    # Python reads more as integers than FHIR does, but writes them as FHIR wants them.
    return list(map(str, numbers)) == list(values) and min(numbers) >= -_LARGEST and max(numbers) < _LARGEST


def _is_decimal(value: str) -> bool:
    if _DECIMAL.fullmatch(value) is None:
        return False
    return len(value.replace("-", "").replace(".", "")) <= _MOST_DIGITS


def _is_stated_decimal(value: str) -> bool:
    """Tell the same where the type is stated: 2e3 is a number then, and no code as it may be elsewhere.

    What a program's numbers can't hold (1e999, 1e-999) is none that another one could read.
    """
    digits = _EXPONENT.sub("", value)
    if not _is_decimal(digits):
        return False
    number = float(value)
    return isfinite(number) and (number != 0 or float(digits) == 0)


def _is_date_time(value: str) -> bool:
    """Tell whether a text is a date of FHIR, with a time and its zone or without."""
    found = _DATE_TIME.fullmatch(value)
    if found is None or value.startswith("0000") or (found["time"] and not found["day"]):
        return False
    if found["day"]:
        try:
            date.fromisoformat(found["date"])
        except ValueError:  # 30 February
            return False
    return True


def _is_boolean(value: str) -> bool:
    return value.lower() in {"true", "false"}


def _is_yes_or_no(value: str) -> bool:
    return value.lower() in _TRUE or value.lower() in _FALSE


def _is_coding(value: str) -> bool:
    return _CODING.fullmatch(value) is not None


def _is_code(value: str) -> bool:
    return _CODE.fullmatch(value) is not None


_INFERRED: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("boolean", _is_boolean),
    ("integer", _is_integer),
    ("decimal", _is_decimal),
    ("dateTime", _is_date_time),
    ("Coding", _is_coding),
)
"""In the order in which they are tried."""
_STATED: Mapping[str, Callable[[str], bool]] = {
    **dict(_INFERRED),
    "boolean": _is_yes_or_no,
    "decimal": _is_stated_decimal,
    "code": _is_code,
    "string": bool,
}
"""What values may be where the type is stated; yes and no are booleans then, too."""


class TypeInference:
    """The type of one property while its values come."""

    def __init__(self, stated: str | None = None) -> None:
        """Begin with all types possible.

        Args:
            stated: The type that FHIR or the user states; absent when nobody does.
        """
        self._stated = stated
        self._left = list(_INFERRED)
        self._values: set[str] | None = set()
        self._dashed = False
        self.empty = True
        """There was no value yet."""
        self.misfit: str | None = None
        """The first value in sight that is not of the stated type; absent while all are."""

    def look(self, values: Collection[str]) -> None:
        """Take values into account; empty ones are none."""
        distinct = set(values)
        distinct.discard("")
        if not distinct:
            return
        self.empty = False
        # Integers are decimals, too; looking at them one by one would take most of the time of a long table.
        settled = _NUMBERS if _are_integers(distinct) else frozenset()
        if self._stated is not None and self._stated not in settled:
            test = _STATED[self._stated]
            if not all(map(test, distinct)):
                self.misfit = min(value for value in distinct if not test(value))
                self._stated = None
        self._left = [
            (kind, test) for kind, test in self._left if kind in settled or all(map(test, distinct))
        ]
        if not self._dashed:
            self._dashed = "-" in "".join(distinct)
        if self._values is not None:
            self._values |= distinct
            if len(self._values) > _MOST_VALUES:
                self._values = None

    def type(self, codes: Mapping[str, int]) -> str:
        """Return the type that fits all values: ``code`` where all are codes of the same system.

        A year alone is an integer.
        """
        if self._stated is not None:
            return self._stated
        for kind, _ in self._left:
            if kind != "dateTime" or self._dashed:
                return kind
        if self._values and self._values <= codes.keys():
            return "code"
        return "string"


def misfit_reason(value: str, kind: str) -> str:
    """Return why a value is not of a type, as the end of a sentence."""
    if kind == "integer" and re.fullmatch(r"-?[0-9]+", value, re.ASCII):
        return "is beyond FHIR's integers" if value.lstrip("-")[0] != "0" else "has zeros in front"
    if kind == "decimal" and re.fullmatch(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", value, re.ASCII):
        return f"has more than {_MOST_DIGITS} digits"
    return "is none"


def converter(kind: str) -> Callable[[str], Any] | None:
    """Return what makes a JSON value of a cell; nothing where the text itself is the value."""
    return _CONVERTERS.get(kind)


def _boolean(value: str) -> bool:
    return value.lower() in _TRUE


def _number(value: str) -> int | float:
    return int(value) if _INTEGER.fullmatch(value) else exact_decimal(value)


def _coding(value: str) -> dict[str, str]:
    found = _CODING.fullmatch(value)
    return {"system": value} if found is None else {"system": found["system"], "code": found["code"]}


_CONVERTERS: Mapping[str, Callable[[str], Any]] = {
    "boolean": _boolean,
    "integer": int,
    "decimal": _number,
    "Coding": _coding,
}
VALUE_KEYS = {
    kind: f"value{kind[0].upper()}{kind[1:]}"
    for kind in ("code", "Coding", "string", "integer", "boolean", "dateTime", "decimal")
}
"""Type of a property -> the element that holds its value."""
