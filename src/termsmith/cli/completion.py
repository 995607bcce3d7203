"""`termsmith completion`: what a shell needs to complete our commands, options and dialects."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

_SHELLS = ("bash", "zsh", "fish")


@click.command(
    "completion",
    epilog='For bash, put this into ~/.bashrc: eval "$(termsmith completion bash)"; for zsh likewise into '
    "~/.zshrc; for fish: termsmith completion fish > ~/.config/fish/completions/termsmith.fish",
)
@click.argument("shell", type=click.Choice(_SHELLS))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a shell."""
    completion = get_completion_class(shell)
    if completion is None:  # pragma: no cover  click has all three
        ctx.fail(f"no completion for {shell}")
    click.echo(completion(ctx.find_root().command, {}, "termsmith", "_TERMSMITH_COMPLETE").source())
