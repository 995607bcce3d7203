"""`termsmith check`: resources, packages and pages in, findings out."""

from __future__ import annotations

import re
import shutil
import sys
import textwrap
from collections import Counter
from contextlib import contextmanager
from pathlib import Path  # noqa: TC003  click reads it
from typing import TYPE_CHECKING

import click

from termsmith.api.day import today
from termsmith.check_run import CheckOptions, check_sources
from termsmith.checks.exceptions import excuse
from termsmith.checks.rule import Profile
from termsmith.cli.messages import counted, excused_text, hint_lines, note, place_text, safe, say, show_error
from termsmith.cli.options import FILE, config_file, format_option, read_settings
from termsmith.cli.overwriting import refuse_to_overwrite
from termsmith.cli.streams import is_dumb
from termsmith.errors import OutputError, SourceError
from termsmith.model.checked import CheckedSource
from termsmith.model.finding import Severity
from termsmith.model.report import CheckReport
from termsmith.outputs.checks.formats import FORMATS, render
from termsmith.outputs.staging import replace_file
from termsmith.settings import FHIR_VERSIONS
from termsmith.sources.resources import find_check_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from termsmith.model.finding import Finding
    from termsmith.settings import FhirVersion
    from termsmith.sources.local import LeftOut

_MANY = 20
"""Files above which a terminal shows progress, and findings of one rule in a file that text shows at most."""
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFORMATION: "cyan"}


@click.command(
    "check",
    epilog="Pages are converted first, and findings point at the page. Known exceptions stand in "
    "termsmith.toml. `termsmith rules` lists all rules.",
)
@click.argument(
    "sources", nargs=-1, required=True, metavar="SOURCE...", type=click.Path(allow_dash=True, readable=False)
)
@click.option(
    "--fhir-version",
    type=click.Choice(FHIR_VERSIONS),
    help="FHIR release to check against.  [default: what the package states or the resource shows, else R4]",
)
@click.option(
    "--profile",
    "profiles",
    type=click.Choice([profile.value for profile in Profile]),
    multiple=True,
    help="Also check what this profile asks for. May be given several times.",
)
@click.option(
    "--guide",
    metavar="URL",
    help="Canonical URL of the implementation guide, for --profile ig-publisher.",
)
@format_option("the findings", FORMATS)
@click.option("-o", "--output", type=FILE, metavar="FILE", help="Write them to this file.  [default: stdout]")
@click.option(
    "--fail-on",
    type=click.Choice([severity.value for severity in Severity]),
    default=Severity.ERROR.value,
    show_default=True,
    help="Least severity that makes the exit status 1.",
)
@click.option(
    "--config",
    type=FILE,
    metavar="FILE",
    help="Configuration to use.  [default: termsmith.toml of this folder, if there is one]",
)
@click.option("-v", "--verbose", is_flag=True, help="Show all findings, notes too, and what was left out.")
def command(
    *,
    sources: tuple[str, ...],
    fhir_version: FhirVersion | None,
    profiles: tuple[str, ...],
    guide: str | None,
    format_name: str,
    output: Path | None,
    fail_on: str,
    config: Path | None,
    verbose: bool,
) -> None:
    """Check NamingSystem and CodeSystem resources.

    SOURCE is a resource or Bundle (JSON or XML), a FHIR package (.tgz), a page, a folder of these, or - for
    standard input.
    """
    settings = read_settings(config)
    found = find_check_sources(sources, exclude=(*([output] if output is not None else ()),))
    refuse_to_overwrite("--output", output, [*(each.path for each in found.sources), config_file(config)])
    on_terminal = output is None and sys.stdout.isatty()
    if format_name != "text" or output is not None:
        for error in found.errors:
            show_error(error)
    if verbose:
        for file in found.left_out:
            note(f"{file.name} was left out: {file.reason}")
    if not found.sources and not found.errors:
        raise SourceError("SRC005", "nothing to check was found", "Name a resource, a package or a page.")
    options = CheckOptions(
        settings=settings,
        fhir_version=fhir_version,
        profiles=frozenset(map(Profile, profiles)),
        guide=guide,
        today=today(),
    )
    no_pages: list[LeftOut] = []
    with _progress(len(found.sources)) as on_source:
        checked = check_sources(found.sources, options, on_source=on_source, on_left_out=no_pages.append)
    if verbose:
        for file in no_pages:
            note(f"{file.name} was left out: {file.reason}")
    missing = [CheckedSource(source=_name_of(error), error=error) for error in found.errors]
    report = CheckReport(sources=(*missing, *excuse(checked, settings.exceptions, options.today)))
    severity = Severity(fail_on)
    if format_name == "text":
        lines = _Text(report, _shown(verbose), _most(verbose), no_pages).lines()
        if on_terminal:
            lines = _wrapped(lines, shutil.get_terminal_size().columns)
        text = "".join(f"{line}\n" for line in lines)
        _write(text.encode("utf-8", "backslashreplace"), output)
    else:
        _write(render(report, format_name, fail_on=severity), output)
        say(_summary(report, no_pages))
    raise SystemExit(_status(report, severity))


@contextmanager
def _progress(length: int) -> Iterator[Callable[[str], None]]:
    """Give what is told each source; with a bar where many come to a terminal."""
    if length <= _MANY or not sys.stderr.isatty() or is_dumb():
        yield lambda _name: None
        return
    with click.progressbar(length=length, label="Checking", show_pos=True, file=sys.stderr) as bar:
        yield lambda _name: bar.update(1)


