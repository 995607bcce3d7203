"""Superscripts and subscripts in plain text, which has no other place for them than the line.

Set on the line, the figures of one would become part of the number or code before it: ``10`` and a raised
``9`` are not ``109``. Unicode has characters of its own for them, one for one.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from termsmith.pages.characters import HARD_BREAK, NOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from termsmith.pages.builder import PageBuilder

_UNSEEN = " \n\t" + NOTHING + HARD_BREAK
_NOTE_MARK = re.compile(r"(?<=[^\s⁰¹²³⁴-⁾ᵃᵇᶜᵈᵉᶠ])(?:[⁰¹²³⁴-⁾ᵃᵇᶜᵈᵉᶠ]+|\^\([^()]*\))\Z")


class Raised(NamedTuple):
    """A text off the line, and what has to stand around it."""

    before: str
    text: str
    """As long as on the page."""
    behind: str


_SIGNS = "0123456789+-=()\u2212\u2013"


class Script(Enum):
    """Where a text stands: its sign on the line, and the characters that Unicode has for it."""

    SUPER = (
        "^",
        dict(
            zip(
                _SIGNS + "abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW",
                "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾⁻⁻" + "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ",
                strict=True,
            )
        ),
    )
    SUB = "_", dict(zip(_SIGNS + "aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎₋₋" + "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))

    def __init__(self, sign: str, characters: Mapping[str, str]) -> None:
        """Keep the sign and the characters."""
        self.sign = sign
        self.characters = {**characters, **{each: each for each in characters.values()}}


def raised(text: str, script: Script) -> Raised:
    """Return a text off the line, without white space at its ends, as plain text says it.

    Words and marks stay: the end of ``1st``, a trade mark sign. So do letters among figures that have no
    character of their own. What else has figures stands in brackets.

    >>> raised("-3", Script.SUPER).text, raised("1c", Script.SUB).text, raised("st", Script.SUPER).text
    ('⁻³', '₁c', 'st')
    >>> "".join(raised("1,2", Script.SUPER))
    '^(1,2)'
    """
    has_figures = any(map(str.isnumeric, text))
    if has_figures or len(text) == 1 or all(character in _SIGNS for character in text):
        known = script.characters
        if all(character in known or character.isalpha() for character in text):
            return Raised("", "".join(known.get(character, character) for character in text), "")
    return Raised(f"{script.sign}(", text, ")") if has_figures else Raised("", text, "")


def add_raised(builder: PageBuilder, text: str, offset: int, script: Script) -> None:
    """Add a text off the line that stands in the source as it is, from ``offset`` on."""
    core = text.strip(_UNSEEN)
    start = text.index(core)
    end = start + len(core)
    before, shown, behind = raised(core, script) if core else Raised("", "", "")
    stretches = (
        (text[:start], offset),
        (before, offset + start),
        (shown, offset + start),
        (behind, offset + end - 1),
        (text[end:], offset + end),
    )
    for each, at in stretches:
        if each:
            builder.add(each, at)


def note_mark(text: str) -> str:
    """Return the raised figures at the end of a text, which may refer to a note; empty where there are none.

    >>> note_mark("Tea Grades¹"), note_mark("A^(1,2)"), note_mark("10⁹/L")
    ('¹', '^(1,2)', '')
    """
    if not text or (text.isascii() and text[-1] != ")"):
        return ""
    found = _NOTE_MARK.search(text)
    return "" if found is None else found[0]
