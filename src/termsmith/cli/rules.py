"""`termsmith rules`: what is checked, and why."""

from __future__ import annotations

import json
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import click

from termsmith.cli.messages import counted, say
from termsmith.cli.options import format_option
from termsmith.errors import UsageError
from termsmith.model.finding import Severity
from termsmith.rules import FAMILY_TITLES, STOPS, all_codes, checked_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_COLOURS = {
    Severity.ERROR.value: "red",
    Severity.WARNING.value: "yellow",
    Severity.INFORMATION.value: "cyan",
    STOPS: "red",
}
_WIDEST = len(Severity.INFORMATION.value)


def _complete_family(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    return [each for each in FAMILY_TITLES if each.startswith(incomplete.upper())]


def _complete_code(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    given = context.params.get("codes") or ()
    return [each for each in all_codes() if each.startswith(incomplete.upper()) and each not in given]


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
    """List all codes, or show one whole.

    Without a command, lists the kinds of findings, rules of `check` among them, and the errors that stop a
    command ("fatal"), each with severity and title.
    """
    if context.invoked_subcommand is not None:
        return
    selected = {
        code: facts
        for code, facts in all_codes().items()
        if family is None or code.startswith(family.upper())
    }
    if not selected:
        families = ", ".join(FAMILY_TITLES)
        raise UsageError("USE003", f"there is no family {family!r}", f"Families are {families}.")
    if format_name == "json":
        click.echo(json.dumps(list(selected.values()), ensure_ascii=False, indent=2))
        return
    before = ""
    for code, facts in selected.items():
        if code[:3] != before:
            before = code[:3]
            click.echo(click.style(f"{before}  {FAMILY_TITLES[before]}", bold=True))
        severity = facts["severity"]
        shown = severity if isinstance(severity, str) else severity[0].partition(":")[0]
        click.echo(f"  {code}  {click.style(shown.ljust(_WIDEST), fg=_COLOURS[shown])}  {facts['title']}")
    say(_counts(selected))


def _counts(selected: Mapping[str, Mapping[str, Any]]) -> str:
    rules = selected.keys() & {rule.code for rule in checked_rules()}
    errors = [code for code, facts in selected.items() if facts["severity"] == STOPS]
    findings = len(selected) - len(errors)
    kinds = counted(findings, "kind") + f" of findings, {len(rules):,} of them rules of `check`"
    return f"{kinds}; {counted(len(errors), 'error')}" if errors else kinds


@command.command("show")
@click.argument("codes", nargs=-1, required=True, metavar="CODE...", shell_complete=_complete_code)
@format_option("them")
def show(*, codes: tuple[str, ...], format_name: str) -> None:
    """Show everything about codes: wording, severities, where they come from."""
    selected = [_named(code) for code in codes]
    if format_name == "json":
        click.echo(json.dumps(selected, ensure_ascii=False, indent=2))
        return
    for number, facts in enumerate(selected):
        if number:
            click.echo("")
        _show(facts)


def _named(code: str) -> Mapping[str, Any]:
    known = all_codes()
    facts = known.get(code.upper())
    if facts is None:
        raise UsageError(
            "USE003", f"there is no code {code!r}", f"{_near(code, known)}`termsmith rules` lists all."
        )
    return facts


def _near(code: str, known: Iterable[str]) -> str:
    near = get_close_matches(code.upper(), known, n=1)
    return f"Perhaps {near[0]} is meant; " if near else ""


def _show(facts: Mapping[str, Any]) -> None:
    click.echo(click.style(f"{facts['code']}  {facts['title']}", bold=True))
    for name, value in facts.items():
        if name in {"code", "title"}:
            continue
        lines = value if isinstance(value, list) else value.split("\n")
        for number, line in enumerate(lines):
            label = click.style(name.ljust(12), dim=True) if number == 0 else " " * 12
            click.echo(f"  {label}{line}")
