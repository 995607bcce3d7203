"""`termsmith init`: a first configuration, by looking at the folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from termsmith.cli.messages import counted, say
from termsmith.errors import OutputError

if TYPE_CHECKING:
    from termsmith.sources.local import LocalSource

_NAME = "termsmith.toml"
_MOST_PAGES = 500
"""Files that are looked at to find out where pages are."""
_GENERATED = ("fsh-generated", "output", "temp", "template", "node_modules", "input-cache")
"""Folders that SUSHI, the IG Publisher and we write."""
_LARGEST_TEXT = 1_000_000


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
    from termsmith.builds.starting import first_configuration, setting_of  # noqa: PLC0415

    path = folder / _NAME
    if path.exists():
        raise OutputError("OUT012", f"{path.as_posix()} is there already", "Edit it, or remove it first.")
    setting = setting_of(_texts(folder))
    found = _folders_with_pages(folder)
    text = first_configuration(setting, tuple(found))
    _write_new(path, text.encode())
    click.echo(f"{path.as_posix()} (new)")
    pages = sum(found.values())
    where = ", ".join(found) or "nowhere"
    say(f"{setting.kind}; {counted(pages, 'page')} that a dialect fits: {where}")
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


def _texts(folder: Path) -> dict[str, str]:
    from termsmith.builds.starting import PUBLISHER_FILE, SUSHI_FILE, guide_path  # noqa: PLC0415

    texts = {
        name: text for name in (SUSHI_FILE, PUBLISHER_FILE) if (text := _text(folder / name)) is not None
    }
    guide = guide_path(texts.get(PUBLISHER_FILE, ""))
    if guide is not None and (text := _text(folder / guide)) is not None:
        texts[guide] = text
    return texts


def _text(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST_TEXT).decode("utf-8", "replace")
    except OSError:
        return None


def _folders_with_pages(folder: Path) -> dict[str, int]:
    """Return the folders that have pages which a dialect fits, with their number; those below counted in."""
    from termsmith.sources.local import find_sources  # noqa: PLC0415

    generated = [folder / name for name in _GENERATED]
    sources = find_sources([folder.as_posix()], exclude=generated).sources[:_MOST_PAGES]
    numbers: dict[str, int] = {}
    for source in sources:
        if source.path is not None and _is_known(source):
            relative = source.path.parent.relative_to(folder).as_posix()
            numbers[relative] = numbers.get(relative, 0) + 1
    above = [name for name in numbers if not any(_is_below(name, other) for other in numbers)]
    return {
        name: sum(count for other, count in numbers.items() if other == name or _is_below(other, name))
        for name in above
    }


def _is_below(name: str, other: str) -> bool:
    return name != other and (other == "." or name.startswith(f"{other}/"))


def _is_known(source: LocalSource) -> bool:
    """Tell whether a file is a page that a dialect fits."""
    from termsmith.dialects.loading import load_dialects  # noqa: PLC0415
    from termsmith.dialects.recognise import recognise  # noqa: PLC0415
    from termsmith.errors import PageError, SourceError  # noqa: PLC0415
    from termsmith.pages.reading import read_page  # noqa: PLC0415
    from termsmith.sources.local import read_source  # noqa: PLC0415

    try:
        recognise(read_page(read_source(source).data, source.name), load_dialects(()))
    except (PageError, SourceError):
        return False
    return True
