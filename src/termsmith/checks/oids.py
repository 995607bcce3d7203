"""Why a text is no OID in dotted decimal, in words."""

from __future__ import annotations

import re

OID = re.compile(r"[0-2](?:\.(?:0|[1-9][0-9]*))+", re.ASCII)
_DOTTED = re.compile(r"[0-9]+(?:\.[0-9]+)*", re.ASCII)
_ZERO_FIRST = re.compile(r"(?:\A|\.)0[0-9]")


def problem_of_form(text: str) -> str | None:
    """Return why a text has not the form of an OID; nothing when it has.

    >>> problem_of_form("3.1.2")
    'its first arc is 3, which can only be 0, 1 or 2'
    """
    if OID.fullmatch(text) is not None:
        return None
    if text.endswith("."):
        return "it ends with a dot and seems cut off"
    if _DOTTED.fullmatch(text) is None:
        return "it is no dotted decimal"
    if _ZERO_FIRST.search(text):
        return "an arc has a leading zero"
    first, dot, _ = text.partition(".")
    if not dot:
        return "it is one number, and an OID has at least two arcs"
    return f"its first arc is {first[:20]}, which can only be 0, 1 or 2"
