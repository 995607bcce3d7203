"""`termsmith fetch`: pages from where they are written into a folder."""

from __future__ import annotations

import os
from pathlib import Path

import click

from termsmith.cli.messages import counted, note, safe, say


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
    from termsmith.confluence.storing import fetch_space  # noqa: PLC0415  takes time to load

    def path_of(name: str) -> str:
        return safe((output / name).as_posix())

    done = fetch_space(
        base,
        space,
        output,
        label=label,
        prune=prune,
        environment=os.environ,
        on_file=lambda file: click.echo(f"{path_of(file.path)} ({file.change.value})"),
        on_removed=lambda name: click.echo(f"{path_of(name)} (removed)"),
    )
    for title, names in done.several:
        named = ", ".join(names)
        note(f"{title!r} has several tables ({named}); name one in its sidecar: [concepts] file = ...")
    if done.stale:
        note(
            f"{counted(len(done.stale), 'file')} of pages that are no longer found there: "
            f"{', '.join(done.stale[:3])}; --prune removes them"
        )
    before = done.pages - done.fetched
    say(f"{counted(done.pages, 'page')} in {safe(space)}: {done.fetched:,} fetched, {before:,} as before")
