"""What a build knows while it runs: what the last one remembers, and what this one depends on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from termsmith.builds.memory import Memory

if TYPE_CHECKING:
    from pathlib import Path

ALL = ""
"""In place of a source: the project as a whole."""


class Bookkeeping:
    """The memory of the last build and of this one, and the files that are involved."""

    def __init__(self, memory: Memory) -> None:
        """Take what the last build remembers."""
        self.memory = memory
        self.fresh = Memory()
        """What the next build is to remember."""
        self.involved: dict[str, dict[str, str | None]] = {ALL: {}}
        """By source, digests of files that were read or written, by path; none for what is missing."""
        self.accounted = True
        """Whether those are all."""
        self._names: dict[str, frozenset[str] | None] = {}

    def involve(self, path: str | Path, sha256: str | None, source: str = ALL) -> None:
        """Take note of a file that the result depends on, or what a source gives."""
        self.involved.setdefault(source, {})[os.fspath(path)] = sha256

    def names_in(self, folder: str) -> frozenset[str] | None:
        """Return the names in a folder, casefolded, where it can be listed; once a build."""
        if folder not in self._names:
            try:
                self._names[folder] = frozenset(map(str.casefold, os.listdir(folder)))  # noqa: PTH208  names only
            except OSError:
                self._names[folder] = None
        return self._names[folder]
