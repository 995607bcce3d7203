"""Fetching a space: only pages and tables whose version is not stored yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from termsmith.confluence.listing import (
    State,
    Stored,
    attachments_of,
    files_of,
    more,
    no_answer,
    page_file,
    pages_of,
    query,
)
from termsmith.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from termsmith.confluence.client import Connection
    from termsmith.confluence.listing import RemoteAttachment, RemotePage

_AT_ONCE = 50
"""Entries that a list is asked for at a time."""
_MOST_ANSWERS = 2000
"""Answers that one list may come in; a server that never ends must not keep us for ever."""
_WHOLE = "body.storage,version,space,metadata.labels"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What was fetched of a page."""

    page: RemotePage
    files: dict[str, bytes]
    """New or changed files, by name in the folder."""
    gone: tuple[str, ...]
    """Names of files that it had before and no longer has."""


@dataclass(slots=True, kw_only=True)
class FetchResult:
    """What a fetch found."""

    pages: int = 0
    fetched: int = 0
    """Pages of which something was fetched."""
    vanished: list[str] = field(default_factory=list)
    """Names of files whose page is no longer in the space, or no longer has the label."""
    several: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """Titles of pages with several tables, and the tables' names in the folder."""


def fetch(
    connection: Connection,
    state: State,
    *,
    space: str,
    label: str | None,
    is_there: Callable[[str], bool],
    keep: Callable[[Fetched, State], None],
) -> FetchResult:
    """Fetch what is new in a space.

    Args:
        connection: To the server.
        state: What was stored before; changed as pages come, so that the next fetch goes on where one ended.
        space: Key of the space.
        label: Only pages that have it; absent for all.
        is_there: Tells whether a file that was stored is still in the folder.
        keep: Stores what was fetched of a page, and the state.

    Raises:
        FetchError: When the server can't be reached, refuses, or answers with what Confluence would not.
    """
    done = FetchResult()
    seen: set[str] = set()
    search = {"cql": query(space, label), "expand": "version"}
    for answer in _answers(connection, "/rest/api/content/search", search):
        for page in pages_of(answer):
            if page.id in seen:
                continue
            seen.add(page.id)
            done.pages += 1
            _fetch_page(connection, state, page, done, is_there, keep)
    for page_id in [each for each in state.pages if each not in seen]:
        done.vanished += state.pages[page_id].files
    return done


def _fetch_page(
    connection: Connection,
    state: State,
    page: RemotePage,
    done: FetchResult,
    is_there: Callable[[str], bool],
    keep: Callable[[Fetched, State], None],
) -> None:
    attachments: list[RemoteAttachment] = []
    path = f"/rest/api/content/{page.id}/child/attachment"
    for answer in _answers(connection, path, {"expand": "version"}):
        attachments += attachments_of(answer)
    wanted = files_of(page, attachments)
    if len(attachments) > 1:
        done.several.append((page.title, tuple(name for name, each in wanted.items() if each is not None)))
    before = state.pages.get(page.id, Stored(-1, {}))
    new: dict[str, bytes] = {}
    for name, attachment in wanted.items():
        if is_there(name) and name in before.files:
            if attachment is None and before.version == page.version:
                continue
            if attachment is not None and before.files[name] == attachment.version:
                continue
        if attachment is None:
            new[name] = page_file(connection.json(f"/rest/api/content/{page.id}", {"expand": _WHOLE}))
        else:
            new[name] = connection.data(attachment.path)
    gone = tuple(name for name in before.files if name not in wanted)
    if new or gone:
        done.fetched += 1
        versions = {name: None if each is None else each.version for name, each in wanted.items()}
        state.pages[page.id] = Stored(page.version, versions)
        keep(Fetched(page=page, files=new, gone=gone), state)


def _answers(connection: Connection, path: str, parameters: dict[str, str]) -> Iterator[Any]:
    """Yield the answers that a list comes in."""
    start = 0
    for _ in range(_MOST_ANSWERS):
        answer = connection.json(path, {**parameters, "start": start, "limit": _AT_ONCE})
        yield answer
        if not more(answer):
            return
        size = len(answer.get("results", ()))
        if not size:
            raise no_answer("a list that goes on without entries")
        start += size
    raise FetchError("FET004", f"the server's list of {path} does not end", "Narrow the fetch by --label.")
