"""SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), as code hosts read it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from termsmith import __version__
from termsmith.model.finding import Severity
from termsmith.outputs.files import render_json

if TYPE_CHECKING:
    from termsmith.model.finding import Finding, Rule
    from termsmith.model.report import CheckReport

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFORMATION: "note"}


def render(report: CheckReport, fail_on: Severity) -> bytes:
    """Return the report as one SARIF run; excused findings are in it, suppressed with their reasons."""
    rules: dict[str, Rule] = {}
    told: list[tuple[str, Finding, str | None]] = []
    for source in report.sources:
        told += ((source.source, finding, None) for finding in source.findings)
        told += ((source.source, each.finding, each.reason) for each in source.excused)
    for _, finding, _ in told:
        rules.setdefault(finding.code, finding.rule)
    codes = sorted(rules)
    indexes = {code: index for index, code in enumerate(codes)}
    notifications = [
        {
            "level": "error",
            "message": {"text": f"{source.error.message} {source.error.hint}"},
            "descriptor": {"id": source.error.code},
        }
        for source in report.sources
        if source.error is not None
    ]
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "termsmith",
                "version": __version__,
                "rules": [_rule(rules[code]) for code in codes],
            }
        },
        "invocations": [
            {
                "executionSuccessful": not notifications,
                "exitCode": 2 if notifications else int(report.fails_on(fail_on)),
                **({"toolExecutionNotifications": notifications} if notifications else {}),
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": [_result(source, finding, reason, indexes) for source, finding, reason in told],
    }
    return render_json({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in "".join(_letters(rule.title)).split()),
        "shortDescription": {"text": rule.title},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        **({} if rule.spec is None else {"helpUri": rule.spec}),
    }


def _letters(title: str) -> list[str]:
    return [letter if letter.isalnum() else " " for letter in title]


def _result(source: str, finding: Finding, reason: str | None, indexes: dict[str, int]) -> dict[str, Any]:
    name, region = source, None
    if finding.place is not None:
        name = finding.place.source
        region = {"startLine": finding.place.line, "startColumn": finding.place.column}
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(name, safe="/._-~")},
            **({} if region is None else {"region": region}),
        }
    }
    if finding.element is not None:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.element, "kind": "element"}]
    print_of = "\0".join((finding.code, name, finding.pointer or "", finding.element or "", finding.message))
    return {
        "ruleId": finding.code,
        "ruleIndex": indexes[finding.code],
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message}. {finding.hint}"},
        "locations": [location],
        "partialFingerprints": {"termsmith/v1": hashlib.sha256(print_of.encode()).hexdigest()[:32]},
        **(
            {}
            if reason is None
            else {"suppressions": [{"kind": "external", "status": "accepted", "justification": reason}]}
        ),
    }
