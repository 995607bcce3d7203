"""Write docs/termsmith.1, the manual page, from the commands' own help: ``python tools/make_man_page.py``."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click

from termsmith import __version__
from termsmith.cli.main import COMMANDS, cli

PAGE = Path(__file__).parent.parent / "docs" / "termsmith.1"
STATUS = (
    ("0", "Fine; there may be warnings."),
    ("1", "A finding of severity error, or a check that found that something would change."),
    (
        "2",
        "Wrong usage, a wrong configuration or dialect table, or what can't be read or written.",
    ),
    ("130", "Interrupted."),
)
FILES = (
    ("termsmith.toml", "Configuration of a project."),
    ("termsmith.lock", "Files that builds of a project have written."),
    ("PAGE.toml", "Sidecar of a page: completes and corrects it."),
    ("PAGE.concepts.csv", "Code table of a page; also .tsv, .txt, .xlsx, .xlsm, .json and .xml."),
)


def page() -> str:
    """Return the manual page in roff."""
    context = click.Context(cli, info_name="termsmith")
    parts = [
        '.\\" Made by tools/make_man_page.py from the help of the commands.',
        f'.TH TERMSMITH 1 "" "termsmith {__version__}" "User Commands"',
        ".SH NAME",
        "termsmith \\- terminology pages in, FHIR NamingSystem and CodeSystem resources out",
        ".SH SYNOPSIS",
        ".B termsmith",
        ".I COMMAND",
        "[OPTIONS] [ARGS]",
        ".SH DESCRIPTION",
        _text(cli.help or ""),
        ".SH COMMANDS",
    ]
    for name, (module, _) in sorted(COMMANDS.items()):
        parts += _command(import_module(module).command, name, context)
    parts += [".SH EXIT STATUS", *(line for pair in STATUS for line in _item(*pair))]
    parts += [".SH FILES", *(line for pair in FILES for line in _item(*pair))]
    return "\n".join(parts) + "\n"


def _command(command: click.Command, name: str, parent: click.Context) -> list[str]:
    context = click.Context(command, info_name=name, parent=parent)
    usage = " ".join(command.collect_usage_pieces(context))
    parts = [f".SS {_text(f'termsmith {name} {usage}')}", _text(command.help or "")]
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None and isinstance(parameter, click.Option) and "--help" not in parameter.opts:
            parts += _item(*record)
    if command.epilog:
        parts += [".PP", _text(command.epilog)]
    if isinstance(command, click.Group):
        for sub in command.list_commands(context):
            below = command.get_command(context, sub)
            if below is not None:
                parts += _command(below, f"{name} {sub}", parent)
    return parts


def _item(term: str, text: str) -> list[str]:
    return [".TP", f".B {_text(term)}", _text(text)]


def _text(text: str) -> str:
    """Return text in roff: hyphens that stay hyphens, no line that is taken for a request."""
    lines = []
    for paragraph in text.replace("\b", "").strip().split("\n\n"):
        line = " ".join(paragraph.split()).replace("\\", "\\e").replace("-", "\\-")
        lines.append(f"\\&{line}" if line[:1] in {".", "'"} else line)
    return "\n.PP\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
