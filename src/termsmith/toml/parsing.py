"""Parsing TOML from bytes, with the place of what is none."""

from __future__ import annotations

import re
import tomllib
from typing import Any

_AT = re.compile(r"(?P<problem>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)")


class NoTomlError(ValueError):
    """Bytes that are no TOML."""

    def __init__(self, problem: str, hint: str, line: int | None = None, column: int | None = None) -> None:
        """Take what is wrong, what to do next and the 1-based place, as far as it is known."""
        self.problem, self.hint, self.line, self.column = problem, hint, line, column
        super().__init__(problem)

    def told(self, source: str) -> str:
        """Return ``file:line:column: problem``, with as much of the place as is known."""
        place = [each for each in (self.line, self.column) if each is not None]
        return f"{':'.join([source, *map(str, place)])}: {self.problem}"


def parse_toml(data: bytes) -> tuple[dict[str, Any], str]:
    """Return what a TOML file states, and its text.

    Raises:
        NoTomlError: When it is no UTF-8, or no TOML.
    """
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise NoTomlError("no UTF-8 text", "Save the file as UTF-8.", line) from error
    try:
        return tomllib.loads(text), text
    except RecursionError as error:
        raise NoTomlError("no valid TOML: nested too deeply", "Correct the file.") from error
    except ValueError as error:  # of Python itself where a number has thousands of digits
        found = _AT.fullmatch(str(error))
        if found is None:
            raise NoTomlError(f"no valid TOML: {error}", "Correct the file.") from error
        problem, hint = f"no valid TOML: {found['problem']}", "Correct the line."
        if found["line"] is None:
            raise NoTomlError(f"{problem} at the end", hint, text.count("\n") + 1) from error
        raise NoTomlError(problem, hint, int(found["line"]), int(found["column"])) from error
