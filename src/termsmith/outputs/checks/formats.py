"""All formats of a check's report: a table, so that each is imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from termsmith.model.finding import Severity
    from termsmith.model.report import CheckReport

FORMATS = {
    "json": "termsmith.outputs.checks.json_report",
    "operation-outcome": "termsmith.outputs.checks.operation_outcome",
    "sarif": "termsmith.outputs.checks.sarif",
    "junit": "termsmith.outputs.checks.junit",
    "github": "termsmith.outputs.checks.github",
}
"""Name of a format -> the module that renders it."""


def render(report: CheckReport, format_name: str, *, fail_on: Severity) -> bytes:
    """Return a report in one of `FORMATS`; the same report gives the same bytes.

    Args:
        report: What was found.
        format_name: One of `FORMATS`.
        fail_on: Severity from which on a finding is a failure, for formats that know failures.
    """
    module = import_module(FORMATS[format_name])
    return cast("Callable[[CheckReport, Severity], bytes]", module.render)(report, fail_on)
