"""A build as it is asked for: its project read, and its files written in turn, or only compared."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from termsmith.collecting import paused
from termsmith.settings import source_date_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from termsmith.builds.options import BuildOptions
    from termsmith.builds.result import BuildResult
    from termsmith.settings import Project


def read_project(config: Path, environment: Mapping[str, str]) -> Project:
    """Return what a configuration says of builds, with what the environment says.

    Raises:
        SettingsError: SET001, SET002 and SET004 to SET006, when the configuration is wrong or can't be read;
            SET003, when SOURCE_DATE_EPOCH is no number; SET010 to SET013, when a dialect table is wrong.
        UsageError: USE002, when there is no such dialect.
    """
    from termsmith.settings_file import read_project_file  # noqa: PLC0415  pydantic

    project = read_project_file(config)
    if project.settings.exceptions:
        from termsmith.rules import refuse_unknown_rules  # noqa: PLC0415  all rules

        refuse_unknown_rules(project.settings.exceptions)
    settings = replace(project.settings, source_date=source_date_of(environment))
    if settings.dialect is not None:
        # An unknown dialect is refused once, before it is refused for every page.
        from termsmith.dialects.loading import load_dialects  # noqa: PLC0415  pydantic
        from termsmith.dialects.recognise import named  # noqa: PLC0415

        named(settings.dialect, load_dialects(settings.dialect_tables))
    return replace(project, settings=settings)


def build_project(
    project: Project, *, today: str, prune: bool = False, on_wait: Callable[[], object]
) -> BuildResult:
    """Write what a project asks for, as far as it has changed; one build of a project at a time.

    Args:
        project: What is built.
        today: ``YYYY-MM-DD``.
        prune: Whether to remove files of former builds that this one doesn't make.
        on_wait: Called once when another build of the project is at work.

    Raises:
        OutputError: When the disk refuses; OUT010 or OUT011, when the lock file can't be used; OUT013, when a
            file of the user's is in the way.
        SettingsError: When a dialect table, a template or the guide's configuration is wrong.
    """
    from termsmith.builds.layout import HIDDEN  # noqa: PLC0415  takes time to load
    from termsmith.builds.turn import turn  # noqa: PLC0415  as above

    with turn(project.folder / HIDDEN, on_wait=on_wait):
        return _as_far_as_needed(project, today, lambda: _to_write(today, remove=_remove if prune else None))


def compare_project(project: Project, *, today: str, prune: bool = False) -> BuildResult:
    """Return what a build would do; writes nothing.

    Raises:
        OutputError: OUT010 or OUT011, when the lock file can't be used; OUT013 as `build_project`.
        SettingsError: As `build_project`.
    """
    return _as_far_as_needed(project, today, lambda: _to_compare(today, prune=prune))


def compare_closely(project: Project, *, today: str, prune: bool = False) -> BuildResult:
    """As `compare_project`, with what a build that has nothing to do does not look at, such as the guide."""
    from termsmith.builds.building import build  # noqa: PLC0415  conversion takes time to load

    return build(project, _to_compare(today, prune=prune))


def _as_far_as_needed(project: Project, today: str, options_of: Callable[[], BuildOptions]) -> BuildResult:
    """Build what has changed; where nothing has, no more is loaded than is needed to tell."""
    from termsmith.builds.unchanged import last_build  # noqa: PLC0415  takes time to load

    with paused():
        last = last_build(project, today)
    if last is not None and not last.changed:
        return last.result
    from termsmith.builds.building import build  # noqa: PLC0415  conversion takes time to load
    from termsmith.builds.few_changed import build_changed  # noqa: PLC0415  as above

    options = options_of()
    done = None if last is None else build_changed(project, options, last)
    return done or build(project, options)


def _to_compare(today: str, *, prune: bool) -> BuildOptions:
    from termsmith.builds.options import BuildOptions  # noqa: PLC0415  as above
    from termsmith.outputs.staging import DryRun  # noqa: PLC0415  as above

    return BuildOptions(
        today=today,
        open_folder=DryRun,
        keep=lambda _path, _data: None,
        update=lambda _path, _data: None,
        remember=lambda _path, _data: None,
        remove=(lambda _path: None) if prune else None,
    )


def _to_write(today: str, *, remove: Callable[[Path], None] | None) -> BuildOptions:
    from termsmith.builds.options import BuildOptions  # noqa: PLC0415  as above
    from termsmith.outputs.staging import (  # noqa: PLC0415  as above
        Staging,
        replace_file,
        replace_file_for_now,
        update_file,
    )

    return BuildOptions(
        today=today,
        open_folder=Staging,
        keep=replace_file,
        update=update_file,
        remember=replace_file_for_now,
        remove=remove,
    )


def _remove(path: Path) -> None:
    from termsmith.outputs.staging import remove_file  # noqa: PLC0415  as above

    remove_file(path)
