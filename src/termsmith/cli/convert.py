"""`termsmith convert`: pages in, files out."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from termsmith.api.day import today
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
from termsmith.cli.options import FILE, config_file, conversion_options, resolve_settings
from termsmith.cli.overwriting import refuse_to_overwrite
from termsmith.cli.progress import Unseen, shown_progress
from termsmith.errors import SettingsError, SourceError, UsageError
from termsmith.model.finding import Severity
from termsmith.outputs.files import Change
from termsmith.outputs.formats import FORMATS, GATHERED
from termsmith.outputs.staging import DryRun, Staging
from termsmith.sources.concept_files import concept_file, files_of_page
from termsmith.sources.local import Found, find_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

    from termsmith.batch import Job
    from termsmith.checks.exceptions import Exceptions
    from termsmith.cli.progress import Progress
    from termsmith.outputs.files import PlannedFile
    from termsmith.outputs.gathered import Gathered
    from termsmith.outputs.results import PageResult
    from termsmith.run import RunResult, SourceFiles
    from termsmith.settings import FhirVersion, HierarchyForm, Settings
    from termsmith.sources.local import LocalSource

_MANY = 20
"""Pages above which a terminal shows progress, and of what changed only so many."""
_NAMED = 3
"""Names of other files that a note lists at most."""
_WHEN_VERBOSE = frozenset(Severity)
_ALWAYS = frozenset({Severity.ERROR, Severity.WARNING})


@click.command(
    "convert",
    epilog="A folder is searched for pages in the order of names. dicom.toml beside dicom.txt completes or "
    "corrects that page. Files that would not change are not touched.",
)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...", type=click.Path(allow_dash=True))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for NamingSystem-<id>.json and CodeSystem-<id>.json.",
)
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(FORMATS),
    default=("json",),
    show_default="json",
    help="What to write; may be given several times. json, xml and fsh give a file for each resource; "
    "package gives package.tgz, described by [package] of the configuration; bundle gives bundle.json, to "
    "load all resources into a server.",
)
@conversion_options
@click.option(
    "--check", is_flag=True, help="Write nothing; list what would change, and exit with 1 if anything would."
)
@click.option(
    "--manifest", type=FILE, metavar="FILE", help="Also write what was read, made and found, as JSON."
)
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes that convert; what they give is the same with any number.  [default: one for each 150 "
    "pages; at most 8, and one for each processor]",
)
@click.option("--narrative", is_flag=True, help="Give each resource a narrative, for people to read.")
@click.option(
    "--progress",
    is_flag=True,
    help="Show how far the work has come, on standard error. Many pages on a terminal show it anyway.",
)
@click.option(
    "-v", "--verbose", is_flag=True, help="Show notes too, and which files of folders are left out."
)
def command(
    *,
    sources: tuple[str, ...],
    output: Path,
    formats: tuple[str, ...],
    fhir_version: FhirVersion | None,
    dialect: str | None,
    config: Path | None,
    draft: bool,
    concepts: Path | None,
    hierarchy: HierarchyForm | None,
    check: bool,
    manifest: Path | None,
    jobs: int | None,
    narrative: bool,
    progress: bool,
    verbose: bool,
) -> None:
    """Write the resources that pages describe.

    SOURCE is a page, a folder of pages, or - for standard input. What was written goes to standard output,
    messages to standard error.
    """
    settings = resolve_settings(
        config, fhir_version=fhir_version, dialect=dialect, draft=draft, hierarchy=hierarchy
    )
    if narrative:
        settings = replace(settings, narrative=True)
    no_pages = [*_no_pages(output, settings), *([manifest] if manifest is not None else ())]
    found = find_sources(sources, exclude=no_pages)
    read = [config_file(config), concepts, *settings.dialect_tables]
    refuse_to_overwrite("--manifest", manifest, chain(read, _read_for(found.sources)))
    _show_found(found, _left_out_in_full if verbose else _left_out_counted)
    if concepts is not None and len(found.sources) > 1:
        raise UsageError(
            "USE005",
            f"--concepts goes with one SOURCE, not with {len(found.sources)}",
            "Put each page's concepts beside it: dicom.concepts.csv beside dicom.txt.",
        )
    if "package" in formats and settings.package is None:
        raise SettingsError(
            "SET004",
            "a package needs a name, a version and a canonical URL, and the configuration has no [package]",
            f"Put [package] with name, version and canonical into {config or 'termsmith.toml'}.",
        )
    from termsmith.batch import Job, convert_sources  # noqa: PLC0415  takes long, and --help needs none of it
    from termsmith.processes import processes_for  # noqa: PLC0415  as above
    from termsmith.run import Target, run  # noqa: PLC0415  as above

    printer = FindingPrinter(_WHEN_VERBOSE if verbose else _ALWAYS)
    with _progress(len(found.sources), always=progress) as told:
        job = Job(
            settings=settings,
            formats=tuple(name for name in FORMATS if name in formats),
            today=today(),
            concepts=None if concepts is None else concept_file(concepts),
            on_rows=told.rows,
        )
        target = Target(
            folder=output,
            open_folder=DryRun if check else Staging,
            fhir_version=settings.fhir_version,
            gathering=_gathering(job),
            manifest=manifest,
        )
        processes = jobs or processes_for(len(found.sources))
        results = (convert_sources if processes == 1 else _in_parallel(processes))(found.sources, job)
        done = run(
            results,
            target,
            exceptions=_exceptions(job),
            on_result=partial(_show_result, printer=printer, told=told),
        )
    for source, finding in [*done.collisions, *done.together, *done.exceptions]:
        printer.show(source, [finding])
    for source, excused in done.silent:
        show_silenced(source, excused)
    long = _is_long(found)
    _show_files(done, _only_changes if check or long else _all_files, most=_MANY if long else sys.maxsize)
    for each in done.gathered:
        _show_whole_file(each.planned, _only_changes if check or long else _all_files)
    if manifest is not None and done.manifest is not None:
        _show_manifest(manifest, done.manifest)
    if any(Path(source).is_dir() for source in sources):
        _show_others(done, output)
    say(_summary(done, printer, "resource" if len(job.formats) == 1 and not done.gathered else "file"))
    raise SystemExit(_exit_status(found, done, check and done.differs))


def _no_pages(output: Path, settings: Settings) -> Iterator[Path]:
    yield from (output, *settings.dialect_tables)
    if settings.narrative_templates is not None:
        yield settings.narrative_templates


def _read_for(sources: Iterable[LocalSource]) -> Iterator[Path | None]:
    """Yield the files that are read for sources: pages, sidecars, and concepts beside them."""
    for source in sources:
        beside = files_of_page(source.path, source.name).beside
        yield from (source.path, source.sidecar, None if beside is None else beside.path)


def _exceptions(job: Job) -> Exceptions:
    if not job.settings.exceptions:
        from termsmith.run import NO_EXCEPTIONS  # noqa: PLC0415  as above

        return NO_EXCEPTIONS
    from termsmith.rules import exceptions_of_conversion  # noqa: PLC0415  only where there are some

    return exceptions_of_conversion(job.settings.exceptions, job.today)


def _in_parallel(jobs: int) -> Callable[[Iterable[LocalSource], Job], Iterator[PageResult]]:
    from termsmith.parallel import convert_sources_in_parallel  # noqa: PLC0415  multiprocessing takes time

    return partial(convert_sources_in_parallel, processes=jobs)


def _show_found(found: Found, show_left_out: Callable[[Found], None]) -> None:
    for error in found.errors:
        show_error(error)
    for name in found.lone_sidecars:
        note(f"{name} stands beside no page of that name, and was not used")
    show_left_out(found)
    if not found.sources and not found.errors:
        raise SourceError("SRC004", "no page was found", "Name a page, or a folder that holds pages.")


def _left_out_in_full(found: Found) -> None:
    for file in found.left_out:
        note(f"{file.name} was left out: {file.reason}")


def _left_out_counted(found: Found) -> None:
    if found.left_out:
        note(f"{counted(len(found.left_out), 'file')} in folders left out as no pages; -v lists them")


def _is_long(found: Found) -> bool:
    """Tell whether a terminal would be flooded by a line for each page."""
    return len(found.sources) > _MANY and sys.stdout.isatty()


def _progress(length: int, *, always: bool) -> AbstractContextManager[Progress]:
    """Give what is told of the progress; many pages on a terminal show it though nobody asks."""
    if always or (length > _MANY and sys.stderr.isatty()):
        return shown_progress(length)
    return nullcontext(Unseen())


def _show_result(result: PageResult, printer: FindingPrinter, told: Progress) -> None:
    if result.error is not None or printer.selected(result.findings):
        told.clear()
    if result.error is not None:
        show_error(result.error)
    printer.show(result.source, result.findings)
    told.page()


def _all_files(change: Change) -> bool:
    return change in Change


def _only_changes(change: Change) -> bool:
    return change is not Change.UNCHANGED


def _show_files(done: RunResult, selected: Callable[[Change], bool], most: int) -> None:
    lines = [line for each in done.written if (line := _listed(each, selected))]
    for line in lines[:most]:
        click.echo(line)
    if len(lines) > most:
        note(f"{counted(len(lines) - most, 'more page')} like these")


def _listed(written: SourceFiles, selected: Callable[[Change], bool]) -> str:
    names = [
        file.name if file.change is Change.UNCHANGED else f"{file.name} ({file.change.value})"
        for file in written.files
        if selected(file.change)
    ]
    return f"{safe(written.source)} -> {', '.join(names)}" if names else ""


def _gathering(job: Job) -> AbstractContextManager[Gathered | None]:
    if GATHERED.keys().isdisjoint(job.formats):
        return nullcontext()
    from termsmith.outputs.gathered import Gathered  # noqa: PLC0415  tar and gzip

    return Gathered(job.formats, job.settings)


def _show_whole_file(file: PlannedFile, selected: Callable[[Change], bool]) -> None:
    if selected(file.change):
        unchanged = file.change is Change.UNCHANGED
        click.echo(file.name if unchanged else f"{file.name} ({file.change.value})")


def _show_manifest(path: Path, change: Change) -> None:
    if change is not Change.UNCHANGED:
        click.echo(f"{safe(path.as_posix())} ({change.value})")


def _show_others(done: RunResult, output: Path) -> None:
    """Mention files that a page which is gone or renamed may have left behind."""
    if done.others:
        named = ", ".join(done.others[:_NAMED]) + (", ..." if len(done.others) > _NAMED else "")
        note(f"{counted(len(done.others), 'other file')} in {output.as_posix()} left alone: {named}")


def _summary(done: RunResult, printer: FindingPrinter, written: str) -> str:
    made = changes_text(done.changes, written)
    number = Counter(done.severities)
    said = [*severities_text(number), *excused_text(done.excused)]
    if done.unreadable:
        said.insert(0, click.style(f"{done.unreadable:,} unreadable", fg="red"))
    hidden = number[Severity.INFORMATION] and not printer.shows(Severity.INFORMATION)
    return f"{counted(done.pages, 'page')}: {made}; {', '.join(said)}" + (
        " (-v shows notes)" if hidden else ""
    )


def _exit_status(found: Found, done: RunResult, check_failed: bool) -> int:  # noqa: FBT001  one fact of three
    if found.errors or done.unreadable:
        return SourceError.exit_status
    return 1 if done.severities[Severity.ERROR] or check_failed else 0
