"""Looking at a folder for a first configuration: what kind of project it has, and where pages are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from termsmith.builds.starting import (
    PUBLISHER_FILE,
    SUSHI_FILE,
    Setting,
    first_configuration,
    guide_path,
    setting_of,
)
from termsmith.dialects.loading import load_dialects
from termsmith.dialects.recognise import recognise
from termsmith.errors import PageError, SourceError
from termsmith.pages.reading import read_page
from termsmith.sources.local import find_sources, read_source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from termsmith.sources.local import LocalSource

_MOST_PAGES = 500
"""Files that are looked at to find out where pages are."""
_GENERATED = ("fsh-generated", "output", "temp", "template", "node_modules", "input-cache")
"""Folders that SUSHI, the IG Publisher and we write."""
_LARGEST_TEXT = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was found in a folder."""

    setting: Setting
    pages: Mapping[str, int]
    """Folders, relative to it, that have pages which a dialect fits, with their number."""

    @property
    def configuration(self) -> str:
        """The text of a first ``termsmith.toml``."""
        return first_configuration(self.setting, tuple(self.pages))


def look_at(folder: Path) -> Look:
    """Return what is found in a folder that is there; what can't be read is passed over."""
    return Look(setting=setting_of(_texts(folder)), pages=_folders_with_pages(folder))


def _texts(folder: Path) -> dict[str, str]:
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
    try:
        recognise(read_page(read_source(source).data, source.name), load_dialects(()))
    except (PageError, SourceError):
        return False
    return True
