"""`termsmith guide`: what an implementation guide has to say of the resources, to be copied into it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from termsmith.api.day import today
from termsmith.builds.project import compare_closely, read_project
from termsmith.cli.messages import note, show_error
from termsmith.cli.options import project_option
from termsmith.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    "guide",
    epilog="`termsmith build` puts the same into the sushi-config.yaml that [outputs] sushi_config names.",
)
@project_option
@click.option(
    "--form",
    type=click.Choice(["sushi", "json", "xml"]),
    default="sushi",
    show_default=True,
    help="For sushi-config.yaml, or for an ImplementationGuide as JSON or XML.",
)
def command(*, config: Path, form: str) -> None:
    """Print what a guide has to say of the resources of a project.

    Their names, descriptions and group, and a special-url parameter for each URL that is not the guide's
    own. Writes nothing.
    """
    from termsmith.outputs.guide import RENDERED  # noqa: PLC0415  takes time to load

    project = read_project(config, os.environ)
    done = compare_closely(project, today=today())
    errors = [*done.found.errors, *(error for each in done.releases for error in each.errors)]
    for error in dict.fromkeys(errors):
        show_error(error)
    if done.guide is not None:
        click.echo(RENDERED[form](done.guide.fragment, project.guide_release), nl=False)
        for switch in done.guide.switches:
            note(f"{switch} is true in the guide: the IG Publisher then replaces what owners of systems say")
    if errors:
        raise SystemExit(SourceError.exit_status)
