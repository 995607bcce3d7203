"""`termsmith upload`: resources to a FHIR server."""

from __future__ import annotations

import dataclasses
import os
from typing import TYPE_CHECKING

import click

from termsmith.cli.messages import FindingPrinter, counted, note, safe, say, show_error
from termsmith.cli.options import format_option
from termsmith.errors import SourceError, TermsmithError
from termsmith.model.finding import Severity
from termsmith.servers.address import server_address
from termsmith.servers.credentials import credentials_of
from termsmith.servers.json_report import render_upload
from termsmith.servers.patience import Patience
from termsmith.servers.plan import FoundBy
from termsmith.servers.report import CHANGED, FAILED, NEW, UNCHANGED
from termsmith.servers.uploading import UploadOptions, upload_sources
from termsmith.settings import FHIR_VERSIONS
from termsmith.sources.resources import find_check_sources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from termsmith.servers.compare import Difference
    from termsmith.servers.report import UploadedResource, UploadReport
    from termsmith.settings import FhirVersion

_WORDS = {
    NEW: ("sent (new)", "would be sent (new)"),
    CHANGED: ("sent (changed)", "would be sent (changed)"),
    UNCHANGED: ("unchanged", "unchanged"),
    FAILED: ("not sent", "would not be sent"),
}
"""What is said of a resource, and of one in a dry run, by its state."""
_COLOURS = {NEW: "green", CHANGED: "yellow", FAILED: "red"}
_LONGEST_TIMEOUT = 3600
_MOST_RETRIES = 20


@click.command(
    "upload",
    epilog="A bearer token is taken from TERMSMITH_TOKEN, or user and password from TERMSMITH_USER and "
    "TERMSMITH_PASSWORD; neither is ever shown. Needs the extra: pip install 'termsmith[upload]'.",
)
@click.argument("url")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(allow_dash=True))
@click.option(
    "--by",
    "found_by",
    type=click.Choice([each.value for each in FoundBy]),
    default=FoundBy.ID.value,
    show_default=True,
    help="Update what the server has under the same id; or under the same url (and version), whatever its "
    "id there, or a new id if there is none.",
)
@click.option("--dry-run", is_flag=True, help="Show what would change, element by element; send nothing.")
@click.option(
    "--replace-content",
    is_flag=True,
    help="Let a record without the concepts replace a code system of the server that has them.",
)
@click.option(
    "--fhir-version",
    type=click.Choice(FHIR_VERSIONS),
    help="FHIR release of the resources.  [default: what a package states or a resource shows]",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, max=_LONGEST_TIMEOUT, min_open=True),
    default=Patience().timeout,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for a connection, and for each part of an answer.",
)
@click.option(
    "--retries",
    type=click.IntRange(min=0, max=_MOST_RETRIES),
    default=Patience().attempts - 1,
    show_default=True,
    metavar="N",
    help="How often to repeat a request when the server is busy (429, 502, 503, 504) or does not answer.",
)
@format_option("the report")
@click.option("-v", "--verbose", is_flag=True, help="Show notes too, and what was left out.")
def command(
    *,
    url: str,
    paths: tuple[str, ...],
    found_by: str,
    dry_run: bool,
    replace_content: bool,
    fhir_version: FhirVersion | None,
    timeout: float,
    retries: int,
    format_name: str,
    verbose: bool,
) -> None:
    """Send resources to a FHIR server.

    URL is the server's base, PATH a NamingSystem, CodeSystem or ValueSet (JSON or XML), a Bundle, a FHIR
    package (.tgz), a folder of these, or - for standard input. What the server has already is not sent.
    """
    server_address(url)  # a wrong URL is told before anything is read
    credentials = credentials_of(os.environ)
    found = find_check_sources(paths)
    for error in found.errors:
        show_error(error)
    if verbose:
        for file in found.left_out:
            note(f"{file.name} was left out: {file.reason}")
    if not found.sources and not found.errors:
        raise SourceError("SRC005", "nothing to upload was found", "Name a resource, a Bundle or a package.")
    printer = FindingPrinter(set(Severity) if verbose else {Severity.ERROR, Severity.WARNING})
    report = upload_sources(
        url,
        found.sources,
        UploadOptions(
            found_by=FoundBy(found_by),
            dry_run=dry_run,
            replace_content=replace_content,
            fhir_version=fhir_version,
        ),
        credentials=credentials,
        patience=dataclasses.replace(Patience(), timeout=timeout, attempts=retries + 1),
        on_resource=_Told(printer, dry_run).tell if format_name == "text" else None,
    )
    for about, finding in report.findings:
        printer.show(about, [finding])
    for problem in report.errors:
        show_error(problem)
    if format_name == "json":
        whole = dataclasses.replace(report, errors=(*found.errors, *report.errors))
        click.echo(render_upload(whole).decode("utf-8"), nl=False)
    say(_summary(report))
    if found.errors or report.errors:
        raise SystemExit(TermsmithError.exit_status)
    raise SystemExit(int(not report.ok))


class _Told:
    """Tells of each resource when it is done."""

    def __init__(self, printer: FindingPrinter, dry_run: bool) -> None:  # noqa: FBT001  the option itself
        self._printer, self._dry_run = printer, dry_run

    def tell(self, uploaded: UploadedResource) -> None:
        click.echo("\n".join(self._lines(uploaded)))
        self._printer.show(uploaded.source, uploaded.findings)

    def _lines(self, uploaded: UploadedResource) -> Iterator[str]:
        words = _WORDS[uploaded.state][int(self._dry_run)]
        colour = _COLOURS.get(uploaded.state)
        there = uploaded.location
        where = "" if there in {None, uploaded.name} else f" as {there}"
        yield f"{safe(uploaded.name)}: {click.style(words, fg=colour)}{safe(where)}"
        for each in uploaded.differences:
            yield f"  {safe(_difference(each))}"


def _difference(difference: Difference) -> str:
    """Return ``title changed: "Tea" -> "Teas"``."""
    detail = f": {difference.detail}" if difference.detail else ""
    return f"{difference.element} {difference.sign.value}{detail}"


def _summary(report: UploadReport) -> str:
    states = report.states
    parts = [
        f"{states[state]:,} {word}"
        for state, word in (
            (NEW, "new"),
            (CHANGED, "changed"),
            (UNCHANGED, "unchanged"),
            (FAILED, "not sent"),
        )
        if states[state]
    ]
    total = counted(len(report.resources), "resource")
    dry = " (dry run: nothing was sent)" if report.dry_run else ""
    server = f"{report.server} (FHIR {safe(report.server_version)})"
    return f"{server}: {total}{': ' if parts else ''}{', '.join(parts)}{dry}"
