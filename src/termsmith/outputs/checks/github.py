"""Workflow commands, of which GitHub makes annotations beside the lines of a change.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from termsmith.model.finding import Finding
    from termsmith.model.report import CheckReport

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFORMATION: "notice"}
_CONTROL = {
    chr(code): f"\\u{code:04x}"
    for code in (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}
"""Characters of a file by which it could steer whoever reads the log, or turn its text around."""
_IN_MESSAGES = {**_CONTROL, "%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTIES = {**_IN_MESSAGES, ":": "%3A", ",": "%2C"}


def render(report: CheckReport, fail_on: Severity) -> bytes:
    """Return one command a line."""
    del fail_on  # annotations have severities, not failures
    lines = [_command(source.source, finding) for source in report.sources for finding in source.findings]
    lines += [
        _line("error", {"file": source.source, "title": source.error.code}, source.error.message)
        for source in report.sources
        if source.error is not None
    ]
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace")


def _command(source: str, finding: Finding) -> str:
    properties = {"file": source}
    if finding.place is not None:
        line, column = str(finding.place.line), str(finding.place.column)
        properties = {"file": finding.place.source, "line": line, "col": column}
    properties["title"] = f"{finding.code} {finding.rule.title}"
    element = "" if finding.element is None else f"{finding.element}: "
    return _line(_COMMANDS[finding.severity], properties, f"{element}{finding.message}\n{finding.hint}")


def _line(command: str, properties: dict[str, str], message: str) -> str:
    stated = ",".join(f"{key}={_escaped(value, _IN_PROPERTIES)}" for key, value in properties.items())
    return f"::{command} {stated}::{_escaped(message, _IN_MESSAGES)}"


def _escaped(text: str, table: dict[str, str]) -> str:
    return text.translate({ord(character): escape for character, escape in table.items()})
