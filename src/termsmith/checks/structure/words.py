"""Facts for messages about structure: what was found, what was expected, what was perhaps meant."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from termsmith.checks.definitions.loading import definitions
from termsmith.model.attribute_text import AttributeText
from termsmith.model.shortened import shortened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from termsmith.checks.definitions.loading import Element

_EXPECTED = {
    "boolean": "true or false",
    "integer": "a whole number without quotes",
    "unsignedInt": "a whole number from 0 without quotes",
    "positiveInt": "a whole number from 1 without quotes",
    "decimal": "a number without quotes",
}
_ZERO_FIRST = re.compile(r"[+-]?0[0-9]+(?:\.[0-9]+)?", re.ASCII)
_MOST_LISTED = 20


def json_type(value: object) -> str:
    """Return what JSON calls the type of a value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, list):
        return "an array"
    if isinstance(value, dict):
        return "an object"
    return "a number"


def shown(value: object) -> str:
    """Return a value for a message, cut to a line.

    >>> shown("x" * 100)
    'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…'
    """
    return shortened(str(value))


def wrong_type(value: object, element: Element) -> dict[str, Any]:
    """Return facts about a simple value of the wrong JSON type."""
    if isinstance(value, AttributeText):
        return _wrong_text(value, element)
    expected = _EXPECTED.get(element.type, "a string in quotes")
    found = json_type(value)
    if isinstance(value, float) and element.type != "decimal":
        found = f"the number {value}"
    elif isinstance(value, str):
        found = f"the string {shown(value)!r}"
    facts = {"name": element.name, "type": element.type, "expected": expected, "found": found}
    return facts | {"form": " in JSON"}


def _wrong_text(text: AttributeText, element: Element) -> dict[str, Any]:
    """Return facts about the text of an XML attribute that is no number, or neither true nor false."""
    expected = _EXPECTED.get(element.type, "").removesuffix(" without quotes")
    found = repr(shown(text))
    if text != text.strip():
        found += ", with white space around it"
    elif _ZERO_FIRST.fullmatch(text):
        found += ", which has a leading zero"
    elif element.type == "boolean" and text.lower() in {"true", "false"}:
        found += ", with capital letters"
    return {"name": element.name, "type": element.type, "expected": expected, "found": found, "form": ""}


def unbound(value: str, element: Element) -> dict[str, Any]:
    """Return facts about a code that a required binding does not have."""
    codes = sorted(element.codes or ())
    near = [code for code in codes if code.casefold() == value.strip().casefold()]
    near = near or get_close_matches(value, codes, n=1)
    listed = ", ".join(codes[:_MOST_LISTED]) + (", …" if len(codes) > _MOST_LISTED else "")
    meant = f" Perhaps {near[0]!r} is meant." if near else ""
    return {"name": element.name, "value": shown(value), "allowed": listed, "meant": meant}


def unknown(
    key: str, type_name: str, elements: Mapping[str, Element], version: str
) -> tuple[str, dict[str, Any]]:
    """Return the rule that a key breaks which the type does not have, and the facts."""
    name = key.removeprefix("_")
    for other in ("R5", "R4"):
        if other != version and name in definitions(other).types.get(type_name, {}):
            return "STR002", {"name": shown(key), "parent": type_name, "version": version, "other": other}
    compact = name.replace("_", "").replace("-", "").casefold()
    near = [known for known in elements if known.casefold() == compact]
    near = near or get_close_matches(name, elements, n=1)
    meant = f" Perhaps {near[0]} is meant." if near else ""
    return "STR001", {"name": shown(key), "parent": type_name, "version": version, "meant": meant}
