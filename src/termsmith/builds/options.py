"""How to build."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from termsmith.outputs.staging import Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOptions:
    """How to build."""

    today: str
    """``YYYY-MM-DD``."""
    open_folder: Callable[[Path], Writer]
    """`Staging` to write, `DryRun` to only compare."""
    keep: Callable[[Path, bytes], None]
    """Writes the lock file and others that are ours alone; does nothing where a build only compares."""
    update: Callable[[Path, bytes], None]
    """As ``keep``, for files of a guide that are the user's, too."""
    remember: Callable[[Path, bytes], None]
    """As ``keep``, for what only saves time, and may be lost."""
    remove: Callable[[Path], None] | None = None
    """Removes a file of a former build; absent to leave them."""
