"""Unnamed temporary files, for what has to wait until more is known and is too much to hold."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from io import BufferedRandom, FileIO
from tempfile import TemporaryFile, gettempdir
from typing import TYPE_CHECKING, BinaryIO, cast

from termsmith.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import ReadableBuffer


class _Refusing(FileIO):
    """A file that says in our words why it can't be written, whenever its buffer is emptied."""

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except OSError as error:
            raise _refused(gettempdir(), error) from error


def open_scratch() -> BinaryIO:
    """Return a file that is gone when it is closed; `drop` closes it.

    Raises:
        OutputError: OUT002, when there is no folder for temporary files; later from what writes or seeks,
            when the disk refuses.
    """
    try:
        with TemporaryFile(buffering=0) as file:
            return cast("BinaryIO", BufferedRandom(_Refusing(os.dup(file.fileno()), "rb+")))
    except OSError as error:
        raise _refused("the folder for temporary files", error) from error


def drop(file: BinaryIO) -> None:
    """Close a file; what waits to be written to it is of no use any more, so that it can't fail."""
    with suppress(OutputError):
        file.close()


@contextmanager
def scratch() -> Iterator[BinaryIO]:
    """Give a file that is gone at the end.

    Raises:
        OutputError: As `open_scratch`.
    """
    file = open_scratch()
    try:
        yield file
    finally:
        drop(file)


def _refused(name: str, error: OSError) -> OutputError:
    return OutputError(
        "OUT002",
        f"{name}: temporary files can't be written: {error.strerror}",
        "Make room there, or name another folder in the environment variable TMPDIR.",
    )
