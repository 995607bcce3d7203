"""Types of properties, inferred from all their values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,9}", re.ASCII)
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", re.ASCII)
_DATE_TIME = re.compile(
    r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01])"
    r"(?:T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9]))?)?)?",
    re.ASCII,
)
_CODE = re.compile(r"\S+(?: \S+)*")
_CODING = re.compile(r"(?P<system>[a-z][a-z0-9+.-]*:[^\s|]+)\|(?P<code>[^\s|]+(?: [^\s|]+)*)", re.ASCII)
_LARGEST = 2**31
_TRUE = frozenset({"true", "yes", "y", "x", "1", "ja", "oui", "sí", "si", "✓", "✔"})
_FALSE = frozenset({"false", "no", "n", "0", "nein", "non", "nee", "-"})


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
    """Tell whether a number keeps all its digits as a JSON number that others read as a float."""
    return _DECIMAL.fullmatch(value) is not None and value in {repr(float(value)), repr(float(value))[:-2]}


def _is_dashed_date(value: str) -> bool:
    return _DATE_TIME.fullmatch(value) is not None


def _is_boolean(value: str) -> bool:
    return value.lower() in {"true", "false"}


def _is_coding(value: str) -> bool:
    return _CODING.fullmatch(value) is not None


_INFERRED: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("boolean", _is_boolean),
    ("integer", _is_integer),
    ("decimal", _is_decimal),
    ("dateTime", _is_dashed_date),
    ("Coding", _is_coding),
)
"""In the order in which they are tried."""


def allowed(kind: str, values: Collection[str]) -> bool:
    """Tell whether all values can be of a type that is stated; yes and no are booleans then, too."""
    match kind:
        case "string":
            return True
        case "code":
            return all(_CODE.fullmatch(value) for value in values)
        case "boolean":
            return {value.lower() for value in values} <= _TRUE | _FALSE
        case "dateTime":
            return all(map(_is_dashed_date, values))
        case _:
            test = dict(_INFERRED)[kind]
            return all(map(test, values))


class TypeInference:
    """The type of one column while its values come."""

    def __init__(self) -> None:
        """Begin with all types possible."""
        self._left = list(_INFERRED)
        self._values: set[str] | None = set()
        self._dashed = False

    def look(self, values: Collection[str]) -> None:
        """Take values into account; empty ones are none."""
        distinct = set(values)
        distinct.discard("")
        if not distinct:
            return
        # Integers are decimals, too; looking at them one by one would take most of the time of a long table.
        settled = _NUMBERS if _are_integers(distinct) else frozenset()
        self._left = [
            (kind, test) for kind, test in self._left if kind in settled or all(map(test, distinct))
        ]
        if not self._dashed:
            self._dashed = any("-" in value for value in distinct)
        if self._values is not None:
            self._values |= distinct
            if len(self._values) > _MOST_VALUES:
                self._values = None

    def values(self) -> Collection[str] | None:
        """Return the distinct values; nothing when there are too many to keep."""
        return self._values

    def type(self, codes: Mapping[str, int]) -> str:
        """Return the type that fits all values: ``code`` where all are codes of the same system.

        A year alone is an integer.
        """
        for kind, _ in self._left:
            if kind != "dateTime" or self._dashed:
                return kind
        if self._values and self._values <= codes.keys():
            return "code"
        return "string"


_MOST_VALUES = 100_000
_NUMBERS = frozenset({"integer", "decimal"})


def converter(kind: str) -> Callable[[str], Any] | None:
    """Return what makes a JSON value of a cell; nothing where the text itself is the value."""
    return _CONVERTERS.get(kind)


def _boolean(value: str) -> bool:
    return value.lower() in _TRUE


def _number(value: str) -> int | float:
    return int(value) if _INTEGER.fullmatch(value) else float(value)


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
