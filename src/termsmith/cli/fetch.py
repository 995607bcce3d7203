"""`termsmith fetch`: pages from where they are written into a folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from termsmith.cli.messages import counted, note, safe, say
from termsmith.errors import OutputError

if TYPE_CHECKING:
    from termsmith.confluence.fetching import Fetched
    from termsmith.confluence.listing import State


@click.group("fetch")
def command() -> None:
    """Fetch pages from the system that they are written in."""


@command.command(
    "confluence",
    epilog="Credentials come from the environment: TERMSMITH_CONFLUENCE_TOKEN, or "
    "TERMSMITH_CONFLUENCE_USER and TERMSMITH_CONFLUENCE_PASSWORD; without them the server is asked as a "
    "guest. Needs the extra: pip install 'termsmith[confluence]'.",
)
@click.option(
    "--base", required=True, metavar="URL", help="Address of Confluence, such as https://HOST/wiki."
)
@click.option("--space", required=True, metavar="KEY", help="Key of the space.")
@click.option("--label", metavar="NAME", help="Only pages with this label.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("input"),
    show_default=True,
    metavar="DIR",
    help="Folder for the pages.",
)
@click.option("--prune", is_flag=True, help="Remove fetched pages that are no longer in the space.")
def confluence(*, base: str, space: str, label: str | None, output: Path, prune: bool) -> None:
    """Fetch the pages of a Confluence space, and the tables attached to them.

    Only what is new is fetched: versions that are in the folder already are left. A single CSV or Excel
    table becomes the page's table of concepts; where a page has several, its sidecar says which.
    """
    from termsmith.confluence.client import connect  # noqa: PLC0415  an extra
    from termsmith.confluence.fetching import fetch  # noqa: PLC0415
    from termsmith.confluence.listing import STATE_NAME, read_state  # noqa: PLC0415
    from termsmith.outputs.staging import replace_file  # noqa: PLC0415

    path = output / STATE_NAME
    state = read_state(path.read_bytes() if path.is_file() else None, path.as_posix())

    def keep(fetched: Fetched, now: State) -> None:
        for name, data in fetched.files.items():
            word = "changed" if (output / name).exists() else "new"
            replace_file(output / name, data)
            click.echo(f"{safe((output / name).as_posix())} ({word})")
        for name in fetched.gone:
            _remove(output / name)
        replace_file(path, now.render())

    with connect(base, os.environ) as connection:
        done = fetch(
            connection,
            state,
            space=space,
            label=label,
            is_there=lambda name: (output / name).is_file(),
            keep=keep,
        )
    for title, names in done.several:
        named = ", ".join(names)
        note(f"{title!r} has several tables ({named}); name one in its sidecar: [concepts] file = ...")
    if done.vanished and prune:
        for name in done.vanished:
            _remove(output / name)
        gone = set(done.vanished)
        state.pages = {key: each for key, each in state.pages.items() if gone.isdisjoint(each.files)}
        replace_file(path, state.render())
    elif done.vanished:
        note(
            f"{counted(len(done.vanished), 'file')} of pages that are no longer found there: "
            f"{', '.join(done.vanished[:3])}; --prune removes them"
        )
    before = done.pages - done.fetched
    say(f"{counted(done.pages, 'page')} in {space}: {done.fetched:,} fetched, {before:,} as before")


def _remove(path: Path) -> None:
    try:
        path.unlink()
    except FileNotFoundError:
        return
    except OSError as error:
        raise OutputError(
            "OUT002", f"{path.as_posix()}: can't be removed: {error.strerror}", "Check its permissions."
        ) from error
    click.echo(f"{safe(path.as_posix())} (removed)")
