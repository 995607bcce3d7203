"""Wording of findings and errors for people, on standard error."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from termsmith.errors import SettingsError
from termsmith.faults import internal_finding
from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from termsmith.errors import TermsmithError
    from termsmith.model.checked import Excused
    from termsmith.model.finding import Finding
    from termsmith.model.place import Place

_WORDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFORMATION: "note"}
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFORMATION: "cyan"}
_ESCAPES = {
    code: f"\\u{code:04x}"
    for code in (
        *range(0x20),
        *range(0x7F, 0xA0),
        0x061C,
        *range(0x200E, 0x2010),
        *range(0x2028, 0x202F),
        *range(0x2066, 0x206A),
    )
} | {ord("\n"): "\\n"}
"""Characters by which a page could steer the terminal, turn the text around, or begin a line of its own: what
stands at the beginning of one is a command to some that read logs, such as GitHub's ``::error::``."""
_SETTING = re.compile(r'\w+ = ".*"')
"""What a hint has lines for: they are to be copied into a file."""


class FindingPrinter:
    """Prints findings of the severities that were asked for."""

    def __init__(self, severities: Collection[Severity]) -> None:
        self._severities = severities

    def shows(self, severity: Severity) -> bool:
        """Tell whether findings of a severity are printed."""
        return severity in self._severities

    def selected(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return the findings that `show` would print."""
        return [finding for finding in findings if finding.severity in self._severities]

    def show(self, source: str, findings: Iterable[Finding]) -> None:
        """Print ``place: severity[CODE]: message``, and the hint below; the same hint in a row once."""
        selected = self.selected(findings)
        for number, finding in enumerate(selected, start=1):
            where = safe(source) if finding.place is None else place_text(finding.place)
            word = f"{_WORDS[finding.severity]}[{finding.code}]"
            say(f"{where}: {click.style(word, fg=_COLOURS[finding.severity])}: {safe(finding.message)}")
            if number == len(selected) or selected[number].hint != finding.hint:
                for line in hint_lines(finding.hint, "  "):
                    say(line)


def hint_lines(hint: str, indent: str) -> list[str]:
    """Return what to do next; lines that are to be copied into a file stay lines of their own."""
    first, *others = hint.split("\n")
    if not all(_SETTING.fullmatch(other) for other in others):
        first, others = hint, []
    return [
        click.style(line, dim=True)
        for line in (f"{indent}hint: {safe(first)}", *(f"{indent}  {safe(other)}" for other in others))
    ]


def place_text(place: Place) -> str:
    """Return ``path:line:column``, of which editors and terminals make links."""
    return f"{safe(place.source)}:{place.line}:{place.column}"


def say(text: str) -> None:
    """Print a line of ours on standard error."""
    click.echo(text, err=True)


def safe(text: str) -> str:
    """Return text from a page with the characters escaped that would steer a terminal."""
    return text.translate(_ESCAPES)


def note(text: str) -> None:
    """Print something that is worth knowing but no finding."""
    say(f"{click.style('note', fg='cyan')}: {safe(text)}")


def show_silenced(source: str, excused: Excused) -> None:
    """Print that nothing is written of a source, though the error that says so is excused."""
    note(f"{source}: nothing is written of it; its {excused.finding.code} is excused: {excused.reason}")


def excused_text(number: int) -> list[str]:
    """Return how many findings known exceptions cover, if there are any."""
    return [f"{number:,} excused"] if number else []


def show_error(error: TermsmithError) -> None:
    """Print what stops us, and what to do next; of a configuration each mistake in a line of its own."""
    message = "\n".join(map(safe, _mistakes(error)))
    say(f"{click.style(f'error[{error.code}]', fg='red')}: {message}")
    for line in hint_lines(error.hint, "  "):
        say(line)


def _mistakes(error: TermsmithError) -> list[str]:
    """Return the lines of a message: several where each begins with the same file."""
    lines = error.message.split("\n")
    file, colon, _ = lines[0].partition(":")
    same = isinstance(error, SettingsError) and all(line.startswith(f"{file}{colon}") for line in lines)
    return lines if same and file and colon else [error.message]


def show_internal_error(error: Exception) -> None:
    """Print a fault of ours as what it is."""
    finding = internal_finding(error)
    say(f"{click.style(f'error[{finding.code}]', fg='red')}: {safe(finding.message)}")
    say(click.style(f"  hint: {safe(finding.hint)}", dim=True))


def counted(number: int, word: str) -> str:
    """Return a number and its noun.

    >>> counted(1, "page"), counted(2, "page")
    ('1 page', '2 pages')
    """
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def severities_text(number: Mapping[Severity, int]) -> list[str]:
    """Return how many findings of each severity there are, the worst first."""
    return [
        click.style(counted(number[severity], word), fg=_COLOURS[severity])
        if number[severity]
        else f"0 {word}s"
        for severity, word in _WORDS.items()
    ]
