"""Where the keys of a TOML file stand; `tomllib` does not tell."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

Path: TypeAlias = tuple[str | int, ...]
"""Keys from the top of the file, and 0-based numbers within lists: ``("system", 1, "title")``."""

_DEEPEST = 8
"""Parts of a path that are told apart. No file of ours has more; a hostile one gains nothing by them."""
_TOKEN = re.compile(
    r"""
      \#[^\n]*
    | (?P<text>  \"{3} (?:[^\\]|\\.)*? \"{3,5} | '{3} .*? '{3,5} | "(?:[^"\\\n]|\\.)*" | '[^'\n]*' )
    | (?P<mark>  [=\[\]{},\n] )
    | (?P<bare>  [^\s\#"'=\[\]{},.]+ )
    """,
    re.VERBOSE | re.DOTALL,
)


class Places:
    """The lines of all keys and list items of a text that is valid TOML."""

    def __init__(self, text: str) -> None:
        """Walk through the text once."""
        self._text = text.split("\n")
        self._lines: dict[Path, int] = _Walk().lines(text)

    def known(self, path: Sequence[str | int]) -> Path:
        """Return a path without the parts that don't stand in the file."""
        known: Path = ()
        for part in path:
            if (*known, part) in self._lines:
                known = (*known, part)
        return known

    def line(self, path: Sequence[str | int]) -> int:
        """Return the 1-based line of a key, or of what stands nearest above it."""
        return self._lines.get(self.known(path), 1)

    def raw(self, path: Sequence[str | int]) -> str:
        """Return the text of that line."""
        return self._text[self.line(path) - 1].strip()


class _Walk:
    """The state while a text is walked through, token by token."""

    def __init__(self) -> None:
        self._lines: dict[Path, int] = {}
        self._lists: dict[Path, int] = {}
        """Number of the last table of each ``[[list]]``."""
        self._table: Path = ()
        """What the last header names."""
        self._keys: list[str] = []
        """Of the key that is being read, or of the header."""
        self._header = 0
        """Brackets of the header that is being read; 0 where none is."""
        self._at: Path | None = None
        """What the value that is being read is the value of; absent while a key is read."""
        self._open: list[tuple[Path, int | None]] = []
        """Lists around it, with the number of the item, and tables in braces, with none."""

    def lines(self, text: str) -> dict[Path, int]:
        """Return the line of each path."""
        line = 1
        for token in _TOKEN.finditer(text):
            if token["mark"] is not None:
                self._mark(token["mark"], line)
            elif token["text"] is not None or token["bare"] is not None:
                self._word(token[0], line)
            line += token[0].count("\n")
        return self._lines

    def _word(self, word: str, line: int) -> None:
        if self._at is not None:
            self._lines.setdefault(self._at, line)
        elif len(self._keys) < _DEEPEST:
            self._keys.append(_plain(word))

    def _mark(self, mark: str, line: int) -> None:
        match mark:
            case "\n" if not self._open:
                self._keys, self._header, self._at = [], 0, None
            case "=" if self._at is None:
                self._at = self._stands((self._open[-1][0] if self._open else self._table), line)
            case "[" if self._at is None:
                self._header += 1
            case "]" if self._header:
                self._named(line)
            case "[" if self._at is not None:
                self._lines.setdefault(self._at, line)
                self._enter(self._at, 0)
            case "{" if self._at is not None:
                self._lines.setdefault(self._at, line)
                self._enter(self._at, None)
            case "," if self._open:
                around, number = self._open.pop()
                self._enter(around, None if number is None else number + 1)
            case "]" | "}" if self._open:
                self._at, _ = self._open.pop()

    def _enter(self, around: Path, number: int | None) -> None:
        """Go on with an item of a list, or with a key of a table in braces."""
        self._open.append((around, number))
        self._at = None if number is None else (*around, number)[:_DEEPEST]
        self._keys = []

    def _named(self, line: int) -> None:
        """Take the header that has been read; its second bracket at the end finds none to take."""
        around: Path = ()
        for key in self._keys[:-1]:
            around = self._within((*around, key))
        self._keys = self._keys[-1:]
        path = self._stands(around, line)
        if self._header > 1:
            self._lists[path] = self._lists.get(path, -1) + 1
        self._table = self._within(path)
        self._lines[self._table] = line
        self._keys, self._header = [], 0

    def _within(self, path: Path) -> Path:
        """Return the last table of a list of tables; of anything else, itself."""
        return (*path, self._lists[path]) if path in self._lists else path

    def _stands(self, around: Path, line: int) -> Path:
        """Note where the keys that have been read stand, and what they imply; return their path."""
        path = (*around, *self._keys)[:_DEEPEST]
        for end in range(1, len(path)):
            self._lines.setdefault(path[:end], line)
        if self._header:
            self._lines.setdefault(path, line)
        else:
            self._lines[path] = line
        self._keys = []
        return path


def _plain(word: str) -> str:
    """Return a key without the quotes around it."""
    if word[0] not in "\"'":
        return word
    if word[0] == "'" or "\\" not in word:
        return word[1:-1]
    return str(tomllib.loads(f"key = {word}")["key"])
