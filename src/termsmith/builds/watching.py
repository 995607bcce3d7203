"""The occasions on which a project is built again: its files, and when they change."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from termsmith.builds.layout import HIDDEN
from termsmith.builds.lock import LOCK_NAME, read_lock
from termsmith.errors import TermsmithError, UsageError
from termsmith.settings_file import read_project_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_WAIT = 300
"""Milliseconds that changes are collected for, as editors and checkouts write several files."""
_LOOK_UP = 500
"""Milliseconds after which the watcher says that nothing has changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """A moment at which to build."""

    folders: frozenset[Path]
    """What is watched, with all that is below."""
    begins: bool
    """Whether watching these folders has just begun; else something in them has changed."""


def occasions(config: Path) -> Iterator[Occasion]:
    """Yield each moment at which to build a project: the start, and whenever a file that matters has changed.

    What changes while the caller builds is an occasion of its own. Never ends by itself.

    Raises:
        UsageError: USE010, when watchfiles is missing.
        SettingsError: SET002, when the folder of the configuration isn't there.
    """
    try:
        import watchfiles  # noqa: PLC0415  an extra
    except ImportError as error:
        raise UsageError(
            "USE010", "`termsmith watch` needs watchfiles", "Install it: pip install 'termsmith[watch]'."
        ) from error
    if not config.parent.is_dir():
        read_project_file(config)  # says so: there is nothing that could be watched
    return _occasions(config, watchfiles)


def _occasions(config: Path, watchfiles: Any) -> Iterator[Occasion]:
    watched: frozenset[Path] = frozenset()
    while True:
        watched = _outermost({*watched, *_folders(config)})
        changes = watchfiles.watch(
            *watched,
            watch_filter=_filter(config, watched),
            debounce=_WAIT,
            rust_timeout=_LOOK_UP,
            yield_on_timeout=True,
            raise_interrupt=True,
        )
        next(changes)  # from here on nothing is missed
        yield Occasion(folders=watched, begins=True)
        for changed in changes:
            if not changed:
                continue
            yield Occasion(folders=watched, begins=False)
            if _outermost({*watched, *_folders(config)}) != watched:
                break  # the configuration names further folders now


def _folders(config: Path) -> set[Path]:
    """Return the folders that a project is made of; while its configuration is wrong, only that one's."""
    folders = {config.parent}
    try:
        project = read_project_file(config)
    except TermsmithError:
        return folders
    for source in project.sources:
        path = project.folder / source
        folders.add(path if path.is_dir() else path.parent)
    folders |= {table.parent for table in project.settings.dialect_tables}
    return {folder for folder in folders if folder.is_dir()}


def _outermost(folders: set[Path]) -> frozenset[Path]:
    """Return the folders that are in no other one, as folders are watched with all that is below them."""
    whole = {folder.resolve(): folder for folder in folders}
    return frozenset(folder for path, folder in whole.items() if whole.keys().isdisjoint(path.parents))


def _filter(config: Path, watched: Iterable[Path]) -> Callable[[object, str], bool]:
    """Return what tells changes that matter from those that builds make.

    Args:
        config: The configuration of the project.
        watched: The folders that are watched; only names below them count, whatever those above are called.
    """
    folder = config.parent.resolve()
    roots = [each.resolve() for each in watched]

    def matters(_change: object, changed: str) -> bool:
        path = Path(changed)
        # What begins like our hidden folder is on its way into an output folder.
        below = next((path.relative_to(root) for root in roots if path.is_relative_to(root)), path)
        if path.name == LOCK_NAME or any(part.startswith((HIDDEN, ".git")) for part in below.parts):
            return False
        try:
            written = read_lock(folder / LOCK_NAME).files
        except TermsmithError:
            return True
        return not (path.is_relative_to(folder) and path.relative_to(folder).as_posix() in written)

    return matters
