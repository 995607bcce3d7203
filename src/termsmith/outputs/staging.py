"""Writing many files so that a crash at any point leaves each as it was or as it shall be.

New files are first put into a staging folder inside the output folder (so on the same disk), and moved into
place at the end, each by one atomic replacement. The staging folder is removed whatever happens; if the
process is killed, the next run removes it. A lock tells a dead run's folder from that of a run at work.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import sys
import time
from typing import IO, TYPE_CHECKING, BinaryIO, Protocol, Self

from termsmith.errors import OutputError
from termsmith.outputs.files import Change, change_of_stream
from termsmith.outputs.locking import lock
from termsmith.outputs.scratch import scratch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

_PREFIX, _SUFFIX = ".termsmith-", ".tmp"
_LOCK_NAME = ".termsmith-lock"
_UNLOCKED_AGE = 60
"""Seconds after which a staging folder without a lock file is no longer one that is just being made."""


class Writer(Protocol):
    """Takes the files of one folder and writes them together."""

    def put(self, name: str, data: bytes | BinaryIO) -> None:
        """Take a file to be written; nothing in the folder changes yet."""

    def make(self, name: str, write: Callable[[BinaryIO], None]) -> Change:
        """Take a file that is only known as it is written; nothing changes yet. Return what it changes."""

    def discard(self, name: str) -> None:
        """Forget a file that was put."""

    def commit(self) -> None:
        """Move all files that were put into place."""

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave nothing behind but what was committed."""


class DryRun:
    """A writer that writes nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, data: bytes | BinaryIO) -> None:
        """Take a file and forget it."""

    def make(self, name: str, write: Callable[[BinaryIO], None]) -> Change:
        """Compare a file with the one that is there, and forget it."""
        with scratch() as file:
            write(file)
            file.seek(0)
            return change_of_stream(self._folder / name, file)

    def discard(self, name: str) -> None:
        """Forget a file."""

    def commit(self) -> None:
        """Write nothing."""

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End."""


