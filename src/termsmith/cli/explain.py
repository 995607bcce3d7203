"""`termsmith explain`: where each value comes from, and what became of each word."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from termsmith.api.day import today
from termsmith.cli.look import standard_output_look
from termsmith.cli.messages import FindingPrinter
from termsmith.cli.options import conversion_options, resolve_settings
from termsmith.conversion import convert_page
from termsmith.errors import UsageError
from termsmith.model.finding import Severity
from termsmith.outputs.files import render_json
from termsmith.outputs.reports import explain_json, explain_text
from termsmith.sources.concept_files import concept_file, files_of_page
from termsmith.sources.local import find_sources, read_source

if TYPE_CHECKING:
    from termsmith.model.result import Conversion
    from termsmith.settings import FhirVersion, HierarchyForm, Settings
    from termsmith.sources.concept_files import ConceptFile


@click.command("explain", epilog="Findings go to standard error; in JSON they are part of the result.")
@click.argument("source", type=click.Path(allow_dash=True))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people or for machines.",
)
@conversion_options
def command(
    *,
    source: str,
    form: str,
    fhir_version: FhirVersion | None,
    dialect: str | None,
    config: Path | None,
    draft: bool,
    concepts: Path | None,
    hierarchy: HierarchyForm | None,
) -> None:
    """Show where each value comes from.

    Lists each element of the resources with the words of the page that it rests on, then the page's text
    with what became of each piece. SOURCE is a page, or - for standard input. Nothing is written.
    """
    settings = resolve_settings(
        config, fhir_version=fhir_version, dialect=dialect, draft=draft, hierarchy=hierarchy
    )
    conversion = _convert(source, settings, None if concepts is None else concept_file(concepts))
    if form == "json":
        click.echo(render_json(explain_json(conversion)), nl=False)
    else:
        FindingPrinter(frozenset(Severity)).show(conversion.source, conversion.findings)
        click.echo(explain_text(conversion, standard_output_look()), nl=False)
    raise SystemExit(0 if conversion.ok else 1)


def _convert(argument: str, settings: Settings, concepts: ConceptFile | None) -> Conversion:
    if Path(argument).is_dir():
        raise UsageError("USE003", f"{argument} is a folder", "`termsmith explain` takes one page.")
    found = find_sources([argument])
    for error in found.errors:
        raise error
    (source,) = found.sources
    read = read_source(source)
    return convert_page(
        read.data,
        source.name,
        settings,
        sidecar=read.sidecar,
        sidecar_source=source.sidecar_name,
        today=today(),
        files=files_of_page(source.path, source.name, concepts),
    )
