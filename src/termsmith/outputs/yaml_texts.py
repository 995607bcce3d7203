"""Values of a YAML file that go on over several lines, so that nobody writes into the middle of one.

Not a reader of YAML: it only follows quotes, brackets and the texts behind ``|`` and ``>``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_INDICATOR = re.compile(r"[|>][-+0-9]*\s*(?:#.*)?", re.DOTALL)
_OPENING = "[{"
_ENDS = {'"': re.compile(r'(?:[^"\\]|\\.)*+"', re.DOTALL), "'": re.compile(r"(?:[^']|'')*+'")}
"""How a quoted text goes on to its end."""
_TOKEN = re.compile(r"(?<![^\s,:\[{])[\"'#]|[\[\]{}]")
"""What begins a quoted text or a comment, and brackets."""
_DASHES = re.compile(r"(?:- +)*+")
_PROPERTIES = re.compile(r"[ \t]*+(?:[&!]\S*+[ \t]*+)*+")
_COLON = re.compile(r"[ \t]*+:(?=\s|$)")
_KEY_END = re.compile(r":(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Texts:
    """Where values go on over several lines."""

    inner: frozenset[int]
    """Lines, counted from 0, that go on with a quoted text or with what stands in brackets."""
    ends_inside: bool
    """Whether the last line belongs to such a value, or to a text whose last line end counts."""


def texts_of(lines: list[str]) -> Texts:
    """Return where values go on over several lines."""
    inner: set[int] = set()
    open_ = _Open()
    block: int | None = None
    """Depth that lines of a text behind ``|`` or ``>`` go beyond."""
    counts = False
    for number, line in enumerate(lines):
        if open_:
            inner.add(number)
            open_.follow(line)
            continue
        if block is not None:
            if not line.strip() or depth_of(line) > block:
                continue
            block = None
        depth, start = _value(line.lstrip("\ufeff"))
        value = line.lstrip("\ufeff")[start:]
        if _INDICATOR.fullmatch(value) is not None:
            block, counts = depth, "-" not in value.partition("#")[0]
        elif value[:1] in {'"', "'", *_OPENING}:
            open_.follow(value)
    return Texts(frozenset(inner), bool(open_) or (block is not None and counts))


class _Open:
    """What has been opened and not closed: brackets, and in them or by itself a quoted text."""

    def __init__(self) -> None:
        self.brackets, self.quote = 0, ""

    def __bool__(self) -> bool:
        return bool(self.brackets or self.quote)

    def follow(self, line: str) -> None:
        """Go on to the end of a line, or of the value."""
        position = 0
        while True:
            if self.quote:
                end = _ENDS[self.quote].match(line, position)
                if end is None:
                    return
                self.quote, position = "", end.end()
            else:
                found = _TOKEN.search(line, position)
                if found is None or found[0] == "#":
                    return
                position = found.end()
                if found[0] in _ENDS:
                    self.quote = found[0]
                    continue
                self.brackets += 1 if found[0] in _OPENING else -1
            if not self.brackets:
                return


def depth_of(line: str) -> int:
    """Return the number of blanks that a line begins with."""
    return len(line) - len(line.lstrip(" "))


def _value(line: str) -> tuple[int, int]:
    """Return the depth of the innermost entry that begins on a line, and where its value does."""
    depth = start = depth_of(line)
    dashes = _DASHES.match(line, start)
    if dashes is not None and dashes[0]:
        depth, start = line.rindex("-", start, dashes.end()), dashes.end()
    key_end = _key_end(line, start)
    if key_end is not None:
        depth, start = start, key_end
    properties = _PROPERTIES.match(line, start)
    return depth, start if properties is None else properties.end()


def _key_end(line: str, start: int) -> int | None:
    """Return where the key that begins at a place ends, with its colon; nothing where none does."""
    quote = line[start : start + 1]
    if quote in _ENDS:
        end = _ENDS[quote].match(line, start + 1)
        colon = None if end is None else _COLON.match(line, end.end())
        return None if colon is None else colon.end()
    found = None if quote == "#" else _KEY_END.search(line, start)
    return None if found is None else found.end()
