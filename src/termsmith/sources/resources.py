"""SOURCE arguments of `termsmith check` to bytes: resources, packages and pages.

A file that is named itself is read whatever it is. Of a folder, what `termsmith.sources.local` takes for
pages is read, and besides it files that may hold resources: ``.json``, ``.xml`` and ``.tgz``, left out by
their content where they hold none.
"""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from termsmith.errors import SourceError
from termsmith.sources.local import (
    NO_PAGES,
    STANDARD_INPUT,
    LeftOut,
    find_sidecar,
    missing,
    read_sidecar,
    shown_path,
    unreadable,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
        raise unreadable(source.name, error) from error
    if len(data) > RESOURCE_LIMIT:
        raise SourceError(
            "SRC003", f"{source.name}: has more than {RESOURCE_LIMIT:,} bytes", "Split it into several files."
        )
    return data


def read_sidecar_of(source: CheckSource) -> tuple[bytes, str] | None:
    """Return the bytes of a page's sidecar and its name; nothing where it has none.

    Raises:
        SourceError: SRC001 or SRC002, when it can't be read; SRC003, when it is too large.
    """
    sidecar = None if source.path is None else find_sidecar(source.path)
    return None if sidecar is None else (read_sidecar(sidecar), shown_path(sidecar))


class _Search:
    def __init__(self, exclude: Iterable[Path]) -> None:
        self.found = FoundToCheck()
        self._taken: set[object] = set()
        self._excluded = {_identity(path.stat()) for path in exclude if path.exists()}

    def add(self, argument: str) -> None:
        if argument == STANDARD_INPUT:
            if STANDARD_INPUT not in self._taken:
                self._taken.add(STANDARD_INPUT)
                self.found.sources.append(CheckSource(name=STANDARD_INPUT, path=None))
            return
        path = Path(argument)
        try:
            status = path.stat()
        except (OSError, ValueError) as error:
            self.found.errors.append(missing(argument, error))
        else:
            if stat.S_ISDIR(status.st_mode):
                self._folder(argument, status)
            elif self._is_new(status):
                self.found.sources.append(CheckSource(name=shown_path(argument), path=path))

    def _folder(self, given: str, status: os.stat_result) -> None:
        prefix = given.rstrip(f"/{os.sep}")
        waiting = [(given, "" if prefix == os.curdir else f"{prefix}/", status)]
        while waiting:
            path, shown, status = waiting.pop()
            if not self._is_new(status):
                continue
            if not stat.S_ISDIR(status.st_mode):
                self.found.sources.append(CheckSource(name=shown_path(shown), path=Path(path), named=False))
                continue
            try:
                with os.scandir(path) as listed:
                    entries = sorted(listed, key=lambda entry: entry.name)
            except OSError as error:
                self.found.errors.append(unreadable(shown_path(shown or os.curdir), error))
                continue
            waiting += reversed(list(self._entries(entries, shown)))

    def _entries(
        self, entries: Iterable[os.DirEntry[str]], prefix: str
    ) -> Iterator[tuple[str, str, os.stat_result]]:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            shown = prefix + entry.name
            try:
                status = entry.stat()
            except OSError:
                self.found.left_out.append(LeftOut(name=shown_path(shown), reason="broken link"))
                continue
            if _identity(status) in self._excluded:
                continue
            if stat.S_ISDIR(status.st_mode):
                yield entry.path, f"{shown}/", status
            elif (reason := _why_not(entry.name, status)) is not None:
                self.found.left_out.append(LeftOut(name=shown_path(shown), reason=reason))
            elif not entry.name.lower().endswith(".toml"):
                yield entry.path, shown, status

    def _is_new(self, status: os.stat_result) -> bool:
        identity = _identity(status)
        if identity in self._taken:
            return False
        self._taken.add(identity)
        return True


def _identity(status: os.stat_result) -> object:
    """Return what two names of one file have in common."""
    return (status.st_dev, status.st_ino) if status.st_ino else object()


def _why_not(name: str, status: os.stat_result) -> str | None:
    """Return why a file of a folder is not read."""
    if not stat.S_ISREG(status.st_mode):
        return "no regular file"
    if name in _NO_RESOURCES:
        return "about a package"
    suffix = os.path.splitext(name)[1].lower()  # noqa: PTH122  names by the thousand, no paths
    if suffix not in _RESOURCES and suffix in NO_PAGES:
        return NO_PAGES[suffix]
    if name.partition(".")[0].lower() in _ABOUT_THE_FOLDER:
        return "about the folder"
    if name.endswith("~") or name.startswith("~$"):
        return "left by an editor"
    return None
