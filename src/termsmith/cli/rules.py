"""`termsmith rules`: what is checked, and why."""

from __future__ import annotations

import json
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from termsmith.cli.messages import counted, say
from termsmith.cli.options import format_option
from termsmith.errors import UsageError
from termsmith.model.finding import Severity
from termsmith.rules import FAMILY_TITLES, all_rules, described, rules_by_code

if TYPE_CHECKING:
    from termsmith.model.finding import Rule

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFORMATION: "cyan"}
_WIDEST = len(Severity.INFORMATION.value)


def _complete_family(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    return [each for each in FAMILY_TITLES if each.startswith(incomplete.upper())]


def _complete_code(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    given = context.params.get("codes") or ()
    return [each for each in rules_by_code() if each.startswith(incomplete.upper()) and each not in given]


@click.group("rules", invoke_without_command=True, subcommand_metavar="[COMMAND] [ARGS]...")
@click.option(
    "--family",
    metavar="LETTERS",
    shell_complete=_complete_family,
    help="Only codes that begin so, such as NAM.",
)
@format_option("the list")
@click.pass_context
def command(context: click.Context, *, family: str | None, format_name: str) -> None:
    """List the rules, or show one whole.

    Without a command, lists all kinds of findings with severity and title.
    """
    if context.invoked_subcommand is not None:
        return
    selected = [rule for rule in all_rules() if family is None or rule.code.startswith(family.upper())]
    if not selected:
        families = ", ".join(FAMILY_TITLES)
        raise UsageError("USE003", f"there is no rule {family!r}", f"Families are {families}.")
    if format_name == "json":
        click.echo(json.dumps([described(rule) for rule in selected], ensure_ascii=False, indent=2))
        return
    before = ""
    for rule in selected:
        if rule.code[:3] != before:
            before = rule.code[:3]
            click.echo(click.style(f"{before}  {FAMILY_TITLES[before]}", bold=True))
        severity = click.style(rule.severity.value.ljust(_WIDEST), fg=_COLOURS[rule.severity])
        click.echo(f"  {rule.code}  {severity}  {rule.title}")
    say(counted(len(selected), "rule"))


@command.command("show")
@click.argument("codes", nargs=-1, required=True, metavar="CODE...", shell_complete=_complete_code)
@format_option("them")
def show(*, codes: tuple[str, ...], format_name: str) -> None:
    """Show everything about rules: wording, severities, where they come from."""
    selected = [_named(code) for code in codes]
    if format_name == "json":
        click.echo(json.dumps([described(rule) for rule in selected], ensure_ascii=False, indent=2))
        return
    for number, rule in enumerate(selected):
        if number:
            click.echo("")
        _show(rule)


def _named(code: str) -> Rule:
    by_code = rules_by_code()
    rule = by_code.get(code.upper())
    if rule is None:
        near = get_close_matches(code.upper(), by_code, n=1)
        meant = f"Perhaps {near[0]} is meant; " if near else ""
        raise UsageError("USE003", f"there is no rule {code!r}", f"{meant}`termsmith rules` lists all.")
    return rule


def _show(rule: Rule) -> None:
    facts = described(rule)
    click.echo(click.style(f"{rule.code}  {rule.title}", bold=True))
    for name, value in facts.items():
        if name in {"code", "title"}:
            continue
        lines = value if isinstance(value, list) else [value]
        for number, line in enumerate(lines):
            label = click.style(name.ljust(12), dim=True) if number == 0 else " " * 12
            click.echo(f"  {label}{line}")
