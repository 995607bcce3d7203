"""FHIR OperationOutcome (https://hl7.org/fhir/R4/operationoutcome.html), valid in R4, R4B and R5."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from termsmith.outputs.files import render_json

if TYPE_CHECKING:
    from termsmith.errors import TermsmithError
    from termsmith.model.finding import Finding, Severity
    from termsmith.model.report import CheckReport

_LINE = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-line"
_COLUMN = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-col"
_SOURCE = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-source"
_ISSUE_TYPES = {
    "STR": "structure",
    "DTY": "value",
    "INV": "invariant",
    "NAR": "structure",
    "REL": "conflict",
    "CON": "code-invalid",
    "LIM": "informational",
    "DOC": "structure",
    "SRC": "not-found",
}
"""By family; all others are business rules."""


def render(report: CheckReport, fail_on: Severity) -> bytes:
    """Return one OperationOutcome for all sources; one issue says so where nothing was found."""
    del fail_on  # an outcome has severities, not failures
    issues = [_issue(finding) for source in report.sources for finding in source.findings]
    issues += [_error(source.source, source.error) for source in report.sources if source.error is not None]
    if not issues:
        text = {"text": "No findings."}
        issues = [{"severity": "information", "code": "informational", "details": text}]
    return render_json({"resourceType": "OperationOutcome", "issue": issues})


def _issue(finding: Finding) -> dict[str, Any]:
    place = finding.place
    extensions = []
    if place is not None:
        extensions = [
            {"url": _LINE, "valueInteger": place.line},
            {"url": _COLUMN, "valueInteger": place.column},
            {"url": _SOURCE, "valueString": place.source},
        ]
    return {
        **({"extension": extensions} if extensions else {}),
        "severity": finding.severity.value,
        "code": _ISSUE_TYPES.get(finding.code[:3], "business-rule"),
        "details": {
            "coding": [{"code": finding.code, "display": finding.rule.title}],
            "text": finding.message,
        },
        "diagnostics": finding.hint,
        **({} if finding.element is None else {"expression": [finding.element]}),
    }


def _error(source: str, error: TermsmithError) -> dict[str, Any]:
    return {
        "extension": [{"url": _SOURCE, "valueString": source}],
        "severity": "fatal",
        "code": "not-found",
        "details": {"coding": [{"code": error.code}], "text": error.message},
        "diagnostics": error.hint,
    }
