"""Projects: all that a ``termsmith.toml`` asks for, and writing a first one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from termsmith.api.arguments import one_of
from termsmith.api.day import today
from termsmith.errors import SourceError, TermsmithError
from termsmith.settings_file import DEFAULT_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from termsmith.builds.report import BuildReport
    from termsmith.builds.watching import Occasion

GuideForm = Literal["sushi", "json", "xml"]


def build(
    config: str | Path = DEFAULT_NAME,
    *,
    check: bool = False,
    prune: bool = False,
    on_wait: Callable[[], object] | None = None,
) -> BuildReport:
    """Write all that the configuration of a project asks for, and only what has changed.

    One build of a project at a time: a second one waits until the first is done, in whatever process it is.

    Args:
        config: The project's configuration; its folder is the project's.
        check: Whether to write nothing, and only tell what would change.
        prune: Whether to remove files that a former build wrote and this one doesn't make; those that
            somebody has changed since are never removed.
        on_wait: Called once, before this build waits for another one; absent to wait in silence.

    Returns:
        The report. What is wrong with pages are findings; ``ok`` tells whether any is an error.

    Raises:
        SettingsError: SET001 to SET006, when the configuration is wrong or can't be read; SET007, when the
            guide's configuration can't be; SET010 to SET013, when it names a dialect, and a table is wrong.
        OutputError: OUT002 or OUT003, when a file can't be written, and files that were not replaced by then
            are as they were; OUT010 or OUT011, when ``termsmith.lock`` can't be used; OUT013, when a file
            that no build wrote is in the way.
        UsageError: USE002, when the configuration names an unknown dialect.
    """
    from termsmith.builds.project import (  # noqa: PLC0415  only for builds
        build_project,
        compare_project,
        read_project,
    )
    from termsmith.builds.report import report_of  # noqa: PLC0415  as above

    project = read_project(Path(config), os.environ)
    if check:
        done = compare_project(project, today=today(), prune=prune)
    else:
        done = build_project(project, today=today(), prune=prune, on_wait=on_wait or _nothing)
    return report_of(done, project.folder, check=check)


def watch(config: str | Path = DEFAULT_NAME, *, prune: bool = False) -> Iterator[BuildReport]:
    """Build at once, and again whenever a page, a sidecar, a table or the configuration has changed.

    Args:
        config: The project's configuration.
        prune: As for `build`.

    Returns:
        Reports without end, one after each build; waits for changes between them. A build that is not
        possible, because the configuration is wrong for the moment, gives a report with that error alone.

    Raises:
        UsageError: USE010, when watchfiles is missing.
        SettingsError: SET002, when the folder of the configuration isn't there.
    """
    from termsmith.builds.watching import occasions  # noqa: PLC0415  only for watching

    return _reports(Path(config), occasions(Path(config)), prune=prune)


def _reports(config: Path, occasions: Iterator[Occasion], *, prune: bool) -> Iterator[BuildReport]:
    from termsmith.builds.report import BuildReport  # noqa: PLC0415  as above

    for _ in occasions:
        try:
            report = build(config, prune=prune)
        except TermsmithError as error:
            report = BuildReport(folder=config.parent, check=False, errors=(error,))
        yield report


def guide_entries(config: str | Path = DEFAULT_NAME, *, form: GuideForm = "sushi") -> str:
    """Return what an implementation guide has to say of the resources of a project; writes nothing.

    Their names, descriptions and group, and a ``special-url`` parameter for each URL that is not the guide's
    own. `build` puts the same into the ``sushi-config.yaml`` that the configuration names.

    Args:
        config: The project's configuration.
        form: ``sushi`` for ``sushi-config.yaml``; ``json`` or ``xml`` for an ImplementationGuide.

    Returns:
        Lines to be copied into the guide; of ``json``, an object with ``definition``.

    Raises:
        SourceError: When a source can't be found or read, for then something would be missing.
        SettingsError: As `build`; SET008, when a template for narratives is wrong.
        OutputError: OUT010 or OUT011, when ``termsmith.lock`` can't be used.
        UsageError: USE006, when there is no such form; USE002, as `build`.
    """
    from termsmith.builds.project import compare_closely, read_project  # noqa: PLC0415  only for builds
    from termsmith.outputs.guide import RENDERED  # noqa: PLC0415  as above

    one_of(form, get_args(GuideForm), "form")
    project = read_project(Path(config), os.environ)
    done = compare_closely(project, today=today())
    for error in done.errors:
        raise error
    assert done.guide is not None, "a close look makes the guide's files"  # noqa: S101  narrows the type
    return str(RENDERED[form](done.guide.fragment, project.guide_release))


def first_config(folder: str | Path = ".") -> str:
    """Return the text of a first ``termsmith.toml`` for a folder; writes nothing.

    Args:
        folder: Looked at for its kind (a SUSHI project, an IG Publisher project, or plain), for the guide's
            canonical and FHIR release, and for folders with pages that termsmith can read.

    Returns:
        TOML; keys that are yours to decide are in it as comments.

    Raises:
        SourceError: SRC001, when there is no such folder.
    """
    from termsmith.builds.looking import look_at  # noqa: PLC0415  only for a first configuration

    path = Path(folder)
    if not path.is_dir():
        raise SourceError("SRC001", f"{path.as_posix()}: no such folder", "Check the path.")
    return look_at(path).configuration


def schema(name: Literal["config", "sidecar"]) -> dict[str, Any]:
    """Return the JSON Schema of a file that people write.

    Args:
        name: ``config`` for ``termsmith.toml``, ``sidecar`` for the file beside a page.

    Raises:
        UsageError: USE006, when there is none of that name.
    """
    from termsmith.schemas import SCHEMAS, schema_of  # noqa: PLC0415  pydantic

    one_of(name, SCHEMAS, "name")
    return schema_of(name)


def _nothing() -> None:
    pass
