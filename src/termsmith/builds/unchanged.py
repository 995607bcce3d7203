"""What the last build of a project left, to tell from digests of all files whether there is anything to do.

A build leaves a list of the files that it read and wrote, of the folders that it searched, and of what it
found. As long as every one of them is as it was, and it is the same day, the next build has the same result,
and only reads them. Where files of some sources have changed, it has to look at those sources alone.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from termsmith import __version__
from termsmith.builds import memory
from termsmith.builds.bookkeeping import ALL
from termsmith.builds.layout import HIDDEN, Layout, digest_of_settings
from termsmith.builds.lock import LOCK_NAME
from termsmith.builds.memory import digest_of_files, finding_entry, recalled_finding
from termsmith.builds.result import BuildResult, ReleaseResult, Told
from termsmith.builds.starting import generated_folders
from termsmith.model.checked import Excused
from termsmith.outputs.files import Change, PlannedFile
from termsmith.outputs.gathered import GatheredFile
from termsmith.run import RunResult, SourceFiles
from termsmith.sources.local import Found, LocalSource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from termsmith.builds.bookkeeping import Bookkeeping
    from termsmith.builds.options import BuildOptions
    from termsmith.settings import Project

FORM = 4
NAME = f"{HIDDEN}/unchanged.json"
"""Relative to the project."""


def digest_of_file(path: str) -> str | None:
    """Return the digest of a file's bytes, in hexadecimal; nothing when it can't be read."""
    digest = hashlib.sha256()
    try:
        # The system's own calls: of thousands of small files, making file objects costs more than reading.
        descriptor = os.open(path, _READ)
        try:
            while data := os.read(descriptor, _CHUNK):
                digest.update(data)
        finally:
            os.close(descriptor)
    except OSError:
        return None
    return digest.hexdigest()


_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
"""Where a named pipe stands in place of a file, nobody waits for it."""
_CHUNK = 1 << 16


def about_of(project: Project) -> str:
    """Return a digest of all that a build depends on besides the files that it reads and writes."""
    layouts = [Layout(project, release) for release in project.fhir_versions]
    parts = [repr(project), *(digest_of_settings(project.settings, each) for each in layouts)]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def listing_of(project: Project) -> str:
    """Return a digest of the names in all folders that a search for pages goes through, and beside pages."""
    layouts = [Layout(project, release) for release in project.fhir_versions]
    root = project.folder.as_posix()
    ours = {os.path.realpath(f"{root}/{each.folders[name]}") for each in layouts for name in each.own}
    ours |= {os.path.realpath(each) for each in generated_folders(project.folder)}
    digest = hashlib.sha256()
    seen: set[object] = set()
    waiting = [(f"{root}/{source}" if not os.path.isabs(source) else source) for source in project.sources]  # noqa: PTH117
    for path in list(waiting):
        if not os.path.isdir(path):  # noqa: PTH112  as below
            waiting.remove(path)
            digest.update(_names(os.path.dirname(path) or ".", None))  # noqa: PTH120  strings all along
    while waiting:
        folder = waiting.pop()
        try:
            status = os.stat(folder)  # noqa: PTH116
        except OSError:
            continue
        identity = (status.st_dev, status.st_ino) if status.st_ino else folder
        if identity not in seen and (not ours or os.path.realpath(folder) not in ours):
            seen.add(identity)
            digest.update(_names(folder, waiting))
    return digest.hexdigest()


def _names(folder: str, below: list[str] | None) -> bytes:
    """Return what a folder holds, with the kind of each entry, and add the folders in it to ``below``."""
    try:
        with os.scandir(folder) as entries:
            found = sorted((each.name, each.is_dir()) for each in entries if not each.name.startswith("."))
    except OSError:
        return b"gone"
    if below is not None:
        below += (f"{folder}/{name}" for name, is_folder in found if is_folder)
    # Our own files that stand beside pages are looked at one by one.
    listed = [each for each in found if each[0] != LOCK_NAME]
    return repr([folder, listed]).encode(errors="surrogateescape")


def as_kept(
    project: Project, done: BuildResult, book: Bookkeeping, *, today: str, listing: str
) -> dict[str, Any] | None:
    """Return what the next build needs to know; nothing where it has something to do in any case.

    Args:
        project: What was built.
        done: What this build did.
        book: All files that were read and written, with the digests that they had.
        today: ``YYYY-MM-DD``.
        listing: `listing_of` the project, from before pages were searched for.
    """
    guide = done.guide
    if (
        not book.accounted
        or done.found.errors
        or done.stale
        or done.refused
        or any(each.errors for each in done.releases)
        or guide is None
        or guide.unmerged is not None
    ):
        return None
    return {
        "form": FORM,
        "termsmith": __version__,
        "about": about_of(project),
        "today": today,
        "listing": listing,
        "sources": {
            each.name: [
                os.fspath(each.path or ""),
                None if each.sidecar is None else os.fspath(each.sidecar),
                each.sidecar_name,
            ]
            for each in done.found.sources
        },
        "files": book.involved,
        "lone": done.found.lone_sidecars,
        "switches": done.switches,
        "one_file_each": done.one_file_each,
        "releases": [
            {
                "release": each.release,
                "written": {one.source: [file.name for file in one.files] for one in each.run.written},
                "gathered": [[one.planned.name, one.sha256] for one in each.run.gathered],
                "contested": bool(each.run.collisions),
                "told": told_entry(each.told),
            }
            for each in done.releases
        ],
    }


def leave(project: Project, options: BuildOptions, book: Bookkeeping, kept: Mapping[str, Any] | None) -> None:
    """Leave for the next build what it may use of this one.

    Args:
        project: What was built.
        options: How to write.
        book: What is remembered of the sources, and all files.
        kept: `as_kept`.
    """
    book.fresh.belongs_to = digest_of_files(book.involved)
    options.remember(project.folder / memory.NAME, book.fresh.render())
    with suppress(TypeError):  # names that are no UTF-8 have no JSON; such a project is looked at as a whole
        if kept is not None:
            options.remember(project.folder / NAME, orjson.dumps(kept))


_FINDINGS = ("pages", "together", "others")


def told_entry(told: Told) -> dict[str, list[Any]]:
    """Return findings as they are kept."""
    kept: dict[str, list[Any]] = {
        name: [[source, list(map(finding_entry, found))] for source, found in getattr(told, name)]
        for name in _FINDINGS
    }
    kept["excused"] = [[source, list(map(_excused_entry, excused))] for source, excused in told.excused]
    kept["silent"] = [[source, _excused_entry(each)] for source, each in told.silent]
    return kept


def _excused_entry(excused: Excused) -> list[Any]:
    return [finding_entry(excused.finding), excused.reason]


def _recalled_excused(entry: Sequence[Any]) -> Excused:
    finding, reason = entry
    return Excused(finding=recalled_finding(finding), reason=reason)


@dataclass(frozen=True, slots=True)
class LastBuild:
    """What the last build left; everything that concerns more than single sources is as it was then."""

    kept: dict[str, Any]
    """`as_kept`."""
    changed: tuple[str, ...]
    """Sources with a file that is no longer what it was, in the order of the sources."""
    result: BuildResult
    """What that build found, with all files as they stand."""

    def source(self, name: str) -> LocalSource:
        """Return a source of the last build."""
        path, sidecar, sidecar_name = self.kept["sources"][name]
        return LocalSource(
            name=name,
            path=Path(path),
            sidecar=None if sidecar is None else Path(sidecar),
            sidecar_name=sidecar_name,
        )


def last_build(project: Project, today: str) -> LastBuild | None:
    """Return what the last build left, if only files of single sources have changed since.

    Args:
        project: What is built.
        today: ``YYYY-MM-DD``.
    """
    try:
        kept = orjson.loads((project.folder / NAME).read_bytes())
        given = [FORM, __version__, about_of(project), today]
        if [kept[key] for key in ("form", "termsmith", "about", "today")] != given:
            return None
        if kept["listing"] != listing_of(project):
            return None
        changed = {
            source
            for source, files in kept["files"].items()
            if any(digest_of_file(path) != sha256 for path, sha256 in files.items())
        }
        if ALL in changed:
            return None
        in_order = tuple(name for name in kept["sources"] if name in changed)
        return LastBuild(kept, in_order, recalled_result(project, kept))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def recalled_result(project: Project, kept: Mapping[str, Any]) -> BuildResult:
    """Return what a build found by what is kept of it (`as_kept`), with all files as they stand."""
    return BuildResult(
        found=Found(lone_sidecars=kept["lone"]),
        pages=len(kept["sources"]),
        one_file_each=kept["one_file_each"],
        switches=tuple(kept["switches"]),
        releases=[_release(project, each, len(kept["sources"])) for each in kept["releases"]],
    )


def _release(project: Project, kept: Mapping[str, Any], pages: int) -> ReleaseResult:
    return ReleaseResult(
        release=kept["release"],
        folder=project.folder,
        run=RunResult(
            pages=pages,
            written=[
                SourceFiles(source=source, files=tuple(map(_as_it_was, names)))
                for source, names in kept["written"].items()
            ],
            gathered=[
                GatheredFile(planned=_as_it_was(name), sha256=sha256) for name, sha256 in kept["gathered"]
            ],
        ),
        converted=0,
        told=_told(kept["told"]),
    )


def _told(kept: Mapping[str, Any]) -> Told:
    return Told(
        **{
            name: tuple((source, tuple(map(recalled_finding, found))) for source, found in kept[name])
            for name in _FINDINGS
        },
        excused=tuple(
            (source, tuple(map(_recalled_excused, excused))) for source, excused in kept["excused"]
        ),
        silent=tuple((source, _recalled_excused(entry)) for source, entry in kept["silent"]),
    )


def _as_it_was(name: str) -> PlannedFile:
    return PlannedFile(name=name, change=Change.UNCHANGED)