def _shown(verbose: bool) -> frozenset[Severity]:  # noqa: FBT001  the option itself
    return frozenset(Severity) if verbose else frozenset({Severity.ERROR, Severity.WARNING})


def _most(verbose: bool) -> int:  # noqa: FBT001  as above
    return sys.maxsize if verbose else _MANY


def _write(data: bytes, output: Path | None) -> None:
    if output is None:
        click.echo(data.decode("utf-8"), nl=False)
        return
    plain = click.unstyle(data.decode("utf-8")).encode("utf-8")
    if not output.exists() or output.is_file():
        replace_file(output.resolve() if output.is_symlink() else output, plain)
        return
    try:
        output.write_bytes(plain)  # a device or a pipe
    except OSError as error:
        raise OutputError(
            "OUT002",
            f"{output.as_posix()}: can't be written: {error.strerror}",
            "Check the path and its permissions.",
        ) from error


def _name_of(error: SourceError) -> str:
    """Return the source that an error is about: its message begins with it."""
    return error.message.partition(": ")[0]


def _status(report: CheckReport, severity: Severity) -> int:
    if any(source.error is not None for source in report.sources):
        return SourceError.exit_status
    return int(report.fails_on(severity))


def _wrapped(lines: Iterable[str], width: int) -> Iterator[str]:
    """Yield lines broken between words, where a terminal would break them anywhere; the rest is indented."""
    for line in lines:
        bare = click.unstyle(line)
        if len(bare) <= width:
            yield line
            continue
        indent = len(bare) - len(bare.lstrip())
        label = re.match(r"\s*(hint|value): ", bare)
        hanging = " " * (len(label[0]) if label is not None else indent)
        # Only hints are styled as a whole; other styled lines are short.
        styled = "hint" in (label[1] if label is not None else "")
        for part in textwrap.wrap(
            bare, width, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False
        ):
            yield click.style(part, dim=True) if styled else part


class _Text:
    """The report for people: grouped by source, counts at the end."""

    def __init__(
        self, report: CheckReport, severities: frozenset[Severity], most: int, no_pages: Sequence[LeftOut]
    ) -> None:
        self.report, self.severities, self.most, self.no_pages = report, severities, most, no_pages

    def lines(self) -> Iterator[str]:
        for source in self.report.sources:
            yield from self.source(source)
        yield _summary(self.report, self.no_pages)

    def source(self, source: CheckedSource) -> Iterator[str]:
        if source.error is not None:
            yield click.style(safe(source.source), bold=True)
            yield f"  {click.style(f'error[{source.error.code}]', fg='red')} {safe(source.error.message)}"
            yield from hint_lines(source.error.hint, "    ")
            yield ""
            return
        shown = [finding for finding in source.findings if finding.severity in self.severities]
        if not shown:
            return
        yield click.style(safe(source.source), bold=True)
        times: Counter[str] = Counter()
        told = []
        for finding in shown:
            times[finding.code] += 1
            if times[finding.code] <= self.most:
                told.append(finding)
        yield from self.findings(source.source, told)
        for code, number in times.items():
            if number > self.most:
                yield click.style(f"  {number - self.most:,} more of {code}; -v shows them", dim=True)
        yield ""

    def findings(self, source: str, findings: Sequence[Finding]) -> Iterator[str]:
        for number, finding in enumerate(findings, start=1):
            word = click.style(f"{_WORDS[finding.severity]}[{finding.code}]", fg=_COLOURS[finding.severity])
            where = _where(source, finding)
            element = "" if finding.element is None else f" {safe(finding.element)}"
            yield f"  {where}{word}{element}"
            yield f"    {safe(finding.message)}"
            value = finding.offending
            if value is not None and value.strip('"') not in finding.message:
                yield f"    value: {safe(value)}"
            if number == len(findings) or findings[number].hint != finding.hint:
                yield from hint_lines(finding.hint, "    ")


_WORDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFORMATION: "note"}


def _where(source: str, finding: Finding) -> str:
    """Return the place; its file only where that is not the one above."""
    place = finding.place
    if place is None:
        return ""
    if place.source != source:
        return f"{place_text(place)} "
    return f"{place.line}:{place.column} "


def _summary(report: CheckReport, no_pages: Sequence[LeftOut]) -> str:
    resources = [
        f"{counted(number, kind)} ({version})" for (kind, version), number in sorted(report.resources.items())
    ]
    unchecked = sorted({kind for source in report.sources for kind in source.unchecked})
    parts = [", ".join(resources) if resources else "no resources"]
    found = [
        counted(report.severities[severity], word)
        for severity, word in (
            (Severity.ERROR, "error"),
            (Severity.WARNING, "warning"),
            (Severity.INFORMATION, "note"),
        )
    ]
    parts.append(", ".join(found) if sum(report.severities.values()) else "no findings")
    parts += excused_text(report.excused)
    if no_pages:
        parts.append(f"left out: {counted(len(no_pages), 'file')} that no dialect fits (-v names each)")
    if unchecked:
        parts.append(f"not checked: {', '.join(map(safe, unchecked))}")
    return "; ".join(parts)
