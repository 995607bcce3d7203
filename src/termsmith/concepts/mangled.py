"""Codes that a spreadsheet took for numbers or dates, and changed, before they were saved as text."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mär|Mai|Okt|Dez"
_SCIENTIFIC = re.compile(r"^[0-9](?:[.,][0-9]{1,9})?E\+[0-9]{2}$", re.MULTILINE)
_DATE = re.compile(rf"^(?:[0-9]{{1,2}}[-.](?:{_MONTH})|(?:{_MONTH})[-.][0-9]{{2}})$", re.MULTILINE)
_PAIR = re.compile(r"^[0-9]{1,2}[-/.][0-9]{1,2}$", re.MULTILINE)
_ERROR = re.compile(r"^#(?:N/A|NV|REF!|NAME\?|VALUE!|WERT!|BEZUG!|DIV/0!|NUM!|NULL!)$", re.MULTILINE)
_ZERO = re.compile(r"^0[0-9]+$", re.ASCII | re.MULTILINE)
_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_MOST_WITHOUT = 0.5
"""Of codes that are numbers, the share that may be too short for leading zeros to have been lost."""


def mangled_codes(rows: Mapping[str, int], text: str) -> Iterator[tuple[int, str]]:
    """Yield rows whose codes look changed beside the other codes, with the reason.

    Args:
        rows: The row of each code.
        text: All codes, one a line.
    """
    for code in dict.fromkeys(_ERROR.findall(text)):
        if code in rows:
            yield rows[code], f"{code} is the error of a formula, no code"
    scientific = dict.fromkeys(_SCIENTIFIC.findall(text))
    # Where all codes look so, they are meant.
    if len(scientific) < len(rows):
        for code in scientific:
            if code in rows:
                yield rows[code], f"{code} is how a spreadsheet shows a long number, or a code such as 1E5"
    dates = dict.fromkeys(_DATE.findall(text))
    if dates and _PAIR.search(text) is not None:
        for code in dates:
            if code in rows:
                yield (
                    rows[code],
                    f"{code} stands among codes such as 1-2, which a spreadsheet takes for dates",
                )
    if _ZERO.search(text) is not None:
        yield from _without_zeros(rows)


def _without_zeros(rows: Mapping[str, int]) -> Iterator[tuple[int, str]]:
    """Yield codes that have lost zeros in front: all others that are numbers are equally long."""
    numbers = [code for code in rows if _DIGITS.fullmatch(code) is not None]
    widths = Counter(map(len, numbers))
    padded = {len(code) for code in numbers if code[0] == "0" and len(code) > 1}
    width = max(widths)
    if padded != {width}:
        return
    # Where the code with its zeros is there, too, the short one is another, and so the others may be.
    if any(code.zfill(width) in rows for code in numbers if len(code) < width):
        return
    short = [code for code in numbers if len(code) < width]
    if not short or len(short) > _MOST_WITHOUT * len(numbers):
        return
    for code in short:
        # A single 0 may be a code of its own among 01 and 02.
        if code != "0":
            full = code.zfill(width)
            yield rows[code], f"{code} has fewer digits than the others; perhaps {full} has lost its zeros"
