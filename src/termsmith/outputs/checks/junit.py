"""JUnit's XML, as build servers read it: a suite for each source, a case for each resource."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from termsmith.model.finding import Severity

if TYPE_CHECKING:
    from termsmith.model.checked import CheckedSource
    from termsmith.model.finding import Finding
    from termsmith.model.report import CheckReport

_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 can't hold."""


def render(report: CheckReport, fail_on: Severity) -> bytes:
    """Return the report as XML; findings below ``fail_on`` stand in ``system-out``."""
    environment = Environment(
        loader=PackageLoader("termsmith.outputs", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    suites = [_suite(source, fail_on) for source in report.sources]
    text = environment.get_template("junit.xml.j2").render(suites=suites)
    return _FORBIDDEN.sub("\ufffd", text).encode("utf-8")


def _suite(source: CheckedSource, fail_on: Severity) -> dict[str, object]:
    order = list(Severity)
    failing = set(order[: order.index(fail_on) + 1])
    cases = []
    by_resource: dict[int | None, list[Finding]] = {}
    for finding in source.findings:
        by_resource.setdefault(_resource_of(finding, source), []).append(finding)
    for number, resource in enumerate(source.resources):
        name = f"{resource.type}/{resource.id or '?'}"
        cases.append(_case(name, by_resource.get(number, []), failing))
    if None in by_resource or not cases:
        cases.append(_case("file", by_resource.get(None, []), failing))
    return {
        "name": source.source,
        "cases": cases,
        "tests": len(cases),
        "failures": sum(bool(case["failures"]) for case in cases),
        "error": source.error,
    }


def _resource_of(finding: Finding, source: CheckedSource) -> int | None:
    """Return the number of the resource that a finding is about; nothing when it is about the file."""
    kind = (finding.element or "").partition(".")[0]
    for number, resource in enumerate(source.resources):
        inside = finding.pointer is not None and f"{finding.pointer}/".startswith(f"{resource.pointer}/")
        if inside and kind == resource.type:
            return number
    return None


def _case(name: str, findings: list[Finding], failing: set[Severity]) -> dict[str, object]:
    return {
        "name": name,
        "failures": [finding for finding in findings if finding.severity in failing],
        "notes": [finding for finding in findings if finding.severity not in failing],
    }
