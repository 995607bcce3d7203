"""`termsmith schema`: JSON Schemas for editors."""

from __future__ import annotations

import click

from termsmith.schemas import SCHEMAS, schema_of


@click.command("schema", epilog="Editors with support for TOML complete keys and underline mistakes by it.")
@click.argument("name", type=click.Choice(SCHEMAS), metavar="config|sidecar")
def command(*, name: str) -> None:
    """Print the JSON Schema of a file that people write.

    config is termsmith.toml, sidecar the file beside a page.
    """
    from termsmith.outputs.files import render_json  # noqa: PLC0415  orjson

    click.echo(render_json(schema_of(name)), nl=False)
