"""The `termsmith` command: a table of commands, each imported when it is used."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn, TextIO, cast

import click

from termsmith import __version__
from termsmith.cli.streams import Stream, is_dumb, open_closed_streams
from termsmith.collecting import collect_rarely
from termsmith.errors import OutputError, TermsmithError

if TYPE_CHECKING:
    from types import FrameType

COMMANDS = {
    "build": ("termsmith.cli.build", "Write all that the configuration of a project asks for."),
    "check": ("termsmith.cli.check", "Check NamingSystem and CodeSystem resources."),
    "completion": ("termsmith.cli.completion", "Print the completion script of a shell."),
    "convert": ("termsmith.cli.convert", "Write the resources that pages describe."),
    "dialects": ("termsmith.cli.dialects", "List the page layouts that are known."),
    "explain": ("termsmith.cli.explain", "Show where each value comes from."),
    "fetch": ("termsmith.cli.fetch", "Fetch pages from the system that they are written in."),
    "guide": ("termsmith.cli.guide", "Print what a guide has to say of the resources of a project."),
    "init": ("termsmith.cli.init", "Write a first termsmith.toml for a project."),
    "rules": ("termsmith.cli.rules", "List all codes, or show one whole."),
    "schema": ("termsmith.cli.schema", "Print the JSON Schema of a file that people write."),
    "upload": ("termsmith.cli.upload", "Send resources to a FHIR server."),
    "watch": (
        "termsmith.cli.watch",
        "Build whenever a page, a sidecar, a table or the configuration changes.",
    ),
}
"""Name of a command -> the module that has it as ``command``, and its first sentence of help.

Kept here so that `termsmith --help` imports no command; a test compares it with the commands.
"""

_INTERRUPTED = 130
_TERMINATED = 143
"""128 and the number of the signal, as shells have it."""


class LazyGroup(click.Group):
    """A group that imports a command when it is called, and words our errors."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's interface
        """Return the names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  as above
        """Import the command of a name."""
        if cmd_name not in COMMANDS:
            return None
        return cast("click.Command", import_module(COMMANDS[cmd_name][0]).command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what stops it becomes a message and an exit status, never a traceback."""
        try:
            return super().invoke(ctx)
        except TermsmithError as error:
            from termsmith.cli.messages import show_error  # noqa: PLC0415  not needed when all is well

            show_error(error)
            ctx.exit(error.exit_status)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(_INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001  a fault of ours; the user gets a message to pass on
            from termsmith.cli.messages import show_internal_error  # noqa: PLC0415

            show_internal_error(error)
            ctx.exit(TermsmithError.exit_status)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status: 0 fine, 1 findings of severity error, 2 wrong usage, an unreadable source or a "
    "result that can't be written, 130 interrupted.",
)
@click.version_option(__version__, prog_name="termsmith", message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Turn pages that describe terminologies into FHIR NamingSystem and CodeSystem resources."""
    if os.environ.get("NO_COLOR") or is_dumb():
        ctx.color = False


def main() -> NoReturn:
    """Run the command line of this process."""
    collect_rarely()
    open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        # A page's letters must not stop us where the terminal has no such letters.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    sys.stdout = cast("TextIO", Stream(sys.stdout, "standard output"))
    sys.stderr = cast("TextIO", Stream(sys.stderr, "standard error"))
    signal.signal(signal.SIGTERM, _terminate)
    try:
        cli(prog_name="termsmith")
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    except TermsmithError as error:  # from what click itself prints, or from the message that was to tell it
        from termsmith.cli.messages import show_error  # noqa: PLC0415  not needed when all is well

        with suppress(OutputError):  # standard error is full as well
            show_error(error)
        sys.exit(error.exit_status)
    sys.exit(0)


def _terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
    """Leave in an orderly way, so that temporary files are removed."""
    sys.exit(_TERMINATED)
