"""`termsmith watch`: build again whenever something changes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from termsmith.cli.build import build_once
from termsmith.cli.messages import note, say, show_error
from termsmith.cli.options import project_option, prune_option
from termsmith.errors import TermsmithError

if TYPE_CHECKING:
    from pathlib import Path


@click.command("watch", epilog="Ends with Ctrl-C. Needs the extra: pip install 'termsmith[watch]'.")
@project_option
@prune_option
@click.option("-v", "--verbose", is_flag=True, help="Show notes too.")
def command(*, config: Path, prune: bool, verbose: bool) -> None:
    """Build whenever a page, a sidecar, a table or the configuration changes.

    Builds once at the start. A mistake in the configuration or a page is told, and the next change is
    waited for.
    """
    from termsmith.builds.watching import occasions  # noqa: PLC0415  pydantic

    for occasion in occasions(config):
        if not occasion.begins:
            say(click.style(f"── {datetime.now().astimezone():%H:%M:%S}", dim=True))
        try:
            build_once(config, check=False, prune=prune, verbose=verbose)
        except TermsmithError as error:
            show_error(error)
        if occasion.begins:
            folders = ", ".join(sorted(path.as_posix() for path in occasion.folders))
            note(f"waiting for changes in {folders}; Ctrl-C ends")
