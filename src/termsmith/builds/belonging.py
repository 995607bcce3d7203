"""Which files can be a project's own: a lock file comes with the project, and may name any file there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.builds.layout import Layout

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from termsmith.settings import Project


_NO_STEPS = frozenset({"", ".", ".."})


def foreign(names: Iterable[str], project: Project) -> str | None:
    """Return the first path that no build of the project can have written; nothing where there is none.

    Outside of the project, only what the configuration names is its own.
    """
    folders = {folder for each in project.fhir_versions for folder in Layout(project, each).folders.values()}
    guide = project.guide
    files = {guide.sushi_config, guide.ignore_warnings, guide.oid_map}
    for name in names:
        if not is_below(name) and name not in files and name.rpartition("/")[0] not in folders:
            return name
    return None


def is_below(name: str) -> bool:
    r"""Tell whether a path with ``/`` is one below the folder that it starts from, on every system.

    >>> [is_below(name) for name in ("a/b", "../b", "a/../../b", "/b", "C:b", "a\\b", "a//b")]
    [True, False, False, False, False, False, False]
    """
    # A drive is the one thing of Windows that has neither a backslash nor two slashes at its beginning.
    return not (name[1:2] == ":" or "\\" in name or not _NO_STEPS.isdisjoint(name.split("/")))


def led_away(names: Iterable[str], folder: Path) -> str | None:
    """Return the first path below a folder that a link leads out of it; nothing where there is none."""
    root = folder.resolve()
    by_parent = {name.rpartition("/")[0]: name for name in names if is_below(name)}
    for parent, name in by_parent.items():
        if not (folder / parent).resolve().is_relative_to(root):
            return name
    return None
