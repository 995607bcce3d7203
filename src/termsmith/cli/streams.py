"""Standard output and standard error: what they can show, and in our words why they can't be written."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from termsmith.errors import OutputError

if TYPE_CHECKING:
    from typing import NoReturn


class Stream:
    """A text stream; what is written to it after it has refused goes nowhere."""

    def __init__(self, stream: TextIO, name: str) -> None:
        """Take the stream, and what messages call it."""
        self._stream, self._name = stream, name

    def __getattr__(self, name: str) -> Any:
        """Be the stream in all other things."""
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write text.

        Raises:
            OutputError: OUT002, when that is refused.
            BrokenPipeError: When nobody reads any more.
        """
        if text == "":
            return 0  # click tries streams with it, and /dev/full refuses even that
        try:
            return self._stream.write(text)
        except BrokenPipeError:
            raise
        except OSError as error:
            self._refuse(error)

    def flush(self) -> None:
        """Write what waits; raises as `write` does."""
        try:
            self._stream.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            self._refuse(error)

    def _refuse(self, error: OSError) -> NoReturn:
        # What waits would fail once more when Python ends, and change the exit status.
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)
        raise OutputError(
            "OUT002",
            f"{self._name}: can't be written: {error.strerror}",
            "Make room for it, or send it elsewhere.",
        ) from error


def open_closed_streams() -> None:
    """Have standard streams that are closed, as by ``>&-``, lead nowhere.

    Python has none then; and the next file to be opened would be taken for them by what is not Python.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            try:
                os.fstat(number)
            except OSError:
                os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115  for good


def is_dumb() -> bool:
    """Tell whether the terminal says of itself that it knows no colours and draws nothing anew."""
    return os.environ.get("TERM") == "dumb"
