"""Characters that look like nothing, or like a space, and what stands in for them.

Every replacement is one character for one: an offset in the cleaned text is an offset in the original.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

NOTHING = "\u00ad"
"""Stands for every character that is not shown; a soft hyphen, which is not shown either."""

HARD_BREAK = "\u2028"
"""Stands for every line end that is none to an editor's line count."""

SPACES = "\r\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
BREAKS = "\x0b\x0c\x85\u2028\u2029"
CONTROLS = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
)
SURROGATES = "\ud800-\udfff"

_LINE_END_NUMBER = r"#(?:13|10|[xX]0?[adAD]);(?:\n|(?=[\s<]|\Z))"

RESIDUE = re.compile("(?:&amp;)?" + _LINE_END_NUMBER)
"""What is left of a line end's character reference when its ``&`` got lost (THO's mdr page: ``#13;``).

With the line feed behind it, it was one line end.
"""

_RESIDUES = (re.compile("&amp;" + _LINE_END_NUMBER), re.compile(_LINE_END_NUMBER))
"""As `RESIDUE`; the search for a pattern that begins with a letter takes a tenth of the time."""

_IN_CELL = r"(?:b|code|em|i|p|span|strong|tt)"
_CELL_STARTS = re.compile(
    rf"(?:<t[dh](?:\s[^<>]*)?>\s*(?:<{_IN_CELL}(?:\s[^<>]*)?>\s*)*|\|[ \t]*)\Z", re.IGNORECASE
)
_CELL_ENDS = re.compile(rf"\s*(?:</{_IN_CELL}\s*>\s*)*</t[dh]\b|[ \t]*\|", re.IGNORECASE)
_FAR = 200
"""Characters before a residue in which its cell may begin."""

_USUAL = bytes(range(0x20, 0x7F)) + b"\t\n"

_CONTROL = re.compile(f"[{CONTROLS}]")
_SPECIAL = re.compile(f"[{SPACES}{BREAKS}{CONTROLS}{SURROGATES}]")


def _members(ranges: str) -> list[int]:
    return [
        point
        for start, end in re.findall("(.)(?:-(.))?", ranges, re.DOTALL)
        for point in range(ord(start), ord(end or start) + 1)
    ]


_REPLACEMENTS: dict[int, str] = {
    **dict.fromkeys(_members(SPACES), " "),
    **dict.fromkeys(_members(BREAKS), HARD_BREAK),
    **dict.fromkeys(_members(CONTROLS), NOTHING),
    **dict.fromkeys(_members(SURROGATES), "\N{REPLACEMENT CHARACTER}"),
}

_CONTROL_NAMES = {
    "\x00": "NUL",
    "\x1b": "ESC",
    "\x7f": "DEL",
    "\u200b": "ZERO WIDTH SPACE",
    "\u2060": "WORD JOINER",
    "\ufeff": "ZERO WIDTH NO-BREAK SPACE",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceText:
    """The text that a reader reads; its lines end with line feeds only."""

    original: str
    """As decoded; its line feeds tell the lines."""
    text: str
    """Cleaned, of the same length; see `clean`."""


def clean(original: str) -> SourceText:
    """Return the text with unseen characters as `NOTHING` and odd spaces and line ends as plain ones."""
    text = original
    # A page has few characters beyond ASCII; without the others the search takes a tenth of the time.
    unusual = text.encode("utf-8", "surrogatepass").translate(None, _USUAL).decode("utf-8", "surrogatepass")
    for character in set(_SPECIAL.findall(unusual)):
        text = text.replace(character, _REPLACEMENTS[ord(character)])
    for residue in _RESIDUES:
        text = residue.sub(_hard_break, text)
    return SourceText(original=original, text=text)


def _hard_break(residue: re.Match[str]) -> str:
    text, start = residue.string, residue.start()
    # With its ``&`` it is a reference, and whole. What is all of a cell is its text: a line end has lines
    # around it.
    if text[max(0, start - 1)] == "&" or (
        _CELL_ENDS.match(text, residue.end()) and _CELL_STARTS.search(text[max(0, start - _FAR) : start])
    ):
        return residue[0]
    return HARD_BREAK + NOTHING * (len(residue[0]) - 1)


def replace_special(text: str) -> str:
    """Return ``text``, character by character, as `clean` does; a residue stays."""
    return text.translate(_REPLACEMENTS) if _SPECIAL.search(text) else text


def control_name(character: str) -> str | None:
    r"""Return the name of a control, direction or zero-width character; None for any other.

    >>> control_name("\u202e")
    'RIGHT-TO-LEFT OVERRIDE'
    >>> control_name("\x01")
    'U+0001'
    """
    if not _CONTROL.match(character):
        return None
    return _CONTROL_NAMES.get(character) or unicodedata.name(character, f"U+{ord(character):04X}")


def plain_line(text: str) -> str | None:
    r"""Return ``text`` on one line, without what is not shown; None when nothing is left.

    >>> plain_line(" Code\u00a0systems\n")
    'Code systems'
    """
    shown = replace_special(text).replace(NOTHING, "").replace(HARD_BREAK, " ")
    return " ".join(shown.split()) or None
