"""An upload's report as JSON.

::

    {
      "format": "termsmith-upload-1",
      "ok": false,
      "server": "https://server.example/fhir",
      "fhirVersion": "4.0.1",
      "dryRun": true,
      "counts": {"new": 1, "changed": 1, "unchanged": 0, "failed": 0},
      "resources": [
        {
          "source": "out/CodeSystem-Tea.json",
          "type": "CodeSystem",
          "id": "Tea",
          "url": "http://tea.example/grades",
          "state": "changed",
          "location": "CodeSystem/Tea",
          "differences": [{"element": "concept", "sign": "changed", "detail": "2 new (a, b)"}],
          "findings": []
        }
      ],
      "findings": [{"about": "notes.txt", "finding": {"code": "SRV110", ...}}],
      "errors": [{"code": "SRC001", "message": "...", "hint": "..."}]
    }

What is absent is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from termsmith.outputs.files import render_json
from termsmith.outputs.manifest import error_json, finding_json
from termsmith.servers.report import STATES

if TYPE_CHECKING:
    from termsmith.servers.report import UploadedResource, UploadReport


def render_upload(report: UploadReport) -> bytes:
    """Return the report as JSON."""
    return render_json(
        {
            "format": "termsmith-upload-1",
            "ok": report.ok,
            "server": report.server,
            "fhirVersion": report.server_version,
            "dryRun": report.dry_run,
            "counts": {state: report.states[state] for state in STATES},
            "resources": [_resource(each) for each in report.resources],
            "findings": [
                {"about": about, "finding": finding_json(finding)} for about, finding in report.findings
            ],
            "errors": [error_json(error) for error in report.errors],
        }
    )


def _resource(uploaded: UploadedResource) -> dict[str, Any]:
    stated = {
        "source": uploaded.source,
        "type": uploaded.type,
        "id": uploaded.id,
        "url": uploaded.url,
        "state": uploaded.state,
        "location": uploaded.location,
    }
    return {name: value for name, value in stated.items() if value is not None} | {
        "differences": [
            {
                "element": each.element,
                "sign": each.sign.value,
                **({"detail": each.detail} if each.detail else {}),
            }
            for each in uploaded.differences
        ],
        "findings": [finding_json(finding) for finding in uploaded.findings],
    }
