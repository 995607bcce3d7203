"""`termsmith watch`: build again whenever something changes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from termsmith.cli.build import build_once
from termsmith.cli.messages import note, say, show_error
from termsmith.cli.options import project_option, prune_option
from termsmith.errors import TermsmithError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

_WAIT = 300
"""Milliseconds that changes are collected for, as editors and checkouts write several files."""
_LOOK_UP = 500
"""Milliseconds after which the watcher says that nothing has changed."""


@click.command("watch", epilog="Ends with Ctrl-C. Needs the extra: pip install 'termsmith[watch]'.")
@project_option
@prune_option
@click.option("-v", "--verbose", is_flag=True, help="Show notes too.")
def command(*, config: Path, prune: bool, verbose: bool) -> None:
    """Build whenever a page, a sidecar, a table or the configuration changes.

    Builds once at the start. A mistake in the configuration or a page is told, and the next change is
    waited for.
    """
    try:
        import watchfiles  # noqa: PLC0415  an extra
    except ImportError as error:
        raise UsageError(
            "USE010", "`termsmith watch` needs watchfiles", "Install it: pip install 'termsmith[watch]'."
        ) from error

    def build_now() -> None:
        try:
            build_once(config, check=False, prune=prune, verbose=verbose)
        except TermsmithError as error:
            show_error(error)

    watched: frozenset[Path] = frozenset()
    while True:
        watched = _outermost({*watched, *_folders(config)})
        changes = watchfiles.watch(
            *watched,
            watch_filter=_filter(config),
            debounce=_WAIT,
            rust_timeout=_LOOK_UP,
            yield_on_timeout=True,
            raise_interrupt=True,
        )
        next(changes)  # from here on nothing is missed
        build_now()
        note(f"waiting for changes in {', '.join(sorted(path.as_posix() for path in watched))}; Ctrl-C ends")
        for changed in changes:
            if not changed:
                continue
            say(click.style(f"── {datetime.now().astimezone():%H:%M:%S}", dim=True))
            build_now()
            if _outermost({*watched, *_folders(config)}) != watched:
                break  # the configuration names further folders now


def _folders(config: Path) -> set[Path]:
    """Return the folders that a project is made of; while its configuration is wrong, only that one's."""
    from termsmith.settings_file import read_project_file  # noqa: PLC0415  pydantic

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


def _filter(config: Path) -> Callable[[object, str], bool]:
    """Return what tells changes that matter from those that builds make."""
    from termsmith.builds.layout import HIDDEN  # noqa: PLC0415
    from termsmith.builds.lock import LOCK_NAME, read_lock  # noqa: PLC0415

    folder = config.parent.resolve()

    def matters(_change: object, changed: str) -> bool:
        path = Path(changed)
        # What begins like our hidden folder is on its way into an output folder.
        if path.name == LOCK_NAME or any(part.startswith((HIDDEN, ".git")) for part in path.parts):
            return False
        try:
            written = read_lock(folder / LOCK_NAME).files
        except TermsmithError:
            return True
        return not (path.is_relative_to(folder) and path.relative_to(folder).as_posix() in written)

    return matters
