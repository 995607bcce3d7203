"""Each format is valid by its own definition, tells everything, and is the same each time."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # has no types of its own
import pytest
from fhir.resources.operationoutcome import OperationOutcome
from fhir.resources.R4B.operationoutcome import OperationOutcome as OperationOutcomeR4B
from hypothesis import given
from lxml import etree  # type: ignore[import-untyped]  # has no types of its own

from outputs.checks.samples import EMPTY, REPORT, reports
from termsmith.model.finding import Severity
from termsmith.outputs.checks.formats import FORMATS, render

# From Microsoft's npm package @microsoft/sarif-multitool-linux 5.7.0 (MIT licence): OASIS' schema of SARIF 2.1.0.
SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0.json").read_text(encoding="utf-8"))
SARIF = jsonschema.Draft202012Validator(SCHEMA)


def rendered(name: str, report: Any = REPORT, fail_on: Severity = Severity.ERROR) -> Any:
    data = render(report, name, fail_on=fail_on)
    return etree.fromstring(data) if name == "junit" else json.loads(data)


@pytest.mark.parametrize("name", FORMATS)
@given(report=reports())
def test_the_same_report_gives_the_same_bytes(name: str, report: Any) -> None:
    data = render(report, name, fail_on=Severity.WARNING)
    assert data == render(report, name, fail_on=Severity.WARNING)
    assert data.decode("utf-8").endswith("\n") or (data == b"" and name == "github")


@given(report=reports())
def test_sarif_validates_against_the_schema_of_oasis(report: Any) -> None:
    SARIF.validate(rendered("sarif", report))


def test_sarif_validates_with_errors_of_sources_and_without_anything() -> None:
    for report in (REPORT, EMPTY):
        SARIF.validate(rendered("sarif", report))
    with pytest.raises(jsonschema.ValidationError):
        SARIF.validate({"version": "2.1.0"})


def test_sarif_tells_where_and_what() -> None:
    (run,) = rendered("sarif")["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["NAM001", "DTY060", "REL014", "DTY060"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["DTY060", "NAM001", "REL014"]
    first, *_, suppressed = run["results"]
    assert first["level"] == "error"
    physical = first["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"] == {"uri": "in/a%20b.json"}
    assert physical["region"] == {"startLine": 3, "startColumn": 7}
    assert suppressed["suppressions"][0]["justification"] == "the partner wants it"
    assert "suppressions" not in first
    assert run["invocations"][0]["exitCode"] == 2
    assert run["invocations"][0]["executionSuccessful"] is False


def test_fingerprints_tell_findings_apart() -> None:
    (run,) = rendered("sarif")["runs"]
    prints = [result["partialFingerprints"]["termsmith/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints)


@given(report=reports())
def test_an_operation_outcome_is_one_in_r5_and_r4b(report: Any) -> None:
    data = rendered("operation-outcome", report)
    for model in (OperationOutcome, OperationOutcomeR4B):
        assert len(model.model_validate(data).issue) == max(1, len(report.findings))


def test_an_operation_outcome_tells_where_and_what() -> None:
    issues = rendered("operation-outcome")["issue"]
    assert [issue["severity"] for issue in issues] == ["error", "warning", "information", "fatal"]
    assert issues[0]["expression"] == ["NamingSystem.uniqueId[0].value"]
    assert [each.get("valueInteger") for each in issues[0]["extension"]] == [3, 7, None]
    assert "expression" not in issues[2]
    assert rendered("operation-outcome", EMPTY)["issue"][0]["code"] == "informational"


@given(report=reports())
def test_junit_counts_what_it_holds(report: Any) -> None:
    root = rendered("junit", report, Severity.WARNING)
    assert root.tag == "testsuites"
    assert len(root.findall("testsuite")) == len(report.sources)
    for suite in root.findall("testsuite"):
        assert int(suite.get("tests")) == len(suite.findall("testcase"))
        failing = [case for case in suite.findall("testcase") if case.find("failure") is not None]
        assert int(suite.get("failures")) == len(failing)
    failures = root.findall(".//failure")
    assert len(failures) == sum(report.severities[each] for each in (Severity.ERROR, Severity.WARNING))


def test_junit_tells_what_fails_and_what_can_t_be_read() -> None:
    root = rendered("junit")
    assert [suite.get("name") for suite in root] == ["in/a b.json", "in/good.json", "in/gone.json"]
    (failure,) = root.findall(".//failure")
    assert "the OID is 'urn:oid:2.999'" in "".join(failure.itertext()) + (failure.get("message") or "")
    assert len(root.findall(".//error")) == 1


def test_github_escapes_what_would_end_a_property_or_a_line() -> None:
    lines = render(REPORT, "github", fail_on=Severity.ERROR).decode().splitlines()
    assert lines[0].startswith("::error file=in/a b.json,line=3,col=7,title=NAM001 OID with a prefix::")
    assert "50 %25 <of> it: a,b%0Ac::d" in lines[1]
    assert lines[2].startswith("::notice file=in/a b.json,title=")
    assert lines[3].startswith("::error file=in/gone.json,title=SRC001::")
    assert len(lines) == 4


@given(report=reports())
def test_github_has_one_line_for_each_finding(report: Any) -> None:
    lines = render(report, "github", fail_on=Severity.ERROR).decode().split("\n")
    assert len(lines) == len(report.findings) + 1
    assert all(re.match(r"::(error|warning|notice) file=", line) for line in lines[:-1])


def test_json_holds_everything() -> None:
    data = rendered("json")
    assert data["counts"] == {"error": 1, "warning": 1, "information": 1, "excused": 1}
    assert data["ok"] is False
    first, good, gone = data["sources"]
    assert first["findings"][0] == {
        "code": "NAM001",
        "severity": "error",
        "message": "the OID is 'urn:oid:2.999'",
        "hint": "Write '2.999'.",
        "place": {"source": "in/a b.json", "line": 3, "column": 7},
        "element": "NamingSystem.uniqueId[0].value",
        "pointer": "/uniqueId/0/value",
        "value": '"urn:oid:2.999"',
        "spec": "https://hl7.org/fhir/",
    }
    assert first["excused"][0]["reason"] == "the partner wants it"
    assert first["unchecked"] == ["Patient"]
    assert good["findings"] == []
    assert gone["error"]["code"] == "SRC001"


@pytest.mark.parametrize(("fail_on", "fails"), [("error", False), ("warning", True), ("information", True)])
def test_what_fails_is_said_by_who_asks(fail_on: str, fails: bool) -> None:  # noqa: FBT001  expected
    source = REPORT.sources[0]
    warned = type(REPORT)(sources=(type(source)(source="x.json", findings=source.findings[1:2]),))
    severity = Severity(fail_on)
    assert rendered("json", warned, severity)["ok"] is not fails
    assert rendered("sarif", warned, severity)["runs"][0]["invocations"][0]["exitCode"] == int(fails)
    assert bool(rendered("junit", warned, severity).findall(".//failure")) is fails
