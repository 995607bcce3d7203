"""What a fetch did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from termsmith.outputs.files import OutputFile


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchReport:
    """All that a fetch did."""

    folder: Path
    """Where the pages are; all paths start there."""
    pages: int
    """Pages that the space has now, of those with the label where one was asked for."""
    fetched: int
    """Pages of which something was new; the others are as they were."""
    files: tuple[OutputFile, ...] = ()
    """New and changed files, in the order in which they came; their sources are titles of pages."""
    removed: tuple[str, ...] = ()
    """Files of pages that have another name now, or lost a table; with ``prune`` also those that would be
    stale."""
    stale: tuple[str, ...] = ()
    """Files whose page is no longer in the space, or no longer has the label."""
    several: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Titles of pages with several tables, and the tables' files; a sidecar has to say which one counts."""
