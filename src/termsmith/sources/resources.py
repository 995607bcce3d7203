"""SOURCE arguments of `termsmith check` to bytes: resources, packages and pages.

A file that is named itself is read whatever it is. Of a folder, what `termsmith.sources.local` takes for
pages is read, and besides it files that may hold resources: ``.json``, ``.xml`` and ``.tgz``, left out by
their content where they hold none.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from termsmith.errors import SourceError
from termsmith.sources.local import (
    NO_PAGES,
    SIDECAR_LIMIT,
    STANDARD_INPUT,
    LeftOut,
    find_sidecar,
    shown_path,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

RESOURCE_LIMIT = 2_000_000_000
"""Bytes of a file that are read at most."""
_RESOURCES = frozenset({".json", ".xml", ".tgz"})
_NO_RESOURCES = frozenset({"package.json", ".index.json", "package-lock.json", "tsconfig.json"})
_ABOUT_THE_FOLDER = frozenset({"readme", "license", "licence", "changelog", "contributing"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSource:
    """A file to be checked."""

    name: str
    """As the user gave it, with ``/``, or ``-``."""
    path: Path | None
    """Absent for standard input."""
    sidecar: Path | None = None
    """For pages."""
    named: bool = True
    """Whether the user named the file; what a folder search found and is no resource is passed over."""


@dataclass(slots=True)
class FoundToCheck:
    """What SOURCE arguments stand for."""

    sources: list[CheckSource] = field(default_factory=list)
    errors: list[SourceError] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def find_check_sources(arguments: Iterable[str], *, exclude: Iterable[Path] = ()) -> FoundToCheck:
    """Return the files that SOURCE arguments stand for, each once, folders in the order of names."""
    search = _Search(exclude)
    for argument in arguments:
        search.add(argument)
    return search.found


def read_check_source(source: CheckSource) -> bytes:
    """Return a file's bytes.

    Raises:
        SourceError: SRC002, when it can't be read; SRC003, when it is too large.
    """
    try:
        if source.path is None:
            if sys.stdin is None:  # closed by whoever started us
                raise SourceError("SRC002", "-: standard input is closed", "Pipe a file into the command.")
            data = sys.stdin.buffer.read(RESOURCE_LIMIT + 1)
        else:
            with source.path.open("rb") as file:
                data = file.read(RESOURCE_LIMIT + 1)
    except OSError as error:
        raise _unreadable(source.name, error) from error
    if len(data) > RESOURCE_LIMIT:
        raise SourceError(
            "SRC003", f"{source.name}: has more than {RESOURCE_LIMIT:,} bytes", "Split it into several files."
        )
    return data


def read_sidecar_of(source: CheckSource) -> bytes | None:
    """Return the bytes of a page's sidecar; nothing where it has none.

    Raises:
        SourceError: SRC002, when it can't be read.
    """
    if source.sidecar is None:
        return None
    try:
        with source.sidecar.open("rb") as file:
            return file.read(SIDECAR_LIMIT)
    except OSError as error:
        raise _unreadable(shown_path(source.sidecar), error) from error


class _Search:
    def __init__(self, exclude: Iterable[Path]) -> None:
        self.found = FoundToCheck()
        self._taken: set[str] = set()
        self._excluded = {os.path.realpath(path) for path in exclude}

    def add(self, argument: str) -> None:
        if argument == STANDARD_INPUT:
            if STANDARD_INPUT not in self._taken:
                self._taken.add(STANDARD_INPUT)
                self.found.sources.append(CheckSource(name=STANDARD_INPUT, path=None))
            return
        path = Path(argument)
        try:
            path.stat()
        except (FileNotFoundError, NotADirectoryError):
            name = shown_path(argument)
            error = SourceError("SRC001", f"{name}: no such file or folder", "Check the path.")
            self.found.errors.append(error)
            return
        except (OSError, ValueError) as problem:
            self.found.errors.append(_unreadable(shown_path(argument), problem))
            return
        if path.is_dir():
            self._folder(path, argument)
        else:
            self._file(path, argument, named=True)

    def _folder(self, folder: Path, given: str) -> None:
        prefix = given.rstrip(f"/{os.sep}")
        waiting = [(folder, "" if prefix == os.curdir else f"{prefix}/")]
        while waiting:
            path, shown = waiting.pop()
            if not path.is_dir():
                self._file(path, shown, named=False)
                continue
            identity = os.path.realpath(path)
            if identity in self._taken:
                continue
            self._taken.add(identity)
            try:
                names = sorted(os.listdir(path))  # noqa: PTH208  names, to be sorted and joined to what was given
            except OSError as error:
                self.found.errors.append(_unreadable(shown_path(shown or os.curdir), error))
                continue
            waiting += reversed(self._entries(path, shown, names))

    def _entries(self, folder: Path, prefix: str, names: list[str]) -> list[tuple[Path, str]]:
        entries = []
        for name in names:
            path = folder / name
            if name.startswith(".") or os.path.realpath(path) in self._excluded:
                continue
            if path.is_dir():
                entries.append((path, f"{prefix}{name}/"))
            elif (reason := _why_not(path)) is not None:
                self.found.left_out.append(LeftOut(name=shown_path(prefix + name), reason=reason))
            elif path.suffix.lower() != ".toml":
                entries.append((path, prefix + name))
        return entries

    def _file(self, path: Path, given: str, *, named: bool) -> None:
        identity = os.path.realpath(path)
        if identity in self._taken:
            return
        self._taken.add(identity)
        source = CheckSource(name=shown_path(given), path=path, sidecar=find_sidecar(path), named=named)
        self.found.sources.append(source)


def _why_not(path: Path) -> str | None:
    """Return why a file of a folder is not read."""
    if not path.is_file():
        return "broken link" if path.is_symlink() else "no regular file"
    if path.name in _NO_RESOURCES:
        return "about a package"
    suffix = path.suffix.lower()
    if suffix not in _RESOURCES and suffix in NO_PAGES:
        return NO_PAGES[suffix]
    if path.name.partition(".")[0].lower() in _ABOUT_THE_FOLDER:
        return "about the folder"
    if path.name.endswith("~") or path.name.startswith("~$"):
        return "left by an editor"
    return None


def _unreadable(name: str, error: OSError | ValueError) -> SourceError:
    why = error.strerror if isinstance(error, OSError) else str(error)
    return SourceError("SRC002", f"{name}: can't be read: {why}", "Check its permissions.")
