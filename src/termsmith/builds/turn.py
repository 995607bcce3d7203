"""One build of a project at a time: a second one waits until the first is done."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from termsmith.errors import OutputError
from termsmith.outputs.locking import lock
from termsmith.outputs.staging import replace_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_LOOK_AGAIN = 0.1
"""Seconds between two looks at whether the other build is done."""


@contextmanager
def turn(folder: Path, *, on_wait: Callable[[], object]) -> Iterator[None]:
    """Have a folder to ourselves; the system gives it free when we end, however we do.

    Args:
        folder: Made if it isn't there.
        on_wait: Called once when another process has it.

    Raises:
        OutputError: OUT002, when the folder can't be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            replace_file(
                ignore, b"*\n"
            )  # in one step: half of it would be there for good, and ignore nothing
        file = (folder / "turn").open("ab")
    except OSError as error:
        raise OutputError(
            "OUT002",
            f"{folder.as_posix()}: can't be written: {error.strerror}",
            "Check its permissions and the space on the disk.",
        ) from error
    with file:
        waited = False
        while True:
            try:
                lock(file)
            except (BlockingIOError, PermissionError):
                if not waited:
                    waited = True
                    on_wait()
                time.sleep(_LOOK_AGAIN)
            except OSError:
                break  # a file system without locks
            else:
                break
        yield
