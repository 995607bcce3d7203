from __future__ import annotations

import tomllib
from typing import Any

from validator import REVIEWED, judged

ROW = {"id": "MISSING", "resources": "R4/pages-*", "says": "version", "reason": "No page states it."}


def issue(severity: str, name: str = "MISSING", message: str = "no version") -> Any:
    return {
        "severity": severity,
        "id": name,
        "path": "CodeSystem",
        "line": 1,
        "column": 1,
        "message": message,
    }


def answers(file: str, *issues: Any) -> Any:
    return {file: {"default": list(issues), "publication": list(issues)}}


def test_a_warning_with_a_reason_is_counted_once() -> None:
    said = answers("R4/pages-x.json", issue("warning"))
    assert judged(said, [ROW]) == ([], [], [(1, "No page states it.")])


def test_a_warning_without_a_reason_is_told() -> None:
    for said in (
        answers("R5/pages-x.json", issue("warning")),
        answers("R4/pages-x.json", issue("warning", "OTHER")),
        answers("R4/pages-x.json", issue("warning", message="no title")),
    ):
        errors, unreviewed, counted = judged(said, [ROW])
        assert (errors, len(unreviewed), counted) == ([], 1, [(0, "No page states it.")])


def test_no_reason_makes_an_error_good() -> None:
    for severity in ("error", "fatal"):
        errors, unreviewed, _ = judged(answers("R4/pages-x.json", issue(severity)), [ROW])
        assert (errors, unreviewed) == (["R4/pages-x.json: CodeSystem: no version [MISSING]"], [])


def test_information_needs_no_reason() -> None:
    assert judged(answers("R4/pages-x.json", issue("information")), []) == ([], [], [])


def test_each_row_has_an_id_and_a_reason_of_its_own() -> None:
    rows = tomllib.loads(REVIEWED.read_text(encoding="utf-8"))["reviewed"]
    assert all(set(row) <= {"id", "resources", "says", "reason"} and row["id"] for row in rows)
    reasons = [row["reason"] for row in rows]
    assert len(set(reasons)) == len(reasons)
    assert all(reason.endswith(".") for reason in reasons)
