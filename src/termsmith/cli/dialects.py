"""`termsmith dialects`: the page layouts that are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from termsmith.cli.look import standard_output_look
from termsmith.cli.messages import counted
from termsmith.cli.options import FILE, complete_dialect, read_settings
from termsmith.dialects.loading import load_dialects
from termsmith.dialects.recognise import named
from termsmith.outputs.reports import dialect_text

if TYPE_CHECKING:
    from pathlib import Path

    from termsmith.dialects.table import Dialect


@click.group("dialects", invoke_without_command=True, subcommand_metavar="[COMMAND] [ARGS]...")
@click.option(
    "--config",
    type=FILE,
    metavar="FILE",
    help="Configuration that names your own tables.  [default: termsmith.toml of this folder, if any]",
)
@click.option(
    "--dialect-table",
    "tables",
    type=FILE,
    metavar="FILE",
    multiple=True,
    help="A table of your own, to be listed too; may be given several times.",
)
@click.pass_context
def command(ctx: click.Context, *, config: Path | None, tables: tuple[Path, ...]) -> None:
    """List the page layouts that are known.

    `termsmith dialects show ID` explains one of them.
    """
    dialects = load_dialects((*read_settings(config).dialect_tables, *tables))
    ctx.obj = dialects
    if ctx.invoked_subcommand is None:
        for line in _listed(dialects):
            click.echo(line)


@command.command()
@click.argument("dialect_id", metavar="ID", shell_complete=complete_dialect)
@click.pass_obj
def show(dialects: tuple[Dialect, ...], dialect_id: str) -> None:
    """Explain a dialect: its labels, what each becomes, and what counts as blank."""
    click.echo(dialect_text(named(dialect_id, dialects), standard_output_look()), nl=False)


def _listed(dialects: tuple[Dialect, ...]) -> list[str]:
    widest = max(len(dialect.id) for dialect in dialects)
    return [
        f"{each.id:<{widest}}  {each.title}  ({counted(len(each.labels), 'label')}, {each.origin})"
        for each in dialects
    ]
