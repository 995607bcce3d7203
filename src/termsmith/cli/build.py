"""`termsmith build`: everything that termsmith.toml says, and only what has changed."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

import click

from termsmith.api.day import today
from termsmith.builds.lock import LOCK_NAME
from termsmith.builds.project import build_project, compare_project, read_project
from termsmith.cli.changes import changes_text
from termsmith.cli.messages import (
    FindingPrinter,
    counted,
    excused_text,
    note,
    safe,
    say,
    severities_text,
    show_error,
    show_silenced,
)
from termsmith.cli.options import project_option, prune_option
from termsmith.errors import SourceError
from termsmith.model.finding import Severity
from termsmith.outputs.files import Change

if TYPE_CHECKING:
    from pathlib import Path

    from termsmith.builds.result import BuildResult, ReleaseResult

_NAMED = 3
"""Names of files that a note lists at most."""


@click.command(
    "build",
    epilog="Pages that are as they were, with their sidecars and tables, are not converted again. "
    "termsmith.lock lists the files that were written; keep it under version control, but not the folder "
    ".termsmith.",
)
@project_option
@click.option(
    "--check", is_flag=True, help="Write nothing; list what would change, and exit with 1 if anything would."
)
@prune_option
@click.option("-v", "--verbose", is_flag=True, help="Show notes too.")
def command(*, config: Path, check: bool, prune: bool, verbose: bool) -> None:
    """Write all that the configuration of a project asks for.

    Which pages, for which FHIR releases, and where to, stands in termsmith.toml; `termsmith init` writes a
    first one. What changed goes to standard output, messages to standard error.
    """
    raise SystemExit(build_once(config, check=check, prune=prune, verbose=verbose))


def build_once(config: Path, *, check: bool, prune: bool, verbose: bool) -> int:
    """Build, show what happened, and return the exit status."""
    project = read_project(config, os.environ)
    if check:
        done = compare_project(project, today=today(), prune=prune)
    else:
        done = build_project(project, today=today(), prune=prune, on_wait=_tell_of_waiting)
    printer = FindingPrinter(frozenset(Severity) if verbose else {Severity.ERROR, Severity.WARNING})
    _show(done, printer)
    for source, excused in done.silent:
        show_silenced(source, excused)
    hidden = "" if verbose else " (-v shows notes)"
    say(_summary(done, "to be converted" if check else "converted", hidden))
    return _exit_status(done, check)


def _tell_of_waiting() -> None:
    note("another build of this project is at work; waiting until it is done")


def _show(done: BuildResult, printer: FindingPrinter) -> None:
    for error in done.errors:
        show_error(error)
    for name in done.found.lone_sidecars:
        note(f"{name} stands beside no page of that name, and was not used")
    for source, findings in done.findings_once():
        printer.show(source, findings)
    for release in done.releases:
        _show_files(release)
    _show_guide(done)
    _show_former(done)
    if done.only_lock:
        click.echo(f"{safe(LOCK_NAME)} ({done.lock.value})")


def _show_files(release: ReleaseResult) -> None:
    for written in release.run.written:
        for file in written.files:
            if file.change is not Change.UNCHANGED:
                path = (release.folder / file.name).as_posix()
                click.echo(f"{safe(written.source)} -> {safe(path)} ({file.change.value})")
    for each in release.run.gathered:
        if each.planned.change is not Change.UNCHANGED:
            path = (release.folder / each.planned.name).as_posix()
            click.echo(f"{safe(path)} ({each.planned.change.value})")


def _show_guide(done: BuildResult) -> None:
    guide = done.guide
    for name, change in () if guide is None else guide.changes.items():
        click.echo(f"{safe(name)} ({change.value})")
    if guide is not None and guide.unmerged is not None:
        note(f"{guide.unmerged}; put this into it yourself")
        click.echo(guide.printed, nl=False)
    for switch in done.switches:
        note(f"{switch} is true in the guide: the IG Publisher then replaces what owners of systems say")


def _show_former(done: BuildResult) -> None:
    for path in done.removed:
        click.echo(f"{safe(path)} (removed)")
    for path in done.changed_since:
        note(f"{path} is not made any more, but was changed by hand, and is left alone; delete or move it")
    others = [path for path in done.stale if path not in done.changed_since]
    if others:
        named = ", ".join(others[:_NAMED]) + (", ..." if len(others) > _NAMED else "")
        files = counted(len(others), "file")
        note(f"{files} of former builds not made any more: {named}; --prune removes them")


def _summary(done: BuildResult, done_word: str, hidden: str) -> str:
    converted = max((each.converted for each in done.releases), default=0)
    word = "resource" if done.one_file_each else "file"
    parts = [f"{each.release} {changes_text(each.run.changes, word)}" for each in done.releases]
    number = Counter(each.severity for _, findings in done.findings_once() for each in findings)
    said = [*severities_text(number), *excused_text(done.excused)]
    pages = counted(done.pages, "page")
    notes = hidden if number[Severity.INFORMATION] else ""
    return f"{pages}, {converted:,} {done_word}: {', '.join(parts)}; {', '.join(said)}{notes}"


def _exit_status(done: BuildResult, check: bool) -> int:  # noqa: FBT001  as above
    if done.errors:
        return SourceError.exit_status
    wrong = any(
        finding.severity is Severity.ERROR
        for release in done.releases
        for _, findings in release.findings
        for finding in findings
    )
    return 1 if wrong or (check and done.differs) else 0
