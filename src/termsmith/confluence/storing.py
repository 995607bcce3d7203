"""A fetch as it is asked for: the pages of a space into a folder, and the file that says what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.confluence.client import connect
from termsmith.confluence.fetching import fetch
from termsmith.confluence.listing import STATE_NAME, read_state
from termsmith.confluence.report import FetchReport
from termsmith.outputs.files import Change, OutputFile
from termsmith.outputs.staging import remove_file, replace_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from termsmith.confluence.fetching import Fetched, FetchResult
    from termsmith.confluence.listing import State


def fetch_space(
    base: str,
    space: str,
    folder: Path,
    *,
    label: str | None,
    prune: bool,
    environment: Mapping[str, str],
    on_file: Callable[[OutputFile], None] = lambda _: None,
    on_removed: Callable[[str], None] = lambda _: None,
) -> FetchReport:
    """Store the pages of a Confluence space, and the tables attached to them, as far as they are new.

    Args:
        base: Address of Confluence itself.
        space: Key of the space.
        folder: Where to; made when the first file comes.
        label: Only pages that have it; absent for all.
        prune: Whether to remove stored files whose page is no longer found.
        environment: Has the credentials, if any.
        on_file: Told each file as it is stored.
        on_removed: Told the name of each file as it is removed.

    Raises:
        FetchError: When the server can't be reached, refuses, or answers with what Confluence would not;
            FET006, when the file that says what is stored can't be used.
        OutputError: When the disk refuses.
        UsageError: USE010, when the client library is missing; USE011, when the address is none.
    """
    path = folder / STATE_NAME
    state = read_state(path.read_bytes() if path.is_file() else None, path.as_posix())
    store = _Store(folder, on_file, on_removed)
    with connect(base, environment) as connection:
        done = fetch(
            connection,
            state,
            space=space,
            label=label,
            is_there=lambda name: (folder / name).is_file(),
            keep=store.keep,
        )
    if prune and done.vanished:
        store.remove(done.vanished)
        gone = set(done.vanished)
        state.pages = {key: each for key, each in state.pages.items() if gone.isdisjoint(each.files)}
        replace_file(path, state.render())
    return _report(done, store, stale=() if prune else tuple(done.vanished))


def _report(done: FetchResult, store: _Store, stale: tuple[str, ...]) -> FetchReport:
    return FetchReport(
        folder=store.folder,
        pages=done.pages,
        fetched=done.fetched,
        files=tuple(store.files),
        removed=tuple(store.removed),
        stale=stale,
        several=tuple(done.several),
    )


class _Store:
    """The folder, and what was done in it."""

    def __init__(
        self, folder: Path, on_file: Callable[[OutputFile], None], on_removed: Callable[[str], None]
    ) -> None:
        self.folder, self._on_file, self._on_removed = folder, on_file, on_removed
        self.files: list[OutputFile] = []
        self.removed: list[str] = []

    def keep(self, fetched: Fetched, now: State) -> None:
        """Store what was fetched of a page, and then the state."""
        for name, data in fetched.files.items():
            change = Change.CHANGED if (self.folder / name).exists() else Change.NEW
            replace_file(self.folder / name, data)
            file = OutputFile(path=name, change=change, source=fetched.page.title)
            self.files.append(file)
            self._on_file(file)
        self.remove(fetched.gone)
        replace_file(self.folder / STATE_NAME, now.render())

    def remove(self, names: Iterable[str]) -> None:
        """Remove files, if they are there."""
        for name in names:
            if remove_file(self.folder / name):
                self.removed.append(name)
                self._on_removed(name)
