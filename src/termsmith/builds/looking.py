"""Looking at a folder for a first configuration: what kind of project it has, and where pages are."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from termsmith.builds.starting import (
    GENERATED,
    PUBLISHER_FILE,
    SUSHI_FILE,
    Setting,
    first_configuration,
    guide_path,
    remarks_on,
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
_LARGEST_TEXT = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was found in a folder."""

    setting: Setting
    pages: Mapping[str, int]
    """Folders of nothing but pages that a dialect fits, and such pages beside other files, relative to it;
    with numbers of pages."""
    remarks: tuple[str, ...] = ()
    """What is to be said of those, in words."""

    @property
    def configuration(self) -> str:
        """The text of a first ``termsmith.toml``."""
        return first_configuration(self.setting, tuple(self.pages), self.remarks)


def look_at(folder: Path) -> Look:
    """Return what is found in a folder that is there; what can't be read is passed over."""
    setting = setting_of(_texts(folder))
    pages = _with_pages(folder, setting)
    return Look(setting=setting, pages=pages, remarks=tuple(remarks_on(pages, folder)))


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


def _with_pages(folder: Path, setting: Setting) -> dict[str, int]:
    """Return the folders of nothing but pages that a dialect fits, and such pages beside other files."""
    generated = [path for name in GENERATED if (path := folder / name).exists()]
    sources = find_sources([folder.as_posix()], exclude=generated).sources[:_MOST_PAGES]
    below: dict[str, dict[str, int]] = {}
    """By folder, and what is in it: number of pages."""
    others = {"."} if setting.is_guide or generated else set[str]()
    """Folders with something else in them, or below; others write into that of a guide."""
    for source in sources:
        if source.path is None:
            continue
        path = source.path.relative_to(folder)
        names = [path.as_posix(), *(each.as_posix() for each in path.parents)]
        if not _is_known(source):
            others.update(names[1:])
            continue
        for name, parent in pairwise(names):
            inside = below.setdefault(parent, {})
            inside[name] = inside.get(name, 0) + 1
    found: dict[str, int] = {}
    waiting = [(".", sum(below.get(".", {}).values()))]
    while waiting:
        name, number = waiting.pop()
        inside = below.get(name, {})
        if name in others or (inside and inside.keys() <= below.keys()):
            waiting += sorted(inside.items(), reverse=True)
        elif number:
            found[name] = number
    return found


def _is_known(source: LocalSource) -> bool:
    """Tell whether a file is a page that a dialect fits."""
    try:
        recognise(read_page(read_source(source).data, source.name), load_dialects(()))
    except (PageError, SourceError):
        return False
    return True
