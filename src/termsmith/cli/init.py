"""`termsmith init`: a first configuration, by looking at the folder."""

from __future__ import annotations

from pathlib import Path

import click

from termsmith.cli.messages import counted, note, safe, say
from termsmith.errors import OutputError

_NAME = "termsmith.toml"


@click.command("init", epilog="An existing termsmith.toml is never overwritten.")
@click.argument(
    "folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=Path(),
    metavar="[FOLDER]",
)
def command(*, folder: Path) -> None:
    """Write a first termsmith.toml for a project.

    Looks at FOLDER (by default the current one): a SUSHI project, an IG Publisher project, or plain; its
    canonical and FHIR release; and where pages are that termsmith can read.
    """
    from termsmith.builds.looking import look_at  # noqa: PLC0415  takes time to load

    path = folder / _NAME
    if path.exists():
        raise OutputError("OUT012", f"{path.as_posix()} is there already", "Edit it, or remove it first.")
    found = look_at(folder)
    _write_new(path, found.configuration.encode())
    click.echo(f"{safe(path.as_posix())} (new)")
    pages = sum(found.pages.values())
    where = ", ".join(found.pages) or "nowhere"
    say(f"{found.setting.kind}; {counted(pages, 'page')} that a dialect fits: {safe(where)}")
    for each in (*found.setting.unread, *found.remarks):
        note(each)
    say("Next: look at the file, then run `termsmith build`.")


def _write_new(path: Path, data: bytes) -> None:
    """Write a file that must not be there yet; leave none where it can't be written to its end."""
    made = False
    try:
        with path.open("xb") as file:
            made = True
            file.write(data)
    except OSError as error:
        if made:
            path.unlink(missing_ok=True)
        raise OutputError(
            "OUT002",
            f"{path.as_posix()}: can't be written: {error.strerror}",
            "Check the folder's permissions and the space on the disk.",
        ) from error
