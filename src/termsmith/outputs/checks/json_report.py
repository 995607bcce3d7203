"""Our own JSON, which holds everything.

::

    {
      "format": "termsmith-check-1",
      "ok": false,
      "counts": {"error": 1, "warning": 0, "information": 0, "excused": 0},
      "sources": [
        {
          "source": "tea.json",
          "resources": [{"type": "NamingSystem", "id": "tea", "pointer": "", "fhirVersion": "R5",
                         "versionReason": "recognised by NamingSystem.url"}],
          "findings": [{"code": "NAM001", "severity": "error", "message": "...", "hint": "...",
                        "element": "NamingSystem.uniqueId[0].value", "pointer": "/uniqueId/0/value",
                        "value": "...", "spec": "https://...",
                        "place": {"source": "tea.json", "line": 12, "column": 16}}],
          "excused": [{"reason": "...", "finding": {...}}],
          "unchecked": ["Patient"],
          "error": {"code": "SRC002", "message": "...", "hint": "..."}
        }
      ]
    }

What is absent is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from termsmith.model.finding import Severity
from termsmith.outputs.files import render_json
from termsmith.outputs.manifest import error_json, finding_json

if TYPE_CHECKING:
    from termsmith.model.checked import CheckedSource
    from termsmith.model.finding import Finding
    from termsmith.model.report import CheckReport


def render(report: CheckReport, fail_on: Severity) -> bytes:
    """Return the report as JSON."""
    counts = {severity.value: report.severities[severity] for severity in Severity}
    return render_json(
        {
            "format": "termsmith-check-1",
            "ok": not report.fails_on(fail_on),
            "counts": counts | {"excused": report.excused},
            "sources": [_source(source) for source in report.sources],
        }
    )


def _source(source: CheckedSource) -> dict[str, Any]:
    resources = [
        {
            "type": each.type,
            **({} if each.id is None else {"id": each.id}),
            "pointer": each.pointer,
            "fhirVersion": each.fhir_version,
            "versionReason": each.version_reason,
        }
        for each in source.resources
    ]
    excused = [{"reason": each.reason, "finding": finding_with_spec(each.finding)} for each in source.excused]
    return {
        "source": source.source,
        "resources": resources,
        "findings": [finding_with_spec(finding) for finding in source.findings],
        **({"excused": excused} if excused else {}),
        **({"unchecked": list(source.unchecked)} if source.unchecked else {}),
        **({} if source.error is None else {"error": error_json(source.error)}),
    }


def finding_with_spec(finding: Finding) -> dict[str, Any]:
    """Return a finding with all that is known of it."""
    made = finding_json(finding)
    if finding.pointer is not None:
        made["pointer"] = finding.pointer
    if finding.offending is not None:
        made["value"] = finding.offending
    if finding.rule.spec is not None:
        made["spec"] = finding.rule.spec
    return made
