"""Builds that have nothing to do: told from the digests of all files that the last one read and wrote.

A build leaves a list of those files, of the folders that it searched, and of what it found. As long as every
one of them is as it was, and it is the same day, the next build has the same result, and only reads them.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Any

import orjson

from termsmith import __version__
from termsmith.builds.layout import HIDDEN, Layout, digest_of_settings
from termsmith.builds.lock import LOCK_NAME
from termsmith.builds.memory import finding_entry, recalled_finding
from termsmith.builds.result import BuildResult, ReleaseResult
from termsmith.outputs.files import Change, PlannedFile
from termsmith.outputs.gathered import GatheredFile
from termsmith.run import RunResult, SourceFiles
from termsmith.sources.local import Found

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from termsmith.settings import Project

FORM = 1
NAME = f"{HIDDEN}/unchanged.json"
"""Relative to the project."""


def digest_of_file(path: str) -> str | None:
    """Return the digest of a file's bytes, in hexadecimal; nothing when it can't be read."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123  thousands of paths
            status = os.fstat(file.fileno())
            if status.st_size > _LARGE:
                return hashlib.file_digest(file, "sha256").hexdigest()
            return hashlib.sha256(file.read()).hexdigest()
    except OSError:
        return None


_LARGE = 1 << 24


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
    done: BuildResult, about: str, today: str, listing: str, files: Mapping[str, str | None]
) -> bytes | None:
    """Return what the next build needs to know; nothing where it has something to do in any case.

    Args:
        done: What this build did.
        about: `about_of` the project.
        today: ``YYYY-MM-DD``.
        listing: `listing_of` the project, from before pages were searched for.
        files: All files that were read and written, with the digests that they had.
    """
    guide = done.guide
    if (
        done.found.errors
        or done.stale
        or any(each.errors for each in done.releases)
        or guide is None
        or guide.unmerged is not None
    ):
        return None
    data = {
        "form": FORM,
        "termsmith": __version__,
        "about": about,
        "today": today,
        "listing": listing,
        "files": dict(files),
        "pages": done.pages,
        "lone": done.found.lone_sidecars,
        "switches": done.switches,
        "one_file_each": done.one_file_each,
        "releases": [
            {
                "release": each.release,
                "written": [[one.source, [file.name for file in one.files]] for one in each.run.written],
                "gathered": [[one.planned.name, one.sha256] for one in each.run.gathered],
                "findings": [
                    [source, [finding_entry(finding) for finding in found]] for source, found in each.findings
                ],
            }
            for each in done.releases
        ],
    }
    return orjson.dumps(data)


def unchanged(project: Project, today: str) -> BuildResult | None:
    """Return the result of a build that has nothing to do; nothing where it may have.

    Args:
        project: What is built.
        today: ``YYYY-MM-DD``.
    """
    try:
        data = orjson.loads((project.folder / NAME).read_bytes())
        given = [FORM, __version__, about_of(project), today]
        if [data[key] for key in ("form", "termsmith", "about", "today")] != given:
            return None
        if data["listing"] != listing_of(project):
            return None
        if any(digest_of_file(path) != sha256 for path, sha256 in data["files"].items()):
            return None
        return _recalled(project, data)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _recalled(project: Project, data: Mapping[str, Any]) -> BuildResult:
    return BuildResult(
        found=Found(lone_sidecars=data["lone"]),
        pages=data["pages"],
        one_file_each=data["one_file_each"],
        switches=tuple(data["switches"]),
        releases=[
            ReleaseResult(
                release=each["release"],
                folder=project.folder,
                run=RunResult(
                    pages=data["pages"],
                    written=[
                        SourceFiles(source=source, files=tuple(map(_as_it_was, names)))
                        for source, names in each["written"]
                    ],
                    gathered=[
                        GatheredFile(planned=_as_it_was(name), sha256=sha256)
                        for name, sha256 in each["gathered"]
                    ],
                ),
                converted=0,
                findings=tuple(
                    (source, tuple(recalled_finding(entry) for entry in found))
                    for source, found in each["findings"]
                ),
            )
            for each in data["releases"]
        ],
    )


def _as_it_was(name: str) -> PlannedFile:
    return PlannedFile(name=name, change=Change.UNCHANGED)


def paths_of(project: Project, names: Iterable[str]) -> Iterator[str]:
    """Yield the paths of files that are named relative to the project."""
    root = project.folder.as_posix()
    return (os.path.join(root, name) for name in names)  # noqa: PTH118  thousands of paths