class Staging:
    """A writer that replaces files atomically. Makes the folder when the first file is put.

    Raises:
        OutputError: OUT002 from any method, when the disk or the folder refuses; OUT003, when the folder is
            a file, or a link that leads nowhere.
    """

    def __init__(self, folder: Path) -> None:
        if folder.exists() and not folder.is_dir():
            raise OutputError(
                "OUT003", f"{folder.as_posix()} is a file", "Name a folder that the results can go to."
            )
        if folder.is_symlink() and not folder.exists():
            raise OutputError(
                "OUT003",
                f"{folder.as_posix()} is a link that leads nowhere",
                "Make the folder that it leads to, or name another one.",
            )
        self._folder = folder
        self._stage: Path | None = None
        self._lock_file: IO[bytes] | None = None
        self._names: dict[str, None] = {}

    def put(self, name: str, data: bytes | BinaryIO) -> None:
        """Write a file into the staging folder."""
        try:
            if self._stage is None:
                self._stage = self._make_stage()
            with (self._stage / name).open("wb") as file:
                if isinstance(data, bytes):
                    file.write(data)
                else:
                    shutil.copyfileobj(data, file)
        except OSError as error:
            raise _refused(self._folder / name, error) from error
        self._names[name] = None

    def make(self, name: str, write: Callable[[BinaryIO], None]) -> Change:
        """Write a file into the staging folder, and compare it with the one that it would replace."""
        try:
            if self._stage is None:
                self._stage = self._make_stage()
            staged = self._stage / name
            with staged.open("wb") as file:
                write(file)
            with staged.open("rb") as file:
                change = change_of_stream(self._folder / name, file)
        except OSError as error:
            raise _refused(self._folder / name, error) from error
        self._names[name] = None
        if change is Change.UNCHANGED:
            self.discard(name)
        return change

    def keep_mode(self, name: str) -> None:
        """Give a file that was put the permissions of the one that it replaces, where the system lets us."""
        if self._stage is not None:
            with contextlib.suppress(OSError):
                shutil.copymode(self._folder / name, self._stage / name)

    def discard(self, name: str) -> None:
        """Remove a file from the staging folder, if it is there."""
        if self._stage is not None and name in self._names:
            del self._names[name]
            with contextlib.suppress(OSError):
                (self._stage / name).unlink()

    def commit(self) -> None:
        """Move the staged files into place, after all of them are safe on the disk."""
        if self._stage is None:
            return
        target = self._folder
        try:
            safe = _synced([self._stage / name for name in self._names])
            for name in self._names:
                target = self._folder / name
                next(safe)
            for name in self._names:
                target = self._folder / name
                (self._stage / name).replace(target)
            _sync_folder(self._folder)
        except OSError as error:
            raise _refused(target, error) from error
        self._names.clear()

    def __enter__(self) -> Self:
        """Remove what killed runs left in the folder."""
        _remove_stale(self._folder)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the staging folder."""
        if self._stage is not None and self._lock_file is not None:
            if sys.platform == "win32":
                self._lock_file.close()  # Windows removes no file that is open
            shutil.rmtree(self._stage, ignore_errors=True)
            self._lock_file.close()

    def _make_stage(self) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        while True:
            stage = self._folder / f"{_PREFIX}{secrets.token_hex(4)}{_SUFFIX}"
            stage.mkdir()
            lock_file = _opened(stage)
            try:
                lock(lock_file)
            except BlockingIOError:
                lock_file.close()  # another run took it for a dead one's before we had locked it
                continue
            except OSError:
                pass  # a file system without locks: no run removes what another can't lock
            if stage.exists():
                self._lock_file = lock_file
                return stage
            lock_file.close()


def _opened(stage: Path) -> IO[bytes]:
    """Open the lock file of a new staging folder; remove the folder where the disk has no room for it."""
    try:
        return (stage / _LOCK_NAME).open("wb")
    except OSError:
        with contextlib.suppress(OSError):
            stage.rmdir()
        raise


def replace_file(path: Path, data: bytes) -> None:
    """Write one file in one step.

    Raises:
        OutputError: OUT002, when the disk or the folder refuses.
    """
    with Staging(path.parent) as writer:
        writer.put(path.name, data)
        writer.commit()


def update_file(path: Path, data: bytes) -> None:
    """As `replace_file`, for a file that is the user's own: a link still leads to it, and its mode stays.

    Raises:
        OutputError: OUT002, when the disk or the folder refuses.
    """
    target = path.resolve() if path.is_symlink() else path
    with Staging(target.parent) as writer:
        writer.put(target.name, data)
        writer.keep_mode(target.name)
        writer.commit()


def remove_file(path: Path) -> bool:
    """Remove a file, and tell whether it was there.

    Raises:
        OutputError: OUT002, when the folder refuses.
    """
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise OutputError(
            "OUT002", f"{path.as_posix()}: can't be removed: {error.strerror}", "Check its permissions."
        ) from error
    return True


def replace_file_for_now(path: Path, data: bytes) -> None:
    """As `replace_file`, but a power cut may lose what was written, or leave an empty file.

    For what is worth nothing but time; two processes must not do this to one file at once.

    Raises:
        OutputError: OUT002, when the disk or the folder refuses.
    """
    coming = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        coming.write_bytes(data)
        coming.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            coming.unlink()
        raise _refused(path, error) from error


def _remove_stale(folder: Path) -> None:
    """Remove staging folders whose run is dead; failing to is no reason to stop."""
    with contextlib.suppress(OSError):
        for stage in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
            with contextlib.suppress(OSError):
                _remove_if_dead(stage)


def _remove_if_dead(stage: Path) -> None:
    lock_path = stage / _LOCK_NAME
    if not lock_path.exists():
        if time.time() - stage.stat().st_mtime > _UNLOCKED_AGE:
            shutil.rmtree(stage, ignore_errors=True)
        return
    with lock_path.open("r+b") as lock_file:
        lock(lock_file)
        if sys.platform != "win32":
            shutil.rmtree(stage, ignore_errors=True)
    if sys.platform == "win32":
        shutil.rmtree(stage, ignore_errors=True)


def _synced(paths: Sequence[Path]) -> Iterator[None]:
    """Have files safe on the disk, and yield once for each in their order.

    Many at once: a disk that is asked for thousands of files one by one takes seconds, as each waits for it.
    """
    if len(paths) < _MANY:
        yield from map(_sync, paths)
        return
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  only for many

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        yield from pool.map(_sync, paths)


_MANY = 8
_AT_ONCE = 16


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the replacements themselves survive a power cut, where the system lets folders be opened."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refused(path: Path, error: OSError) -> OutputError:
    return OutputError(
        "OUT002",
        f"{path.as_posix()}: can't be written: {error.strerror}",
        "Check the folder's permissions and the space on the disk; files not yet replaced are as they were.",
    )
